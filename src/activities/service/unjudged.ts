/** Reads that a client made while the gate did not answer, sent in when it does: on record, and what was begun of them before is not left standing. */
import type { Delegation } from '../../kernel/delegation.ts';
import { EventId, ProposalId, ToolName } from '../../kernel/ids.ts';
import type { JsonObject } from '../../kernel/nouns.ts';
import type { Instant } from '../../kernel/time.ts';
import { keepReceipt } from '../act.ts';
import { closeProposal } from '../close.ts';
import type { Tx } from '../ports.ts';
import { once, record, type World } from '../world.ts';
import { importedTool } from './imported.ts';

export interface UnjudgedCall {
  readonly key: string; // that the action had, or would have had
  readonly tool: string;
  readonly args: JsonObject;
  readonly at: Instant; // when the client made it, on its own clock
}

/** No verdict: nobody judged it. `deny`: the organization does not let it be made so. */
export type UnjudgedVerdict = 'none' | 'deny';

/** What clients may read while the gate does not answer: what the organization lets them, of tools that are ratified as reading alone. */
export const openReads = async (world: World, tx: Tx): Promise<readonly ToolName[]> =>
  ((await tx.service.terms())?.fail_open ?? []).filter((tool) => importedTool(world.constitution(tx.org), tool)?.manifest.effect === 'read');

/**
 * Keeps one of them, once. An action that was put on file under its key, and whose answer the client never had, is closed: overtaken, or failed
 * where its warrant was fetched and not used.
 * @throws StageError `key_reused`
 */
export function keepUnjudged(world: World, by: Delegation, { key, tool, args, at }: UnjudgedCall): Promise<EventId> {
  return world.store.tx(by.org, (tx) =>
    once(
      tx,
      ['unjudged', by.id, key, at],
      { tool, args },
      (stored) => EventId.parse(stored),
      async () => {
        const times = await tx.times();
        const name = ToolName.safeParse(tool).data;
        const declared = name !== undefined && (await openReads(world, tx)).includes(name);
        const verdict: UnjudgedVerdict = declared ? 'none' : 'deny';
        const why = declared
          ? `It was made at ${at} without a judgment: the gate did not answer, and the organization lets \`${tool}\` be read then.`
          : `It was made at ${at} without a judgment, and the organization does not let \`${tool}\` be read where the gate does not answer.`;
        const event = await record(world, tx, {
          org: tx.org,
          type: 'call.unjudged',
          key: [by.id, key, at],
          causes: [by.event],
          correlation: by.path[0] ?? by.id,
          times,
          groups: {
            actor: {
              subject: `person/${by.person}`,
              value: { person: by.person, agent: by.agent, worker: by.worker, chain: [...by.workers], delegation: by.id, tier: by.tier },
            },
            payload: { subject: `person/${by.person}`, value: { tool, args, at } },
            decision: { subject: 'organization', value: { verdict, why } },
          },
        });
        const who = { person: by.person, agent: by.agent, delegation: by.id };
        await tx.service.addCall({ kind: 'unjudged', event, ...who, tool, verdict, why: [why], articles: [], trace: null }, times.wall);
        await closeBegun(world, tx, by, key, event);
        return event;
      },
    ),
  );
}

const WITHOUT = { outcome: 'failed', code: 'made_unjudged', message: 'The caller made the call without its warrant, while the gate did not answer.' } as const;

async function closeBegun(world: World, tx: Tx, by: Delegation, key: string, event: EventId): Promise<void> {
  const begun = ProposalId.safeParse((await tx.stage(['act', by.id, key].join('/')))?.outcome);
  if (!begun.success) return;
  await tx.lock([`proposal/${begun.data}`]);
  const onFile = await tx.proposal(begun.data);
  if (!onFile || onFile.outcome !== null) return;
  const [times, intent] = [await tx.times(), await tx.intent(begun.data)];
  const receipt = intent ? [await keepReceipt(world, tx, onFile, intent, WITHOUT, times)] : [];
  await closeProposal(world, tx, onFile, times, intent ? 'failed' : 'overtaken', [event, ...receipt]);
}
