/** The inbox over the wire: who gets in, and what decides. */
import { spawn } from 'node:child_process';
import { request } from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, inject, test } from 'vitest';
import { z } from 'zod';
import type { Client } from '../../src/client.ts';
import { digest } from '../../src/kernel/digest.ts';
import { depthOf } from '../../src/surfaces/api/json-body.ts';
import { startApi } from '../../src/surfaces/api/server.ts';
import { inboxLink } from '../../src/surfaces/cli/call.ts';
import { MOST_LINKS, MOST_SESSIONS, MOST_STREAMS } from '../../src/surfaces/inbox/sessions.ts';
import { about, inboxOf, signIn, type Inbox } from '../fixtures/inbox.ts';

const CHARTER = fileURLToPath(new URL('../../bin/charter.mjs', import.meta.url));
let inbox: Inbox;
beforeAll(async () => {
  inbox = await inboxOf(inject('services'));
});
afterAll(() => inbox.close());

const task = () => inbox.on.task(about('new_supplier'));

interface Answer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  readonly text: string;
}

/** As a program sends it: nothing is added, and the name of the host can be any. */
function send(method: string, path: string, headers: Record<string, string> = {}, body?: object): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const sent = request(
      { host: '127.0.0.1', port: new URL(inbox.url).port, method, path, headers: { host: new URL(inbox.url).host, ...headers } },
      (response) => {
        let text = '';
        response.on('data', (chunk: Buffer) => (text += chunk.toString()));
        response.on('end', () => resolve({ status: response.statusCode ?? 0, headers: response.headers, text }));
      },
    );
    sent.once('error', reject);
    if (body) sent.setHeader('content-type', 'application/json');
    sent.end(body && JSON.stringify(body));
  });
}

const codeOf = (link: string): string => link.split('#token=')[1] ?? '';
const redeem = (code: string) => send('POST', '/api/session', { origin: inbox.url }, { code });
/** What a page of this person's sends. */
const signedIn = async (person: string) => ({ ...(await signIn(await inbox.link(person))) });

