/** What people do: vote, halt, resume. Committed here first; Temporal is only woken. */
import { soleFrom, soleNeed, type Asked } from '../gate/approvals.ts';
import { attestVote } from '../warrant/warrant.ts';
import type { Digest } from '../kernel/digest.ts';
import type { AgentName, Domain, EventId, OrgId, PersonId, ProposalId } from '../kernel/ids.ts';
import type { Approval, Need, Outcome, Role } from '../kernel/nouns.ts';
import { CHANGED, saysTooLittle, SHORTEST_REASON } from '../kernel/seen.ts';
import { addDays, localTime, millis, type Instant, type LocalDate, type Times } from '../kernel/time.ts';
import { closeProposal } from './close.ts';
import { electorate, namesOf } from './eligible.ts';
import { agentNamed } from './names.ts';
import { takeBack } from './take-back.ts';
import type { DecisionOnFile, ProposalOnFile, TokenRow, Tx } from './ports.ts';
import { record, type World } from './world.ts';

const clock = (ms: number): string => new Date(ms).toISOString().slice(0, 16).replace('T', ' ') + ' UTC';

/** A person may not do what they asked for. */
export class AuthorityError extends Error {
  override readonly name = 'AuthorityError';
  constructor(
    readonly code:
      | 'token_unknown'
      | 'token_unexchanged'
      | 'not_eligible'
      | 'reason_missing'
      | 'day_invalid'
      | 'role_missing'
      | 'person_unknown'
      | 'too_early'
      | 'not_fresh'
      | 'not_own'
      | 'not_linked'
      | 'not_yours',
    message: string,
  ) {
    super(message);
  }
}

/** A person, known by the token they presented. */
export interface Speaker extends TokenRow {
  readonly org: OrgId;
}

/** What a vote came to. `late`: it was decided, expired or changed before; nothing was counted. */
export type VoteResult = { readonly state: 'counted'; readonly choice: Approval['choice']; readonly anew: boolean } | Late; // anew: not said before
export interface Late {
  readonly state: 'late';
  readonly what: string;
  readonly outcome: Outcome | null;
}

/** One person's word on one proposal. */
export interface Cast {
  readonly choice: Approval['choice'];
  readonly reason: string;
  readonly seen: Digest | null; // of the material facts that the person was shown, where the surface knows it
  readonly againOn: LocalDate | null; // of a decline: the business day on which the drift may be asked about again
}

const LONGEST_QUIET_DAYS = 366; // beyond a year a person who declines means never, and names no day

/**
 * Commits one person's vote on one proposal. The workflow is woken afterwards by the caller; if that fails, a sweep does it.
 * @throws AuthorityError `not_eligible` (says who may), `reason_missing`, `day_invalid`; of an own request `too_early`, `not_fresh`
 */
export async function castVote(world: World, speaker: Speaker, id: ProposalId, { choice, reason, seen, againOn }: Cast): Promise<VoteResult> {
  if (choice === 'decline' && saysTooLittle(reason)) {
    throw new AuthorityError(
      'reason_missing',
      `A decline needs a reason of at least ${SHORTEST_REASON} characters that can be seen: the agent reads it. Add \`--reason "…"\`.`,
    );
  }
  return world.store.tx(speaker.org, async (tx): Promise<VoteResult> => {
    const waiting = await waitingFor(tx, speaker, id);
    if (waiting.state === 'late') return waiting;
    const { onFile, last, times } = waiting;
    if (againOn !== null) await requireDay(world, tx, onFile, choice, againOn, times);
    const earlier = (await tx.votes(id)).find(({ vote }) => vote.person === speaker.person);
    if (earlier?.voidBecause === null)
      return earlier.vote.choice === choice
        ? { state: 'counted', choice, anew: false }
        : { state: 'late', what: `You already voted to ${earlier.vote.choice} it.`, outcome: null };
    const { slice, material } = last.decision;
    if (seen !== null && seen !== material) return { state: 'late', what: CHANGED, outcome: null };
    const vote = { proposal: id, person: speaker.person, choice, reason, credential: speaker.token, slice, material, at: times.wall };
    await keepVote(world, tx, againOn === null ? vote : { ...vote, againOn }, { decided: last.event, voided: earlier?.event ?? null }, onFile.proposal.ask);
    return { state: 'counted', choice, anew: true };
  });
}

/** Only a drift comes back by itself, and only after a decline, on a day ahead. */
async function requireDay(world: World, tx: Tx, { proposal }: ProposalOnFile, choice: Approval['choice'], day: LocalDate, times: Times): Promise<void> {
  const no = (why: string): never => {
    throw new AuthorityError('day_invalid', `It cannot be asked again on \`${day}\`: ${why}`);
  };
  if (choice === 'approve') no('what is approved is done. Leave the day out.');
  if ((await tx.ask(proposal.ask))?.about.kind !== 'drift') no('somebody asked for it, and no review does. Leave the day out; whoever asked can ask again.');
  const today = localTime(times.business, world.settings(tx.org).zone).date;
  const last = addDays(today, LONGEST_QUIET_DAYS);
  if (day <= today || day > last) no(`name a day after ${today}, up to ${last}.`);
}

