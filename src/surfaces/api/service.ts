/** The gate for runtimes that are not ours: `/v1/delegations`, `/v1/decisions`, `/v1/events`, and their OpenAPI document. */
import { OpenAPIHono } from '@hono/zod-openapi';
import { bodyLimit } from 'hono/body-limit';
import type { Context } from 'hono';
import { createMiddleware } from 'hono/factory';
import { randomUUID } from 'node:crypto';
import { z } from 'zod';
import { inputs, type Caller, type Client, type Input, type Operation, type Outputs } from '../../client.ts';
import { mistakes } from '../../kernel/mistakes.ts';
import { callerOf } from './bearer.ts';
import { badBody } from './json-body.ts';
import { failed, problem, type Problem, type Trouble } from './problems.ts';
import { serviceRoutes } from './service-routes.ts';
import { setupRoutes } from './setup-routes.ts';

const LARGEST_BODY = 200_000; // bytes: the arguments of one call
const TOO_LARGE = problem('request_too_large', `This is more than ${LARGEST_BODY / 1_000} kB in one request; nothing was done.`, 2);
const NOBODY = problem('token_missing', 'Send a token: `Authorization: Bearer …`. This call was recorded.', 3);

/** What each path takes; the rest is answered with this. */
const METHODS = {
  '/v1/delegations': 'POST',
  '/v1/delegations/:id': 'DELETE',
  '/v1/decisions': 'POST',
  '/v1/actions': 'POST',
  '/v1/actions/:id': 'GET',
  '/v1/actions/:id/warrant': 'POST',
  '/v1/actions/:id/receipt': 'POST',
  '/v1/unjudged': 'POST',
  '/v1/terms': 'GET',
  '/v1/events': 'GET',
  '/v1/organization': 'GET',
  '/v1/people/:person': 'PUT, DELETE',
  '/v1/tools/:server': 'PUT, DELETE',
  '/v1/tools/:server/draft': 'POST',
} as const;

export interface ServiceOptions extends Trouble {
  readonly client: Client;
  readonly operator: string;
}

type Status = 400 | 401 | 403 | 404 | 405 | 409 | 413 | 415 | 429 | 500 | 503;

/** RFC 9457. */
const told = (c: Context, body: Problem, status: Status, headers: Readonly<Record<string, string>> = {}): Response =>
  c.body(JSON.stringify(body), status, { 'content-type': 'application/problem+json', ...headers, ...(status === 401 ? { 'www-authenticate': 'Bearer' } : {}) });

/** What was not asked rightly. */
class NotAsked extends Error {
  override readonly name = 'NotAsked';
  constructor(
    readonly problem: Problem,
    readonly status: Status,
  ) {
    super(problem.detail);
  }
}

export function serviceApp({ client, operator, ...trouble }: ServiceOptions): OpenAPIHono {
  const app = new OpenAPIHono({
    defaultHook: (result, c) => (result.success ? undefined : told(c, problem('input_invalid', z.prettifyError(result.error), 2), 400)),
  });
  const who = (c: Context): Caller => {
    const caller = callerOf(c.req.header('authorization'), operator);
    if (!caller) throw new NotAsked(NOBODY, 401);
    return caller;
  };
  const refused = async (c: Context, because: string): Promise<void> => {
    await client.refuse_call({ kind: 'operator' }, { id: randomUUID(), path: c.req.path.slice(0, 200), because: because.slice(0, 500) });
  };
  app.onError(async (error, c) => {
    const { body, status, headers } = await answered(error, c, trouble);
    if (status === 401) await refused(c, body.detail);
    return told(c, body, status, headers);
  });
  for (const path of [...Object.keys(METHODS), '/v1/delegations/*', '/v1/actions/*'])
    app.use(path, signed(who), bodyLimit({ maxSize: LARGEST_BODY, onError: (c) => told(c, TOO_LARGE, 413) }), jsonOnly);
  routed(app, client, who);
  setupRouted(app, client, who);
  const document = serviceDocument();
  app.get('/v1/openapi.json', (c) => c.json(document));
  for (const [path, methods] of Object.entries(METHODS))
    app.all(path, (c) => {
      c.header('allow', methods);
      return told(c, problem('method_unknown', `\`${c.req.method}\` is not done here; ${methods} is.`, 2), 405);
    });
  return app;
}

/** OpenAPI 3.1 of all of it, from the routes alone; `docs/openapi.json` is this. */
export function serviceDocument(): object {
  const described = new OpenAPIHono();
  described.openAPIRegistry.registerComponent('securitySchemes', 'bearer', { type: 'http', scheme: 'bearer' });
  for (const route of [...Object.values(serviceRoutes), ...Object.values(setupRoutes)]) described.openAPIRegistry.registerPath(route);
  return described.getOpenAPI31Document({ openapi: '3.1.0', info: { title: 'Charter: the gate as a service', version: '1' } });
}

/** Nobody is read, however they wrote, who does not say who they are. */
const signed = (who: (c: Context) => Caller) =>
  createMiddleware(async (c, next) => {
    who(c);
    return next();
  });

const jsonOnly = createMiddleware(async (c, next) => {
  const bad = c.req.method === 'POST' || c.req.method === 'PUT' ? await badBody(c) : undefined;
  if (bad) return told(c, await problemIn(bad), bad.status === 415 ? 415 : 400);
  return next();
});

const problemIn = async (response: Response): Promise<Problem> =>
  z.object({ type: z.string(), title: z.string(), detail: z.string(), exit: z.int() }).parse(await response.json());

interface Refused {
  readonly body: Problem;
  readonly status: Status;
  readonly headers?: Readonly<Record<string, string>>;
}

