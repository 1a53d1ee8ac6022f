/** Calling wrong what was done: it is undone as far as it can be, and its agent is evaluated with it from then on. */
import { agentNamed, toolNamed } from '../activities/names.ts';
import { beginRollback, type Right } from '../activities/rollback/begin.ts';
import { lookAtRollback } from '../activities/rollback/look.ts';
import type { Target } from '../activities/rollback/ports.ts';
import { EVERYTHING, type Sight } from '../activities/sight.ts';
import { ClientError, type Client, type Input, type RollbackCard } from '../client.ts';
import { AskId } from '../kernel/ids.ts';
import { mistake } from '../kernel/mistakes.ts';
import type { Callers } from './callers.ts';
import type { Installation } from './installation.ts';
import { taskNamed } from './named.ts';
import { seenTask, seenTool, sightFor, sightOfPerson } from './seeing.ts';
import { woken } from './woken.ts';

type Undoing = Pick<Client, 'wrong' | 'rollback' | 'eval_cases'>;

const MOST_CASES = 200; // of one answer; the newest

export function rollbackOperations(installation: Installation, who: Callers): Undoing {
  const { world, org } = installation;
  return {
    async wrong(caller, { id, reason, right }) {
      const speaker = await who.person(caller);
      const target = await targetNamed(installation, id, EVERYTHING); // who may not decide it is told who may, and nothing else
      const before = await world.store.tx(org, (tx) => tx.rollbacks.about(target));
      const begun = await beginRollback(world, speaker, { target, reason, right: right ? rightOf(installation, right) : null });
      await woken(world.orchestrator.wakeRollback(org, begun));
      return { ...(await cardOf(installation, target, await sightOfPerson(world, org, speaker.person))), anew: before === undefined };
    },
    async rollback(caller, { id }) {
      const sight = await sightFor(installation, who, caller);
      return cardOf(installation, await targetNamed(installation, id, sight), sight);
    },
    async eval_cases(caller, { agent }) {
      const sight = await sightFor(installation, who, caller);
      const of = agent === undefined ? null : agentNamed(world, agent).name;
      const all = await world.store.tx(org, (tx) => tx.rollbacks.cases(of, MOST_CASES + 1));
      return {
        organization: org,
        cases: all.slice(0, MOST_CASES).filter(({ wrong }) => sight.sees(seenTool(world, wrong.tool))),
        more: all.length > MOST_CASES,
      };
    },
  };
}

/** A task, an ask or an event. @throws as `taskNamed`; ClientError `not_found` */
async function targetNamed(installation: Installation, named: string, sight: Sight): Promise<Target> {
  const { views, org } = installation;
  const ask = AskId.safeParse(named).data;
  if (ask !== undefined) return ask;
  if (!named.startsWith('evt-')) return (await taskNamed(installation, named, sight)).id;
  const [event, ...more] = await views.eventsNamed(org, named);
  if (event !== undefined && more.length === 0) return event;
  throw new ClientError('not_found', 2, `\`${named}\` fits ${more.length + (event ? 1 : 0)} events; write it whole. \`charter why ID --evidence\` shows ids.`);
}

/** Arguments that are left out are not compared: what an agent says in its own words. @throws ClientError `bad_input` */
function rightOf({ world }: Installation, { tool: named, args }: NonNullable<Input<'wrong'>['right']>): Right {
  const tool = toolNamed(named, [...world.writes.keys()]);
  const input = world.writes.get(tool)?.tool.input;
  const wrong = input?.safeParse(args).error?.issues.filter((issue) => issue.code === 'unrecognized_keys' || String(issue.path[0]) in args) ?? [];
  if (input && wrong.length > 0) throw new ClientError('bad_input', 2, wrong.map((issue) => mistake(input, args, issue)).join('\n'));
  return { tool, args };
}

/** @throws AuthorityError `not_yours` where one of the actions is not this reader's to see */
async function cardOf(installation: Installation, target: Target, sight: Sight): Promise<RollbackCard> {
  const { world, org, views } = installation;
  const { rollback, steps, cases } = await lookAtRollback(world, org, target);
  const told = await Promise.all(
    steps.map(async ({ proposal, state, compensation, says }) => {
      const original = await taskNamed(installation, proposal, EVERYTHING);
      sight.must(seenTask(world, original), `\`${proposal}\``);
      const undoing = compensation === null ? undefined : (await views.tasksNamed(org, compensation))[0];
      return { proposal, tool: original.tool, card: original.card, state, compensation, waits: undoing?.waits ?? false, says };
    }),
  );
  const begun = rollback && { id: rollback.id, person: rollback.person, reason: rollback.reason, at: rollback.at, ended: rollback.ended !== null };
  return { target, begun, steps: told, cases };
}
