/** An agent asks another: through the review to people, and never with more authority than those who asked. */
import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, inject, test } from 'vitest';
import { deliberateAsk, propose } from '../../src/activities/deliberate.ts';
import { judge } from '../../src/activities/judge.ts';
import { halt } from '../../src/activities/people.ts';
import { speakerOf } from '../../src/activities/tokens.ts';
import { requestAll } from '../../src/activities/requests.ts';
import { found, record } from '../../src/activities/world.ts';
import type { Caller } from '../../src/client.ts';
import { askOfDrift, askOfRequest } from '../../src/intake/ask.ts';
import type { AskDraft } from '../../src/kernel/define.ts';
import { AgentName, AskId, PersonId, ToolName } from '../../src/kernel/ids.ts';
import type { Ask } from '../../src/kernel/nouns.ts';
import type { Narrowing } from '../../src/kernel/narrowing.ts';
import { instant, LocalDate } from '../../src/kernel/time.ts';
import { reviewed, stage, type Stage } from '../fixtures/stage.ts';

let on: Stage;
let people: Record<'emre' | 'viktor' | 'johanna', Caller>;
const operator: Caller = { kind: 'operator' };
beforeAll(async () => {
  on = await stage(inject('services'));
  await on.app.begin();
  await on.worker();
  people = { emre: await on.person('emre'), viktor: await on.person('viktor'), johanna: await on.person('johanna') };
}, 180_000);
afterAll(() => on.close());

const task = (id: string) => on.app.client.task(operator, { id });
const decided = (id: string, outcome: string) => on.until(`it is ${outcome}`, async () => (await task(id)).outcome === outcome);
const events = (type: string) => on.rows<{ id: string }>('select id from event where org = $1 and type = $2 order by position', [on.organization.id, type]);
const said = async (type: string): Promise<string> => {
  const [last] = (await events(type)).slice(-1);
  return (await on.app.client.why(operator, { id: last?.id ?? '' })).at(-1)?.says ?? '';
};
const order = ToolName.parse('operations.reorder_stock');
const operations = AgentName.parse('operations-coordinator');
const finance = AgentName.parse('finance-analyst');
const compliance = AgentName.parse('compliance-officer');

/** Puts a drift's ask on file, and what its agent asks, and so on. @returns the last ask */
async function chain(...agents: readonly AgentName[]): Promise<Ask> {
  const subject = randomUUID();
  return on.app.world.store.tx(on.organization.id, async (tx) => {
    const times = await tx.times();
    const draft = { org: tx.org, key: [subject], causes: [], correlation: subject, times, groups: {} };
    const cause = await record(on.app.world, tx, { ...draft, type: 'drift.seen' });
    const drift = { key: `test/${subject}`, reconciler: 'test', subject, why: 'as a test has it', arose: null, facts: {} };
    let ask = askOfDrift(tx.org, agents[0] ?? operations, drift, 1, cause);
    await tx.addAsk(ask, times.wall);
    for (const agent of agents.slice(1)) {
      ask = askOfRequest(ask, agent, 'pay 20000.00 EUR to DE45820510000012345678', subject, cause);
      await tx.addAsk(ask, times.wall);
    }
    return ask;
  });
}
const asks = (parent: Ask, drafts: readonly AskDraft[]): Promise<readonly AskId[]> =>
  on.app.world.store.tx(on.organization.id, async (tx) => requestAll(on.app.world, tx, parent, drafts, await tx.times(), parent.cause));
const boards = { item: 'beech-27', site: 'mill-lane', quantity: 50, supplier: 'S-001', amount: { minor: 192_500, currency: 'EUR' } };
const slides = { item: 'slide-500', site: 'station-yard', quantity: 50, supplier: 'S-003', amount: { minor: 49_000, currency: 'EUR' } };
/** Proposes an order under an ask, and judges it. */
async function judged(ask: Ask, args: typeof boards = boards) {
  const id = await on.app.world.store.tx(on.organization.id, async (tx) =>
    propose(on.app.world, tx, ask, { tool: order, args, rationale: 'asked for' }, await tx.times(), [ask.cause]),
  );
  await judge(on.app.world, on.organization.id, id, 1);
  const [row] = await on.rows<{ facts: { base: Record<string, unknown> }; body: { verdict: string; articles: { id: string }[]; why: string[] } }>(
    'select facts, body from decision where org = $1 and proposal = $2',
    [on.organization.id, id],
  );
  return { base: row?.facts.base, verdict: row?.body.verdict, articles: row?.body.articles.map((article) => article.id), why: row?.body.why };
}