async function answered(error: unknown, c: Context, trouble: Trouble): Promise<Refused> {
  if (error instanceof NotAsked) return { body: error.problem, status: error.status };
  const { body, status, headers = {} } = await failed(error, c.req.path, trouble);
  if (body.type === 'charter:token_unknown' || body.type === 'charter:token_unexchanged') return { body, status: 401 };
  return { body, status: body.type === 'charter:key_reused' ? 409 : body.type === 'charter:not_found' ? 404 : status, headers };
}

/** An input of the client, of what a route read. @throws NotAsked 400 */
function input<O extends Operation>(operation: O, given: unknown): Input<O>;
function input(operation: Operation, given: unknown): unknown {
  const parsed = inputs[operation].safeParse(given);
  if (parsed.success) return parsed.data;
  throw new NotAsked(problem('input_invalid', mistakes(inputs[operation], given, parsed.error).join('\n'), 2), 400);
}

/** Lists that can be changed, as the routes' schemas have them. */
const plainDecision = <D extends Pick<Outputs['judge_call'], 'articles' | 'needs' | 'why'>>({ articles, needs, why, ...rest }: D) => ({
  ...rest,
  articles: [...articles],
  needs: [...needs],
  why: [...why],
});
const plainAction = ({ decision, ...action }: Outputs['action']) => ({ ...action, decision: decision && plainDecision(decision) });

const keyOf = (headers: { readonly 'idempotency-key'?: string | undefined }): string => headers['idempotency-key'] ?? randomUUID();

function routed(app: OpenAPIHono, client: Client, who: (c: Context) => Caller): void {
  app.openapi(serviceRoutes.delegate, async (c) => {
    const asked = input('delegate', { key: keyOf(c.req.valid('header')), ...c.req.valid('json') });
    const { tools, chain, ...made } = await client.delegate(who(c), asked);
    return c.json({ ...made, chain: [...chain], tools: tools === null ? null : [...tools] }, 201);
  });
  app.openapi(serviceRoutes.endDelegation, async (c) => {
    const { ended } = await client.end_delegation(who(c), input('end_delegation', c.req.valid('param')));
    return c.json({ ended: [...ended] }, 200);
  });
  app.openapi(serviceRoutes.judge, async (c) => {
    const judged = await client.judge_call(who(c), input('judge_call', { key: keyOf(c.req.valid('header')), ...c.req.valid('json') }));
    return c.json(plainDecision(judged), 200);
  });
  app.openapi(serviceRoutes.act, async (c) =>
    c.json(plainAction(await client.act(who(c), input('act', { key: keyOf(c.req.valid('header')), ...c.req.valid('json') }))), 202),
  );
  app.openapi(serviceRoutes.action, async (c) => {
    const { wait = 0, ...known } = c.req.valid('query');
    return c.json(plainAction(await client.action(who(c), input('action', { id: c.req.valid('param').id, waitMs: wait * 1_000, ...known }))), 200);
  });
  app.openapi(serviceRoutes.warrant, async (c) => {
    const { warrant, again, ...action } = await client.warrant(who(c), input('warrant', c.req.valid('param')));
    return c.json({ ...plainAction(action), warrant, again }, 200);
  });
  app.openapi(serviceRoutes.receipt, async (c) => {
    const asked = input('receipt', { id: c.req.valid('param').id, effect: c.req.valid('json') });
    return c.json(plainAction(await client.receipt(who(c), asked)), 200);
  });
  app.openapi(serviceRoutes.unjudged, async (c) =>
    c.json({ events: [...(await client.unjudged(who(c), input('unjudged', c.req.valid('json')))).events] }, 200),
  );
  app.openapi(serviceRoutes.terms, async (c) => {
    const { failOpen, ...terms } = await client.service_terms(who(c), {});
    return c.json({ ...terms, failOpen: [...failOpen] }, 200);
  });
  app.openapi(serviceRoutes.events, async (c) => {
    const { events, next } = await client.call_events(who(c), input('call_events', c.req.valid('query')));
    return c.json({ next, events: events.map(({ chain, articles, ...event }) => ({ ...event, chain: [...chain], articles: [...articles] })) }, 200);
  });
}

const plainChange = ({ changes, waiting }: Outputs['put_person']) => ({ changes: [...changes], waiting: [...waiting] });

function setupRouted(app: OpenAPIHono, client: Client, who: (c: Context) => Caller): void {
  app.openapi(setupRoutes.setup, async (c) => {
    const { people, servers, waiting, ...organization } = await client.setup(who(c), {});
    return c.json({ ...organization, people: [...people], servers: [...servers], waiting: [...waiting] }, 200);
  });
  app.openapi(setupRoutes.putPerson, async (c) =>
    c.json(plainChange(await client.put_person(who(c), input('put_person', { ...c.req.valid('param'), ...c.req.valid('json') }))), 200),
  );
  app.openapi(setupRoutes.removePerson, async (c) =>
    c.json(plainChange(await client.remove_person(who(c), input('remove_person', c.req.valid('param')))), 200),
  );
  app.openapi(setupRoutes.draftTools, async (c) =>
    c.json(await client.draft_tools(who(c), input('draft_tools', { ...c.req.valid('param'), ...c.req.valid('json') })), 200),
  );
  app.openapi(setupRoutes.putTools, async (c) =>
    c.json(plainChange(await client.put_tools(who(c), input('put_tools', { ...c.req.valid('param'), ...c.req.valid('json') }))), 200),
  );
  app.openapi(setupRoutes.removeTools, async (c) => c.json(plainChange(await client.remove_tools(who(c), input('remove_tools', c.req.valid('param')))), 200));
}
