/** What worker and API both need: the organization, the keys, the connections, and the app on top of them. */
import { randomUUID } from 'node:crypto';
import { cp, rename, rm } from 'node:fs/promises';
import { existsSync } from 'node:fs';
import { basename, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import pino, { type Logger } from 'pino';
import { createApp, type App } from '../app.ts';
import { markDataDir } from './data-dir.ts';
import { sandboxed } from '../adapters/host/sandbox.ts';
import { chooseModel } from '../models.ts';
import { loadOrganization, type Organization } from '../adapters/files/organization.ts';
import { loadKeys, type Keys } from '../adapters/host/keys.ts';
import { workflowNow } from '../adapters/temporal/activity.ts';
import { dataConverter } from '../adapters/temporal/codec.ts';
import { connectTemporal, type TemporalAddress } from '../adapters/temporal/connection.ts';
import { temporalClient, type TemporalClient } from '../adapters/temporal/orchestrator.ts';
import { setTimeout as sleep } from 'node:timers/promises';

export const EXAMPLE = fileURLToPath(new URL('../../examples/workshop', import.meta.url));

export const dataDirOf = (env: NodeJS.ProcessEnv): string => resolve(env['CHARTER_DATA'] ?? fileURLToPath(new URL('../../.charter', import.meta.url)));

/** JSON lines; what could say who somebody is, or let somebody in, is never written. */
export function logger(dataDir: string, name: string): Logger {
  const redact = [
    'token',
    'secret',
    'password',
    'authorization',
    'apiKey',
    'iban',
    'payee',
    'note',
    'text',
    'args',
    '*.token',
    '*.secret',
    '*.password',
    '*.authorization',
    '*.iban',
    '*.payee',
    '*.note',
    '*.text',
    '*.args',
  ];
  return pino(
    { name, redact, mixin: workflowNow, serializers: { err: errorOf } },
    pino.destination({ dest: join(dataDir, 'logs', `${name}.jsonl`), mkdir: true, sync: true }),
  );
}

/** An error without its text where that may quote what somebody wrote: its name, code and place are enough to find it. */
function errorOf(error: unknown): object {
  if (!(error instanceof Error)) return { name: 'unknown' };
  const place = (error.stack ?? '')
    .split('\n')
    .filter((line) => line.trimStart().startsWith('at '))
    .slice(0, 6);
  const code = 'code' in error && (typeof error.code === 'string' || typeof error.code === 'number') ? error.code : undefined;
  return { name: error.name, code, place, cause: error.cause === undefined ? undefined : errorOf(error.cause) };
}

/** The organization's own folder: an example is copied into the data directory, so that the checkout is never written. */
export async function organizationFolder(dataDir: string, given: string | undefined): Promise<string> {
  markDataDir(dataDir); // before anything is written there
  const source = resolve(given ?? EXAMPLE);
  if (source !== EXAMPLE) return source;
  const folder = join(dataDir, 'organizations', basename(EXAMPLE));
  if (!existsSync(folder)) await copyWhole(EXAMPLE, folder);
  return folder;
}

/** The copy is there whole or not at all, also where two processes start at once or one is killed meanwhile; the first one's stays. */
async function copyWhole(source: string, folder: string): Promise<void> {
  const partial = `${folder}.${randomUUID()}`;
  try {
    await cp(source, partial, { recursive: true });
    await rename(partial, folder);
  } catch (error) {
    if (!existsSync(folder)) throw error;
  } finally {
    await rm(partial, { recursive: true, force: true });
  }
}

export interface Runtime {
  readonly app: App;
  readonly temporal: TemporalClient;
  readonly organization: Organization;
  readonly keys: Keys;
  readonly log: Logger;
  close(): Promise<void>;
}

export interface RuntimeOptions {
  readonly name: string; // of the process, in its log
  readonly dataDir: string;
  readonly org: string | undefined;
  readonly databaseUrl: string;
  readonly temporal: TemporalAddress;
  readonly env: NodeJS.ProcessEnv;
  readonly development?: boolean;
}

/** @throws OrganizationError and what the connections throw */
export async function openRuntime(options: RuntimeOptions): Promise<Runtime> {
  const { dataDir, databaseUrl } = options;
  const log = logger(dataDir, options.name);
  const folder = await organizationFolder(dataDir, options.org);
  const organization = await loadOrganization(folder);
  const keys = loadKeys(dataDir);
  const connection = await patiently(() => connectTemporal(options.temporal));
  const temporal = temporalClient(connection, options.temporal.namespace, dataConverter(keys.codec));
  const model = await chooseModel(options.env);
  const sandbox = options.development ? { development: true, outside: sandboxed(join(dataDir, 'outbox', 'webhooks.jsonl')) } : {};
  const app = createApp({ databaseUrl, keys, temporal, model, organization, folder, dataDir, log, now: Date.now, ...sandbox });
  return {
    app,
    temporal,
    organization,
    keys,
    log,
    async close() {
      await temporal.close();
      await app.close();
    },
  };
}

/** A server that was started a moment ago may need another one. */
export async function patiently<T>(connect: () => Promise<T>): Promise<T> {
  for (let attempt = 1; ; attempt++) {
    try {
      return await connect();
    } catch (error) {
      if (attempt >= 10) throw error;
      await sleep(300);
    }
  }
}
