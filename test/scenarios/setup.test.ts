/** An owner sets up the organization over the wire: people, grants and tools. The files stay the declaration, and what is wider waits for the owners. */
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, inject, test } from 'vitest';
import type { Caller } from '../../src/client.ts';
import { bills } from '../fixtures/bills.ts';
import { OPERATOR, serviceStageOnFiles, type ServiceStage } from '../fixtures/service.ts';

const MINOR = 40_000;
let at: ServiceStage;
let folder: string;
let johanna: string; // owner
let clara: string; // finance
const file = (name: string) => readFileSync(join(folder, name), 'utf8');
const put = (token: string, path: string, body: unknown) => at.send(path, { method: 'PUT', token, body });
const remove = (token: string, path: string) => at.send(path, { method: 'DELETE', token });
const eur = (minor: number) => ({ minor, currency: 'EUR' });
const CLARA = { name: 'Clara Behrens', roles: ['finance'], manager: 'johanna', site: 'mill-lane' };
const asJohanna = (): Caller => ({ kind: 'person', token: johanna });
const told = async () => (await at.on.rows(`select id from event where org = $1 and type = 'organization.changed'`, [at.on.organization.id])).length;

async function ratified(): Promise<void> {
  const { client } = at.on.app;
  const { id } = await client.amend(asJohanna(), { reason: 'it was set up over the wire' });
  const now = () => client.amendment(asJohanna(), { id });
  await at.on.until('it is checked', async () => (await now()).state !== 'checking');
  await client.ratify(asJohanna(), { amendment: id, digest: (await now()).digest });
  await at.on.until('it is ratified', async () => (await now()).state === 'ratified');
}

beforeAll(async () => {
  ({ at, folder } = await serviceStageOnFiles(inject('services')));
  await at.on.worker(); // carries amendments
  [johanna, clara] = [await at.person('johanna'), await at.person('clara')];
});
afterAll(() => at.close());

test('an owner reads what is declared, as the files say it', async () => {
  const { status, body } = await at.send('/v1/organization', { token: johanna });
  expect(status).toBe(200);
  expect(body).toMatchObject({
    organization: at.on.organization.id,
    currency: 'EUR',
    people: expect.arrayContaining([
      { ...CLARA, person: 'clara', status: 'active', authority: { finance: { perCall: eur(200_000), perDay: eur(1_000_000) } } },
    ]),
    servers: [],
    waiting: [],
  });
});

describe('nobody else sets it up:', () => {
  test.each([
    ['GET', '/v1/organization', undefined],
    ['PUT', '/v1/people/greta', { name: 'Greta', roles: [] }],
    ['DELETE', '/v1/people/greta', undefined],
    ['PUT', '/v1/tools/crm', { agents: [], tools: [] }],
    ['DELETE', '/v1/tools/crm', undefined],
  ])('%s %s', async (method, path, body) => {
    const before = [file('people.yaml'), await told()];
    const { token: delegated } = await at.handed(clara);
    for (const token of [clara, delegated, OPERATOR]) expect((await at.send(path, { method, token, body })).status).toBeGreaterThanOrEqual(400);
    expect((await at.send(path, { method, body })).status).toBe(401);
    expect([file('people.yaml'), await told()]).toEqual(before);
  });
});

test('authority that is taken holds from the next call on, is on record with who took it, and the file says so with its comments', async () => {
  const invoices = await bills(at.on, 1, 3, MINOR);
  const [supplier] = await at.on.rows<{ iban: string }>(`select iban from supplier where org = $1 and id = 'S-001'`, [at.on.organization.id]);
  const { token } = await at.handed(clara);
  const judged = (n: number) => at.judged(token, 'finance.pay_invoice', { invoice: invoices[n], payee: supplier?.iban, amount: eur(MINOR) });
  expect(await judged(0)).toMatchObject({ verdict: 'permit' });

  const narrower = { finance: { perCall: eur(10_000), perDay: eur(20_000) } };
  const { status, body } = await put(johanna, '/v1/people/clara', { ...CLARA, authority: narrower });
  expect([status, body]).toEqual([
    200,
    { changes: expect.arrayContaining([expect.stringMatching(/clara in finance: 2,000\.00 -> 100\.00 EUR/)]), waiting: [] },
  ]);
  expect(await judged(1)).toMatchObject({ verdict: 'escalate' });
  expect(file('people.yaml')).toContain('per_call: "100.00"');
  expect(file('people.yaml')).toContain('# apprentice');
  const [event] = await at.on.rows<{ id: string }>(`select id from event where org = $1 and type = 'organization.changed' order by position desc limit 1`, [
    at.on.organization.id,
  ]);
  expect(JSON.stringify(await at.on.app.client.why(asJohanna(), { id: event?.id ?? '' }))).toContain('johanna changed the files of the organization');

  const before = await told();
  await put(johanna, '/v1/people/clara', { ...CLARA, authority: narrower }); // the same again
  expect(await told()).toBe(before);
  const wide = { finance: { perCall: eur(200_000), perDay: eur(1_000_000) } };
  expect((await put(johanna, '/v1/people/clara', { ...CLARA, authority: wide })).body).toEqual({ changes: [expect.stringContaining('clara')], waiting: [] }); // as ratified
  expect(await judged(2)).toMatchObject({ verdict: 'permit' });
});

