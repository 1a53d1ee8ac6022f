/** What outsiders wrote stays what it looks like on a terminal. */
import { expect, test } from 'vitest';
import type { PaymentNow, TaskCard } from '../../src/client.ts';
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
  payment: null,
  waits: true,
  decision: null,
  votes: [],
  may: [],
  expiresAt: null,
  escalated: null,
  nudged: [],
  answers: ['edit', 'respond'],
  grouped: false,
  secondStep: null,
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

test.each<[PaymentNow['state'], string | null, string, string]>([
  ['instructed', null, '', 'instructed, leaves on 2026-03-02'],
  ['sent', '5678-2026-03-02-1.xml', '', 'sent on 2026-03-02, in 5678-2026-03-02-1.xml; no statement shows it yet'],
  ['paid', '5678-2026-03-02-1.xml', '', 'paid: a statement shows it; sent on 2026-03-02, in 5678-2026-03-02-1.xml'],
  ['rejected', '5678-2026-03-02-1.xml', 'AC04 closed', 'sent on 2026-03-02, in 5678-2026-03-02-1.xml, and the bank sent it back: AC04 closed'],
  ['withdrawn', null, 'goods were wrong', 'taken back before it left: goods were wrong'],
])('a payment that is %s is said to be that, and not done', (state, file, reason, says) => {
  const made: TaskCard = { ...task, outcome: 'done', waits: false, payment: { state, executeOn: '2026-03-02', file, reason } };
  expect(line(made)).toMatch(new RegExp(`${state}$`));
  const [head = '', ...rest] = card(made, { zone: 'UTC', business: '2026-03-02T07:00:00.000Z' }).split('\n');
  expect(head).toMatch(new RegExp(`${state}$`));
  expect(rest).toContain(`  Payment    ${says}`);
});

test('what is no payment is done when it is done', () => {
  expect(line({ ...task, outcome: 'done', waits: false })).toMatch(/done$/);
});
