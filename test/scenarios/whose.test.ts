/** Who asks, for whom, about whom and when: conflicts of interest, months of people, overrides, and days that are worked. */
import { afterAll, beforeAll, describe, expect, inject, test } from 'vitest';
import { housekeeping } from '../../src/activities/housekeeping.ts';
import { judge, type Step } from '../../src/activities/judge.ts';
import { Interest } from '../../src/kernel/interests.ts';
import { PersonId, ToolName, type ProposalId } from '../../src/kernel/ids.ts';
import type { Organization } from '../../src/adapters/files/organization.ts';
import type { TaskCard } from '../../src/client.ts';
import { bills, propose } from '../fixtures/bills.ts';
import { draftFolder, type DraftFolder } from '../fixtures/draft.ts';
import { stage, type Stage } from '../fixtures/stage.ts';

const EACH = 10_000; // minor units
const MONTH = 50; // as many of them fill clara's month
const LARGE = 250_000; // above the agent's authority: finance decides
const AT_ONCE = 200;
const SUNDAY_REST = `@id("days.money") @article("D1") @title("Nothing is paid on a day that nobody works") @source("finance handbook 11")
forbid (principal, action in Action::"Money", resource)
when { context.base has working_day && !context.base.working_day };
`;
const CASES = [true, false].map((working_day) => ({
  article: 'days.money',
  name: `a working day: ${working_day}`,
  tool: 'finance.pay_invoice',
  facts: { base: { working_day } },
  expect: working_day ? 'permit' : 'deny',
}));
const [clara, viktor, johanna] = ['clara', 'viktor', 'johanna'].map((name) => PersonId.parse(name));
const pay = ToolName.parse('finance.pay_invoice');

const declared = (organization: Organization): Organization => ({
  ...organization,
  people: organization.people.map((one) =>
    one.id === clara ? { ...one, authority: { finance: { per_call: '2000.00', per_day: '10000.00', per_month: '5000.00' } } } : one,
  ),
  interests: [
    { person: 'emre', supplier: 'S-20001', kind: 'family' },
    { person: 'clara', supplier: 'S-20002', kind: 'ownership' },
    { person: 'viktor', relative: 'clara' },
  ].map((entry) => Interest.parse(entry)),
  overrides: [
    { role: 'manager', per_call: '50.00' },
    { person: PersonId.parse('viktor'), tool: pay, per_call: '100.00' },
    { role: 'owner', tool: pay, granted: false },
  ],
});

let draft: DraftFolder;
let on: Stage;
beforeAll(async () => {
  const services = inject('services');
  draft = draftFolder(services.dataDir);
  draft.write('90-days', SUNDAY_REST, CASES);
  on = await stage(services, { change: declared, constitution: draft.url });
  await housekeeping(on.app.world, on.organization.id);
});
afterAll(() => on.close());

const judged = (id: ProposalId, round = 1): Promise<Step> => judge(on.app.world, on.organization.id, id, round);
const task = (id: string): Promise<TaskCard> => on.app.client.task({ kind: 'operator' }, { id });
const reserved = async (): Promise<number> => {
  const [row] = await on.rows<{ sum: string | null }>(
    `select sum(minor)::text from reservation where org = $1 and kind = 'person_month' and key = 'clara/finance' and state in ('reserved', 'spent')`,
    [on.organization.id],
  );
  return Number(row?.sum ?? 0);
};
/** A bill of its own, and what the gate says of paying it for somebody. */
async function asked(
  batch: number,
  minor: number,
  who: PersonId | undefined,
  nth = 1,
): Promise<{ readonly id: ProposalId; readonly step: Step; readonly card: TaskCard }> {
  const invoices = await bills(on, batch, nth, minor);
  const id = await propose(on, invoices.at(-1) ?? '', minor, who ?? null);
  return { id, step: await judged(id), card: await task(id) };
}
const articles = ({ decision }: TaskCard) => (decision?.articles ?? []).map(({ id }) => id);

