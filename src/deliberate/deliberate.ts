/**
 * Ask -> Answer or Drafts. What a playbook handles it handles, and no model is called. The rest is one plain loop of model
 * turns as a LangGraph graph: think, then read or propose, and think again. There is no checkpointer and no interrupt:
 * the step is free of effects, and Temporal repeats it where it is lost.
 */
import type { Ask, Classification, Inquiry } from '../kernel/nouns.ts';
import type { Agent, AskDraft, CardLine, Draft, Reads } from '../kernel/define.ts';
import type { ProposalId } from '../kernel/ids.ts';
import type { LocalTime } from '../kernel/time.ts';
import type { Destination, Meter, ModelPort } from './ports.ts';

/** Who deliberates about a drift: the agent's routine, as in every review, or the model in its place, which evaluations ask. */
export type Way = 'routine' | 'model';

/** A turn of the same conversation that was answered before. Another person's words are data: whoever speaks now is the principal. */
export type Earlier =
  | { readonly by: 'speaker'; readonly text: string; readonly answer: string }
  | { readonly by: 'other'; readonly name: string; readonly text: string; readonly answer: string | null }; // null: they were answered alone

/** A task that a person asks back about, as it stands on record. */
export interface AskedBack {
  readonly task: ProposalId;
  readonly tool: string;
  readonly agent: string; // that proposed it
  readonly askedBy: string | null; // a person; null: a review
  readonly rationale: string;
  readonly card: readonly CardLine[]; // what people read who decide it
  readonly outcome: string; // or `open`
}

export interface Request {
  readonly ask: Ask;
  readonly earlier: readonly Earlier[]; // the oldest first
  readonly asked?: AskedBack | undefined; // what a question is about
  readonly classes: readonly Classification[]; // of what the question rests on before anything is read
  readonly way: Way;
  readonly agent: Agent;
  readonly colleagues: readonly Pick<Agent, 'name' | 'domain' | 'purpose'>[]; // other agents, who may be asked
  readonly prompt: string;
  readonly reads: Reads;
  readonly model: ModelPort;
  readonly destination: Destination; // of what the model is told
  readonly meter: Meter;
  readonly now: LocalTime;
  readonly signal: AbortSignal;
  /** Hears what the model writes, from its first word on: whatever it says before it reads, too. */
  readonly onText?: (soFar: string) => void;
}

export type Stopped = 'done' | 'limit_turns' | 'limit_tokens' | 'limit_money' | 'refusal' | 'model_failed' | 'denied' | 'halted';

export interface Deliberation {
  readonly answer: string | null;
  readonly spoken?: string; // the answer behind whatever the model wrote on its way to it
  readonly drafts: readonly Draft[];
  readonly finding?: string;
  readonly asks?: readonly AskDraft[]; // of other agents
  readonly by: string; // `playbook`, or the model's name
  readonly turns: number;
  readonly stopped: Stopped;
}

export async function deliberate(request: Request): Promise<Deliberation> {
  const { ask, agent, reads, now } = request;
  if (ask.about.kind === 'drift' && request.way === 'routine') {
    const routine = agent.playbook[ask.about.drift.reconciler];
    if (routine) return { answer: null, ...(await routine(ask.about.drift, reads, now)), by: 'playbook', turns: 0, stopped: 'done' };
    return { answer: null, drafts: [], finding: ask.about.drift.why, by: 'playbook', turns: 0, stopped: 'done' };
  }
  if (ask.about.kind === 'request') return answerAgent(request, ask.about);
  if (ask.about.kind === 'question' && request.model.name === 'playbook') return answerInCode(request, ask.about.text);
  const { converse } = await import('./converse.ts');
  return converse(request);
}

/** Another agent asks: a routine answers, and otherwise a model, to which the question is data. */
async function answerAgent(request: Request, inquiry: Inquiry): Promise<Deliberation> {
  const { agent, reads, now, model } = request;
  const routine = agent.requests.find((candidate) => candidate.matches(inquiry));
  if (routine) return { answer: null, ...(await routine.resolve(inquiry, reads, now)), by: 'playbook', turns: 0, stopped: 'done' };
  if (model.name === 'playbook')
    return { answer: `No routine of mine answers that; people may: ${inquiry.text}`, drafts: [], by: 'playbook', turns: 0, stopped: 'done' };
  const { converse } = await import('./converse.ts');
  return converse(request);
}

/** Without a model: what the agent's own routines answer, and otherwise what one may ask. */
async function answerInCode({ agent, asked, reads, now }: Request, text: string): Promise<Deliberation> {
  const routine = agent.questions.find((candidate) => candidate.matches(text));
  const answer = routine
    ? await routine.answer(text, reads, now)
    : `${asked ? onRecord(asked) : ''}I run without a model, so I answer from routines and records alone. Ask me about ${agent.questions.map(({ about }) => about).join('; ')}.`;
  return { answer, drafts: [], by: 'playbook', turns: 0, stopped: 'done' };
}

/** What is on record of a task: all that can be said of it without a model. */
const onRecord = ({ card, rationale, agent }: AskedBack): string =>
  `On record: ${card.map(({ label, value }) => `${label} ${value}`).join('; ')}. ${agent} proposed it: ${rationale} `;