test('what is wider than what was ratified waits for the owners, and holds once they ratified it', async () => {
  const wider = { finance: { perCall: eur(900_000), perDay: eur(1_000_000) } };
  expect((await put(johanna, '/v1/people/clara', { ...CLARA, authority: wider })).body).toEqual({
    changes: [],
    waiting: ['clara in finance: 2,000.00 -> 9,000.00 EUR a call'],
  });
  const authority = async () =>
    (await at.on.rows<{ authority: unknown }>(`select authority from person where org = $1 and person = 'clara'`, [at.on.organization.id]))[0]?.authority;
  expect(await authority()).toMatchObject({ finance: { perCall: 200_000 } });
  await ratified();
  expect(await authority()).toMatchObject({ finance: { perCall: 900_000 } });
  expect((await at.send('/v1/organization', { token: johanna })).body).toMatchObject({ waiting: [] });
});

test('a role that is taken from somebody takes no limit away that bound them by it, before the owners ratified it', async () => {
  const invoices = await bills(at.on, 2, 3, MINOR);
  const [supplier] = await at.on.rows<{ iban: string }>(`select iban from supplier where org = $1 and id = 'S-001'`, [at.on.organization.id]);
  const { token } = await at.handed(clara);
  const judged = async (n: number) =>
    (await at.judged(token, 'finance.pay_invoice', { invoice: invoices[n], payee: supplier?.iban, amount: eur(MINOR) })).verdict;
  const authority = { finance: { perCall: eur(900_000), perDay: eur(1_000_000) } };
  expect(await judged(0)).toBe('permit');
  writeFileSync(join(folder, 'people.yaml'), `${file('people.yaml')}\noverrides:\n  - { role: compliance, per_call: "1.00" }\n`);
  await put(johanna, '/v1/people/clara', { ...CLARA, roles: ['finance', 'compliance'], authority });
  await ratified();
  await at.on.until('it holds', async () => (await judged(1)) === 'escalate');
  await put(johanna, '/v1/people/clara', { ...CLARA, authority });
  expect(await judged(2)).toBe('escalate');
  writeFileSync(join(folder, 'people.yaml'), file('people.yaml').replace(/\noverrides:[^]*$/, '\n'));
  await put(johanna, '/v1/people/clara', { ...CLARA, authority });
  await ratified();
});

test('who left stays so where a name alone is corrected, and comes back with nothing', async () => {
  await put(johanna, '/v1/people/olaf', { name: 'Olaf Lund', roles: ['compliance'] });
  expect((await remove(johanna, '/v1/people/olaf')).body).toMatchObject({ changes: ['olaf left'] });
  expect((await put(johanna, '/v1/people/olaf', { name: 'Olaf Lunde', roles: [] })).body).toMatchObject({ changes: [] });
  const found = async () => (await at.on.rows(`select name, status, roles from person where org = $1 and person = 'olaf'`, [at.on.organization.id]))[0];
  expect(await found()).toEqual({ name: 'Olaf Lunde', status: 'left', roles: [] });
  await put(johanna, '/v1/people/olaf', { name: 'Olaf Lunde', roles: ['compliance'], status: 'active' });
  expect(await found()).toEqual({ name: 'Olaf Lunde', status: 'active', roles: [] });
  await remove(johanna, '/v1/people/olaf');
});

test('nobody becomes the only one in a role by their own word', async () => {
  const viktor = { name: 'Viktor Voss', roles: ['operations'], manager: 'johanna', site: 'station-yard' };
  const nadia = { name: 'Nadia Petrov', roles: ['staffing'], manager: 'johanna', site: 'mill-lane' };
  expect((await put(johanna, '/v1/people/viktor', viktor)).status).toBe(200); // nadia is a manager as well
  const before = file('people.yaml');
  for (const answer of [await put(johanna, '/v1/people/nadia', nadia), await remove(johanna, '/v1/people/nadia')])
    expect([answer.status, JSON.stringify(answer.body)]).toEqual([400, expect.stringContaining('You would be the only one with the role `manager` then')]);
  expect(file('people.yaml')).toBe(before);
});

