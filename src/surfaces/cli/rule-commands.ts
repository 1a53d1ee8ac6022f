/** Commands about rules that owners make from templates, without Cedar. */
import type { Command } from 'commander';
import type { Outputs, RulePreview } from '../../client.ts';
import { PARAMETERS, PARAMETER_NAMES } from '../../kernel/template.ts';
import type { RuleChange, TemplateCard } from '../../kernel/rules.ts';
import { previewInWords, ruleLine } from '../rule-words.ts';
import { settled, shownAmendment } from './constitution-commands.ts';
import type { Call } from './human-commands.ts';
import { plain } from './render.ts';
import { EXIT, type Shared } from './shared.ts';

type Blanks = Readonly<Record<string, string | boolean | undefined>>;

export function ruleCommands(program: Command, shared: Shared, call: Call): void {
  const group = program.command('rules').description('rules of your own, made from templates: no Cedar is needed');
  listing(group, shared, call);
  changing(group, shared, call);
}

function listing(group: Command, { print }: Shared, call: Call): void {
  group
    .command('list')
    .description('the rules in force, in words, and those that are only a draft')
    .option('--cedar', 'with the articles that they are')
    .action(async ({ cedar }: { cedar?: boolean }) => {
      const now = await call('rules', {});
      const each = now.rules.flatMap((rule) => [
        `${rule.id.padEnd(24)} ${plain(ruleLine(rule))}`,
        ...(cedar ? rule.cedar.split('\n').map((line) => `    ${plain(line)}`) : []),
      ]);
      const none = ['There are no rules of your own yet. What there are templates for: npx charter rules templates'];
      const drafted = now.rules.some(({ stands }) => stands !== 'in force')
        ? ['To put the draft to the vote: npx charter constitution amend --reason "…" --as OWNER']
        : [];
      print(now, [...(each.length > 0 ? each : none), ...now.problems.map((problem) => `- ${plain(problem)}`), ...drafted].join('\n'));
    });
  group
    .command('templates [domain]')
    .description('what rules can be made of: a sentence with blanks, and what each blank takes')
    .action(async (domain: string | undefined) => {
      const all = (await call('rule_templates', {})).filter((one) => domain === undefined || one.domain === domain);
      print(all, all.length > 0 ? all.map(templateInWords).join('\n\n') : `There is no template for \`${domain ?? ''}\`: charter rules templates`);
    });
}

const flagOf = (name: string): string => `--${name}`;

function templateInWords({ id, title, says, parameters }: TemplateCard): string {
  const filled = parameters.map(({ name, example }) => `${flagOf(name)} ${example}`).join(' ');
  return [
    `${id}`,
    `  ${title}`,
    `  ${says}`,
    ...parameters.map(({ name, says: hint, choices, min, max }) => {
      const among = choices.length > 0 && choices.length <= 8 ? `: ${choices.join(', ')}` : min === null ? '' : `, ${min} to ${max ?? ''}`;
      return `  ${flagOf(name).padEnd(12)} ${hint}${among}`;
    }),
    `  npx charter rules preview ${id} ${filled}`,
  ].join('\n');
}

/** An option for each blank that any template has. */
function withBlanks(command: Command): Command {
  for (const name of PARAMETER_NAMES) command.option(`${flagOf(name)} <${name}>`, `${PARAMETERS[name].label}: ${PARAMETERS[name].says}`);
  return command.option('--observe', 'only try it out: what it would say is kept, and stands against nothing');
}

const blanksOf = (given: Blanks): Record<string, string> =>
  Object.fromEntries(PARAMETER_NAMES.flatMap((name) => (typeof given[name] === 'string' ? [[name, given[name]] as const] : [])));

const added = (template: string, given: Blanks): RuleChange => ({
  kind: 'add',
  rule: { template, with: blanksOf(given), observe: given['observe'] === true, ...(typeof given['id'] === 'string' ? { id: given['id'] } : {}) },
});

const REASON = 'why; with it the change is put to the owners’ vote at once';

