/** What the gate would say of a call. */
import type { Command } from 'commander';
import { ClientError, inputs, type Input, type Outputs } from '../../client.ts';
import { ending } from '../../kernel/quorum.ts';
import { mistakes } from '../../kernel/mistakes.ts';
import { givenText } from './given-files.ts';
import type { Call } from './human-commands.ts';
import { observedInWords, plain } from './render.ts';
import { EXIT, type Shared } from './shared.ts';

export function gateCommands(program: Command, { print, exit }: Shared, call: Call): void {
  program
    .command('gate')
    .description('what the gate would say')
    .command('check <file>')
    .description('judge the call in a JSON file ({"agent", "tool", "args", "onBehalfOf"}), a read or a write, without making it; - reads standard input')
    .action(async (file: string) => {
      const judged = await call('gate_check', callIn(file === '-' ? await readStandardInput() : givenText(file), file));
      print(judged, told(judged));
      exit({ permit: EXIT.done, deny: EXIT.denied, escalate: EXIT.waits }[judged.verdict]);
    });
}

const told = ({ verdict, kind, why, articles, needs, observed }: Outputs['gate_check']): string =>
  [
    `${verdict} (${kind})`,
    ...why.map((reason) => `- ${plain(reason)}`),
    ...articles.map(({ article, title, source }) => plain(`  ${article} ${title} (${source})`)),
    ...needs.map((need) => {
      const { role, quorum, everybody } = need;
      return `  needs ${everybody ? `everybody with the role ${role}, ${quorum} now` : `${quorum} with the role ${role}`}${ending(need) === 1 ? '' : `; ${ending(need)} declines end it`}`;
    }),
    ...(observed ? ['only observed:', ...observedInWords(observed)] : []),
  ].join('\n');

/** @throws ClientError `input_invalid` */
function callIn(text: string, file: string): Input<'gate_check'> {
  const given = withDefaults(parseJson(text, file));
  const parsed = inputs.gate_check.safeParse(given);
  if (!parsed.success) throw new ClientError('input_invalid', 2, `${file}: ${mistakes(inputs.gate_check, given, parsed.error).join('\n')}`);
  return parsed.data;
}

/** A call for nobody in particular need not say so. */
const withDefaults = (value: unknown): unknown => (typeof value === 'object' && !Array.isArray(value) ? { onBehalfOf: null, ...value } : value);

async function readStandardInput(): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of process.stdin) chunks.push(Buffer.from(chunk));
  return Buffer.concat(chunks).toString('utf8');
}

function parseJson(text: string, file: string): unknown {
  try {
    return JSON.parse(text);
  } catch (cause) {
    throw new ClientError('input_invalid', 2, `${file} is no JSON: ${cause instanceof Error ? cause.message : ''}`, { cause });
  }
}
