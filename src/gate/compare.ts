/** Two bundles -> what differs, in words that people can vote on. */
import { z } from 'zod';
import type { Change } from '../kernel/amendment.ts';
import { differences } from '../kernel/declared.ts';
import { canonical } from '../kernel/digest.ts';
import { Money, show } from '../kernel/money.ts';
import type { Article, Bundle, Constitution } from './constitution.ts';
import { articleId } from './rules.ts';

/** @param before what is in force; null where nothing is */
export function changesBetween(before: { bundle: Bundle; constitution: Constitution } | null, after: { bundle: Bundle; constitution: Constitution }): Change[] {
  const old: Bundle = before?.bundle ?? { schema: '', articles: {}, tools: [], agents: [] };
  return [
    ...articleChanges(before?.constitution.articles ?? new Map<string, Article>(), after.constitution.articles, madeOf(old, after.bundle)),
    ...named('agent', old.agents, after.bundle.agents),
    ...named(
      'tool',
      old.tools.map(({ facts, ...tool }) => ({ ...tool, facts: facts?.name ?? 'none' })),
      after.bundle.tools.map(({ facts, ...tool }) => ({ ...tool, facts: facts?.name ?? 'none' })),
    ),
    ...named('facts', sheetsOf(old), sheetsOf(after.bundle)),
    ...schemaChange(old.schema, after.bundle.schema),
    ...quorumChange(old.quorum ?? 1, after.bundle.quorum ?? 1),
    ...declaredChanges(old, after.bundle),
  ];
}

/** Limits, grants and terms: the whole change is its title. */
function declaredChanges({ limits, grants, terms }: Bundle, after: Bundle): Change[] {
  if (!after.limits || !after.grants || !after.terms) return [];
  const was = limits && grants ? { limits, grants, terms } : null;
  return differences(was, { limits: after.limits, grants: after.grants, terms: after.terms }).map(({ words, ...one }) => ({
    ...one,
    title: words,
    source: '',
    lines: [],
  }));
}

/** The articles that rules were made into, by their ids. */
const madeOf = (...bundles: readonly Bundle[]): ReadonlyMap<string, string> =>
  new Map(bundles.flatMap(({ rules = [] }) => rules.map(({ id }) => [articleId(id), id] as const)));

function articleChanges(before: ReadonlyMap<string, Article>, after: ReadonlyMap<string, Article>, made: ReadonlyMap<string, string>): Change[] {
  const ids = [...new Set([...before.keys(), ...after.keys()])].sort();
  return ids.flatMap((id): Change[] => {
    const [was, is] = [before.get(id), after.get(id)];
    const shown = is ?? was;
    if (!shown || was?.text === is?.text) return [];
    const how = was ? (is ? 'changed' : 'removed') : 'added';
    const rule = made.get(id);
    if (rule !== undefined) return [ruleChange(rule, how, was, is)];
    return [
      {
        what: 'article',
        name: id,
        how,
        title: `${shown.article} ${shown.title}`,
        source: shown.source,
        lines: [...asking(was, is), ...trying(was, is), ...lineDiff(was?.text ?? '', is?.text ?? '')],
      },
    ];
  });
}

/** A rule is said in its own words; its Cedar is there for whoever asks. */
function ruleChange(name: string, how: Change['how'], was: Article | undefined, is: Article | undefined): Change {
  const words = how === 'changed' && was && is && was.title !== is.title ? [`- ${was.title}`, `+ ${is.title}`] : [];
  const title = (is ?? was)?.title ?? name;
  return { what: 'rule', name, how, title, source: '', lines: [...words, ...trying(was, is)], cedar: lineDiff(was?.text ?? '', is?.text ?? '') };
}

/** Whom it asks, in words, where that is another. */
function asking(was: Article | undefined, is: Article | undefined): string[] {
  const [before, after] = [was?.asks ?? null, is?.asks ?? null];
  if (before === after) return [];
  return [...(before === null ? [] : [`- asks ${before}`]), ...(after === null ? [] : [`+ asks ${after}`])];
}

/** Whether it stands against anything, where that is another. */
function trying(was: Article | undefined, is: Article | undefined): string[] {
  if (!is || (was?.observes ?? false) === is.observes) return [];
  return [is.observes ? '+ is only observed: what it would say is kept, and stands against nothing' : '+ is in force from now on, and no longer only observed'];
}

