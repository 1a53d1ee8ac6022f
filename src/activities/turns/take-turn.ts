/** A person's turn in a conversation, answered: what was said before goes in, and what comes of it is kept and told where it was asked. */
import { askOfTurn } from '../../intake/ask.ts';
import { deriveId, type AskId, type OrgId, type ProposalId } from '../../kernel/ids.ts';
import { highest } from '../../kernel/message.ts';
import type { Ask } from '../../kernel/nouns.ts';
import { classesOf, isAsk, isProposal, keep, Made, think, type Thought } from '../deliberate.ts';
import { taskAsked, type TaskAsked } from './asked-back.ts';
import { earlierIn, type Before } from './earlier.ts';
import type { Tx } from '../ports.ts';
import { answerInSlack } from '../slack/messages.ts';
import type { TurnRow } from './ports.ts';
import { speech } from './speech.ts';
import { once, record, type World } from '../world.ts';

/** What came of a turn. */
export interface TurnTaken {
  readonly proposals: readonly ProposalId[];
  readonly asks: readonly AskId[]; // of other agents
}

interface Begun {
  readonly turn: TurnRow;
  readonly ask: Ask;
  readonly asked: TaskAsked['record'] | undefined; // the task that it asks back about
  readonly before: Before;
  readonly aloud: boolean; // it was asked where an answer can be streamed
}

/** Answers the oldest waiting turn of a thread. */
export async function takeTurn(world: World, org: OrgId, thread: string, signal: AbortSignal): Promise<TurnTaken | undefined> {
  const begun = await world.store.tx(org, async (tx): Promise<Begun | undefined> => {
    const turn = await tx.nextTurn(thread);
    if (!turn) return undefined;
    const ask = (await tx.ask(deriveId('ask', [org, turn.id]))) ?? (await askTurn(world, tx, turn));
    const task = await taskAsked(world, tx, turn);
    return { turn, ask, asked: task?.record, before: resting(await earlierIn(tx, turn), task), aloud: (await tx.slack.placeOf(turn.id)) !== undefined };
  });
  if (!begun) return undefined;
  const thought = await thinkAloud(world, begun, signal);
  const all = await world.store.tx(org, (tx) =>
    once(
      tx,
      ['turn', begun.turn.id],
      { id: begun.turn.id },
      (stored) => Made.parse(stored),
      () => answer(world, tx, begun, thought),
    ),
  );
  return { proposals: all.filter(isProposal), asks: all.filter(isAsk) };
}

/** What is answered rests on the task as well. */
const resting = (before: Before, task: TaskAsked | undefined): Before => (task ? { ...before, classes: [...before.classes, task.classification] } : before);

/** What it says is heard where it was asked while it says it, as far as that may be. */
async function thinkAloud(world: World, { turn, ask, asked, before, aloud }: Begun, signal: AbortSignal): Promise<Thought> {
  const manner = { way: 'routine', earlier: before.turns, asked, classes: before.classes } as const;
  if (!aloud) return think(world, ask, manner, signal);
  const spoken = speech(world, turn, ask, before);
  try {
    return await think(world, ask, { ...manner, onText: spoken.hear }, signal);
  } finally {
    await spoken.end();
  }
}

/** Keeps what came of a turn, and puts the answer on its way: it is as sensitive as what it rests on, earlier answers included. */
async function answer(world: World, tx: Tx, { turn, ask, before }: Begun, thought: Thought): Promise<Made> {
  const { ids, made } = await keep(world, tx, ask, thought.made, thought.reads);
  const proposals = ids.filter(isProposal);
  const said = made.answer ?? made.finding ?? '';
  const times = await tx.times();
  const cause = await record(world, tx, {
    org: tx.org,
    type: 'turn.answered',
    key: [turn.id],
    causes: [ask.cause],
    correlation: ask.id,
    times,
    groups: {
      actor: { subject: 'organization', value: { agent: ask.agent, by: made.by } },
      payload: { subject: `person/${turn.person}`, value: { answer: said, proposals } },
    },
  });
  const classification = highest([...before.classes, ...classesOf(world, thought.reads)]);
  const heardBy = await answerInSlack(
    world,
    tx,
    { turn, answer: said, spoken: made.spoken ?? said, proposals: proposals.length, classification, cause, correlation: ask.id },
    times,
  );
  await tx.answerTurn(turn.id, { answer: said, by: made.by, proposals, classification, heardBy });
  return ids;
}

/** The ask of a turn, with its event. */
export async function askTurn(world: World, tx: Tx, turn: TurnRow): Promise<Ask> {
  const times = await tx.times();
  const about = turn.about === null ? undefined : await tx.proposal(turn.about);
  const cause = await record(world, tx, {
    org: tx.org,
    type: 'turn.received',
    key: [turn.id],
    causes: about ? [about.event] : [],
    correlation: deriveId('ask', [tx.org, turn.id]),
    times,
    groups: {
      actor: { subject: `person/${turn.person}`, value: { person: turn.person } },
      payload: { subject: `person/${turn.person}`, value: { text: turn.content, ...(about ? { about: about.proposal.id } : {}) } },
    },
  });
  const ask = askOfTurn(tx.org, turn.agent, turn.person, turn.id, turn.conversation, turn.content, cause);
  await tx.addAsk(ask, times.wall);
  return ask;
}
