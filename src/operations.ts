/** The operations behind `client.ts`: each a few calls into activities and views. */
import { randomBytes } from 'node:crypto';
import { AuthorityError, castVote, halt, resume, scopeName, type Speaker } from './activities/people.ts';
import { issueToken, requireOwner, revokeTokens, speakerOf, unexchanged } from './activities/tokens.ts';
import { advanceClock } from './advance-clock.ts';
import type { World } from './activities/world.ts';
import { ClientError, type Caller, type Client, type PictureTitle, type RecordRow, type TaskCard } from './client.ts';
import { AgentName, deriveId, ToolName, TurnId, type Domain, type OrgId, type PersonId } from './kernel/ids.ts';
import { nearest } from './kernel/nearest.ts';
import { sentence, causalOrder } from './memory/why.ts';
import { beginReview } from './activities/triggers.ts';
import { checkCall } from './activities/check.ts';
import type { RecordOnFile } from './activities/housekeeping.ts';
import { editProposal } from './activities/edit.ts';
import { proposeFor } from './activities/propose.ts';
import { describeFile } from './activities/records.ts';
import { finishTask } from './activities/tasks.ts';
import { localTime } from './kernel/time.ts';
import type { BoundPicture } from './binding.ts';
import type { Views } from './ports.ts';

const MOST_SHOWN = 50; // rows of a described table: a screen or two, and the rest is counted

/** What the operations need besides the world: this one organization's. */
export interface Installation {
  readonly world: World;
  readonly org: OrgId;
  readonly example: boolean;
  readonly domains: readonly Domain[]; // that are reviewed
  readonly views: Views;
  readonly pictures: readonly BoundPicture[];
  scheduleReviews(): Promise<void>;
  /** What a review came to that was begun. */
  reviewed(domain: Domain, run: string): Promise<unknown>;
  addRecords(files: readonly { name: string; bytes: Buffer }[], by: Speaker | 'operator'): Promise<readonly RecordRow[]>;
  ratify(by: string): Promise<string>;
}

