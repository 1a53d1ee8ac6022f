/** Amendments, on the real services: what is put to the vote, who may, what is swapped, and what that does to what waits. */
import { randomUUID } from 'node:crypto';
import { afterAll, afterEach, beforeAll, describe, expect, inject, test } from 'vitest';
import { saveOrganization } from '../../src/adapters/postgres/organizations.ts';
import type { AmendmentCard, Caller } from '../../src/client.ts';
import type { Level } from '../../src/kernel/nouns.ts';
import { draftFolder, NIGHT, NIGHT_CASES, type DraftFolder } from '../fixtures/draft.ts';
import { reviewed, stage, type Stage } from '../fixtures/stage.ts';

const LARGE = 'S-002:R-4502'; // a payment that waits for finance and for the owner
const HELD = 'S-003:KR-20291'; // a duplicate that was held
const operator: Caller = { kind: 'operator' };

let on: Stage;
let draft: DraftFolder;
let people: Record<'johanna' | 'clara' | 'viktor', Caller>;
beforeAll(async () => {
  const services = inject('services');
  draft = draftFolder(services.dataDir);
  on = await stage(services, {
    constitution: draft.url,
    change: (organization) => ({ ...organization, levels: { ...organization.levels, ['operations-coordinator']: 'shadow' } }),
  });
  await on.app.begin();
  await on.worker();
  await reviewed(on, 'first');
  await reviewed(on, 'first', 'operations');
  people = { johanna: await on.person('johanna'), clara: await on.person('clara'), viktor: await on.person('viktor') };
}, 120_000);
afterAll(() => on.close());
afterEach(() => draft.reset());

const amendment = (id: string): Promise<AmendmentCard> => on.app.client.amendment(operator, { id });
const checked = async (made: AmendmentCard): Promise<AmendmentCard> => {
  await on.until('it is checked', async () => (await amendment(made.id)).state !== 'checking');
  return amendment(made.id);
};
const propose = async (reason = 'the bank asks for it'): Promise<AmendmentCard> => checked(await on.app.client.amend(people.johanna, { reason }));
const inForce = async (): Promise<string> => (await on.app.client.constitution_show(operator, {})).digest;
const ended = async (id: string, state: string) => on.until(`it is ${state}`, async () => (await amendment(id)).state === state);

describe('a bad draft is refused with its place and the reason, and what is in force runs on', () => {
  const head = '@id("bad.one") @article("X1") @title("Bad") @source("nowhere")\n';
  const forbid = (when: string): string => `${head}forbid (principal, action in Action::"Money", resource)\nwhen { ${when} };\n`;
  const one = [{ article: 'bad.one', name: 'a payment passes', tool: 'finance.pay_invoice', facts: {}, expect: 'permit' }];

  test.each([
    ['a syntax error', () => draft.write('90-bad', forbid('context.base.halted &&')), /90-bad\.cedar:3:\d+ unexpected token/],
    ['an unknown attribute', () => draft.write('90-bad', forbid('context.base.hallted')), /90-bad\.cedar:3:8 `bad\.one`: .*`base\.hallted`/],
    ['a warning', () => draft.write('90-bad', forbid('false'), one), /90-bad\.cedar:\d+:\d+ `bad\.one`: .*impossible/],
    [
      'a promise that its clause breaks',
      () => draft.write('90-bad', NIGHT.replace('@quorum("1")', '@quorum("2")')),
      /90-bad\.cedar: `night\.money` does not end in exactly unless/,
    ],
    [
      'a case that fails',
      () => draft.write('90-bad', forbid('context.base.hour == 4'), [{ ...one[0], facts: { base: { hour: 4 } } }]),
      /90-bad\.cases\.ts: `bad\.one`, “a payment passes”: permit is expected, the draft says deny/,
    ],
    ['no case at all', () => draft.write('90-bad', forbid('context.base.hour == 3')), /90-bad\.cedar: `bad\.one` has no case/],
    [
      'an article of a megabyte',
      () => draft.write('90-bad', `${head}// ${'x'.repeat(1_048_576)}\n${forbid('context.base.hour == 3')}`),
      /90-bad\.cedar:1: has 1048\d+ bytes/,
    ],
    ['what is not UTF-8', () => draft.write('90-bad', Buffer.concat([Buffer.from(`${head}// `), Buffer.from([0xff, 0xfe])])), /90-bad\.cedar:2: is not UTF-8/],
    [
      'nesting of 10,000',
      () => draft.write('90-bad', forbid(`${'('.repeat(10_000)}context.base.halted${')'.repeat(10_000)}`)),
      /90-bad\.cedar:3: nests more than 40/,
    ],
    [
      'a chain of 600 terms',
      () => draft.write('90-bad', forbid(`context.base.halted${' || context.base.halted'.repeat(600)}`)),
      /90-bad\.cedar:3: one article has more than 300/,
    ],
    ['cases that never end', () => draft.edit('20-finance.cases.ts', () => 'process.exit(7);'), /could not be judged: its examination ended with 7/],
  ])('%s', async (_what, write, problem) => {
    const before = await inForce();
    write();
    await expect(on.app.client.amend(people.johanna, { reason: 'for the test' })).rejects.toMatchObject({
      code: 'draft_refused',
      message: expect.stringMatching(problem) as string,
    });
    expect(await inForce()).toBe(before);
    expect(await on.app.client.amendments(operator, { all: true })).toEqual([]);
    const judged = await on.app.client.gate_check(operator, { agent: 'finance-analyst', tool: 'finance.pay_invoice', args: {}, onBehalfOf: null });
    expect(judged.kind).not.toBe('engine_error');
  });

  test.each([
    [
      'removed',
      (text: string) => text.replace(/@id\("replication\.chain"\)[\s\S]*?;\n/, ''),
      /`replication\.chain`: C1 .* is one of the constraints that no amendment removes/,
    ],
    [
      'weakened',
      (text: string) => text.replace('context.base.chain_length > 3', 'context.base.chain_length > 300'),
      /`replication\.chain`: C1 .* that no amendment changes/,
    ],
  ])('a constraint that is %s', async (_how, change, problem) => {
    draft.edit('10-constraints.cedar', change);
    await expect(on.app.client.amend(people.johanna, { reason: 'it is in the way' })).rejects.toMatchObject({
      code: 'draft_refused',
      message: expect.stringMatching(problem) as string,
    });
  });

  test('a grant that is removed', async () => {
    draft.edit('00-grants.cedar', (text) => text.replace(/@id\("grant\.act"\)[\s\S]*?;\n/, ''));
    await expect(on.app.client.amend(people.johanna, { reason: 'it is in the way' })).rejects.toThrow('`grant.act`');
  });
});

