/** What people see is judged as a read for them, on every surface. An apprentice asks for wages and for a colleague's sick note. */
import { afterAll, beforeAll, describe, expect, inject, test } from 'vitest';
import type { Caller } from '../../src/client.ts';
import { PersonId, ProposalId } from '../../src/kernel/ids.ts';
import { spoken } from '../fixtures/slack.ts';
import { stage, type Stage } from '../fixtures/stage.ts';

const BILL = 'S-001:GEHALT-ROSA-0226';
const WAGES = '3,210.45';
const NOTE = 'Krankmeldung-Jakub-Grippe.pdf';
const SECRETS = /3[.,]?210|321045|GEHALT|Rosa K|Krank|Grippe/i;

let on: Stage;
let [clara, nadia, johanna, finn]: Caller[] = [];
let [wages, note]: string[] = [];
const named = (caller: Caller | undefined): Caller => {
  if (!caller) throw new Error('nobody');
  return caller;
};
const handIn = async (by: Caller, name: string, text: string): Promise<string> => {
  const [row] = await on.app.client.add_records(by, { files: [{ name, base64: Buffer.from(text).toString('base64') }] });
  return row?.id ?? '';
};

beforeAll(async () => {
  on = await stage(inject('services'));
  await on.app.begin();
  [clara, nadia, johanna, finn] = [await on.person('clara'), await on.person('nadia'), await on.person('johanna'), await on.person('finn')];
  const heads = 'Lieferant;Rechnungsnummer;Rechnungsdatum;Fällig am;Netto;MwSt;Brutto;Währung;Konto';
  await handIn(named(clara), 'loehne.csv', `${heads}\r\nS-001;GEHALT-ROSA-0226;2026-02-20;2026-03-03;3210.45;0.00;3210.45;EUR;DE51820511173097531246\r\n`);
  note = await handIn(named(nadia), NOTE, 'Rosa Keller schreibt Jakub bis Freitag krank: Grippe.');
  await on.worker();
  const task = await on.app.client.propose(named(clara), {
    tool: 'finance.hold_invoice',
    args: { invoice: BILL, reason: `Gehalt von Rosa Keller, ${WAGES} EUR: nicht über Rechnungen` },
    reason: 'wages are no bill',
    message: 'hold',
  });
  wages = task.id;
  await on.until(
    'it is judged',
    async () => (await on.rows('select 1 from decision where org = $1 and proposal = $2', [on.organization.id, wages])).length > 0,
  );
  await on.rows(`insert into stalled (org, stage, subject, tries, error, since, at) values ($1, 'reconcile', 'finance', 7, $2, now(), now())`, [
    on.organization.id,
    `Gehalt von Rosa K, ${WAGES} EUR: cannot be read`,
  ]);
});
afterAll(() => on.close());

async function asked(who: string, caller: Caller, agent: string, text: string): Promise<unknown> {
  const conversation = `${agent}/${text}`;
  const { turn } = await on.app.client.ask(caller, { text, agent, conversation, message: conversation });
  await on.until('it is answered', async () => (await on.app.client.answer(caller, { turn })).state !== 'waiting');
  return { who, ...(await on.app.client.answer(caller, { turn })) };
}

async function link(person: string, user: string): Promise<void> {
  const { code } = await on.app.client.slack_link(await on.person(person), { person: PersonId.parse(person) });
  const place = { team: 'T1', user, channel: `D${user}`, thread: '1.1', ts: '1.1', direct: true };
  await spoken(on.app.slack, { event: `link-${user}`, ...place, text: code });
}

/** In a thread that the whole house reads, after the one who answers for it asked there. @returns everything that is on its way to this person or to the channel */
async function inThread(user: string, text: string): Promise<unknown> {
  for (const [speaker, ts] of [
    ['UCLARA', '1700000001.000100'],
    [user, '1700000001.000200'],
  ] as const) {
    const place = { team: 'T1', user: speaker, channel: 'C1', thread: '1700000001.000100', ts, direct: false };
    expect(await spoken(on.app.slack, { event: ts, ...place, text })).toBe('turn');
    await on.until('it is answered', async () => (await on.rows(ANSWERED, [on.organization.id, speaker])).length > 0);
  }
  return on.rows('select body from slack_message where org = $1 and (slack_user = $2 or channel is not null)', [on.organization.id, user]);
}
const ANSWERED = `select 1 from slack_turn s join turn t on t.org = s.org and t.id = s.turn where s.org = $1 and s.slack_user = $2 and t.state = 'answered'`;