export function operations(installation: Installation): Client {
  const { world, org, views } = installation;
  /** Whoever presents a token of this very organization; the only way to know anybody here. */
  const presenting = (caller: Extract<Caller, { kind: 'person' }>): Promise<Speaker> => speakerOf(world, org, caller.token);
  const speaker = async (caller: Extract<Caller, { kind: 'person' }>): Promise<Speaker> => {
    const found = await presenting(caller);
    if (!unexchanged(found, world.settings(org).operatorTokensCount)) return found;
    throw new AuthorityError(
      'token_unexchanged',
      `\`${found.issuedBy}\` issued this token, and it is good for one thing: to be exchanged for one that \`${found.person}\` alone holds. Run \`charter people token ${found.person} --as ${found.person}\`.`,
    );
  };
  const person = async (caller: Caller): Promise<Speaker> => {
    if (caller.kind === 'operator') throw new ClientError('person_needed', 3, 'This takes a person: add `--as NAME`, after `charter people token NAME`.');
    return speaker(caller);
  };
  const known = async (caller: Caller): Promise<PersonId | 'operator'> => (caller.kind === 'operator' ? 'operator' : (await speaker(caller)).person);
  const orOperator = async (caller: Caller): Promise<Speaker | 'operator'> => (caller.kind === 'operator' ? 'operator' : speaker(caller));
  const task = async (named: string): Promise<TaskCard> => {
    const found = await views.tasksNamed(org, named);
    const [only] = found;
    if (only && found.length === 1) return only;
    const near = nearest(named, await views.openTaskIds(org));
    throw new ClientError(
      'task_unknown',
      2,
      `${found.length > 1 ? `\`${named}\` fits ${found.length} tasks; write more of it` : `There is no task \`${named}\``}${near.length > 0 ? `. Near: ${near.join(', ')}` : ''}. See \`charter inbox list\`.`,
    );
  };
  return {
    status: async (caller) => (await known(caller), { ...(await views.status(org)), domains: installation.domains }),
    async me(caller) {
      const { person: id, name, roles } = await person(caller);
      return { person: id, name, roles };
    },
    changes: async (caller) => (await known(caller), { at: await views.lastChange(org) }),
    async ask(caller, { text, agent, conversation, message }) {
      const asker = await person(caller);
      const name = AgentName.safeParse(agent);
      if (!name.success || !world.agents.has(name.data))
        throw new ClientError('agent_unknown', 2, `There is no agent \`${agent}\`. There are: ${[...world.agents.keys()].join(', ')}.`);
      const turn = deriveId('trn', [org, 'cli', asker.person, message]); // two people may number their messages alike
      const thread = deriveId('thr', [org, 'cli', asker.person, conversation]); // it names a workflow: it holds nobody's words
      await world.store.tx(org, async (tx) =>
        tx.addTurn(
          { id: turn, source: 'cli', message: `${asker.person}/${message}`, conversation: thread, person: asker.person, agent: name.data, content: text },
          (await tx.times()).wall,
        ),
      );
      await woken(world.orchestrator.wakeConversation(org, thread));
      return { turn };
    },
    async answer(caller, { turn }) {
      const asker = await person(caller);
      const row = await world.store.tx(org, (tx) => tx.turn(TurnId.parse(turn)));
      if (!row || row.person !== asker.person) throw new ClientError('turn_unknown', 2, `There is no turn \`${turn}\` of yours.`);
      return {
        state: row.state,
        answer: row.answer,
        by: row.answeredBy,
        proposals: (await Promise.all(row.proposals.map((id) => views.tasksNamed(org, id)))).flat(),
      };
    },
    async review(caller, { domain }) {
      const by = await known(caller);
      world.constitution(org); // without one nothing is judged: said now, not by a review that waits
      const run = `asked-${randomBytes(6).toString('hex')}`;
      await beginReview(world, org, domain, run, { kind: 'person', by, causes: [] });
      return views.reviewResult(await installation.reviewed(domain, run));
    },
    inbox: async (caller, { all }) => (await known(caller), views.inbox(org, all)),
    search: async (caller, { text }) => (await known(caller), views.search(org, text)),
    task: async (caller, { id }) => (await known(caller), task(id)),
    async decide(caller, { id, choice, reason, seen }) {
      const asker = await person(caller);
      const before = await task(id);
      const result = await castVote(world, asker, before.id, choice, reason, seen ?? null);
      if (result.state === 'counted') await woken(world.orchestrator.wakeAction(org, before.id));
      const message = result.state === 'counted' ? `Your vote to ${choice} counts.` : result.what;
      return { counted: result.state === 'counted', message, task: await task(before.id) };
    },
    async propose(caller, { tool, args, reason, message }) {
      const asker = await person(caller);
      const name = ToolName.safeParse(tool);
      if (!name.success || !world.writes.has(name.data))
        throw new ClientError('tool_unknown', 2, `There is no tool \`${tool}\`. Near: ${nearest(tool, [...world.writes.keys()]).join(', ') || 'none'}.`);
      const id = await proposeFor(world, asker, { tool: name.data, args, reason, message });
      await woken(world.orchestrator.wakeAction(org, id));
      return task(id);
    },
    async edit(caller, { id, args, reason }) {
      const asker = await person(caller);
      const before = await task(id);
      const result = await editProposal(world, asker, before.id, args, reason);
      if (result.state === 'late') return { counted: false, message: result.what, task: await task(before.id) };
      await woken(Promise.all([before.id, result.proposal].map((one) => world.orchestrator.wakeAction(org, one))));
      return { counted: true, message: 'Your version is proposed; others decide it.', task: await task(result.proposal) };
    },
    async why(caller, { id }) {
      await known(caller);
      const events = await views.chain(org, id);
      if (events.length === 0)
        throw new ClientError('nothing_named', 2, `Nothing here is named \`${id}\`. Give a task, an invoice, a bank reference or an event.`);
      return causalOrder(events).map((event) => ({ ...event, says: sentence(event), fields: event.groups }));
    },
    async halt(caller, { scope, reason }) {
      const done = await halt(world, await person(caller), scope, reason);
      await woken(Promise.all(done.stopped.map((proposal) => world.orchestrator.wakeAction(org, proposal))));
      return { scope: done.scope, stopped: done.stopped.length, withdrawn: done.withdrawn.length, at: done.at };
    },
    async resume(caller, { scope, reason }) {
      await resume(world, await person(caller), scope, reason);
      return { scope: scopeName(scope) };
    },
    async gate_check(caller, { agent, tool, args, onBehalfOf }) {
      await known(caller);
      const [name, toolName] = [AgentName.safeParse(agent), ToolName.safeParse(tool)];
      if (!name.success) throw new ClientError('agent_unknown', 2, `\`${agent}\` is no agent name. There are: ${[...world.agents.keys()].join(', ')}.`);
      if (!toolName.success || !world.writes.has(toolName.data))
        throw new ClientError('tool_unknown', 2, `There is no tool \`${tool}\`. Near: ${nearest(tool, [...world.writes.keys()]).join(', ') || 'none'}.`);
      return checkCall(world, org, { agent: name.data, tool: toolName.data, args, onBehalfOf });
    },
    people: async (caller) => (await known(caller), world.store.tx(org, (tx) => tx.people())),
    async issue_token(caller, { person: whose }) {
      const renews = caller.kind === 'person' && (await presenting(caller)).person === whose; // what an unexchanged token is good for
      const by = caller.kind === 'operator' ? 'operator' : await (renews ? presenting(caller) : speaker(caller));
      const { id, token } = await issueToken(world, org, whose, by, randomBytes(24).toString('base64url'));
      return { id, person: whose, token, issuedBy: by === 'operator' ? by : by.person };
    },
    revoke_token: async (caller, { what }) => revokeTokens(world, org, what, await orOperator(caller)),
    cost: async (caller) => (await known(caller), views.costs(org)),
    async advance_clock(caller, { ms }) {
      const by = await known(caller);
      if (!installation.example)
        throw new ClientError('not_an_example', 3, 'Only an example has a clock of its own; set `example: true` in organization.yaml to try things out.');
      const advanced = await advanceClock(installation, ms, by);
      await installation.scheduleReviews();
      return advanced;
    },
    async add_records(caller, { files }) {
      const by = await orOperator(caller);
      return installation.addRecords(
        files.map(({ name, base64 }) => ({ name, bytes: Buffer.from(base64, 'base64') })),
        by,
      );
    },
    async records(caller, { state }) {
      await known(caller);
      const rows = await world.store.tx(org, (tx) => world.papers.list(tx));
      return rows.filter((row) => state === null || row.state === state).map(recordRow);
    },
    async describe_record(caller, { id, ...said }) {
      const asker = await person(caller);
      const [only, ...more] = await world.store.tx(org, (tx) => world.papers.list(tx, id));
      if (!only || more.length > 0)
        throw new ClientError(
          'record_unknown',
          2,
          `${only ? `\`${id}\` fits several files; write more of it` : `There is no file \`${id}\``}. See \`charter records list\`.`,
        );
      const { state, reason, rows } = await describeFile(world, asker, only.digest, said);
      const register = world.papers.registers.find(({ name }) => name === said.register);
      return {
        filed: state === 'filed',
        reason,
        columns: Object.fromEntries(Object.entries(register?.columns ?? {}).map(([column, { about }]) => [column, about])),
        rows: rows.slice(0, MOST_SHOWN),
        more: Math.max(0, rows.length - MOST_SHOWN),
      };
    },
    tasks: async (caller) => (await known(caller), world.store.tx(org, (tx) => world.tasks.list(tx))),
    finish_task: async (caller, { id }) => finishTask(world, await person(caller), id),
    pictures: async (caller) => (await known(caller), installation.pictures.map(titleOf)),
    async picture(caller, { name }) {
      await known(caller);
      const source = installation.pictures.find((one) => one.name === name);
      if (!source)
        throw new ClientError('picture_unknown', 2, `There is no picture \`${name}\`. There are: ${installation.pictures.map((one) => one.name).join(', ')}.`);
      return world.store.tx(org, async (tx) => {
        const now = localTime((await tx.times()).business, world.settings(org).zone);
        return { ...titleOf(source), asOf: now.date, picture: await source.draw(tx, now) };
      });
    },
    async ratify(caller) {
      const by = await orOperator(caller);
      if (by !== 'operator') requireOwner(by);
      return { constitution: await installation.ratify(by === 'operator' ? by : by.person) };
    },
  };
}

const titleOf = ({ name, domain, title, says }: BoundPicture): PictureTitle => ({ name, domain, title, says });

export const recordRow = ({ digest, name, kind, state, reason, mapping, filedBy }: RecordOnFile): RecordRow => ({
  id: digest,
  name,
  kind,
  state,
  reason,
  filedBy,
  register: mapping?.register ?? null,
  mapping: mapping?.columns ?? {},
  ignored: mapping?.ignored ?? [],
});

/** A lost wake loses nothing: what matters is committed, and the sweep of upkeep wakes what stands still. */
async function woken(waking: Promise<unknown>): Promise<void> {
  await waking.catch((error: unknown) => {
    if (!(error instanceof Error)) throw error;
  });
}
