/** Proposal + facts + constitution -> Decision, and the money it needs reserved, in one transaction. */
import { z } from 'zod';
import { decide, material, type Judgment } from '../gate/decide.ts';
import { countApprovals, inNumbers, soleNeed, standing, withinReach, type Ballot, type VoteOnFile } from '../gate/approvals.ts';
import { refused } from '../gate/declines.ts';
import { provenance } from '../gate/provenance.ts';
import { attested } from '../warrant/warrant.ts';
import { digest } from '../kernel/digest.ts';
import { imported } from '../kernel/imported.ts';
import { deriveId, DecisionId, type OrgId, type ProposalId } from '../kernel/ids.ts';
import { Outcome, ROLES, type Decision, type JsonObject, type Level, type Role } from '../kernel/nouns.ts';
import { addDays, durationMs, instant, localTime, millis, type Instant, type LocalDate, type Times } from '../kernel/time.ts';
import { cardOf, closeProposal, subjectOf } from './close.ts';
import { baseFacts, chainOf, gateFacts, sayingTies, sourcesOf } from './facts.ts';
import { amountAsked, beyondAct, saying } from './service/beyond.ts';
import { amountOfImported, importedCall } from './service/imported.ts';
import type { DecisionOnFile, FactsQuery, ProposalOnFile, Tx, VoteRow } from './ports.ts';
import { found, once, record, type World } from './world.ts';

/** What the workflow does next. Holds ids and verdicts only: it travels through Temporal. */
export const Step = z.discriminatedUnion('next', [
  z.strictObject({ next: z.literal('go'), decision: DecisionId }),
  z.strictObject({ next: z.literal('wait'), waitMs: z.int().min(0), known: z.boolean() }), // known: found, not judged just now
  z.strictObject({ next: z.literal('closed'), outcome: Outcome }),
  z.strictObject({ next: z.literal('handed'), decision: DecisionId }), // permitted, and the tool is the caller's: it fetches the warrant
]);
export type Step = z.infer<typeof Step>;

const LONGEST_WAIT_MS = 14 * 86_400_000; // no article may keep people's cards open longer

/**
 * Judges a proposal. Round 1 is the first judgment; each waking, and each warrant that ran out unused, is one more.
 * @throws StageError `not_found`, `key_reused`
 */
export function judge(world: World, org: OrgId, id: ProposalId, round: number): Promise<Step> {
  return world.store.tx(org, async (tx): Promise<Step> => {
    const stored = (outcome: unknown): Step => {
      const step = Step.parse(outcome);
      return step.next === 'wait' ? { ...step, known: true } : step; // a workflow that began anew goes on to the next round
    };
    const step = await once(tx, ['judge', id, round], { id, round }, stored, async (): Promise<Step> => {
      await tx.lock([`proposal/${id}`]); // votes and halts on it wait, or are seen
      const onFile = found(await tx.proposal(id), `proposal \`${id}\``);
      if (onFile.outcome) return { next: 'closed', outcome: onFile.outcome };
      return judgeOpen(world, tx, onFile, round);
    });
    if (step.next !== 'handed') return step;
    const last = (await tx.decisions(id)).at(-1);
    return last?.decision.id === step.decision ? step : { next: 'wait', waitMs: 0, known: true }; // judged again since, when its caller came for it
  });
}

