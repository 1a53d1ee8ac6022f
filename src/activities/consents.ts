/**
 * A person's own word on a change to their own rota. Nobody else's counts, and a refusal is as good as a consent. Whoever is planned is asked
 * (article S8); whoever gives a shift up is planned for nothing, and a no of theirs would keep two shifts at once, or too little rest, on the
 * rota: they are told.
 */
import type { PersonId } from '../kernel/ids.ts';
import { addDays, localTime, type LocalDate } from '../kernel/time.ts';
import { eventId } from '../ledger/seal.ts';
import { AuthorityError, type Speaker } from './people.ts';
import type { Tx } from './ports.ts';
import { found, record, StageError, type World } from './world.ts';

export type Word = 'given' | 'refused';

/** What a person was asked. `key` is the proposal that asked. */
export interface AskedConsent {
  readonly key: string;
  readonly person: PersonId;
  readonly what: string; // day, shift and site
  readonly answerBy: LocalDate;
  readonly state: 'asked' | Word;
}

export interface Consents {
  /** Unanswered ones first, the earliest to answer first; by the beginning of a key, where one is given. */
  list(tx: Tx, key?: string): Promise<readonly AskedConsent[]>;
  /** False where it was answered before. */
  answer(tx: Tx, key: string, word: Word, on: LocalDate): Promise<boolean>;
}

const TOLD_DAYS = 14; // it is to be read by whoever comes back from a holiday, and then it is old

/** A change of somebody's shifts without their own word on it. `key` is the proposal that made it. */
export interface ToldChange {
  readonly key: string;
  readonly person: PersonId;
  readonly what: string; // which shift goes to whom, which comes from whom
  readonly until: LocalDate; // the last day that it is about
}

export interface RotaTold {
  /** What was told after one day and is about another one or a later one; the soonest first. */
  list(tx: Tx, after: LocalDate, about: LocalDate): Promise<readonly ToldChange[]>;
}

/** What people are told, as far as it is still to be read. */
export async function toldNow(world: World, tx: Tx): Promise<readonly ToldChange[]> {
  const today = localTime((await tx.times()).business, world.settings(tx.org).zone).date;
  return world.told.list(tx, addDays(today, -TOLD_DAYS), today);
}

/**
 * The person who was asked says yes or no, through their own token. The first word stands; the rota is reviewed anew by it.
 * @throws AuthorityError `role_missing` @throws StageError `not_found`, `bad_input` where the name fits several, `not_open` where they said otherwise before
 */
export async function answerConsent(world: World, speaker: Speaker, named: string, word: Word): Promise<AskedConsent> {
  const answered = await world.store.tx(speaker.org, async (tx) => {
    const [only, ...more] = await world.consents.list(tx, named);
    if (more.length > 0) throw new StageError('bad_input', `\`${named}\` fits ${more.length + 1} questions; write more of it. See \`charter consents list\`.`);
    const asked = found(only, `question \`${named}\``);
    if (asked.person !== speaker.person) throw new AuthorityError('role_missing', `\`${asked.person}\` was asked, and nobody else can say it for them.`);
    const times = await tx.times();
    const today = localTime(times.business, world.settings(tx.org).zone).date;
    if (!(await world.consents.answer(tx, asked.key, word, today))) return standing(asked, word);
    await record(world, tx, {
      org: tx.org,
      type: 'consent.answered',
      key: [asked.key],
      causes: [eventId({ org: tx.org, type: 'receipt.given', key: [asked.key] })],
      correlation: asked.key,
      times,
      groups: {
        actor: { subject: `person/${speaker.person}`, value: { person: speaker.person } },
        payload: { subject: `person/${speaker.person}`, value: { what: asked.what, word } },
      },
    });
    return { ...asked, state: word };
  });
  await world.orchestrator.startReview(speaker.org, 'staffing', `consent-${answered.key}`);
  return answered;
}

function standing(asked: AskedConsent, word: Word): AskedConsent {
  if (asked.state === word) return asked;
  throw new StageError('not_open', `You answered this before: \`${asked.state}\`. Speak with whoever plans the rota; nothing was changed.`);
}
