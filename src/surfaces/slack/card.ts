/** A task as a card: what the inbox shows, in Slack's blocks. Every word of a record stands in a plain text, which Slack never reads as marks. */
import type { types } from '@slack/bolt';
import type { SlackMessage, TaskCard } from '../../client.ts';
import { became } from '../became.ts';
import { progress } from '../counted.ts';
import { byTheWall, clock, headline, pressing, secondStepSays, waitsFor, whyNot, type Me } from '../inbox/web/words.ts';
import { withheld } from '../../kernel/answers.ts';
import { quoted, sentence, spokenOf } from '../prose.ts';
import { cut, escaped, plain, type PlainText } from './text.ts';

type Card = Extract<SlackMessage['says'], { kind: 'card' }>;
type Block = types.KnownBlock;

/** What is sent: the blocks, and a text for notifications and readers aloud. */
export interface Content {
  readonly text: string;
  readonly blocks: Block[];
}

export const ACTIONS = { approve: 'charter_approve', decline: 'charter_decline', edit: 'charter_edit', open: 'charter_open' } as const;
const MOST_FIELDS = 10; // of one section
const MOST_LINES = 30; // of a card: the inbox holds them all

/** @param inbox its address @param zone of the organization */
export function cardContent(card: Card, inbox: string, zone: string, now: number): Content {
  const { task } = card;
  const title = headline(task);
  return {
    text: escaped(cut(`${title}: ${became(task)}`, 1_000)),
    blocks: [{ type: 'header', text: plain(title, 150) }, ...lines(task), ...standing(card, zone, now), ...buttons(card, inbox)],
  };
}

function lines({ card }: TaskCard): Block[] {
  const shown = card.slice(0, MOST_LINES).map(({ label, value, before, prose }) => {
    const text = before === undefined ? value : `${before} → ${value}`;
    return plain(`${label}\n${prose ? quoted(text) : text}`, 2_000);
  });
  return Array.from({ length: Math.ceil(shown.length / MOST_FIELDS) }, (_, n) => ({
    type: 'section',
    fields: shown.slice(n * MOST_FIELDS, (n + 1) * MOST_FIELDS),
  }));
}

/** Why people are asked, how far it has come, and what became of it. */
function standing({ task, me, halted, names, business }: Card, zone: string, now: number): Block[] {
  const named = (person: string): string => names[person] ?? person;
  const urgent = pressing(task, me);
  const [own, not] = [secondStepSays(task, me), whyNot(task, me, named)];
  const told = [
    ...(urgent === undefined ? [] : [`${urgent}.`]),
    ...(own === undefined || task.outcome !== null ? [] : [own, ...(not === undefined ? [] : [not])]),
    ...(halted.length > 0 ? [`A halt is in force: ${halted.join(', ')}.`] : []),
    ...(task.outcome === null ? waiting(task, named, zone, byTheWall(business, now)) : [decided(task, named)]),
  ];
  const articles = (task.decision?.articles ?? []).map(({ article, title, source }) => `${article} ${title} (${source})`);
  const why = task.outcome === null ? [...(waitsFor(task, me) ? withheld(task.tool, task.answers) : []), ...(task.decision?.why ?? []), ...articles] : [];
  const by = `${sentence(spokenOf(task.agent))}${task.requester === null ? '' : ` for ${named(task.requester)}`}: ${task.rationale}`;
  return [
    { type: 'section', text: plain(quoted(told.join('\n')), 3_000) },
    { type: 'context', elements: [by, ...why].slice(0, 10).map((text): PlainText => plain(quoted(text), 2_000)) },
  ];
}

/** @param wall what is said of the clock that a deadline goes by */
function waiting(task: TaskCard, named: (person: string) => string, zone: string, wall: string): string[] {
  const asked = progress(task).map(({ says, may }) => `${says}. Who may: ${may.map(named).join(', ') || 'nobody left'}.`);
  const votes = task.votes.filter((vote) => vote.void === null).map(({ person, choice }) => `${named(person)} voted to ${choice} it.`);
  return [
    task.waits ? 'It waits for people.' : 'It is being carried out.',
    ...asked,
    ...votes,
    ...(task.expiresAt === null ? [] : [`Refused if nobody decides by ${clock(task.expiresAt, zone)}${wall}.`]),
  ];
}

/** `Already decided by Clara: done.` The words are the inbox's own. */
function decided(task: TaskCard, named: (person: string) => string): string {
  const nobody: Me = { person: '', name: '', roles: [], tokenFrom: '' };
  return whyNot(task, nobody, named) ?? became(task);
}

/** The way to the inbox, and the buttons of a task that waits: the vote carries what was shown, and only whoever may vote has the buttons that do. */
function buttons({ task, me }: Card, inbox: string): Block[] {
  const value = JSON.stringify({ id: task.id, seen: task.decision?.material ?? '' });
  const votes: types.Button[] = [
    { type: 'button', action_id: ACTIONS.approve, style: 'primary', text: plain('Approve', 75), value },
    { type: 'button', action_id: ACTIONS.decline, style: 'danger', text: plain('Decline…', 75), value },
    ...(task.answers.includes('edit') ? [{ type: 'button', action_id: ACTIONS.edit, text: plain('Edit…', 75), value } as const] : []),
  ];
  const open: types.Button = { type: 'button', action_id: ACTIONS.open, text: plain('Open in the inbox', 75), url: `${inbox}/tasks/${task.id}` };
  return [{ type: 'actions', elements: [...(waitsFor(task, me) ? votes : []), open] }];
}
