/** What people were asked to see to, and their word that it is done. */
import type { PersonId } from '../kernel/ids.ts';
import { UnknownNameError } from '../kernel/nearest.ts';
import { localTime, type LocalDate } from '../kernel/time.ts';
import { eventId } from '../ledger/seal.ts';
import { AuthorityError, type Speaker } from './people.ts';
import type { Tx } from './ports.ts';
import { record, StageError, type World } from './world.ts';

/** A task as its domain keeps it. `key` is the proposal that opened it. */
export interface HumanTask {
  readonly key: string;
  readonly obligation: string;
  readonly person: PersonId;
  readonly title: string;
  readonly due: LocalDate;
  readonly done: LocalDate | null;
}

/** The tasks of an organization. */
export interface Tasks {
  /** Open ones first, the earliest due first; by the beginning of a key, where one is given. */
  list(tx: Tx, key?: string): Promise<readonly HumanTask[]>;
  /** False where it was done before. */
  finish(tx: Tx, key: string, by: PersonId, on: LocalDate): Promise<boolean>;
}

/**
 * Whoever was asked says that it is done, or somebody of compliance. It closes the task alone: what shows that the obligation is met is
 * evidence, filed and looked at by a second person.
 * @throws AuthorityError `role_missing` @throws UnknownNameError `task_unknown` @throws StageError `bad_input` where the name fits several
 */
export function finishTask(world: World, speaker: Speaker, named: string): Promise<HumanTask> {
  return world.store.tx(speaker.org, async (tx) => {
    const [task, ...more] = await world.tasks.list(tx, named);
    if (more.length > 0) throw new StageError('bad_input', `\`${named}\` fits ${more.length + 1} tasks; write more of it. See \`charter tasks list\`.`);
    if (!task) {
      const open = (await world.tasks.list(tx)).filter(({ done }) => done === null);
      throw new UnknownNameError(
        'task',
        named,
        open.map(({ key }) => key),
        'charter tasks list',
      );
    }
    if (task.person !== speaker.person && !speaker.roles.includes('compliance') && !speaker.roles.includes('owner'))
      throw new AuthorityError('role_missing', `\`${task.person}\` was asked, not \`${speaker.person}\`; the role \`compliance\` may say it as well.`);
    const times = await tx.times();
    const today = localTime(times.business, world.settings(tx.org).zone).date;
    if (!(await world.tasks.finish(tx, task.key, speaker.person, today))) return task;
    await record(world, tx, {
      org: tx.org,
      type: 'task.done',
      key: [task.key],
      causes: [eventId({ org: tx.org, type: 'receipt.given', key: [task.key] })],
      correlation: task.key,
      times,
      groups: {
        actor: { subject: `person/${speaker.person}`, value: { person: speaker.person } },
        payload: { subject: 'organization', value: { obligation: task.obligation, title: task.title } },
      },
    });
    return { ...task, done: today };
  });
}
