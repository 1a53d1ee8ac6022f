/** `charter eval`: agents against what was planted for them, and against what people here called wrong, where Charter runs. Changes nothing. */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Command } from 'commander';
import { ClientError } from '../../client.ts';
import type { CaseScore, Eval, KindScore } from '../../kernel/evals.ts';
import { nearest } from '../../kernel/nearest.ts';
import type { Evaluation, OwnCases } from '../../processes/evaluate.ts';
import { callApi, connectionOf } from './call.ts';
import { plain } from './render.ts';
import { EXIT, type Shared } from './shared.ts';

const INTERRUPTED = 130; // 128 and SIGINT, as shells say it

interface EvalOptions {
  readonly model: string;
  readonly out?: string;
}

export function evalCommand(program: Command, shared: Shared): void {
  const command = program
    .command('eval [agent]')
    .description(
      'what an agent makes of the facts that were planted for it, of a clean month, and of what people here called wrong; without a name, every agent',
    )
    .option('--model <model>', 'playbook, anthropic:NAME or openai:NAME; keys come from the environment', 'playbook')
    .option('--out <file>', 'write what came of it there as JSON too')
    .action((agent: string | undefined, options: EvalOptions) => run(shared, agent, options));
  suiteCommand(command, shared);
}

/** `--json` stands before its file, and is the program's own as well: what is printed is JSON, and the file is what follows. */
function suiteCommand(command: Command, { print }: Shared): void {
  command
    .command('tool-suite <dir> [out]')
    .usage('DIR [--manifest FILE] [--json OUT]')
    .description(
      'the recorded calls of a tool suite (tools.json, trajectories.jsonl, environment.json), each judged without being made; a line of JSON for each in OUT',
    )
    .option('--manifest <file>', 'what people say of some of its tools; the others are as drafted')
    .action(async (dir: string, out: string | undefined, { manifest }: { manifest?: string }) => {
      const { runSuite } = await import('../../processes/tool-suite.ts');
      const ran = await runSuite(dir, manifest, out ?? null);
      const { calls, permit, escalate, deny } = ran;
      print(ran, `${calls} calls: ${permit} permitted, ${escalate} for people to decide, ${deny} denied.${out === undefined ? '' : ` Each stands in ${out}.`}`);
    });
}

async function run(shared: Shared, agent: string | undefined, { model: named, out }: EvalOptions): Promise<void> {
  const [{ evals }, { evaluateAll }, { namedModel, ModelNameError }] = await Promise.all([
    import('../../processes/evals.ts'),
    import('../../processes/evaluate.ts'),
    import('../../processes/evals.ts'),
  ]);
  const tasks = chosen(evals, agent);
  const model = await namedModel(named, shared.env).catch((error: unknown) => {
    throw error instanceof ModelNameError ? new ClientError(error.code, EXIT.wrongUse, error.message) : error;
  });
  const stopping = new AbortController();
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, () => stopping.abort());
  const own = await ownCases(shared, agent);
  const results = await evaluateAll(tasks, model, stopping.signal, shared.tell, own).catch((error: unknown) => {
    if (stopping.signal.aborted) return undefined; // all is taken down by now
    throw error;
  });
  if (!results) {
    shared.exit(INTERRUPTED);
    return;
  }
  if (out !== undefined) writeFileSync(out, `${JSON.stringify(results, null, 2)}\n`);
  shared.print(results, results.map(table).join('\n\n'));
  if (results.some(({ holds }) => !holds)) shared.exit(EXIT.failed);
}

const NOT_THERE: readonly string[] = ['not_running', 'unreachable'];

/** What people here called wrong: known where Charter runs, and tried where its files lie. */
async function ownCases(shared: Shared, agent: string | undefined): Promise<OwnCases | undefined> {
  const connection = connectionOf(shared);
  const found = await callApi(connection, 'eval_cases', agent === undefined ? {} : { agent }).catch((error: unknown) => {
    if (error instanceof ClientError && NOT_THERE.includes(error.code)) return undefined;
    throw error;
  });
  if (!found) {
    shared.tell('What people called wrong is not tried: Charter is not running here. `npm start` starts it.');
    return undefined;
  }
  const { organization, cases, more } = found;
  const { organizationsHere } = await import('../../processes/holdings.ts');
  const folder = organizationsHere(connection.dataDir).find(({ id }) => id === organization)?.folder;
  if (folder === undefined) {
    shared.tell(`What people of \`${organization}\` called wrong is not tried: its files lie elsewhere. Run this where they lie.`);
    return undefined;
  }
  if (more) shared.tell(`Of what people called wrong the newest ${cases.length} are tried.`);
  return { files: { folder, inbox: join(connection.dataDir, 'inbox') }, cases };
}

/** @throws ClientError `not_found` with the nearest names */
function chosen(evals: readonly Eval[], agent: string | undefined): readonly Eval[] {
  const task = evals.filter((one) => agent === undefined || one.agent === agent);
  if (task.length > 0) return task;
  const names = evals.map((one) => String(one.agent));
  const near = nearest(agent ?? '', names);
  throw new ClientError('not_found', EXIT.wrongUse, `There is no evaluation \`${agent}\`. Did you mean ${(near.length > 0 ? near : names).join(', ')}?`);
}

function table({ agent, model, planted, kinds, modelCalls, clean, own, holds, ms }: Evaluation): string {
  const wide = Math.max(...kinds.map(({ drift }) => drift.length), 4);
  const row = (kind: string, ...cells: readonly string[]) => `  ${kind.padEnd(wide)}${cells.map((cell) => cell.padStart(10)).join('')}`;
  const share = (value: number) => value.toFixed(2);
  const counts = ({ drift, planted: facts, handled, right, precision, recall }: KindScore) =>
    row(drift, String(facts), String(handled), String(right), share(precision), share(recall));
  const wrong = kinds.flatMap(({ misses, alarms }) => [
    ...misses.map((one) => `  missed: ${plain(one)}`),
    ...alarms.map((one) => `  false alarm: ${plain(one)}`),
  ]);
  const calm = clean.alarms.length === 0 ? 'no false alarm' : `${clean.alarms.length} false alarms`;
  return [
    `${agent}, by ${model}: ${planted} planted facts, ${modelCalls} model calls, ${(ms / 1000).toFixed(1)} s`,
    row('kind', 'planted', 'seen', 'right', 'precision', 'recall'),
    ...kinds.map(counts),
    ...wrong,
    `  clean month (${clean.records} files): ${calm}, ${clean.modelCalls} model calls`,
    ...clean.alarms.map((one) => `  false alarm: ${plain(one)}`),
    ...ownLines(own),
    holds
      ? '  The bar holds.'
      : '  The bar does not hold: precision and recall are to be 1.00 for each kind, the clean month quiet, and nothing done again that was called wrong.',
  ].join('\n');
}

const HEEDED = new Map<boolean | null, string>([
  [true, 'heeded'],
  [false, 'done again'],
  [null, 'not tried'],
]);

function ownLines(own: readonly CaseScore[]): readonly string[] {
  if (own.length === 0) return [];
  const kept = own.filter(({ holds }) => holds).length;
  return [
    `  called wrong here: ${kept} of ${own.length} heeded`,
    ...own.map(({ drift, subject, holds, says }) => `  ${HEEDED.get(holds)}: ${drift}/${plain(subject)}: ${plain(says)}`),
  ];
}
