/** The gate as a service, described for OpenAPI 3.1. Each route is one operation of the client; nothing here decides. */
import { createRoute, z } from '@hono/zod-openapi';
import { TIERS } from '../../kernel/delegation.ts';
import { Currency } from '../../kernel/money.ts';
import { DecisionKind, Outcome, ROLES } from '../../kernel/nouns.ts';
import { Amount, args, body, id, Instant, json, KeyHeader, KeyNeeded, refusals, said, security, Slug, Tier, Tool, Trace } from './route-parts.ts';

const Cited = z.object({ id: z.string(), article: z.string(), title: z.string(), source: z.string() });
const Need = z.object({
  role: z.enum(ROLES),
  quorum: z.int(),
  within: z.string(),
  sole: z.string().nullable(),
  articles: z.array(z.string()),
  everybody: z.literal(true).optional(),
  declines: z.int().optional(),
});
const Verdict = z.enum(['permit', 'deny', 'escalate']);
const Observed = z
  .object({ verdict: Verdict, articles: z.array(Cited), why: z.array(z.string()) })
  .openapi({ description: 'what would have been said, were the articles in force that are only observed yet' });

export const Judged = z
  .object({
    event: id('evt'),
    verdict: Verdict,
    kind: DecisionKind,
    articles: z.array(Cited),
    needs: z.array(Need),
    why: z.array(z.string()),
    observed: Observed.optional(),
  })
  .openapi('Decision');

const Delegation = z
  .object({
    id: id('dlg'),
    person: z.string(),
    agent: z.string(),
    chain: z.array(z.string()),
    task: z.string(),
    tools: z.array(z.string()).nullable(),
    limits: z.object({ perCall: Amount.nullable(), perDay: Amount.nullable() }),
    tier: Tier,
    expires: z.string(),
    token: z.string(),
    webhookSecret: z.string().openapi({ description: 'Signs word of its actions: HMAC-SHA256, as Standard Webhooks writes it' }),
  })
  .openapi('Delegation');

const Action = z
  .object({
    id: id('prp'),
    tool: z.string(),
    state: z.enum(['judged_next', 'waits_for_people', 'permitted', ...Outcome.options]),
    settled: z.boolean(),
    decision: z.object({ verdict: Verdict, kind: DecisionKind, articles: z.array(Cited), needs: z.array(Need), why: z.array(z.string()) }).nullable(),
    receipt: z
      .union([z.object({ outcome: z.literal('done'), output: args }), z.object({ outcome: z.literal('failed'), code: z.string(), message: z.string() })])
      .nullable(),
    trace: z.string().nullable(),
  })
  .openapi('Action');

const Event = z
  .object({
    id: id('evt'),
    at: z.string(),
    organization: z.string(),
    person: z.string().nullable(),
    agent: z.string().nullable(),
    chain: z.array(z.string()),
    tier: Tier.nullable(),
    tool: z.string().nullable(),
    verdict: z.string(),
    reason: z.string(),
    articles: z.array(z.string()),
    trace: z.string().nullable(),
    proposal: id('prp').nullable(),
  })
  .openapi('Event');

const Filter = z.object({
  person: Slug.optional(),
  agent: Slug.optional(),
  tool: Tool.optional(),
  verdict: z.enum(['permit', 'deny', 'escalate', 'none']).optional().openapi({ description: '`none`: made while the gate did not answer, and sent in later' }),
  tier: z.enum(TIERS).optional(),
  trace: Trace.optional(),
  since: Instant.optional(),
  until: Instant.optional(),
  after: id('evt').optional(),
  limit: z.coerce.number().int().min(1).max(500).optional().openapi({ type: 'integer' }),
});

