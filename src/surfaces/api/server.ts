/** The API: every operation of the client as `POST /v1/OPERATION`, with a bearer token; and whether this process is well. */
import { serve } from '@hono/node-server';
import { Hono } from 'hono';
import { bodyLimit } from 'hono/body-limit';
import { timingSafeEqual, createHash } from 'node:crypto';
import { z } from 'zod';
import { ClientError, inputs, type Caller, type Client, type Operation } from '../../client.ts';

const LARGEST_BODY = 12_000_000; // bytes: a hundred invoices

export interface ApiOptions {
  readonly client: Client;
  readonly operator: string; // the secret of whoever holds the data directory
  readonly host: string;
  readonly port: number;
  readonly missing: () => Promise<readonly string[]>; // what this process needs and does not find
  readonly log: (fields: object, message: string) => void;
}

export interface Api {
  readonly port: number;
  close(): Promise<void>;
}

const isOperation = (name: string): name is Operation => Object.hasOwn(inputs, name);

/** RFC 9457 problem details. */
const problem = (code: string, detail: string, exit: number) => ({ type: `charter:${code}`, title: code.replaceAll('_', ' '), detail, exit });

export function apiApp({ client, operator, missing, log }: Pick<ApiOptions, 'client' | 'operator' | 'missing' | 'log'>): Hono {
  const app = new Hono();
  app.get('/healthz', (c) => c.json({ ok: true }));
  app.get('/readyz', async (c) => {
    const gone = await missing();
    return c.json({ ok: gone.length === 0, missing: gone }, gone.length === 0 ? 200 : 503);
  });
  app.post('/v1/:operation', bodyLimit({ maxSize: LARGEST_BODY }), async (c) => {
    const name = c.req.param('operation');
    if (!isOperation(name)) return c.json(problem('operation_unknown', `There is no operation \`${name}\`.`, 2), 404);
    const caller = callerOf(c.req.header('authorization'), operator);
    if (!caller) return c.json(problem('token_missing', 'Send a token: `Authorization: Bearer …`.', 3), 401);
    const parsed = inputs[name].safeParse(await c.req.json().catch(() => undefined));
    if (!parsed.success) return c.json(problem('input_invalid', z.prettifyError(parsed.error), 2), 400);
    try {
      return c.json(await call(client, name, caller, parsed.data));
    } catch (error) {
      const gone = deliberate(error) ? [] : await missing();
      if (gone.length > 0) return c.json(unavailable(gone), 503);
      return failed(error, name, log, (body, status) => c.json(body, status));
    }
  });
  return app;
}

/** One operation with its own input: the pairing that the table of inputs promises. */
const call = (client: Client, name: Operation, caller: Caller, input: unknown): Promise<unknown> => {
  const run: (caller: Caller, input: never) => Promise<unknown> = client[name];
  return Reflect.apply(run, undefined, [caller, input]);
};

function callerOf(header: string | undefined, operator: string): Caller | undefined {
  const token = /^Bearer (\S+)$/.exec(header ?? '')?.[1];
  if (token === undefined) return undefined;
  const same = (a: string, b: string) => timingSafeEqual(createHash('sha256').update(a).digest(), createHash('sha256').update(b).digest());
  return same(token, operator) ? { kind: 'operator' } : { kind: 'person', token };
}

const unavailable = (gone: readonly string[]) =>
  problem(
    'unavailable',
    `${gone.join(' and ')} does not answer. What is open waits, and nothing is lost; \`charter doctor\` says more. Try again when it is back.`,
    1,
  );

/** Whether we threw it on purpose: with a literal code that is ours. */
const deliberate = (error: unknown): error is Error & { code: string } =>
  error instanceof Error && 'code' in error && typeof error.code === 'string' && /^[a-z]+(_[a-z]+)+$/.test(error.code);

type Answer = (body: ReturnType<typeof problem>, status: 400 | 403 | 500) => Response;

/** Errors that we throw on purpose carry a literal code; anything else is a fault, logged whole and told in general. */
function failed(error: unknown, operation: string, log: ApiOptions['log'], answer: Answer): Response {
  if (error instanceof ClientError) return answer(problem(error.code, error.message, error.status), error.status === 3 ? 403 : 400);
  if (deliberate(error))
    return error.name === 'AuthorityError'
      ? answer(problem(error.code, error.message, 3), 403)
      : answer(problem(error.code, error.message, error.code === 'bad_input' ? 2 : 1), 400);
  log({ err: error, operation }, 'an operation failed');
  return answer(problem('failed', 'Something here failed; the log in the data directory says what. Nothing that was committed is lost.', 1), 500);
}

/** @throws Error where the port is taken */
export function startApi(options: ApiOptions): Promise<Api> {
  const app = apiApp(options);
  return new Promise((resolve, reject) => {
    const server = serve({ fetch: app.fetch, hostname: options.host, port: options.port }, ({ port }) =>
      resolve({ port, close: () => new Promise((done, failedToClose) => server.close((error) => (error ? failedToClose(error) : done()))) }),
    );
    server.once('error', reject);
  });
}
