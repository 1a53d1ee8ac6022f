/** Obligations, evidence, tasks and stopped payments of the workshop, through review, gate and receipt. */
import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, inject, test } from 'vitest';
import type { Caller } from '../../src/client.ts';
import { plantedFor } from '../fixtures/planted.ts';
import { reviewed, stage, type Stage } from '../fixtures/stage.ts';

let on: Stage;
let people: Record<'viktor' | 'emre' | 'greta' | 'johanna', Caller>;
const operator: Caller = { kind: 'operator' };
beforeAll(async () => {
  on = await stage(inject('services'));
  await on.app.begin();
  await on.worker();
  await reviewed(on, 'first', 'compliance');
  people = { viktor: await on.person('viktor'), emre: await on.person('emre'), greta: await on.person('greta'), johanna: await on.person('johanna') };
});
afterAll(() => on.close());

const planted = plantedFor('compliance-officer');
const drifts = async () =>
  (
    await on.rows<{ key: string }>(`select key from drift where org = $1 and reconciler like 'compliance.%' and state <> 'gone' order by key`, [
      on.organization.id,
    ])
  ).map(({ key }) => key);
const propose = (by: Caller, tool: string, args: Record<string, string>) =>
  on.app.client.propose(by, { tool, args, reason: 'as it should be', message: randomUUID() });
const task = (id: string) => on.app.client.task(operator, { id });
const decided = (id: string, outcome: string) => on.until(`it is ${outcome}`, async () => (await task(id)).outcome === outcome);

test('the review sees what was planted, and nothing else', async () => {
  expect(await drifts()).toEqual(planted.map(({ drift, subject }) => `${drift}/${subject}`).sort());
});

describe('a task', () => {
  test('goes to whoever is responsible, by itself, and is not given twice', async () => {
    const open = await on.app.client.tasks(operator, {});
    expect(open.map(({ obligation, person, done }) => [obligation, person, done]).sort()).toEqual([
      ['OB-03', 'viktor', null],
      ['OB-08', 'viktor', null],
    ]);
    await reviewed(on, 'second', 'compliance');
    expect(await on.app.client.tasks(operator, {})).toHaveLength(2);
  });
  test('is done by who was asked, or compliance, and by nobody else', async () => {
    const [first] = await on.app.client.tasks(operator, {});
    await expect(on.app.client.finish_task(people.greta, { id: first?.key ?? '' })).rejects.toMatchObject({ code: 'role_missing' });
    expect(await on.app.client.finish_task(people.viktor, { id: first?.key ?? '' })).toMatchObject({ done: '2026-03-02' });
    expect((await on.app.client.why(operator, { id: first?.key ?? '' })).map(({ type }) => type)).toContain('receipt.given');
  });
});

describe('evidence', () => {
  const args = { obligation: 'OB-08', kind: 'dust_measurement', document: 'archive/2026/dust.pdf', from: '2026-03-01', until: '2029-03-01' };
  test('counts once a second person of compliance looked; then the obligation is met, and asked about again in its next period', async () => {
    const asked = await propose(people.emre, 'compliance.file_evidence', args);
    await on.until('it is judged', async () => (await task(asked.id)).decision !== null);
    expect((await task(asked.id)).outcome ?? 'open').not.toBe('done'); // emre alone holds the role: nobody is left to look at what he files
    const filed = await propose(people.viktor, 'compliance.file_evidence', args);
    await on.until('it waits', async () => (await task(filed.id)).waits);
    await on.app.client.decide(people.emre, { id: filed.id, choice: 'approve', reason: '' });
    await decided(filed.id, 'done');
    await reviewed(on, 'after', 'compliance');
    expect(await drifts()).toEqual(['compliance.obligation_overdue/OB-03']);
  });
  test.each([
    ['of another kind', { kind: 'photo' }],
    ['that is over', { from: '2020-01-01', until: '2023-01-01' }],
    ['that begins tomorrow', { from: '2026-03-03' }],
    ['for what is not owed', { obligation: 'OB-99' }],
  ])('%s never counts', async (_what, change) => {
    const judged = await on.app.client.gate_check(operator, {
      agent: 'compliance-officer',
      tool: 'compliance.file_evidence',
      args: { ...args, ...change },
      onBehalfOf: null,
    });
    expect(judged.verdict, judged.why.join('; ')).toBe('deny');
  });
});