type Way = (by: Caller) => Promise<unknown>;
const WAYS: readonly (readonly [string, Way])[] = [
  ['asking finance what is on file', (by) => asked('finance', by, 'finance-analyst', `what about ${BILL}?`)],
  ['asking finance for everything', (by) => asked('finance', by, 'finance-analyst', 'which invoices are held?')],
  ['the list of tasks', (by) => on.app.client.inbox(by, { all: true })],
  ['a search', (by) => on.app.client.search(by, { text: 'Rosa' })],
  ['the task itself', (by) => on.app.client.task(by, { id: wages ?? '' })],
  ['why, of the bill', (by) => on.app.client.why(by, { id: BILL })],
  ['why, of the task', (by) => on.app.client.why(by, { id: wages ?? '' })],
  ['why, of a name that is nearly right', (by) => on.app.client.why(by, { id: BILL.slice(0, -1) })],
  ['the list of files', (by) => on.app.client.records(by, { state: null })],
  ['why, of the file', (by) => on.app.client.why(by, { id: note ?? '' })],
  ['the file, described as something else', (by) => on.app.client.describe_record(by, { id: note ?? '', register: 'movements', columns: {}, fields: {} })],
  ['the status', (by) => on.app.client.status(by, {})],
  [
    'what the gate would say',
    (by) => on.app.client.gate_check(by, { agent: 'finance-analyst', tool: 'finance.pay_invoice', args: { invoice: BILL }, onBehalfOf: 'clara' }),
  ],
  ['the pictures', async (by) => Promise.all((await on.app.client.pictures(by, {})).map(({ name }) => on.app.client.picture(by, { name })))],
  ['the picture of the money', (by) => on.app.client.picture(by, { name: 'finance.cash' })],
];
/** What came of it, without what he typed himself. */
const told = (way: Way, by: Caller | undefined): Promise<string> =>
  way(named(by)).then(
    (result) => JSON.stringify(result),
    (error: unknown) =>
      String(error instanceof Error ? error.message : error)
        .replaceAll(`\`${BILL.slice(0, -1)}\``, '')
        .replaceAll(`\`${note ?? ''}\``, ''),
  );

describe('an apprentice', () => {
  test.each(WAYS)('finds neither wages nor a sick note by %s', async (_how, way) => {
    const text = (await told(way, finn)).replaceAll(/"id":"[^"]*"/g, '').replaceAll(`what about ${BILL}?`, ''); // what he wrote himself
    expect(text).not.toMatch(SECRETS);
  });

  test('nor in a shared thread, where finance asked the same before him', async () => {
    await link('finn', 'UFINN');
    await link('clara', 'UCLARA');
    expect(JSON.stringify(await inThread('UFINN', 'finance: which invoices are held?'))).not.toMatch(SECRETS);
  });

  test('sees that it took place, and nothing of what it says', async () => {
    const events = await on.app.client.why(named(finn), { id: BILL });
    expect(events.map(({ type }) => type)).toContain('proposal.made');
    for (const { withheld, fields, says } of events.filter(({ type }) => type === 'proposal.made'))
      expect({ withheld, fields, says }).toEqual({ withheld: true, fields: {}, says: 'proposal made: not yours to read (finance, confidential)' });
  });

  test('is told who does', async () => {
    await expect(on.app.client.task(named(finn), { id: ProposalId.parse(wages) })).rejects.toMatchObject({
      code: 'not_yours',
      message: expect.stringContaining('the role finance') as string,
    });
  });

  test('looks neither at the money, nor at what the gate knows of it, nor at how far a limit is used', async () => {
    const call = { agent: 'finance-analyst', args: { invoice: BILL }, onBehalfOf: 'clara' };
    for (const tool of ['finance.pay_invoice', 'finance.get_balance'])
      await expect(on.app.client.gate_check(named(finn), { ...call, tool })).rejects.toMatchObject({ code: 'not_yours' });
    await expect(on.app.client.picture(named(finn), { name: 'finance.cash' })).rejects.toMatchObject({ code: 'not_yours' });
    expect(
      await on.app.client.gate_check(named(finn), { ...call, tool: 'operations.list_stock', args: {}, agent: 'operations-coordinator', onBehalfOf: 'finn' }),
    ).toMatchObject({ verdict: 'permit' });
  });

  test('still sees the rota, and the stock', async () => {
    expect((await on.app.client.pictures(named(finn), {})).map(({ name }) => name)).toEqual(['operations.stock', 'staffing.rota']);
    expect(JSON.stringify(await asked('staffing', named(finn), 'scheduler', 'who works on 2026-03-05?'))).toContain('On 2026-03-05:');
  });
});

describe('whoever answers for it', () => {
  const OWN = new Set([
    'the list of files',
    'why, of the file',
    'the file, described as something else',
    'what the gate would say',
    'the pictures',
    'the picture of the money',
    'why, of a name that is nearly right',
  ]);
  test.each(WAYS.filter(([how]) => !OWN.has(how)))('finds the wages by %s', async (_how, way) => expect(await told(way, clara)).toMatch(SECRETS));
  test('sees the file that she handed in; an owner does as well, and finance does not', async () => {
    const names = async (by: Caller | undefined) => (await on.app.client.records(named(by), { state: null })).map(({ name }) => name);
    expect(await names(nadia)).toContain(NOTE);
    expect(await names(johanna)).toContain(NOTE);
    expect(await names(clara)).not.toContain(NOTE);
  });
  test('a person who has left sees nothing from the next call on', async () => {
    await on.rows(`update person set status = 'left' where org = $1 and person = 'clara'`, [on.organization.id]);
    await expect(on.app.client.inbox(named(clara), { all: true })).rejects.toThrow();
  });
});
