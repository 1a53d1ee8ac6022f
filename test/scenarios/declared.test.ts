/** What the files say of people, limits and grants: narrower holds at the next start, wider only when the owners have ratified it. */
import { afterAll, beforeAll, describe, expect, inject, test } from 'vitest';
import { checkAmendment } from '../../src/activities/amendments/check.ts';
import { weighAmendment } from '../../src/activities/amendments/weigh.ts';
import { housekeeping } from '../../src/activities/housekeeping.ts';
import { judge } from '../../src/activities/judge.ts';
import type { Organization } from '../../src/adapters/files/organization.ts';
import type { AmendmentCard, Caller } from '../../src/client.ts';
import { AgentName, AmendmentId, PersonId, ToolName } from '../../src/kernel/ids.ts';
import type { Role } from '../../src/kernel/nouns.ts';
import { payment } from '../../src/domains/finance/facts.ts';
import { Interest } from '../../src/kernel/interests.ts';
import { LocalDate } from '../../src/kernel/time.ts';
import { found } from '../../src/activities/world.ts';
import { bills, propose } from '../fixtures/bills.ts';
import { stage, type Stage } from '../fixtures/stage.ts';

type Edit = (organization: Organization) => Organization;
const operator: Caller = { kind: 'operator' };
const all =
  (...edits: readonly Edit[]): Edit =>
  (organization) =>
    edits.reduce((now, edit) => edit(now), organization);
const budget =
  (line: string, month: string): Edit =>
  (o) => ({ ...o, finance: { ...o.finance, budgets: o.finance.budgets.map((one) => (one.line === line ? { ...one, month } : one)) } });
const roles =
  (person: string, given: readonly Role[]): Edit =>
  (o) => ({ ...o, people: o.people.map((one) => (one.id === person ? { ...one, roles: [...given] } : one)) });
const without =
  (person: string): Edit =>
  (o) => ({ ...o, people: o.people.filter(({ id }) => id !== person) });
const joined =
  (person: string, given: readonly Role[]): Edit =>
  (o) => ({ ...o, people: [...o.people, { id: PersonId.parse(person), name: 'Eva Marten', roles: [...given], status: 'active', authority: {} }] });
const finance =
  (edited: Partial<Organization['finance']>): Edit =>
  (o) => ({ ...o, finance: { ...o.finance, ...edited } });

let on: Stage;
let people: Record<'johanna' | 'clara', Caller>;
const twoOwners = all(roles('clara', ['owner', 'finance']), (o) => ({ ...o, amendments: { owners: 2 } }));
beforeAll(async () => {
  on = await stage(inject('services'), { change: twoOwners });
  await housekeeping(on.app.world, on.organization.id);
  people = { johanna: await on.person('johanna'), clara: await on.person('clara') };
});
afterAll(() => on.close());

const startAgain = (edit: Edit): Promise<unknown> => {
  on.edit(edit);
  return on.startAgain();
};
/** Puts the files, as they are then, to the vote. */
async function amend(edit: Edit): Promise<AmendmentCard> {
  on.edit(edit);
  const { id } = await on.app.client.amend(people.johanna, { reason: 'the month asks for it' });
  await checkAmendment(on.app.world, on.organization.id, AmendmentId.parse(id));
  return on.app.client.amendment(operator, { id });
}
async function ratify({ id, digest }: AmendmentCard, ...by: readonly Caller[]) {
  for (const one of by) expect(await on.app.client.ratify(one, { amendment: id, digest })).toMatchObject({ counted: true });
  return weighAmendment(on.app.world, on.organization.id, AmendmentId.parse(id));
}
interface Rows {
  readonly limits: { readonly budgets: Readonly<Record<string, number>>; readonly supplier_month: number; readonly new_supplier_days: number };
  readonly people: Readonly<
    Record<string, { readonly status: string; readonly roles: readonly string[]; readonly authority: Readonly<Record<string, unknown>> }>
  >;
}
async function rows(): Promise<Rows> {
  const [row] = await on.rows<Rows>(
    `select o.document -> 'limits' limits, (select json_object_agg(p.person, json_build_object('status', p.status, 'roles', p.roles, 'authority', p.authority)) from person p where p.org = o.org) people
     from organization o where org = $1`,
    [on.organization.id],
  );
  if (!row) throw new Error('no organization');
  return row;
}
const said = async (): Promise<readonly string[]> => (await on.app.client.why(operator, { id: 'organization' })).map(({ says }) => says);
const articles = async (): Promise<readonly string[]> => {
  const [due] = await on.rows<{ iban: string; minor: number }>(`select iban, total_minor::int minor from invoice where org = $1 and id = 'S-001:2026-0118'`, [
    on.organization.id,
  ]);
  const args = { invoice: 'S-001:2026-0118', payee: due?.iban ?? '', amount: { minor: due?.minor ?? 0, currency: 'EUR' } };
  const judged = await on.app.client.gate_check(operator, {
    agent: AgentName.parse('finance-analyst'),
    tool: ToolName.parse('finance.pay_invoice'),
    args,
    onBehalfOf: null,
  });
  return judged.articles.map(({ id }) => id);
};

