/**
 * Call + facts + constitution -> verdict. Pure: no clock, no I/O.
 *
 * Any error, exception or missing fact: deny. Cedar allows: permit. Denied with no determining policy: deny, for nothing
 * grants it. Any determining forbid that people cannot lift: deny. Else the same call is judged with the approvals that
 * would be asked for; only if that is permitted are people asked. Nobody is asked for what cannot be granted. What articles would
 * have said that are only observed stands beside the verdict and changes nothing of it.
 */
import { digest, type Digest } from '../kernel/digest.ts';
import type { AgentName, PersonId, ToolName } from '../kernel/ids.ts';
import type { FactSheet } from '../kernel/facts.ts';
import { show } from '../kernel/money.ts';
import type { Cited, Decision, Need, Role } from '../kernel/nouns.ts';
import { ending } from '../kernel/quorum.ts';
import { durationMs } from '../kernel/time.ts';
import { cedarAuthorizer, type Authorizer } from './authorize.ts';
import type { Article, Constitution, Slice } from './constitution.ts';
import { readFacts, type Facts } from './facts.ts';
import { looksAt } from './facts-read.ts';

export interface Call {
  readonly agent: AgentName;
  readonly onBehalfOf: PersonId | null;
  readonly tool: ToolName;
  readonly resource: string;
  readonly facts: unknown; // parsed here: what is missing or of the wrong kind denies
  readonly currency: string;
}

/** The verdict part of a Decision. */
export type Judgment = Pick<Decision, 'verdict' | 'kind' | 'articles' | 'needs' | 'why' | 'observed'>;

const deny = (kind: Decision['kind'], why: readonly string[], articles: readonly Cited[] = []): Judgment => ({
  verdict: 'deny',
  kind,
  articles: [...articles],
  needs: [],
  why: [...why],
});

/** An article that asks whether the fact is there does not get round this: unknown is neither a working day nor a day off. */
const UNKNOWN_DAY = 'fact `base.working_day`: the `calendar` in organization.yaml does not reach this day, or was not ratified; an article looks at it';

/** @param authorizer Cedar for every enforced call; replay, grids and mutation may ask the compiled one (`compiled.ts`) */
export function decide(constitution: Constitution, call: Call, authorizer: Authorizer = cedarAuthorizer): Judgment {
  const slice = constitution.slices.get(call.tool);
  if (!slice) return deny('malformed', [`no tool \`${call.tool}\` is known to the constitution`]);
  const facts = readFacts(slice.tool.facts, call.facts);
  if ('problems' in facts) return deny('malformed', facts.problems);
  const missing = facts.base.working_day === undefined && looksAt(slice, 'base.working_day');
  if (missing) return deny('malformed', [UNKNOWN_DAY]);
  const judged = judgeSafely(constitution, slice, call, facts, authorizer);
  const asIf = slice.observing && judgeSafely(constitution, slice.observing, call, facts, authorizer);
  const spoke = asIf?.articles.filter(({ id }) => constitution.articles.get(id)?.observes) ?? [];
  return asIf && spoke.length > 0 ? { ...judged, observed: { verdict: asIf.verdict, articles: spoke, why: asIf.why } } : judged;
}

function judgeSafely(...[constitution, slice, call, facts, authorizer]: Parameters<typeof judge>): Judgment {
  try {
    return judge(constitution, slice, call, facts, authorizer);
  } catch (error) {
    return deny('engine_error', [`the engine failed: ${error instanceof Error ? error.message : 'unknown'}`]);
  }
}

function judge(constitution: Constitution, slice: Slice, call: Call, facts: Facts, authorizer: Authorizer): Judgment {
  const { agent, resource } = call;
  const answer = authorizer(slice, { agent, resource, facts });
  if ('unfit' in answer) return deny('malformed', answer.unfit);
  const cite = (ids: readonly string[]) => [...ids].sort().flatMap((id) => constitution.articles.get(id) ?? []);
  const { decision, reason, errors } = answer;
  if (errors.length > 0) {
    const erred = cite(errors.map(({ policy }) => policy));
    return deny(
      'engine_error',
      errors.map(({ policy, message }) => `\`${policy}\`: ${message}`),
      erred.map(citedOf),
    );
  }
  const determining = cite(reason);
  if (decision === 'allow') return { verdict: 'permit', kind: 'permitted', articles: determining.map(citedOf), needs: [], why: [] };
  if (determining.length === 0) return deny('no_grant', [`nothing permits \`${agent}\` to use \`${call.tool}\``]);
  const hard = determining.filter((article) => article.escalate === null);
  if (hard.length > 0)
    return deny(
      'forbidden',
      hard.map((article) => inWords(article, facts, call.currency)),
      hard.map(citedOf),
    );
  return liftable(slice, call, facts, determining, authorizer);
}