describe('operations needs what compliance stopped', () => {
  test('it orders nothing and asks; compliance puts it before people, and `why` tells from the review on', async () => {
    const args = { supplier: 'S-001', reason: 'a question of the auditors' };
    const stopped = await on.app.client.propose(people.emre, { tool: 'compliance.hold', args, reason: 'as they asked', message: 'hold' });
    await decided(stopped.id, 'done');
    await reviewed(on, 'stopped', 'operations');
    expect((await on.tasks()).filter(({ card }) => JSON.stringify(card).includes('Beech board'))).toEqual([]);
    const lifts = (await on.tasks()).filter(({ tool }) => tool === 'compliance.lift_hold');
    expect(lifts).toMatchObject([{ agent: 'compliance-officer', requester: null, waits: true, may: [{ person: 'emre' }], args: { supplier: 'S-001' } }]);
    const chained = await on.app.client.why(operator, { id: lifts[0]?.id ?? '' });
    expect(chained.map(({ type }) => type)).toEqual([
      'review.started',
      'drift.seen',
      'reads.judged',
      'request.made',
      'reads.judged',
      'proposal.made',
      'decision.made',
    ]);
    expect(chained[3]?.says).toContain(
      'operations-coordinator asked compliance-officer: Payments to `S-001` are stopped, and its goods are needed: of `beech-27`',
    );
  });
  test('reviewed again nothing is asked twice; once let go on, what was needed is ordered', async () => {
    await reviewed(on, 'again', 'operations');
    const [lift, ...more] = (await on.tasks()).filter(({ tool }) => tool === 'compliance.lift_hold');
    expect(more).toEqual([]);
    await on.app.client.decide(people.emre, { id: lift?.id ?? '', choice: 'approve', reason: '' });
    await decided(lift?.id ?? '', 'done');
    await reviewed(on, 'lifted', 'operations');
    expect((await on.tasks()).filter(({ card }) => JSON.stringify(card).includes('Beech board'))).toMatchObject([
      { tool: 'operations.reorder_stock', waits: true },
    ]);
  });
  test('an answer without a proposal is told', async () => {
    const asking = await chain(operations);
    const [id] = await asks(asking, [{ to: { agent: compliance }, about: 'S-002', text: 'May it go on?' }]);
    await deliberateAsk(on.app.world, on.organization.id, id ?? asking.id, AbortSignal.timeout(20_000));
    expect(await said('request.answered')).toBe('compliance-officer answered: Payments to `S-002` are not stopped.');
  });
});

describe('authority does not grow by asking', () => {
  test('what the agent may do by itself it may not do for one that may do nothing', async () => {
    expect(await judged(await chain(compliance, operations))).toMatchObject({
      verdict: 'escalate',
      base: { chain_length: 2, limit_call_minor: 0, limit_day_minor: 0 },
      articles: ['operations.call', 'operations.day'],
    });
  });
  test('of two that may act the lesser bounds it', async () => {
    const { base } = await judged(await chain(finance, operations));
    expect(base).toMatchObject({ chain_length: 2, limit_call_minor: 80_000, limit_day_minor: 200_000 });
  });
  test('what it moves for another counts for both, that day', async () => {
    await on.rows(`update stock_count set counted = 15 where org = $1 and item = 'slide-500'`, [on.organization.id]);
    expect(await judged(await chain(finance, operations), slides)).toMatchObject({ verdict: 'permit' });
    const rows = await on.rows<{ key: string }>(
      `select r.key from reservation r join proposal p on p.org = r.org and p.id = r.proposal join ask a on a.org = p.org and a.id = p.ask
       where r.org = $1 and r.kind = 'agent_day' and r.minor = 49000 and a.parent is not null order by 1`,
      [on.organization.id],
    );
    expect(rows.map(({ key }) => key)).toEqual([finance, operations]);
    await on.rows(
      `insert into reservation (org, proposal, agent, kind, key, period, minor, state) values ($1, 'prp-x', $2, 'agent_day', $2, '2026-03-02', 900000, 'spent')`,
      [on.organization.id, finance],
    );
    const [left, spent] = [1_000_000 - (await spentBy(finance)), await spentBy(operations)];
    expect(left).toBeLessThan(192_500);
    expect(await judged(await chain(finance, operations))).toMatchObject({
      base: { limit_day_minor: left + spent },
      articles: ['operations.call', 'operations.day'],
    });
  });
  test('what an agent leaves to the one that it asks bounds it and whomever that one asks, and nothing widens it', async () => {
    const within = { tools: [order], perCall: 49_000, counterparties: ['S-003'], until: instant(Date.now() + 3_600_000) };
    const task = `the task that \`finance-analyst\` gave`;
    const left = async (narrowed: Narrowing, ...then: readonly Narrowing[]) => {
      let asking = await chain(finance);
      for (const [n, one] of [narrowed, ...then].entries()) {
        const to = { agent: n === then.length ? operations : compliance };
        const [id] = await asks(asking, [{ to, about: 'S-003', text: 'see to it', narrowed: one }]);
        asking = await on.app.world.store.tx(on.organization.id, async (tx) => found(await tx.ask(AskId.parse(id)), 'ask'));
      }
      const { verdict, why } = await judged(asking, slides);
      return verdict === 'deny' ? why?.filter((line) => line.startsWith('the task')) : verdict;
    };
    await on.rows(`delete from reservation where org = $1 and proposal = 'prp-x'`, [on.organization.id]);
    expect(await left(within)).toBe('permit');
    expect(await left({ ...within, perCall: 48_999 })).toEqual([`${task} is at most 48999 in minor units for one call; this is 49000`]);
    expect(await left({ ...within, counterparties: ['S-001'] })).toEqual([`${task} is not about \`S-003\``]);
    expect(await left({ ...within, tools: [ToolName.parse('operations.book_maintenance')] })).toEqual([`${task} does not hold \`${order}\``]);
    expect(await left({ ...within, until: instant(Date.now() - 1) })).toEqual([`${task} has ended`]);
    const [made] = (await on.app.client.why(operator, { id: (await events('decision.made')).at(-1)?.id ?? '' })).slice(-1);
    expect(made?.fields).toMatchObject({ decision: { chain: { agents: [finance, operations], workers: [], narrowed: [{ by: finance, tools: [order] }] } } }); // kept with the decision
    expect(await left({ perCall: 100 }, within)).toEqual([`${task} is at most 100 in minor units for one call; this is 49000`]);
  });
  test('an agent at level ask lends no level to act', async () => {
    await on.rows(`update agent_level set level = 'ask' where org = $1 and agent = $2`, [on.organization.id, finance]);
    expect((await judged(await chain(finance, operations))).base).toMatchObject({ level: 'ask' });
    await on.rows(`update agent_level set level = 'act' where org = $1 and agent = $2`, [on.organization.id, finance]);
  });
  test('what a halted agent asked for is halted', async () => {
    const johanna = await speakerOf(on.app.world, on.organization.id, people.johanna.kind === 'person' ? people.johanna.token : '');
    await halt(on.app.world, johanna, { kind: 'agent', agent: finance }, 'a test of it');
    expect(await judged(await chain(finance, operations))).toMatchObject({ verdict: 'deny', articles: ['override.halt'] });
    await on.app.client.resume(people.johanna, { scope: { kind: 'agent', agent: finance }, reason: 'enough of it' });
  });
  test('what an agent writes states nothing, whoever is behind it', async () => {
    const ask = await chain(operations, finance);
    const read = await on.app.world.store.tx(on.organization.id, async (tx) => {
      const times = await tx.times();
      await on.rows('update ask set on_behalf_of = $2 where org = $1 and id = $3', [on.organization.id, 'clara', ask.id]);
      const call = { org: tx.org, ask: ask.id, agent: finance, onBehalfOf: PersonId.parse('clara'), tool: ToolName.parse('finance.pay_invoice'), args: {} };
      const proposal = { ...call, id: 'prp-00000000000000000000000000' as const, actionDigest: on.organization.digest, rationale: '' };
      return tx.facts({ proposal, facts: null, domain: 'finance', times, today: LocalDate.parse('2026-03-02') });
    });
    expect(read.stated).toBeNull();
  });
});

