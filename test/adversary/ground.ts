/** An organization to attack: the example, with bills on both sides of every limit, and a wall clock that the test moves. */
import { inject, onTestFinished } from 'vitest';
import type { World } from '../../src/activities/world.ts';
import { sqlOf } from '../../src/adapters/postgres/store.ts';
import { bills } from '../fixtures/bills.ts';
import { draftFolder } from '../fixtures/draft.ts';
import { stage, type Stage, type StageOptions } from '../fixtures/stage.ts';
import { targetsOf, type Targets } from './attempts.ts';

export interface Ground {
  readonly on: Stage;
  readonly targets: Targets;
  /** The wall clock goes on. */
  later(ms: number): void;
}

/** A thousand attempts take some fifteen seconds where nothing else runs. */
export const SLOW_MACHINE = { timeout: 300_000 };

const BILLS = [
  [1, 60, 190_000],
  [2, 30, 40_000],
  [3, 20, 260_000],
  [4, 6, 1_100_000],
  [5, 4, 1_600_000],
] as const; // batch, how many, minor

/** Ends with the test that it is called in. */
export async function ground(options: StageOptions = {}): Promise<Ground> {
  let now = Date.now();
  const on = await stage(inject('services'), { namespace: 'default', now: () => now, ...options });
  onTestFinished(() => on.close());
  await on.app.begin();
  for (const [batch, count, minor] of BILLS) await bills(on, batch, count, minor);
  return { on, targets: await targetsOf(on), later: (ms) => void (now += ms) };
}

/** The constitution without these articles: the guard that a control takes away. */
export function struck(file: string, articles: readonly string[], from = draftFolder(inject('services').dataDir)): URL {
  for (const id of articles)
    from.edit(file, (text) => {
      const without = text.replace(new RegExp(`@id\\("${id}"\\)[^]*?;\\n`), '');
      if (without === text) throw new Error(`There is no article \`${id}\` in ${file}.`);
      return without;
    });
  return from.url;
}

/** A world in which every write tool does one thing more: what no tool of ours does. For controls. */
export const doingMore =
  (sql: string) =>
  (world: World): World => ({
    ...world,
    writes: new Map(
      [...world.writes].map(([name, bound]) => [
        name,
        {
          ...bound,
          run: async (...[args, tx, execution]: Parameters<typeof bound.run>) => {
            await sqlOf(tx)(sql, [tx.org]);
            return bound.run(args, tx, execution);
          },
        },
      ]),
    ),
  });
