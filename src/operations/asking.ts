/** Setting agents to work: a question, a review, a call in one's own name. */
import { randomBytes } from 'node:crypto';
import { requireAnswer } from '../activities/answers.ts';
import { agentNamed, domainNamed, toolNamed } from '../activities/names.ts';
import type { Speaker } from '../activities/people.ts';
import { proposeFor } from '../activities/propose.ts';
import { beginReview } from '../activities/triggers.ts';
import { ClientError, type Client } from '../client.ts';
import { deriveId, TurnId, type AgentName, type ProposalId } from '../kernel/ids.ts';
import type { Callers } from './callers.ts';
import type { Installation } from './installation.ts';
import { taskNamed } from './named.ts';
import { seenTasks, sightOfPerson } from './seeing.ts';
import { woken } from './woken.ts';

type Asking = Pick<Client, 'ask' | 'respond' | 'answer' | 'review' | 'propose'>;

interface Said {
  readonly text: string;
  readonly agent: AgentName;
  readonly conversation: string;
  readonly message: string;
  readonly about?: ProposalId; // the task that it asks back about
}

export function askingOperations(installation: Installation, { person, known }: Callers): Asking {
  const { world, org, views } = installation;
  /** A person's words to an agent: kept first, taken up by a workflow that is only woken. */
  async function said({ person: by }: Speaker, { text, agent, conversation, message, about }: Said): Promise<{ readonly turn: TurnId }> {
    const turn = deriveId('trn', [org, 'cli', by, message]); // two people may number their messages alike
    const thread = deriveId('thr', [org, 'cli', by, conversation]); // it names a workflow: it holds nobody's words
    await world.store.tx(org, async (tx) =>
      tx.addTurn(
        { id: turn, source: 'cli', message: `${by}/${message}`, conversation: thread, person: by, agent, content: text, ...(about ? { about } : {}) },
        (await tx.times()).wall,
      ),
    );
    await woken(world.orchestrator.wakeConversation(org, thread));
    return { turn };
  }
  return {
    async ask(caller, { text, agent, conversation, message }) {
      const asker = await person(caller);
      return said(asker, { text, agent: agentNamed(world, agent).name, conversation, message });
    },
    async respond(caller, { id, text, message }) {
      const asker = await person(caller);
      const task = await taskNamed(installation, id, await sightOfPerson(world, org, asker.person));
      requireAnswer(world, org, task.tool, 'respond');
      return said(asker, { text, agent: agentNamed(world, task.agent).name, conversation: task.id, message, about: task.id });
    },
    async answer(caller, { turn }) {
      const asker = await person(caller);
      const row = await world.store.tx(org, (tx) => tx.turn(TurnId.parse(turn)));
      if (!row || row.person !== asker.person) throw new ClientError('turn_unknown', 2, `There is no turn \`${turn}\` of yours.`);
      return {
        state: row.state,
        answer: row.answer,
        by: row.answeredBy,
        proposals: seenTasks(
          world,
          await sightOfPerson(world, org, asker.person),
          (await Promise.all(row.proposals.map((id) => views.tasksNamed(org, id)))).flat(),
        ),
      };
    },
    async review(caller, { domain: named }) {
      const by = await known(caller);
      const domain = domainNamed(named, installation.domains);
      world.constitution(org); // without one nothing is judged: said now, not by a review that waits
      const run = `asked-${randomBytes(6).toString('hex')}`;
      await beginReview(world, org, domain, run, { kind: 'person', by, causes: [] });
      return views.reviewResult(await installation.reviewed(domain, run));
    },
    async propose(caller, { tool, args, reason, message }) {
      const asker = await person(caller);
      const id = await proposeFor(world, asker, { tool: toolNamed(tool, [...world.writes.keys()]), args, reason, message });
      await woken(world.orchestrator.wakeAction(org, id));
      return taskNamed(installation, id, await sightOfPerson(world, org, asker.person));
    },
  };
}