/** Every article that stands against the call could be lifted by people: they are asked where with their word it is permitted. */
function liftable(slice: Slice, { agent, resource, currency }: Call, facts: Facts, determining: readonly Article[], authorizer: Authorizer): Judgment {
  const cited = determining.map(citedOf);
  const why = [...determining]
    .sort((a, b) => (b.escalate?.quorum ?? 0) - (a.escalate?.quorum ?? 0) || (a.id > b.id ? -1 : 1))
    .map((article) => inWords(article, facts, currency));
  const needs = needsOf(determining);
  const approved = { ...facts, base: { ...facts.base, approvals: raised(facts.base.approvals, needs), unanimous: unanimous(needs) } };
  const granted = authorizer(slice, { agent, resource, facts: approved });
  if ('unfit' in granted || granted.errors.length > 0) return deny('engine_error', ['the call could not be judged as if approved'], cited);
  if (granted.decision !== 'allow') return deny(granted.reason.length > 0 ? 'unapprovable' : 'no_grant', why, cited);
  return { verdict: 'escalate', kind: 'escalated', articles: cited, needs, why };
}

const citedOf = ({ id, article, title, source }: Article): Cited => ({ id, article, title, source });

const unanimous = (needs: readonly Need[]): Role[] => needs.flatMap(({ role, everybody }) => (everybody ? [role] : []));

/**
 * One need per role: the highest quorum, the shortest time, the longest delay, the fewest declines; alone only where every article allows it.
 * How many everybody is the gate does not know: whoever asks it fills the number in (`approvals.ts`).
 */
function needsOf(articles: readonly Article[]): Need[] {
  const needs = new Map<Role, Need>();
  for (const { id, escalate } of articles) {
    if (!escalate) continue;
    const before = needs.get(escalate.role);
    const declines = Math.min(escalate.declines, before ? ending(before) : escalate.declines);
    needs.set(escalate.role, {
      role: escalate.role,
      quorum: Math.max(escalate.quorum, before?.quorum ?? 0),
      within: before && (durationMs(before.within) ?? 0) <= (durationMs(escalate.within) ?? 0) ? before.within : escalate.within,
      sole: before ? longer(before.sole, escalate.sole) : escalate.sole,
      articles: [...(before?.articles ?? []), id],
      ...(escalate.everybody || before?.everybody ? { everybody: true } : {}),
      ...(declines > 1 ? { declines } : {}),
    });
  }
  return [...needs.values()].sort((a, b) => (a.role < b.role ? -1 : 1));
}

const longer = (a: string | null, b: string | null): string | null => (a === null || b === null ? null : (durationMs(a) ?? 0) >= (durationMs(b) ?? 0) ? a : b);

const raised = (approvals: Partial<Record<Role, number>>, needs: readonly Need[]): Partial<Record<Role, number>> => ({
  ...approvals,
  ...Object.fromEntries(needs.map(({ role, quorum }) => [role, Math.max(approvals[role] ?? 0, quorum)])),
});

/** `{base.limit_call_minor}` or `{payment.spent_day_minor + payment.amount_minor}`. */
const FIGURE = /\{([a-z_.]+(?: \+ [a-z_.]+)*)\}/g;

/** What would have to be different: the article's title, and its `@words` with the figures that it compares. */
function inWords({ title, words }: Article, { base, sheet, values }: Facts, currency: string): string {
  if (words === null) return title;
  const parts: Readonly<Record<string, object>> = { base, ...(sheet ? { [sheet.name]: values } : {}) };
  const figure = (path: string): number => {
    const [part = '', field = ''] = path.split('.');
    const value: unknown = Reflect.get(parts[part] ?? {}, field);
    return typeof value === 'number' ? value : Number.NaN;
  };
  const told = words.replace(FIGURE, (_all, sum: string) => {
    const total = sum.split(' + ').reduce((minor, path) => minor + figure(path), 0);
    if (Number.isNaN(total)) return '?';
    return sum.endsWith('_minor') ? show({ minor: total, currency }) : String(total);
  });
  return `${title}: ${told}`;
}

/**
 * Digest of the facts whose change voids votes: what is done, to whom, and on what ground. Running totals, limits, rates and
 * the clock are judged again, and matter only where more or other approvals are then needed.
 */
export function material(sheet: FactSheet | null, given: unknown): Digest {
  const facts = readFacts(sheet, given);
  if ('problems' in facts) return digest({ incomplete: facts.problems });
  const { base, values } = facts;
  const standing = { requester: base.requester, person_active: base.person_active, untrusted: [...base.untrusted].sort() };
  return digest({ standing, ...Object.fromEntries(Object.entries(values).filter(([fact]) => !sheet?.running.includes(fact))) });
}
