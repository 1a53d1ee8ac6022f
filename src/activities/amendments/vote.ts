/** An owner's vote on the digest of an amendment. Committed here first; the workflow is only woken. */
import { attestAmendmentVote } from '../../warrant/warrant.ts';
import type { AmendmentVote } from '../../kernel/amendment.ts';
import type { Digest } from '../../kernel/digest.ts';
import type { AmendmentId } from '../../kernel/ids.ts';
import { saysTooLittle, SHORTEST_REASON } from '../../kernel/seen.ts';
import { millis } from '../../kernel/time.ts';
import { AuthorityError, type Speaker } from '../people.ts';
import { requireOwner } from '../tokens.ts';
import { found, record, type World } from '../world.ts';

export type AmendmentVoteResult = { readonly counted: true } | { readonly counted: false; readonly what: string };

/**
 * @param seen the digest that the person was shown, where the surface knows it
 * @throws AuthorityError `role_missing`, `reason_missing`
 */
export function voteOnAmendment(
  world: World,
  speaker: Speaker,
  id: AmendmentId,
  { choice, reason, seen }: Pick<AmendmentVote, 'choice' | 'reason'> & { readonly seen: Digest | null },
): Promise<AmendmentVoteResult> {
  requireOwner(speaker, 'ratify');
  if (choice === 'decline' && saysTooLittle(reason))
    throw new AuthorityError('reason_missing', `A decline needs a reason of at least ${SHORTEST_REASON} characters that can be seen. Add \`--reason "…"\`.`);
  const late = (what: string): AmendmentVoteResult => ({ counted: false, what });
  return world.store.tx(speaker.org, async (tx): Promise<AmendmentVoteResult> => {
    await tx.lock([`amendment/${id}`]);
    const { amendment, event: proposed, checked } = found(await world.amendments.find(tx, id), `amendment \`${id}\``);
    const times = await tx.times();
    if (amendment.state === 'checking' || !checked) return late('It is still being checked; vote when it is open.');
    if (amendment.state !== 'open') return late(`It is already ${amendment.state}.`);
    if (millis(times.wall) >= millis(amendment.expiresAt)) return late(`It expired at ${amendment.expiresAt}.`);
    if (seen !== null && seen !== amendment.digest) return late(`\`${seen}\` is not its digest: it is \`${amendment.digest}\`. Read it again.`);
    const earlier = (await world.amendments.votes(tx, id)).find(({ vote }) => vote.person === speaker.person);
    if (earlier) return earlier.vote.choice === choice ? { counted: true } : late(`You already voted to ${earlier.vote.choice} it.`);
    const vote: AmendmentVote = { amendment: id, person: speaker.person, digest: amendment.digest, choice, reason, credential: speaker.token, at: times.wall };
    const attestation = await attestAmendmentVote(tx.org, vote, world.attestations);
    const event = await record(world, tx, {
      org: tx.org,
      type: 'vote.cast',
      key: [id, speaker.person],
      causes: [proposed, checked],
      correlation: id,
      times,
      groups: {
        actor: { subject: `person/${speaker.person}`, value: { person: speaker.person, credential: speaker.token } },
        decision: { subject: `person/${speaker.person}`, value: { ...vote, attestation } },
      },
    });
    await world.amendments.addVote(tx, vote, attestation, event);
    return { counted: true };
  });
}
