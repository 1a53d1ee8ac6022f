/**
 * The API: every operation of the client as `POST /v1/OPERATION`, with a bearer token; whether this process is well; and
 * on the same port the inbox, for browsers.
 */
import { serve } from '@hono/node-server';
import { Hono } from 'hono';
import { bodyLimit } from 'hono/body-limit';
import { inputs, type Caller, type Client, type Operation } from '../../client.ts';
import { mistakes } from '../../kernel/mistakes.ts';
import { inboxApp } from '../inbox/server.ts';
import { callerOf } from './bearer.ts';
import { badBody } from './json-body.ts';
import { failed, problem, type Trouble } from './problems.ts';
import { serviceApp } from './service.ts';

const LARGEST_BODY = 12_000_000; // bytes: a hundred invoices, or one file of the largest size as base64

const TOO_LARGE = problem('request_too_large', 'This is more than 12 MB in one request. Hand files in one by one, each of 8 MB at most.', 2);

export interface ApiOptions extends Trouble {
  readonly client: Client;
  readonly operator: string; // the secret of whoever holds the data directory
  readonly host: string;
  readonly port: number;
}

export interface Api {
  readonly port: number;
  close(): Promise<void>;
}

const isOperation = (name: string): name is Operation => Object.hasOwn(inputs, name);

function apiApp({ client, operator, missing, log }: ApiOptions): Hono {
  const app = new Hono();
  app.route('/', serviceApp({ client, operator, missing, log }));
  app.get('/healthz', (c) => c.json({ ok: true }));
  app.get('/readyz', async (c) => {
    const gone = await missing();
    return c.json({ ok: gone.length === 0, missing: gone }, gone.length === 0 ? 200 : 503);
  });
  app.post('/v1/:operation', bodyLimit({ maxSize: LARGEST_BODY, onError: (c) => c.json(TOO_LARGE, 413) }), async (c) => {
    const name = c.req.param('operation');
    if (!isOperation(name)) return c.json(problem('operation_unknown', `There is no operation \`${name}\`.`, 2), 404);
    const caller = callerOf(c.req.header('authorization'), operator);
    if (!caller) return c.json(problem('token_missing', 'Send a token: `Authorization: Bearer …`.', 3), 401);
    const bad = await badBody(c);
    if (bad) return bad;
    const given: unknown = await c.req.json().catch(() => undefined);
    const parsed = inputs[name].safeParse(given);
    if (!parsed.success) return c.json(problem('input_invalid', mistakes(inputs[name], given, parsed.error).join('\n'), 2), 400);
    try {
      return c.json(await call(client, name, caller, parsed.data));
    } catch (error) {
      const { body, status, headers } = await failed(error, name, { missing, log });
      return c.json(body, status, { ...headers });
    }
  });
  return app;
}

/** One operation with its own input: the pairing that the table of inputs promises. */
const call = (client: Client, name: Operation, caller: Caller, input: unknown): Promise<unknown> => {
  const run: (caller: Caller, input: never) => Promise<unknown> = client[name];
  return Reflect.apply(run, undefined, [caller, input]);
};

/** All that is served. @param closing open streams end with it */
export const served = (options: ApiOptions, closing: AbortSignal): Hono => apiApp(options).route('/', inboxApp({ ...options, closing }));

/** @throws Error where the port is taken */
export function startApi(options: ApiOptions): Promise<Api> {
  const closing = new AbortController(); // so that the server can close
  const app = served(options, closing.signal);
  return new Promise((resolve, reject) => {
    const server = serve({ fetch: app.fetch, hostname: options.host, port: options.port }, ({ port }) =>
      resolve({
        port,
        close() {
          closing.abort();
          return new Promise((done, failedToClose) => server.close((error) => (error ? failedToClose(error) : done())));
        },
      }),
    );
    server.once('error', reject);
  });
}
