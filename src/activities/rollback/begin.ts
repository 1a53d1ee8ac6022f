/** Somebody says that what was done was wrong: what to undo is put down, the last effect first, with the agents' cases. */
import { AskId, deriveId, EventId, ProposalId, type RollbackId, type ToolName } from '../../kernel/ids.ts';
import type { JsonObject } from '../../kernel/nouns.ts';
import type { Times } from '../../kernel/time.ts';
import { electorate } from '../eligible.ts';
import { AuthorityError, type Speaker } from '../people.ts';
import type { ProposalOnFile, Tx } from '../ports.ts';
import { found, record, StageError, type World } from '../world.ts';
import { keepCases } from './cases.ts';
import type { RollbackStep, Target } from './ports.ts';

export const MOST_STEPS = 25; // of one rollback: all agents together may propose 30 calls a minute for one person

/** What would have been right, in the place of the call that was wrong. */
export interface Right {
  readonly tool: ToolName;
  readonly args: JsonObject;
}

export interface Wrong {
  readonly target: Target;
  readonly reason: string;
  readonly right: Right | null;
}

/**
 * Puts a rollback on file; a workflow carries it out. Said again of the same, by whomever, nothing more is done.
 * @throws AuthorityError `role_missing`; StageError `not_found`, `bad_input` where it is too much at once
 */
export function beginRollback(world: World, speaker: Speaker, wrong: Wrong): Promise<RollbackId> {
  return world.store.tx(speaker.org, async (tx) => {
    await tx.lock(['rollbacks']); // two that overlap: the second sees what the first undoes
    const before = await tx.rollbacks.about(wrong.target);
    if (before) return before.id;
    const originals = await originalsOf(tx, wrong.target);
    for (const onFile of originals) await requireSay(tx, speaker, onFile);
    const id = deriveId('rbk', [tx.org, wrong.target]);
    const times = await tx.times();
    const event = await recordBegun(world, tx, speaker, wrong, originals, times);
    const steps = await stepsOf(tx, originals);
    await tx.rollbacks.add({ id, target: wrong.target, person: speaker.person, reason: wrong.reason, event, at: times.wall }, steps);
    await keepCases(tx, id, wrong, originals, times);
    return id;
  });
}

/** What is to be undone, the last effect first. An action that was named stands there whatever came of it: its agent learns of it. */
export async function originalsOf(tx: Tx, target: Target): Promise<readonly ProposalOnFile[]> {
  const ids = await tx.rollbacks.cameOf(await beginningsOf(tx, target), MOST_STEPS + 1);
  if (ids.length > MOST_STEPS)
    throw new StageError('bad_input', `More than ${MOST_STEPS} actions came of \`${target}\`, which is too much at once. Say it of each task that was wrong.`);
  const named = ProposalId.safeParse(target).data;
  const all = named === undefined || ids.includes(named) ? ids : [...ids, named];
  return Promise.all(all.map(async (id) => found(await tx.proposal(id), `task \`${id}\``)));
}

async function beginningsOf(tx: Tx, target: Target): Promise<readonly EventId[]> {
  const [proposal, ask] = [ProposalId.safeParse(target).data, AskId.safeParse(target).data];
  if (proposal !== undefined) return [found(await tx.proposal(proposal), `task \`${target}\``).event];
  if (ask !== undefined) return found(await tx.ask(ask), `ask \`${target}\``) && tx.rollbacks.beginningsOf(ask);
  const event = EventId.parse(target);
  found(await tx.rollbacks.correlationOf(event), `event \`${target}\``);
  return [event];
}

/** Whoever may decide about an action may say that it was wrong: its domain's role, the owners, and those whom it was put to. */
export async function requireSay(tx: Tx, speaker: Speaker, { proposal }: ProposalOnFile): Promise<void> {
  const domain = proposal.tool.split('.')[0];
  if (speaker.roles.some((role) => role === 'owner' || role === domain)) return;
  const asked = (await tx.decisions(proposal.id)).flatMap(({ decision }) => decision.needs);
  const barred = (await tx.decisions(proposal.id)).flatMap((one) => one.barred);
  const { eligible } = await electorate(tx, proposal.onBehalfOf, asked, barred);
  if (eligible.some(({ id }) => id === speaker.person)) return;
  throw new AuthorityError(
    'role_missing',
    `\`${speaker.person}\` may not say that \`${proposal.id}\` was wrong: who may decide about it may, which is the role \`${domain}\` or \`owner\`${asked.length > 0 ? ', and whom it was put to' : ''}.`,
  );
}

/** What another rollback undoes is not undone twice. */
async function stepsOf(tx: Tx, originals: readonly ProposalOnFile[]): Promise<readonly RollbackStep[]> {
  const steps: RollbackStep[] = [];
  for (const [n, { proposal }] of originals.entries()) {
    const other = await tx.rollbacks.undoing(proposal.id);
    const step = { n: n + 1, proposal: proposal.id, compensation: null, attempt: 1 };
    steps.push(
      other ? { ...step, state: 'left', says: `It was called wrong before, and is undone there: \`${other}\`.` } : { ...step, state: 'next', says: '' },
    );
  }
  return steps;
}

async function recordBegun(world: World, tx: Tx, { person }: Speaker, wrong: Wrong, originals: readonly ProposalOnFile[], times: Times): Promise<EventId> {
  const [first] = originals;
  const about = EventId.safeParse(wrong.target).data;
  const causes = new Set<EventId>(about === undefined ? [] : [about]);
  for (const { proposal, event } of originals) causes.add((await tx.receipt(proposal.id))?.event ?? event);
  const { target, reason, right } = wrong;
  const subject = `person/${person}`;
  return record(world, tx, {
    org: tx.org,
    type: 'rollback.begun',
    key: [target],
    causes: [...causes],
    correlation: first?.proposal.ask ?? (about === undefined ? target : ((await tx.rollbacks.correlationOf(about)) ?? target)),
    times,
    groups: {
      actor: { subject, value: { person } },
      payload: { subject, value: { target, reason, right: right && { ...right }, undoes: originals.map(({ proposal }) => proposal.id) } },
    },
  });
}
