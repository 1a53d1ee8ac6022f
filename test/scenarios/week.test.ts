/** A week in shadow, beside what people really did; and an article that is only observed. */
import { afterAll, beforeAll, describe, expect, inject, test } from 'vitest';
import { tend } from '../../src/activities/tend.ts';
import type { Caller } from '../../src/client.ts';
import { AgentName } from '../../src/kernel/ids.ts';
import { LocalDate } from '../../src/kernel/time.ts';
import { weekInWords } from '../../src/kernel/week-words.ts';
import type { WeekReport } from '../../src/kernel/week-report.ts';
import { draftFolder, NIGHT, NIGHT_CASES } from '../fixtures/draft.ts';
import { reviewed, stage, type Stage } from '../fixtures/stage.ts';

const WEEK = LocalDate.parse('2026-03-02'); // the example's first day, a Monday
const DAY_MS = 86_400_000;
const operator: Caller = { kind: 'operator' };
let on: Stage;
beforeAll(async () => {
  const services = inject('services');
  const draft = draftFolder(services.dataDir);
  const byDay = NIGHT.replace('@escalate', '@mode("observe") @escalate').replace('context.base.hour >= 20 || context.base.hour < 6', 'context.base.hour < 20');
  draft.write('90-day', byDay, NIGHT_CASES);
  const shadow = { [AgentName.parse('finance-analyst')]: 'shadow' } as const;
  on = await stage(services, { constitution: draft.url, change: (organization) => ({ ...organization, levels: { ...organization.levels, ...shadow } }) });
  await on.app.begin();
  await on.worker();
  await reviewed(on, 'first');
}, 240_000);
afterAll(() => on.close());

const report = (week: LocalDate | null = WEEK, caller: Caller = operator) => on.app.client.week_report(caller, { week });
const kept = () => on.rows('select week from week_report where org = $1', [on.organization.id]);
const told = (all: WeekReport) => weekInWords(all).join('\n');
/** The bank's line about a bill that somebody paid at the bank, as a statement files it. */
const paid = (invoice: string, minor: number, iban: string) =>
  on.rows(
    `insert into statement_line (org, account, reference, booked, minor, currency, end_to_end_id, counterparty_iban, document, explained_by)
     select $1, account, 'test ' || $2, '2026-03-03', -$3::bigint, 'EUR', null, $4, document, $2 from statement_line where org = $1 limit 1`,
    [on.organization.id, invoice, minor, iban],
  );

describe('a week in shadow', () => {
  test('is told by agent: what it would have done, asked about and not been let do; and nothing was done', async () => {
    const all = await report();
    expect(all).toMatchObject({ week: WEEK, until: '2026-03-02', agents: [{ agent: 'finance-analyst' }] });
    const [finance] = all.agents;
    expect(finance?.judged).toBeGreaterThan(10);
    expect(finance?.would.permit).toBeGreaterThan(3);
    expect(finance?.would.escalate).toBeGreaterThan(3);
    expect(finance?.became.open).toBe(finance?.judged);
    expect(await on.rows('select key from payment where org = $1 and key like $2', [on.organization.id, 'prp-%'])).toEqual([]);
    expect(told(all)).toContain('finance-analyst would have done: Pay');
    expect(told(all)).toContain('charter level raise finance-analyst ask');
  });
  test('has what people really did beside it: the same, or otherwise, in words', async () => {
    const pays = (await report()).rows.filter(({ tool, would }) => tool === 'finance.pay_invoice' && would === 'permit');
    const [same, otherwise] = await Promise.all(
      pays.slice(0, 2).map(async ({ proposal }) => {
        const [row] = await on.rows<{ args: { invoice: string; payee: string; amount: { minor: number } } }>(
          'select args from proposal where org = $1 and id = $2',
          [on.organization.id, proposal],
        );
        if (!row) throw new Error('it is not on file');
        return { proposal, ...row.args };
      }),
    );
    if (!same || !otherwise) throw new Error('nothing would have been paid');
    await paid(same.invoice, same.amount.minor, same.payee);
    await paid(otherwise.invoice, otherwise.amount.minor - 100, otherwise.payee);
    const all = await report();
    const of = (id: string) => all.rows.find(({ proposal }) => proposal === id);
    expect(of(same.proposal)).toMatchObject({ became: 'same', says: expect.stringMatching(/^paid [\d,.]+ EUR on 2026-03-03$/) });
    expect(of(otherwise.proposal)).toMatchObject({ became: 'otherwise' });
    expect(all.agents[0]?.became).toMatchObject({ same: 1, otherwise: 1 });
  });
  test('shows each row to those who see the call, and counts the others', async () => {
    const all = await report();
    const jakub = await report(WEEK, await on.person('jakub'));
    expect(jakub.rows.length).toBeLessThan(all.rows.length);
    expect(jakub.rows.length + jakub.more).toBe(all.rows.length + all.more);
    expect(jakub.agents).toEqual(all.agents);
  });
});

describe('an article that is only observed', () => {
  test('is counted, and stands beside each decision that it would have changed', async () => {
    const { observed } = await report();
    expect(observed).toMatchObject([{ article: 'N1', title: 'A payment at night needs finance' }]);
    expect(observed[0]?.spoke).toBeGreaterThan(3);
    expect(told(await report())).toContain('N1 A payment at night needs finance, only observed: would have stood against');
    const [row] = (await report()).rows.filter(({ would, tool }) => would === 'permit' && tool === 'finance.pay_invoice');
    const chain = await on.app.client.why(operator, { id: row?.proposal ?? '' });
    expect(chain.find(({ type }) => type === 'decision.made')?.says).toContain('the gate: permit, by');
    expect(chain.find(({ type }) => type === 'decision.made')?.says).toContain(
      '; only observed: N1 A payment at night needs finance, with which it would have been escalate',
    );
    expect((await on.app.client.task(operator, { id: row?.proposal ?? '' })).decision?.observed).toMatchObject({ verdict: 'escalate' });
  });
  test('is shown as one that stands against nothing', async () => {
    const { articles } = await on.app.client.constitution_show(operator, {});
    expect(articles.filter(({ observes }) => observes).map(({ id }) => id)).toEqual(['night.money']);
  });
});

describe('when the week is over', () => {
  test('its report is kept once, with an event, and says later what it said then', async () => {
    await tend(on.app.world, on.organization.id);
    expect(await kept()).toEqual([]); // it still runs
    await on.app.client.advance_clock(operator, { ms: 7 * DAY_MS });
    await on.until('it is kept', async () => {
      await tend(on.app.world, on.organization.id);
      return (await kept()).length === 1;
    });
    await tend(on.app.world, on.organization.id);
    expect(await kept()).toHaveLength(1);
    expect(await on.rows(`select id from event where org = $1 and type = 'week.reported'`, [on.organization.id])).toHaveLength(1);
    const then = await report();
    expect(then).toMatchObject({ until: '2026-03-08' });
    await on.rows(`delete from statement_line where org = $1 and reference like 'test %'`, [on.organization.id]);
    expect(await report()).toEqual(then);
  });
  test('a week in which nothing ran in shadow has none', async () => {
    const none = await report(LocalDate.parse('2026-01-05'));
    expect(none).toMatchObject({ agents: [], observed: [], rows: [] });
    expect(told(none)).toContain('nothing ran in shadow');
  });
});
