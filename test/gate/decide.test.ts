import { describe, expect, test } from 'vitest';
import { compile, ConstitutionError, replaceEngine } from '../../src/gate/constitution.ts';
import type { ToolEntry } from '../../src/kernel/tool-entry.ts';
import { decide, material } from '../../src/gate/decide.ts';
import { AgentName, ToolName } from '../../src/kernel/ids.ts';
import * as sheets from '../../src/domains/finance/facts.ts';
import { base, baseBundle, baseConstitution, paymentFacts } from '../fixtures/constitution.ts';

const agent = AgentName.parse('finance-analyst');
const pay = ToolName.parse('finance.pay_invoice');
const constitution = baseConstitution();
const call = (facts: unknown, tool = pay) => decide(constitution, { agent, onBehalfOf: null, tool, resource: 'invoice/S-001:1', facts, currency: 'EUR' });

/** Articles of each kind that can meet in one call, over a constitution made of them alone. */
const KINDS = {
  permits: '@id("p") @article("P") @title("p") @source("t") permit (principal, action, resource);',
  lifts:
    '@id("l") @article("L") @title("l") @source("t") @escalate("role:finance") @quorum("1") @within("P1D") forbid (principal, action, resource) unless { context.base.approvals.finance >= 1 };',
  forbids: '@id("f") @article("F") @title("f") @source("t") forbid (principal, action, resource) when { context.base.hour == 9 };',
  errs: '@id("e") @article("E") @title("e") @source("t") forbid (principal, action, resource) when { context.base.limit_call_minor + 9223372036854775807 > 0 };',
} as const;
type Kind = keyof typeof KINDS;
const TOOL: ToolEntry = { name: ToolName.parse('finance.hold_invoice'), effect: 'write', facts: null, resourceType: 'Invoice', domain: 'finance' };

function verdict(kinds: readonly Kind[]): string {
  const small = compile({ schema: baseBundle().schema, articles: { 'a.cedar': kinds.map((kind) => KINDS[kind]).join('\n') }, tools: [TOOL], agents: [] });
  return decide(small, { agent, onBehalfOf: null, tool: TOOL.name, resource: 'x', facts: { facts: 'none', base }, currency: 'EUR' }).verdict;
}
const subsets = (of: readonly Kind[]): Kind[][] => Array.from({ length: 2 ** of.length }, (_, mask) => of.filter((_kind, bit) => mask & (1 << bit)));
const ALL: readonly Kind[] = ['permits', 'lifts', 'forbids', 'errs'];

describe('the verdict', () => {
  test('forbid trumps everything', () => {
    for (const others of subsets(['permits', 'lifts', 'errs'])) expect(verdict([...others, 'forbids']), others.join(' + ')).toBe('deny');
  });
  test('an article that errs denies, whatever else holds', () => {
    for (const others of subsets(['permits', 'lifts', 'forbids'])) expect(verdict([...others, 'errs']), others.join(' + ')).toBe('deny');
  });
  test('what nothing permits is denied, and no approval can grant it', () => {
    for (const kinds of subsets(['lifts', 'forbids', 'errs'])) expect(verdict(kinds), kinds.join(' + ')).toBe('deny');
  });
  test('a liftable forbid over a permit asks people; a permit alone permits', () => {
    expect(verdict(['permits', 'lifts'])).toBe('escalate');
    expect(verdict(['permits'])).toBe('permit');
  });
  test('the obvious twin says the same over every set of articles', () => {
    const twin = (kinds: readonly Kind[]) => {
      if (kinds.includes('errs') || kinds.includes('forbids') || !kinds.includes('permits')) return 'deny';
      return kinds.includes('lifts') ? 'escalate' : 'permit';
    };
    for (const kinds of subsets(ALL)) expect(verdict(kinds), kinds.join(' + ')).toBe(twin(kinds));
  });
});

