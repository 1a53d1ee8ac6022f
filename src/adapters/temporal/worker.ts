/** Temporal's worker side: the bundle of the workflows, and the workers that run them. */
import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { mkdir, readdir, readFile, rename } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { Context } from '@temporalio/activity';
import type { DataConverter } from '@temporalio/common';
import { Worker, type ActivityInterceptorsFactory, type NativeConnection } from '@temporalio/worker';
import type { Activities } from '../../activities/activities.ts';
import { MODEL_QUEUE, TASK_QUEUE } from './orchestrator.ts';

const WORKFLOWS = fileURLToPath(new URL('../../../workflows', import.meta.url));
const BUNDLER = fileURLToPath(new URL('./bundle-process.mjs', import.meta.url));
const CONVERTER = fileURLToPath(new URL('./failure-converter.cjs', import.meta.url));

/** The signal that aborts the running activity; outside of one, a signal that never does. */
export const activitySignal = (): AbortSignal => Context.current().cancellationSignal;

const BEAT_MS = 2_000; // a third and less of the heartbeat timeout that the workflows set: a killed worker's work goes on within seconds

const TELL_AFTER = 5; // tries: about half a minute, longer than a restart of the database takes

/** A stage that keeps failing is told to people; it is tried on all the same. */
const telling =
  (stalled: Stalled): ActivityInterceptorsFactory =>
  ({ info, cancellationSignal }) => ({
    inbound: {
      async execute(input, next) {
        const [org, subject] = input.args;
        const of = { org: String(org), stage: info.activityType, subject: String(subject ?? ''), tries: info.attempt };
        try {
          const result = await next(input);
          if (info.attempt >= TELL_AFTER) await stalled(of, undefined);
          return result;
        } catch (error) {
          if (info.attempt >= TELL_AFTER && !cancellationSignal.aborted) await stalled(of, error);
          throw error;
        }
      },
    },
  });

/** Keeps word of a stage that keeps failing, and of its end where there is no error; never throws. `subject` is the stage's second argument: a proposal, domain or thread. */
export type Stalled = (of: { readonly org: string; readonly stage: string; readonly subject: string; readonly tries: number }, error: unknown) => Promise<void>;

/** Beats while an activity runs, however long it takes, so that only a worker that is gone is taken for gone. */
const beating: ActivityInterceptorsFactory = (context) => ({
  inbound: {
    async execute(input, next) {
      if (context.info.isLocal) return next(input);
      const beat = setInterval(() => context.heartbeat(), BEAT_MS);
      try {
        return await next(input);
      } finally {
        clearInterval(beat);
      }
    },
  },
});

export interface Workers {
  /** Resolves when the workers have drained after `shutdown`; rejects where one fails. */
  readonly run: Promise<void>;
  shutdown(): void;
}

/**
 * @param stalled is told of a stage that keeps failing
 * @param cache a folder for the bundle; it is made anew when a workflow or the SDK changes
 * @param models whether model calls run here too
 */
export async function startWorkers(
  connection: NativeConnection,
  namespace: string,
  activities: Activities,
  dataConverter: DataConverter,
  cache: string,
  stalled: Stalled,
): Promise<Workers> {
  const workflowBundle = await bundle(cache);
  const shared = {
    connection,
    namespace,
    dataConverter,
    interceptors: { activity: [beating, telling(stalled)] },
    activities: { ...activities },
    shutdownGraceTime: 10_000,
    shutdownForceTime: 20_000,
  };
  const main = await Worker.create({
    ...shared,
    taskQueue: TASK_QUEUE,
    workflowBundle,
    maxCachedWorkflows: 500,
    maxConcurrentActivityTaskExecutions: 20,
    maxConcurrentLocalActivityExecutions: 20,
  });
  const models = await Worker.create({ ...shared, taskQueue: MODEL_QUEUE, maxConcurrentActivityTaskExecutions: 4 });
  const run = Promise.all([main.run(), models.run()]).then(() => undefined);
  return {
    run,
    shutdown() {
      for (const worker of [main, models]) if (worker.getState() === 'RUNNING') worker.shutdown();
    },
  };
}

/** Bundling takes seconds and its result depends on the sources alone, so it is kept under their digest. */
async function bundle(cache: string): Promise<{ codePath: string }> {
  const codePath = join(cache, `workflows-${await sourcesDigest()}.js`);
  const kept = await readFile(codePath, 'utf8').catch((error: unknown) => missing(error));
  if (kept !== undefined) return { codePath };
  await mkdir(cache, { recursive: true });
  const partial = `${codePath}.${process.pid}`;
  await promisify(execFile)(process.execPath, [BUNDLER, join(WORKFLOWS, 'index.ts'), CONVERTER, partial]); // a process of its own: webpack's memory goes with it
  await rename(partial, codePath);
  return { codePath };
}

async function sourcesDigest(): Promise<string> {
  const hash = createHash('sha256').update(await readFile(CONVERTER));
  const sdk = fileURLToPath(new URL('../../../node_modules/@temporalio/worker/package.json', import.meta.url));
  for (const path of [sdk, ...(await readdir(WORKFLOWS)).sort().map((file) => join(WORKFLOWS, file))]) hash.update(path).update(await readFile(path));
  return hash.digest('hex').slice(0, 16);
}

function missing(error: unknown): undefined {
  if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return undefined;
  throw error;
}