test('the base of the example is in force in the operator’s name, with all that was declared; the same files again are no event', async () => {
  expect((await on.app.client.constitution_history(operator, {})).map(({ by }) => by)).toEqual(['operator']);
  expect(await rows()).toMatchObject({ limits: { budgets: { wood: 800_000 } }, people: { clara: { roles: ['owner', 'finance'] } } });
  expect(await said()).toEqual(['the files of the organization were loaded for the first time']);
  await on.startAgain();
  expect(await said()).toHaveLength(1);
  expect((await on.app.client.constitution_show(operator, {})).draft).toBe(false);
});

describe('what is narrower holds at the next start, and what is back within the ratified too', () => {
  test('limits, roles and authority', async () => {
    expect(await articles()).not.toContain('finance.budget');
    await startAgain(all(budget('wood', '1.00'), finance({ new_supplier_days: 60, supplier_month_limit: '9000.00' }), roles('paul', [])));
    expect(await rows()).toMatchObject({
      limits: { budgets: { wood: 100 }, supplier_month: 900_000, new_supplier_days: 60 },
      people: { paul: { roles: [], authority: { finance: { perCall: 50_000 } } } },
    });
    expect(await articles()).toContain('finance.budget');
    const last = (await said()).at(-1);
    for (const words of ['budget `wood` 8,000.00 -> 1.00 EUR a month', 'a supplier is new for 30 -> 60 days', 'paul loses the role `operations`'])
      expect(last).toContain(words);
    expect(last).not.toContain('waits for the owners');
    expect((await on.app.client.constitution_show(operator, {})).draft).toBe(true); // as any file that says something else
    await startAgain((o) => o);
    expect(await rows()).toMatchObject({ limits: { budgets: { wood: 800_000 }, new_supplier_days: 30 }, people: { paul: { roles: ['operations'] } } });
  });
});

