/** Commands about runtimes that are not ours: what is handed on to them, what they may, and what they did. */
import { randomUUID } from 'node:crypto';
import { Option, type Command } from 'commander';
import { inputs, ClientError, type CallEvent, type Input, type Outputs } from '../../client.ts';
import { TIERS } from '../../kernel/delegation.ts';
import { mistakes } from '../../kernel/mistakes.ts';
import { moneyOf, show } from '../../kernel/money.ts';
import { instant } from '../../kernel/time.ts';
import type { Call } from './human-commands.ts';
import { plain, table } from './render.ts';
import { EXIT, type Shared } from './shared.ts';

interface Handing {
  readonly to: string;
  readonly task: string;
  readonly agent?: string;
  readonly tool?: readonly string[];
  readonly perCall?: string;
  readonly perDay?: string;
  readonly tier?: string;
  readonly hours: string;
}

const HOUR_MS = 3_600_000;
const collect = (value: string, before: readonly string[] = []): readonly string[] => [...before, value];

export function serviceCommands(program: Command, { print }: Shared, call: Call): void {
  const group = program.command('service').description('the gate for runtimes that are not ours');
  group
    .command('delegate')
    .description('hand a task on to an agent of another runtime, with fewer rights than one has oneself; needs --as, a person')
    .requiredOption('--to <name>', 'what the other runtime calls its agent: lower-case letters, digits, hyphens')
    .requiredOption('--task <words>', 'what is to be done; values in it are your word')
    .option('--agent <agent>', 'the ratified agent whose grants apply, if it is not called like --to')
    .option('--tool <tool>', 'a tool that it may use, again for each; all that the agent has without it', collect)
    .option('--per-call <amount>', 'the most that one call may move, such as 100.00')
    .option('--per-day <amount>', 'the most in a day')
    .addOption(new Option('--tier <tier>', 'how near a person is').choices([...TIERS]))
    .option('--hours <hours>', 'how long it holds, 720 at most', '8')
    .action(async (given: Handing) => {
      const { currency } = await call('service_terms', {});
      const made = await call('delegate', handing(given, currency));
      print(made, handedOn(made));
    });
  group
    .command('end <id>')
    .description('end a delegation, with all that was handed on from it, from the next call on')
    .action(async (id: string) => {
      const { ended } = await call('end_delegation', checked('end_delegation', { id }));
      print({ ended }, ended.length === 0 ? `\`${id}\` had ended before.` : `Ended: ${ended.join(', ')}.`);
    });
  group
    .command('terms')
    .description('how often other runtimes may call, and what they may read while the gate is away')
    .action(async () => {
      const terms = await call('service_terms', {});
      print(terms, inWords(terms));
    });
  group
    .command('events')
    .description('what was decided of calls, and calls that came to nothing, the newest first')
    .option('--person <person>', 'for whom')
    .option('--agent <agent>', 'ratified, or as the other runtime calls it')
    .option('--tool <tool>', 'of which tool')
    .addOption(new Option('--verdict <verdict>', 'none: made while the gate was away').choices(['permit', 'deny', 'escalate', 'none']))
    .addOption(new Option('--tier <tier>', 'how near a person was').choices([...TIERS]))
    .option('--trace <trace>', "the other runtime's own name for what it belongs to")
    .option('--limit <n>', 'how many at most', '20')
    .action(async ({ limit, ...filter }: Readonly<Record<string, string>>) => {
      const page = await call('call_events', checked('call_events', { ...filter, limit: Number(limit) }));
      print(page, page.events.length === 0 ? 'There are none.' : table(page.events.map(row)));
    });
}

function handing({ to, task, agent, tool, perCall, perDay, tier, hours }: Handing, currency: string): Input<'delegate'> {
  const money = (amount: string) => {
    if (/^\d+(\.\d{1,2})?$/.test(amount)) return moneyOf(amount, currency);
    throw new ClientError('input_invalid', EXIT.wrongUse, `\`${amount}\` is no amount; write one such as 100.00.`);
  };
  const hoursLong = Number(hours);
  if (!(hoursLong > 0 && hoursLong <= 720)) throw new ClientError('input_invalid', EXIT.wrongUse, `\`${hours}\` is no time; say hours, 720 at most.`);
  const limits = { ...(perCall === undefined ? {} : { perCall: money(perCall) }), ...(perDay === undefined ? {} : { perDay: money(perDay) }) };
  return checked('delegate', {
    key: randomUUID(),
    ...{ to, task, limits, expires: instant(Date.now() + hoursLong * HOUR_MS) },
    ...(agent === undefined ? {} : { agent }),
    ...(tool === undefined ? {} : { tools: tool }),
    ...(tier === undefined ? {} : { tier }),
  });
}

/** @throws ClientError `input_invalid` */
function checked<O extends 'delegate' | 'end_delegation' | 'call_events'>(operation: O, given: unknown): Input<O>;
function checked(operation: 'delegate' | 'end_delegation' | 'call_events', given: unknown): unknown {
  const parsed = inputs[operation].safeParse(given);
  if (parsed.success) return parsed.data;
  throw new ClientError('input_invalid', EXIT.wrongUse, mistakes(inputs[operation], given, parsed.error).join('\n'));
}

const handedOn = ({ id, person, chain, tools, limits, tier, expires, token, webhookSecret }: Outputs['delegate']): string =>
  [
    `\`${id}\`: ${chain.join(' -> ')} acts for ${person}, in tier ${tier}, until ${expires}.`,
    `  tools: ${tools?.join(', ') ?? 'all that the agent has'}; ${limits.perCall ? `${show(limits.perCall)} a call` : 'no limit of its own a call'}, ${limits.perDay ? `${show(limits.perDay)} a day` : 'none a day'}`,
    `  token, for the other runtime alone: ${token}`,
    `  secret that signs word of its actions: ${webhookSecret}`,
    `What it does: npx charter service events --agent ${chain.at(-1) ?? ''} --as ${person}`,
    `End it: npx charter service end ${id} --as ${person}`,
  ].join('\n');

const inWords = ({ failOpen, callsPerMinute: { person, tool, tools, tiers } }: Outputs['service_terms']): string =>
  [
    `Calls a minute: ${person} for one person, ${tool} of one tool${Object.entries(tools)
      .map(([name, most]) => `, ${most} of ${name}`)
      .join('')}.`,
    `By tier: ${TIERS.map((tier) => `${tier} ${tiers[tier]}`).join(', ')}.`,
    failOpen.length === 0 ? 'Nothing is read while the gate is away.' : `Read also while the gate is away, and sent in later: ${failOpen.join(', ')}.`,
    'Its owners say so in organization.yaml, under `service`; then: npx charter constitution ratify',
  ].join('\n');

const row = ({ at, verdict, tool, person, chain, tier, articles, reason }: CallEvent) => ({
  at,
  verdict,
  tool: plain(tool ?? '-'),
  for: person ?? '-',
  by: chain.join(' -> ') || '-',
  tier: tier ?? '-',
  why: plain(articles.join(', ') || reason || '-'),
});
