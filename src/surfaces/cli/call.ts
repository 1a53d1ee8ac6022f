/** The CLI's way to the API: where it listens, who asks, and what an error means for the exit code. */
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { z } from 'zod';
import { nearest } from '../../kernel/nearest.ts';
import { ClientError, type Input, type Operation, type Outputs } from '../../client.ts';
import type { Shared } from './shared.ts';

const CALL_MS = 120_000; // a review of a year of records, on a slow day

export const dataDirOf = (env: NodeJS.ProcessEnv): string => resolve(env['CHARTER_DATA'] ?? fileURLToPath(new URL('../../../.charter', import.meta.url)));

export interface Connection {
  readonly dataDir: string;
  readonly as: string | undefined; // a person whose token lies in the data directory
  readonly token: string | undefined;
  readonly url: string | undefined;
}

/** As the options and the environment say. */
export function connectionOf({ options, env }: Pick<Shared, 'options' | 'env'>): Connection {
  const { as, token, url } = options();
  return { dataDir: dataDirOf(env), as, token: token ?? env['CHARTER_TOKEN'], url: url ?? env['CHARTER_URL'] };
}

const Problem = z.object({ title: z.string(), detail: z.string(), exit: z.union([z.literal(1), z.literal(2), z.literal(3)]) });

/** @throws ClientError with the exit code in `status` */
export const callApi = async <O extends Operation>(connection: Connection, operation: O, input: Input<O>): Promise<Outputs[O]> =>
  trusted<Outputs[O]>(await post(connection, `/v1/${operation}`, input));

/** A link that signs the person in at a browser: once, within five minutes. @param view the page that it opens @throws ClientError */
export async function inboxLink(connection: Connection, view: `/${string}` = '/'): Promise<string> {
  if (connection.as === undefined && connection.token === undefined)
    throw new ClientError('person_needed', 3, "The inbox is a person's: add `--as NAME`, after `charter people token NAME`.");
  const { code } = z.object({ code: z.string() }).parse(await post(connection, '/api/links', {}));
  return `${urlOf(connection)}${view}#token=${code}`;
}

const urlOf = ({ url, dataDir }: Connection): string => url ?? runningUrl(dataDir);

async function post(connection: Connection, path: string, input: unknown): Promise<unknown> {
  const url = urlOf(connection);
  const token = bearer(connection);
  let response: Response;
  try {
    response = await fetch(`${url}${path}`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', authorization: `Bearer ${token}` },
      body: JSON.stringify(input),
      signal: AbortSignal.timeout(CALL_MS),
    });
  } catch (cause) {
    throw new ClientError('unreachable', 1, `Charter does not answer at ${url}. Start it with \`npm start\`; \`charter doctor\` says what is missing.`, {
      cause,
    });
  }
  const body: unknown = await response.json().catch(() => undefined);
  if (response.ok) return body;
  const problem = Problem.safeParse(body);
  throw problem.success
    ? new ClientError(problem.data.title.replaceAll(' ', '_'), problem.data.exit, problem.data.detail)
    : new ClientError('failed', 1, `Charter answered ${response.status}.`);
}

/** Our own API's answer, of the shape that `client.ts` declares for the operation. */
const trusted = <T>(body: unknown): T => z.custom<T>().parse(body);

function runningUrl(dataDir: string): string {
  try {
    return z.object({ url: z.url() }).parse(JSON.parse(readFileSync(join(dataDir, 'run', 'api.json'), 'utf8'))).url;
  } catch (cause) {
    throw new ClientError('not_running', 1, 'Charter is not running here. Start it with `npm start`, or name another with --url.', { cause });
  }
}

function bearer({ dataDir, as, token }: Connection): string {
  if (token !== undefined) return token;
  const file = as === undefined ? join(dataDir, 'keys', 'operator.token') : join(dataDir, 'tokens', `${as}.token`);
  try {
    return readFileSync(file, 'utf8').trim();
  } catch (cause) {
    const message =
      as === undefined
        ? 'No token: give one with --token, or run this where Charter runs.'
        : `There is no token of \`${as}\` here.${nearTokens(dataDir, as)} Issue one: \`npx charter people token ${as}\`.`;
    throw new ClientError('token_missing', 3, message, { cause });
  }
}

function nearTokens(dataDir: string, as: string): string {
  const folder = join(dataDir, 'tokens');
  const near = nearest(as, existsSync(folder) ? readdirSync(folder).map((file) => file.replace(/\.token$/, '')) : []);
  return near.length > 0 ? ` Near, and here: ${near.map((name) => `\`${name}\``).join(', ')}.` : '';
}

/** Whether a token opens anything, as it is. @throws ClientError where that cannot be told */
export async function opensHere(connection: Connection, token: string): Promise<boolean> {
  try {
    await callApi({ ...connection, as: undefined, token }, 'me', {});
    return true;
  } catch (error) {
    if (error instanceof ClientError && error.status === 3) return false;
    throw error;
  }
}

/** The token that lies where `--as` finds it. */
export function keptToken(dataDir: string, name: string): string | undefined {
  const file = join(dataDir, 'tokens', `${name}.token`);
  return existsSync(file) ? readFileSync(file, 'utf8').trim() : undefined;
}

/** Keeps a token where `--as` finds it, readable by its owner alone. */
export function keepToken(dataDir: string, name: string, token: string): string {
  const folder = join(dataDir, 'tokens');
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  const file = join(folder, `${name}.token`);
  writeFileSync(file, token, { mode: 0o600 });
  return file;
}
