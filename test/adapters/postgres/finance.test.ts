/** Instructing, holding and taking back payments, and the file in which they leave. */
import { describe, expect, test } from 'vitest';
import { dueForCutoff, messageId, takeEach, unwritten } from '../../../src/adapters/postgres/outbox.ts';
import { bill, day, eur, line } from '../../domains/finance/samples.ts';
import { OrgId } from '../../../src/kernel/ids.ts';
import { money } from '../../../src/kernel/money.ts';
import { instant } from '../../../src/kernel/time.ts';
import { key } from '../../fixtures/books.ts';
import { MONDAY, OURS, THEIRS, add, dossier, freshLedger, instruct, leave, ledger, one } from './ledger.ts';

freshLedger();

test('the same order under the same key is one payment', async () => {
  await add(one);
  const first = await instruct(one, 'a');
  expect(await instruct(one, 'a')).toEqual(first);
  expect(await instruct(one, 'a', { executeOn: day('2026-03-03') })).toEqual(first);
  expect(await ledger.reads((finance) => finance.pendingPayments())).toHaveLength(1);
});

test('another order under the same key is refused', async () => {
  await add(one);
  await instruct(one, 'a');
  await expect(instruct(one, 'a', { amount: eur(1) })).rejects.toMatchObject({ code: 'key_reused' });
});

test('an invoice has one live payment, however many come at once', async () => {
  await add(one);
  const all = await Promise.allSettled(Array.from({ length: 8 }, (_, n) => instruct(one, `at-once-${n}`)));
  expect(all.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
  for (const each of all) if (each.status === 'rejected') expect(each.reason).toMatchObject({ code: 'invoice_not_open' });
});

test('payments of one order at once all go through: each changes the match of the others, and none waits in a circle', async () => {
  const many = Array.from({ length: 10 }, (_, n) => bill(`M-${n}`, [line('6')], { issued: day(`2026-02-1${n}`) }));
  for (const each of many) await add(each);
  await Promise.all(many.toReversed().map((each) => instruct(each, each.number)));
  expect(await ledger.reads((finance) => finance.pendingPayments())).toHaveLength(10);
});

test('the database itself refuses a second live payment of an invoice', async () => {
  const insert = (name: string, state: string) =>
    ledger.tx((sql) =>
      sql(
        `insert into payment (org, key, invoice, supplier, payee, payee_name, minor, currency, account, execute_on, state) values ($1, $2, $3, 'S-001', $4, 'x', 1, 'EUR', $5, '2026-03-02', $6)`,
        [ledger.org, key(name), one.id, THEIRS, OURS, state],
      ),
    );
  await insert('gone', 'withdrawn');
  await insert('first', 'sent');
  for (const state of ['instructed', 'sent', 'paid']) await expect(insert(state, state), state).rejects.toThrow(/payment_live/);
  await insert('back', 'rejected');
});

test('what one payment bills no longer matches in another invoice of the order', async () => {
  const [half, rest] = [bill('H-1', [line('6')]), bill('H-0', [line('6')], { issued: day('2026-02-01') })];
  await add(half);
  expect((await dossier(half)).match.matched).toBe(true);
  await instruct(half, 'half');
  await add(rest); // issued earlier, come later
  expect((await dossier(rest)).match.reasons.join()).toContain('on top of 6 before');
});

test('a payment taken back leaves no trace in the match, holds its invoice, and frees what it drew of its budgets', async () => {
  const [early, late] = [one, bill('4712', [line('10')], { issued: day('2026-02-20') })];
  await add(early);
  await add(late);
  await instruct(late, 'late');
  expect((await dossier(early)).duplicateOf).toBe(late.id);
  await ledger.tx((sql) =>
    sql(
      `insert into reservation (org, proposal, agent, kind, key, period, minor, state) values ($1, $2, 'finance-analyst', 'agent_day', 'finance-analyst', '2026-03-02', 119000, 'spent')`,
      [ledger.org, key('late')],
    ),
  );
  expect(await ledger.writes(MONDAY, (finance) => finance.withdraw(key('late'), 'sent in error'))).toMatchObject({
    state: 'withdrawn',
    reason: 'sent in error',
  });
  expect(await dossier(late)).toMatchObject({ state: 'held', heldBecause: 'its payment was taken back: sent in error' });
  expect([(await dossier(early)).duplicateOf, (await dossier(late)).duplicateOf]).toEqual([null, early.id]);
  expect(await ledger.tx((sql) => sql('select state from reservation where org = $1', [ledger.org]))).toEqual([{ state: 'released' }]);
});

test('what was sent cannot be taken back, and what is not there neither', async () => {
  await add(one);
  await instruct(one, 'a');
  await leave('2026-03-02');
  await expect(ledger.writes(MONDAY, (finance) => finance.withdraw(key('a'), 'too late'))).rejects.toMatchObject({ code: 'already_sent' });
  await expect(ledger.writes(MONDAY, (finance) => finance.withdraw(key('b'), 'nothing'))).rejects.toMatchObject({ code: 'payment_unknown' });
});

test('only an open invoice is held, and a held one is not paid', async () => {
  await add(one);
  const hold = () => ledger.writes(MONDAY, (finance) => finance.hold(one.id, 'ask the supplier', key('h')));
  await hold();
  await expect(instruct(one, 'a')).rejects.toMatchObject({ code: 'invoice_not_open' });
  const other = bill('4799', [line('1')]);
  await add(other);
  await instruct(other, 'other');
  await expect(ledger.writes(MONDAY, (finance) => finance.hold(other.id, 'too late', key('h2')))).rejects.toMatchObject({ code: 'invoice_not_open' });
  await expect(ledger.writes(MONDAY, (finance) => finance.hold(bill('none').id, 'unknown', key('h3')))).rejects.toMatchObject({ code: 'invoice_unknown' });
});

test('payments of an account and day leave in one file, each once', async () => {
  const many = [bill('M-1', [line('1')]), bill('M-2', [line('2')])];
  for (const each of many) await add(each);
  for (const each of many) await instruct(each, each.number);
  expect(await ledger.tx((sql) => dueForCutoff(sql, ledger.org, MONDAY.date, false, MONDAY.date))).toEqual([]);
  await leave('2026-03-02');
  expect(await leave('2026-03-02')).toEqual([]);
  const files = await ledger.tx((sql) => unwritten(sql, ledger.org));
  expect(files.map(({ name }) => name)).toEqual(['5678-2026-03-02-1.xml']);
  for (const each of many) expect(files[0]?.content.split(`<EndToEndId>${key(each.number)}</EndToEndId>`)).toHaveLength(2);
});

test('a file that should have left days ago asks for today, not for a day that is past', async () => {
  await add(one);
  await instruct(one, 'a');
  await leave('2026-03-05');
  const [file] = await ledger.tx((sql) => unwritten(sql, ledger.org));
  expect(file?.name).toBe('5678-2026-03-05-1.xml');
  expect(file?.content).toContain('2026-03-05');
  expect(file?.content).not.toContain('2026-03-02</');
});

describe('a discount', () => {
  const until = (date: string) => bill('4711', [line('10')], { discount: { percent: '3', until: day(date), total: eur(115_430) } });
  const leftAndBehind = (today: string) =>
    ledger.tx(async (sql) => {
      const { files, behind } = await takeEach(sql, ledger.org, await dueForCutoff(sql, ledger.org, day(today), true, day(today)), instant(0));
      return [files.length, behind];
    });

  test('is not taken by a payment that would execute after it', async () => {
    const late = until('2026-03-01');
    await add(late);
    await expect(instruct(late, 'a', { amount: eur(115_430) })).rejects.toMatchObject({ code: 'discount_over' });
    expect((await dossier(late)).state).toBe('open');
    expect(await instruct(late, 'b')).toMatchObject({ state: 'instructed' }); // the whole amount
  });
  test('is taken by one that leaves in time', async () => {
    const timely = until('2026-03-02');
    await add(timely);
    await instruct(timely, 'a', { amount: eur(115_430) });
    expect(await leftAndBehind('2026-03-02')).toEqual([1, []]);
  });
  test('that ended while its payment waited keeps it in the house, and is told', async () => {
    const waited = until('2026-03-02');
    await add(waited);
    await instruct(waited, 'a', { amount: eur(115_430) });
    expect(await leftAndBehind('2026-03-03')).toEqual([0, [{ subject: waited.id, reason: expect.stringContaining('ended on 2026-03-02') as string }]]);
  });
});

test('payments in two currencies leave in two files, each with its own sum, and only euro as SEPA transfers', async () => {
  const abroad = bill('4799', [line('1')], { order: null, total: money(11_900, 'USD'), net: money(10_000, 'USD'), tax: money(1_900, 'USD') });
  for (const each of [one, abroad]) await add(each);
  for (const each of [one, abroad]) await instruct(each, each.number);
  await leave('2026-03-02');
  const files = await ledger.tx((sql) => unwritten(sql, ledger.org));
  const told = files.map(({ content }) => [/<CtrlSum>([^<]*)/.exec(content)?.[1], /Ccy="([^"]*)/.exec(content)?.[1], content.includes('SEPA')]);
  expect(told.sort()).toEqual([
    ['119.00', 'USD', false],
    ['1190.00', 'EUR', true],
  ]);
});