/** A proposal that waits for people. */
export interface Waiting {
  readonly state: 'waits';
  readonly onFile: ProposalOnFile;
  readonly last: DecisionOnFile;
  readonly times: Times;
}

/** @throws AuthorityError as `castVote` */
export async function waitingFor(tx: Tx, speaker: Speaker, id: ProposalId): Promise<Waiting | Late> {
  const waiting = await stillWaits(tx, id);
  if (waiting.state === 'late') return waiting;
  const { onFile, last, times } = waiting;
  await requireEligible(tx, speaker, onFile.proposal.onBehalfOf, await firstAskedAs(tx, id, last), last.barred, times.wall);
  return waiting;
}

/** Whether a proposal waits for people; if so, nothing else moves it until the transaction ends. */
export async function stillWaits(tx: Tx, id: ProposalId): Promise<Waiting | Late> {
  const late = (what: string, outcome: Outcome | null = null): Late => ({ state: 'late', what, outcome });
  await tx.lock([`proposal/${id}`]);
  const onFile = await tx.proposal(id);
  if (!onFile) return late(`There is no task \`${id}\` here.`);
  if (onFile.outcome) return late(`It is already ${onFile.outcome}${await decidedBy(tx, id)}.`, onFile.outcome);
  const last = (await tx.decisions(id)).at(-1);
  const times = await tx.times();
  if (last?.decision.verdict === 'permit') return late(`It is already being carried out${await decidedBy(tx, id)}.`);
  if (last?.decision.verdict !== 'escalate') return late('It does not wait for people.');
  if (last.expiresAt && millis(times.wall) >= millis(last.expiresAt)) return late(`It expired at ${last.expiresAt}.`, 'expired');
  return { state: 'waits', onFile, last, times };
}

async function decidedBy(tx: Tx, id: ProposalId): Promise<string> {
  const people = (await tx.votes(id)).flatMap(({ vote, voidBecause }) => (voidBecause === null ? [vote.person] : []));
  return people.length === 0 ? '' : `, decided by ${people.join(', ')}`;
}

/** What was asked last, and when the same was asked first. */
async function firstAskedAs(tx: Tx, id: ProposalId, last: DecisionOnFile): Promise<Asked> {
  const same = ({ decision }: DecisionOnFile) => decision.verdict === 'escalate' && decision.material === last.decision.material;
  const first = (await tx.decisions(id)).find((one) => same(one) && one.decision.slice === last.decision.slice) ?? last;
  return { needs: last.decision.needs, at: first.at };
}

const BARRED = ' (whoever filed what it pays to, or is tied to whom it is about, leaves the look at it to somebody else)';

async function requireEligible(tx: Tx, speaker: Speaker, requester: PersonId | null, asked: Asked, barred: readonly string[], now: Instant): Promise<void> {
  const { active, eligible, manager } = await electorate(tx, requester, asked.needs, barred);
  if (eligible.some(({ id }) => id === speaker.person)) return;
  const electors = active.map(({ id, roles }) => ({ person: id, roles, manages: id === manager }));
  const alone = speaker.person === requester ? asked.needs.flatMap(({ role }) => soleNeed(role, { requester, electors, asked }) ?? []) : [];
  if (alone.length > 0) return requireSecondStep(speaker, alone, asked, now);
  const because = speaker.person === requester ? ' (nobody approves what they asked for)' : barred.includes(speaker.person) ? BARRED : '';
  throw new AuthorityError('not_eligible', `\`${speaker.person}\` may not decide this${because}. Who may: ${namesOf(eligible, asked.needs)}.`);
}

/** An own request, confirmed by its only approver: later, and with a token newer than the question. It is not four-eyes, and says so. */
function requireSecondStep({ person, issuedAt }: Speaker, alone: readonly Need[], asked: Asked, now: Instant): void {
  const from = Math.max(...alone.map((need) => soleFrom(need, asked)));
  const own = `You asked for this yourself, and nobody else holds the role ${alone.map(({ role }) => `\`${role}\``).join(', ')}`;
  if (millis(now) < from) throw new AuthorityError('too_early', `${own}. You may confirm it from ${clock(from)} on, with a token issued after ${asked.at}.`);
  if (millis(issuedAt) <= millis(asked.at))
    throw new AuthorityError('not_fresh', `${own}. Confirm it with a new token: \`charter people token ${person} --as ${person}\`, then decide again.`);
}

