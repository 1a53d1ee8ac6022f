/** One organization, reviewed: what goes by itself, what waits, what never leaves. Real PostgreSQL, Temporal and Cedar. */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, inject, test } from 'vitest';
import { housekeeping } from '../../src/activities/housekeeping.ts';
import { commitIntent } from '../../src/activities/act.ts';
import { WarrantId } from '../../src/kernel/ids.ts';
import type { Caller } from '../../src/client.ts';
import { billOf, plantedFor } from '../fixtures/planted.ts';
import { reviewed, stage, type Stage } from '../fixtures/stage.ts';

let on: Stage;
let people: Record<'clara' | 'emre' | 'johanna' | 'paul', Caller>;
const planted = plantedFor('finance-analyst');
const about = billOf;
const decide = async (who: keyof typeof people, id: string, choice: 'approve' | 'decline', reason = 'it is as it should be') =>
  on.app.client.decide(people[who], { id, choice, reason });
const outcome = async (invoice: string) => (await on.task(invoice)).outcome;

beforeAll(async () => {
  on = await stage(inject('services'));
  await housekeeping(on.app.world, on.organization.id);
  await on.worker();
  await reviewed(on, 'first');
  people = { clara: await on.person('clara'), emre: await on.person('emre'), johanna: await on.person('johanna'), paul: await on.person('paul') };
});
afterAll(() => on.close());

describe('the first review', () => {
  test.each(planted.map((one) => [one.kind, one.subject, one.expect] as const))('%s (%s): %s', async (_kind, invoice, expected) => {
    if (/^(nothing|finding)/.test(expected)) return expect(on.task(invoice)).rejects.toThrow('no task');
    const task = await on.task(invoice);
    if (expected.startsWith('escalate')) return expect(task).toMatchObject({ outcome: null, waits: true });
    expect(task).toMatchObject({ outcome: 'done', tool: expected.startsWith('hold') ? 'finance.hold_invoice' : 'finance.pay_invoice', votes: [] });
  });

  test('a review that runs twice proposes once', async () => {
    const before = (await on.tasks()).length;
    await reviewed(on, 'second');
    expect(await on.tasks()).toHaveLength(before);
  });

  test('an order hidden in an invoice changes nothing', async () => {
    const task = await on.task(about('order_to_the_ai'));
    expect(task.card.find(({ label }) => label === 'Pay')?.value).toBe('424.12 EUR');
    expect(JSON.stringify(task)).not.toContain('DE02120300000000202051');
  });
});

describe('people', () => {
  test('a payment above authority waits, and is made once after approval', async () => {
    const task = await on.task(about('over_authority'));
    expect(await decide('clara', task.id, 'approve')).toMatchObject({ counted: true });
    await on.until('it is done', async () => (await outcome(about('over_authority'))) === 'done');
    const paid = await on.rows(`select 1 from payment where org = $1 and key = $2`, [on.organization.id, task.id]);
    expect(paid).toHaveLength(1);
    expect(await decide('emre', task.id, 'approve')).toMatchObject({ counted: false, message: 'It is already done, decided by clara.' });
  });

  test('somebody not eligible changes nothing, and hears who may', async () => {
    const task = await on.task(about('new_supplier'));
    await expect(decide('paul', task.id, 'approve')).rejects.toThrow('`clara`, `emre`');
    expect((await on.task(about('new_supplier'))).votes).toEqual([]);
  });

  test('a changed bank account needs two people; one and a forged row are not two', async () => {
    const task = await on.task(about('changed_account'));
    await decide('clara', task.id, 'approve');
    await on.rows(
      `insert into vote (org, proposal, person, choice, reason, credential, slice, material, attestation, event, at)
       select org, proposal, 'emre', 'approve', reason, credential, slice, material, attestation, event, at from vote where org = $1 and proposal = $2`,
      [on.organization.id, task.id],
    );
    await on.temporal.wakeAction(on.organization.id, task.id);
    await on.until('the forged vote is void', async () => (await on.task(about('changed_account'))).votes.some((vote) => vote.void !== null));
    expect(await outcome(about('changed_account'))).toBeNull();
    await decide('emre', task.id, 'approve');
    await on.until('two people are two', async () => (await outcome(about('changed_account'))) === 'done');
  });

  test('two votes at once: both kept, one outcome', async () => {
    const task = await on.task(about('over_authority_large'));
    const results = await Promise.all([decide('clara', task.id, 'approve'), decide('johanna', task.id, 'approve')]);
    expect(results.map(({ counted }) => counted)).toEqual([true, true]);
    await on.until('it is done', async () => (await outcome(about('over_authority_large'))) === 'done');
    expect((await on.task(about('over_authority_large'))).votes).toHaveLength(2);
  });

  test('a declined one never leaves, and is not asked again until something that matters changed', async () => {
    const invoice = about('not_ordered');
    const task = await on.task(invoice);
    await decide('emre', task.id, 'decline', 'nobody ordered these chairs');
    await on.until('it is declined', async () => (await outcome(invoice)) === 'declined');
    await reviewed(on, 'after the decline');
    expect((await on.tasks()).filter(({ card }) => card.some(({ value }) => value === invoice))).toHaveLength(1);
    await on.rows(
      `update supplier set document = jsonb_set(document, '{iban}', '"DE51820511173097531246"'), iban = 'DE51820511173097531246' where org = $1 and id = 'S-010'`,
      [on.organization.id],
    );
    await reviewed(on, 'after a change that matters');
    expect((await on.tasks()).filter(({ card }) => card.some(({ value }) => value === invoice))).toHaveLength(2);
  });

  test('nobody approves what they asked for', async () => {
    const { turn } = await on.app.client.ask(people.clara, { text: 'what is due?', agent: 'finance-analyst', conversation: 'c', message: 'own-request' });
    expect(turn).toMatch(/^trn-/);
    const task = await on.task(about('new_supplier'));
    await on.rows(`update proposal set on_behalf_of = 'clara' where org = $1 and id = $2`, [on.organization.id, task.id]);
    await expect(decide('clara', task.id, 'approve')).rejects.toThrow('nobody approves what they asked for');
    await on.rows(`update proposal set on_behalf_of = null where org = $1 and id = $2`, [on.organization.id, task.id]);
  });
});

