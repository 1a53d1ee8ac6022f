/** The operations behind `client.ts`: each a few calls into activities and views. */
import { randomBytes } from 'node:crypto';
import { agentNamed, domainNamed, personNamed, toolNamed } from './activities/names.ts';
import { AuthorityError, castVote, halt, resume, scopeName, type HaltScope, type Speaker } from './activities/people.ts';
import { issueToken, revokeTokens, speakerOf, unexchanged } from './activities/tokens.ts';
import { advanceClock } from './advance-clock.ts';
import type { World } from './activities/world.ts';
import type { Digest } from './kernel/digest.ts';
import { ClientError, type Caller, type Client, type Input, type PictureTitle, type RecordRow, type SlackState, type TaskCard } from './client.ts';
import { AgentName, deriveId, TurnId, type Domain, type OrgId, type PersonId } from './kernel/ids.ts';
import { UnknownNameError } from './kernel/nearest.ts';
import { sentence, causalOrder } from './memory/why.ts';
import { nudge } from './activities/attention.ts';
import { beginReview } from './activities/triggers.ts';
import { checkCall } from './activities/check.ts';
import type { RecordOnFile } from './activities/housekeeping.ts';
import { editProposal } from './activities/edit.ts';
import { proposeFor } from './activities/propose.ts';
import { describeFile } from './activities/records.ts';
import { answerConsent } from './activities/consents.ts';
import { linkedSpeaker } from './activities/slack/links.ts';
import { finishTask } from './activities/tasks.ts';
import { woken } from './woken.ts';
import { amendmentOperations } from './operations-amendments.ts';
import { slackOperations } from './operations-slack.ts';
import { laidOut } from './laid-out.ts';
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
  /** The first ratification, of the files as they are. */
  begin(by: string): Promise<Digest>;
  slackState(): SlackState;
}

/** Somebody of the organization, however they show who they are. */
type ByPerson = Exclude<Caller, { readonly kind: 'operator' }>;