describe('the month of a person, over all agents', () => {
  let ids: ProposalId[];
  let steps: Step[];
  test('200 payments at once for one person never pass it together, and what waits holds nothing', async () => {
    const invoices = await bills(on, 1, AT_ONCE, EACH);
    ids = await Promise.all(invoices.map((invoice) => propose(on, invoice, EACH, clara)));
    steps = await Promise.all(ids.map((id) => judged(id)));
    expect(steps.filter(({ next }) => next === 'go')).toHaveLength(MONTH);
    expect(steps.filter(({ next }) => next === 'wait')).toHaveLength(AT_ONCE - MONTH);
    expect(await reserved()).toBe(MONTH * EACH);
    const card = await task(ids[steps.findIndex(({ next }) => next === 'wait')] ?? '');
    expect(articles(card)).toEqual(['finance.person.month']);
    expect(card.decision?.why.join()).toContain('for this person and month up to 5,000.00 EUR; asked 5,100.00 EUR');
  });

  test('what is refused after all sets its money free, for one more and no other', async () => {
    const [goes, waits, another] = [steps.findIndex(({ next }) => next === 'go'), ...steps.flatMap(({ next }, n) => (next === 'wait' ? [n] : []))].map(
      (n) => ids[n ?? 0],
    );
    if (!goes || !waits || !another) return expect.fail('nothing goes, or nothing waits');
    await on.rows(`update invoice set state = 'held' where org = $1 and id = (select args ->> 'invoice' from proposal where org = $1 and id = $2)`, [
      on.organization.id,
      goes,
    ]);
    expect(await judged(goes, 2)).toEqual({ next: 'closed', outcome: 'denied' });
    expect(await reserved()).toBe((MONTH - 1) * EACH);
    expect(await judged(waits, 2)).toMatchObject({ next: 'go' });
    expect(await judged(another, 2)).toMatchObject({ next: 'wait' });
    expect(await reserved()).toBe(MONTH * EACH);
  });

  test('what a halt ends sets its money free', async () => {
    const goes = ids[steps.findLastIndex(({ next }) => next === 'go')] ?? ids[0];
    await on.app.client.halt(await on.person('johanna'), { scope: { kind: 'agent', agent: 'finance-analyst' }, reason: 'for the test' });
    expect(await reserved()).toBe(0);
    expect((await task(goes ?? '')).outcome).toBe('halted');
    await on.app.client.resume(await on.person('johanna'), { scope: { kind: 'agent', agent: 'finance-analyst' }, reason: 'it is over' });
  });

  test('the organization itself has no month', async () => {
    const { step, card } = await asked(3, EACH, undefined);
    expect([step.next, articles(card)]).toEqual(['go', ['grant.act']]);
    expect(await reserved()).toBe(0);
  });
});

describe('conflicts of interest', () => {
  test('whoever is tied to the supplier does not decide, and the task says why', async () => {
    const { id, step, card } = await asked(2, LARGE, undefined);
    expect(step.next).toBe('wait');
    expect(card.may.map(({ person }) => person)).toEqual(['clara']);
    expect(card.decision?.why).toContain('`emre` is family of `S-20001`, and does not decide it');
    await expect(on.app.client.decide(await on.person('emre'), { id, choice: 'approve', reason: 'it is my brother' })).rejects.toMatchObject({
      code: 'not_eligible',
      message: expect.stringContaining('is tied to whom it is about') as string,
    });
    expect(await on.app.client.decide(await on.person('clara'), { id, choice: 'approve', reason: 'as ordered' })).toMatchObject({ counted: true });
    expect(await judged(id, 2)).toMatchObject({ next: 'go' });
  });

  test('whoever owns a share asks with the word of somebody else alone', async () => {
    const own = await propose(on, 'S-20002:1', EACH, clara);
    await bills(on, 4, 1, EACH);
    await on.rows(`insert into supplier (org, id, iban, account_since, since, registered_by, budget_line, status, document)
      select org, 'S-20002', iban, account_since, since, registered_by, budget_line, status, document || '{"id": "S-20002"}' from supplier where org = $1 and id = 'S-40001'`, [on.organization.id]); // prettier-ignore
    await on.rows(`insert into invoice (org, id, supplier, issued, due, order_number, iban, total_minor, currency, document, sums_agree, matched)
      select org, 'S-20002:1', 'S-20002', issued, due, 'PO-S-20002', iban, total_minor, currency, document || '{"id": "S-20002:1", "supplier": "S-20002"}', true, true
      from invoice where org = $1 and id = 'S-40001:1'`, [on.organization.id]); // prettier-ignore
    expect(await judged(own)).toMatchObject({ next: 'wait' });
    const card = await task(own);
    expect([articles(card), card.may.map(({ person }) => person)]).toEqual([['finance.conflict'], ['emre']]);
    expect(await judged(await propose(on, 'S-40001:1', EACH, clara))).toMatchObject({ next: 'go' }); // of any other supplier
  });
});

