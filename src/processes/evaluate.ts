/** `charter eval`: an agent against its dataset, and a clean month, on a PostgreSQL that is there for this alone. */
import { chmodSync, mkdtempSync, rmSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { z } from 'zod';
import { loadKeys } from '../adapters/host/keys.ts';
import { startPostgres } from '../adapters/host/postgres.ts';
import { migrate } from '../adapters/postgres/migrate.ts';
import type { ModelPort } from '../deliberate/ports.ts';
import { perfect } from '../evaluate/score.ts';
import { Dataset, type Eval, type KindScore } from '../kernel/evals.ts';
import { EvalError, tryOut, type TrialParts } from './trial.ts';

export interface Evaluation {
  readonly agent: string;
  readonly model: string;
  readonly planted: number; // facts in the dataset, those too that ask for nothing
  readonly kinds: readonly KindScore[];
  readonly modelCalls: number;
  readonly clean: { readonly records: number; readonly alarms: readonly string[]; readonly modelCalls: number };
  readonly holds: boolean; // precision and recall 1 for each kind; in the clean month no alarm, and no call of the model
  readonly ms: number;
}

export type EvaluationParts = Omit<TrialParts, 'onHandled'> & { readonly progress: (words: string) => void };

/** @throws EvalError `dataset_invalid`, `records_set_aside` */
export async function evaluate(task: Eval, { progress, ...parts }: EvaluationParts): Promise<Evaluation> {
  const begun = performance.now();
  const dataset = await datasetOf(task);
  const hear = (month: string) => (done: number, of: number) => progress(`${task.agent}: ${month}, ${done} of ${of}`);
  const tried = await tryOut(task, task.plant ?? ((same) => same), { ...parts, onHandled: hear('what is planted') });
  progress(`${task.agent}: the clean month`);
  const calm = await tryOut(task, task.clean, { ...parts, onHandled: hear('the clean month') });
  const kinds = task.scorer(dataset, tried.handled);
  const alarms = task.scorer([], calm.handled).flatMap((kind) => kind.alarms.map((alarm) => `${kind.drift}/${alarm}`));
  return {
    agent: task.agent,
    model: parts.model.model,
    planted: dataset.length,
    kinds,
    modelCalls: tried.modelCalls,
    clean: { records: calm.records, alarms, modelCalls: calm.modelCalls },
    holds: perfect(kinds) && alarms.length === 0 && calm.modelCalls === 0,
    ms: Math.round(performance.now() - begun),
  };
}

export async function datasetOf({ dataset }: Eval): Promise<Dataset> {
  const parsed = Dataset.safeParse(JSON.parse(await readFile(dataset, 'utf8')));
  if (!parsed.success) throw new EvalError('dataset_invalid', `\`${fileURLToPath(dataset)}\` is no dataset:\n${z.prettifyError(parsed.error)}`);
  return parsed.data;
}

/** Runs work on a PostgreSQL in a new folder, and takes both away again whatever comes. */
export async function onOwnPostgres<T>(
  progress: (words: string) => void,
  work: (own: Pick<TrialParts, 'databaseUrl' | 'keys' | 'folder'>) => Promise<T>,
): Promise<T> {
  const folder = mkdtempSync(join(tmpdir(), 'charter-eval-'));
  try {
    chmodSync(folder, 0o755); // PostgreSQL's own user passes through
    progress('PostgreSQL');
    const keys = loadKeys(folder);
    const postgres = await startPostgres(folder, undefined);
    try {
      await migrate(postgres.ownerUrl);
      return await work({ databaseUrl: postgres.appUrl, keys, folder });
    } finally {
      await postgres.stop();
    }
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** @param tasks in this order @returns what came of each */
export const evaluateAll = (tasks: readonly Eval[], model: ModelPort, signal: AbortSignal, progress: (words: string) => void): Promise<readonly Evaluation[]> =>
  onOwnPostgres(progress, async (own) => {
    const made: Evaluation[] = [];
    for (const task of tasks) {
      signal.throwIfAborted();
      made.push(await evaluate(task, { ...own, model, signal, progress }));
    }
    return made;
  });
