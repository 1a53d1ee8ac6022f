/** Who is who in Slack: a person's own token gives a code, the code makes a link, once; behind each link stands a credential of its own. */
import { randomBytes } from 'node:crypto';
import type { Digest } from '../../kernel/digest.ts';
import { deriveId, TokenId, type OrgId, type PersonId } from '../../kernel/ids.ts';
import { instant, millis, type Instant, type Times } from '../../kernel/time.ts';
import { AuthorityError, type Speaker } from '../people.ts';
import { secretDigest } from '../tokens.ts';
import type { Tx } from '../ports.ts';
import { record, type World } from '../world.ts';
import type { SlackUser } from './ports.ts';

/** Users of two teams may have one id. */
export const isOf = (link: SlackUser, { team, user }: SlackUser): boolean => link.team === team && link.user === user;

const CODE_LIFE_MS = 10 * 60_000; // from the terminal to Slack
const LINK_LIFE_MS = 90 * 86_400_000; // as any token
const ALPHABET = '0123456789abcdefghjkmnpqrstvwxyz'; // Crockford: nothing that is read as another

/** `k7qf-2m9x-hd04-t6va`: 80 bits, so that nobody guesses one within its ten minutes. */
const newCode = (): string =>
  [...randomBytes(16)]
    .map((byte) => ALPHABET[byte % ALPHABET.length] ?? '')
    .join('')
    .replace(/(.{4})(?=.)/g, '$1-');

const CODE = /\b([0-9a-hjkmnp-tv-z]{4}(?:-[0-9a-hjkmnp-tv-z]{4}){3})\b/i;

/** The code in a text, if there is one. */
export const codeIn = (text: string): string | undefined => CODE.exec(text)?.[1]?.toLowerCase();

/** What is stored of a code. */
export const codeDigest = (org: OrgId, code: string) => secretDigest(`${org}/slack/${code}`);

export interface LinkCode {
  readonly code: string;
  readonly expiresAt: Instant;
}

/**
 * A code for the person who asks, by a token that came through nobody else's hands.
 * @throws AuthorityError `not_own`
 */
export function linkCode(world: World, speaker: Speaker, person: PersonId): Promise<LinkCode> {
  requireOwn(speaker, person);
  return world.store.tx(speaker.org, async (tx) => {
    const { wall } = await tx.times();
    const [code, expiresAt] = [newCode(), instant(millis(wall) + CODE_LIFE_MS)];
    await tx.slack.addCode(codeDigest(speaker.org, code), person, speaker.token, wall, expiresAt);
    return { code, expiresAt };
  });
}

/**
 * A link outlives the terminal and speaks where nobody sees a token. So it is stricter than a vote: whoever issued a token for somebody
 * could have exchanged it, and would link an account of their own. The operator is nobody of the organization.
 */
function requireOwn(speaker: Speaker, person: PersonId): void {
  const no = (message: string) => new AuthorityError('not_own', message);
  if (speaker.person !== person) throw no(`A link stands for the word of \`${person}\`, so their own token asks for it: add \`--as ${person}\`.`);
  const other = speaker.issuers.find((one) => one !== 'operator' && one !== person);
  if (other === undefined) return;
  throw no(
    `This token came through the hands of \`${other}\`, who could link an account of their own with it. Have the operator issue one, with \`charter people token ${person}\` and no --as, and exchange it: \`charter people token ${person} --as ${person}\`.`,
  );
}

export type Redeemed = { readonly state: 'linked'; readonly person: PersonId; readonly name: string } | { readonly state: 'refused'; readonly why: string };

/** Makes the link, in the transaction that uses the code up. */
export async function redeem(world: World, tx: Tx, who: SlackUser, code: Digest, times: Times): Promise<Redeemed> {
  const refused = (why: string): Redeemed => ({ state: 'refused', why });
  const used = await tx.slack.useCode(code, times.wall);
  if (!used) return refused('This code was used before, has run out, or never was. Ask for another: charter slack link.');
  const { person, token, issuers } = used;
  await tx.lock([`tokens/${person}`]);
  if (!(await tx.tokensOf(person, times.wall)).includes(token))
    return refused('The token that asked for this code was exchanged or revoked since. Ask for another code: charter slack link.');
  const known = await tx.person(person);
  if (!known || known.status !== 'active') return refused('This code belongs to nobody who is active here.');
  const [theirs, mine] = [await tx.slack.linkOf(person), await tx.slack.link(who)];
  if (mine && mine.person !== person) return refused('Your Slack account is linked to somebody else. End that first: charter slack unlink.');
  if (theirs && (theirs.user !== who.user || theirs.team !== who.team))
    return refused('You are linked to another Slack account. End that first: charter slack unlink.');
  if (theirs) await tx.slack.removeLink(person, times.wall);
  const secret = secretDigest(randomBytes(32).toString('hex')); // nobody ever holds it: the link alone leads to this credential
  const credential = TokenId.parse(deriveId('tok', [tx.org, secret]));
  await tx.addToken({ id: credential, digest: secret, person, issuers, at: times.wall, expires: instant(millis(times.wall) + LINK_LIFE_MS) });
  await tx.slack.addLink({ ...who, person, credential, linkedAt: times.wall });
  await record(world, tx, {
    org: tx.org,
    type: 'slack.linked',
    key: [credential],
    causes: [],
    correlation: credential,
    times,
    groups: { actor: { subject: `person/${person}`, value: { person, credential, issuers: [...issuers], team: who.team, user: who.user } } },
  });
  return { state: 'linked', person, name: known.name };
}

/** Uses a code up for nobody. */
export const burn = async (tx: Tx, code: Digest, { wall }: Times): Promise<void> => void (await tx.slack.useCode(code, wall));

/** A person ends their own link, an owner anybody's. @throws AuthorityError `role_missing` @returns false where there was none */
export function unlink(world: World, speaker: Speaker, person: PersonId): Promise<boolean> {
  if (speaker.person !== person && !speaker.roles.includes('owner'))
    throw new AuthorityError('role_missing', `\`${speaker.person}\` may not end the link of \`${person}\`; an owner may, and \`${person}\`.`);
  return world.store.tx(speaker.org, async (tx) => {
    const times = await tx.times();
    const link = await tx.slack.removeLink(person, times.wall);
    if (!link) return false;
    await record(world, tx, {
      org: tx.org,
      type: 'slack.unlinked',
      key: [link.credential],
      causes: [],
      correlation: link.credential,
      times,
      groups: {
        actor: { subject: `person/${speaker.person}`, value: { person: speaker.person } },
        subject: { subject: `person/${person}`, value: { person, credential: link.credential } },
      },
    });
    return true;
  });
}

/** Who speaks through a link. @throws AuthorityError `token_unknown` also where the link has run out or its person has left */
export async function linkedSpeaker(world: World, org: OrgId, who: SlackUser): Promise<Speaker> {
  const row = await world.store.tx(org, (tx) => tx.slack.credential(who));
  if (!row || !row.valid || !row.active)
    throw new AuthorityError('token_unknown', 'You are not linked here, your link has run out, or you have left. Link yourself: charter slack link.');
  return { ...row, org };
}

/** When a person's digest comes: `07:30`, or `off`. @throws AuthorityError `not_linked` */
export function chooseDigest(world: World, speaker: Speaker, at: string): Promise<void> {
  return world.store.tx(speaker.org, async (tx) => {
    if (await tx.slack.chooseDigest(speaker.person, at)) return;
    throw new AuthorityError('not_linked', `\`${speaker.person}\` is not linked to Slack: \`charter slack link ${speaker.person}\`.`);
  });
}
