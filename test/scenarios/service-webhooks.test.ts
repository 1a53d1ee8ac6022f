/** Word of actions, sent to their callers: signed, to addresses the owners named and never inside, tried a bounded number of times. */
import { readFileSync } from 'node:fs';
import { createServer, type Server } from 'node:https';
import type { IncomingHttpHeaders } from 'node:http';
import type { AddressInfo } from 'node:net';
import { z } from 'zod';
import { afterAll, beforeAll, beforeEach, describe, expect, inject, test } from 'vitest';
import { judge } from '../../src/activities/judge.ts';
import { sendWord } from '../../src/activities/service/notify.ts';
import { isOutside, outside } from '../../src/adapters/host/outside.ts';
import { ProposalId } from '../../src/kernel/ids.ts';
import { ServiceTerms } from '../../src/kernel/service-terms.ts';
import { verifyWebhook } from '../../src/package/client.ts';
import { bills } from '../fixtures/bills.ts';
import { serviceStage, type ServiceStage } from '../fixtures/service.ts';

const tls = (file: string) => readFileSync(new URL(`../fixtures/tls/${file}`, import.meta.url), 'utf8');
interface Message {
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
}
const got: Message[] = [];
let answer = 200;
let clock = Date.now();
let receiver: Server;
let origin: string;
let at: ServiceStage;
let invoices: string[];
let token: string;
let secret: string;

beforeAll(async () => {
  receiver = createServer({ cert: tls('server.pem'), key: tls('server.key') }, (request, response) => {
    let body = '';
    request.on('data', (chunk: Buffer) => (body += chunk.toString()));
    request.on('end', () => {
      got.push({ headers: request.headers, body });
      response.writeHead(answer, answer === 302 ? { location: '/elsewhere' } : {}).end('taken');
    });
  });
  await new Promise<void>((resolve) => receiver.listen(0, 'localhost', resolve));
  const { port } = z.custom<AddressInfo>((address) => typeof address === 'object').parse(receiver.address());
  origin = `https://localhost:${port}`;
  at = await serviceStage(inject('services'), {
    change: (organization) => ({ ...organization, service: ServiceTerms.parse({ webhooks: [origin] }) }),
    outside: outside({ inside: ['localhost'], ca: tls('ca.pem') }),
    now: () => clock,
  });
  invoices = await bills(at.on, 1, 20, 10_000);
  const { body } = await at.send('/v1/delegations', {
    token: await at.person('clara'),
    key: 'one',
    body: { to: 'finance-analyst', task: 'hold what looks odd', expires: new Date(clock + 86_400_000).toISOString() },
  });
  ({ token, webhookSecret: secret } = z.object({ token: z.string(), webhookSecret: z.string() }).parse(body));
});
afterAll(async () => {
  receiver.closeAllConnections();
  receiver.close();
  await at.close();
});
beforeEach(() => {
  got.splice(0);
  answer = 200;
});

const act = (n: number, more: object = {}) =>
  at.send('/v1/actions', {
    token,
    key: `hold-${n}`,
    body: { tool: 'finance.hold_invoice', args: { invoice: invoices[n], reason: 'it looks odd' }, rationale: 'it looks odd', ...more },
  });
const asked = async (n: number) => z.object({ id: ProposalId }).parse((await act(n, { notify: `${origin}/charter` })).body).id;
const judged = (id: ProposalId) => judge(at.on.app.world, at.on.organization.id, id, 1);
const send = () => sendWord(at.on.app.world, at.on.organization.id);
const read = ({ headers, body }: Message, key = secret, now = clock) => verifyWebhook(key, headers, body, now);

test('word comes signed when the action has changed, once for each state', async () => {
  const id = await asked(0);
  expect(await send()).toBe(0); // nothing was decided yet
  await judged(id);
  expect(await send()).toBe(1);
  expect(await send()).toBe(0);
  const [message, ...more] = got;
  if (!message) throw new Error('no word came');
  expect(more).toEqual([]);
  expect(read(message)).toEqual({ id, state: 'permitted', settled: false });
  expect(JSON.parse(message.body)).toEqual({ type: 'action.changed', data: { id, state: 'permitted', settled: false } }); // ids and states, and nothing else
});

