/** A trial of an agent: a fresh copy of the example on a database, its records filed, reviewed without anything being done. */
import { randomBytes } from 'node:crypto';
import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, readdir, readFile, writeFile } from 'node:fs/promises';
import { dirname, join, relative, sep } from 'node:path';
import pino from 'pino';
import { housekeeping } from '../activities/housekeeping.ts';
import { rehearse, type Rehearsal } from '../activities/rehearse.ts';
import { loadOrganization, type Organization } from '../adapters/files/organization.ts';
import type { Keys } from '../adapters/host/keys.ts';
import type { Workflows } from '../adapters/temporal/orchestrator.ts';
import { createApp, type App } from '../app.ts';
import type { ModelPort } from '../deliberate/ports.ts';
import { digestBytes } from '../kernel/digest.ts';
import type { Eval, Files, Handled, OwnCase } from '../kernel/evals.ts';
import { OrgId } from '../kernel/ids.ts';
import { millis } from '../kernel/time.ts';
import { EXAMPLE } from './runtime.ts';

/** An evaluation cannot be carried out as it is declared. */
export class EvalError extends Error {
  override readonly name = 'EvalError';
  constructor(
    readonly code: 'records_set_aside' | 'records_gone' | 'dataset_invalid' | 'no_workflows',
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
  parts.signal.throwIfAborted();
  const folder = await mkdtemp(join(parts.folder, 'trial-'));
  for (const [path, text] of change(await filesOf(EXAMPLE))) await write(join(folder, ORGANIZATION, path), text);
  return trying(
    folder,
    (organization) => organization,
    Date.now,
    parts,
    async (review) => task.solver({ review: () => review({ agent: task.agent }) }),
  );
}

/** An organization's own files, as they are now, and where its records lie. */
export interface OwnFiles {
  readonly folder: string;
  readonly inbox: string; // of its data directory: records that were handed in
}

/**
 * What an agent makes of the drifts of its own cases of one moment: on a copy of the organization with the records that were on file then,
 * on the business clock of then. What calls changed since its first records is not there.
 * @throws EvalError `records_set_aside`, `records_gone`
 */
export async function tryOwn(cases: readonly OwnCase[], own: OwnFiles, parts: TrialParts): Promise<Tried> {
  const [first] = cases;
  if (!first) throw new TypeError('There is no case to try.');
  parts.signal.throwIfAborted();
  const folder = await mkdtemp(join(parts.folder, 'own-'));
  await copyOwn(own, folder, new Set(first.files));
  const [then, begun] = [millis(first.business), Date.now()];
  const wanted = new Set(cases.map(({ drift }) => `${drift.reconciler}/${drift.subject}`));
  return trying(
    folder,
    ({ clock: _own, ...organization }) => ({ ...organization, example: true }), // nobody votes in a trial; its clock is set to then
    () => then + Date.now() - begun,
    parts,
    (review) => review({ agent: first.agent, about: ({ key }) => wanted.has(key) }),
  );
}

/** The files that declare, and of the records those that were on file. */
async function copyOwn({ folder: from, inbox }: OwnFiles, to: string, files: ReadonlySet<string>): Promise<void> {
  const left = new Set(files);
  const copy = async (source: string, target: string, kept: (path: string) => boolean): Promise<void> => {
    for (const path of await pathsIn(source)) {
      const bytes = await readFile(join(source, path));
      const digest = digestBytes(bytes);
      if (kept(path) || left.delete(digest)) await write(join(to, target, path), bytes);
    }
  };
  await copy(from, ORGANIZATION, (path) => !path.startsWith(`records${sep}`));
  await copy(inbox, 'inbox', () => false);
  if (left.size > 0)
    throw new EvalError('records_gone', `${left.size} of the ${files.size} records that were on file then are gone from \`${from}\` and \`${inbox}\`.`);
}

const ORGANIZATION = 'organization'; // within the trial's own folder

type Review = (of: Pick<Rehearsal, 'agent' | 'about'>) => Promise<readonly Handled[]>;

/** An app on the copy that lies in this folder, with its records on file. */
async function trying(
  folder: string,
  change: (organization: Organization) => Organization,
  now: () => number,
  parts: TrialParts,
  solve: (review: Review) => Promise<readonly Handled[]>,
): Promise<Tried> {
  const { signal, onHandled, databaseUrl, keys } = parts;
  const ours = join(folder, ORGANIZATION);
  const organization = { ...change(await loadOrganization(ours)), id: OrgId.parse(`eval-${randomBytes(6).toString('hex')}`) };
  const model = counted(parts.model);
  const log = pino({ level: 'silent' });
  const app = createApp({ databaseUrl, keys, temporal: noWorkflows, model, organization, folder: ours, dataDir: folder, log, now });
  try {
    await app.load();
    const records = await fileAll(app, organization.id);
    const way = model.name === 'playbook' ? 'routine' : 'model';
    signal.throwIfAborted();
    const handled = await solve((of) => rehearse(app.world, organization.id, { ...of, way, signal, onHandled }));
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

const filesOf = async (folder: string): Promise<Files> =>
  new Map(await Promise.all((await pathsIn(folder)).map(async (path): Promise<[string, string]> => [path, await readFile(join(folder, path), 'utf8')])));

async function pathsIn(folder: string): Promise<readonly string[]> {
  if (!existsSync(folder)) return [];
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  return entries.filter((entry) => entry.isFile()).map((entry) => relative(folder, join(entry.parentPath, entry.name)));
}

async function write(path: string, content: string | Uint8Array): Promise<void> {
  await mkdir(dirname(path), { recursive: true });
  await writeFile(path, content);
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
  wakeRollback: none,
  wakeUpkeep: none,
  startReview: none,
  scheduleReviews: none,
  reviewResult: none,
  answers: none,
};
