/** Annotation and clause must say the same: what an article promises to people is what it compares. */
import type { PolicyJson } from '@cedar-policy/cedar-wasm/nodejs';
import { canonical } from '../kernel/digest.ts';
import { Role } from '../kernel/nouns.ts';
import { durationMs } from '../kernel/time.ts';

export interface EscalationClause {
  readonly role: Role;
  readonly quorum: number; // at least
  readonly everybody: boolean; // and all who are eligible in the role when it is judged
  readonly declines: number; // so many end it
  readonly within: string; // ISO 8601 duration
  readonly sole: string | null; // how long the only holder of the role waits before confirming an own request; null: never
}

/** Of a constitution's texts: whether an article waits for everybody. Its schema alone has the fact that such an article compares. */
export const asksEverybody = (articles: Readonly<Record<string, string>>): boolean =>
  Object.values(articles).some((text) => /@quorum\s*\(\s*"all"\s*\)/.test(text));

/** `2 of finance within P2D`, `everybody of finance within P2D; 2 declines end it` */
export const escalationWords = ({ role, quorum, everybody, within, declines }: EscalationClause): string =>
  `${everybody ? 'everybody' : quorum} of ${role} within ${within}${declines > 1 ? `; ${declines} declines end it` : ''}`;

/** `@mode("observe")`: the article decides and is recorded, and blocks nothing. Only what forbids can be tried out so. */
export function isObserved({ effect, annotations }: PolicyJson, problem: (what: string) => void): boolean {
  const mode = annotations?.['mode'] ?? 'enforce';
  if (mode !== 'enforce' && mode !== 'observe') problem(`has @mode \`${mode}\`; write @mode("observe"), or leave it out where it is enforced`);
  if (mode === 'observe' && effect === 'permit') problem('permits, and has @mode("observe"); what is permitted is granted or it is not');
  return mode === 'observe';
}

/**
 * The escalation that an article declares, or null. Escalatable is a forbid with `@escalate @quorum @within` and exactly
 * `unless { context.base.approvals.<role> >= <quorum> }`; with `@quorum("all")`, which waits for everybody who is eligible in the
 * role, exactly `unless { context.unanimous.<role> }`. `@sole("PT1H")` lets the only holder of the role confirm an own request
 * after so long, where one vote is enough. `@declines("2")` lets the first decline be a vote on record: the second one ends it.
 */
export function escalationOf(policy: PolicyJson, problem: (what: string) => void): EscalationClause | null {
  const { escalate, quorum, within, sole, declines } = policy.annotations ?? {};
  const declared = [escalate, quorum, within, sole, declines].some((annotation) => annotation !== undefined && annotation !== null);
  const unless = policy.conditions.filter(({ kind }) => kind === 'unless');
  const mentions = (condition: unknown) => /"(approvals|unanimous)"/.test(canonical(condition));
  if (policy.effect === 'permit' && policy.conditions.some(mentions)) problem('permits by approvals; approval is evidence, never a grant');
  if (!declared) {
    if (policy.effect === 'forbid' && unless.some(mentions)) problem('is lifted by approvals without saying so in @escalate, @quorum and @within');
    return null;
  }
  const role = Role.safeParse(/^role:(\w+)$/.exec(escalate ?? '')?.[1]);
  const everybody = quorum === 'all';
  const count = everybody ? 1 : Number(quorum);
  const against = declines === undefined || declines === null ? 1 : Number(declines);
  if (policy.effect !== 'forbid') problem('has @escalate, but permits');
  if (!role.success) return reject(problem, `asks for \`${escalate ?? ''}\`, which is no role; write @escalate("role:finance")`);
  if (!Number.isInteger(count) || count < 1) return reject(problem, `has @quorum \`${quorum ?? ''}\`; write a whole number from 1, or "all"`);
  if (within === undefined || within === null || durationMs(within) === undefined)
    return reject(problem, `has @within \`${within ?? ''}\`; write a duration such as "P2D" or "PT4H"`);
  if (!Number.isInteger(against) || against < 1) return reject(problem, `has @declines \`${declines ?? ''}\`; write a whole number from 1`);
  if (everybody && against > 1)
    return reject(problem, `has @declines \`${against}\` beside @quorum("all"): where everybody has to approve, one decline ends it`);
  const alone = sole ?? null;
  if (alone !== null && (count !== 1 || everybody || against > 1 || role.data === 'manager' || !durationMs(alone)))
    return reject(problem, `has @sole \`${alone}\`; it takes a duration such as "PT1H", one vote either way, and a role that is not manager`);
  const [clause] = unless;
  if (unless.length !== 1 || canonical(clause?.body ?? null) !== canonical(everybody ? unanimous(role.data) : promised(role.data, count)))
    problem(`does not end in exactly unless { ${everybody ? `context.unanimous.${role.data}` : `context.base.approvals.${role.data} >= ${count}`} }`);
  if (policy.conditions.some((condition) => condition.kind === 'when' && mentions(condition))) problem('compares approvals outside its unless clause');
  return { role: role.data, quorum: count, everybody, declines: against, within, sole: alone };
}

function reject(problem: (what: string) => void, what: string): null {
  problem(what);
  return null;
}

const attribute = (left: unknown, attr: string) => ({ '.': { left, attr } });
const unanimous = (role: Role) => attribute(attribute({ Var: 'context' }, 'unanimous'), role);
const promised = (role: Role, quorum: number) => ({
  '>=': { left: attribute(attribute(attribute({ Var: 'context' }, 'base'), 'approvals'), role), right: { Value: quorum } },
});
