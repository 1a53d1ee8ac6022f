/** What was called wrong, kept for the evaluation of the agent whose decision it was. */
import { deriveId, type RollbackId } from '../../kernel/ids.ts';
import type { OwnCase } from '../../kernel/evals.ts';
import type { Times } from '../../kernel/time.ts';
import type { ProposalOnFile, Tx } from '../ports.ts';
import type { Wrong } from './begin.ts';

const MOST_FILES = 5_000; // of one case: years of records of an organization of this size

/**
 * Of what an agent made of a drift by itself. What a person asked for, what another runtime called and what undoes something is nobody's
 * lesson here. What would have been right is said of the action that was named alone.
 */
export async function keepCases(
  tx: Tx,
  rollback: RollbackId,
  { target, reason, right }: Wrong,
  originals: readonly ProposalOnFile[],
  times: Times,
): Promise<void> {
  for (const { proposal, createdAt } of originals) {
    const ask = await tx.ask(proposal.ask);
    if (ask?.about.kind !== 'drift') continue;
    const { reconciler, subject, why } = ask.about.drift;
    const found: OwnCase = {
      id: deriveId('cas', [tx.org, proposal.id]),
      agent: proposal.agent,
      proposal: proposal.id,
      drift: { reconciler, subject, why },
      wrong: { tool: proposal.tool, args: proposal.args },
      reason,
      right: target === proposal.id || originals.length === 1 ? right : null,
      business: await tx.rollbacks.businessOf(ask.cause),
      files: [...(await tx.rollbacks.filesAt(createdAt, MOST_FILES))],
    };
    await tx.rollbacks.addCase(found, rollback, times.wall);
  }
}
