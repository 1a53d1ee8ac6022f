/** Recorded decisions, as a draft can be held against them. */
import type { RecordedCall } from '../../kernel/amendment.ts';
import type { OrgId } from '../../kernel/ids.ts';
import type { LocalDate } from '../../kernel/time.ts';
import { subjectOf } from '../close.ts';
import type { World } from '../world.ts';
import type { RecordedAt } from './ports.ts';

const MOST_REPLAYED = 100_000; // decisions: about ten seconds
const SHOWN = 50; // on a card; more are counted

export interface Recorded {
  readonly calls: AsyncIterable<RecordedCall>;
  readonly recorded: number;
  readonly shown: number;
}

/** The newest first, read as they are asked for: they would not fit into memory at once. */
export async function historyOf(
  world: World,
  org: OrgId,
  { since = null, shown = SHOWN }: { since?: LocalDate | null; shown?: number } = {},
): Promise<Recorded> {
  const recorded = await world.store.tx(org, (tx) => world.amendments.recorded(tx, since));
  return { recorded, calls: calls(world, org, since), shown };
}

async function* calls(world: World, org: OrgId, since: LocalDate | null): AsyncGenerator<RecordedCall> {
  let from: RecordedAt | null = null;
  for (let done = 0; done < MOST_REPLAYED;) {
    const page = await world.store.tx(org, (tx) => world.amendments.recordedFrom(tx, since, from));
    for (const { args, at, round, ...call } of page) {
      if (done++ >= MOST_REPLAYED) return;
      yield { ...call, subject: subjectOf(world.writes.get(call.tool)?.tool, args) };
      from = { at, round, proposal: call.proposal };
    }
    if (page.length === 0) return;
  }
}
