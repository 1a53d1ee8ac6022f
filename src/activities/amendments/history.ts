/** Recorded decisions, as a draft can be held against them. */
import type { RecordedCall } from '../../kernel/amendment.ts';
import { subjectOf } from '../close.ts';
import type { Tx } from '../ports.ts';
import type { World } from '../world.ts';

export async function historyOf(world: World, tx: Tx): Promise<{ readonly calls: readonly RecordedCall[]; readonly recorded: number }> {
  const { calls, recorded } = await world.amendments.recorded(tx);
  return { recorded, calls: calls.map(({ args, ...call }) => ({ ...call, subject: subjectOf(world.writes.get(call.tool)?.tool, args) })) };
}