describe('who may', () => {
  test('no tool leads to an amendment, and nobody but an owner proposes or ratifies one', async () => {
    const reach = [...on.app.world.writes.keys(), ...on.app.world.reads.keys()];
    expect(reach.length).toBeGreaterThan(10);
    expect(reach.filter((name) => /amend|ratif|constitution|level|article/.test(name))).toEqual([]);
    await expect(on.app.client.propose(people.johanna, { tool: 'constitution.amend', args: {}, reason: 'please do', message: 'x' })).rejects.toMatchObject({
      code: 'tool_unknown',
    });
    draft.write('90-night', NIGHT, NIGHT_CASES);
    await expect(on.app.client.amend(people.viktor, { reason: 'nobody looks at night' })).rejects.toMatchObject({ code: 'role_missing' });
    await expect(on.app.client.amend(operator, { reason: 'nobody looks at night' })).rejects.toMatchObject({ code: 'person_needed' });
    await expect(on.app.client.ratify(people.viktor, {})).rejects.toMatchObject({ code: 'role_missing' });
    await expect(on.app.client.level_lower(people.viktor, { agent: 'finance-analyst', to: 'ask', reason: 'to be sure' })).rejects.toMatchObject({
      code: 'role_missing',
    });
    expect(await on.app.client.amendments(operator, { all: true })).toEqual([]);
  });

  test('what is in force is not ratified again past an amendment', async () => {
    await expect(on.app.client.ratify(operator, {})).rejects.toMatchObject({ code: 'person_needed' });
    await expect(on.app.client.ratify(people.johanna, {})).rejects.toMatchObject({ code: 'amendment_missing' });
    await expect(on.app.client.amend(people.johanna, { reason: 'nothing at all' })).rejects.toMatchObject({ code: 'nothing_changed' });
  });
});