export const serviceRoutes = {
  delegate: createRoute({
    method: 'post',
    path: '/v1/delegations',
    summary: 'Hand a task on, with fewer rights than one has oneself',
    security,
    request: {
      headers: KeyHeader,
      body: body(
        z.strictObject({
          to: Slug,
          agent: Slug.optional(),
          task: z.string().min(5).max(2_000),
          tools: z.array(Tool).min(1).max(50).optional(),
          limits: z.strictObject({ perCall: Amount.optional(), perDay: Amount.optional() }).optional(),
          tier: Tier.optional(),
          expires: Instant,
        }),
      ),
    },
    responses: { 201: json('What it comes to, and the token of whoever it is handed to', Delegation), ...refusals },
  }),
  endDelegation: createRoute({
    method: 'delete',
    path: '/v1/delegations/{id}',
    summary: 'End a delegation, with all that was handed on from it',
    security,
    request: { params: z.object({ id: id('dlg') }) },
    responses: { 200: json('Those that ended now', z.object({ ended: z.array(id('dlg')) })), ...refusals },
  }),
  judge: createRoute({
    method: 'post',
    path: '/v1/decisions',
    summary: 'What the gate says of a call; nothing is done, and it is recorded',
    security,
    request: { headers: KeyHeader, body: body(z.strictObject({ tool: z.string().min(1).max(80), args, trace: Trace.optional() })) },
    responses: { 200: json('The decision, whatever its verdict', Judged), ...refusals },
  }),
  act: createRoute({
    method: 'post',
    path: '/v1/actions',
    summary: 'Ask for a call to be done; it is judged, waits for people where they decide, and is done once',
    security,
    request: {
      headers: KeyNeeded,
      body: body(
        z.strictObject({
          tool: z.string().min(1).max(80),
          args,
          trace: Trace.optional(),
          rationale: z.string().min(5).max(2_000),
          notify: z
            .string()
            .max(500)
            .optional()
            .openapi({ description: 'An https address of an origin that the owners named: word is sent there when the action changes' }),
        }),
      ),
    },
    responses: { 202: json('How far it is', Action), ...refusals },
  }),
  action: createRoute({
    method: 'get',
    path: '/v1/actions/{id}',
    summary: 'How far an action is; with `wait`, answered when it is settled or the seconds are over',
    security,
    request: {
      params: z.object({ id: id('prp') }),
      query: z.object({
        wait: z.coerce.number().int().min(0).max(30).optional().openapi({ type: 'integer' }),
        from: z.string().max(40).optional().openapi({ description: 'The state that you know: answered as soon as it is another one' }),
      }),
    },
    responses: { 200: json('How far it is', Action), 404: said('No action of that id, of yours'), ...refusals },
  }),
  warrant: createRoute({
    method: 'post',
    path: '/v1/actions/{id}/warrant',
    summary: 'The warrant of a permitted call whose tool is your own: judged once more, and on record before you act',
    security,
    request: { params: z.object({ id: id('prp') }) },
    responses: {
      200: json('The warrant, or how far it is', Action.extend({ warrant: z.string().nullable(), again: z.boolean() })),
      404: said('No action of that id, of yours'),
      ...refusals,
    },
  }),
  receipt: createRoute({
    method: 'post',
    path: '/v1/actions/{id}/receipt',
    summary: 'What your tool did; the same again is answered the same',
    security,
    request: {
      params: z.object({ id: id('prp') }),
      body: body(
        z.discriminatedUnion('outcome', [
          z.strictObject({ outcome: z.literal('done'), output: args }),
          z.strictObject({ outcome: z.literal('failed'), code: z.string().min(1).max(60), message: z.string().max(2_000) }),
        ]),
      ),
    },
    responses: { 200: json('The action, settled', Action), 404: said('No action of that id, of yours'), ...refusals },
  }),
  unjudged: createRoute({
    method: 'post',
    path: '/v1/unjudged',
    summary: 'Reads that a client made while the gate did not answer, as the organization lets it; the same again is answered the same',
    security,
    request: {
      body: body(
        z.strictObject({
          calls: z
            .array(z.strictObject({ key: z.string().min(1).max(100), tool: z.string().min(1).max(80), args, at: Instant }))
            .min(1)
            .max(50),
        }),
      ),
    },
    responses: { 200: json('On record, in the order of the calls', z.object({ events: z.array(id('evt')) })), ...refusals },
  }),
  terms: createRoute({
    method: 'get',
    path: '/v1/terms',
    summary: 'What the organization says to clients: which tools may be read while the gate does not answer, and how often calls are let in',
    security,
    responses: {
      200: json(
        'As they hold now',
        z
          .object({
            organization: z.string(),
            currency: Currency,
            failOpen: z.array(Tool),
            callsPerMinute: z.object({
              person: z.int(),
              tool: z.int(),
              tools: z.record(z.string(), z.int()),
              tiers: z.object({ interactive: z.int(), delegated: z.int(), service: z.int(), background: z.int() }),
            }),
          })
          .openapi('Terms'),
      ),
      ...refusals,
    },
  }),
  events: createRoute({
    method: 'get',
    path: '/v1/events',
    summary: 'Decisions, and calls that came to none; the newest first',
    security,
    request: { query: Filter },
    responses: { 200: json('One page of what this token may see', z.object({ events: z.array(Event), next: id('evt').nullable() })), ...refusals },
  }),
} as const;
