/** Handing on: a person to an agent of another runtime, and that one to the next. The token carries the chain; the gate holds every call to it. */
import { createHmac } from 'node:crypto';
import { fartherTier, LONGEST_PATH, type Delegation, type Tier, type Worker } from '../../kernel/delegation.ts';
import { AgentName, deriveId, type DelegationId, type EventId, type OrgId, type ToolName } from '../../kernel/ids.ts';
import { instant, millis, type Instant, type Times } from '../../kernel/time.ts';
import { agentNamed } from '../names.ts';
import { AuthorityError, type Speaker } from '../people.ts';
import type { Tx } from '../ports.ts';
import { secretDigest } from '../tokens.ts';
import { record, StageError, type World } from '../world.ts';

const MOST_LIVE = 100; // handed on by one link, or by one token of a person, at a time: a chain that fans out wider is a runaway
const LONGEST_MS = 30 * 86_400_000; // a task that takes longer is handed on anew by its person

/** What is handed on. Wider than what one has it may be asked, and is not. */
export interface Handing {
  readonly key: string; // the same again hands on nothing anew
  readonly to: Worker;
  readonly agent: string | null; // whose grants apply; null: of that name, or as before
  readonly task: string;
  readonly tools: readonly ToolName[] | null;
  readonly perCall: number | null;
  readonly perDay: number | null;
  readonly tier: Tier;
  readonly expires: Instant;
}

export interface Handed {
  readonly delegation: Delegation;
  readonly token: string;
}

/** A person, or whoever holds a delegation. */
export type Giver = { readonly kind: 'person'; readonly speaker: Speaker } | { readonly kind: 'delegate'; readonly delegation: Delegation };

/** @throws AuthorityError `token_unknown` where it is none of this organization's, or has ended */
export async function delegateOf(world: World, org: OrgId, token: string): Promise<Delegation> {
  const found = await world.store.tx(org, (tx) => tx.service.bySecret(secretDigest(token)));
  if (found?.live) return found;
  const because = found ? 'has ended, with what it was handed on from or by itself' : 'is no delegation of this organization';
  throw new AuthorityError('token_unknown', `This token ${because}. Ask for a new one: \`POST /v1/delegations\`, with a person's own token.`);
}

/**
 * @throws StageError `bad_input` for an expiry that is past or too far, or a chain that is too long or too wide; `key_reused`;
 *   UnknownNameError `agent_unknown`
 */
export function handOn(world: World, org: OrgId, giver: Giver, handing: Handing): Promise<Handed> {
  return world.store.tx(org, async (tx) => {
    const from = giver.kind === 'person' ? giver.speaker.token : giver.delegation.id;
    const id = deriveId('dlg', [org, from, handing.key]);
    await tx.lock([`handing/${from}`]);
    const token = await tokenOf(world, org, id);
    const before = await tx.service.delegation(id);
    const times = await tx.times();
    const made = { ...drafted(world, org, id, giver, handing, times), event: before?.event ?? (await recorded(world, tx, giver, id, handing, times)) };
    if (before) return { delegation: same(before, made), token };
    await requireRoom(tx, giver, times);
    await tx.service.add(made, secretDigest(token));
    return { delegation: { ...made, live: true }, token };
  });
}

/** The same key gives the same token: an answer that was lost on its way is asked for again. */
async function tokenOf(world: World, org: OrgId, id: DelegationId): Promise<string> {
  const key = (await world.keys.of(org, ['delegations'])).get('delegations');
  if (!key) throw new TypeError('The key of the delegations is missing.');
  return `${org}.${createHmac('sha256', key).update(id).digest('base64url')}`;
}

function drafted(world: World, org: OrgId, id: DelegationId, giver: Giver, handing: Handing, times: Times): Omit<Delegation, 'event'> {
  const parent = giver.kind === 'delegate' ? giver.delegation : null;
  const { person, token: credential } = giver.kind === 'person' ? giver.speaker : { person: giver.delegation.person, token: giver.delegation.credential };
  const named = AgentName.safeParse(handing.to).data;
  const known = named !== undefined && world.agents.has(named) ? named : (parent?.agent ?? handing.to);
  const expiry = millis(handing.expires);
  if (expiry <= millis(times.wall) || expiry > millis(times.wall) + LONGEST_MS)
    throw new StageError('bad_input', `\`${handing.expires}\` is no time to hand something on until; it is ahead, and at most 30 days.`);
  return {
    id,
    org,
    person,
    credential,
    agent: agentNamed(world, handing.agent ?? known).name,
    worker: handing.to,
    parent: parent?.id ?? null,
    path: [...(parent?.path ?? []), id],
    workers: [...(parent?.workers ?? []), handing.to],
    task: handing.task,
    tools: handing.tools,
    perCall: handing.perCall,
    perDay: handing.perDay,
    tier: parent ? fartherTier(parent.tier, handing.tier) : handing.tier,
    issuedAt: times.wall,
    expiresAt: instant(Math.min(expiry, parent ? millis(parent.expiresAt) : expiry)),
    live: true,
  };
}

