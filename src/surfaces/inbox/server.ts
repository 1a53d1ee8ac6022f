/** The inbox's server: pages, sessions, and routes that each call one operation of the client as the person who is signed in. */
import { OpenAPIHono } from '@hono/zod-openapi';
import { bodyLimit } from 'hono/body-limit';
import type { Context } from 'hono';
import { deleteCookie, getCookie, setCookie } from 'hono/cookie';
import { z } from 'zod';
import type { Caller, Client } from '../../client.ts';
import { jsonBody } from '../api/json-body.ts';
import { failed, problem, type Trouble } from '../api/problems.ts';
import { fromHere, hardened } from './guards.ts';
import { pages } from './pages.ts';
import { routes } from './routes.ts';
import { createSessions, MOST_LINKS, MOST_SESSIONS, type Keys, type Sessions } from './sessions.ts';
import { changes } from './stream.ts';

const COOKIE = 'charter_inbox';
const PAGE = 'x-charter-page'; // what only a page of our own origin can send
const LARGEST_BODY = 100_000; // bytes: a vote with its reason, or an edit
const TOO_LARGE = problem('request_too_large', `This is more than ${LARGEST_BODY / 1_000} kB in one request. Write less; nothing was done.`, 2);

export interface InboxOptions extends Trouble {
  readonly client: Client;
  readonly closing: AbortSignal;
}

/** Nobody is signed in here, or not any more. */
class SignedOut extends Error {
  override readonly name = 'SignedOut';
}

type Who = (c: Context) => Caller;

const keysOf = (c: Context): Keys => ({ cookie: getCookie(c, COOKIE), page: c.req.header(PAGE) });
const SIGNED_OUT = `Nobody is signed in here. A session ends after twelve hours, when Charter starts anew, and when its person opens more than ${MOST_SESSIONS} at once. Run \`npx charter inbox open --as NAME\`.`;
const LINK_USED = `This link was used before, is older than five minutes, or ${MOST_LINKS} were made after it. Run \`npx charter inbox open --as NAME\` again.`;

export function inboxApp({ client, closing, ...trouble }: InboxOptions): OpenAPIHono {
  const sessions = createSessions(Date.now);
  const who: Who = (c) => {
    const caller = sessions.caller(keysOf(c));
    if (!caller) throw new SignedOut();
    return caller;
  };
  const app = new OpenAPIHono({
    defaultHook: (result, c) => (result.success ? undefined : c.json(problem('input_invalid', z.prettifyError(result.error), 2), 400)),
  });
  app.use(hardened);
  app.use('/api/*', fromHere, bodyLimit({ maxSize: LARGEST_BODY, onError: (c) => c.json(TOO_LARGE, 413) }), jsonBody);
  app.onError(async (error, c) => {
    if (error instanceof SignedOut) return c.json(problem('signed_out', SIGNED_OUT, 3), 401);
    const { body, status } = await failed(error, c.req.path, trouble);
    return c.json(body, status);
  });
  signing(app, client, sessions, who);
  reading(app, client, who);
  acting(app, client, who);
  app.get('/api/stream', (c) => {
    who(c);
    const keys = keysOf(c);
    const mine = sessions.stream(keys);
    return changes(c, { client, caller: () => sessions.caller(keys), closing, overtaken: mine.signal, closed: () => sessions.closed(keys, mine), trouble });
  });
  app.doc31('/api/openapi.json', { openapi: '3.1.0', info: { title: 'Charter inbox', version: '1' } });
  app.all('/api/*', (c) => c.json(problem('route_unknown', 'There is nothing here.', 2), 404));
  app.route('/', pages());
  return app;
}

