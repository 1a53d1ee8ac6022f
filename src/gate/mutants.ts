/**
 * Articles with one thing changed: what a slip of the pen, or somebody who wants an article weaker, would make of it. A case must
 * notice each; what no case notices could be changed tomorrow and nobody would see (DeMillo, Lipton and Sayward, "Hints on test
 * data selection", Computer 11(4), 1978).
 */
import type { PolicyJson } from '@cedar-policy/cedar-wasm/nodejs';
import type { CaseFile, Mutation } from '../kernel/amendment.ts';
import type { ArticleCase } from '../kernel/cases.ts';
import { ROLES } from '../kernel/nouns.ts';
import { heard, judgeCase, routineOf } from './case-runs.ts';
import { policyJson, type Constitution } from './constitution.ts';
import { trialsOf } from './trials.ts';
import { replacing } from './compiled.ts';
import { escalationOf } from './lint.ts';

export interface Mutant {
  readonly article: string;
  readonly what: string; // `> becomes >=`
  readonly policy: PolicyJson | null; // null: struck
}

/** Every mutant of every article, put to every case. The constitution has stand-ins (`case-runs.ts`). */
export function mutate(constitution: Constitution, files: readonly CaseFile[]): Mutation {
  const routine = routineOf(files);
  const trial = trialsOf(constitution, files);
  const cases = files.flatMap((file) => file.cases.map((one) => ({ one, within: trial(file) })));
  const mutants = [...constitution.articles.values()].flatMap(({ id, text }) => mutantsOf(id, text));
  const survivors = mutants.filter((mutant) => {
    if (!lintPasses(mutant)) return false;
    const { authorizer, beyond } = replacing(mutant.article, mutant.policy);
    const articles = withClause(constitution.articles, mutant);
    const about = ({ one }: { readonly one: ArticleCase }) => Number(one.article === mutant.article);
    const near = [...cases].sort((a, b) => about(b) - about(a)); // its own cases first: they mostly notice
    const passes = near.every(({ one, within }) => {
      const changed = { ...within, articles };
      return heard(changed, one, judgeCase(changed, one, routine, authorizer)) === one.expect;
    });
    return passes || beyond(); // what could not be judged was not noticed
  });
  return { mutants: mutants.length, survivors: survivors.map(({ article, what }) => ({ article, what })) };
}

/** A mutant that the lint refuses never comes into force. */
function lintPasses({ policy }: Mutant): boolean {
  let passes = true;
  if (policy) escalationOf(policy, () => (passes = false));
  return passes;
}

/** The gate reads whom to ask from the article's clause. */
function withClause(articles: Constitution['articles'], { article, policy }: Mutant): Constitution['articles'] {
  const before = articles.get(article);
  return before && policy ? new Map([...articles, [article, { ...before, escalate: escalationOf(policy, () => undefined) }]]) : articles;
}

/** All mutants of one article. */
export function mutantsOf(article: string, text: string): readonly Mutant[] {
  const parsed = policyJson(text);
  if (parsed.type === 'failure') return [];
  const policy = parsed.json;
  const bodies = policy.conditions.flatMap(({ body }, n) =>
    variants(body).map(({ what, node }) => ({
      what,
      policy: { ...policy, conditions: policy.conditions.map((one, at) => (at === n ? { ...one, body: node } : one)) },
    })),
  );
  const fewer = policy.conditions.map(({ kind }, n) => ({
    what: `without its ${kind} clause`,
    policy: { ...policy, conditions: policy.conditions.filter((_one, at) => at !== n) },
  }));
  const made = [{ what: 'struck', policy: null }, ...fewer, ...bodies, ...otherClauses(policy)];
  return made.map((one) => ({ article, ...one }));
}

/** Another role, another quorum, in the annotation and in the clause alike: the lint sees nothing wrong with these. */
function otherClauses(policy: PolicyJson): { readonly what: string; readonly policy: PolicyJson }[] {
  const clause = escalationOf(policy, () => undefined);
  if (!clause) return [];
  const asking = (role: string, quorum: number) => ({
    what: `asks ${quorum} of ${role} instead of ${clause.everybody ? 'everybody' : clause.quorum} of ${clause.role}`,
    policy: {
      ...policy,
      annotations: { ...policy.annotations, escalate: `role:${role}`, quorum: String(quorum) },
      conditions: policy.conditions.map((one) => (one.kind === 'unless' ? { ...one, body: approvedBy(role, quorum) } : one)),
    },
  });
  if (clause.everybody) return [asking(clause.role, 1)];
  const others = ROLES.filter((role) => role !== clause.role).map((role) => asking(role, clause.quorum));
  return [...others, asking(clause.role, clause.quorum + 1), ...(clause.quorum > 1 ? [asking(clause.role, clause.quorum - 1)] : [])];
}

