/** How an owner sets up the organization over the wire, described for OpenAPI 3.1: people, grants, tools. Each route is one operation of the client. */
import { createRoute, z } from '@hono/zod-openapi';
import { DOMAINS } from '../../kernel/ids.ts';
import { Manifest } from '../../kernel/manifest.ts';
import { Currency } from '../../kernel/money.ts';
import { ROLES } from '../../kernel/nouns.ts';
import { Amount, body, json, refusals, said, security, Slug } from './route-parts.ts';

const Server = z.string().regex(/^[a-z]{2,20}$/);
const Authority = z.strictObject({ perCall: Amount, perDay: Amount, perMonth: Amount.optional() }).openapi('Authority');
const Authorities = z.strictObject(Object.fromEntries(DOMAINS.map((domain) => [domain, Authority.optional()])));
const Person = z.strictObject({
  name: z.string().min(1).max(200),
  roles: z.array(z.enum(ROLES)).max(ROLES.length),
  manager: Slug.optional(),
  site: z.string().max(60).optional(),
  status: z.enum(['active', 'left', 'guest']).optional().openapi({ description: 'as before where nothing is said; of somebody new, `active`' }),
  authority: Authorities.optional().openapi({ description: 'What an agent may do for them, within the agent’s own' }),
});
const Tools = z.strictObject({ agents: z.array(Slug), tools: Manifest.shape.tools });
const Drafted = z.object({ server: z.string(), agents: z.array(z.string()), tools: Manifest.shape.tools }).openapi('Manifest');
const Changed = z
  .object({
    changes: z.array(z.string()).openapi({ description: 'hold from the next call on' }),
    waiting: z.array(z.string()).openapi({ description: 'all that is declared and not ratified: `POST /v1/amend`, then `POST /v1/ratify`' }),
  })
  .openapi('Changed');
const person = z.object({ person: Slug });
const server = z.object({ server: Server });
const unknown = said('There is none of that name');

export const setupRoutes = {
  setup: createRoute({
    method: 'get',
    path: '/v1/organization',
    summary: 'What is declared of people and tools, and what of it waits for the owners; an owner’s to read',
    security,
    responses: {
      200: json(
        'As the files declare it',
        z
          .object({
            organization: z.string(),
            currency: Currency,
            people: z.array(Person.extend({ person: z.string() })),
            servers: z.array(Drafted),
            waiting: z.array(z.string()),
          })
          .openapi('Organization'),
      ),
      ...refusals,
    },
  }),
  putPerson: createRoute({
    method: 'put',
    path: '/v1/people/{person}',
    summary: 'Declare a person: roles and authority as they are to be; an owner’s to do',
    security,
    request: { params: person, body: body(Person) },
    responses: { 200: json('What is narrower holds at once; what is wider than what was ratified waits', Changed), ...refusals },
  }),
  removePerson: createRoute({
    method: 'delete',
    path: '/v1/people/{person}',
    summary: 'Somebody leaves: from the next call on nothing is done for them, and their tokens open nothing',
    security,
    request: { params: person },
    responses: { 200: json('Done', Changed), ...refusals },
  }),
  draftTools: createRoute({
    method: 'post',
    path: '/v1/tools/{server}/draft',
    summary: 'Draft a manifest of what a server says of its tools, on the careful side; nothing is changed',
    security,
    request: {
      params: server,
      body: body(z.strictObject({ listed: z.unknown().openapi({ description: 'MCP `tools/list`, OpenAPI 3.1, or a bare list with JSON schemas' }) })),
    },
    responses: { 200: json('Read each line, mend it, name the agents, and put it', Drafted), ...refusals },
  }),
  putTools: createRoute({
    method: 'put',
    path: '/v1/tools/{server}',
    summary: 'Declare the tools of a server; they hold once owners ratified them',
    security,
    request: { params: server, body: body(Tools) },
    responses: { 200: json('Declared', Changed), ...refusals },
  }),
  removeTools: createRoute({
    method: 'delete',
    path: '/v1/tools/{server}',
    summary: 'Take the tools of a server out; this holds once owners ratified it',
    security,
    request: { params: server },
    responses: { 200: json('Declared', Changed), 404: unknown, ...refusals },
  }),
} as const;
