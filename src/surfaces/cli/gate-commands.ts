/** What the gate would say of a call. */
import type { Command } from 'commander';
import { ClientError, inputs, type Input, type Outputs } from '../../client.ts';
import type { Verdict } from '../../kernel/nouns.ts';
import { ending } from '../../kernel/quorum.ts';
import { mistakes } from '../../kernel/mistakes.ts';
import { givenText } from './given-files.ts';
import type { Call } from './human-commands.ts';
import { observedInWords, plain } from './render.ts';
import { EXIT, type Shared } from './shared.ts';

const MOST_CALLS = 10_000; // of one batch
const EXITS = { permit: EXIT.done, deny: EXIT.denied, escalate: EXIT.waits } as const;

export function gateCommands(program: Command, { print, line, exit }: Shared, call: Call): void {
  program
    .command('gate')
    .description('what the gate would say')
    .command('check <file>')
    .description(
      'judge the call in a JSON file ({"agent", "tool", "args", "onBehalfOf"}), a read or a write, without making it; a file with a call on each line gets an answer on each line; - reads standard input',
    )
    .action(async (file: string) => {
      const calls = callsIn(file === '-' ? await readStandardInput() : givenText(file), file);
      const verdicts = new Set<Verdict>();
      for (const [n, given] of calls.entries()) {
        const judged = await call('gate_check', given);
        verdicts.add(judged.verdict);
        if (calls.length === 1) print(judged, told(judged));
        else line({ call: n + 1, ...judged }, `${n + 1}  ${given.tool}: ${told(judged)}`);
      }
      exit(EXITS[verdicts.has('deny') ? 'deny' : verdicts.has('escalate') ? 'escalate' : 'permit']);
    });
}

const told = ({ verdict, kind, why, articles, needs, observed, facts, lifts }: Outputs['gate_check']): string =>
  [
    `${verdict} (${kind})`,
    ...why.map((reason) => `- ${plain(reason)}`),
    ...articles.map(({ article, title, source }) => plain(`  ${article} ${title} (${source})`)),
    ...needs.map((need) => {
      const { role, quorum, everybody } = need;
      return `  needs ${everybody ? `everybody with the role ${role}, ${quorum} now` : `${quorum} with the role ${role}`}${ending(need) === 1 ? '' : `; ${ending(need)} declines end it`}`;
    }),
    ...lifts.map(({ role, people, until }) => plain(`  ${role}: ${people.join(', ') || 'nobody left'}; asked now, until ${until}`)),
    ...Object.entries(facts).map(([path, value]) => plain(`  ${path} = ${JSON.stringify(value)}`)),
    ...(observed ? ['only observed:', ...observedInWords(observed)] : []),
  ].join('\n');

/** One call, or one on each line. @throws ClientError `input_invalid` */
function callsIn(text: string, file: string): readonly Input<'gate_check'>[] {
  const whole = parsed(text);
  if ('value' in whole) return [callIn(whole.value, file)];
  const lines = text.split('\n').flatMap((line, n) => (line.trim() === '' ? [] : [{ line, place: `${file}:${n + 1}` }]));
  if (lines.length < 2) throw new ClientError('input_invalid', 2, `${file} is no JSON: ${whole.why}`);
  if (lines.length > MOST_CALLS) throw new ClientError('input_invalid', 2, `${file} holds ${lines.length} calls; a batch has ${MOST_CALLS} at most. Split it.`);
  return lines.map(({ line, place }) => {
    const one = parsed(line);
    if ('why' in one) throw new ClientError('input_invalid', 2, `${place} is no JSON: ${one.why}`);
    return callIn(one.value, place);
  });
}

function callIn(value: unknown, place: string): Input<'gate_check'> {
  const given = withDefaults(value);
  const read = inputs.gate_check.safeParse(given);
  if (!read.success) throw new ClientError('input_invalid', 2, `${place}: ${mistakes(inputs.gate_check, given, read.error).join('\n')}`);
  return read.data;
}

/** A call for nobody in particular need not say so. */
const withDefaults = (value: unknown): unknown => (typeof value === 'object' && !Array.isArray(value) ? { onBehalfOf: null, ...value } : value);

async function readStandardInput(): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of process.stdin) chunks.push(Buffer.from(chunk));
  return Buffer.concat(chunks).toString('utf8');
}

function parsed(text: string): { readonly value: unknown } | { readonly why: string } {
  try {
    return { value: JSON.parse(text) };
  } catch (error) {
    return { why: error instanceof Error ? error.message : '' };
  }
}