const spentBy = async (agent: AgentName): Promise<number> => {
  const [row] = await on.rows<{ minor: string }>(
    `select coalesce(sum(minor), 0)::text minor from reservation where org = $1 and kind = 'agent_day' and key = $2 and period = '2026-03-02' and state in ('reserved', 'spent')`,
    [on.organization.id, agent],
  );
  return Number(row?.minor ?? 0);
};

describe('a chain ends', () => {
  test('nobody is asked in a circle; it is refused, and told', async () => {
    const before = (await events('request.made')).length;
    expect(await asks(await chain(operations, compliance), [{ to: { domain: 'operations' }, about: 'S-001', text: 'and you?' }])).toEqual([]);
    expect(await events('request.made')).toHaveLength(before);
    expect(await said('request.refused')).toBe(
      'compliance-officer may not ask that: `operations-coordinator` stands in this chain already (operations-coordinator asked compliance-officer)',
    );
  });
  test('one ask asks three others at most', async () => {
    const drafts = ['a', 'b', 'c', 'd', 'e'].map((about) => ({ to: { agent: compliance }, about, text: 'what of it?' }));
    expect(await asks(await chain(operations), drafts)).toHaveLength(3);
    expect(await said('request.refused')).toContain('2 more were not asked');
  });
  test('the same question twice is one ask, and an agent that is not there is none', async () => {
    const draft = { to: { agent: compliance }, about: 'S-001', text: 'what of it?' };
    expect(await asks(await chain(operations), [draft, draft])).toHaveLength(1);
    expect(await asks(await chain(operations), [{ ...draft, to: { agent: 'the-owner' } }])).toEqual([]);
    expect(await said('request.refused')).toContain('there is no agent `the-owner`');
  });
  test('three hops are judged on, a fourth is denied by the constitution, reads included', async () => {
    expect((await judged(await chain(compliance, finance, operations))).base).toMatchObject({ chain_length: 3 });
    expect(await judged(await chain(operations, compliance, finance, operations))).toMatchObject({ verdict: 'deny', articles: ['replication.chain'] });
    const far = await chain(operations, finance, operations, compliance); // as rows that somebody wrote past the refusal above
    await on.rows(`update ask set about = jsonb_set(about, '{about}', '"S-001"') where org = $1 and id = $2`, [on.organization.id, far.id]);
    expect(await deliberateAsk(on.app.world, on.organization.id, far.id, AbortSignal.timeout(20_000))).toEqual([]);
    expect(await said('request.answered')).toContain('Delegation has at most three hops');
  });
});