test('what was not signed so, lately, is not taken for word', async () => {
  const id = await asked(1);
  await judged(id);
  await send();
  const [message] = got;
  if (!message) throw new Error('no word came');
  expect(read(message, 'another')).toBeUndefined();
  expect(read({ ...message, body: message.body.replace('permitted', 'done') })).toBeUndefined();
  expect(read({ ...message, headers: { ...message.headers, 'webhook-id': 'another' } })).toBeUndefined();
  expect(read({ ...message, headers: { ...message.headers, 'webhook-timestamp': String(Math.floor(clock / 1_000) + 1) } })).toBeUndefined();
  for (const off of [-301_000, 301_000]) expect(read(message, secret, clock + off)).toBeUndefined();
  expect(read(message, secret, clock + 290_000)).toBeDefined();
});

test.each([500, 302])('a receiver that answers %d is tried again, later each time, and given up after eight', async (status) => {
  const id = await asked(status === 500 ? 2 : 3);
  await judged(id);
  answer = status;
  const waits: number[] = [];
  for (let waited = 0; waited < 3_600_000 && waits.length < 20; clock += 10_000, waited += 10_000) {
    await send();
    if (got.length > waits.length) waits.push(waited);
  }
  expect(waits).toEqual([0, 10, 30, 70, 150, 310, 630, 1_270].map((seconds) => seconds * 1_000));
  expect(got.every(({ headers }) => headers['webhook-id'] === `${id}.permitted`)).toBe(true);
  expect((await at.send(`/v1/actions/${id}`, { token })).body).toMatchObject({ state: 'permitted' }); // whoever asks is told all the same
});

test('word goes where the owners said, and nowhere else', async () => {
  for (const notify of [
    'https://elsewhere.example/hook',
    `${origin.replace('https', 'http')}/charter`,
    `${origin}.example/charter`,
    'charter',
    'file:///etc/passwd',
  ])
    expect(await act(9, { notify }), notify).toMatchObject({ status: 400, body: { type: 'charter:bad_input', detail: expect.stringContaining(origin) } });
});

describe('no address inside is written to:', () => {
  test.each([
    ...['127.0.0.1', '10.1.2.3', '172.16.0.1', '192.168.1.1', '169.254.169.254', '100.64.0.1', '0.0.0.0', '224.0.0.1', '255.255.255.255', '198.18.0.1'],
    ...[
      '::1',
      '::',
      'fe80::1',
      'fd00::1',
      'fc00::1',
      '::ffff:127.0.0.1',
      '::ffff:8.8.8.8',
      '64:ff9b::7f00:1',
      '2002:7f00:1::',
      '2001::1',
      '2001:db8::1',
      'ff02::1',
    ],
  ])('%s', (address) => expect(isOutside(address)).toBe(false));
  test.each(['8.8.8.8', '93.184.216.34', '2606:4700::1111', '2a00:1450:4001::1'])('%s is the open web', (address) => expect(isOutside(address)).toBe(true));
  test.each([
    ['by number', 'https://127.0.0.1:PORT/'],
    ['by another number', 'https://[::1]:PORT/'],
    ['by an odd number', 'https://2130706433:PORT/'],
    ['by name', 'https://localhost:PORT/'],
    ['without TLS', 'http://localhost:PORT/'],
  ])('%s', async (_how, url) => {
    const { port } = new URL(origin);
    await expect(outside({ ca: tls('ca.pem') }).post(url.replace('PORT', port), {}, '{}')).rejects.toMatchObject({ code: 'inside' });
    expect(got).toEqual([]);
  });
  test('a name with an address outside and one inside is none of the open web; what was looked at is what is connected to', async () => {
    const { port } = new URL(origin);
    const resolved = (list: readonly string[]) => outside({ ca: tls('ca.pem'), resolve: () => Promise.resolve(list) });
    await expect(resolved(['93.184.216.34', '127.0.0.1']).post(`https://localhost:${port}/`, {}, '{}')).rejects.toMatchObject({ code: 'inside' });
    await expect(resolved([]).post(`https://localhost:${port}/`, {}, '{}')).rejects.toMatchObject({ code: 'inside' });
    // The name says 127.0.0.1 to whoever asks it; it is not asked again.
    await expect(resolved(['240.0.0.1', '2606:4700::1111']).post(`https://localhost:${port}/`, {}, '{}')).rejects.toMatchObject({ code: 'inside' });
    await expect(resolved(['2606:4700::1111']).post(`https://localhost:${port}/`, {}, '{}')).rejects.toMatchObject({ code: 'not_sent' });
    expect(got).toEqual([]);
  });
});
