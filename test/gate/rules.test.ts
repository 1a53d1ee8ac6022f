/** Templates of articles: what a filled one says, that its own cases would notice if it said something else, and that a value is never more than a value. */
import { readdirSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { z } from 'zod';
import { choicesOf, type Ground } from '../../src/gate/blanks.ts';
import { runCases, withStandIns } from '../../src/gate/case-runs.ts';
import { changesBetween } from '../../src/gate/compare.ts';
import { compile, policyJson, type Bundle } from '../../src/gate/constitution.ts';
import { decide } from '../../src/gate/decide.ts';
import { explain } from '../../src/gate/explain.ts';
import { mutate } from '../../src/gate/mutants.ts';
import { articleId, makeRules, RULES_FILE, rulesText, templateCard, type MadeRule } from '../../src/gate/rules.ts';
import { CaseFile } from '../../src/kernel/amendment.ts';
import { AgentName } from '../../src/kernel/ids.ts';
import { Rule, type Written } from '../../src/kernel/rules.ts';
import { cedar, defineTemplate, quoted, Supplier, textOf, type ParameterName } from '../../src/kernel/template.ts';
import { agents, templates } from '../../src/registry.generated.ts';
import { baseBundle, paymentFacts } from '../fixtures/constitution.ts';

const base = baseBundle();
const ground: Ground = { currency: 'EUR', agents: agents.map(({ name }) => name), tools: base.tools };
const folder = new URL('../../constitution/articles/', import.meta.url);
const Module = CaseFile.pick({ cases: true, routine: true });
const beside = await Promise.all(
  readdirSync(folder)
    .filter((file) => file.endsWith('.cases.ts'))
    .map(async (file) => CaseFile.parse({ file, ...Module.parse(await import(new URL(file, folder).href)) })),
);

const FILLED: Readonly<Record<ParameterName, Written>> = {
  amount: '500.00 EUR',
  role: 'compliance',
  count: 2,
  supplier: 'S-003',
  tool: 'finance.pay_invoice',
  agent: 'finance-analyst',
  from: 7,
  until: 18,
  weekdays: ['saturday', 'sunday'],
  days: 10,
  hours: 35,
  calls: 5,
};
const rule = (template: string, patch: Readonly<Record<string, Written>> = {}, observe = false): Rule => {
  const takes = templates.find(({ id }) => id === template)?.takes ?? [];
  return Rule.parse({ id: template, template, with: { ...Object.fromEntries(takes.map((name) => [name, FILLED[name]])), ...patch }, observe });
};
const only = (one: Rule): MadeRule => {
  const { made, problems } = makeRules([one], templates, ground);
  return made[0] ?? expect.fail(problems.map(({ what }) => what).join('; '));
};
const why = (one: Rule): string =>
  makeRules([one], templates, ground)
    .problems.map(({ blank, what }) => `${blank ?? ''}: ${what}`)
    .join('; ');
const withRules = (made: readonly MadeRule[]): Bundle => ({
  ...base,
  articles: { ...base.articles, [RULES_FILE]: rulesText(made) },
  rules: made.map((one) => one.rule),
});
const tried = (made: readonly MadeRule[]) => {
  const bundle = withRules(made);
  const files = [...beside, ...made.map(({ cases }) => cases)];
  return { bundle, constitution: withStandIns({ bundle, constitution: compile(bundle) }, files), files };
};
/** What of the rules could be changed and no case of theirs would notice. The base has its own bar (`mutants.test.ts`). */
function unnoticed({ constitution, files }: ReturnType<typeof tried>) {
  const articles = new Map([...constitution.articles].filter(([id, { effect }]) => effect === 'permit' || id.startsWith('rule.')));
  const { mutants, survivors } = mutate(
    { ...constitution, articles },
    files.map((file) => (file.alone ? file : { ...file, cases: [] })),
  );
  expect(mutants).toBeGreaterThan(10);
  return survivors.filter(({ article }) => article.startsWith('rule.'));
}

test('there are templates for every domain, and for any tool', () => {
  expect(templates.length).toBeGreaterThanOrEqual(8);
  expect(new Set(templates.map(({ domain }) => domain))).toEqual(new Set(['finance', 'staffing', 'operations', 'compliance', 'any']));
  expect(new Set(templates.map(({ id }) => id)).size).toBe(templates.length);
});

describe('every template, filled', () => {
  const all = templates.map(({ id }) => only(rule(id)));
  const { bundle, constitution, files } = tried(all);

  test('is an article that strict validation passes, its cases hold, and those of the base hold beside all of them', () => {
    expect(runCases({ bundle, constitution }, files).problems).toEqual([]);
    for (const {
      rule: { id },
    } of all)
      expect(constitution.articles.get(articleId(id))?.effect).toBe('forbid');
  });
  test('is noticed by its own cases when one thing of it is changed', () => {
    expect(unnoticed({ bundle, constitution, files })).toEqual([]);
  });
  test('is also noticed where it is only observed', () => {
    const observed = templates.map(({ id }) => only(rule(id, {}, true)));
    const of = tried(observed);
    expect(runCases(of, of.files).problems).toEqual([]);
    expect(unnoticed(of)).toEqual([]);
  });
  test('says the same each time, whatever order its blanks were written in', () => {
    const again = templates.map(({ id }) => rule(id)).map((one) => ({ ...one, with: Object.fromEntries(Object.entries(one.with).reverse()) }));
    expect(rulesText(again.map(only))).toBe(rulesText(all));
  });
  test('has a blank-free sentence for its title, which people read wherever the article is spoken of', () => {
    for (const {
      words,
      rule: { id },
    } of all) {
      expect(words).not.toMatch(/[{}…]/);
      expect(constitution.articles.get(articleId(id))?.title).toBe(words);
    }
    const section = explain(bundle, constitution, {}).find(({ title }) => title === 'Rules that we made for ourselves');
    expect(section?.lines.join('\n')).toContain('A payment above 500.00 EUR to a new supplier needs compliance');
  });
});

test('a form shows for each blank what fits it here; an example of each is a rule', () => {
  for (const card of templates.map((template) => templateCard(template, ground))) {
    const filled = Object.fromEntries(card.parameters.map(({ name, example }) => [name, example]));
    expect(why(Rule.parse({ id: 'one-two', template: card.id, with: filled }))).toBe('');
    for (const { kind, choices } of card.parameters) expect(choices.length > 0).toBe(['role', 'tool', 'agent', 'weekdays'].includes(kind));
  }
  const tools = (id: string) =>
    templateCard(templates.find((one) => one.id === id) ?? expect.fail(), ground).parameters.find(({ name }) => name === 'tool')?.choices;
  expect(tools('agent-never')).toContain('finance.list_invoices');
  expect(tools('tool-needs')).not.toContain('finance.list_invoices');
});

describe('at its bounds', () => {
  test.each([
    [
      'every tool that acts',
      ground.tools.flatMap(({ name, effect }) => (['write', 'outbound', 'irreversible'].includes(effect) ? [rule('tool-needs', { tool: name })] : [])),
    ],
    ['every role, one or many', choicesOf('role', ground).flatMap((role) => [1, 3, 9].map((count) => rule('payment-above', { role, count })))],
    [
      'hours from midnight and to midnight',
      [
        rule('payment-hours', { from: 0 }),
        rule('payment-hours', { until: 24 }),
        rule('asked-outside-hours', { from: 0 }),
        rule('asked-outside-hours', { until: 24 }),
      ],
    ],
    [
      'one day of the week, and all but one',
      [rule('payment-weekdays', { weekdays: 'monday' }), rule('payment-weekdays', { weekdays: 'sunday, monday, tuesday, wednesday, thursday, friday' })],
    ],
    ['a cent, and the largest amount', [rule('payment-above', { amount: '0.01' }), rule('payment-new-supplier', { amount: '10000000000' })]],
    ['what an agent only reads', [rule('agent-never', { tool: 'finance.list_invoices' })]],
  ])('%s', (_what, rules) => {
    const made = rules.map((one, n) => only({ ...one, id: `r-${n}` }));
    expect(made.length).toBeGreaterThan(0);
    const of = tried(made);
    expect(runCases(of, of.files).problems).toEqual([]);
    expect(unnoticed(of)).toEqual([]);
  });
});

describe('what is no value of its blank is refused, with the blank and what would do', () => {
  test.each([
    ['an amount below nothing', rule('payment-above', { amount: '-5' }), /amount: `amount` is `-5`: write an amount above zero/],
    ['no amount', rule('payment-above', { amount: '0.00' }), /above zero/],
    ['half a cent', rule('payment-above', { amount: '1.005' }), /it is no amount; write it like 500\.00/],
    ['another currency', rule('payment-above', { amount: '500.00 USD' }), /amounts here are in EUR/],
    ['more than is exact', rule('payment-above', { amount: '99999999999999999999' }), /`amount`/],
    ['an unknown role', rule('payment-above', { role: 'finanse' }), /there is no role of that name; name one of `finance`/],
    ['an unknown agent', rule('agent-never', { agent: 'finance-analist' }), /name one of `finance-analyst`/],
    ['an unknown tool', rule('tool-needs', { tool: 'finance.pay_invoise' }), /name one of `finance\.pay_invoice`/],
    ['what surfaces show to people', rule('tool-needs', { tool: 'inbox.look' }), /there is no tool/],
    ['a read that would wait for people', rule('tool-needs', { tool: 'finance.list_invoices' }), /a read does not wait for people/],
    ['nobody at all', rule('payment-above', { count: 0 }), /a whole number from 1 to 9/],
    ['one person and a half', rule('payment-above', { count: 1.5 }), /a whole number from 1 to 9/],
    ['a number in letters', rule('payment-above', { count: 'two' }), /a whole number from 1 to 9/],
    ['a truth for a number', rule('payment-above', { count: true }), /`count` is `true`/],
    ['hours that end before they begin', rule('payment-hours', { from: 18, until: 7 }), /let it end after it begins/],
    ['the whole day', rule('payment-hours', { from: 0, until: 24 }), /nothing outside/],
    ['a day that is none', rule('payment-weekdays', { weekdays: ['caturday'] }), /`caturday` is no day of the week; name one of `saturday`/],
    ['the whole week', rule('payment-weekdays', { weekdays: 'sunday monday tuesday wednesday thursday friday saturday' }), /the whole week/],
    ['no day', rule('payment-weekdays', { weekdays: [] }), /name one day/],
    ['a blank of another template', rule('payment-above', { supplier: 'S-003' }), /`supplier` is no blank of this template/],
    [
      'a template that is not there',
      Rule.parse({ id: 'mine', template: 'payment-abov', with: {} }),
      /there is no template `payment-abov`; name one of `payment-above`/,
    ],
  ])('%s', (_what, one, problem) => {
    expect(why(one)).toMatch(problem);
    expect(makeRules([one], templates, ground).made).toEqual([]);
  });
  test('a blank that is left empty', () => {
    expect(why({ ...rule('payment-above'), with: { amount: '5.00', role: 'owner' } })).toMatch(/count: `count` is missing/);
  });
});

const NASTY = [
  '"',
  '\\',
  'S-1" || true || "',
  'S-1"); permit (principal, action, resource); //',
  'S-1" };\npermit(principal,action,resource);',
  '${1}',
  '{amount}',
  '@id("grant.act")',
  "'; drop table person; --",
  '\u0000',
  '\u202e',
  '\u2028',
  'S-1\n',
  ' ',
  '',
  'x'.repeat(100),
  '../../etc/passwd',
  '__proto__',
  'constructor',
  '😀',
];

describe('a value never becomes more than a value', () => {
  const kinds: readonly [string, ParameterName][] = [
    ['payment-supplier', 'supplier'],
    ['payment-above', 'amount'],
    ['payment-above', 'role'],
    ['payment-above', 'count'],
    ['tool-needs', 'tool'],
    ['agent-never', 'agent'],
    ['payment-hours', 'from'],
    ['payment-weekdays', 'weekdays'],
  ];
  test.each(kinds)('%s: %s', (template, blank) => {
    for (const nasty of NASTY) {
      const { made } = makeRules([rule(template, { [blank]: nasty })], templates, ground);
      if (made.length === 0) continue; // refused
      const [one] = made;
      expect(nasty, `${template} takes ${JSON.stringify(nasty)} for ${blank}`).toMatch(/^[A-Za-z0-9._-]+\n?$/); // an id of a register, at worst
      expect(compile(withRules(made)).articles.size).toBe(compile(base).articles.size + 1);
      expect(one?.text.match(/\b(permit|forbid) \(/g)).toEqual(['forbid (']);
    }
  });
  test('quoted text is read back as it was, sign by sign', () => {
    for (const nasty of [...NASTY, 'Zoë ’ß ı', '\\u{41}', '\ud83d']) {
      const parsed = policyJson(`@title(${quoted(nasty)})\nforbid (principal, action, resource);`);
      if (parsed.type === 'failure')
        expect(nasty).toBe('\ud83d'); // half a sign is no text, in Cedar neither
      else expect(parsed.json.annotations?.['title']).toBe(nasty);
    }
  });
  test('a piece of an article is made of text by its author and of values alone', () => {
    expect(textOf(cedar`a == ${Supplier.parse('S-1')} && b > ${3} && (${cedar`c`})`)).toBe('a == "S-1" && b > 3 && (c)');
    for (const number of [Number.NaN, 1.5, Infinity, 2 ** 53]) expect(() => cedar`a > ${number}`).toThrow('no whole number');
  });
  test('a template says what it takes, and takes what it says', () => {
    const draft = templates[0]?.draft ?? expect.fail();
    expect(() => defineTemplate({ id: 'one-two', domain: 'any', title: 'More than {amount}', says: '', takes: ['role'], draft })).toThrow(
      'its title has the blanks amount, and it takes role',
    );
  });
});

describe('two rules, and the base', () => {
  const small = only({ ...rule('payment-above', { amount: '100.00', count: 1, role: 'owner' }), id: 'small' });
  const smaller = only({ ...rule('payment-above', { amount: '99.00', count: 1, role: 'compliance' }), id: 'smaller' });

  test('are each tried by themselves, so that none makes the cases of another fail', () => {
    const of = tried([small, smaller]);
    expect(runCases(of, of.files).problems).toEqual([]);
    const merged = of.files.map((file) => ({ ...file, alone: false })); // all in one, as it would be judged
    expect(runCases(of, merged).problems.length).toBeGreaterThan(5);
  });
  test('hold together in force: both are asked', () => {
    const { constitution } = tried([small, smaller]);
    const call = {
      agent: AgentName.parse('finance-analyst'),
      onBehalfOf: null,
      tool: base.tools.find(({ name }) => name === 'finance.pay_invoice')?.name ?? expect.fail(),
    };
    const judged = (minor: number) =>
      decide(constitution, { ...call, resource: 'x', currency: 'EUR', facts: paymentFacts({ payment: { amount_minor: minor } }) });
    expect(judged(10_001)).toMatchObject({ verdict: 'escalate', needs: [{ role: 'compliance' }, { role: 'owner' }] });
    expect(judged(10_000)).toMatchObject({ verdict: 'escalate', needs: [{ role: 'compliance', articles: ['rule.smaller'] }] });
    expect(judged(9_900).verdict).toBe('permit');
    expect(judged(10_001).why).toContain('A payment above 100.00 EUR needs 1 of the owners: asked 100.01 EUR');
  });
  test('a change is said in words; its Cedar stands apart', () => {
    const before = tried([small]);
    const larger = only({ ...small.rule, with: { ...small.rule.with, amount: '150' } });
    const [change, ...others] = changesBetween(before, tried([larger]));
    expect(others).toEqual([]);
    expect(change).toMatchObject({
      what: 'rule',
      name: 'small',
      how: 'changed',
      title: 'A payment above 150.00 EUR needs 1 of the owners',
      lines: ['- A payment above 100.00 EUR needs 1 of the owners', '+ A payment above 150.00 EUR needs 1 of the owners'],
    });
    expect(change?.cedar?.some((line) => line.includes('amount_minor > 15000'))).toBe(true);
    expect(changesBetween(before, tried([])).map(({ what, how, title }) => ({ what, how, title }))).toEqual([
      { what: 'rule', how: 'removed', title: small.words },
    ]);
  });
});

test('what is written in the file is what is ratified: filled alike, whoever wrote it', () => {
  const written = only(rule('payment-above', { amount: 1500, count: '2' })).rule.with;
  expect(z.record(z.string(), z.unknown()).parse(written)).toEqual({ amount: '1500.00 EUR', count: 2, role: 'compliance' });
});