/** @param voided the person's vote before, which counts no more: the question may be the same, and this is another answer */
async function keepVote(
  world: World,
  tx: Tx,
  vote: Approval,
  { decided, voided }: { readonly decided: EventId; readonly voided: EventId | null },
  correlation: string,
): Promise<void> {
  const attestation = await attestVote(tx.org, vote, world.attestations);
  const event = await record(world, tx, {
    org: tx.org,
    type: 'vote.cast',
    key: [vote.proposal, vote.person, decided, ...(voided === null ? [] : [voided])],
    causes: [decided],
    correlation,
    times: await tx.times(),
    groups: {
      actor: { subject: `person/${vote.person}`, value: { person: vote.person, credential: vote.credential } },
      decision: { subject: `person/${vote.person}`, value: { ...vote, attestation } },
    },
  });
  await tx.addVote(vote, attestation, event);
}

export type HaltScope =
  { readonly kind: 'organization' } | { readonly kind: 'agent'; readonly agent: AgentName } | { readonly kind: 'domain'; readonly domain: Domain };

export const scopeName = (scope: HaltScope): string =>
  scope.kind === 'organization' ? scope.kind : scope.kind === 'agent' ? `agent/${scope.agent}` : `domain/${scope.domain}`;

export interface Halted {
  readonly scope: string;
  readonly stopped: readonly ProposalId[];
  readonly withdrawn: readonly ProposalId[]; // payments that had not left
  readonly at: Instant;
}

/**
 * Stops everything of a scope whose intent is not committed, and takes back what has not left.
 * @throws UnknownNameError `agent_unknown`: a halt of nobody would look like one; AuthorityError `role_missing`
 */
export async function halt(world: World, speaker: Speaker, scope: HaltScope, reason: string): Promise<Halted> {
  if (scope.kind === 'agent') agentNamed(world, scope.agent);
  requireHaltRole(speaker, scope, world);
  const name = scopeName(scope);
  // Two transactions. From the first on nothing begins; the second may wait for proposals, and must not hold the halt row then.
  const event = await world.store.tx(speaker.org, async (tx) => {
    const times = await tx.times();
    await tx.setHalt(name, true, speaker.person, reason, times.wall);
    return recordHalt(world, tx, speaker, { type: 'halt.set', scope: name, reason, times });
  });
  return world.store.tx(speaker.org, async (tx) => {
    const times = await tx.times();
    const open = (await tx.openProposals()).filter(({ agent }) => covers(world, scope, agent));
    await tx.lock(open.map(({ id }) => `proposal/${id}`));
    const stopped: ProposalId[] = [];
    for (const { id } of open) {
      const onFile = await tx.proposal(id);
      if (!onFile || onFile.outcome || (await tx.intent(id))) continue;
      await closeProposal(world, tx, onFile, times, 'halted', [event]);
      stopped.push(id);
    }
    const withdrawn = await takeBack(world, tx, scope, reason, event);
    return { scope: name, stopped, withdrawn, at: times.wall };
  });
}

/** @throws AuthorityError `role_missing`; UnknownNameError `agent_unknown`, unless a halt of that name is on file from when there was one */
export async function resume(world: World, speaker: Speaker, scope: HaltScope, reason: string): Promise<void> {
  requireHaltRole(speaker, scope, world);
  await world.store.tx(speaker.org, async (tx) => {
    if (scope.kind === 'agent' && !(await tx.haltedFor([scopeName(scope)]))) agentNamed(world, scope.agent);
    const times = await tx.times();
    await tx.setHalt(scopeName(scope), false, speaker.person, reason, times.wall);
    await recordHalt(world, tx, speaker, { type: 'halt.lifted', scope: scopeName(scope), reason, times });
  });
}

const covers = (world: World, scope: HaltScope, agent: AgentName): boolean =>
  scope.kind === 'organization' || (scope.kind === 'agent' ? scope.agent === agent : world.agents.get(agent)?.domain === scope.domain);

/** Owners and managers halt anything; the role that answers for a domain halts that domain and its agents. */
function requireHaltRole(speaker: Speaker, scope: HaltScope, world: World): void {
  const domain = scope.kind === 'domain' ? scope.domain : scope.kind === 'agent' ? world.agents.get(scope.agent)?.domain : undefined;
  const roles: readonly Role[] = domain ? ['owner', 'manager', domain] : ['owner', 'manager'];
  if (speaker.roles.some((role) => roles.includes(role))) return;
  throw new AuthorityError(
    'role_missing',
    `\`${speaker.person}\` may not halt or resume \`${scopeName(scope)}\`; this takes the role ${roles.map((role) => `\`${role}\``).join(' or ')}.`,
  );
}

interface HaltNote {
  readonly type: 'halt.set' | 'halt.lifted';
  readonly scope: string;
  readonly reason: string;
  readonly times: Times;
}

function recordHalt(world: World, tx: Tx, speaker: Speaker, { type, scope, reason, times }: HaltNote): Promise<EventId> {
  return record(world, tx, {
    org: tx.org,
    type,
    key: [scope, times.wall],
    causes: [],
    correlation: `halt/${scope}`,
    times,
    groups: {
      actor: { subject: `person/${speaker.person}`, value: { person: speaker.person } },
      payload: { subject: `person/${speaker.person}`, value: { scope, reason } },
    },
  });
}
