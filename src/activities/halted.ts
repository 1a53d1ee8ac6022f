/** A halt reaches what is under way: whoever deliberates is aborted, and nothing of it is kept. */
import { setTimeout as sleep } from 'node:timers/promises';
import type { Agent } from '../kernel/define.ts';
import type { OrgId } from '../kernel/ids.ts';
import type { Ask } from '../kernel/nouns.ts';
import type { Tx } from './ports.ts';
import type { World } from './world.ts';

/** A halt came while an agent deliberated. */
export class HaltedError extends Error {
  override readonly name = 'HaltedError';
  readonly code = 'halted';
  constructor() {
    super('A halt is in force; nothing was done. Ask again when it is lifted.');
  }
}

/** What a halt may stop a deliberation by: the organization, the agent, its domain, and the agents that asked it. */
export async function haltScopes(tx: Tx, ask: Pick<Ask, 'id' | 'agent'>, { domain }: Pick<Agent, 'domain'>): Promise<readonly string[]> {
  const chain = await tx.askChain(ask.id);
  return [...new Set(['organization', `domain/${domain}`, `agent/${ask.agent}`, ...chain.map(({ agent }) => `agent/${agent}`)])];
}

const LOOK_MS = 250; // a halt is to stop what is under way within a second, an abort's own way included

/**
 * Runs work under a signal that a halt aborts, and the caller's own. Where it cannot be told whether there is one, there is: the
 * work is aborted too, and tried again later.
 * @throws HaltedError, and what the work throws
 */
export async function unlessHalted<T>(
  world: World,
  org: OrgId,
  scopes: readonly string[],
  signal: AbortSignal,
  work: (signal: AbortSignal) => Promise<T>,
): Promise<T> {
  const [stop, done] = [new AbortController(), new AbortController()];
  const watching = (async () => {
    while (!done.signal.aborted) {
      await sleep(LOOK_MS, undefined, { signal: done.signal }).catch(() => undefined); // ended early: the work is done
      if (!done.signal.aborted && (await world.store.tx(org, (tx) => tx.isHalted(scopes)))) stop.abort(new HaltedError());
      if (stop.signal.aborted) return;
    }
  })().catch((error: unknown) => stop.abort(error));
  try {
    return await work(AbortSignal.any([signal, stop.signal]));
  } catch (error) {
    throw stop.signal.aborted && !signal.aborted ? stop.signal.reason : error;
  } finally {
    done.abort();
    await watching;
  }
}
