/** Contents that cannot be kept, and payments that cannot be written: each stays behind by itself, and is told. */
import { mkdirSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, inject, test } from 'vitest';
import { tend } from '../../src/activities/tend.ts';
import type { Caller } from '../../src/client.ts';
import { reviewed, stage, type Stage } from '../fixtures/stage.ts';

const operator: Caller = { kind: 'operator' };
const calendar = (uid: string, start: string, summary: string) =>
  `BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:x\r\nBEGIN:VEVENT\r\nUID:${uid}\r\nDTSTART:${start}\r\nSUMMARY:${summary}\r\nEND:VEVENT\r\nEND:VCALENDAR\r\n`;
const BAD = {
  'a-nul.ics': calendar('nul', '20260310T090000', 'Visit\0 of the joiner'),
  'b-day.ics': calendar('day', '99999999T090000', 'Never'),
  'c-nul.xml': `<?xml version="1.0"?><Invoice xmlns="urn:oasis:names:specification:ubl:schema:xsd:Invoice-2"><ID>N\0-1</ID></Invoice>`,
};
const GOOD = calendar('good', '20260310T090000', 'Delivery');

let on: Stage;
beforeAll(async () => {
  on = await stage(inject('services'), { change: ({ reviews: { finance = { at: ['07:30'] } }, ...same }) => ({ ...same, reviews: { finance } }) });
});
afterAll(() => on.close());
const stalled = async (stageName: string) => (await on.app.client.status(operator, {})).stalled.filter(({ stage: name }) => name === stageName);
const file = async (name: string) =>
  (await on.rows<{ state: string; reason: string }>('select state, reason from record_file where org = $1 and name = $2', [on.organization.id, name]))[0];
const payments = (state: string) =>
  on.rows<{ key: string; supplier: string; invoice: string; account: string; day: string }>(
    `select key, supplier, invoice, account, execute_on::text "day" from payment where org = $1 and state = $2 order by key`,
    [on.organization.id, state],
  );

describe('files', () => {
  test('what no parser can read and no row can hold is set aside with the reason, the file after it is filed, and Charter starts', async () => {
    const inbox = join(on.dataDir, 'inbox');
    mkdirSync(inbox, { recursive: true });
    for (const [name, text] of Object.entries({ ...BAD, 'z-good.ics': GOOD })) writeFileSync(join(inbox, name), text);
    await on.app.begin();
    expect(await file('a-nul.ics')).toEqual({ state: 'set_aside', reason: expect.stringContaining('NUL character') as string });
    expect(await file('b-day.ics')).toEqual({ state: 'set_aside', reason: expect.stringContaining('no time that there is') as string });
    expect(await file('c-nul.xml')).toEqual({ state: 'set_aside', reason: expect.stringContaining('NUL character') as string });
    expect(await file('z-good.ics')).toEqual({ state: 'filed', reason: '' });
  });

  test('a value that only the database refuses is set aside, not retried for ever', async () => {
    const text = calendar('huge', '20260310T090000', 'x').replace('UID:huge', `UID:huge\r\nSEQUENCE:99999999999999`);
    const [row] = await on.app.client.add_records(operator, { files: [{ name: 'huge.ics', base64: Buffer.from(text).toString('base64') }] });
    expect(row).toMatchObject({ state: 'set_aside', reason: expect.stringContaining('out of range') as string });
  });
});

describe('payments', () => {
  beforeAll(async () => {
    await on.worker();
    await reviewed(on, 'first');
  });

  test('one whose supplier has no address stays behind and is told; the others leave; once the address is there it leaves too', async () => {
    const [victim, ...others] = (await payments('instructed')).filter(({ invoice }) => invoice !== 'S-004:LS-88204'); // its discount would be over a day later
    if (!victim) throw new Error('nothing is instructed');
    const [kept] = await on.rows<{ address: unknown }>(`select document -> 'address' address from supplier where org = $1 and id = $2`, [
      on.organization.id,
      victim.supplier,
    ]);
    await on.rows(`update supplier set document = document - 'address' where org = $1 and id = $2`, [on.organization.id, victim.supplier]);
    await on.app.client.advance_clock(operator, { ms: 86_400_000 });
    const behind = (await payments('instructed')).map(({ key }) => key);
    expect(behind).toContain(victim.key);
    expect(others.filter(({ supplier }) => supplier !== victim.supplier).some(({ key }) => !behind.includes(key))).toBe(true);
    expect((await stalled('send_payment')).find(({ subject }) => subject === victim.invoice)?.error).toContain(victim.supplier);

    await on.rows(`update supplier set document = document || jsonb_build_object('address', $3::jsonb) where org = $1 and id = $2`, [
      on.organization.id,
      victim.supplier,
      JSON.stringify(kept?.address),
    ]);
    await on.app.client.advance_clock(operator, { ms: 86_400_000 });
    expect((await payments('instructed')).map(({ key }) => key)).not.toContain(victim.key);
  });

  test('a foreign file in the outbox stops its own payment file alone, and is told; moved away, the file is written', async () => {
    const clara = await on.person('clara');
    const task = await on.task('S-009:MO-2026-021');
    await on.app.client.decide(clara, { id: task.id, choice: 'approve', reason: '' });
    await on.until('it is instructed', async () => (await payments('instructed')).some(({ key }) => key === task.id));
    const outbox = join(on.dataDir, 'outbox');
    const before = readdirSync(outbox);
    const [row] = await on.rows<{ account: string; day: string }>(`select account, execute_on::text "day" from payment where org = $1 and key = $2`, [
      on.organization.id,
      task.id,
    ]);
    const names = Array.from({ length: 14 }, (_, n) => new Date(Date.parse(`${row?.day ?? ''}T00:00:00Z`) + n * 86_400_000).toISOString().slice(0, 10)).flatMap(
      (day) => [1, 2].map((count) => `${row?.account.slice(-4) ?? ''}-${day}-${count}.xml`),
    );
    const foreign = names.filter((name) => !before.includes(name));
    for (const name of foreign) writeFileSync(join(outbox, name), 'foreign');
    await on.app.client.advance_clock(operator, { ms: 7 * 86_400_000 });
    const [told] = await stalled('write_payment');
    expect(told).toMatchObject({ error: expect.stringContaining('other contents') as string });
    const [added] = await on.app.client.add_records(operator, {
      files: [{ name: 'more.ics', base64: Buffer.from(GOOD.replaceAll('good', 'more')).toString('base64') }],
    });
    expect(added).toMatchObject({ state: 'filed' });
    for (const name of foreign) rmSync(join(outbox, name));
    await tend(on.app.world, on.organization.id);
    expect(readdirSync(outbox)).toContain(told?.subject);
  });
});