test('what changed is shown in words, with the recorded decisions that would be others; a decline ends it', async () => {
  draft.edit('20-finance.cedar', (text) => text.replace('context.payment.amount_minor > context.base.limit_call_minor', 'context.payment.amount_minor > 1000'));
  const report = await on.app.client.constitution_check(operator, {});
  expect(report.problems.join()).toContain('permit is expected'); // the cases beside it say otherwise: the articles and their cases change together
  draft.reset();
  draft.write('90-night', NIGHT.replace('context.base.hour >= 20 || context.base.hour < 6', 'context.base.hour < 9'), [
    { ...NIGHT_CASES[0], facts: { base: { hour: 13 } } },
    { ...NIGHT_CASES[1], facts: { base: { hour: 8 } } },
  ]);
  const made = await propose();
  expect(made).toMatchObject({ state: 'open', quorum: 1, may: ['johanna'], proposedBy: 'johanna', what: 'constitution' });
  expect(made.findings?.changes).toEqual([
    {
      what: 'article',
      name: 'night.money',
      how: 'added',
      title: 'N1 A payment at night needs finance',
      source: 'finance handbook 10',
      lines: expect.arrayContaining(['+ when { context.base.hour < 9 }']) as string[],
    },
  ]);
  const permitted = await on.rows<{ n: number }>(
    `select count(*)::int n from decision d join proposal p on p.org = d.org and p.id = d.proposal where d.org = $1 and d.verdict = 'permit' and p.tool = 'finance.pay_invoice' and (d.facts -> 'base' ->> 'hour')::int < 9`,
    [on.organization.id],
  );
  expect(permitted[0]?.n).toBeGreaterThan(0);
  expect(made.findings?.replay).toMatchObject({ changed: permitted[0]?.n, untold: 0 });
  for (const row of made.findings?.replay?.shown ?? [])
    expect(row).toMatchObject({ tool: 'finance.pay_invoice', was: 'permit', becomes: 'escalate', minor: expect.any(Number) as number });
  await expect(on.app.client.amend(people.johanna, { reason: 'once more' })).rejects.toMatchObject({ code: 'already_open' });
  await expect(on.app.client.ratify(people.johanna, { amendment: made.id, choice: 'decline' })).rejects.toMatchObject({ code: 'reason_missing' });
  await on.app.client.ratify(people.johanna, { amendment: made.id, choice: 'decline', reason: 'mornings are when we pay' });
  await ended(made.id, 'declined');
});

