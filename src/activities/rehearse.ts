/** A review here and now, without workflows: what drifted is asked about, what is proposed is judged, and nothing is done. For evaluations. */
import type { Way } from '../deliberate/deliberate.ts';
import type { Handled } from '../kernel/evals.ts';
import type { AgentName, OrgId, ProposalId } from '../kernel/ids.ts';
import type { Ask, Drift } from '../kernel/nouns.ts';
import { isProposal, keep, ofDomain, think } from './deliberate.ts';
import { judge } from './judge.ts';
import { reconcile } from './reconcile.ts';
import { found, type World } from './world.ts';

export interface Rehearsal {
  readonly agent: AgentName;
  readonly way: Way;
  readonly signal: AbortSignal;
  /** Which drifts it thinks about; every one, where nothing is said. */
  about?(drift: Drift): boolean;
  /** Hears how far it is. */
  onHandled(done: number, of: number): void;
}

/** One drift after the other, so that each verdict sees what those before it reserved. */
export async function rehearse(world: World, org: OrgId, { agent, way, signal, about = () => true, onHandled }: Rehearsal): Promise<readonly Handled[]> {
  const { domain } = found(world.agents.get(agent), `agent \`${agent}\``);
  const reviewed = await reconcile(world, org, domain, 'rehearsal');
  const asks = await world.store.tx(org, async (tx) => {
    const all = [];
    for (const id of reviewed.asks) all.push(found(await tx.ask(id), `ask \`${id}\``));
    return all.filter((ask) => ask.about.kind !== 'drift' || about(ask.about.drift));
  });
  const handled: Handled[] = [];
  for (const ask of asks) {
    signal.throwIfAborted();
    handled.push(await handle(world, org, ask, way, signal));
    onHandled(handled.length, asks.length);
  }
  return handled;
}

async function handle(world: World, org: OrgId, ask: Ask, way: Way, signal: AbortSignal): Promise<Handled> {
  if (ask.about.kind !== 'drift') throw new TypeError(`The review asked \`${ask.id}\`, which is about no drift.`);
  const { made, reads } = await think(world, ask, { way, earlier: [], classes: ofDomain(world, ask) }, AbortSignal.any([signal])); // its own: listeners of one drift do not stay for the next
  const proposals = await world.store.tx(org, async (tx) => (await keep(world, tx, ask, made, reads)).ids);
  const proposed = [];
  for (const proposal of proposals.filter(isProposal)) proposed.push(await verdictOn(world, org, proposal));
  const { reconciler, subject } = ask.about.drift;
  return { drift: reconciler, subject, proposed, said: made.finding ?? made.answer ?? '', stopped: made.stopped };
}

async function verdictOn(world: World, org: OrgId, id: ProposalId): Promise<Handled['proposed'][number]> {
  await judge(world, org, id, 1);
  return world.store.tx(org, async (tx) => {
    const { tool, args } = found(await tx.proposal(id), `proposal \`${id}\``).proposal;
    const decided = found((await tx.decisions(id)).at(-1), `decision on \`${id}\``);
    return { tool, args, verdict: decided.decision.verdict };
  });
}
