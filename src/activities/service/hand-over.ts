/** A permitted call whose tool is the caller's own: judged once more when the warrant is fetched, intent first, and closed by the receipt. */
import type { Effect } from '../../execute/execute.ts';
import type { OrgId, ProposalId } from '../../kernel/ids.ts';
import type { Receipt } from '../../kernel/nouns.ts';
import { digest } from '../../kernel/digest.ts';
import { commitIntent, issueWarrant, keepReceipt, requireStanding } from '../act.ts';
import { closeProposal } from '../close.ts';
import { judge } from '../judge.ts';
import { found, StageError, type World } from '../world.ts';
import { importedTool } from './imported.ts';

/** `again`: it was fetched before, and may have been used. */
export interface Fetched {
  readonly warrant: string; // JWS, of one exact action
  readonly again: boolean;
}

/**
 * The warrant of an action, once it is permitted. Its intent is on record from then on, whatever becomes of the caller; a halt before that stops it.
 * @returns undefined where it is not permitted: not yet, not any more
 */
export async function fetchWarrant(world: World, org: OrgId, id: ProposalId): Promise<Fetched | undefined> {
  const last = await world.store.tx(org, async (tx) => {
    requireTheirs(world, org, found(await tx.proposal(id), `action \`${id}\``).proposal.tool);
    return (await tx.intent(id)) ? 'fetched' : (await tx.decisions(id)).at(-1);
  });
  if (last !== 'fetched') {
    if (last?.decision.verdict !== 'permit') return undefined;
    const round = last.round + 1; // a permit is as old as the caller's patience: what is so now counts
    const step = await judge(world, org, id, round);
    if (step.next !== 'handed') return undefined;
    const intent = await commitIntent(world, org, id, await issueWarrant(world, org, id, step.decision, round));
    if (intent.state !== 'committed') return undefined;
  }
  return world.store.tx(org, async (tx) => {
    const intent = found(await tx.intent(id), 'intent');
    await requireStanding(world, tx, found(await tx.proposal(id), `action \`${id}\``).proposal, intent);
    return { warrant: found(await tx.warrant(intent.warrant), 'warrant').jws, again: !(await tx.service.fetched(id)) };
  });
}

/**
 * What the caller says that its tool did. The same again is answered the same.
 * @throws StageError `not_open` before the warrant was fetched, and of an intent that is not in the log; `key_reused` where another receipt is on file
 */
export function postReceipt(world: World, org: OrgId, id: ProposalId, effect: Effect): Promise<Receipt> {
  return world.store.tx(org, async (tx) => {
    await tx.lock([`proposal/${id}`]);
    const onFile = found(await tx.proposal(id), `action \`${id}\``);
    requireTheirs(world, org, onFile.proposal.tool);
    const before = await tx.receipt(id);
    if (before) return same(before, effect);
    const intent = await tx.intent(id);
    if (!intent) throw new StageError('not_open', `The warrant of \`${id}\` was not fetched; what was done without it is not on it.`);
    await requireStanding(world, tx, onFile.proposal, intent);
    const times = await tx.times();
    const event = await keepReceipt(world, tx, onFile, intent, effect, times);
    await closeProposal(world, tx, onFile, times, effect.outcome, [event]);
    return found(await tx.receipt(id), 'receipt');
  });
}

function same(before: Receipt, effect: Effect): Receipt {
  const said = (one: Effect) => digest(one.outcome === 'done' ? { output: one.output } : { code: one.code, message: one.message });
  if (before.outcome === effect.outcome && said(before) === said(effect)) return before;
  throw new StageError('key_reused', 'Another receipt of this action is on file; nothing was changed.');
}

function requireTheirs(world: World, org: OrgId, tool: Parameters<typeof importedTool>[1]): void {
  if (!importedTool(world.constitution(org), tool))
    throw new StageError('bad_input', `\`${tool}\` is a tool of our own: it is done here, and has no warrant to fetch.`);
}
