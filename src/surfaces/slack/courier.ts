/**
 * Carries messages to Slack, one at a time, in the order of their causes. A message is done when Slack has said so; where nothing was heard
 * of a try, it is looked for by its key before it is sent again.
 */
import type { SlackDesk, SlackMessage } from '../../client.ts';
import { deliver } from './deliver.ts';
import type { Directory } from './directory.ts';
import type { Post } from './post.ts';
import { startRounds, type Rounds } from './rounds.ts';
import { grow } from './stream.ts';
import { troubleOf, waitAfter, type Failure } from './trouble.ts';

const LOOK_MS = 400; // a decision shows on its cards within a second
const MOST = 10; // messages of one round

export interface CourierOptions extends Post {
  readonly directory: Directory;
  readonly desk: SlackDesk;
  readonly closing: AbortSignal;
  readonly log: (fields: object, message: string) => void;
}

export function startCourier(options: CourierOptions): Rounds {
  const { closing, log } = options;
  const failed = (err: unknown): void => log({ err }, 'what is to be said in Slack cannot be read; tried again');
  return startRounds({ lookMs: LOOK_MS, closing, failed }, () => round(options));
}

/** Pauses for as long as Slack wants to hear nothing. */
async function round(options: CourierOptions): Promise<{ readonly more: boolean; readonly pauseMs: number }> {
  const { desk, closing } = options;
  await desk.keepUp();
  const due = await desk.take(MOST);
  let pause = 0;
  for (const message of due) {
    if (pause > 0 || closing.aborted) await desk.again(message, pause, false, 'waits its turn');
    else pause = await carry(options, message);
  }
  return { more: due.length === MOST, pauseMs: pause };
}

async function carry(options: CourierOptions, message: SlackMessage): Promise<number> {
  const { desk, log } = options;
  const fits = await audience(options, message).catch(troubleOf);
  if (typeof fits !== 'string') return later(options, message, fits, false);
  if (fits === 'nobody') {
    log({ kind: message.says.kind }, 'not sent: whom it is for is no member there any more');
    await desk.fail(message, 'no member any more');
    return 0;
  }
  if (fits === 'mixed') {
    await (message.whole ? desk.aside(message) : desk.held(message));
    return 0;
  }
  try {
    if (!message.whole) {
      await grow(options, message, desk);
      return 0;
    }
    const { channel, ts } = await deliver(options, message, (...begun) => desk.begun(message, ...begun));
    await desk.sent(message, channel, ts);
    return 0;
  } catch (error) {
    const trouble = troubleOf(error);
    if (trouble.kind === 'refused') {
      log({ slack: trouble.error, kind: message.says.kind }, 'Slack refused a message');
      await desk.fail(message, trouble.error);
      return 0;
    }
    return later(options, message, trouble, trouble.kind === 'unheard');
  }
}

/** @param unsure it may be there all the same @returns for how long Slack wants to hear nothing */
async function later({ desk }: CourierOptions, message: SlackMessage, failure: Failure, unsure: boolean): Promise<number> {
  const waitMs = waitAfter(failure, message.tries);
  await desk.again(message, waitMs, unsure, failure.error);
  return failure.kind === 'asked_to_wait' ? waitMs : 0;
}

/**
 * Who would read it now: it was judged before, and whom it is for may have become a guest since, or a guest joined the channel. Where Slack
 * never says who reads along, not everybody is of our house. @throws what the call throws
 */
async function audience({ directory }: CourierOptions, { says, team, user, channel, house }: SlackMessage): Promise<'fits' | 'nobody' | 'mixed'> {
  if (says.kind === 'notice') return 'fits'; // nothing of any record stands in it
  if ((await directory.standing(team, user)) !== 'member') return 'nobody';
  if (channel === null || !house) return 'fits';
  const ours = await directory.house(channel).catch((error: unknown) => {
    if (troubleOf(error).kind === 'refused') return false;
    throw error;
  });
  return ours ? 'fits' : 'mixed';
}
