import { describe, expect, test } from 'vitest';
import { rota } from '../../../src/domains/staffing/pictures/rota.ts';
import type { StaffingReads } from '../../../src/domains/staffing/ports.ts';
import type { PersonFile } from '../../../src/domains/staffing/records.ts';
import { date, duty, file, frameOn } from './people.ts';

const MONDAY = '2026-03-02';
const drawn = async (files: readonly PersonFile[], closed: Awaited<ReturnType<StaffingReads['closed']>> = []) => {
  const staffing: Pick<StaffingReads, 'frame' | 'files' | 'closed'> = {
    frame: () => Promise.resolve(frameOn(MONDAY)),
    files: () => Promise.resolve(files),
    closed: () => Promise.resolve(closed),
  };
  const picture = await rota.draw(
    { ...staffing, leave: () => Promise.resolve([]), version: () => Promise.resolve(0) },
    { date: date(MONDAY), hour: 7, minute: 0, weekday: 1 },
  );
  if (picture.kind !== 'grid') throw new Error('no grid');
  return { ...picture, row: (name: string) => picture.rows.find((one) => one.name === name)?.cells ?? [] };
};

describe('the picture of the rota', () => {
  test('has a column for each of fourteen days, and says where a site is closed', async () => {
    const { columns } = await drawn([file('ana')], [{ site: duty('ana', MONDAY, 'early').site, day: date('2026-03-03') }]);
    expect(columns).toHaveLength(14);
    expect(columns.slice(0, 2)).toEqual([
      { title: 'Mon 2 Mar', note: '' },
      { title: 'Tue 3 Mar', note: 'yard closed' },
    ]);
  });
  test('says above what is short, and only that', async () => {
    const driving = file('ana', [], { duties: [duty('ana', MONDAY, 'early', 'driver')] });
    const { rows, row } = await drawn([driving]);
    expect(rows[0]?.name).toMatch(/^yard: /);
    expect(row('yard: driver, early')[0]).toEqual([]);
    expect(row('yard: driver, early')[1]).toEqual([{ text: '0 of 1', tone: 'short', mark: 'short' }]);
    expect(row('yard: driver, early')[5]).toEqual([]); // a Saturday
  });
  test('shows a person’s shifts, days away, and what is wrong in a word', async () => {
    const twice = file('ben', [
      [MONDAY, 'early'],
      [MONDAY, 'long'],
      ['2026-03-04', 'late'],
      ['2026-03-05', 'early'],
    ]);
    const away = file('eva', [], { away: [{ from: '2026-03-03', until: '2026-03-04' }] });
    const { row } = await drawn([twice, away]);
    expect(row('ben')[0]?.map(({ mark }) => mark)).toEqual(['double', 'double']);
    expect(row('ben')[3]).toEqual([{ text: 'early, yard', tone: 'clash', mark: 'rest' }]);
    expect(row('eva').map((cells) => cells.map(({ text }) => text).join())).toEqual(['', 'away', 'away', ...Array.from({ length: 11 }, () => '')]);
  });
  test('leaves out who is not here any more and has no shift', async () => {
    const { rows } = await drawn([file('gone', [], { active: false }), file('ana')]);
    expect(rows.map(({ name }) => name)).not.toContain('gone');
  });
});
