/** Who calls: a person by a token of their own or a link made with one, or whoever holds the data directory. */
import { AuthorityError, type Speaker } from '../activities/people.ts';
import { linkedSpeaker } from '../activities/slack/links.ts';
import { speakerOf, unexchanged } from '../activities/tokens.ts';
import { ClientError, type Caller } from '../client.ts';
import type { PersonId } from '../kernel/ids.ts';
import type { Installation } from './installation.ts';

/** Somebody of the organization, however they show who they are. */
type ByPerson = Exclude<Caller, { readonly kind: 'operator' }>;

/** Each throws `AuthorityError` or `ClientError` where the caller is not known, or not enough for it. */
export interface Callers {
  /** Whoever presents a token of this very organization, or the link that was made with one; also one that was not exchanged yet. */
  presenting(caller: ByPerson): Promise<Speaker>;
  person(caller: Caller): Promise<Speaker>;
  known(caller: Caller): Promise<PersonId | 'operator'>;
  orOperator(caller: Caller): Promise<Speaker | 'operator'>;
  /** Whoever makes credentials shows one of their own: a link in Slack makes none. */
  byToken(caller: Caller): Promise<Speaker>;
}

export function callers({ world, org }: Pick<Installation, 'world' | 'org'>): Callers {
  const presenting = (caller: ByPerson): Promise<Speaker> =>
    caller.kind === 'slack' ? linkedSpeaker(world, org, caller) : speakerOf(world, org, caller.token);
  const speaker = async (caller: ByPerson): Promise<Speaker> => {
    const found = await presenting(caller);
    if (!unexchanged(found, world.settings(org).example)) return found;
    throw new AuthorityError(
      'token_unexchanged',
      `\`${found.issuedBy}\` issued this token, and it is good for one thing: to be exchanged for one that \`${found.person}\` alone holds. Run \`charter people token ${found.person} --as ${found.person}\`.`,
    );
  };
  return {
    presenting,
    async person(caller) {
      if (caller.kind === 'operator') throw new ClientError('person_needed', 3, 'This takes a person: add `--as NAME`, after `charter people token NAME`.');
      return speaker(caller);
    },
    async known(caller) {
      if (caller.kind !== 'operator') return (await speaker(caller)).person;
      await world.store.tx(org, () => Promise.resolve()); // what another process ratified since is taken up with the first transaction of a call
      return 'operator';
    },
    orOperator: async (caller) => (caller.kind === 'operator' ? 'operator' : speaker(caller)),
    async byToken(caller) {
      if (caller.kind === 'person') return speaker(caller);
      throw new ClientError('person_needed', 3, "This takes a person's own token: add `--as NAME`, after `charter people token NAME`.");
    },
  };
}
