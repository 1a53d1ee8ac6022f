/** What people hand in does not go round the articles: nobody closes a site, vouches for themselves or grants their own leave by a file. */
import { afterAll, beforeAll, describe, expect, inject, test } from 'vitest';
import type { Caller } from '../../src/client.ts';
import { stage, type Stage } from '../fixtures/stage.ts';

let on: Stage;
const people: Record<string, Caller> = {};
const by = (name: string): Caller => {
  const caller = people[name];
  if (!caller) throw new Error(`nobody is called ${name}`);
  return caller;
};
beforeAll(async () => {
  on = await stage(inject('services'));
  await on.app.begin();
  for (const name of ['greta', 'nadia', 'emre', 'johanna']) people[name] = await on.person(name);
});
afterAll(() => on.close());

async function handIn(who: string, name: string, text: string) {
  const [row] = await on.app.client.add_records(by(who), { files: [{ name, base64: Buffer.from(text).toString('base64') }] });
  if (!row) throw new Error('nothing came back');
  return row;
}

describe('a calendar', () => {
  const closing = (of: string, uid: string, from = '20260311', to = '20260314') =>
    [
      'BEGIN:VCALENDAR',
      'VERSION:2.0',
      'PRODID:-//x//y//EN',
      `X-WR-CALNAME:${of}`,
      'BEGIN:VEVENT',
      `UID:${uid}`,
      `DTSTART;VALUE=DATE:${from}`,
      `DTEND;VALUE=DATE:${to}`,
      'SUMMARY:closed',
      'END:VEVENT',
      'END:VCALENDAR',
      '',
    ].join('\r\n');
  test('of a site, or of a colleague, takes the role', async () => {
    for (const of of ['mill-lane', 'station-yard', 'tomas'])
      await expect(handIn('greta', `${of}.ics`, closing(of, `greta-${of}`))).rejects.toMatchObject({ code: 'role_missing' });
    expect(await on.rows('select 1 from calendar_event where org = $1 and uid like $2', [on.organization.id, 'greta-%'])).toEqual([]);
  });
  test('of one’s own is one’s own', async () => expect(await handIn('greta', 'mine.ics', closing('greta', 'own'))).toMatchObject({ state: 'filed' }));
  test('of a site closes every day of it, and not the day after', async () => {
    await handIn('nadia', 'closed.ics', closing('mill-lane', 'flood'));
    const { picture } = await on.app.client.picture(by('nadia'), { name: 'staffing.rota' });
    if (picture.kind !== 'grid') throw new Error(`the rota is no grid, but ${picture.kind}`);
    expect(picture.columns.filter(({ note }) => note.includes('mill-lane closed')).map(({ title }) => title)).toHaveLength(3); // 11 to 13 March
  });
});

describe('a register', () => {
  const EVIDENCE = 'id,obligation,kind,document,valid_from,valid_until,filed_by\n';
  test('of evidence takes an owner, or a second person', async () => {
    const row = `EV-900,OB-03,electrical_test,archive/forged.pdf,2026-03-01,2027-03-01,viktor\n`;
    expect(await handIn('emre', 'evidence.csv', EVIDENCE + row)).toMatchObject({
      state: 'set_aside',
      reason: expect.stringContaining('charter propose compliance.file_evidence') as string,
    });
    expect(await on.rows('select 1 from evidence where org = $1 and id = $2', [on.organization.id, 'EV-900'])).toEqual([]);
    expect(await handIn('johanna', 'evidence-2.csv', EVIDENCE + row)).toMatchObject({ state: 'filed' });
    expect(await on.rows('select filed_by from evidence where org = $1 and id = $2', [on.organization.id, 'EV-900'])).toEqual([{ filed_by: 'johanna' }]); // not who the list says
  });
  const LEAVE = 'id,person,kind,first_day,last_day,requested_on,state\n';
  const stateOf = async (id: string) =>
    (await on.rows<{ state: string }>('select state from leave_request where org = $1 and id = $2', [on.organization.id, id]))[0]?.state;
  test('of leave decides nothing that was asked for', async () => {
    const [asked] = await on.rows<{ person: string; from: string; until: string; kind: string; on: string }>(
      `select person, kind, from_date::text "from", until_date::text until, requested_on::text "on" from leave_request where org = $1 and id = 'L-2026-018'`,
      [on.organization.id],
    );
    expect(asked?.person).toBe('nadia');
    expect(await handIn('nadia', 'leave.csv', `${LEAVE}L-2026-018,nadia,${asked?.kind},${asked?.from},${asked?.until},${asked?.on},granted\n`)).toMatchObject({
      state: 'filed',
    });
    expect(await stateOf('L-2026-018')).toBe('requested');
  });
  test('of leave grants nobody their own', async () => {
    expect(
      await handIn(
        'nadia',
        'leave-2.csv',
        `${LEAVE}L-2026-900,nadia,leave,2026-05-04,2026-05-08,2026-03-02,granted\nL-2026-901,tomas,leave,2026-05-04,2026-05-08,2026-03-02,granted\n`,
      ),
    ).toMatchObject({ state: 'filed' });
    expect([await stateOf('L-2026-900'), await stateOf('L-2026-901')]).toEqual(['requested', 'granted']);
  });
  test('of certificates vouches for nobody who hands it in', async () => {
    const heads = 'id,person,certificate,valid_from,valid_until\n';
    expect(await handIn('nadia', 'own.csv', `${heads}C-900,nadia,forklift,2026-01-01,2030-01-01\n`)).toMatchObject({
      state: 'set_aside',
      reason: expect.stringContaining('your own') as string,
    });
    expect(await handIn('nadia', 'others.csv', `${heads}C-901,tomas,forklift,2026-01-01,2030-01-01\n`)).toMatchObject({ state: 'filed' });
  });
});