const sheetsOf = ({ tools }: Bundle): unknown[] => [...new Map(tools.flatMap(({ facts }) => (facts ? [[facts.name, facts] as const] : []))).values()];

const Named = z.looseObject({ name: z.string() });

/** Things with a name and fields of any depth: agents, tools, fact sheets. */
function named(what: 'agent' | 'tool' | 'facts', before: readonly unknown[], after: readonly unknown[]): Change[] {
  const byName = (all: readonly unknown[]) => new Map(all.map((one) => [Named.parse(one).name, new Map(flat('', one))]));
  const [old, now] = [byName(before), byName(after)];
  return [...new Set([...old.keys(), ...now.keys()])].sort().flatMap((name): Change[] => {
    const [was, is] = [old.get(name) ?? new Map<string, string>(), now.get(name) ?? new Map<string, string>()];
    const fields = [...new Set([...was.keys(), ...is.keys()])].sort().filter((field) => was.get(field) !== is.get(field));
    if (fields.length === 0) return [];
    const lines = fields.flatMap((field) => [
      ...(was.has(field) ? [`- ${field}: ${was.get(field) ?? ''}`] : []),
      ...(is.has(field) ? [`+ ${field}: ${is.get(field) ?? ''}`] : []),
    ]);
    return [{ what, name, how: old.has(name) ? (now.has(name) ? 'changed' : 'removed') : 'added', title: name, source: '', lines }];
  });
}

/** `authority.perCall` -> `2,000.00 EUR`. */
function flat(path: string, value: unknown): (readonly [string, string])[] {
  const money = Money.safeParse(value);
  if (money.success) return [[path, show(money.data)]];
  if (Array.isArray(value)) return [[path, [...value].map(String).sort().join(', ')]];
  if (typeof value === 'object' && value !== null)
    return Object.entries(value).flatMap(([key, inner]) => flat(path === '' ? key : `${path}.${key}`, inner as unknown));
  return path === 'name' ? [] : [[path, typeof value === 'string' ? value : canonical(value)]];
}

const schemaChange = (before: string, after: string): Change[] =>
  before === after
    ? []
    : [
        {
          what: 'schema',
          name: 'base.cedarschema',
          how: before === '' ? 'added' : 'changed',
          title: 'What every call is judged on',
          source: '',
          lines: lineDiff(before, after),
        },
      ];

const quorumChange = (before: number, after: number): Change[] =>
  before === after
    ? []
    : [{ what: 'quorum', name: 'quorum', how: 'changed', title: 'Owners who must vote for an amendment', source: '', lines: [`- ${before}`, `+ ${after}`] }];

const LONGEST_DIFF = 400; // lines of a side; beyond it the two are shown whole

/** Lines taken out and put in, in their order; the longest common part is left out. */
export function lineDiff(before: string, after: string): string[] {
  const [a, b] = [linesOf(before), linesOf(after)];
  if (a.length > LONGEST_DIFF || b.length > LONGEST_DIFF) return [...a.map((line) => `- ${line}`), ...b.map((line) => `+ ${line}`)];
  const common = Array.from({ length: a.length + 1 }, () => new Array<number>(b.length + 1).fill(0));
  const at = (i: number, j: number): number => common[i]?.[j] ?? 0;
  for (let i = a.length - 1; i >= 0; i--)
    for (let j = b.length - 1; j >= 0; j--) (common[i] ?? [])[j] = a[i] === b[j] ? at(i + 1, j + 1) + 1 : Math.max(at(i + 1, j), at(i, j + 1));
  const out: string[] = [];
  for (let [i, j] = [0, 0]; i < a.length || j < b.length;) {
    if (i < a.length && j < b.length && a[i] === b[j]) [i, j] = [i + 1, j + 1];
    else if (i < a.length && (j >= b.length || at(i + 1, j) >= at(i, j + 1))) out.push(`- ${a[i++] ?? ''}`);
    else out.push(`+ ${b[j++] ?? ''}`);
  }
  return out;
}

const linesOf = (text: string): string[] => text.split('\n').filter((line) => line.trim() !== '');
