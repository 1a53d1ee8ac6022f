/** The API's process, where it runs alone. */
import { startApi } from '../surfaces/api/server.ts';
import { slackOf } from './slack.ts';
import { openRuntime, type RuntimeOptions } from './runtime.ts';

/** Resolves when it was told to end and has. */
export async function runApi(options: RuntimeOptions & { readonly port: number; readonly onReady: (refused: string | undefined) => void }): Promise<void> {
  const runtime = await openRuntime(options);
  const { refused } = await runtime.app.load();
  const { app, keys, log } = runtime;
  const api = await startApi({
    client: app.client,
    operator: keys.operator,
    host: '127.0.0.1',
    port: options.port,
    missing: () => app.missing(),
    log: (fields, message) => log.error(fields, message),
  });
  const slack = options.development ? undefined : await slackOf(runtime, options.env); // nobody outside sees a draft at work
  await app.begin();
  options.onReady(refused);
  await new Promise<void>((resolve) => {
    for (const signal of ['SIGTERM', 'SIGINT'] as const) process.once(signal, () => resolve());
  });
  await slack?.close();
  await api.close();
  await runtime.close();
}
