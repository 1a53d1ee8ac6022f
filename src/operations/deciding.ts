/** The inbox: what waits, and what people say to it. */
import { nudge } from '../activities/attention.ts';
import { answerConsent, toldNow } from '../activities/consents.ts';
import { editProposal } from '../activities/edit.ts';
import { castVote } from '../activities/people.ts';
import { finishTask } from '../activities/tasks.ts';
import { EVERYTHING, type Sight } from '../activities/sight.ts';
import type { Caller, Client } from '../client.ts';
import type { Speaker } from '../activities/people.ts';
import type { Callers } from './callers.ts';
import type { Installation } from './installation.ts';
import { laidOut } from './laid-out.ts';
import { taskNamed } from './named.ts';
import { cursor, pageOf, seenPage } from './pages.ts';
import { seenTasks, sightFor, sightOfPerson } from './seeing.ts';
import { woken } from './woken.ts';

type Deciding = Pick<
  Client,
  'inbox' | 'search' | 'task' | 'decide' | 'nudge' | 'edit' | 'tasks' | 'finish_task' | 'consents' | 'rota_changes' | 'answer_consent'
>;

export function decidingOperations(installation: Installation, who: Callers): Deciding {
  const { person, known } = who;
  const { world, org, views } = installation;
  const task = (named: string, sight: Sight) => taskNamed(installation, named, sight);
  /** The task as it is now, for who has just said something about it. */
  const anew = async (id: string, { person: of }: Speaker) => task(id, await sightOfPerson(world, org, of));
  /** What is about a person's own shifts: theirs, and everybody's for whoever answers for staffing. */
  const ofTheirs = async <T extends { readonly person: string }>(caller: Caller, all: readonly T[]): Promise<readonly T[]> => {
    if (caller.kind === 'operator') return all;
    const { person: own, roles } = await person(caller);
    return roles.includes('staffing') || roles.includes('owner') ? all : all.filter((one) => one.person === own);
  };
  return {
    async inbox(caller, { all, after }) {
      const [by, sight, from] = [await known(caller), await sightFor(installation, who, caller), await cursor(installation, after)];
      if (all) return seenPage(world, sight, from, (one) => views.all(org, one));
      return pageOf(await laidOut(world, org, by === 'operator' ? null : by, seenTasks(world, sight, await views.waiting(org))), from);
    },
    async search(caller, { text, after }) {
      const [sight, from] = [await sightFor(installation, who, caller), await cursor(installation, after)];
      return seenPage(world, sight, from, (one) => views.search(org, text, one));
    },
    task: async (caller, { id }) => task(id, await sightFor(installation, who, caller)),
    async decide(caller, { id, choice, reason, seen, againOn }) {
      const asker = await person(caller);
      const before = await task(id, EVERYTHING); // who may not decide it is told who may, and nothing else
      const result = await castVote(world, asker, before.id, { choice, reason, seen: seen ?? null, againOn: againOn ?? null });
      if (result.state === 'counted' && result.anew) await woken(world.orchestrator.wakeAction(org, before.id));
      const message = result.state === 'counted' ? `Your vote to ${choice} counts.` : result.what;
      return { counted: result.state === 'counted', message, task: await anew(before.id, asker) };
    },
    async nudge(caller, { id, to }) {
      const asker = await person(caller);
      const before = await task(id, EVERYTHING); // who may not decide it is told who may, and nothing else
      const result = await nudge(world, asker, before.id, to);
      const message = result.state === 'asked' ? `\`${to}\` is asked by name; whoever else may decide it still may.` : result.what;
      return { asked: result.state === 'asked', message, task: await anew(before.id, asker) };
    },
    async edit(caller, { id, args, reason, seen }) {
      const asker = await person(caller);
      const before = await task(id, EVERYTHING); // who may not decide it is told who may, and nothing else
      const result = await editProposal(world, asker, before.id, { args, reason, seen: seen ?? null });
      if (result.state === 'late') return { counted: false, message: result.what, task: await anew(before.id, asker) };
      await woken(Promise.all([before.id, result.proposal].map((one) => world.orchestrator.wakeAction(org, one))));
      return { counted: true, message: 'Your version is proposed; others decide it.', task: await anew(result.proposal, asker) };
    },
    tasks: async (caller) => (await known(caller), world.store.tx(org, (tx) => world.tasks.list(tx))),
    finish_task: async (caller, { id }) => finishTask(world, await person(caller), id),
    consents: async (caller) => ofTheirs(caller, await world.store.tx(org, (tx) => world.consents.list(tx))),
    rota_changes: async (caller) => ofTheirs(caller, await world.store.tx(org, (tx) => toldNow(world, tx))),
    answer_consent: async (caller, { id, word }) => answerConsent(world, await person(caller), id, word),
  };
}
