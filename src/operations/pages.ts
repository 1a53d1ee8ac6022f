/** Lists in pages, of what their reader sees: none ends without saying whether there is more. */
import { EVERYTHING, type Sight } from '../activities/sight.ts';
import type { World } from '../activities/world.ts';
import type { TaskCard, TaskPage } from '../client.ts';
import type { ProposalId } from '../kernel/ids.ts';
import type { TasksFound } from '../ports.ts';
import type { Installation } from './installation.ts';
import { taskNamed } from './named.ts';
import { seenTasks } from './seeing.ts';

export const MOST_WAITING = 500; // of one page: a browser lays them out at once
const ENOUGH = 50; // seen, for a page of what not everybody sees
const MOST_READ = 20; // pages of the database for one of a reader's: who sees next to nothing goes on from there

/** What the page before ended with. @throws UnknownNameError where there is no such task */
export const cursor = async (installation: Installation, after: string | undefined): Promise<ProposalId | null> =>
  after === undefined ? null : (await taskNamed(installation, after, EVERYTHING)).id;

/** A page of a list that is known whole. Where its cursor is decided by now it begins anew: nothing is passed over. */
export function pageOf(tasks: readonly TaskCard[], after: ProposalId | null): TaskPage {
  const from = tasks.findIndex(({ id }) => id === after) + 1;
  const shown = tasks.slice(from, from + MOST_WAITING);
  return { tasks: shown, total: tasks.length, next: from + shown.length < tasks.length ? (shown.at(-1)?.id ?? null) : null };
}

/** What this reader sees of a page; where that is little, of the pages behind it as well. @param read a page behind some task */
export async function seenPage(
  world: World,
  sight: Sight,
  after: ProposalId | null,
  read: (after: ProposalId | null) => Promise<TasksFound>,
): Promise<TaskPage> {
  const tasks: TaskCard[] = [];
  for (let [from, reads] = [after, 0]; ; reads++) {
    const found = await read(from);
    tasks.push(...seenTasks(world, sight, found.tasks));
    from = found.next;
    if (from === null || tasks.length >= ENOUGH || reads >= MOST_READ) return { tasks, total: null, next: from };
  }
}