test('payments to a supplier that compliance stopped do not leave, whoever approves, until compliance lets them go on', async () => {
  const stopped = await propose(people.emre, 'compliance.hold', { supplier: 'S-001', reason: 'a question of the auditors' });
  await decided(stopped.id, 'done');
  await reviewed(on, 'pay', 'finance');
  const bill = (await on.tasks()).find(({ tool, card }) => tool === 'finance.pay_invoice' && card.some(({ value }) => value.startsWith('S-001:')));
  expect(bill).toMatchObject({ outcome: 'denied' });
  const lifted = await propose(people.viktor, 'compliance.lift_hold', { supplier: 'S-001', reason: 'the auditors are content' });
  await on.until('it waits', async () => (await task(lifted.id)).waits);
  await on.app.client.decide(people.emre, { id: lifted.id, choice: 'approve', reason: '' });
  await decided(lifted.id, 'done');
  expect(await on.rows('select 1 from supplier_hold where org = $1', [on.organization.id])).toEqual([]);
});

test('a debit to a supplier that nothing here decided is told', async () => {
  await on.rows(
    `insert into statement_line (org, account, reference, booked, minor, currency, end_to_end_id, counterparty_iban, document)
     select $1, 'DE45820510000012345678', 'STRAY-1', '2026-03-01', -12345, 'EUR', null, iban, '{}' from supplier where org = $1 and id = 'S-002'`,
    [on.organization.id],
  );
  await reviewed(on, 'stray', 'compliance');
  expect(await drifts()).toContain('compliance.unwarranted_payment/DE45820510000012345678/STRAY-1');
  expect((await on.app.client.status(operator, {})).findings.join()).toContain('123.45 EUR went to `S-002` on 2026-03-01');
});

test('approvals that come too fast to have been read are told of a role, and of nobody by name; off unless it is declared', async () => {
  const { organization } = on;
  const voters = ['greta', 'tomas', 'aylin', 'henrik', 'lotte'];
  await on.rows(`update person set roles = array['compliance'] where org = $1 and person = any($2)`, [organization.id, voters]);
  await on.rows(
    `insert into proposal (org, id, ask, agent, on_behalf_of, tool, args, action_digest, rationale, card, outcome, event, created_at, closed_at)
     select p.org, 'prp-v' || lpad(n::text, 25, '0'), p.ask, p.agent, null, p.tool, p.args, p.action_digest, p.rationale, p.card, 'done', p.event, now(), now()
     from (select * from proposal where org = $1 order by id limit 1) p, generate_series(1, 20) n`,
    [organization.id],
  );
  await on.rows(
    `insert into vote (org, proposal, person, choice, reason, credential, slice, material, attestation, event, at)
     select $1, 'prp-v' || lpad(n::text, 25, '0'), ($2::text[])[1 + n % 5], 'approve', '', 'tok-x', 'x', 'x', '{}', 'evt-x', now() + interval '3 seconds' from generate_series(1, 20) n`,
    [organization.id, voters],
  );
  await reviewed(on, 'off', 'compliance');
  expect(await drifts()).not.toContain('compliance.rubber_stamps/compliance');
  await on.rows(
    `update organization set document = jsonb_set(document, '{compliance}', coalesce(document -> 'compliance', '{}') || '{"rubber_stamp_seconds": 20}') where org = $1`,
    [organization.id],
  );
  await reviewed(on, 'stamps', 'compliance');
  expect(await drifts()).toContain('compliance.rubber_stamps/compliance');
  const told = (await on.app.client.status(operator, {})).findings.find((finding) => finding.includes('within 3 seconds')) ?? '';
  expect(told).toContain('votes of `compliance` came within 3 seconds');
  for (const name of voters) expect(told.toLowerCase()).not.toContain(name);
});