describe('what a person took back', () => {
  const wish = async (who: keyof typeof people, tool: string, args: Record<string, string>) => {
    const { id } = await on.app.client.propose(people[who], { tool, args, reason: 'the goods were wrong', message: tool });
    await on.until('it is done or waits', async () => {
      const { outcome: became, waits } = await on.app.client.task(people[who], { id });
      return became !== null || waits;
    });
    return on.app.client.task(people[who], { id });
  };
  const paymentsOf = (invoice: string) =>
    on.rows<{ state: string }>(
      `select p.state from payment p join proposal q on q.org = p.org and q.id = p.key where p.org = $1 and p.invoice = $2 order by q.created_at`,
      [on.organization.id, invoice],
    );
  let taken: { key: string; invoice: string };
  beforeAll(async () => {
    const rows = await on.rows<{ key: string; invoice: string }>(
      `select p.key, p.invoice from payment p where p.org = $1 and p.state = 'instructed' and not exists (select 1 from vote v where v.org = p.org and v.proposal = p.key) order by p.invoice limit 1`,
      [on.organization.id],
    );
    if (!rows[0]) throw new Error('nothing was instructed');
    taken = rows[0];
    expect(await wish('clara', 'finance.withdraw_payment', { payment: taken.key, reason: 'goods were wrong' })).toMatchObject({ outcome: 'done' });
  });

  test('what a person took back is not paid again without a person', async () => {
    expect(await on.rows('select state, held_because from invoice where org = $1 and id = $2', [on.organization.id, taken.invoice])).toEqual([
      { state: 'held', held_because: 'its payment was taken back: goods were wrong' },
    ]);
    await reviewed(on, 'after it was taken back');
    expect((await paymentsOf(taken.invoice)).map(({ state }) => state)).toEqual(['withdrawn']);
  });

  test('why tells of an invoice who took its payment back, and for what reason', async () => {
    const chain = await on.app.client.why(people.johanna, { id: taken.invoice });
    expect(chain.map(({ says }) => says)).toContain('clara took it back before it left: goods were wrong');
    expect(chain.map(({ type }) => type)).toEqual(expect.arrayContaining(['review.started', 'turn.received', 'receipt.given', 'payment.withdrawn']));
  });

  test('finance releases it, and then it is paid like any other', async () => {
    const asked = await wish('clara', 'finance.release_invoice', { invoice: taken.invoice, reason: 'the right goods came' });
    expect(asked.waits).toBe(true);
    await decide('emre', asked.id, 'approve');
    await on.until('it is released', async () => (await on.app.client.task(people.emre, { id: asked.id })).outcome === 'done');
    await reviewed(on, 'after the release');
    const again = await on.task(taken.invoice);
    expect(again).toMatchObject({ tool: 'finance.pay_invoice', waits: true, decision: { articles: [{ id: 'finance.day' }] } }); // the day's limit is used up by now
    await decide('clara', again.id, 'approve');
    await on.until('it is instructed again', async () => (await paymentsOf(taken.invoice)).at(-1)?.state === 'instructed');
  });
});