describe('payments under the base constitution', () => {
  test('a routine payment needs nobody', () => expect(call(paymentFacts()).verdict).toBe('permit'));

  test.each([
    ['the limit for one payment', { payment: { amount_minor: 200_000 } }, { payment: { amount_minor: 200_001 } }, 'finance.call'],
    ['the limit for a day', { payment: { spent_day_minor: 950_000 } }, { payment: { spent_day_minor: 950_001 } }, 'finance.day'],
    [
      'the limit for a supplier',
      { payment: { spent_supplier_month_minor: 1_950_000 } },
      { payment: { spent_supplier_month_minor: 1_950_001 } },
      'finance.supplier.month',
    ],
    ['the budget line', { payment: { spent_budget_month_minor: 2_950_000 } }, { payment: { spent_budget_month_minor: 2_950_001 } }, 'finance.budget'],
  ])('%s holds to the cent', (_name, at, above, article) => {
    expect(call(paymentFacts(at)).verdict).toBe('permit');
    const judged = call(paymentFacts(above));
    expect(judged.verdict).toBe('escalate');
    expect(judged.articles.map(({ id }) => id)).toContain(article);
  });

  test.each<[string, { base?: object; payment?: object }]>([
    ['halted', { base: { halted: true } }],
    ['a duplicate', { payment: { duplicate: true } }],
    ['sums that disagree', { payment: { sums_agree: false } }],
    ['an invoice already in hand', { payment: { invoice_open: false } }],
    ['an amount that the invoice does not ask', { payment: { invoice_amount_agrees: false } }],
    ['an unregistered supplier', { payment: { supplier_known: false } }],
    ['who registered the supplier', { payment: { requester_registered_supplier: true } }],
    ['nothing', { payment: { amount_minor: 0 } }],
    ['above the cap', { payment: { amount_minor: 25_000_001 } }],
    ['a tool that was not granted', { base: { tool_granted: false } }],
  ])('%s is denied, and nobody is asked', (name, patch) => {
    const judged = call(paymentFacts(patch));
    expect(judged).toMatchObject({ verdict: 'deny', needs: [], kind: name === 'a tool that was not granted' ? 'no_grant' : 'forbidden' });
    const everyone = { owner: 9, manager: 9, finance: 9, staffing: 9, compliance: 9, operations: 9 };
    expect(call(paymentFacts({ ...patch, base: { ...patch.base, approvals: everyone } })).verdict).toBe('deny');
  });

  test('a changed account needs two people in finance; one is not enough', () => {
    const changed = { payment: { account_of_record: false }, base: { untrusted: ['account'] } };
    expect(call(paymentFacts(changed)).needs).toMatchObject([{ role: 'finance', quorum: 2 }]);
    expect(call(paymentFacts({ ...changed, base: { ...changed.base, approvals: { finance: 1 } } })).verdict).toBe('escalate');
    expect(call(paymentFacts({ ...changed, base: { ...changed.base, approvals: { finance: 2 } } })).verdict).toBe('permit');
  });

  test('the verdict says what would have to be different', () => {
    expect(call(paymentFacts({ payment: { amount_minor: 240_000 } })).why).toEqual([
      "A payment above the agent's authority needs finance: granted up to 2,000.00 EUR; asked 2,400.00 EUR",
    ]);
  });
});

describe('what is missing or strange denies', () => {
  const without = (group: 'base' | 'payment', key: string) => {
    const facts = structuredClone(paymentFacts()) as Record<string, Record<string, unknown>>;
    delete facts[group]?.[key];
    return facts;
  };
  test.each(
    Object.keys(base)
      .filter((key) => key !== 'working_day')
      .map((key) => ['base', key] as const),
  )('a missing %s.%s denies and says so', (group, key) => {
    const judged = call(without(group, key));
    expect(judged.verdict).toBe('deny');
    expect(judged.why.join()).toContain(key);
  });
  test.each([Number.NaN, 1.5, 2 ** 53, '500', null, Number.POSITIVE_INFINITY])('an amount of %s denies', (amount_minor) => {
    expect(call(paymentFacts({ payment: { amount_minor } })).verdict).toBe('deny');
  });
  test('an unknown fact, an unknown tool, a prototype key', () => {
    expect(call(paymentFacts({ base: { approved: true } })).verdict).toBe('deny');
    expect(call(paymentFacts(), ToolName.parse('finance.launch_rocket')).verdict).toBe('deny');
    expect(call(JSON.parse('{"facts":"payment","__proto__":{"base":{}}}')).verdict).toBe('deny');
  });
  test('after the engine was lost the next call is judged', () => {
    replaceEngine();
    expect(call(paymentFacts()).verdict).toBe('permit');
  });
});

