/**
 * Carries messages to Slack, one at a time, in the order of their causes. A message is done when Slack has said so; where nothing was heard
 * of a try, it is looked for by its key before it is sent again.
 */
import type { SlackDesk, SlackMessage } from '../../client.ts';
import { deliver } from './deliver.ts';
import type { Post } from './post.ts';
import { startRounds, type Rounds } from './rounds.ts';
import { grow } from './stream.ts';
import { troubleOf, waitAfter, type Failure } from './trouble.ts';

const LOOK_MS = 400; // a decision shows on its cards within a second
const MOST = 10; // messages of one round

export interface CourierOptions extends Post {
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