describe('what is wider changes nothing before the owners have ratified it', () => {
  const wider = all(
    budget('materials', '9000.00'),
    roles('greta', ['finance']),
    joined('eva', ['finance']),
    finance({ account_change_days: 3, supplier_limits: { 'S-005': '5000.00', 'S-006': '90000.00' } }),
    (o) => ({
      ...o,
      people: o.people.map((one) => (one.id === 'paul' ? { ...one, authority: { finance: { per_call: '900.00', per_day: '1000.00' } } } : one)),
    }),
  );
  const before = {
    limits: { budgets: { materials: 400_000 }, account_change_days: 14 },
    people: { greta: { roles: [] }, paul: { authority: { finance: { perCall: 50_000 } } } },
  };
  const after = {
    limits: { budgets: { materials: 900_000 }, account_change_days: 3, suppliers: { 'S-006': 9_000_000 } },
    people: { greta: { roles: ['finance'] }, eva: { status: 'active', roles: ['finance'] }, paul: { authority: { finance: { perCall: 90_000 } } } },
  };

  test('by editing the files and starting again; a new person is there, without roles', async () => {
    await startAgain(wider);
    expect(await rows()).toMatchObject({ ...before, people: { ...before.people, eva: { status: 'active', roles: [] } } });
    const last = (await said()).at(-1);
    expect(last).toContain('from now on: eva joined');
    for (const words of ['budget `materials` 4,000.00 -> 9,000.00 EUR a month', 'greta gains the role `finance`', 'in finance: 500.00 -> 900.00 EUR a call'])
      expect(last?.split('waits for the owners')[1]).toContain(words);
    expect((await on.app.client.constitution_check(operator, {})).changes.map(({ title }) => title)).toEqual([
      'supplier `S-006` none -> 90,000.00 EUR a month',
      'budget `materials` 4,000.00 -> 9,000.00 EUR a month',
      'a changed account is new for 14 -> 3 days',
      'eva gains the role `finance`',
      'greta gains the role `finance`',
      'paul in finance: 500.00 -> 900.00 EUR a call',
    ]);
  });

  test('by a vote on another digest, or by one owner of two', async () => {
    const made = await amend(wider);
    const shown = on.app.world.constitution(on.organization.id).digest;
    expect(await on.app.client.ratify(people.johanna, { amendment: made.id, digest: shown })).toMatchObject({ counted: false });
    expect(await ratify(made, people.johanna)).toMatchObject({ next: 'wait' });
    expect(await rows()).toMatchObject(before);
    on.edit(all(wider, budget('materials', '99000.00'))); // the files go on; what was voted on is what it was
    expect(await ratify(made, people.clara)).toMatchObject({ state: 'ratified' });
    expect(await rows()).toMatchObject(after);
    const [stored] = await on.rows<{ budgets: object }>(`select bundle -> 'limits' -> 'budgets' budgets from constitution where org = $1 and digest = $2`, [
      on.organization.id,
      made.digest,
    ]);
    expect(stored?.budgets).toMatchObject({ materials: 900_000 });
    await on.startAgain();
    expect(await rows()).toMatchObject(after);
  });

  test('and what the files have narrowed since stays narrow when an older draft is ratified', async () => {
    const made = await amend(all(wider, budget('tools', '20000.00'), budget('office', '2000.00')));
    await startAgain(all(wider, budget('tools', '500.00'), budget('office', '1800.00')));
    expect(await ratify(made, people.johanna, people.clara)).toMatchObject({ state: 'ratified' });
    expect(await rows()).toMatchObject({ limits: { budgets: { tools: 50_000, office: 180_000 } } });
  });

  test('and the gate judges by the raised budget from then on', async () => {
    const lower = await amend(all(wider, budget('wood', '1.00')));
    expect(await rows()).toMatchObject({ limits: { budgets: { wood: 100 } } }); // narrower: holds as soon as somebody puts it to the vote
    await ratify(lower, people.johanna, people.clara);
    const raised = all(wider, budget('wood', '9000.00'));
    await startAgain(raised);
    expect(await articles()).toContain('finance.budget');
    await ratify(await amend(raised), people.johanna, people.clara);
    expect(await articles()).not.toContain('finance.budget');
  });
});

describe('people taken out of the files have left', () => {
  const kept: Edit = (o) => o;
  test('their votes on an amendment stop counting and their tokens open nothing, until they are back', async () => {
    const made = await amend(all(kept, budget('energy', '2600.00')));
    expect(await ratify(made, people.clara)).toMatchObject({ next: 'wait' });
    await startAgain(all(without('clara'), budget('energy', '2600.00')));
    expect((await said()).at(-1)).toContain('clara left');
    expect(await rows()).toMatchObject({ people: { clara: { status: 'left', roles: [] } } });
    await expect(on.app.client.me(people.clara, {})).rejects.toMatchObject({ code: 'token_unknown' });
    expect(await ratify(made, people.johanna)).toMatchObject({ next: 'wait' });
    expect(await rows()).toMatchObject({ limits: { budgets: { energy: 250_000 } } });
    await startAgain(budget('energy', '2600.00'));
    expect((await said()).at(-1)).toContain('clara is back');
    expect(await on.app.client.me(people.clara, {})).toMatchObject({ person: 'clara' });
    expect(await ratify(made)).toMatchObject({ state: 'ratified' });
  });

  test('a card that was approved by them alone goes on waiting, and what they asked for is refused', async () => {
    const [large = '', theirs = ''] = await bills(on, 3, 2, 300_000);
    const [card, own] = [await propose(on, large, 300_000), await propose(on, theirs, 300_000, PersonId.parse('paul'))];
    const emre = await on.person('emre');
    const judged = (id: typeof card, round: number) => judge(on.app.world, on.organization.id, id, round);
    expect([await judged(card, 1), await judged(own, 1)]).toMatchObject([{ next: 'wait' }, { next: 'wait' }]);
    expect(await on.app.client.decide(emre, { id: card, choice: 'approve', reason: '' })).toMatchObject({ counted: true });
    await startAgain(all(without('emre'), without('paul')));
    expect([await judged(card, 2), await judged(own, 2)]).toMatchObject([{ next: 'wait' }, { next: 'closed', outcome: 'denied' }]);
    expect((await on.app.client.task(operator, { id: card })).votes).toMatchObject([{ person: 'emre', void: expect.any(String) as string }]);
  });
});

