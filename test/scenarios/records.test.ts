/** Files that people hand in: recognised by what they hold, or kept until a person says what that is. */
import { readFileSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, inject, test } from 'vitest';
import { reviewed } from '../../src/activities/housekeeping.ts';
import type { Caller, RecordRow } from '../../src/client.ts';
import { billXml } from '../fixtures/papers.ts';
import { stage, type Stage } from '../fixtures/stage.ts';

let one: Stage;
let clara: Caller;
const operator: Caller = { kind: 'operator' };
beforeAll(async () => {
  one = await stage(inject('services'));
  await one.app.begin();
  clara = await one.person('clara');
});
afterAll(() => one.close());

const add = async (name: string, text: string | Buffer): Promise<RecordRow> => {
  const [row] = await one.app.client.add_records(operator, { files: [{ name, base64: Buffer.from(text).toString('base64') }] });
  if (!row) throw new Error('nothing came back');
  return row;
};
const describeIt = (by: Caller, row: RecordRow, said: { register?: string; columns?: Record<string, string>; fields?: Record<string, string> }) =>
  one.app.client.describe_record(by, { id: row.id, register: 'invoices', columns: {}, fields: {}, ...said });
const known = async (invoice: string) =>
  (
    await one.rows<{ total: string; ok: boolean }>('select total_minor::text total, sums_agree ok from invoice where org = $1 and id = $2', [
      one.organization.id,
      invoice,
    ])
  )[0];

const BILL = {
  supplier: 'S-001',
  number: 'P-77',
  issued: '2026-02-20',
  due: '2026-03-20',
  net: '100.00',
  tax: '19.00',
  total: '119.00',
  currency: 'EUR',
  iban: 'DE51820511173097531246',
};

test('a list of invoices with headings of its own is filed, and the mapping is shown', async () => {
  const row = await add(
    'eingang.csv',
    'Lieferant;Rechnungsnummer;Rechnungsdatum;Fällig am;Netto;MwSt;Brutto;Währung;Konto;Notiz\r\nS-001;L-1;2026-02-20;2026-03-20;100.00;19.00;119.00;EUR;DE51820511173097531246;x\r\n',
  );
  expect(row).toMatchObject({ state: 'filed', register: 'invoices', ignored: ['Notiz'], mapping: { total: 'Brutto' } });
  expect(await known('S-001:L-1')).toEqual({ total: '11900', ok: true });
});

test.each([
  ['Windows-1252', (text: string) => Buffer.from(text, 'latin1')],
  ['UTF-16 with its mark', (text: string) => Buffer.concat([Buffer.of(0xff, 0xfe), Buffer.from(text, 'utf16le')])],
  ['UTF-8 with its mark', (text: string) => Buffer.from(`\ufeff${text}`)],
])('a list is read as office programs write it: %s', async (name, written) => {
  const number = name.replaceAll(' ', '-');
  const list = `Lieferant;Rechnungsnummer;Rechnungsdatum;Fällig am;Netto;MwSt;Brutto;Währung;Konto\r\nS-001;${number};2026-02-20;2026-03-20;100.00;19.00;119.00;EUR;DE51820511173097531246\r\n`;
  expect(await add(`${number}.csv`, written(list))).toMatchObject({ state: 'filed', mapping: { due: 'Fällig am', currency: 'Währung' } });
  expect(await known(`S-001:${number}`)).toEqual({ total: '11900', ok: true });
});

test('what is no text in any of them waits for a person', async () => {
  expect(await add('photo.jpg', Buffer.from([0xff, 0xd8, 0xff, 0xe0, 0x2c, 0x01, 0x0d, 0x0a, 0x00, 0x90]))).toMatchObject({ state: 'asks', kind: 'unknown' });
});

test('a bill of a supplier that nobody has registered is read again by itself once the register names it', async () => {
  const xml = billXml({ number: 'NEW-1', vat: 'DE999999990', po: 'PO-9', iban: 'DE51820511173097531246' });
  expect(await add('new.xml', xml)).toMatchObject({ state: 'set_aside', reason: expect.stringContaining('hand in a list of suppliers') });
  const headings = 'id;name;vat;iban;street;number;postcode;town;country;budget_line';
  expect(await add('neu.csv', `${headings}\r\nS-900;Neu GmbH;DE999999990;DE51820511173097531246;Weg;1;99085;Erfurt;DE;wood\r\n`)).toMatchObject({
    state: 'filed',
  });
  expect((await one.app.client.records(operator, { state: null })).find(({ name }) => name === 'new.xml')).toMatchObject({
    state: 'filed',
    filedBy: 'operator',
  });
  expect(await known('S-900:NEW-1')).toMatchObject({ ok: true });
});

test('a calendar is filed as its events, and a later version replaces an earlier one', async () => {
  const ics = (sequence: number, summary: string) =>
    `BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:-//x//y//EN\r\nBEGIN:VEVENT\r\nUID:leave-1\r\nSEQUENCE:${sequence}\r\nDTSTART;VALUE=DATE:20260309\r\nSUMMARY:${summary}\r\nEND:VEVENT\r\nEND:VCALENDAR\r\n`;
  const events = () => one.rows<{ summary: string }>("select summary from calendar_event where org = $1 and uid = 'leave-1'", [one.organization.id]);
  expect(await add('leave.ics', ics(1, 'asked'))).toMatchObject({ state: 'filed', kind: 'icalendar' });
  await add('leave.ics', ics(2, 'granted'));
  expect(await add('leave.ics', ics(0, 'old'))).toMatchObject({ state: 'filed' });
  expect(await events()).toEqual([{ summary: 'granted' }]);
  expect(reviewed({ ...one.app.world, agents: new Map() }, ['staffing'])).toEqual([]); // nobody answers for it: nothing is begun that cannot end
  expect(reviewed(one.app.world, ['finance'])).toEqual(['finance']);
});

