/** One rollback, as far as it goes now: the next action's compensation is proposed like any call, and what came of it is put down. */
import { z } from 'zod';
import { ProposalId, type EventId, type OrgId, type RollbackId } from '../../kernel/ids.ts';
import type { Outcome } from '../../kernel/nouns.ts';
import type { Times } from '../../kernel/time.ts';
import { askOfRollback } from '../../intake/ask.ts';
import { eventId } from '../../ledger/seal.ts';
import { propose } from '../deliberate.ts';
import { haltScopes } from '../halted.ts';
import type { ProposalOnFile, Tx } from '../ports.ts';
import { found, record, type World } from '../world.ts';
import { compensationOf, type Compensating } from './compensate.ts';
import type { RollbackOnFile, RollbackStep } from './ports.ts';

/** What the workflow does next: sees to this proposal, waits, or ends. Holds ids only: it travels through Temporal. */
export const RollbackNext = z.discriminatedUnion('next', [
  z.strictObject({ next: z.literal('begin'), proposal: ProposalId }),
  z.strictObject({ next: z.literal('wait'), waitMs: z.int().min(0) }),
  z.strictObject({ next: z.literal('ended') }),
]);
export type RollbackNext = z.infer<typeof RollbackNext>;

const MOST_ATTEMPTS = 5; // of one compensation: each is after one more halt
const SOON_MS = 2_000; // an action that is being carried out is done within it, on a usual day
const LONG_MS = 3_600_000; // a halt that is lifted wakes it sooner, by the sweep

/**
 * Takes steps until one has to be waited for. Whatever was done is found in the rows, so asked again it does nothing twice.
 * @throws StageError `not_found`
 */
export function stepRollback(world: World, org: OrgId, id: RollbackId): Promise<RollbackNext> {
  return world.store.tx(org, async (tx): Promise<RollbackNext> => {
    await tx.lock([`rollback/${id}`]);
    const rollback = found(await tx.rollbacks.find(id), `rollback \`${id}\``);
    if (rollback.ended) return { next: 'ended' };
    const times = await tx.times();
    for (const step of await tx.rollbacks.steps(id)) {
      const next = await take(world, tx, rollback, step, times);
      if (next) return next;
    }
    await end(world, tx, rollback, times);
    return { next: 'ended' };
  });
}

/** @returns what has to be waited for; undefined where the step is over */
async function take(world: World, tx: Tx, rollback: RollbackOnFile, step: RollbackStep, times: Times): Promise<RollbackNext | undefined> {
  if (step.state === 'undone' || step.state === 'left') return undefined;
  if (step.state === 'asked' && step.compensation) return answered(world, tx, rollback, step, step.compensation, times);
  await tx.lock([`proposal/${step.proposal}`]);
  const original = found(await tx.proposal(step.proposal), `task \`${step.proposal}\``);
  const settle = (state: 'undone' | 'left', says: string) => tx.rollbacks.saveStep(rollback.id, { ...step, state, says });
  const open = await stillOpen(world, tx, original);
  if (open === 'soon') return { next: 'wait', waitMs: SOON_MS };
  const receipt = await tx.receipt(step.proposal);
  if (open) return void (await settle('left', open));
  if (receipt?.outcome !== 'done') return void (await settle('undone', `Nothing was done: it was ${original.outcome}.`));
  const making = compensationOf(world, tx.org, original.proposal, receipt, rollback.reason);
  if ('because' in making) return void (await settle('left', making.because));
  if (await takenBack(world, tx, making, step.proposal)) return void (await settle('undone', 'It was taken back before.'));
  return ask(world, tx, rollback, step, { original, receipt: receipt.event, making }, times);
}

/** In words what keeps it from being over; `soon`: it is being carried out. */
async function stillOpen(world: World, tx: Tx, { proposal, outcome }: ProposalOnFile): Promise<string | undefined> {
  if (outcome !== null) return undefined;
  const last = (await tx.decisions(proposal.id)).at(-1)?.decision.verdict;
  if (last === 'escalate') return `Nothing was done yet: it waits for people. Decline it: charter inbox decide ${proposal.id} --decline --reason "…"`;
  return world.writes.has(proposal.tool)
    ? 'soon'
    : `The runtime that calls \`${proposal.tool}\` has not said what came of it; tell them there that it was wrong.`;
}

/** A payment that somebody took back by hand, or by a halt. */
async function takenBack(world: World, tx: Tx, { tool }: Exclude<Compensating, { because: string }>, original: ProposalId): Promise<boolean> {
  if (world.writes.get(tool)?.tool.takesBack === undefined) return false;
  return tx.recorded(eventId({ org: tx.org, type: 'payment.withdrawn', key: [original] }));
}

