/** A trial of an agent: a fresh copy of the example on a database, its records filed, reviewed without anything being done. */
import { randomBytes } from 'node:crypto';
import { mkdir, mkdtemp, readdir, readFile, writeFile } from 'node:fs/promises';
import { dirname, join, relative } from 'node:path';
import pino from 'pino';
import { housekeeping } from '../activities/housekeeping.ts';
import { rehearse } from '../activities/rehearse.ts';
import { loadOrganization } from '../adapters/files/organization.ts';
import type { Keys } from '../adapters/host/keys.ts';
import type { Workflows } from '../adapters/temporal/orchestrator.ts';
import { createApp, type App } from '../app.ts';
import type { ModelPort } from '../deliberate/ports.ts';
import type { Eval, Files, Handled } from '../kernel/evals.ts';
import { OrgId } from '../kernel/ids.ts';
import { EXAMPLE } from './runtime.ts';

/** An evaluation cannot be carried out as it is declared. */
export class EvalError extends Error {
  override readonly name = 'EvalError';
  constructor(
    readonly code: 'records_set_aside' | 'dataset_invalid' | 'no_workflows',
    message: string,
    options?: ErrorOptions,
  ) {
    super(message, options);
  }
}

export interface TrialParts {
  readonly databaseUrl: string;
  readonly keys: Keys;
  readonly model: ModelPort;
  readonly folder: string; // copies are made in it
  readonly signal: AbortSignal;
  onHandled(done: number, of: number): void;
}

export interface Tried {
  readonly handled: readonly Handled[];
  readonly records: number; // files that were filed
  readonly modelCalls: number;
}

/** Runs the task's solver on a copy of the example that was changed like this. @throws EvalError `records_set_aside` */
export async function tryOut(task: Eval, change: (example: Files) => Files, parts: TrialParts): Promise<Tried> {
  const { signal, onHandled } = parts;
  signal.throwIfAborted();
  const folder = await mkdtemp(join(parts.folder, 'trial-'));
  const ours = join(folder, 'organization');
  for (const [path, text] of change(await filesOf(EXAMPLE))) await write(join(ours, path), text);
  const organization = { ...(await loadOrganization(ours)), id: OrgId.parse(`eval-${randomBytes(6).toString('hex')}`) };
  const model = counted(parts.model);
  const { databaseUrl, keys } = parts;
  const log = pino({ level: 'silent' });
  const app = createApp({ databaseUrl, keys, temporal: noWorkflows, model, organization, folder: ours, dataDir: folder, log, now: Date.now });
  try {
    await app.load();
    const records = await fileAll(app, organization.id);
    const way = model.name === 'playbook' ? 'routine' : 'model';
    const review = () => rehearse(app.world, organization.id, { agent: task.agent, way, signal, onHandled });
    signal.throwIfAborted();
    const handled = await task.solver({ review });
    signal.throwIfAborted(); // a month that asks nothing does not look at it
    return { handled, records, modelCalls: model.calls() };
  } finally {
    await app.close();
  }
}

/** Every record of the copy, on file; a month that could not be read would look clean. */
async function fileAll(app: App, org: OrgId): Promise<number> {
  await housekeeping(app.world, org);
  const files = await app.world.store.tx(org, (tx) => app.world.papers.list(tx));
  const aside = files.filter(({ state }) => state !== 'filed');
  if (aside.length > 0 || files.length === 0) {
    const named = aside.map(({ name, reason }) => `\`${name}\`: ${reason}`).join('; ');
    throw new EvalError(
      'records_set_aside',
      `The records of the month were not filed: ${named || 'there are none'}. Mend them in examples/workshop or in the task.`,
    );
  }
  return files.length;
}

async function filesOf(folder: string): Promise<Files> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  const paths = entries.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name));
  return new Map(await Promise.all(paths.map(async (path): Promise<[string, string]> => [relative(folder, path), await readFile(path, 'utf8')])));
}

async function write(path: string, text: string): Promise<void> {
  await mkdir(dirname(path), { recursive: true });
  await writeFile(path, text);
}

/** The model, with a count of what it was asked. */
function counted(model: ModelPort): ModelPort & { calls(): number } {
  let calls = 0;
  return {
    name: model.name,
    model: model.model,
    address: model.address,
    next(request, signal) {
      calls += 1;
      return model.next(request, signal);
    },
    calls: () => calls,
  };
}

const none = (): Promise<never> =>
  Promise.reject(new EvalError('no_workflows', 'An evaluation judges what is proposed and does nothing; it starts no workflow.'));

/** There is no Temporal in a trial: the stages are called one after the other. */
const noWorkflows: Workflows = {
  wakeAction: none,
  wakeConversation: none,
  wakeAmendment: none,
  wakeUpkeep: none,
  startReview: none,
  scheduleReviews: none,
  reviewResult: none,
  answers: none,
};