type Expr = PolicyJson['conditions'][number]['body'];

const attribute = (left: Expr, attr: string): Expr => ({ '.': { left, attr } });
const approvedBy = (role: string, quorum: number): Expr => ({
  '>=': { left: attribute(attribute(attribute({ Var: 'context' }, 'base'), 'approvals'), role), right: { Value: quorum } },
});

interface Variant {
  readonly what: string;
  readonly node: Expr;
}

const OTHER = {
  '>': ['>=', '<='],
  '>=': ['>', '<'],
  '<': ['<=', '>='],
  '<=': ['<', '>'],
  '==': ['!='],
  '!=': ['=='],
  '&&': ['||'],
  '||': ['&&'],
  '+': ['-'],
  '-': ['+'],
} as const;
type Operator = keyof typeof OTHER;
const isOperator = (name: string): name is Operator => name in OTHER;

const isObject = (value: unknown): value is Readonly<Record<string, unknown>> => typeof value === 'object' && value !== null && !Array.isArray(value);
/** Cedar's JSON is read as it is and written back as it is. */
const isExpr = (value: unknown): value is Expr => isObject(value) && Object.keys(value).length === 1;

/** Every expression that differs from this one in one place. */
function variants(node: Expr): readonly Variant[] {
  const [entry] = Object.entries(node);
  if (!entry) return [];
  const [kind, body]: [string, unknown] = entry;
  return [...here(kind, body, node), ...below(kind, body)];
}

function here(kind: string, body: unknown, node: Expr): readonly Variant[] {
  if (isOperator(kind) && isObject(body)) {
    const others = OTHER[kind].map((other) => remade({ [other]: body }, `${kind} becomes ${other}`));
    const halves =
      kind === '&&' || kind === '||'
        ? (['left', 'right'] as const).map((side) => remade(body[side === 'left' ? 'right' : 'left'], `${kind} without its ${side} side`))
        : [];
    return [...others, ...halves].flat();
  }
  if (kind === '!' && isObject(body)) return remade(body['arg'], 'without its !');
  if (kind === 'has' || kind.startsWith('contains')) return [{ what: `not ${kind}`, node: { '!': { arg: node } } }];
  if (kind === 'Value' && typeof body === 'number') return [body - 1, body + 1].map((value) => ({ what: `${body} becomes ${value}`, node: { Value: value } }));
  if (kind === 'Value' && typeof body === 'string') return [{ what: `“${body}” becomes another text`, node: { Value: `${body}-` } }];
  if (kind === 'Set' && Array.isArray(body) && body.length > 1)
    return body.flatMap((_one, n) => remade({ Set: body.filter((_other, at) => at !== n) }, `the set without its member ${n + 1}`));
  return [];
}

const remade = (node: unknown, what: string): Variant[] => (isExpr(node) ? [{ what, node }] : []);

/** The variants of what an expression is made of, each put back in its place. */
function below(kind: string, body: unknown): readonly Variant[] {
  if (kind === 'Value' || kind === 'Var') return [];
  if (Array.isArray(body))
    return body.flatMap((one: unknown, n) =>
      isExpr(one) ? variants(one).flatMap(({ what, node }) => remade({ [kind]: body.map((other: unknown, at) => (at === n ? node : other)) }, what)) : [],
    );
  if (!isObject(body)) return [];
  return Object.entries(body).flatMap(([place, one]) => {
    if (!isExpr(one)) return [];
    const whole = kind === '&&' || kind === '||' || kind === '!' ? negated(one) : [];
    return [...whole, ...variants(one)].flatMap(({ what, node }) => remade({ [kind]: { ...body, [place]: node } }, what));
  });
}

/** A plain fact, as its opposite. */
const negated = (one: Expr): readonly Variant[] => (Object.hasOwn(one, '.') ? [{ what: 'a fact as its opposite', node: { '!': { arg: one } } }] : []);