test('a constitution has one digest, in whatever order the keys of its bundle are stored', () => {
  const { tools, ...rest } = baseBundle();
  const stored = tools.map((tool) => ({
    ...tool,
    facts: tool.facts && { ...tool.facts, fields: Object.fromEntries(Object.entries(tool.facts.fields).reverse()) },
  }));
  expect(compile({ ...rest, tools: stored }).digest).toBe(constitution.digest);
});

describe('what voids votes', () => {
  test('running totals and the clock do not; account, match and status do', () => {
    const now = material(sheets.payment, paymentFacts());
    for (const patch of [
      { payment: { spent_day_minor: 5 } },
      { base: { hour: 17 } },
      { base: { calls_last_minute_agent: 3 } },
      { base: { limit_day_minor: 5 } },
    ]) {
      expect(material(sheets.payment, paymentFacts(patch))).toBe(now);
    }
    for (const patch of [
      { payment: { account_of_record: false } },
      { payment: { matched: false } },
      { payment: { amount_minor: 1 } },
      { base: { person_active: false } },
    ]) {
      expect(material(sheets.payment, paymentFacts(patch))).not.toBe(now);
    }
  });
});

describe('the lint', () => {
  const broken = (from: string, to: string) => () => {
    const bundle = baseBundle();
    const articles = Object.fromEntries(Object.entries(bundle.articles).map(([file, text]) => [file, text.replace(from, to)]));
    expect(articles).not.toEqual(bundle.articles);
    return compile({ ...bundle, articles });
  };
  test.each([
    ['a quorum that the clause does not ask', 'approvals.finance >= 2', 'approvals.finance >= 1'],
    ['a role that the clause does not ask', 'unless { context.base.approvals.manager >= 1 }', 'unless { context.base.approvals.owner >= 1 }'],
    ['a hard article lifted in silence', 'when { context.base.halted };', 'when { context.base.halted } unless { context.base.approvals.owner >= 1 };'],
    ['a misspelt fact', 'context.base.halted', 'context.base.haltet'],
    ['a missing title', '@title("A halt stops everything that has not begun")', ''],
    ['a syntax error', 'when { context.base.halted };', 'when { context.base.halted );'],
    ['a permit by approval', 'when { context.base.tool_granted && context.base.person_active };', 'when { context.base.approvals.owner >= 1 };'],
  ])('%s is rejected', (_name, from, to) => expect(broken(from, to)).toThrow(ConstitutionError));
});

describe('whether it is a working day', () => {
  const rule = (when: string) => `@id("w") @article("W") @title("w") @source("t") forbid (principal, action, resource) when { ${when} };`;
  const day = rule('context.base has working_day && !context.base.working_day');
  const said = (article: string, working_day?: boolean) => {
    const small = compile({ schema: baseBundle().schema, articles: { 'a.cedar': `${KINDS.permits}\n${article}` }, tools: [TOOL], agents: [] });
    const { working_day: _routine, ...rest } = base;
    const facts = { facts: 'none', base: { ...rest, ...(working_day === undefined ? {} : { working_day }) } };
    return decide(small, { agent, onBehalfOf: null, tool: TOOL.name, resource: 'x', facts, currency: 'EUR' });
  };
  test('an article that looks at it decides by it', () => expect([said(day, true).verdict, said(day, false).verdict]).toEqual(['permit', 'deny']));
  test('where nobody knows, it denies and says what is missing, whatever the article makes of that', () => {
    expect(said(day)).toMatchObject({ verdict: 'deny', kind: 'malformed', why: [expect.stringContaining('fact `base.working_day`')] });
  });
  test('what no article looks at may be unknown', () => expect(said(rule('context.base.hour == 3')).verdict).toBe('permit'));
  test('an article that does not ask whether it is there is refused', () => expect(() => said(rule('!context.base.working_day'))).toThrow(ConstitutionError));
});