async function judgeOpen(world: World, tx: Tx, onFile: ProposalOnFile, round: number): Promise<Step> {
  const { proposal } = onFile;
  const times = await tx.times();
  const earlier = await tx.decisions(proposal.id);
  const asked = earlier.findLast(({ decision }) => decision.verdict === 'escalate');
  const { zone, quietDays } = world.settings(tx.org);
  if (asked?.expiresAt && millis(times.wall) >= millis(asked.expiresAt))
    return close(world, tx, onFile, times, 'expired', [asked.event], addDays(localTime(times.business, zone).date, quietDays));
  const judged = await judgment(world, tx, onFile, times, round, earlier);
  const no = asked && refused(judged.votes, judged.ballot, asked.decision.needs, judged.decision.needs);
  if (no) {
    const [again = null] = no.votes.flatMap(({ vote }) => vote.againOn ?? []).sort();
    const causes = judged.votes.map((vote) => vote.event);
    return close(world, tx, onFile, times, 'declined', causes, again, no.because);
  }
  await voidStaleVotes(world, tx, onFile, times, judged);
  if (judged.verdict.verdict === 'escalate' && asked) await tx.setCard(proposal.id, await cardOf(world, tx, proposal)); // people are asked about what is so now
  const expiresAt = judged.verdict.verdict === 'escalate' ? expiry(judged, asked, times) : null;
  if (asked === earlier.at(-1) && asked?.expiresAt && expiresAt === asked.expiresAt && sameQuestion(judged, asked)) return waiting(asked.expiresAt, times);
  const event = await recordDecision(world, tx, onFile, times, judged, round, expiresAt);
  return next(world, tx, onFile, times, judged, expiresAt, event);
}

/** The question that people have before them already: no second decision says it again, however often it is woken. */
const sameQuestion = ({ decision, level, ballot }: Judged, asked: DecisionOnFile): boolean =>
  level === asked.level && digest([ballot.barred, questionOf({ ...decision, id: asked.decision.id })]) === digest([asked.barred, questionOf(asked.decision)]);

/** What is only observed is nobody's question. */
const questionOf = ({ observed, ...question }: Decision): Omit<Decision, 'observed'> => question;

const waiting = (until: Instant, { wall }: Times): Step => ({ next: 'wait', known: false, waitMs: Math.max(0, millis(until) - millis(wall)) });

interface Judged {
  readonly verdict: Judgment;
  readonly decision: Decision;
  readonly level: Level;
  readonly halted: boolean;
  readonly facts: JsonObject;
  readonly ballot: Ballot;
  readonly votes: readonly (VoteRow & VoteOnFile)[];
  readonly budgets: Awaited<ReturnType<Tx['budgetKeys']>>;
  readonly amount: number;
  readonly chain: ReturnType<typeof chainOf>;
  readonly theirs: boolean; // the caller has the tool, and we have not
}

