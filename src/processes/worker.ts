/** The worker's process: Temporal's workers, until it is told to drain. */
import { createServer } from 'node:http';
import { join } from 'node:path';
import { NativeConnection, Runtime as TemporalRuntime, DefaultLogger } from '@temporalio/worker';
import { keepStalled } from '../activities/stalled.ts';
import { createActivities } from '../activities/activities.ts';
import { dataConverter } from '../adapters/temporal/codec.ts';
import { activitySignal, startWorkers } from '../adapters/temporal/worker.ts';
import { openRuntime, patiently, type RuntimeOptions } from './runtime.ts';

export interface WorkerOptions extends RuntimeOptions {
  readonly healthPort: number | undefined;
  readonly onReady: () => void;
}

/** Resolves when it has drained. */
export async function runWorker(options: WorkerOptions): Promise<void> {
  const runtime = await openRuntime(options);
  const { log } = runtime;
  TemporalRuntime.install({
    logger: new DefaultLogger('WARN', ({ level, message, meta }) =>
      log.warn({ level, ...(meta?.error instanceof Error ? { err: meta.error } : {}), activity: meta?.activityType, workflow: meta?.workflowId }, message),
    ),
    shutdownSignals: [],
    telemetryOptions: { logging: { filter: { core: 'ERROR', other: 'ERROR' } } },
  });
  await runtime.app.load();
  const { address, tls, apiKey, namespace } = options.temporal;
  const connection = await patiently(() =>
    NativeConnection.connect({ address, ...(tls === undefined ? {} : { tls }), ...(apiKey === undefined ? {} : { apiKey }) }),
  );
  const workers = await startWorkers(
    connection,
    namespace,
    createActivities(runtime.app.world, activitySignal),
    dataConverter(runtime.keys.codec),
    join(options.dataDir, 'cache'),
    keepStalled(runtime.app.world, (error) => log.error({ err: error }, 'a stage keeps failing, and that cannot be kept')),
  );
  const health = options.healthPort === undefined ? undefined : serveHealth(options.healthPort, async () => (await runtime.app.missing()).length === 0);
  for (const signal of ['SIGTERM', 'SIGINT'] as const) process.once(signal, () => workers.shutdown());
  process.once('disconnect', () => workers.shutdown()); // whoever supervises it is gone
  process.channel?.unref(); // listening must not keep it from ending
  log.info({ namespace }, 'worker ready');
  options.onReady();
  try {
    await workers.run;
  } finally {
    health?.close();
    await connection.close();
    await runtime.close();
    log.info('worker drained');
  }
}

function serveHealth(port: number, ready: () => Promise<boolean>) {
  return createServer((request, response) => {
    const answer = (ok: boolean) => response.writeHead(ok ? 200 : 503, { 'content-type': 'application/json' }).end(JSON.stringify({ ok }));
    if (request.url === '/readyz') ready().then(answer, () => answer(false));
    else answer(true);
  }).listen(port, '127.0.0.1');
}