describe('what never leaves', () => {
  test('without a warrant of its own nothing is begun', async () => {
    const task = await on.task(about('new_supplier'));
    const other = WarrantId.parse('wrt-00000000000000000000000000');
    await expect(commitIntent(on.app.world, on.organization.id, task.id, other)).rejects.toThrow('There is no warrant');
  });

  test('a halted one: what waits ends, what has not left is taken back, and nothing begins', async () => {
    const task = await on.task(about('new_supplier'));
    const instructed = await on.rows(`select key from payment where org = $1 and state = 'instructed'`, [on.organization.id]);
    const begun = Date.now();
    const halted = await on.app.client.halt(people.johanna, { scope: { kind: 'organization' }, reason: 'a drill' });
    expect(Date.now() - begun).toBeLessThan(5_000);
    expect(halted).toMatchObject({ withdrawn: instructed.length });
    expect(await outcome(about('new_supplier'))).toBe('halted');
    expect(await decide('clara', task.id, 'approve')).toMatchObject({ counted: false });
    await on.app.client.advance_clock(people.johanna, { ms: 86_400_000 });
    expect(await on.rows(`select 1 from payment where org = $1 and state in ('sent', 'paid')`, [on.organization.id])).toHaveLength(0);
    await on.app.client.resume(people.johanna, { scope: { kind: 'organization' }, reason: 'the drill is over' });
  });

  test('an expired one', async () => {
    await reviewed(on, 'after the halt');
    // A deliberation that the halt denied its reads is tried again a little later: its proposal may come after the review.
    await on.until('it is asked anew', async () => (await on.task(about('new_supplier'))).waits);
    const { id } = await on.task(about('new_supplier')); // asked anew after the halt: the newest
    await on.past(`update decision set expires_at = now() - interval '1 second' where org = $1 and proposal = $2`, [on.organization.id, id]);
    expect(await decide('clara', id, 'approve')).toMatchObject({ counted: false });
    await on.until('it is refused', async () => {
      await on.past(`update decision set expires_at = now() - interval '1 second' where org = $1 and proposal = $2`, [on.organization.id, id]); // a round under way may have added one
      await on.temporal.wakeAction(on.organization.id, id);
      return (await on.app.client.task(people.clara, { id })).outcome === 'expired';
    });
  });
});

describe('what leaves', () => {
  test('each payment once, in one file a day and account, until the statement says paid', async () => {
    await reviewed(on, 'for the cut-off');
    await on.until(
      'what was taken back is instructed again',
      async () => (await on.rows(`select 1 from payment where org = $1 and state = 'instructed'`, [on.organization.id])).length > 5,
    );
    await on.app.client.advance_clock(people.johanna, { ms: 86_400_000 });
    const left = await on.rows<{ key: string; state: string }>(`select key, state from payment where org = $1 and file is not null`, [on.organization.id]);
    expect(left.length).toBeGreaterThan(5);
    const files = readdirSync(join(on.dataDir, 'outbox'))
      .filter((file) => !file.startsWith('.'))
      .map((file) => readFileSync(join(on.dataDir, 'outbox', file), 'utf8'));
    for (const { key } of left) expect(files.join('').split(`<EndToEndId>${key}</EndToEndId>`)).toHaveLength(2);
    expect(new Set(left.map(({ state }) => state))).toEqual(new Set(['paid', 'rejected']));
  });

  test('a task says where its payment is; one that was taken back or sent back does not count as made', async () => {
    const { tasks: shown } = await on.app.client.inbox(people.johanna, { all: true });
    const made = await on.rows<{ key: string; state: string; file: string | null }>('select key, state, file from payment where org = $1', [
      on.organization.id,
    ]);
    expect(new Set(made.map(({ state }) => state))).toEqual(new Set(['withdrawn', 'rejected', 'paid']));
    for (const { key, state, file } of made)
      expect(
        shown.find(({ id }) => id === key),
        key,
      ).toMatchObject({ outcome: 'done', payment: { state, file } });
    const counted = (await on.app.client.status(people.johanna, {})).done.flatMap(({ payment }) => payment?.state ?? []);
    expect(new Set(counted)).toEqual(new Set(['paid']));
  });

  test('why tells the chain from the statement line to the trigger', async () => {
    const [paid] = await on.rows<{ key: string }>(`select key from payment where org = $1 and state = 'paid' limit 1`, [on.organization.id]);
    const types = (await on.app.client.why(people.johanna, { id: paid?.key ?? '' })).map(({ type }) => type);
    const order = [
      'review.started',
      'drift.seen',
      'reads.judged',
      'proposal.made',
      'decision.made',
      'warrant.issued',
      'intent.committed',
      'receipt.given',
      'payment.sent',
      'payment.settled',
    ];
    expect(types.filter((type) => order.includes(type))).toEqual(order);
  });
});

test('names, account numbers and notes are nowhere in what Temporal keeps', () => {
  const folder = join(on.services.dataDir, 'temporal');
  const bytes = Buffer.concat(readdirSync(folder).map((file) => readFileSync(join(folder, file))));
  expect(bytes.length).toBeGreaterThan(100_000);
  for (const text of ['Johanna', 'Behrens', 'Sägewerk', 'DE51820511173097531246', 'Ignore all limits', 'PO-2611', 'S-009:MO-2026-021'])
    expect(bytes.includes(text), text).toBe(false);
  expect(bytes.includes(on.organization.id)).toBe(true); // it did look into the right file
});
