/** What routes of the API that are described for OpenAPI 3.1 have in common: answers, refusals, and how ids and amounts are written. */
import { z } from '@hono/zod-openapi';
import { TIERS } from '../../kernel/delegation.ts';
import { Currency } from '../../kernel/money.ts';

export const json = <S extends z.ZodType>(description: string, schema: S) => ({ description, content: { 'application/json': { schema } } });
export const Problem = z.object({ type: z.string(), title: z.string(), detail: z.string(), exit: z.int() }).openapi('Problem');
export const said = (description: string, header?: string) => ({
  description,
  content: { 'application/problem+json': { schema: Problem } },
  ...(header === undefined ? {} : { headers: z.object({ [header]: z.string() }) }),
});
export const refusals = {
  400: said('It cannot be done as it is: the detail says what to change'),
  401: said('No token, or one that is not valid here any more; recorded', 'www-authenticate'),
  403: said('Whoever this token is of may not'),
  409: said('Under this idempotency key something else was asked before'),
  413: said('The body is too large'),
  415: said('The body is not JSON'),
  429: said('More calls than the organization lets in in a minute: nothing was judged; `Retry-After` says in how many seconds there is room', 'retry-after'),
  500: said('A fault of ours: nothing was decided, and nothing may be done'),
  503: said('Something that this stands on does not answer: nothing was decided, and nothing may be done'),
};

export const id = (prefix: string) => z.string().regex(new RegExp(`^${prefix}-[0-9a-hjkmnp-tv-z]{26}$`));
export const Slug = z.string().regex(/^[a-z][a-z0-9-]{0,39}$/);
export const Tool = z
  .string()
  .regex(/^[a-z]+\.[a-z]+(_[a-z]+)*$/)
  .max(80);
export const Instant = z
  .string()
  .regex(/^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}\.\d{3}Z$/)
  .openapi({ example: '2026-12-01T00:00:00.000Z' });
export const Amount = z.strictObject({ minor: z.int().min(0).max(Number.MAX_SAFE_INTEGER), currency: Currency }).openapi('Money');
export const Tier = z.enum(TIERS).openapi('Tier');
export const Trace = z.string().min(1).max(200);
/** Any JSON, said as such: its schema holds itself, and OpenAPI's generator would not come to an end. */
export const args = z.record(z.string(), z.json()).openapi({ type: 'object', additionalProperties: true });

export const KeyHeader = z.object({
  'idempotency-key': z.string().min(1).max(100).optional().openapi({ description: 'The same again does nothing anew, and is answered the same.' }),
});
export const KeyNeeded = KeyHeader.required();
export const body = <S extends z.ZodType>(schema: S) => ({ required: true, content: { 'application/json': { schema } } });
export const security = [{ bearer: [] }];