interface Made {
  readonly original: ProposalOnFile;
  readonly receipt: EventId;
  readonly making: Exclude<Compensating, { because: string }>;
}

/** Proposes the compensation for whoever said that it was wrong. Under a halt nothing is proposed: it waits. */
async function ask(
  world: World,
  tx: Tx,
  rollback: RollbackOnFile,
  step: RollbackStep,
  { original, receipt, making }: Made,
  times: Times,
): Promise<RollbackNext> {
  const about = { rollback: rollback.id, undoes: step.proposal, attempt: step.attempt };
  const asked = askOfRollback(tx.org, making.agent, rollback.person, about, rollback.event);
  const agent = found(world.agents.get(making.agent), `agent \`${making.agent}\``);
  const halted = (await tx.haltedFor(await haltScopes(tx, asked, agent))) !== false;
  await tx.rollbacks.hold(rollback.id, halted);
  if (halted) return { next: 'wait', waitMs: LONG_MS };
  await tx.addAsk(asked, times.wall);
  const rationale = `${rollback.person} said that ${original.proposal.id} was wrong: ${rollback.reason}`;
  const compensation = await propose(world, tx, asked, { tool: making.tool, args: making.args, rationale }, times, [rollback.event, receipt]);
  await tx.rollbacks.saveStep(rollback.id, { ...step, state: 'asked', compensation });
  return { next: 'begin', proposal: compensation };
}

/** What came of a compensation that was proposed. One that a halt ended is proposed again once the halt is lifted. */
async function answered(
  world: World,
  tx: Tx,
  rollback: RollbackOnFile,
  step: RollbackStep,
  compensation: ProposalId,
  times: Times,
): Promise<RollbackNext | undefined> {
  const { proposal, outcome } = found(await tx.proposal(compensation), `task \`${compensation}\``);
  if (outcome === null) return { next: 'begin', proposal: compensation };
  if (outcome === 'done') return void (await tx.rollbacks.saveStep(rollback.id, { ...step, state: 'undone', says: '' }));
  if (outcome === 'halted' && step.attempt < MOST_ATTEMPTS) {
    const anew: RollbackStep = { ...step, state: 'next', compensation: null, attempt: step.attempt + 1 };
    await tx.rollbacks.saveStep(rollback.id, anew);
    return take(world, tx, rollback, anew, times);
  }
  const compensated = world.writes.get(found(await tx.proposal(step.proposal), `task \`${step.proposal}\``).proposal.tool)?.tool.compensation;
  const otherwise = compensated?.tool ? ` ${compensated.otherwise}` : '';
  await tx.rollbacks.saveStep(rollback.id, {
    ...step,
    state: 'left',
    says: `\`${proposal.tool}\` was ${outcome}${await whyNot(tx, compensation, outcome)}.${otherwise}`,
  });
  return undefined;
}

/** The articles that stood in the way, or what the world said. */
async function whyNot(tx: Tx, compensation: ProposalId, outcome: Outcome): Promise<string> {
  const receipt = await tx.receipt(compensation);
  if (receipt?.outcome === 'failed') return `: ${receipt.message}`;
  if (outcome === 'shadowed') return ': its agent is at level shadow, and what it proposes is judged and not done';
  const cited = (await tx.decisions(compensation)).at(-1)?.decision.articles ?? [];
  return cited.length === 0 ? '' : `, by ${cited.map(({ article, title }) => `${article} ${title}`).join('; ')}`;
}

async function end(world: World, tx: Tx, rollback: RollbackOnFile, times: Times): Promise<void> {
  const steps = await tx.rollbacks.steps(rollback.id);
  const left = steps.filter(({ state }) => state === 'left');
  const compensations = steps.flatMap(({ compensation }) => compensation ?? []);
  const event = await record(world, tx, {
    org: tx.org,
    type: 'rollback.ended',
    key: [rollback.target],
    causes: [rollback.event, ...compensations.map((id) => eventId({ org: tx.org, type: 'proposal.closed', key: [id] }))],
    correlation: (await tx.rollbacks.correlationOf(rollback.event)) ?? rollback.target,
    times,
    groups: {
      payload: {
        subject: 'organization',
        value: {
          undone: steps.length - left.length,
          left: left.length,
          steps: steps.map(({ proposal, state, compensation, says }) => ({ proposal, state, compensation, says })),
        },
      },
    },
  });
  await tx.rollbacks.end(rollback.id, event, times.wall);
}
