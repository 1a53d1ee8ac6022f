/** The base constitution as shipped, against the cases that stand beside its articles. */
import { readdirSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { z } from 'zod';
import type { Authorizer } from '../../src/gate/authorize.ts';
import { replacing } from '../../src/gate/compiled.ts';
import { compile } from '../../src/gate/constitution.ts';
import type { ToolEntry } from '../../src/kernel/tool-entry.ts';
import { decide } from '../../src/gate/decide.ts';
import { ArticleCase } from '../../src/kernel/cases.ts';
import { AgentName, ToolName } from '../../src/kernel/ids.ts';
import { JsonObject } from '../../src/kernel/nouns.ts';
import { base, baseBundle } from '../fixtures/constitution.ts';

const folder = new URL('../../constitution/articles/', import.meta.url);
const files = readdirSync(folder);
const endingIn = (end: string): string[] => files.filter((file) => file.endsWith(end)).map((file) => file.slice(0, -end.length));
const Module = z.object({ cases: z.array(ArticleCase).min(1), routine: z.record(z.string(), JsonObject).default({}) });
const modules = await Promise.all(endingIn('.cases.ts').map(async (name) => Module.parse(await import(new URL(`${name}.cases.ts`, folder).href))));
const cases: readonly ArticleCase[] = modules.flatMap((one) => one.cases);
const routine: Readonly<Record<string, JsonObject>> = Object.assign({}, ...modules.map((one) => one.routine));

/** One that says whatever it likes to whom it likes: no tool of the base does, and the articles hold for the first that will. */
const outbound: ToolEntry = { name: ToolName.parse('finance.send_reminder'), effect: 'outbound', facts: null, resourceType: 'Records', domain: 'finance' };
const bundle = { ...baseBundle(), tools: [...baseBundle().tools, outbound] };
const constitution = compile(bundle);

function judged({ tool, facts: patch }: ArticleCase, authorizer?: Authorizer) {
  const kind = bundle.tools.find(({ name }) => name === tool)?.facts?.name ?? 'none';
  const groups: Record<string, object> = { base, ...(kind === 'none' ? {} : { [kind]: routine[kind] ?? {} }) };
  const facts = Object.fromEntries([...new Set([...Object.keys(groups), ...Object.keys(patch)])].map((group) => [group, merged(groups, patch, group)]));
  const call = { agent: AgentName.parse('finance-analyst'), onBehalfOf: null, tool, resource: 'x', facts: { facts: kind, ...facts }, currency: 'EUR' };
  return decide(constitution, call, authorizer);
}
const merged = (groups: Record<string, object>, patch: Record<string, object>, group: string): object => ({ ...groups[group], ...patch[group] });

describe('the cases', () => {
  test('every file of articles has its file of cases', () => expect(endingIn('.cases.ts')).toEqual(endingIn('.cedar')));
  test('no case speaks of an article that is not there', () => {
    expect(cases.map(({ article }) => article).filter((id) => !constitution.articles.has(id))).toEqual([]);
  });
  test('no two cases of an article have one name', () => {
    const names = cases.map(({ article, name }) => `${article}: ${name}`);
    expect(names).toEqual([...new Set(names)]);
  });
});

describe.each([...constitution.articles.values()])('$article $id', ({ id, effect }) => {
  const own = cases.filter(({ article }) => article === id);
  const forbidding = own.filter((c) => c.expect !== 'permit');

  test('has a case that is permitted and one that is not', () => {
    expect(own.some((c) => c.expect === 'permit')).toBe(true);
    expect(forbidding).not.toEqual([]);
  });

  test.for(own)('$name', (c) => {
    const judgment = judged(c);
    expect(judgment.verdict, judgment.why.join('; ')).toBe(c.expect);
    const cited = judgment.articles.map((article) => article.id);
    if (c.expect === 'permit' && effect === 'permit') expect(cited).toContain(id);
    if (c.expect !== 'permit' && effect === 'forbid') expect(cited).toContain(id);
    if (c.expect !== 'permit' && effect === 'permit') expect(judgment.kind).toBe('no_grant'); // and not because a fact is misspelt
  });

  test('struck, it is missed by a case', () => {
    const { authorizer, beyond } = replacing(id, null);
    expect(own.filter((c) => judged(c, authorizer).verdict !== c.expect)).not.toEqual([]);
    expect(beyond()).toBe(false); // else what could not be judged passed for missed
  });
});