test('somebody new is there at once and may nothing yet; whoever leaves opens nothing from the next call on', async () => {
  expect((await put(johanna, '/v1/people/nora', { name: 'Nora Lind', roles: ['compliance'], manager: 'johanna' })).body).toMatchObject({
    changes: ['nora joined'],
    waiting: expect.arrayContaining([expect.stringContaining('nora')]),
  });
  const nora = await at.person('nora');
  expect(await at.on.app.client.me({ kind: 'person', token: nora }, {})).toMatchObject({ name: 'Nora Lind', roles: [] });
  expect((await remove(johanna, '/v1/people/nora')).body).toMatchObject({ changes: ['nora left'] });
  await expect(at.on.app.client.me({ kind: 'person', token: nora }, {})).rejects.toMatchObject({ code: 'token_unknown' });
  expect(file('people.yaml')).toMatch(/id: nora.*roles: \[\].*status: left/);
});

describe('what cannot be is refused with its place, and nothing changes:', () => {
  const nobody = { name: 'Nobody', roles: [] };
  test.each([
    ['a manager whom nobody knows', 'greta', { ...nobody, manager: 'jonah' }, /people\.yaml:\d+: manager `jonah` is not in people\.yaml/],
    ['a site that is none', 'greta', { ...nobody, site: 'the-moon' }, /people\.yaml:\d+: `the-moon` is no site/],
    ['a role that is none', 'greta', { ...nobody, roles: ['king'] }, /king|roles/],
    ['money of another currency', 'greta', { ...nobody, authority: { finance: { perCall: { minor: 1, currency: 'CHF' }, perDay: eur(1) } } }, /`0\.01 CHF`/],
    ['a name that is YAML', 'greta', { ...nobody, name: 'a\u0000b' }, /name/],
    ['the last owner who leaves', 'johanna', { name: 'Johanna Lindner', roles: [] }, /nobody active has the role `owner`/],
    ['an id that is none', '..%2Forganization', nobody, /person/],
  ])('%s', async (_what, id, body, says) => {
    const before = [file('people.yaml'), await told()];
    const answer = await put(johanna, `/v1/people/${id}`, body);
    expect([answer.status, String(JSON.stringify(answer.body))]).toEqual([400, expect.stringMatching(says)]);
    expect([file('people.yaml'), await told()]).toEqual(before);
  });
  test('a name with every sign of YAML is that name', async () => {
    const name = `{"a: [b]}, &c *d !e |\n# f' - ?`;
    expect((await put(johanna, '/v1/people/greta', { name, roles: [], manager: 'viktor' })).status).toBe(200);
    expect((await at.send('/v1/organization', { token: johanna })).body).toMatchObject({ people: expect.arrayContaining([expect.objectContaining({ name })]) });
  });
});

test('tools of a server are drafted, declared, ratified and taken out', async () => {
  const listed = [
    { name: 'get_offer', description: 'Reads an offer', inputSchema: { type: 'object', properties: { id: { type: 'string' } }, required: ['id'] } },
  ];
  const { body: manifest } = await at.send('/v1/tools/crm/draft', { token: johanna, body: { listed } });
  expect(manifest).toMatchObject({ server: 'crm', tools: [{ name: 'get_offer', effect: 'read' }] });
  const tools = JSON.parse(JSON.stringify(manifest)).tools;
  const declared = await put(johanna, '/v1/tools/crm', { agents: ['operations-coordinator'], tools });
  expect(declared.body).toMatchObject({ waiting: expect.arrayContaining(['tool crm.get_offer']) });
  const { token } = await at.handed(await at.person('viktor'), { agent: 'operations-coordinator' });
  expect(await at.judged(token, 'crm.get_offer', { id: 'o-1' })).toMatchObject({ verdict: 'deny' });
  await ratified();
  const holds = async () => (await at.judged(token, 'crm.get_offer', { id: 'o-1' })).verdict === 'permit';
  await at.on.until('it holds here as well', holds); // another process counted the votes
  expect((await put(johanna, '/v1/tools/crm', { agents: ['a-new-agent'], tools })).status).toBe(400);
  expect((await remove(johanna, '/v1/tools/crm')).body).toMatchObject({ waiting: expect.arrayContaining(['tool crm.get_offer']) });
  expect(existsSync(join(folder, 'tools/crm.yaml'))).toBe(false);
  expect((await remove(johanna, '/v1/tools/crm')).status).toBe(404);
});