describe('what nobody recognises', () => {
  test('is kept with its bytes, asks, and is filed when a person gives its fields; by then once', async () => {
    const row = await add('scan.pdf', Buffer.from([0x25, 0x50, 0x44, 0x46, 0xff, 0xfe, 0x00]));
    expect(row).toMatchObject({ state: 'asks', kind: 'unknown' });
    expect(
      (await one.rows<{ hex: string }>("select encode(content, 'hex') hex from record_file where org = $1 and digest = $2", [one.organization.id, row.id]))[0]
        ?.hex,
    ).toBe('25504446fffe00');
    expect((await one.app.client.records(operator, { state: 'asks' })).map(({ id }) => id)).toContain(row.id);

    const short = await describeIt(clara, row, { fields: { ...BILL, iban: 'DE00' } });
    expect(short).toMatchObject({ filed: false, reason: expect.stringContaining('iban') as string });
    expect(await known('S-001:P-77')).toBeUndefined();

    expect(await describeIt(clara, row, { fields: BILL })).toMatchObject({ filed: true });
    expect(await known('S-001:P-77')).toEqual({ total: '11900', ok: true });
    expect(await describeIt(clara, row, { fields: BILL })).toMatchObject({ filed: false });
    const why = await one.app.client.why(operator, { id: row.id });
    expect(why.map(({ type }) => type)).toEqual(['records.filed', 'records.described']);
    expect(why.at(-1)?.says).toContain('clara');
  });

  test('a table of unknown headings is filed once its columns are named', async () => {
    const row = await add('list.csv', 'who,nr,on,until,n,t,sum,cur,acc\nS-001,T-1,2026-02-20,2026-03-20,100.00,19.00,119.00,EUR,DE51820511173097531246\n');
    expect(row).toMatchObject({ state: 'asks', kind: 'csv' });
    const columns = { supplier: 'who', number: 'nr', issued: 'on', due: 'until', net: 'n', tax: 't', total: 'sum', currency: 'cur', iban: 'acc' };
    const { iban: _left, ...rest } = columns;
    expect(await describeIt(clara, row, { columns: rest })).toMatchObject({ filed: false, reason: expect.stringContaining('`iban`') as string });
    expect(await describeIt(clara, row, { columns })).toMatchObject({ filed: true });
    expect(await known('S-001:T-1')).toEqual({ total: '11900', ok: true });
  });

  test('only who answers for the domain, or an owner, says what it holds', async () => {
    const row = await add('note.bin', 'just words');
    await expect(describeIt(await one.person('greta'), row, { fields: BILL })).rejects.toMatchObject({ code: 'role_missing' });
    await expect(describeIt(operator, row, { fields: BILL })).rejects.toMatchObject({ code: 'person_needed' });
    await expect(describeIt(await one.person('johanna'), row, { register: 'nothing', fields: BILL })).rejects.toMatchObject({
      code: 'register_unknown',
      message: expect.stringContaining('`suppliers`') as string,
    });
  });
});

test('a table with one bad row is set aside with its line, and none of its rows is kept', async () => {
  const rows = [Object.values({ ...BILL, number: 'B-1' }), Object.values({ ...BILL, number: 'B-2', total: 'many' })].map((row) => row.join(','));
  const row = await add('bad.csv', `${Object.keys(BILL).join(',')}\n${rows.join('\n')}\n`);
  expect(row).toMatchObject({ state: 'set_aside', reason: expect.stringMatching(/line 3, `total`/) as string });
  expect(await known('S-001:B-1')).toBeUndefined();
});

describe('what counts as a record of ours', () => {
  const hand = (by: Caller, name: string, text: string) => one.app.client.add_records(by, { files: [{ name, base64: Buffer.from(text).toString('base64') }] });
  const of = (path: string) => readFileSync(new URL(`../../examples/workshop/records/${path}`, import.meta.url), 'utf8');

  test.each(['registers/suppliers.csv', 'orders/PO-2601.xml', 'receipts/GR-2601.xml', 'bank/operating-2026-02-28.xml'])(
    '%s is handed in by who keeps it, and by nobody else',
    async (path) => {
      await expect(hand(await one.person('greta'), path, `${of(path)}\n`)).rejects.toMatchObject({ code: 'role_missing' });
      const [row] = await hand(clara, path, of(path));
      expect(row?.state).toBe('filed');
    },
  );
  test('an invoice may come from anybody: it is believed by nobody', async () => {
    const [row] = await hand(await one.person('greta'), 'bill.xml', of('invoices/S-001-2026-0118.xml'));
    expect(row?.state).toBe('filed');
  });
  test('where one of several is refused, none is taken', async () => {
    const files = [
      { name: 'new.bin', base64: Buffer.from('something new').toString('base64') },
      { name: 's.csv', base64: Buffer.from(of('registers/suppliers.csv')).toString('base64') },
    ];
    await expect(one.app.client.add_records(await one.person('greta'), { files })).rejects.toMatchObject({ code: 'role_missing' });
    expect((await one.app.client.records(operator, { state: null })).some(({ name }) => name.endsWith('new.bin'))).toBe(false);
  });
});