function signing(app: OpenAPIHono, client: Client, sessions: Sessions, who: Who): void {
  app.openapi(routes.link, async (c) => {
    const token = /^Bearer (\S+)$/.exec(c.req.header('authorization') ?? '')?.[1];
    if (token === undefined) throw new SignedOut();
    const { person, name } = await client.me({ kind: 'person', token }, {}); // a token that is none makes no link
    return c.json({ code: sessions.link({ token, person, name }) }, 200);
  });
  app.openapi(routes.signIn, async (c) => {
    const { code, instead } = c.req.valid('json');
    const [here, meant] = [sessions.holder(keysOf(c)), sessions.meant(code)];
    if (meant && here && here.person !== meant.person && instead !== true)
      return c.json(problem('other_signed_in', `\`${here.name}\` is signed in here, and this link is of \`${meant.name}\`.`, 3), 409);
    const keys = sessions.redeem(code);
    const caller = keys && sessions.caller(keys);
    if (!caller) return c.json(problem('link_used', LINK_USED, 3), 403);
    sessions.end(keysOf(c));
    setCookie(c, COOKIE, keys.cookie, { httpOnly: true, sameSite: 'Strict', path: '/' });
    return c.json({ ...(await client.me(caller, {})), page: keys.page }, 200);
  });
  app.openapi(routes.signOut, (c) => {
    who(c);
    sessions.end(keysOf(c));
    deleteCookie(c, COOKIE, { path: '/' });
    return c.json({ ended: true }, 200);
  });
}

function reading(app: OpenAPIHono, client: Client, who: Who): void {
  app.openapi(routes.me, async (c) => c.json(await client.me(who(c), {}), 200));
  app.openapi(routes.people, async (c) => c.json(await client.people(who(c), {}), 200));
  app.openapi(routes.place, async (c) => c.json(await client.place(who(c), {}), 200));
  app.openapi(routes.waiting, async (c) => c.json(await client.inbox(who(c), { all: false, ...c.req.valid('query') }), 200));
  app.openapi(routes.decided, async (c) => c.json(await client.search(who(c), c.req.valid('query')), 200));
  app.openapi(routes.task, async (c) => c.json(await client.task(who(c), c.req.valid('param')), 200));
  app.openapi(routes.why, async (c) => c.json(await client.why(who(c), c.req.valid('param')), 200));
  app.openapi(routes.pictures, async (c) => c.json(await client.pictures(who(c), {}), 200));
  app.openapi(routes.picture, async (c) => c.json(await client.picture(who(c), c.req.valid('param')), 200));
  app.openapi(routes.consents, async (c) => c.json(await client.consents(who(c), {}), 200));
  app.openapi(routes.rotaChanges, async (c) => c.json(await client.rota_changes(who(c), {}), 200));
  app.openapi(routes.duties, async (c) => c.json(await client.tasks(who(c), {}), 200));
  app.openapi(routes.amendments, async (c) => c.json(await client.amendments(who(c), { all: true }), 200));
  app.openapi(routes.rules, async (c) => c.json(await client.rules(who(c), {}), 200));
  app.openapi(routes.ruleTemplates, async (c) => c.json(await client.rule_templates(who(c), {}), 200));
  app.openapi(routes.previewRule, async (c) => c.json(await client.rule_preview(who(c), c.req.valid('json')), 200));
  app.openapi(routes.answer, async (c) => c.json(await client.answer(who(c), c.req.valid('param')), 200));
}

function acting(app: OpenAPIHono, client: Client, who: Who): void {
  app.openapi(routes.decide, async (c) => c.json(await client.decide(who(c), { ...c.req.valid('param'), ...c.req.valid('json') }), 200));
  app.openapi(routes.ratify, async (c) => c.json(await client.ratify(who(c), { amendment: c.req.valid('param').id, ...c.req.valid('json') }), 200));
  app.openapi(routes.proposeRule, async (c) => c.json(await client.rule_change(who(c), c.req.valid('json')), 200));
  app.openapi(routes.edit, async (c) => c.json(await client.edit(who(c), { ...c.req.valid('param'), ...c.req.valid('json') }), 200));
  app.openapi(routes.nudge, async (c) => c.json(await client.nudge(who(c), { ...c.req.valid('param'), ...c.req.valid('json') }), 200));
  app.openapi(routes.answerConsent, async (c) => c.json(await client.answer_consent(who(c), { ...c.req.valid('param'), ...c.req.valid('json') }), 200));
  app.openapi(routes.finishDuty, async (c) => c.json(await client.finish_task(who(c), c.req.valid('param')), 200));
  app.openapi(routes.respond, async (c) => c.json(await client.respond(who(c), { ...c.req.valid('param'), ...c.req.valid('json') }), 200));
}