describe('overrides', () => {
  test('the more specific one holds, to the cent', async () => {
    const within = await asked(5, 10_000, viktor);
    const above = await asked(6, 10_001, viktor);
    expect([within.step.next, above.step.next]).toEqual(['go', 'wait']); // as a manager it were 50.00
    expect(articles(above.card)).toEqual(['finance.call']);
    expect(above.card.decision?.why.join()).toContain('granted up to 100.00 EUR; asked 100.01 EUR');
  });
  test('an owner is governed like everybody: what is taken from the role is taken', async () => {
    const { step, card } = await asked(7, EACH, johanna);
    expect(step).toEqual({ next: 'closed', outcome: 'denied' });
    expect(card.decision?.why).toContain('`finance.pay_invoice` is taken from whoever asks by an override');
    expect((await asked(8, EACH, clara)).step.next).toBe('go');
  });
});

test('thirty calls in a minute for one person, over all agents; one that was denied does not count', async () => {
  const [org, invoices] = [on.organization.id, await bills(on, 11, 3, EACH)];
  const calls = await on.rows<{ id: string }>(`select id from proposal where org = $1 and on_behalf_of = 'clara' and outcome is distinct from 'denied' order by id limit 30`, [org]); // prettier-ignore
  const now = (n: number) =>
    on.rows(`update proposal set created_at = now(), agent = case when id < $3 then 'operations-coordinator' else agent end where org = $1 and id = any($2)`, [org, calls.slice(0, n).map(({ id }) => id), calls[15]?.id]); // prettier-ignore
  const next = async (nth: number) => {
    const id = await propose(on, invoices[nth] ?? '', EACH, clara);
    return [(await judged(id)).next, articles(await task(id))];
  };
  await now(29);
  expect(await next(0)).toEqual(['go', ['grant.act']]);
  await now(30);
  expect(await next(1)).toEqual(['closed', ['replication.rate.person']]);
  await on.rows(`update proposal set outcome = 'denied' where org = $1 and id = $2`, [org, calls[7]?.id]);
  expect(await next(2)).toEqual(['go', ['grant.act']]);
});

test('a day that nobody works, and one of which nobody knows', async () => {
  const [invoice = ''] = await bills(on, 9, 1, EACH);
  const check = (on_: Stage) =>
    on_.app.client.gate_check({ kind: 'operator' }, { agent: 'finance-analyst', tool: pay, args: { invoice, payee: iban, amount: { minor: EACH, currency: 'EUR' } }, onBehalfOf: null }); // prettier-ignore
  const [row] = await on.rows<{ iban: string }>(`select iban from supplier where org = $1 and id = 'S-001'`, [on.organization.id]);
  const iban = row?.iban ?? '';
  const set = (calendar: object | null) => on.rows(`update organization set document = document || jsonb_build_object('calendar', $2::jsonb) where org = $1`, [on.organization.id, JSON.stringify(calendar)]); // prettier-ignore
  const [today] = await on.rows<{ day: string }>(`select (now() + clock_offset_ms * interval '1 millisecond')::date::text as day from organization where org = $1`, [on.organization.id]); // prettier-ignore
  const { calendar } = on.organization;
  expect(await check(on)).toMatchObject({ verdict: 'permit' });
  await set({ ...calendar, holidays: { ...calendar?.holidays, [today?.day ?? '']: 'a feast' } });
  expect(await check(on)).toMatchObject({ verdict: 'deny', articles: [{ id: 'days.money' }] });
  await set(null);
  expect(await check(on)).toMatchObject({ verdict: 'deny', kind: 'malformed', why: [expect.stringContaining('fact `base.working_day`')] });
});