/** Locks the budgets, reads the facts in one statement after that, and decides. Never the other way round. */
async function judgment(world: World, tx: Tx, { proposal }: ProposalOnFile, times: Times, round: number, earlier: readonly DecisionOnFile[]): Promise<Judged> {
  const { zone, currency, example } = world.settings(tx.org);
  const constitution = world.constitution(tx.org);
  const tool = world.writes.get(proposal.tool)?.tool;
  const agent = world.agents.get(proposal.agent);
  const local = localTime(times.business, zone);
  const query: FactsQuery = { proposal, facts: tool?.facts ?? null, domain: agent?.domain ?? 'finance', times, today: local.date };
  const budgets = await budgetsOf(tx, query);
  const rated = proposal.onBehalfOf === null ? [] : [`rate/judged/${proposal.onBehalfOf}`]; // of a burst for one person as many are permitted as an article says
  await tx.lock([...budgets.map(({ kind, key, period }) => `budget/${kind}/${key}/${period}`), ...rated]);
  const theirs = tool ? undefined : await importedCall(tx, constitution, proposal, local.date);
  const ours = await tx.facts(query);
  const read = theirs ? { ...ours, domainFacts: theirs.values } : ours;
  const sheet = theirs ? imported : query.facts;
  const untrusted = theirs?.untrusted ?? provenance({ governs: tool?.governs ?? {}, args: proposal.args, ...sourcesOf(read) }).untrusted;
  const outside = beyondAct(read, proposal.tool, theirs ? amountOfImported(theirs.manifest) : amountAsked(tool, read.domainFacts));
  const listed = theirs?.agents.includes(proposal.agent) ?? agent?.proposes.some(({ name }) => name === proposal.tool) ?? false;
  const unvoted = {
    ...baseFacts(read, world.agents, proposal.agent, local, proposal.onBehalfOf, untrusted, listed && outside.length === 0),
    approvals: {} as Partial<Record<Role, number>>,
    approved_by: [] as string[],
    requester_is_sole: false,
  };
  const terms = { slice: constitution.slice(proposal.tool), material: material(sheet, gateFacts(sheet, unvoted, read.domainFacts)) };
  const ballot: Ballot = {
    requester: proposal.onBehalfOf,
    ...terms,
    operatorTokensCount: example,
    electors: read.electors,
    barred: read.barred,
    asked: firstAsked(earlier, terms),
  };
  const votes = await Promise.all(
    read.votes
      .filter((row) => row.voidBecause === null)
      .map(async (row) => ({ ...row, ...row.vote, attested: await attested(tx.org, row.vote, row.attestation, world.attestations, millis(times.wall)) })),
  );
  const resource = subjectOf(tool, proposal.args);
  const call = { agent: proposal.agent, onBehalfOf: proposal.onBehalfOf, tool: proposal.tool, resource, currency };
  const judgeWith = (voted: Voted) => {
    const base = { ...unvoted, ...voted, requester_is_sole: ROLES.some((role) => soleNeed(role, ballot)) };
    const facts = gateFacts(sheet, base, read.domainFacts);
    return { facts, verdict: inNumbers(decide(constitution, { ...call, facts }), ballot) };
  };
  const { facts, ...said } = withVotes(judgeWith, votes, ballot);
  const verdict = saying(withinReach(sayingTies(said.verdict, read), ballot, times.wall), [...outside, ...(theirs?.why ?? [])]);
  const decision: Decision = {
    id: deriveId('dec', [tx.org, proposal.id, round]),
    proposal: proposal.id,
    ...verdict,
    constitution: constitution.digest,
    slice: ballot.slice,
    material: ballot.material,
  };
  return {
    verdict,
    decision,
    level: read.level,
    halted: read.halted,
    facts,
    ballot,
    votes,
    budgets,
    amount: amountOf(read.domainFacts),
    chain: chainOf(read),
    theirs: theirs !== undefined,
  };
}

/** What the gate is told of votes. */
interface Voted {
  readonly approvals: Partial<Record<Role, number>>;
  readonly unanimous?: Role[]; // where an article waits for everybody
  readonly approved_by: string[];
}

interface Said {
  readonly facts: JsonObject;
  readonly verdict: Judgment;
}

/** What the gate says without votes; where it asks people, and those who voted are enough for all that it asks, what it says with them. */
function withVotes(judgeWith: (voted: Voted) => Said, votes: readonly VoteOnFile[], ballot: Ballot): Said {
  const asked = judgeWith({ approvals: {}, approved_by: [] });
  if (asked.verdict.verdict !== 'escalate') return asked;
  const { approvals, unanimous, by } = countApprovals(votes, ballot, asked.verdict.needs);
  if (by.length === 0) return asked;
  const answered = judgeWith({ approvals, ...(unanimous.length > 0 ? { unanimous } : {}), approved_by: [...by] });
  return answered.verdict.verdict === 'escalate' ? asked : answered; // not enough yet: the question stays the one that was put
}

/** What the call draws on: its own budgets, the month of whoever asks, and the day of every agent that asked for it; so calls on one delegation wait for one another. */
async function budgetsOf(tx: Tx, query: FactsQuery): Promise<Judged['budgets']> {
  const own = await tx.budgetKeys(query);
  const day = own.find(({ kind }) => kind === 'agent_day');
  if (!day) return own;
  const asking = new Set((await tx.askChain(query.proposal.ask)).map(({ agent }) => agent));
  asking.delete(query.proposal.agent); // its own day is there already, however often it stands in the chain
  const { onBehalfOf } = query.proposal;
  const month = onBehalfOf === null ? [] : [{ kind: 'person_month' as const, key: `${onBehalfOf}/${query.domain}`, period: query.today.slice(0, 7) }];
  return [...own, ...month, ...[...asking].map((agent) => ({ ...day, key: agent }))];
}

