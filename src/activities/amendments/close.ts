/** The end of an amendment that puts nothing in force. */
import type { AmendmentState } from '../../kernel/amendment.ts';
import type { EventId } from '../../kernel/ids.ts';
import type { Times } from '../../kernel/time.ts';
import type { Tx } from '../ports.ts';
import { record, type World } from '../world.ts';
import type { AmendmentOnFile } from './ports.ts';
import type { AmendmentStep } from './step.ts';

export const causesOf = ({ event, checked }: AmendmentOnFile): readonly EventId[] => (checked ? [event, checked] : [event]);

export async function closeAmendment(
  world: World,
  tx: Tx,
  onFile: AmendmentOnFile,
  times: Times,
  state: Exclude<AmendmentState, 'checking' | 'open' | 'ratified'>,
  votes: readonly EventId[],
): Promise<AmendmentStep> {
  const { id } = onFile.amendment;
  await world.amendments.move(tx, id, state, times.wall);
  await record(world, tx, {
    org: tx.org,
    type: 'amendment.closed',
    key: [id],
    causes: [...causesOf(onFile), ...votes],
    correlation: id,
    times,
    groups: { payload: { subject: 'organization', value: { amendment: id, state } } },
  });
  return { next: 'closed', state };
}
