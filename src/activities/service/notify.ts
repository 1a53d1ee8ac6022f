/** Word to the callers of other runtimes when their actions change: signed, retried a bounded number of times, and to nowhere the organization did not name. */
import { createHmac } from 'node:crypto';
import type { DelegationId, OrgId } from '../../kernel/ids.ts';
import { instant, millis } from '../../kernel/time.ts';
import { troubleOf, type Trouble } from '../../kernel/trouble.ts';
import { tell } from '../stalled.ts';
import type { World } from '../world.ts';
import { actionOnFile } from './act.ts';
import type { NotifiedRow } from './ports.ts';

const AT_ONCE = 4;
const MOST_A_ROUND = 40; // looked at; a round of upkeep is ten seconds
const MOST_TRIES = 8; // with the pauses below about forty minutes; the caller can ask at any time
const PAUSE_MS = 10_000; // after the first try, and twice as long after each

/** What signs for one delegation; whoever holds that is told it once, beside its token. */
export async function webhookSecret(world: World, org: OrgId, id: DelegationId): Promise<string> {
  const key = (await world.keys.of(org, ['delegations'])).get('delegations');
  if (!key) throw new TypeError('The key of the delegations is missing.');
  return createHmac('sha256', key).update(`webhook/${id}`).digest('base64url');
}

/**
 * Sends what changed since the last word arrived. Level-triggered: of several changes the last is told.
 * @returns how many were taken
 */
export async function sendWord(world: World, org: OrgId): Promise<number> {
  const due = await world.store.tx(org, async (tx) => tx.service.notifiedDue((await tx.times()).wall, MOST_A_ROUND));
  const troubles: Trouble[] = [];
  let taken = 0;
  for (let from = 0; from < due.length; from += AT_ONCE)
    await Promise.all(
      due.slice(from, from + AT_ONCE).map(async (one) => {
        const came = await tellOne(world, org, one);
        if (came === 'taken') taken++;
        else if (came !== 'nothing') troubles.push(came);
      }),
    );
  await tell(world, org, 'send_word', troubles);
  return taken;
}

async function tellOne(world: World, org: OrgId, one: NotifiedRow): Promise<'taken' | 'nothing' | Trouble> {
  const now = await actionOnFile(world, org, one.proposal, null);
  const { wall } = await world.store.tx(org, (tx) => tx.times());
  const kept = (row: { told: string | null; tries: number; pauseMs: number; ended: 'told' | 'given_up' | null }) =>
    world.store.tx(org, (tx) => tx.service.keepNotified(one.proposal, { ...row, nextAt: instant(millis(wall) + row.pauseMs) }));
  if (!now || now.state === 'judged_next' || now.state === one.told) {
    await kept({ told: one.told, tries: one.tries, pauseMs: 0, ended: now ? null : 'given_up' });
    return 'nothing';
  }
  const settled = !(now.state === 'waits_for_people' || now.state === 'permitted');
  const body = JSON.stringify({ type: 'action.changed', data: { id: now.id, state: now.state, settled } });
  try {
    await world.outside.post(one.url, await signed(world, org, one, `${now.id}.${now.state}`, Math.floor(millis(wall) / 1_000), body), body);
    await kept({ told: now.state, tries: 0, pauseMs: 0, ended: settled ? 'told' : null });
    return 'taken';
  } catch (error) {
    const tries = one.tries + 1;
    await kept({ told: one.told, tries, pauseMs: PAUSE_MS * 2 ** one.tries, ended: tries >= MOST_TRIES ? 'given_up' : null });
    return troubleOf(one.proposal, error);
  }
}

/** As Standard Webhooks writes it: HMAC-SHA256 over id, time stamp in seconds and body, parted by points. */
async function signed(world: World, org: OrgId, { delegation }: NotifiedRow, id: string, seconds: number, body: string): Promise<Record<string, string>> {
  const secret = await webhookSecret(world, org, delegation);
  const signature = createHmac('sha256', secret).update(`${id}.${seconds}.${body}`).digest('base64');
  return { 'webhook-id': id, 'webhook-timestamp': String(seconds), 'webhook-signature': `v1,${signature}` };
}
