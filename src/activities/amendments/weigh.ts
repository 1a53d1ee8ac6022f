/** Votes -> in force, or not. The swap, its event and the end of the amendment are one transaction. */
import { amendmentVoteAttested } from '../../warrant/warrant.ts';
import { notItsOwn, sharedHands } from '../../gate/approvals.ts';
import { digestOf } from '../../gate/constitution.ts';
import type { Amendment } from '../../kernel/amendment.ts';
import { isDeclared } from '../../kernel/declared.ts';
import type { AmendmentId, EventId, OrgId } from '../../kernel/ids.ts';
import { millis, type Times } from '../../kernel/time.ts';
import type { Tx } from '../ports.ts';
import { found, record, type World } from '../world.ts';
import { causesOf, closeAmendment } from './close.ts';
import { setLevel } from './level.ts';
import type { AmendmentOnFile, AmendmentVoteRow } from './ports.ts';
import { stepOf, type AmendmentStep } from './step.ts';
import { wakeStale } from './stale.ts';

/** Safe any number of times: a closed one stays as it is. @throws StageError `not_found` */
export async function weighAmendment(world: World, org: OrgId, id: AmendmentId): Promise<AmendmentStep> {
  const { step, all } = await world.store.tx(org, async (tx) => {
    await tx.lock(['amendments', `amendment/${id}`]);
    const onFile = found(await world.amendments.find(tx, id), `amendment \`${id}\``);
    const times = await tx.times();
    const changes = onFile.amendment.findings?.changes ?? [];
    const all = changes.some(isDeclared);
    if (onFile.amendment.state !== 'open') return { step: stepOf(onFile.amendment, times), all };
    await world.amendments.weighed(tx, id, times.wall);
    return { step: await weigh(world, tx, onFile, times), all };
  });
  if (step.next === 'closed' && step.state === 'ratified') {
    await world.drafts.refresh(org);
    await wakeStale(world, org, all);
  }
  return step;
}

async function weigh(world: World, tx: Tx, onFile: AmendmentOnFile, times: Times): Promise<AmendmentStep> {
  const { amendment } = onFile;
  const counting = await countingVotes(world, tx, amendment, millis(times.wall));
  const events = counting.map(({ event }) => event);
  if (await overtaken(world, tx, amendment)) return closeAmendment(world, tx, onFile, times, 'overtaken', []);
  if (counting.some(({ vote }) => vote.choice === 'decline')) return closeAmendment(world, tx, onFile, times, 'declined', events);
  if (counting.length >= amendment.quorum) return ratified(world, tx, onFile, times, counting);
  if (millis(times.wall) >= millis(amendment.expiresAt)) return closeAmendment(world, tx, onFile, times, 'expired', events);
  return stepOf(amendment, times);
}

/** Of owners as of now, with tokens of their own, on this very digest. */
async function countingVotes(world: World, tx: Tx, { id, digest }: Amendment, now: number): Promise<readonly AmendmentVoteRow[]> {
  const votes = await world.amendments.votes(tx, id);
  const { example } = world.settings(tx.org);
  const cast = await Promise.all(
    votes.map(async (row) => {
      const { vote, attestation, active, roles, credentialValid, issuedBy, issuers } = row;
      const by = { person: vote.person, at: vote.at, issuedBy, issuers };
      const holds = active && roles.includes('owner') && credentialValid && vote.digest === digest && notItsOwn(by, example) === undefined;
      return { ...by, row, counts: holds && (await amendmentVoteAttested(tx.org, vote, attestation, world.attestations, now)) };
    }),
  );
  return cast.filter((one) => one.counts && sharedHands(one, cast, (other) => other.counts) === undefined).map(({ row }) => row);
}

async function overtaken(world: World, tx: Tx, { content }: Amendment): Promise<boolean> {
  if (content.kind === 'level') return (await world.amendments.level(tx, content.change.agent)) !== content.change.from;
  return (await world.amendments.inForce(tx))?.digest !== content.base;
}

async function ratified(world: World, tx: Tx, onFile: AmendmentOnFile, times: Times, votes: readonly AmendmentVoteRow[]): Promise<AmendmentStep> {
  const { amendment } = onFile;
  const causes = [...causesOf(onFile), ...votes.map(({ event }) => event)];
  if (amendment.content.kind === 'level') {
    const { agent, to } = amendment.content.change;
    await setLevel(world, tx, { agent, to, type: 'level.raised', by: null, correlation: amendment.id, causes, reason: amendment.reason });
  } else {
    const { bundle } = found(await world.amendments.stored(tx, amendment.id), `bundle of \`${amendment.id}\``);
    if (digestOf(bundle) !== amendment.digest) return closeAmendment(world, tx, onFile, times, 'refused', []); // a row that somebody changed
    await putRatified(world, tx, bundle, votes.map(({ vote }) => vote.person).join(', '), causes, amendment.id);
  }
  await world.amendments.move(tx, amendment.id, 'ratified', times.wall);
  return { next: 'closed', state: 'ratified' };
}

/** Puts a bundle in force with its event; in the caller's transaction. @param by people, or `operator` */
export async function putRatified(
  world: World,
  tx: Tx,
  bundle: Parameters<World['amendments']['putInForce']>[2],
  by: string,
  causes: readonly EventId[],
  correlation: string,
): Promise<void> {
  const times = await tx.times();
  const constitution = digestOf(bundle);
  await world.amendments.putInForce(tx, constitution, bundle, by, times.wall);
  await tx.forgetDrifts(['denied'], null, times.wall); // under other articles they may be permitted, or asked of people
  const actor = by === 'operator' || by.includes(',') ? 'organization' : `person/${by}`;
  await record(world, tx, {
    org: tx.org,
    type: 'constitution.ratified',
    key: [constitution, times.wall],
    causes,
    correlation,
    times,
    groups: { actor: { subject: actor, value: { by } }, decision: { subject: 'organization', value: { constitution } } },
  });
}