function changing(group: Command, shared: Shared, call: Call): void {
  const done = (change: RuleChange, next: string) => looked(shared, call('rule_preview', { change }), next);
  const changed = (change: RuleChange, reason: string | undefined) => kept(shared, call, change, reason);
  withBlanks(group.command('preview <template>'))
    .description('a rule in words, and last month’s decisions that would have been others; nothing is kept')
    .action((template: string, given: Blanks) => done(added(template, given), `rules add ${template} ${optionsOf(given)}`));
  withBlanks(group.command('add <template>'))
    .description('a new rule in the draft; needs --as an owner')
    .option('--id <id>', 'its name; without it, the template’s')
    .option('--reason <text>', REASON)
    .action((template: string, given: Blanks) => changed(added(template, given), reasonOf(given)));
  withBlanks(group.command('change <id>'))
    .description('other values in the blanks of a rule; what is not named stays')
    .option('--enforce', 'no longer only tried out')
    .option('--reason <text>', REASON)
    .action(async (id: string, given: Blanks) => changed(await rewritten(call, id, given), reasonOf(given)));
  group
    .command('remove <id>')
    .description('takes a rule out of the draft; needs --as an owner')
    .option('--preview', 'only what it would change')
    .option('--reason <text>', REASON)
    .action((id: string, given: Blanks) => {
      const change: RuleChange = { kind: 'remove', id };
      return given['preview'] === true ? done(change, `rules remove ${id}`) : changed(change, reasonOf(given));
    });
}

/** As they were typed; what a shell would part stands in quotes. */
const optionsOf = (given: Blanks): string =>
  [
    ...Object.entries(blanksOf(given)).map(([name, value]) => `${flagOf(name)} ${/^[\w.,:-]+$/.test(value) ? value : `'${value.replaceAll("'", '’')}'`}`),
    ...(given['observe'] === true ? ['--observe'] : []),
  ].join(' ');

const reasonOf = ({ reason }: Blanks): string | undefined => (typeof reason === 'string' ? reason : undefined);

async function rewritten(call: Call, id: string, given: Blanks): Promise<RuleChange> {
  const before = (await call('rules', {})).rules.find((rule) => rule.id === id && rule.stands !== 'removed in the draft');
  const observe = given['observe'] === true || (given['enforce'] !== true && (before?.observe ?? false));
  return { kind: 'change', rule: { id, template: before?.template ?? id, with: { ...before?.with, ...blanksOf(given) }, observe } };
}

/** A replay of a month may take seconds. */
async function looked({ print, exit, tell }: Shared, preview: Promise<RulePreview>, next: string): Promise<void> {
  const late = setTimeout(() => tell('Judging last month’s decisions again …'), 2_000);
  const seen = await preview.finally(() => clearTimeout(late));
  const toType = `Nothing is changed yet. To put it to the vote: npx charter ${next} --reason "…" --as OWNER`;
  print(seen, [...previewInWords(seen), ...(seen.report.problems.length > 0 ? [] : [toType])].map(plain).join('\n'));
  exit(seen.report.problems.length > 0 ? EXIT.failed : EXIT.done);
}

async function kept(shared: Shared, call: Call, change: RuleChange, reason: string | undefined): Promise<void> {
  const { print, tell } = shared;
  const late = setTimeout(() => tell('Judging last month’s decisions again …'), 2_000);
  const done: Outputs['rule_change'] = await call('rule_change', { change, ...(reason === undefined ? {} : { reason }) }).finally(() => clearTimeout(late));
  const says = previewInWords(done).map(plain);
  if (done.amendment === null) {
    const next = 'It is a draft. To put it to the vote: npx charter constitution amend --reason "…" --as OWNER';
    return print(done, [...says, `${done.rule.id} is ${change.kind === 'remove' ? 'taken out of' : 'in'} rules.yaml. ${next}`].join('\n'));
  }
  tell(says.join('\n'));
  const amendment = await settled(call, done.amendment);
  shownAmendment({ ...shared, print: (_value, words) => print({ ...done, amendment }, words) }, amendment);
}