test('the hundredth file of a day has a message id that a bank takes', async () => {
  await ledger.tx((sql) =>
    sql(`insert into outbox_file (org, name, account, day, content, written) select $1, 'x' || n, $2, '2026-03-02', '', true from generate_series(1, 99) n`, [
      ledger.org,
      OURS,
    ]),
  );
  await add(one);
  await instruct(one, 'a');
  await leave('2026-03-02');
  const [file] = await ledger.tx((sql) => unwritten(sql, ledger.org));
  expect(/<MsgId>([^<]*)/.exec(file?.content ?? '')?.[1]).toBe(messageId(ledger.org, OURS, '2026-03-02', 100));
  expect(messageId(OrgId.parse('a-very-long-organization'), OURS, '2026-03-02', 100_000).length).toBeLessThanOrEqual(35); // Max35Text of ISO 20022
});

test('a release keeps what it was given for; holding the bill again takes it back', async () => {
  await add(one);
  const twin = bill('4711-2', [line('10')], { issued: day('2026-02-13') });
  await add(twin);
  const found = await dossier(twin);
  expect(found.duplicateOf).toBe(one.id);
  await ledger.writes(MONDAY, (finance) => finance.hold(twin.id, 'billed twice', key('h')));
  await ledger.writes(MONDAY, (finance) => finance.release(twin.id));
  expect((await dossier(twin)).released).toEqual({ duplicateOf: one.id, reasons: found.match.reasons });
  await ledger.writes(MONDAY, (finance) => finance.hold(twin.id, 'billed twice', key('h2')));
  expect((await dossier(twin)).released).toBeNull();
});