test('the digest that was voted on is swapped in, whatever the files say by then; only votes under changed articles become void, and are told', async () => {
  const before = await inForce();
  const emre = await on.person('emre');
  const payment = await on.task(LARGE);
  const release = await on.app.client.propose(people.clara, {
    tool: 'finance.release_invoice',
    args: { invoice: HELD, reason: 'two deliveries, two bills' },
    reason: 'the supplier explained it',
    message: randomUUID(),
  });
  await on.until('both wait', async () => (await on.tasks()).filter(({ id, waits }) => waits && [payment.id, release.id].includes(id)).length === 2);
  await on.app.client.decide(emre, { id: payment.id, choice: 'approve', reason: '' });
  const judged = async (id: string) =>
    (await on.rows<{ n: number }>('select count(*)::int n from stage where org = $1 and starts_with(key, $2)', [on.organization.id, `judge/${id}/`]))[0]?.n;
  await on.until('the vote is counted', async () => (await judged(payment.id)) === 2);
  const releaseRounds = await judged(release.id);
  draft.write('90-night', NIGHT, NIGHT_CASES);
  const made = await propose('nobody looks at night');
  draft.write('90-night', NIGHT.replace('>= 20', '>= 18'), NIGHT_CASES); // the files go on
  await expect(on.app.client.ratify(people.clara, { amendment: made.id })).rejects.toMatchObject({ code: 'role_missing' });
  expect(await on.app.client.ratify(people.johanna, { amendment: made.id, digest: on.app.world.constitution(on.organization.id).digest })).toMatchObject({
    counted: false,
  });
  expect(await inForce()).toBe(before);

  const voted = await on.app.client.ratify(people.johanna, { amendment: made.id, digest: made.digest });
  expect(voted).toMatchObject({ counted: true });
  await ended(made.id, 'ratified');
  await on.until('it is in force here too', async () => (await inForce()) === made.digest);
  const [stored] = await on.rows<{ text: string }>(`select bundle -> 'articles' ->> '90-night.cedar' "text" from constitution where org = $1 and digest = $2`, [
    on.organization.id,
    made.digest,
  ]);
  expect(stored?.text).toBe(NIGHT);

  await on.until('the vote is void', async () => (await on.task(LARGE)).votes[0]?.void !== null);
  expect((await on.task(LARGE)).votes).toMatchObject([{ person: 'emre', void: 'the articles for this action have changed since' }]);
  expect((await on.task(LARGE)).waits).toBe(true);
  expect(await judged(release.id)).toBe(releaseRounds); // no article about it changed: it waits on undisturbed

  const chain = await on.app.client.why(operator, { id: made.id });
  const types = chain.map(({ type }) => type);
  expect(types).toEqual(expect.arrayContaining(['amendment.proposed', 'amendment.checked', 'vote.cast', 'constitution.ratified']));
  const ratified = chain.find(({ type }) => type === 'constitution.ratified');
  expect(ratified?.causes).toHaveLength(3);
  expect((await on.app.client.constitution_history(operator, {}))[0]).toMatchObject({ digest: made.digest, by: 'johanna', amendment: made.id });
  const [last, ...earlier] = await on.app.client.constitution_blame(operator, { article: 'night.money' });
  expect(last).toMatchObject({ how: 'added', by: 'johanna', amendment: made.id, voted: ['johanna'], reason: made.reason });
  expect(last?.lines).toContainEqual(expect.stringMatching(/^\+ when \{ context\.base\.hour >= 20/));
  expect(earlier).toEqual([]);
  expect(await on.app.client.constitution_blame(operator, { article: 'finance.call' })).toMatchObject([{ how: 'added', amendment: null }]);
  await expect(on.app.client.constitution_blame(operator, { article: 'night.mony' })).rejects.toMatchObject({
    code: 'article_unknown',
    message: expect.stringContaining('night.money') as string,
  });
});

describe('levels', () => {
  const agent = 'operations-coordinator';
  const level = async (of = agent) => (await on.app.client.levels(operator, {})).find((row) => row.agent === of)?.level;

  test('raising one is an amendment that cites what shadow showed', async () => {
    expect(await level()).toBe('shadow');
    const [shown] = await on.rows<{ n: number; minor: number }>(
      `select count(*)::int n, sum((d.facts -> (d.facts ->> 'facts') ->> 'amount_minor')::int)::int minor from decision d join proposal p on p.org = d.org and p.id = d.proposal where p.org = $1 and p.agent = $2 and d.level = 'shadow' and d.verdict <> 'deny'`,
      [on.organization.id, agent],
    );
    expect(shown?.n).toBeGreaterThan(0);
    await on.rows(
      `update drift d set state = 'gone' from ask a join proposal p on p.org = a.org and p.ask = a.id
      where d.org = $1 and a.org = d.org and a.drift_key = d.key and p.agent = $2 and p.id = (select min(id) from proposal where org = $1 and agent = $2 and outcome = 'shadowed')`,
      [on.organization.id, agent],
    );
    const made = await checked(await on.app.client.level_raise(people.johanna, { agent, to: 'ask', reason: 'it has been right for a month' }));
    const evidence = made.level?.evidence;
    expect(made).toMatchObject({ what: 'level', state: 'open', level: { agent, from: 'shadow', to: 'ask' } });
    expect(evidence).toMatchObject({ minor: shown?.minor, currency: 'EUR', people: { settled: 1 } });
    expect((evidence?.permitted ?? 0) + (evidence?.escalated ?? 0)).toBe(shown?.n);
    expect(await level()).toBe('shadow'); // until it is ratified
    await on.app.client.ratify(people.johanna, { amendment: made.id });
    await ended(made.id, 'ratified');
    expect(await level()).toBe('ask');
    await on.app.load(); // organization.yaml says shadow still: read again it changes nothing
    expect(await level()).toBe('ask');
    const waits = async () => (await on.tasks()).filter((task) => task.agent === agent && task.waits).length;
    expect(await waits()).toBe(0);
    await reviewed(on, 'raised', 'operations');
    expect(await waits()).toBeGreaterThanOrEqual(evidence?.people.standing ?? Infinity); // what was only shadowed is asked about
  });

  test('what showed nothing is not raised; lowering holds at once', async () => {
    await expect(on.app.client.level_raise(people.johanna, { agent, to: 'shadow', reason: 'the other way' })).rejects.toMatchObject({ code: 'not_raised' });
    expect(await on.app.client.level_lower(people.johanna, { agent, to: 'shadow', reason: 'it ordered too much' })).toEqual({
      agent,
      from: 'ask',
      to: 'shadow',
    });
    expect(await level()).toBe('shadow');
    await on.until('its cards are judged at the lower level', async () => (await on.tasks()).every((task) => task.agent !== agent || !task.waits));
    await expect(on.app.client.level_raise(people.johanna, { agent, to: 'ask', reason: 'at once' })).rejects.toMatchObject({ code: 'nothing_shown' }); // what was asked before, and is only judged again, shows nothing
    await expect(on.app.client.level_lower(people.johanna, { agent, to: 'act', reason: 'a way around' })).rejects.toMatchObject({ code: 'not_raised' });
  });

  test('an edit of organization.yaml lowers one, and never raises one', async () => {
    const read = (levels: Partial<Record<string, Level>>) => {
      const edited = { ...on.organization, levels: { ...on.organization.levels, ...levels } };
      const agents = [...on.app.world.agents.keys()];
      return on.app.db.tx(on.organization.id, (sql) => saveOrganization(sql, edited, agents, 0, new Date()));
    };
    await read({ [agent]: 'act' });
    expect(await level()).toBe('shadow');
    await read({ [agent]: 'act', 'finance-analyst': 'ask' });
    expect(await level('finance-analyst')).toBe('ask');
  });
});
