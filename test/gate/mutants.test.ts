/** Whether the cases beside the articles notice when an article is changed. */
import { readdirSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { compile, policyJson } from '../../src/gate/constitution.ts';
import { withStandIns } from '../../src/gate/case-runs.ts';
import { mutantsOf, mutate } from '../../src/gate/mutants.ts';
import { CaseFile } from '../../src/kernel/amendment.ts';
import { baseBundle } from '../fixtures/constitution.ts';

const folder = new URL('../../constitution/articles/', import.meta.url);
const names = readdirSync(folder).filter((name) => name.endsWith('.cases.ts'));
const files = await Promise.all(names.map(async (file) => CaseFile.parse({ file, ...(await import(new URL(file, folder).href)) })));
const bundle = baseBundle();
const base = withStandIns({ bundle, constitution: compile(bundle) }, files);

describe('the base constitution', () => {
  test('at least 95 of 100 changes to its articles are noticed by a case', { timeout: 60_000 }, () => {
    const { mutants, survivors } = mutate(base, files);
    expect(mutants).toBeGreaterThan(800);
    expect(1 - survivors.length / mutants, survivors.map(({ article, what }) => `${article}: ${what}`).join('\n')).toBeGreaterThanOrEqual(0.95);
  });

  test('without the cases of an article its changes are not noticed, and named', { timeout: 60_000 }, () => {
    const fewer = files.map((file) => ({ ...file, cases: file.cases.filter(({ article }) => article !== 'replication.chain') }));
    const { survivors } = mutate(base, fewer);
    expect(survivors).toContainEqual({ article: 'replication.chain', what: '3 becomes 4' });
    expect(survivors).toContainEqual({ article: 'replication.chain', what: 'struck' });
  });
});

describe('the changes that are made to an article', () => {
  const of = (text: string) => mutantsOf('x', `@id("x") @article("X") @title("x") @source("x")\n${text}`);
  const forbid = (when: string) => of(`forbid (principal, action in Action::"Act", resource) when { ${when} };`).map(({ what }) => what);

  test.each([
    ['context.base.hour > 5', ['struck', 'without its when clause', '> becomes >=', '> becomes <=', '5 becomes 4', '5 becomes 6']],
    ['!context.base.halted', ['struck', 'without its when clause', 'without its !', 'a fact as its opposite']],
    [
      'context.base.untrusted.containsAny(["account", "amount"])',
      expect.arrayContaining(['not containsAny', 'the set without its member 1', '“account” becomes another text']),
    ],
    ['context.base.halted && context.base.tool_granted', expect.arrayContaining(['&& becomes ||', '&& without its left side', '&& without its right side'])],
  ])('%s', (when, changes) => expect(forbid(when)).toEqual(changes));

  test('people who are asked are others, or more', () => {
    const liftable = of(
      '@escalate("role:finance") @quorum("2") @within("P1D") forbid (principal, action in Action::"Act", resource) when { context.base.halted } unless { context.base.approvals.finance >= 2 };',
    ).map(({ what }) => what);
    expect(liftable).toEqual(
      expect.arrayContaining([
        'asks 2 of owner instead of 2 of finance',
        'asks 3 of finance instead of 2 of finance',
        'asks 1 of finance instead of 2 of finance',
      ]),
    );
  });

  test('each is an article that Cedar reads, and none is the article itself', () => {
    for (const { id, text } of base.articles.values()) {
      const parsed = policyJson(text);
      const own = parsed.type === 'success' ? JSON.stringify(parsed.json) : '';
      for (const { policy, what } of mutantsOf(id, text)) expect(JSON.stringify(policy), `${id}: ${what}`).not.toBe(own);
    }
  });
});
