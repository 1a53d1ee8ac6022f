/**
 * Rules -> articles with their cases. The same rules on the same ground give the same text, so that what was ratified is what is read
 * again. A value that is not of its blank's kind, or names what is not there, is a problem, and nothing of the rule is an article.
 */
import type { CaseFile } from '../kernel/amendment.ts';
import { ArticleCase } from '../kernel/cases.ts';
import { orNear } from '../kernel/mistakes.ts';
import { ROLES } from '../kernel/nouns.ts';
import type { ParameterCard, Rule, TemplateCard } from '../kernel/rules.ts';
import { PARAMETERS, quoted, textOf, type Drafted, type DraftedCase, type ParameterName, type Template, type Values, WEEKDAYS } from '../kernel/template.ts';
import { choicesOf, filledIn, filling, type Ground } from './blanks.ts';

export interface MadeRule {
  readonly rule: Rule; // with its blanks as they are written alike everywhere
  readonly words: string;
  readonly text: string; // the article
  readonly cases: CaseFile;
}

export interface RuleProblem {
  readonly rule: string;
  readonly blank: string | null;
  readonly what: string;
}

export interface MadeRules {
  readonly made: readonly MadeRule[];
  readonly problems: readonly RuleProblem[];
}

/** The file of articles that rules come to; a bundle without rules has none. */
export const RULES_FILE = 'rules.cedar';
export const articleId = (rule: string): string => `rule.${rule}`;
export const rulesText = (made: readonly MadeRule[]): string =>
  [
    '// Made from the rules of the organization (rules.yaml) and the templates in constitution/templates; change the rules, not this.',
    ...made.map(({ text }) => text),
  ].join('\n\n');

export function makeRules(rules: readonly Rule[], templates: readonly Template[], ground: Ground): MadeRules {
  const each = rules.map((rule) => makeRule(rule, templates, ground));
  return {
    made: each.flatMap((one) => ('made' in one ? [one.made] : [])),
    problems: each.flatMap((one) => ('problems' in one ? one.problems : [])),
  };
}

function makeRule(rule: Rule, templates: readonly Template[], ground: Ground): { readonly made: MadeRule } | { readonly problems: readonly RuleProblem[] } {
  const template = templates.find(({ id }) => id === rule.template);
  const problem = (what: string, blank: string | null = null): RuleProblem => ({ rule: rule.id, blank, what });
  if (!template) {
    const among = templates.map(({ id }) => id);
    return { problems: [problem(`there is no template \`${rule.template}\`; ${orNear(rule.template, among)}.`)] };
  }
  const { values, written, problems } = filling(template.takes, rule.with, ground);
  if (problems.length > 0) return { problems: problems.map(({ blank, what }) => problem(what, blank)) };
  const drafted = template.draft(values);
  const unfit = unfitFor(drafted, values, ground);
  if (unfit !== undefined) return { problems: [problem(unfit)] };
  const words = wordsOf(template, values, ground);
  const filled: Rule = { ...rule, with: written };
  return { made: { rule: filled, words, text: articleOf(filled, words, drafted), cases: casesOf(filled, drafted) } };
}

/** What two blanks together cannot be. */
function unfitFor({ asks }: Drafted, { tool, from, until, weekdays }: Values, { tools }: Ground): string | undefined {
  if (asks && tool !== undefined && tools.find(({ name }) => name === tool)?.effect === 'read')
    return `\`${tool}\` reads, and a read does not wait for people; name one that acts.`;
  if (from !== undefined && until !== undefined && from >= until) return `it begins at ${from} and is over at ${until}; let it end after it begins.`;
  if (from === 0 && until === 24) return 'it is the whole day, and there is nothing outside; name fewer hours.';
  if (weekdays?.length === WEEKDAYS.length) return 'it names the whole week; take a template without days.';
  return undefined;
}

