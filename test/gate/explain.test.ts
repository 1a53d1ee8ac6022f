/** The constitution in plain words: everything that is in force, and nothing that is not. */
import { expect, test } from 'vitest';
import { compile, type Bundle } from '../../src/gate/constitution.ts';
import { explain } from '../../src/gate/explain.ts';
import { Terms } from '../../src/kernel/terms.ts';
import { baseBundle } from '../fixtures/constitution.ts';
import { NIGHT } from '../fixtures/draft.ts';

const AGENT = {
  name: 'finance-analyst',
  purpose: 'Pays what is due.',
  proposes: ['finance.pay_invoice'],
  authority: { perCall: { minor: 200_000, currency: 'EUR' }, perDay: { minor: 500_000, currency: 'EUR' } },
};
const base: Bundle = {
  ...baseBundle(),
  agents: [AGENT],
  limits: {
    currency: 'EUR',
    supplier_month: 1_500_000,
    suppliers: { 'S-002': 100 },
    budgets: { wood: 2_000_000 },
    new_supplier_days: 30,
    account_change_days: 14,
  },
  grants: { clara: { roles: ['finance'], authority: { finance: { perCall: 100_000, perDay: 200_000 } } } },
};
const said = (bundle: Bundle, levels = {}) => explain(bundle, compile(bundle), levels);
const under = (title: string, all = said(base)) => all.find((section) => section.title.startsWith(title))?.lines.join('\n') ?? '';

test('every article stands there once, by its title and source', () => {
  const lines = said(base).flatMap((section) => section.lines);
  for (const { title, article, source } of compile(base).articles.values()) {
    expect(
      lines.filter((line) => line.startsWith(`${title} (${article}, ${source}).`)),
      title,
    ).not.toEqual([]);
  }
});
test('whom an article asks is said in words, with its times', () => {
  expect(under('What waits')).toContain('One person in finance, within 2 days; whoever is alone in finance confirms an own request after 1 hour.');
  expect(under('What is never done')).toContain('A halt stops everything that has not begun (C3, HUMAN_OVERRIDE_ALWAYS).');
  expect(under('What is never done')).not.toContain('A payment above the agent');
});
test('who may do and spend what', () => {
  expect(under('Who does what', said(base, { 'finance-analyst': 'act' }))).toBe(
    'finance-analyst: Pays what is due. It may propose finance.pay_invoice, by itself up to 2,000.00 EUR at once and 5,000.00 EUR a day. It is at level act.',
  );
  expect(under('How far')).toBe('clara: finance; in finance up to 1,000.00 EUR at once and 2,000.00 EUR a day.');
  expect(under('What may be spent')).toContain('For one supplier 15,000.00 EUR in a month; for S-002 1.00 EUR.');
});
test('a month, and what is said in the place of what is granted; and of interests nothing', () => {
  const terms = Terms.parse({
    example: false,
    tolerance: { price_percent: '2', amount: 0 },
    accounts: {},
    managers: {},
    interests: [{ person: 'clara', supplier: 'S-777', kind: 'family' }],
    overrides: [[{ person: 'clara', tool: 'finance.pay_invoice', perCall: 5_000 }]],
  });
  const grants = { clara: { roles: [], authority: { finance: { perCall: 1, perDay: 2, perMonth: 300_000 } } } };
  const all = said({ ...base, grants, terms });
  expect(under('How far', all)).toContain('a day, 3,000.00 EUR a month.');
  expect(under('How far', all)).toContain('In the place of that for clara finance.pay_invoice: 50.00 EUR a call.');
  expect(JSON.stringify(all)).not.toContain('S-777');
});
test('what is only tried out is not told as a rule', () => {
  const tried = { ...base, articles: { ...base.articles, '90-own.cedar': NIGHT.replace('@escalate', '@mode("observe") @escalate') } };
  expect(under('What waits', said(tried))).not.toContain('A payment at night');
  expect(under('What is only tried out', said(tried))).toContain('A payment at night needs finance (N1, finance handbook 10).');
  expect(said(base).map(({ title }) => title)).not.toContainEqual(expect.stringContaining('tried out'));
});