describe('over the wire', () => {
  test('a link signs in once; its session is a cookie that no script reads and no other site sends', async () => {
    const code = codeOf(await inbox.link('clara'));
    const first = await redeem(code);
    expect(first.status).toBe(200);
    expect(String(first.headers['set-cookie'])).toMatch(/^charter_inbox=[\w-]{32}; Path=\/; HttpOnly; SameSite=Strict$/);
    expect(JSON.parse(first.text)).toMatchObject({
      page: expect.stringMatching(/^[\w-]{32}$/) as string,
      person: 'clara',
      name: 'Clara Behrens',
      roles: ['finance'],
    });
    const second = await redeem(code);
    expect(second.status).toBe(403);
    expect(second.text).toContain('used before');
    expect(second.headers['set-cookie']).toBeUndefined();
  });

  test('who is not signed in, or was, reads nothing', async () => {
    const keys = await signedIn('clara');
    expect((await send('GET', '/api/tasks', keys)).status).toBe(200);
    expect((await send('POST', '/api/session/end', { ...keys, origin: inbox.url }, {})).status).toBe(200);
    for (const headers of [{}, keys, { cookie: 'charter_inbox=guessed', 'x-charter-page': 'guessed' }])
      for (const path of ['/api/tasks', '/api/me', '/api/stream', '/api/decided?text=']) expect((await send('GET', path, headers)).status).toBe(401);
  });

  test('the cookie alone is nobody: whatever listens on another port of this machine is sent it too', async () => {
    const [{ cookie, ...page }, other, { id }] = [await signedIn('clara'), await signedIn('clara'), await task()];
    const alone: Record<string, string>[] = [{ cookie }, page, { cookie, 'x-charter-page': other['x-charter-page'] }, { cookie, 'x-charter-page': '' }];
    const bearer = { cookie, authorization: `Bearer ${'x'.repeat(20)}` }; // a header that anybody can write is no way around the page
    for (const headers of [...alone, bearer]) {
      for (const path of ['/api/tasks', '/api/me', '/api/people', '/api/stream', `/api/tasks/${id}`, '/api/decided?text=', '/api/pictures'])
        expect((await send('GET', path, headers)).status, path).toBe(401);
      for (const path of [`/api/tasks/${id}/decision`, '/api/session/end'])
        expect((await send('POST', path, { ...headers, origin: inbox.url }, { choice: 'approve', reason: '' })).status, path).toBe(401);
    }
    expect((await send('POST', `/api/tasks/${id}/decision`, { ...page, ...bearer }, { choice: 'approve', reason: '' })).status).toBe(403); // no origin
    expect((await task()).votes).toEqual([]);
  });

  test('a link where somebody else is signed in asks first, and is not used up by asking', async () => {
    const [keys, code] = [await signedIn('clara'), codeOf(await inbox.link('emre'))];
    const use = (more: object) => send('POST', '/api/session', { ...keys, origin: inbox.url }, { code, ...more });
    const asked = await use({});
    expect([asked.status, asked.headers['set-cookie']]).toEqual([409, undefined]);
    expect(asked.text).toContain('`Clara Behrens` is signed in here, and this link is of `Emre Aydin`.');
    expect((await send('GET', '/api/me', keys)).text).toContain('"clara"');
    expect(JSON.parse((await use({ instead: true })).text)).toMatchObject({ person: 'emre' });
    expect((await send('GET', '/api/me', keys)).status).toBe(401);
  });

  test('links and sessions of one person are few: the oldest end, and no other person’s', async () => {
    const [greta, first] = [await signedIn('greta'), await inbox.link('viktor')];
    for (let n = 0; n < MOST_LINKS; n++) await inbox.link('viktor');
    expect((await redeem(codeOf(first))).text).toContain(`${MOST_LINKS} were made after it`);
    const sessions = [];
    for (let n = 0; n <= MOST_SESSIONS; n++) sessions.push(await signedIn('viktor'));
    const statuses = await Promise.all(sessions.map(async (keys) => (await send('GET', '/api/me', keys)).status));
    expect(statuses).toEqual([401, ...Array.from({ length: MOST_SESSIONS }, () => 200)]);
    expect((await send('GET', '/api/me', sessions[0])).text).toContain(`more than ${MOST_SESSIONS} at once`);
    expect((await send('GET', '/api/me', greta)).status).toBe(200);
  });

  test('a token that is none makes no link, and neither does the operator', async () => {
    for (const token of ['nobody.guessed', 'the-operator']) {
      expect((await send('POST', '/api/links', { authorization: `Bearer ${token}` }, {})).status).toBe(403);
    }
  });

  test('no GET decides: not at the address of a decision, with whatever it asks', async () => {
    const [keys, { id }] = [await signedIn('clara'), await task()];
    for (const path of [`/api/tasks/${id}/decision?choice=approve&reason=`, `/api/tasks/${id}/decision`, `/api/tasks/${id}/edit`, `/v1/decide?id=${id}`]) {
      expect((await send('GET', path, { ...keys, origin: inbox.url, authorization: `Bearer ${inbox.tokens['clara']}` })).status).toBe(404);
    }
    expect((await task()).votes).toEqual([]);
  });

  test.each([
    { law: 'of another site', headers: { origin: 'https://evil.example' } },
    { law: 'of another port here', headers: { origin: 'http://localhost:1' } },
    { law: 'without an origin', headers: {} },
    { law: 'of a page that hides', headers: { origin: 'null' } },
    { law: 'to a foreign name that leads here', headers: { origin: 'http://evil.example', host: 'evil.example' } },
  ])('a POST $law is refused', async ({ headers }) => {
    const [keys, { id }] = [await signedIn('clara'), await task()];
    const answer = await send('POST', `/api/tasks/${id}/decision`, { ...keys, ...headers }, { choice: 'approve', reason: '' });
    expect(answer.status).toBe(403);
    expect((await task()).votes).toEqual([]);
  });

  test.each([
    ['what a page reads', 'GET', '/api/me', {}],
    ['what a program asks for', 'POST', '/api/links', { authorization: `Bearer ${'x'.repeat(20)}` }],
  ])('under a foreign name that leads here nobody gets %s', async (_what, method, path, headers) => {
    const keys = await signedIn('clara');
    for (const host of ['evil.example', 'evil.example:8321', 'localhost.evil.example']) {
      const answer = await send(method, path, { host, ...keys, ...headers });
      expect([answer.status, answer.text], host).toEqual([403, expect.stringContaining('host unknown')]);
    }
  });

  test('the command line shows what it decides, and what changed since is not decided', async () => {
    const { app } = inbox.on;
    let changed = 0; // decisions of a client whose cards are older than what is in force
    const client: Client = {
      ...app.client,
      async task(caller, input) {
        const card = await app.client.task(caller, input);
        return changed++ === 0 && card.decision ? { ...card, decision: { ...card.decision, material: digest('as it was') } } : card;
      },
    };
    const api = await startApi({ client, operator: 'the-operator', host: '127.0.0.1', port: 0, missing: () => app.missing(), log: () => undefined });
    const { id } = await task();
    const decide = (...more: string[]) =>
      new Promise<{ code: number | null; out: string }>((resolve) => {
        const child = spawn(process.execPath, [
          CHARTER,
          '--url',
          `http://localhost:${api.port}`,
          '--token',
          inbox.tokens['clara'] ?? '',
          ...more,
          'inbox',
          'decide',
          id,
          '--approve',
        ]);
        let [shown, out] = ['', '']; // what is shown beside the answer, and the answer
        child.stderr.on('data', (chunk: Buffer) => (shown += chunk.toString()));
        child.stdout.on('data', (chunk: Buffer) => (out += chunk.toString()));
        child.once('close', (code) => resolve({ code, out: shown + out }));
      });
    const late = await decide();
    expect(late).toMatchObject({ code: 3, out: expect.stringMatching(/waits for people[\s\S]*changed since it was shown/) as string });
    expect((await task()).votes).toEqual([]);
    changed = 0;
    const json = await decide('--json');
    expect(JSON.parse(json.out)).toMatchObject({ counted: false, message: expect.stringContaining('changed since it was shown') as string });
    await api.close();
  }, 60_000);

  test('a POST that is no JSON, or says more than it may, is refused', async () => {
    const [keys, { id }] = [await signedIn('clara'), await task()];
    const path = `/api/tasks/${id}/decision`;
    expect((await send('POST', path, { ...keys, origin: inbox.url })).status).toBe(400);
    expect((await send('POST', path, { ...keys, origin: inbox.url }, { choice: 'approve', reason: '', person: 'johanna' })).status).toBe(400);
    expect((await task()).votes).toEqual([]);
  });

  test.each([
    { what: 'no JSON', body: '{"choice":', status: 400, says: 'json malformed' },
    { what: 'nothing but blanks', body: '  ', status: 400, says: 'json malformed' },
    {
      what: 'a form',
      body: 'choice=approve',
      type: 'application/x-www-form-urlencoded',
      status: 415,
      says: '`application/x-www-form-urlencoded` is not read here',
    },
    { what: 'JSON that says it is text', body: '{}', type: 'text/plain', status: 415, says: 'application/json' },
    { what: 'more than 100 kB', body: JSON.stringify({ reason: 'x'.repeat(100_001) }), status: 413, says: 'more than 100 kB' },
    { what: 'lists in lists without end', body: `{"args":{"a":${'['.repeat(40_000)}${']'.repeat(40_000)}}}`, status: 400, says: 'more than 32 deep' },
    { what: 'objects in objects without end', body: `{"args":${'{"a":'.repeat(15_000)}1${'}'.repeat(15_000)}}`, status: 400, says: 'more than 32 deep' },
  ])('a body that is $what is refused in words, and is no fault of ours', async ({ body, type = 'application/json', status, says }) => {
    const { app } = inbox.on;
    const faults: unknown[] = [];
    const log = (fields: object) => faults.push(fields);
    const api = await startApi({ client: app.client, operator: 'the-operator', host: '127.0.0.1', port: 0, missing: () => app.missing(), log });
    const origin = `http://localhost:${api.port}`;
    const keys = await signIn(await inboxLink({ dataDir: inbox.on.dataDir, as: undefined, token: inbox.tokens['clara'], url: origin }));
    const post = (path: string, more: Record<string, string>) =>
      fetch(origin + path, { method: 'POST', headers: { ...more, 'content-type': type, connection: 'close' }, body });
    const page = { ...keys, origin };
    const answers = [await post(`/api/tasks/${(await task()).id}/edit`, page), await post('/api/session', page)];
    if (status !== 413) answers.push(await post('/v1/edit', { authorization: `Bearer ${inbox.tokens['clara']}` })); // files come in there: it takes more
    for (const answer of answers) {
      expect([answer.status, answer.headers.get('content-type')]).toEqual([status, expect.stringContaining('json')]);
      const { title, detail } = z.object({ title: z.string(), detail: z.string() }).parse(await answer.json());
      expect(`${title}: ${detail}`).toContain(says);
    }
    expect(faults).toEqual([]);
    await api.close();
  });

  test('depth is of lists and objects, and nothing in a string counts', () => {
    expect(['1', '[]', '[[],{"a":[1]}]', '"[[["', '["\\"[[[","\\\\",[]]', '["[[['].map(depthOf)).toEqual([0, 1, 3, 0, 2, 1]);
  });

  test('what changed since it was shown is not decided', async () => {
    const [keys, { id }] = [await signedIn('clara'), await task()];
    const answer = await send('POST', `/api/tasks/${id}/decision`, { ...keys, origin: inbox.url }, { choice: 'approve', reason: '', seen: '0'.repeat(64) });
    expect(JSON.parse(answer.text)).toMatchObject({ counted: false, message: expect.stringContaining('changed since it was shown') });
    const { args } = await task();
    const version = { args: { ...args, payee: 'DE02120300000000202051' }, reason: 'as they told me', seen: '0'.repeat(64) };
    const edit = await send('POST', `/api/tasks/${id}/edit`, { ...keys, origin: inbox.url }, version);
    expect(JSON.parse(edit.text)).toMatchObject({ counted: false, message: expect.stringContaining('changed since it was shown'), task: { id } });
    expect(await task()).toMatchObject({ id, outcome: null, votes: [] });
  });

  test.each([
    { law: 'by who may not decide', person: 'greta', change: { payee: 'DE02120300000000202051' }, says: 'may not decide this' },
    { law: 'without a difference', person: 'clara', change: {}, says: 'Nothing is different' },
    { law: 'into what the tool does not take', person: 'clara', change: { payee: 'an account' }, says: 'does not take these arguments' },
    { law: 'for no reason', person: 'clara', change: { payee: 'DE02120300000000202051' }, reason: ' ok ', says: 'needs a reason' },
  ])('an edit $law changes nothing', async ({ person, change, reason, says }) => {
    const [keys, { id, args }] = [await signedIn(person), await task()];
    const answer = await send(
      'POST',
      `/api/tasks/${id}/edit`,
      { ...keys, origin: inbox.url },
      { args: { ...args, ...change }, reason: reason ?? 'as they told me' },
    );
    expect(answer.text).toContain(says);
    expect(answer.status).toBeGreaterThanOrEqual(400);
    expect(await task()).toMatchObject({ id, outcome: null });
  });

  test('what is searched for is what stands on the task, and no pattern', async () => {
    const keys = await signedIn('viktor');
    const Found = z.object({ tasks: z.array(z.object({ id: z.string(), outcome: z.string() })) });
    const found = async (text: string) => Found.parse(JSON.parse((await send('GET', `/api/decided?text=${encodeURIComponent(text)}`, keys)).text)).tasks;
    const done = (await inbox.on.tasks()).filter(({ outcome }) => outcome !== null);
    expect((await found('')).map(({ id }) => id).sort()).toEqual(done.map(({ id }) => id).sort());
    expect(await found(about('routine'))).toMatchObject([{ outcome: 'done' }]);
    for (const pattern of ['%done%', 'd_ne', '\\', '"label"']) expect(await found(pattern)).toEqual([]);
  });

  test('a stream ends with its session, and keeps no server from closing', async () => {
    const { app, dataDir } = inbox.on;
    const api = await startApi({
      client: app.client,
      operator: 'the-operator',
      host: '127.0.0.1',
      port: 0,
      missing: () => app.missing(),
      log: () => undefined,
    });
    const origin = `http://localhost:${api.port}`;
    const session = async () => signIn(await inboxLink({ dataDir, as: undefined, token: inbox.tokens['clara'], url: origin }));
    const listen = (headers: Record<string, string>) => fetch(`${origin}/api/stream`, { headers });
    const [ended, open] = [{ ...(await session()) }, { ...(await session()) }];
    const streams = await Promise.all([ended, open].map(listen));
    await fetch(`${origin}/api/session/end`, { method: 'POST', headers: { ...ended, origin } });
    expect(await streams[0]?.text()).toMatch(/^event: changed\ndata: \d+\.\d+\n/);
    const warnings: unknown[] = [];
    process.on('warning', (warning) => warnings.push(warning));
    const later = await Promise.all(Array.from({ length: MOST_STREAMS }, () => listen(open))); // one more than may be open
    const others = [{ ...(await session()) }, { ...(await session()) }].flatMap((keys) => Array.from({ length: MOST_STREAMS }, () => listen(keys)));
    later.push(...(await Promise.all(others))); // more than ten of all
    await sleep(1_000); // by now each waits for what is recorded next
    expect(await streams[1]?.text()).toMatch(/event: overtaken\ndata: \n\n$/);
    await Promise.all([api.close(), ...later.map((one) => one.text())]);
    expect(warnings).toEqual([]); // of listeners that nobody takes away
  }, 10_000);

  test('a page loads nothing from elsewhere, runs no script of its own text, and is framed by nobody', async () => {
    const { status, headers, text } = await send('GET', '/');
    expect(status).toBe(200);
    const policy = String(headers['content-security-policy']);
    expect(policy).toMatch(/^default-src 'none'; script-src 'self'; style-src 'self' 'nonce-[\w+/=]{24}'; connect-src 'self'; img-src 'self'; base-uri 'none'/);
    expect(policy).toContain("frame-ancestors 'none'");
    expect(text).toContain(/nonce-([\w+/=]{24})/.exec(policy)?.[1]);
    expect((await send('GET', '/')).headers['content-security-policy']).not.toBe(policy);
  });

  test('the routes describe themselves', async () => {
    const document = z.object({ paths: z.record(z.string(), z.object({}).loose()) }).parse(JSON.parse((await send('GET', '/api/openapi.json')).text));
    expect(Object.keys(document.paths)).toContain('/api/tasks/{id}/decision');
    expect(Object.keys(document.paths['/api/tasks/{id}/decision'] ?? {})).toEqual(['post']);
  });
});
