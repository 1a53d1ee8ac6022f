/** What else loosens the gate is ratified too: an example's word, tolerances, own accounts, who manages whom. By a file alone nothing is wider. */
import { afterAll, beforeAll, describe, expect, inject, test } from 'vitest';
import { checkAmendment } from '../../src/activities/amendments/check.ts';
import { weighAmendment } from '../../src/activities/amendments/weigh.ts';
import { housekeeping } from '../../src/activities/housekeeping.ts';
import { financeReads } from '../../src/adapters/postgres/finance.ts';
import { sqlOf } from '../../src/adapters/postgres/store.ts';
import type { Organization } from '../../src/adapters/files/organization.ts';
import type { App } from '../../src/app.ts';
import type { Caller } from '../../src/client.ts';
import { AmendmentId, PersonId } from '../../src/kernel/ids.ts';
import { Iban } from '../../src/domains/finance/records.ts';
import { stage, type Stage } from '../fixtures/stage.ts';

type Edit = (organization: Organization) => Organization;
const operator: Caller = { kind: 'operator' };
const NEW = Iban.parse('DE89370400440532013000');
const [OPERATING, RESERVE] = ['DE45820510000012345678', 'DE84820510000087654321'];

const settings = (on: Stage) => on.app.world.store.tx(on.organization.id, (tx) => financeReads(sqlOf(tx), tx.org).settings());
const paying = async (on: Stage) => (await settings(on)).accounts.filter((account) => account.pays_suppliers).map(({ iban }) => iban);
const matched = async (on: Stage) =>
  (await on.rows<{ n: number }>('select count(*)::int n from invoice where org = $1 and matched', [on.organization.id]))[0]?.n;
const managers = async (on: Stage) =>
  Object.fromEntries(
    (await on.rows<{ person: string; manager: string | null }>('select person, manager from person where org = $1', [on.organization.id])).map(
      ({ person, manager }) => [person, manager],
    ),
  );
const tolerance =
  (price_percent: string, amount: string): Edit =>
  (o) => ({ ...o, finance: { ...o.finance, tolerance: { price_percent, amount } } });
const accounts =
  (...edited: Organization['finance']['accounts']): Edit =>
  (o) => ({ ...o, finance: { ...o.finance, accounts: edited } });
const managed =
  (person: string, by: string): Edit =>
  (o) => ({ ...o, people: o.people.map((one) => (one.id === person ? { ...one, manager: PersonId.parse(by) } : one)) });

async function startAgain(on: Stage, edit: Edit): Promise<App> {
  on.edit(edit);
  return on.startAgain();
}
describe('an organization that was no example becomes none by a file', () => {
  let own: Stage;
  const said: Edit = (o) => ({ ...o, example: true });
  beforeAll(async () => {
    own = await stage(inject('services'), { change: (organization) => ({ ...organization, example: false }) });
  });
  afterAll(() => own.close());

  test('before anything is ratified: the operator puts nothing in force by writing it', async () => {
    const again = await startAgain(own, said);
    expect(again.world.settings(own.organization.id).example).toBe(false);
    await expect(again.client.constitution_show(operator, {})).rejects.toMatchObject({ code: 'not_ratified' });
    await startAgain(own, (o) => o);
  });

  test('nor by the operator’s word, nor by a token that the owner has not exchanged', async () => {
    await expect(own.app.client.ratify(operator, {})).rejects.toMatchObject({ code: 'owner_needed' });
    await expect(own.app.client.ratify(await own.person('johanna'), {})).rejects.toMatchObject({ code: 'token_unexchanged' });
    await expect(own.app.client.ratify(await own.themselves('clara'), {})).rejects.toMatchObject({ code: 'role_missing' });
    await expect(own.app.client.constitution_show(operator, {})).rejects.toMatchObject({ code: 'not_ratified' });
  });

  test('after it: tokens of the operator open nothing, the clock stays, and the draft says why it cannot be voted on', async () => {
    await own.app.client.ratify(await own.themselves('johanna'), {});
    const again = await startAgain(own, said);
    await expect(again.client.inbox(await own.person('clara'), { all: true })).rejects.toMatchObject({ code: 'token_unexchanged' });
    await expect(again.client.advance_clock(operator, { ms: 3_600_000 })).rejects.toMatchObject({ code: 'not_an_example' });
    const report = await again.client.constitution_check(operator, {});
    expect(report.problems).toEqual([expect.stringContaining('organization.yaml: `example` is `true`')]);
    await expect(again.client.amend(await own.themselves('johanna'), { reason: 'so that it is one' })).rejects.toMatchObject({ code: 'draft_refused' });
    const [row] = await own.rows<{ waiting: string }>(`select document ->> 'example' waiting from organization where org = $1`, [own.organization.id]);
    expect(row?.waiting).toBe('false');
  });
});

