/** The API's process, where it runs alone. */
import { startApi } from '../surfaces/api/server.ts';
import { slackOf } from './slack.ts';
import { openRuntime, type RuntimeOptions } from './runtime.ts';

/** Resolves when it was told to end and has. */
export async function runApi(options: RuntimeOptions & { readonly port: number }): Promise<void> {
  const runtime = await openRuntime(options);
  await runtime.app.load();
  const { app, keys, log } = runtime;
  const api = await startApi({
    client: app.client,
    operator: keys.operator,
    host: '127.0.0.1',
    port: options.port,
    missing: () => app.missing(),
    log: (fields, message) => log.error(fields, message),
  });
  const slack = await slackOf(runtime, options.env);
  await app.begin();
  await new Promise<void>((resolve) => {
    for (const signal of ['SIGTERM', 'SIGINT'] as const) process.once(signal, () => resolve());
  });
  await slack?.close();
  await api.close();
  await runtime.close();
}
