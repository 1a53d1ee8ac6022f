/** `charter eval`: an agent against its dataset, and a clean month, on a PostgreSQL that is there for this alone. */
import { chmodSync, mkdtempSync, rmSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { z } from 'zod';
import { OrganizationError } from '../adapters/files/organization.ts';
import { loadKeys } from '../adapters/host/keys.ts';
import { startPostgres } from '../adapters/host/postgres.ts';
import { migrate } from '../adapters/postgres/migrate.ts';
import type { ModelPort } from '../deliberate/ports.ts';
import { heeded } from '../evaluate/own.ts';
import { perfect } from '../evaluate/score.ts';
import { digest } from '../kernel/digest.ts';
import { Dataset, type CaseScore, type Eval, type KindScore, type OwnCase } from '../kernel/evals.ts';
import { EvalError, tryOut, tryOwn, type OwnFiles, type TrialParts } from './trial.ts';

export interface Evaluation {
  readonly agent: string;
  readonly model: string;
  readonly planted: number; // facts in the dataset, those too that ask for nothing
  readonly kinds: readonly KindScore[];
  readonly modelCalls: number;
  readonly clean: { readonly records: number; readonly alarms: readonly string[]; readonly modelCalls: number };
  readonly own: readonly CaseScore[]; // what people here called wrong
  readonly holds: boolean; // precision and recall 1 for each kind; in the clean month no alarm, and no call of the model; of the own cases none done again
  readonly ms: number;
}

export type EvaluationParts = Omit<TrialParts, 'onHandled'> & { readonly progress: (words: string) => void };

/** What people of one organization called wrong, with the files that it is tried on. */
export interface OwnCases {
  readonly files: OwnFiles;
  readonly cases: readonly OwnCase[];
}

/** @throws EvalError `dataset_invalid`, `records_set_aside` */
export async function evaluate(task: Eval, { progress, ...parts }: EvaluationParts, theirs?: OwnCases): Promise<Evaluation> {
  const begun = performance.now();
  const dataset = await datasetOf(task);
  const hear = (month: string) => (done: number, of: number) => progress(`${task.agent}: ${month}, ${done} of ${of}`);
  const tried = await tryOut(task, task.plant ?? ((same) => same), { ...parts, onHandled: hear('what is planted') });
  progress(`${task.agent}: the clean month`);
  const calm = await tryOut(task, task.clean, { ...parts, onHandled: hear('the clean month') });
  const own = theirs ? await ownScores(task, theirs, { ...parts, onHandled: hear('what was called wrong') }) : [];
  const kinds = task.scorer(dataset, tried.handled);
  const alarms = task.scorer([], calm.handled).flatMap((kind) => kind.alarms.map((alarm) => `${kind.drift}/${alarm}`));
  return {
    agent: task.agent,
    model: parts.model.model,
    planted: dataset.length,
    kinds,
    modelCalls: tried.modelCalls,
    clean: { records: calm.records, alarms, modelCalls: calm.modelCalls },
    own,
    holds: perfect(kinds) && alarms.length === 0 && calm.modelCalls === 0 && own.every(({ holds }) => holds !== false),
    ms: Math.round(performance.now() - begun),
  };
}

/** Cases of one moment are tried together. One that cannot be tried says why. */
export async function ownScores({ agent }: Eval, { files, cases }: OwnCases, parts: TrialParts): Promise<readonly CaseScore[]> {
  const moments = new Map<string, OwnCase[]>();
  for (const one of cases.filter((each) => each.agent === agent)) {
    const moment = `${one.business} ${digest(one.files)}`;
    moments.set(moment, [...(moments.get(moment) ?? []), one]);
  }
  const scores: CaseScore[] = [];
  for (const together of moments.values()) {
    try {
      const { handled } = await tryOwn(together, files, parts);
      scores.push(...together.map((one) => heeded(one, handled)));
    } catch (error) {
      if (!(error instanceof EvalError) && !(error instanceof OrganizationError)) throw error;
      scores.push(...together.map(({ id, drift }) => ({ id, drift: drift.reconciler, subject: drift.subject, holds: null, says: error.message })));
    }
  }
  return scores;
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

/** @param tasks in this order @param theirs what people called wrong, of whichever agents @returns what came of each */
export const evaluateAll = (
  tasks: readonly Eval[],
  model: ModelPort,
  signal: AbortSignal,
  progress: (words: string) => void,
  theirs?: OwnCases,
): Promise<readonly Evaluation[]> =>
  onOwnPostgres(progress, async (own) => {
    const made: Evaluation[] = [];
    for (const task of tasks) {
      signal.throwIfAborted();
      made.push(await evaluate(task, { ...own, model, signal, progress }, theirs));
    }
    return made;
  });
