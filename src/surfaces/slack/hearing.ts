/**
 * Finds out who spoke, for what was kept and acknowledged: before Slack has said it nothing is answered, and nobody has authority. Where
 * Slack does not say it the row waits, for a day at most.
 */
import type { SlackDesk, SlackKept } from '../../client.ts';
import type { Directory } from './directory.ts';
import { startRounds, type Rounds } from './rounds.ts';
import { troubleOf, waitAfter } from './trouble.ts';

const LOOK_MS = 1_000; // for what was left for later; what is new stirs
const MOST = 20; // asked about at a time
const DAY_MS = 86_400_000; // an answer that comes later helps nobody

export interface HearingOptions {
  readonly desk: SlackDesk;
  readonly directory: Directory;
  readonly now: () => number; // milliseconds since 1970
  readonly closing: AbortSignal;
  readonly log: (fields: object, message: string) => void;
  /** Something may be said now. */
  readonly settled: () => void;
}

export function startHearing(options: HearingOptions): Rounds {
  const { desk, closing, log } = options;
  const inHand = new Set<Promise<void>>();
  const failed = (err: unknown): void => log({ err }, 'what was heard in Slack cannot be read; tried again');
  const rounds = startRounds({ lookMs: LOOK_MS, closing, failed }, async () => {
    const free = MOST - inHand.size;
    const due = free === 0 ? [] : await desk.kept(free);
    for (const kept of due) {
      const work = settle(options, kept).finally(() => {
        inHand.delete(work);
        rounds.stir(); // its thread may go on
      });
      inHand.add(work);
    }
    return { more: false, pauseMs: 0 };
  });
  return { stir: rounds.stir, ended: rounds.ended.then(async () => void (await Promise.all(inHand))) };
}

async function settle(options: HearingOptions, kept: SlackKept): Promise<void> {
  const { desk, directory, now, log } = options;
  try {
    const standing = await directory.standing(kept.team, kept.user);
    const house = kept.direct || (standing === 'member' && (await readByHouse(options, kept.channel)));
    await desk.settle(kept.event, { standing, house });
    options.settled();
  } catch (error) {
    const failure = troubleOf(error);
    const over = now() - Date.parse(kept.at) > DAY_MS;
    const next = over ? desk.drop(kept.event) : desk.keptAgain(kept.event, waitAfter(failure, kept.tries));
    log({ slack: failure.error }, over ? 'Slack never said who spoke; nothing came of it' : 'Slack does not say who speaks; asked again');
    await next.catch((err: unknown) => log({ err }, 'what was heard in Slack is looked at again in a minute'));
  }
}

/** Where nobody says who reads along, not everybody is of our house. */
async function readByHouse({ directory, log }: HearingOptions, channel: string): Promise<boolean> {
  try {
    return await directory.house(channel);
  } catch (error) {
    log({ err: error }, 'Slack does not say who reads a channel; answers go to whoever asked alone');
    return false;
  }
}