export function operations(installation: Installation): Client {
  const { world, org, views } = installation;
  /** Whoever presents a token of this very organization, or the link that was made with one; there is no other way to know anybody here. */
  const presenting = (caller: ByPerson): Promise<Speaker> =>
    caller.kind === 'slack' ? linkedSpeaker(world, org, caller) : speakerOf(world, org, caller.token);
  const speaker = async (caller: ByPerson): Promise<Speaker> => {
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
  /** Whoever makes credentials shows one of their own: a link in Slack makes none. */
  const byToken = async (caller: Caller): Promise<Speaker> => {
    if (caller.kind === 'person') return speaker(caller);
    throw new ClientError('person_needed', 3, "This takes a person's own token: add `--as NAME`, after `charter people token NAME`.");
  };
  const task = async (named: string): Promise<TaskCard> => {
    const found = await views.tasksNamed(org, named);
    const [only] = found;
    if (only && found.length === 1) return only;
    if (found.length > 1) throw new ClientError('task_unknown', 2, `\`${named}\` fits ${found.length} tasks; write more of it. See \`charter inbox list\`.`);
    throw new UnknownNameError('task', named, asLongAs(named, await views.openTaskIds(org)), 'charter inbox list');
  };
  /** What `why` is mostly asked about: tasks, and what their calls name, such as an invoice. */
  const nameable = async (word: string): Promise<readonly string[]> => {
    const tasks = await views.inbox(org, true);
    const named = tasks.flatMap(({ args }) => Object.values(args).flatMap((value) => (typeof value === 'string' ? [value] : [])));
    return [
      ...new Set([
        ...asLongAs(
          word,
          tasks.map(({ id }) => id),
        ),
        ...named,
      ]),
    ];
  };
  const scopeOf = (scope: Input<'halt'>['scope']): HaltScope => {
    if (scope.kind === 'agent') return { kind: 'agent', agent: AgentName.safeParse(scope.agent).data ?? agentNamed(world, scope.agent).name };
    return scope.kind === 'domain' ? { kind: 'domain', domain: domainNamed(scope.domain) } : scope;
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
      const { name } = agentNamed(world, agent);
      const turn = deriveId('trn', [org, 'cli', asker.person, message]); // two people may number their messages alike
      const thread = deriveId('thr', [org, 'cli', asker.person, conversation]); // it names a workflow: it holds nobody's words
      await world.store.tx(org, async (tx) =>
        tx.addTurn(
          { id: turn, source: 'cli', message: `${asker.person}/${message}`, conversation: thread, person: asker.person, agent: name, content: text },
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
    async review(caller, { domain: named }) {
      const by = await known(caller);
      const domain = domainNamed(named, installation.domains);
      world.constitution(org); // without one nothing is judged: said now, not by a review that waits
      const run = `asked-${randomBytes(6).toString('hex')}`;
      await beginReview(world, org, domain, run, { kind: 'person', by, causes: [] });
      return views.reviewResult(await installation.reviewed(domain, run));
    },
    async inbox(caller, { all }) {
      const reader = caller.kind === 'operator' ? null : (await speaker(caller)).person;
      const tasks = await views.inbox(org, all);
      return all ? tasks : laidOut(world, org, reader, tasks);
    },
    search: async (caller, { text }) => (await known(caller), views.search(org, text)),
    task: async (caller, { id }) => (await known(caller), task(id)),
    async decide(caller, { id, choice, reason, seen, againOn }) {
      const asker = await person(caller);
      const before = await task(id);
      const result = await castVote(world, asker, before.id, { choice, reason, seen: seen ?? null, againOn: againOn ?? null });
      if (result.state === 'counted') await woken(world.orchestrator.wakeAction(org, before.id));
      const message = result.state === 'counted' ? `Your vote to ${choice} counts.` : result.what;
      return { counted: result.state === 'counted', message, task: await task(before.id) };
    },
    async nudge(caller, { id, to }) {
      const asker = await person(caller);
      const before = await task(id);
      const result = await nudge(world, asker, before.id, to);
      const message = result.state === 'asked' ? `\`${to}\` is asked by name; whoever else may decide it still may.` : result.what;
      return { asked: result.state === 'asked', message, task: await task(before.id) };
    },
    async propose(caller, { tool, args, reason, message }) {
      const asker = await person(caller);
      const id = await proposeFor(world, asker, { tool: toolNamed(tool, [...world.writes.keys()]), args, reason, message });
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
      if (events.length === 0) throw new UnknownNameError('record', id, await nameable(id), 'charter inbox list --all');
      return causalOrder(events).map((event) => ({ ...event, says: sentence(event), fields: event.groups }));
    },
    async halt(caller, { scope, reason }) {
      const done = await halt(world, await person(caller), scopeOf(scope), reason);
      await woken(Promise.all(done.stopped.map((proposal) => world.orchestrator.wakeAction(org, proposal))));
      return { scope: done.scope, stopped: done.stopped.length, withdrawn: done.withdrawn.length, at: done.at };
    },
    async resume(caller, { scope, reason }) {
      const lifted = scopeOf(scope);
      await resume(world, await person(caller), lifted, reason);
      return { scope: scopeName(lifted) };
    },
    async gate_check(caller, { agent, tool, args, onBehalfOf }) {
      await known(caller);
      const { name } = agentNamed(world, agent);
      const whose = onBehalfOf === null ? null : await world.store.tx(org, (tx) => personNamed(tx, onBehalfOf));
      return checkCall(world, org, { agent: name, tool: toolNamed(tool, [...world.writes.keys(), ...world.reads.keys()]), args, onBehalfOf: whose });
    },
    async people(caller) {
      await known(caller);
      const all = await world.store.tx(org, (tx) => tx.people());
      return all.map(({ id, name, roles, status }) => ({ id, name, roles, status }));
    },
    async issue_token(caller, { person: whose }) {
      const renews = caller.kind === 'person' && (await presenting(caller)).person === whose; // what an unexchanged token is good for
      const by = caller.kind === 'operator' ? 'operator' : await (renews ? presenting(caller) : byToken(caller));
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
      if (more.length > 0) throw new ClientError('file_unknown', 2, `\`${id}\` fits several files; write more of it. See \`charter records list\`.`);
      if (!only)
        throw new UnknownNameError(
          'file',
          id,
          asLongAs(
            id,
            (await world.store.tx(org, (tx) => world.papers.list(tx))).map(({ digest }) => digest),
          ),
          'charter records list',
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
    async consents(caller) {
      const all = await world.store.tx(org, (tx) => world.consents.list(tx));
      if (caller.kind === 'operator') return all;
      const { person: own, roles } = await person(caller);
      return roles.includes('staffing') || roles.includes('owner') ? all : all.filter((one) => one.person === own);
    },
    answer_consent: async (caller, { id, word }) => answerConsent(world, await person(caller), id, word),
    finish_task: async (caller, { id }) => finishTask(world, await person(caller), id),
    ...amendmentOperations(installation, { person, known }),
    pictures: async (caller) => (await known(caller), installation.pictures.map(titleOf)),
    async picture(caller, { name }) {
      await known(caller);
      const source = installation.pictures.find((one) => one.name === name);
      if (!source)
        throw new UnknownNameError(
          'picture',
          name,
          installation.pictures.map((one) => one.name),
          'charter picture',
        );
      return world.store.tx(org, async (tx) => {
        const now = localTime((await tx.times()).business, world.settings(org).zone);
        return { ...titleOf(source), asOf: now.date, picture: await source.draw(tx, now) };
      });
    },
    ...slackOperations(installation, { person, known, byToken }),
  };
}

const SHORT_ID = 12; // characters, as lists show them

/** Ids cut as the one that was written, so that a slip in its beginning finds its neighbour. */
const asLongAs = (word: string, ids: readonly string[]): readonly string[] => ids.map((id) => id.slice(0, Math.max(SHORT_ID, word.length)));

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