test('a card that waits because of a budget is judged again when the owners raise it, and goes its way without a vote', async () => {
  await on.worker();
  const [invoice = ''] = await bills(on, 4, 1, 100_000);
  await startAgain(budget('wood', '1.00'));
  const id = await propose(on, invoice, 100_000);
  await on.temporal.wakeAction(on.organization.id, id);
  const task = () => on.app.client.task(operator, { id });
  await on.until('it waits', async () => (await task()).waits);
  await ratify(await amend(budget('wood', '9500.00')), people.johanna, people.clara);
  await on.until('it is done', async () => (await task()).outcome === 'done');
  expect((await task()).votes).toEqual([]);
});

test('a level that the file raises is not raised, and the event says that it waits', async () => {
  await startAgain((o) => ({ ...o, levels: { ...o.levels, ['finance-analyst']: 'ask' } }));
  expect((await said()).at(-1)).toContain('finance-analyst is lowered from `act` to `ask`');
  await startAgain((o) => o);
  expect((await said()).at(-1)).toContain('waits for the owners: finance-analyst `ask` -> `act`');
});

test('an interest that is taken out, and an override that gives more, wait for the owners; what binds more holds at once', async () => {
  const [invoice = ''] = await bills(on, 5, 1, 10_000);
  const id = await propose(on, invoice, 10_000, PersonId.parse('clara'));
  const tied: Edit = (o) => ({ ...o, interests: [Interest.parse({ person: 'emre', supplier: 'S-50001', kind: 'family' })] });
  const perCall =
    (amount: string): Edit =>
    (o) => ({ ...o, overrides: [{ person: PersonId.parse('clara'), tool: ToolName.parse('finance.pay_invoice'), per_call: amount }] });
  const read = () =>
    on.app.world.store.tx(on.organization.id, async (tx) => {
      const { proposal } = found(await tx.proposal(id), 'proposal');
      const { allowed, ties } = await tx.facts({ proposal, facts: payment, domain: 'finance', times: await tx.times(), today: LocalDate.parse('2026-03-02') });
      return [ties.map(({ person }) => person).join(), allowed.perCall];
    });
  expect(await read()).toEqual(['', 200_000]);
  await startAgain(tied);
  expect(await read()).toEqual(['emre', 200_000]);
  await ratify(await amend(tied), people.johanna, people.clara);
  await startAgain((o) => o);
  expect(await read()).toEqual(['emre', 200_000]);
  expect((await said()).at(-1)).toContain('it is no more on record that emre is family of `S-50001`');
  await startAgain(all(tied, perCall('9000.00')));
  expect(await read()).toEqual(['emre', 200_000]);
  await startAgain(all(tied, perCall('10.00')));
  expect(await read()).toEqual(['emre', 1_000]);
  await ratify(await amend(all(tied, perCall('9000.00'))), people.johanna, people.clara);
  expect(await read()).toEqual(['emre', 900_000]);
  await startAgain(tied);
  expect(await read()).toEqual(['emre', 200_000]);
});
