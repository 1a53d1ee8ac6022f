/** Invariants: proved of the base as it ships, and broken by what would break them. */
import { describe, expect, test } from 'vitest';
import type { Proof } from '../../src/kernel/amendment.ts';
import { compile, type Bundle } from '../../src/gate/constitution.ts';
import { prove } from '../../src/gate/prove/prove.ts';
import { baseBundle, baseConstitution } from '../fixtures/constitution.ts';

const proofs = async (bundle: Bundle, only?: string): Promise<readonly Proof[]> => {
  const constitution = compile(bundle);
  return prove(
    constitution,
    [...constitution.invariants.values()].filter(({ id }) => only === undefined || id === only),
    'EUR',
  );
};

/** The base with its articles written otherwise. */
const rewritten = (from: RegExp | string, to: string): Bundle => {
  const base = baseBundle();
  const articles = Object.fromEntries(Object.entries(base.articles).map(([file, text]) => [file, text.replace(from, to)]));
  if (JSON.stringify(articles) === JSON.stringify(base.articles)) throw new Error('nothing was rewritten');
  return { ...base, articles };
};
const struck = (id: string): Bundle => {
  const rest = [...baseConstitution().articles.values()].filter((article) => article.id !== id);
  if (rest.length !== baseConstitution().articles.size - 1) throw new Error(`\`${id}\` is no article`);
  return { ...baseBundle(), articles: { 'rest.cedar': rest.map(({ text }) => text).join('\n') } };
};

describe('the base constitution', () => {
  test('every invariant is proved, for at least one tool', { timeout: 120_000 }, async () => {
    const all = await proofs(baseBundle());
    expect(all.length).toBe(baseConstitution().invariants.size);
    expect(all.filter(({ verdict, tools }) => verdict !== 'proved' || tools === 0)).toEqual([]);
  });

  test.each([
    ['never.halted', struck('override.halt'), 'base.halted true'],
    ['never.deep', struck('replication.chain'), 'base.chain_length'],
    ['never.flood', struck('replication.rate.person'), 'base.calls_last_minute_person'],
    ['never.undone.unvouched', struck('authority.untrusted'), 'base.untrusted'],
    ['never.own', struck('authority.own'), 'base.approved_by'],
    ['never.ask.alone', struck('authority.level'), 'base.level ask'],
    ['never.above.call', struck('finance.call'), 'payment.amount_minor'],
    ['never.above.day', struck('finance.day'), 'payment.spent_day_minor'],
    [
      'never.ungranted',
      rewritten('context.base.tool_granted && context.base.person_active', 'context.base.tool_granted || context.base.person_active'),
      'base.tool_granted',
    ],
    ['never.deep', rewritten('context.base.chain_length > 3', 'context.base.chain_length > 4'), 'base.chain_length 4'],
    [
      'never.above.call',
      rewritten(
        'context.payment.amount_minor > context.base.limit_call_minor }',
        'context.payment.amount_minor > context.base.limit_call_minor && context.base.hour > 5 }',
      ),
      'EUR',
    ],
  ])('%s is refuted by a draft that breaks it, with a call to look at', { timeout: 60_000 }, async (id, draft, shows) => {
    const [proof] = await proofs(draft, id);
    expect(proof).toMatchObject({ invariant: id, verdict: 'refuted' });
    expect(proof?.counterexample).toContain(shows);
  });

  test('a limit that moves within what the invariants say stays proved', { timeout: 60_000 }, async () => {
    const [proof] = await proofs(rewritten('context.base.calls_last_minute_agent >= 120', 'context.base.calls_last_minute_agent >= 60'), 'never.flood');
    expect(proof?.verdict).toBe('proved');
  });
});

describe('what has no formula', () => {
  const withInvariant = (text: string): Bundle => ({ ...baseBundle(), invariants: { 'own.cedar': text } });
  const head = '@id("own.one") @article("O1") @title("Own") @source("test")';

  test('is open where no call against it is found', { timeout: 60_000 }, async () => {
    const [proof] = await proofs(
      withInvariant(
        `${head}\nforbid (principal, action in Action::"Money", resource) when { context.base.level like "a*" && context.base.halted && context.base.level like "*t" };`,
      ),
    );
    expect(proof?.verdict).toBe('proved'); // the halt alone is enough
    const [other] = await proofs(
      withInvariant(`${head}\nforbid (principal, action in Action::"Money", resource) when { context.base.level like "nothing*" };`),
    );
    expect(other?.verdict).toBe('open');
  });

  test('is refuted where the grid finds one', { timeout: 60_000 }, async () => {
    const [proof] = await proofs(
      withInvariant(`${head}\nforbid (principal, action == Action::"finance.hold_invoice", resource) when { context.base.level like "a*" };`),
    );
    expect(proof).toMatchObject({ verdict: 'refuted', counterexample: expect.stringMatching(/^`finance\.hold_invoice` is permitted with base\.level a/) });
  });
});

test('an invariant that permits, or that carries the id of an article, is refused', () => {
  const invariant = (text: string) => () => compile({ ...baseBundle(), invariants: { 'own.cedar': text } });
  expect(invariant('@id("x") @article("X") @title("x") @source("x") permit (principal, action, resource);')).toThrow(/an invariant is a forbid/);
  expect(
    invariant(
      '@id("override.halt") @article("X") @title("x") @source("x") forbid (principal, action in Action::"Tool", resource) when { context.base.halted };',
    ),
  ).toThrow(/is an article's/);
});