/** When people were first asked about these very facts under these very articles. */
function firstAsked(earlier: readonly DecisionOnFile[], { slice, material: facts }: Pick<Ballot, 'slice' | 'material'>): Ballot['asked'] {
  const first = earlier.find(({ decision }) => decision.verdict === 'escalate' && decision.slice === slice && decision.material === facts);
  return first ? { needs: first.decision.needs, at: first.at } : null;
}

const amountOf = ({ amount_minor }: JsonObject): number => (typeof amount_minor === 'number' ? amount_minor : 0);

async function voidStaleVotes(world: World, tx: Tx, { proposal }: ProposalOnFile, times: Times, { votes, ballot }: Judged): Promise<void> {
  for (const vote of votes) {
    const stands = standing(vote, ballot, votes);
    if (stands.counts) continue;
    await tx.voidVotes(proposal.id, [vote.person], stands.because);
    await record(world, tx, {
      org: tx.org,
      type: 'vote.voided',
      key: [proposal.id, vote.person, vote.event],
      causes: [vote.event],
      correlation: proposal.ask,
      times,
      groups: {
        payload: { subject: 'organization', value: { proposal: proposal.id, because: stands.because } },
        subject: { subject: `person/${vote.person}`, value: { person: vote.person } },
      },
    });
  }
}

/** The first asking sets the time; it starts anew only where the votes had to be cast again. */
function expiry({ verdict, ballot }: Judged, asked: DecisionOnFile | undefined, { wall }: Times): Instant {
  if (asked?.expiresAt && asked.decision.material === ballot.material && asked.decision.slice === ballot.slice) return asked.expiresAt;
  const windows = verdict.needs.map(({ within }) => durationMs(within) ?? LONGEST_WAIT_MS);
  return instant(millis(wall) + Math.min(LONGEST_WAIT_MS, ...windows));
}

async function recordDecision(world: World, tx: Tx, onFile: ProposalOnFile, times: Times, judged: Judged, round: number, expiresAt: Instant | null) {
  const { proposal } = onFile;
  const { decision, facts, level, ballot, chain } = judged;
  const event = await record(world, tx, {
    org: tx.org,
    type: 'decision.made',
    key: [proposal.id, round],
    causes: [onFile.event, ...judged.votes.map((vote) => vote.event)],
    correlation: proposal.ask,
    times,
    groups: {
      actor: { subject: 'organization', value: { gate: decision.constitution } },
      decision: { subject: subjectOf(world.writes.get(proposal.tool)?.tool, proposal.args), value: { ...decision, facts, level, round, chain } },
    },
  });
  await tx.addDecision({ decision, round, level, expiresAt, event, facts, barred: ballot.barred, at: times.wall });
  return event;
}

async function next(
  world: World,
  tx: Tx,
  onFile: ProposalOnFile,
  times: Times,
  judged: Judged,
  expiresAt: Instant | null,
  event: Awaited<ReturnType<typeof record>>,
): Promise<Step> {
  const { verdict } = judged.decision;
  if (verdict === 'deny') return close(world, tx, onFile, times, judged.halted ? 'halted' : 'denied', [event]);
  if (judged.level === 'shadow') return close(world, tx, onFile, times, 'shadowed', [event]);
  if (verdict === 'escalate' && expiresAt) return waiting(expiresAt, times);
  if (judged.theirs) {
    await tx.service.handOver(onFile.proposal.id, times.wall);
    return { next: 'handed', decision: judged.decision.id };
  }
  if (judged.budgets.length > 0) await tx.reserve(onFile.proposal, judged.budgets, judged.amount);
  return { next: 'go', decision: judged.decision.id };
}

async function close(
  world: World,
  tx: Tx,
  onFile: ProposalOnFile,
  times: Times,
  outcome: Outcome,
  causes: Parameters<typeof closeProposal>[5],
  quietUntil: LocalDate | null = null,
  because?: string,
): Promise<Step> {
  await closeProposal(world, tx, onFile, times, outcome, causes, quietUntil, because);
  return { next: 'closed', outcome };
}
