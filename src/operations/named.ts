/** What a person names: a task by the beginning of its id, and what was near where there is none. */
import { ClientError, type TaskCard } from '../client.ts';
import { UnknownNameError } from '../kernel/nearest.ts';
import type { Sight } from '../activities/sight.ts';
import type { Installation } from './installation.ts';
import { seenTask, seenTasks } from './seeing.ts';

const SHORT_ID = 12; // characters, as lists show them

/** Ids cut as the one that was written, so that a slip in its beginning finds its neighbour. */
export const asLongAs = (word: string, ids: readonly string[]): readonly string[] => ids.map((id) => id.slice(0, Math.max(SHORT_ID, word.length)));

/** @throws UnknownNameError with the nearest ids; ClientError `task_unknown` where several fit; AuthorityError `not_yours` */
export async function taskNamed(installation: Installation, named: string, sight: Sight): Promise<TaskCard> {
  const { views, org, world } = installation;
  const found = await views.tasksNamed(org, named);
  const [only] = found;
  if (only && found.length === 1) {
    sight.must(seenTask(world, only), `\`${only.id.slice(0, SHORT_ID)}\``);
    return only;
  }
  if (found.length > 1) throw new ClientError('task_unknown', 2, `\`${named}\` fits ${found.length} tasks; write more of it. See \`charter inbox list\`.`);
  throw new UnknownNameError('task', named, asLongAs(named, await views.openTaskIds(org)), 'charter inbox list');
}

/** What `why` is mostly asked about: tasks, and what their calls name, such as an invoice. */
export async function nameable({ views, org, world }: Installation, word: string, sight: Sight): Promise<readonly string[]> {
  const tasks = seenTasks(world, sight, (await views.all(org, null)).tasks);
  const ids = tasks.map(({ id }) => id);
  const named = tasks.flatMap(({ args }) => Object.values(args).flatMap((value) => (typeof value === 'string' ? [value] : [])));
  return [...new Set([...asLongAs(word, ids), ...named])];
}
