/** The task that a turn asks back about, as far as its speaker may see it. For the agent it is a record: data, and no order of anybody's. */
import type { AskedBack } from '../../deliberate/deliberate.ts';
import { Domain, type ProposalId } from '../../kernel/ids.ts';
import type { Classification } from '../../kernel/nouns.ts';
import { electorate } from '../eligible.ts';
import type { ProposalOnFile, Tx } from '../ports.ts';
import { sightOf, type Seen } from '../sight.ts';
import type { World } from '../world.ts';
import type { TurnRow } from './ports.ts';

export interface TaskAsked {
  readonly record: AskedBack;
  readonly classification: Classification; // of the card: an answer that rests on it is no less sensitive
}

/** @returns undefined where the turn asks about no task, or its speaker does not see it any more */
export async function taskAsked(world: World, tx: Tx, { about, person }: TurnRow): Promise<TaskAsked | undefined> {
  const onFile = about === null ? undefined : await tx.proposal(about);
  if (!onFile) return undefined;
  const seen = await seenAs(world, tx, onFile);
  if (!(await sightOf(world, tx, person, await tx.times())).sees(seen)) return undefined;
  const { proposal, card, outcome } = onFile;
  const { id, tool, agent, onBehalfOf, rationale } = proposal;
  return { record: { task: id, tool, agent, askedBy: onBehalfOf, rationale, card, outcome: outcome ?? 'open' }, classification: seen.classification };
}

/** Its parties are whoever asked for it, may decide it or has, and whom it is about. */
async function seenAs(world: World, tx: Tx, { proposal }: ProposalOnFile): Promise<Seen> {
  const { id, tool, onBehalfOf, args } = proposal;
  return {
    domain: Domain.safeParse(tool.split('.')[0]).data ?? null,
    classification: world.writes.get(tool)?.tool.classification ?? 'restricted',
    parties: [
      ...(onBehalfOf === null ? [] : [onBehalfOf]),
      ...(await asked(tx, id, onBehalfOf)),
      ...Object.values(args).flatMap((value) => (typeof value === 'string' ? [value] : [])),
    ],
  };
}

async function asked(tx: Tx, id: ProposalId, requester: ProposalOnFile['proposal']['onBehalfOf']): Promise<readonly string[]> {
  const last = (await tx.decisions(id)).at(-1);
  const voters = (await tx.votes(id)).map(({ vote }) => vote.person);
  if (last?.decision.verdict !== 'escalate') return voters;
  return [...voters, ...(await electorate(tx, requester, last.decision.needs, last.barred)).eligible.map((one) => one.id)];
}