/** The sentence with its blanks filled. */
export const wordsOf = ({ title }: Pick<Template, 'title'>, values: Values, ground: Ground): string =>
  title.replace(/\{(\w+)\}/g, (_all, name: string) => filledIn(name, values, ground));

function articleOf({ id, observe, template }: Rule, words: string, { agent, action, when, asks, words: figures }: Drafted): string {
  const principal = agent === undefined ? 'principal' : `principal == Agent::${quoted(agent)}`;
  return [
    `@id(${quoted(articleId(id))}) @article(${quoted(id)}) @title(${quoted(words)}) @source(${quoted(`rules, ${template}`)})`,
    ...(figures === null ? [] : [`@words("${figures}")`]),
    ...(observe ? ['@mode("observe")'] : []),
    ...(asks === null
      ? []
      : [`@escalate("role:${asks.role}") @quorum("${asks.quorum}") @within("${asks.within}")${asks.sole === null ? '' : ` @sole("${asks.sole}")`}`]),
    `forbid (${principal}, action ${textOf(action)}, resource)`,
    ...(when === null ? [] : [`when { ${textOf(when)} }`]),
    ...(asks === null ? [] : [`unless { context.base.approvals.${asks.role} >= ${asks.quorum} }`]),
  ]
    .join('\n')
    .concat(';');
}

/** Each call that it catches is also tried with the word of those who may lift it, with one of them too few, and with the word of others. */
function casesOf({ id }: Rule, { asks, cases: { tool, agent, caught, free } }: Drafted): CaseFile {
  const made = (expect: 'permit' | 'deny' | 'escalate', one: DraftedCase, name = one.name, approvals?: Readonly<Record<string, number>>): ArticleCase => {
    const who = one.agent ?? agent;
    const base = approvals ? { base: { ...one.facts['base'], approvals } } : {};
    return ArticleCase.parse({
      article: articleId(id),
      name,
      tool: one.tool ?? tool,
      facts: { ...one.facts, ...base },
      expect,
      ...(who === undefined ? {} : { agent: who }),
    });
  };
  const lifted = (one: DraftedCase): ArticleCase[] => {
    if (asks === null) return [made('deny', one, `${one.name}, whoever approves`, Object.fromEntries(ROLES.map((role) => [role, 9])))];
    const others = Object.fromEntries(ROLES.filter((role) => role !== asks.role).map((role) => [role, 9]));
    return [
      made('permit', one, `${one.name}, with ${asks.quorum} of ${asks.role}`, { [asks.role]: asks.quorum }),
      made('escalate', one, `${one.name}, with one of ${asks.role} too few`, { ...others, [asks.role]: asks.quorum - 1 }),
    ];
  };
  const against = asks === null ? 'deny' : 'escalate';
  return {
    file: `rules.yaml, \`${id}\``,
    cases: [...caught.flatMap((one) => [made(against, one), ...lifted(one)]), ...free.map((one) => made('permit', one))],
    routine: {},
    alone: true,
  };
}

/** A template for a form. */
export const templateCard = ({ id, domain, title, says, takes }: Template, ground: Ground): TemplateCard => ({
  id,
  domain,
  title,
  says,
  parameters: takes.map((name) => parameterCard(name, takes.includes('role'), ground)),
});

/** @param asks people: a read waits for nobody */
function parameterCard(name: ParameterName, asks: boolean, ground: Ground): ParameterCard {
  const { kind, label, says, example, ...bounds } = PARAMETERS[name];
  const { min, max } = { min: null, max: null, ...bounds };
  const choices = choicesOf(name, asks ? { ...ground, tools: ground.tools.filter(({ effect }) => effect !== 'read') } : ground);
  const fits = kind === 'weekdays' || choices.length === 0 || choices.includes(example);
  const hint = kind === 'money' ? `in ${ground.currency}, such as ${example}` : says;
  return { name, kind, label, says: hint, example: fits ? example : (choices[0] ?? example), choices, min, max };
}