describe('on the example', () => {
  let on: Stage;
  let johanna: Caller;
  beforeAll(async () => {
    on = await stage(inject('services'));
    await housekeeping(on.app.world, on.organization.id);
    johanna = await on.person('johanna');
  });
  afterAll(() => on.close());

  const wider: Edit = (o) =>
    [
      tolerance('60', '90000.00'),
      accounts(...o.finance.accounts.map((account) => ({ ...account, floor: '0.00', pays_suppliers: false })), {
        iban: NEW,
        name: 'Elsewhere',
        floor: '0.00',
        pays_suppliers: true,
      }),
      managed('greta', 'clara'),
    ].reduce((now, edit) => edit(now), o);

  test('what is stricter holds at the next start, and bills are matched anew', async () => {
    const before = await matched(on);
    await startAgain(on, (o) => accounts(...o.finance.accounts.map((account) => ({ ...account, floor: '50000.00' })))(tolerance('0', '0.00')(o)));
    const held = await settings(on);
    expect(held.tolerance).toEqual({ price_percent: '0', amount: '0.00' });
    expect(held.accounts.map(({ floor }) => floor)).toEqual(['50000.00', '50000.00']);
    await on.rows(`update invoice set matched = true where org = $1`, [on.organization.id]);
    await startAgain(on, (o) => o);
    expect((await settings(on)).tolerance).toEqual({ price_percent: '2', amount: '10.00' });
    expect(await matched(on)).toBe(before);
  });

  test('what is wider waits, in words: nothing matches more, nobody else pays, and nobody manages who was not ratified', async () => {
    const before = await matched(on);
    await startAgain(on, wider);
    expect(await matched(on)).toBe(before);
    expect((await settings(on)).tolerance).toEqual({ price_percent: '2', amount: '10.00' });
    expect(await paying(on)).toEqual([]);
    expect((await settings(on)).accounts.map(({ iban, floor }) => [iban, floor])).toEqual([
      [OPERATING, '20000.00'],
      [RESERVE, '30000.00'],
    ]);
    expect(await managers(on)).toMatchObject({ greta: null, tomas: 'viktor' });
    expect((await on.app.client.constitution_check(operator, {})).changes.map(({ title }) => title)).toEqual([
      'a price may be above the order’s by 2 -> 60 percent',
      'a bill may be above its order by 10.00 EUR -> 90,000.00 EUR',
      `account ${OPERATING} is kept above 20,000.00 EUR -> 0.00 EUR`,
      `account ${OPERATING} pays suppliers no more`,
      `account ${RESERVE} is kept above 30,000.00 EUR -> 0.00 EUR`,
      `account ${NEW} is ours: \`Elsewhere\`, kept above 0.00 EUR, pays suppliers`,
      'greta is managed by `viktor` -> `clara`',
    ]);
    const last = (await on.app.client.why(operator, { id: 'organization' })).at(-1)?.says ?? '';
    expect(last.split('waits for the owners')[0]).toContain('greta is managed by nobody, no more by `viktor`');
    expect(last.split('waits for the owners')[1]).toContain('greta is managed by `clara`');
  });

  test('a limit for a supplier that no record names is told where people look', async () => {
    await startAgain(on, (o) => ({ ...o, finance: { ...o.finance, supplier_limits: { ...o.finance.supplier_limits, 'S-999': '1.00' } } }));
    const said = 'desired/finance.yaml limits `S-999`, and no record names that supplier';
    expect((await on.app.client.status(operator, {})).findings.filter((finding) => finding.startsWith('desired/'))).toEqual([expect.stringContaining(said)]);
    await startAgain(on, (o) => o);
  });

  test('until the owners ratify it; an example that says it is none is none from then on', async () => {
    on.edit(wider);
    const { id } = await on.app.client.amend(johanna, { reason: 'we moved to another bank' });
    await checkAmendment(on.app.world, on.organization.id, AmendmentId.parse(id));
    expect(await on.app.client.ratify(johanna, { amendment: id })).toMatchObject({ counted: true });
    expect(await weighAmendment(on.app.world, on.organization.id, AmendmentId.parse(id))).toMatchObject({ state: 'ratified' });
    expect(await paying(on)).toEqual([NEW]);
    expect((await settings(on)).tolerance).toEqual({ price_percent: '60', amount: '90000.00' });
    expect(await managers(on)).toMatchObject({ greta: 'clara' });
    const serious = await startAgain(on, (o) => ({ ...wider(o), example: false }));
    await expect(serious.client.me(johanna, {})).rejects.toMatchObject({ code: 'token_unexchanged' });
    const back = await startAgain(on, wider);
    expect(back.world.settings(on.organization.id).example).toBe(false);
  });
});
