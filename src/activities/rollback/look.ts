/** How far a rollback is; and before anybody says that something was wrong, what would be undone. Changes nothing. */
import type { OrgId } from '../../kernel/ids.ts';
import type { ProposalOnFile, Tx } from '../ports.ts';
import type { World } from '../world.ts';
import { originalsOf } from './begin.ts';
import { compensationOf } from './compensate.ts';
import type { RollbackOnFile, RollbackStep, Target } from './ports.ts';

export interface RollbackLook {
  readonly rollback: RollbackOnFile | null;
  readonly steps: readonly RollbackStep[];
  readonly cases: number;
}

/** @throws StageError as `beginRollback` */
export function lookAtRollback(world: World, org: OrgId, target: Target): Promise<RollbackLook> {
  return world.store.tx(org, async (tx) => {
    const rollback = await tx.rollbacks.about(target);
    if (rollback) return { rollback, steps: await tx.rollbacks.steps(rollback.id), cases: await tx.rollbacks.casesOf(rollback.id) };
    const originals = await originalsOf(tx, target);
    return { rollback: null, steps: await Promise.all(originals.map((onFile, n) => foreseen(world, tx, onFile, n + 1))), cases: 0 };
  });
}

const SOME_REASON = 'the reason that is given'; // no call of it is made

async function foreseen(world: World, tx: Tx, { proposal, outcome }: ProposalOnFile, n: number): Promise<RollbackStep> {
  const step = { n, proposal: proposal.id, compensation: null, attempt: 1 };
  const receipt = await tx.receipt(proposal.id);
  if (receipt?.outcome !== 'done')
    return outcome === null
      ? { ...step, state: 'left', says: 'It is not done yet.' }
      : { ...step, state: 'undone', says: `Nothing was done: it was ${outcome}.` };
  const making = compensationOf(world, tx.org, proposal, receipt, SOME_REASON);
  return 'because' in making
    ? { ...step, state: 'left', says: making.because }
    : { ...step, state: 'next', says: `\`${making.tool}\` would be proposed, and judged. Where it comes to nothing: ${making.otherwise}` };
}