async function requireRoom(tx: Tx, giver: Giver, { wall }: Times): Promise<void> {
  const parent = giver.kind === 'delegate' ? giver.delegation : null;
  if ((parent?.path.length ?? 0) >= LONGEST_PATH) throw new StageError('bad_input', `This chain has ${LONGEST_PATH} links; nothing is handed on from its end.`);
  const credential = giver.kind === 'person' ? giver.speaker.token : giver.delegation.credential;
  if ((await tx.service.liveFrom(parent?.id ?? null, credential, wall)) >= MOST_LIVE)
    throw new StageError('bad_input', `${MOST_LIVE} were handed on from here and have not ended; end one first: \`DELETE /v1/delegations/ID\`.`);
}

/** @throws StageError `key_reused` */
function same(before: Delegation, now: Delegation): Delegation {
  const asked = ({ worker, agent, task, tools, perCall, perDay, tier }: Delegation) => JSON.stringify([worker, agent, task, tools, perCall, perDay, tier]);
  if (asked(before) !== asked(now)) throw new StageError('key_reused', 'Under this idempotency key something else was handed on before; nothing was done.');
  return before;
}

const actorOf = (giver: Giver) => ({ by: giver.kind === 'person' ? giver.speaker.person : giver.delegation.worker });

function recorded(world: World, tx: Tx, giver: Giver, id: DelegationId, handing: Handing, times: Times): Promise<EventId> {
  const parent = giver.kind === 'delegate' ? giver.delegation : null;
  const person = parent?.person ?? (giver.kind === 'person' ? giver.speaker.person : '');
  const { to, task, tools, perCall, perDay, tier, expires } = handing;
  const subject = `person/${person}`;
  return record(world, tx, {
    org: tx.org,
    type: 'delegation.made',
    key: [id],
    causes: parent ? [parent.event] : [],
    correlation: parent?.path[0] ?? id,
    times,
    groups: {
      actor: { subject, value: { ...actorOf(giver), person, chain: [...(parent?.workers ?? [])] } },
      subject: { subject, value: { delegation: id, worker: to } },
      payload: { subject, value: { task, tools: tools === null ? null : [...tools], perCall, perDay, tier, expires } },
    },
  });
}

/**
 * Ends a delegation and all that came of it, from the next call on.
 * @throws StageError `not_found`; AuthorityError `not_yours` for anybody but its person, an owner, or whoever it was handed on by
 */
export function endDelegation(world: World, org: OrgId, giver: Giver, id: DelegationId): Promise<readonly DelegationId[]> {
  return world.store.tx(org, async (tx) => {
    const meant = await tx.service.delegation(id);
    const may =
      meant !== undefined &&
      (giver.kind === 'person' ? giver.speaker.person === meant.person || giver.speaker.roles.includes('owner') : meant.path.includes(giver.delegation.id));
    if (!meant || !may)
      throw new AuthorityError('not_yours', `There is no delegation \`${id}\` of yours, or made on yours. Who ends it: its person, and the owners.`);
    const times = await tx.times();
    const ended = await tx.service.end(id, times.wall);
    if (ended.includes(id)) await recordEnd(world, tx, giver, meant, ended, times);
    return ended;
  });
}

const recordEnd = (world: World, tx: Tx, giver: Giver, { id, person, worker, event, path }: Delegation, ended: readonly DelegationId[], times: Times) =>
  record(world, tx, {
    org: tx.org,
    type: 'delegation.ended',
    key: [id],
    causes: [event],
    correlation: path[0] ?? id,
    times,
    groups: {
      actor: { subject: `person/${person}`, value: actorOf(giver) },
      subject: { subject: `person/${person}`, value: { delegation: id, worker, ended: [...ended] } },
    },
  });
