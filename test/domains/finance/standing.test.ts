import { expect, test } from 'vitest';
import { standing } from '../../../src/domains/finance/standing.ts';
import type { Dossier } from '../../../src/domains/finance/ports.ts';
import { Iban, type Supplier } from '../../../src/domains/finance/records.ts';
import { at, bill, day, when } from './samples.ts';

const supplier: Supplier = {
  id: 'S-001',
  name: 'Holz GmbH',
  vat: 'DE1',
  iban: bill('1').iban,
  bic: null,
  address: { street: 'Weg', number: '1', postcode: '1', town: 'Ort', country: 'DE' },
  since: day('2020-01-01'),
  accountSince: day('2020-01-01'),
  registeredBy: 'ada',
  budgetLine: 'wood',
  status: 'active',
};
const invoice = bill('1');
const fine: Dossier = {
  invoice,
  state: 'open',
  heldBecause: '',
  supplier,
  order: undefined,
  receipts: [],
  match: { matched: true, reasons: [] },
  duplicateOf: null,
  attempts: 0,
  released: null,
};
const TODAY = at('2026-03-09');
const kind = (dossier: Dossier) => standing(dossier, TODAY, when)?.kind;

/** Each fault by itself, the gravest first. */
const FAULTS = [
  ['duplicate_invoice', { duplicateOf: 'S-001:0' }],
  ['wrong_sums', { invoice: { ...invoice, problems: ['one and one make three'] } }],
  ['changed_account', { supplier: { ...supplier, iban: Iban.parse('DE94820522343195062492') } }],
  ['unmatched_invoice', { match: { matched: false, reasons: ['`OAK`: billed 10, received 9'] } }],
] as const satisfies readonly (readonly [string, Partial<Dossier>])[];

test('of several faults the gravest is said, and one alone: all 16 combinations', () => {
  for (let chosen = 0; chosen < 16; chosen++) {
    const faults = FAULTS.filter((_, n) => (chosen >> n) & 1);
    const dossier: Dossier = Object.assign({ ...fine }, ...faults.map(([, patch]) => patch));
    expect(kind(dossier), faults.map(([name]) => name).join(' + ')).toBe(faults[0]?.[0] ?? 'due_invoice');
  }
});

test.each(['held', 'instructed', 'paid'] as const)('an invoice that is %s is not asked about', (state) => {
  for (const [, patch] of FAULTS) expect(kind({ ...fine, ...patch, state })).toBeUndefined();
});

test('the facts change when something that matters does, and with nothing else', () => {
  const facts = (dossier: Dossier, now = TODAY) => JSON.stringify(standing(dossier, now, when)?.facts);
  const same = facts(fine);
  expect(facts(fine, at('2026-03-20'))).toBe(same); // another day is no new fact
  expect(facts({ ...fine, receipts: [{ number: 'GR', order: 'PO-1', received: TODAY.date, receivedBy: 'ben', lines: [] }] })).toBe(same);
  const matters: Partial<Dossier>[] = [
    { attempts: 1 },
    { supplier: { ...supplier, iban: Iban.parse('DE94820522343195062492') } },
    { supplier: { ...supplier, status: 'blocked' } },
    { supplier: undefined },
    { match: { matched: false, reasons: ['x'] } },
    { invoice: { ...invoice, source: bill('2').source } },
    { invoice: { ...invoice, total: { minor: 1, currency: 'EUR' } } },
  ];
  for (const patch of matters) expect(facts({ ...fine, ...patch }), JSON.stringify(patch)).not.toBe(same);
});

test('a release lifts what was found when it was given, and nothing that is found later', () => {
  const released = { duplicateOf: 'S-001:0', reasons: ['billed 10, received 4'] };
  const of = (patch: Partial<Dossier>) => kind({ ...fine, released, ...patch });
  expect(of({ duplicateOf: 'S-001:0' })).toBe('due_invoice');
  expect(of({ duplicateOf: 'S-001:9' })).toBe('duplicate_invoice');
  expect(of({ match: { matched: false, reasons: ['billed 10, received 4'] } })).toBe('due_invoice');
  expect(of({ match: { matched: false, reasons: ['billed 10, received 4', 'billed dear'] } })).toBe('unmatched_invoice');
});
