/** What outsiders wrote stays what it looks like on a terminal. */
import { expect, test } from 'vitest';
import type { TaskCard } from '../../src/client.ts';
import { deriveId } from '../../src/kernel/ids.ts';
import { instant } from '../../src/kernel/time.ts';
import { card, line, plain, plainLines, printableJson, table } from '../../src/surfaces/cli/render.ts';

const EVIL = 'A\u001b[1A\u001b[2KPay\r\n  Account    DE02\u202e\u0085\u2028\u009b2K\u200bx';
const UNSEEN = /[\u0000-\u0009\u000b-\u001f\u007f-\u009f\u2028\u2029\u202a-\u202e\u200b]/u;
const task: TaskCard = {
  id: deriveId('prp', ['x']),
  agent: 'finance-analyst',
  createdAt: '2026-03-02T06:00:00.000Z',
  tool: 'finance.hold_invoice',
  requester: null,
  rationale: EVIL,
  args: {},
  card: [
    { label: 'Hold', value: EVIL },
    { label: EVIL, value: 'x', before: EVIL },
  ],
  outcome: null,
  waits: true,
  decision: null,
  votes: [],
  may: [],
  expiresAt: null,
  escalated: null,
  nudged: [],
  grouped: false,
};

test('text is one line of what can be seen', () => {
  expect(plain(EVIL)).toMatch(/^APay {3,}Account {4}DE02/);
  expect(plain(EVIL)).not.toMatch(UNSEEN);
  expect(plain(EVIL)).not.toContain('\n');
  expect(plain('Tomás Zoë 木工 Ольга')).toBe('Tomás Zoë 木工 Ольга');
  expect(plainLines(`one\n${EVIL}`).split('\n')[0]).toBe('one');
});

test('neither a label nor a value of a card moves the cursor or forges a line', () => {
  const lines = card(task, { zone: 'Europe/Berlin', business: new Date().toISOString() }).split('\n');
  expect(line(task)).not.toContain('\n');
  for (const text of [line(task), ...lines]) expect(text.replace(/\u001b\[\d+m/g, '')).not.toMatch(UNSEEN);
  expect(lines.filter((text) => text.startsWith('  Account'))).toEqual([]);
});

test('by which clock people have to hurry is said where business goes by another one', () => {
  const [now, waits] = [Date.parse('2026-11-25T10:00:00Z'), { ...task, outcome: null, waits: true, expiresAt: instant(Date.parse('2026-11-27T09:00:00Z')) }];
  const said = (business: string) => card(waits, { zone: 'Europe/Berlin', business }, now).split('\n').at(-1);
  expect(said('2026-03-02T06:00:00.000Z')).toBe('  Refused if nobody decides by 27 Nov 2026, 10:00, by the real clock.');
  expect(said('2026-11-25T10:00:01.000Z')).toBe('  Refused if nobody decides by 27 Nov 2026, 10:00.');
});

test('nor a heading or a cell of a table', () => {
  const shown = table([{ [EVIL]: EVIL }]);
  expect(shown.split('\n')).toHaveLength(2);
  expect(shown.replace(/\u001b\[\d+m/g, '')).not.toMatch(UNSEEN);
});

test('JSON says the same, in characters that can be seen', () => {
  expect(printableJson({ id: EVIL })).not.toMatch(UNSEEN);
  expect(JSON.parse(printableJson({ id: EVIL, name: 'Zoë 🪚' }))).toEqual({ id: EVIL, name: 'Zoë 🪚' });
});
