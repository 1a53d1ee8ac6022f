/** The tokens that say who somebody is: issued, exchanged for one's own, revoked; each an event, with everybody it came through. */
import { createHash } from 'node:crypto';
import { Digest } from '../kernel/digest.ts';
import { deriveId, PersonId, TokenId, type OrgId } from '../kernel/ids.ts';
import { instant, millis, type Instant } from '../kernel/time.ts';
import { UnknownNameError } from '../kernel/nearest.ts';
import { personNamed } from './names.ts';
import { AuthorityError, type Speaker } from './people.ts';
import type { Tx } from './ports.ts';
import { record, type World } from './world.ts';

const TOKEN_LIFE_MS = 90 * 86_400_000;

export const secretDigest = (secret: string): Digest => Digest.parse(createHash('sha256').update(secret).digest('hex'));

/**
 * Who presents this token to this organization. Tokens read `organization.secret`.
 * @throws AuthorityError `token_unknown` also for another organization's, an expired or revoked token, and for people who left
 */
export async function speakerOf(world: World, org: OrgId, token: string): Promise<Speaker> {
  const row = await world.store.tx(org, (tx) => tx.token(secretDigest(token))); // among the tokens of this organization alone, whatever it says of itself
  if (!row?.valid || !row.active) {
    throw new AuthorityError(
      'token_unknown',
      'This token is not valid here, has expired or was revoked, or its person has left. Ask for one: `charter people token NAME`.',
    );
  }
  return { ...row, org };
}

/** Whether somebody else issued it and the person has not exchanged it: then more than one may hold it, and it opens nothing. */
export const unexchanged = ({ person, issuedBy }: Speaker, operatorTokensCount: boolean): boolean =>
  issuedBy !== person && !(issuedBy === 'operator' && operatorTokensCount);

export interface IssuedToken {
  readonly id: TokenId;
  readonly token: string; // returned once, and never stored
}

/**
 * Issues a token. A person who presents one that somebody else issued exchanges it: that one ends, so only one can.
 * @throws UnknownNameError `person_unknown`; AuthorityError `role_missing` for another person without the role owner; `token_unknown` where it was exchanged meanwhile
 */
export async function issueToken(world: World, org: OrgId, word: string, by: Speaker | 'operator', secret: string): Promise<IssuedToken> {
  const token = `${org}.${secret}`;
  const digest = secretDigest(token);
  const id = TokenId.parse(deriveId('tok', [org, digest]));
  if (by !== 'operator') requireIssuer(by, word);
  await world.store.tx(org, async (tx) => {
    const whose = await personNamed(tx, word);
    const times = await tx.times();
    const exchanged = by !== 'operator' && by.person === whose && by.issuedBy !== whose;
    if (by !== 'operator') await requireLive(tx, by, times.wall);
    if (exchanged) await tx.revokeToken(by.token, times.wall);
    const issuer = by === 'operator' ? by : by.person;
    const issuers = by === 'operator' ? [by] : [...by.issuers.filter((one) => one !== issuer), issuer];
    await tx.addToken({ id, digest, person: whose, issuers, at: times.wall, expires: instant(millis(times.wall) + TOKEN_LIFE_MS) });
    await record(world, tx, {
      org,
      type: 'token.issued',
      key: [id],
      causes: [],
      correlation: id,
      times,
      groups: {
        actor: actor(issuer, { issuedBy: issuer, issuers, exchanged: exchanged ? by.token : null }),
        subject: { subject: `person/${whose}`, value: { person: whose, token: id } },
      },
    });
  });
  return { id, token };
}

/** What is presented is valid until this commits: it is exchanged once, and nothing comes of one that is being revoked. */
async function requireLive(tx: Tx, { person, token }: Speaker, at: Instant): Promise<void> {
  await tx.lock([`tokens/${person}`]);
  if ((await tx.tokensOf(person, at)).includes(token)) return;
  throw new AuthorityError('token_unknown', `This token was exchanged or revoked before. If that was not you: \`charter people revoke ${person}\`.`);
}

/** An owner issues tokens for anybody, with a token of their own; everybody renews theirs. */
function requireIssuer(speaker: Speaker, whose: string): void {
  if (speaker.person !== whose) requireOwner(speaker, "issue somebody else's token");
}

/** @throws AuthorityError `role_missing` */
export function requireOwner({ person, roles }: Pick<Speaker, 'person' | 'roles'>, what: string): void {
  if (!roles.includes('owner')) throw new AuthorityError('role_missing', `\`${person}\` may not ${what}; it takes the role \`owner\`.`);
}

/**
 * Ends one token, or all of a person; from the next call on, and for votes that wait.
 * @returns the tokens that ended now
 * @throws UnknownNameError `person_unknown`; AuthorityError `token_unknown`, `role_missing`
 */
export function revokeTokens(world: World, org: OrgId, what: string, by: Speaker | 'operator'): Promise<{ person: PersonId; tokens: readonly TokenId[] }> {
  return world.store.tx(org, async (tx) => {
    const times = await tx.times();
    const { person, token } = await meant(tx, what);
    if (by !== 'operator' && by.person !== person) requireOwner(by, "revoke somebody else's token");
    await tx.lock([`tokens/${person}`]);
    const tokens = token ? [token] : await tx.tokensOf(person, times.wall);
    const ended: TokenId[] = [];
    for (const one of tokens) {
      if (!(await tx.revokeToken(one, times.wall))) continue;
      ended.push(one);
      await record(world, tx, {
        org,
        type: 'token.revoked',
        key: [one],
        causes: [],
        correlation: one,
        times,
        groups: {
          actor: actor(by === 'operator' ? by : by.person, { by: by === 'operator' ? by : by.person }),
          subject: { subject: `person/${person}`, value: { person, token: one } },
        },
      });
    }
    return { person, tokens: ended };
  });
}

async function meant(tx: Tx, what: string): Promise<{ readonly person: PersonId; readonly token: TokenId | null }> {
  const token = TokenId.safeParse(what);
  if (token.success) {
    const person = await tx.holder(token.data);
    if (!person) throw new AuthorityError('token_unknown', `There is no token \`${what}\`; \`charter people token\` says each one's id when it is issued.`);
    return { person, token: token.data };
  }
  const person = PersonId.safeParse(what);
  if (!person.success || !(await tx.person(person.data))) {
    const everybody = (await tx.people()).map(({ id }) => id); // also of those who left a token may be ended
    throw new UnknownNameError('person', what, everybody, 'charter people list');
  }
  return { person: person.data, token: null };
}

const actor = <V>(who: string, value: V) => ({ subject: who === 'operator' ? 'organization' : `person/${who}`, value });
