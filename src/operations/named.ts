/** What a person names: a task by the beginning of its id, and what was near where there is none. */
import { ClientError, type TaskCard } from '../client.ts';
import { UnknownNameError } from '../kernel/nearest.ts';
import type { Installation } from './installation.ts';

const SHORT_ID = 12; // characters, as lists show them

/** Ids cut as the one that was written, so that a slip in its beginning finds its neighbour. */
export const asLongAs = (word: string, ids: readonly string[]): readonly string[] => ids.map((id) => id.slice(0, Math.max(SHORT_ID, word.length)));

/** @throws UnknownNameError with the nearest ids; ClientError `task_unknown` where several fit */
export async function taskNamed({ views, org }: Installation, named: string): Promise<TaskCard> {
  const found = await views.tasksNamed(org, named);
  const [only] = found;
  if (only && found.length === 1) return only;
  if (found.length > 1) throw new ClientError('task_unknown', 2, `\`${named}\` fits ${found.length} tasks; write more of it. See \`charter inbox list\`.`);
  throw new UnknownNameError('task', named, asLongAs(named, await views.openTaskIds(org)), 'charter inbox list');
}

/** What `why` is mostly asked about: tasks, and what their calls name, such as an invoice. */
export async function nameable({ views, org }: Installation, word: string): Promise<readonly string[]> {
  const tasks = await views.inbox(org, true);
  const ids = tasks.map(({ id }) => id);
  const named = tasks.flatMap(({ args }) => Object.values(args).flatMap((value) => (typeof value === 'string' ? [value] : [])));
  return [...new Set([...asLongAs(word, ids), ...named])];
}
