/** Events -> why: the chain of causes above one event, oldest first. Pure. */
import type { Group } from '../kernel/events.ts';
import type { EventId } from '../kernel/ids.ts';
import type { JsonObject } from '../kernel/nouns.ts';
import type { Instant } from '../kernel/time.ts';

/** An event as it can be read now: a group whose key was destroyed is absent. */
export interface ReadableEvent {
  readonly id: EventId;
  readonly type: string;
  readonly causes: readonly EventId[];
  readonly correlation: string;
  readonly wall: Instant;
  readonly business: Instant;
  readonly groups: Partial<Record<Group, JsonObject>>;
  readonly erased: readonly Group[];
}

/** Causes before effects; among equals the earlier first. Every event of the set appears once. */
export function causalOrder(events: readonly ReadableEvent[]): readonly ReadableEvent[] {
  const known = new Map(events.map((event) => [event.id, event]));
  const placed = new Set<EventId>();
  const order: ReadableEvent[] = [];
  const place = (event: ReadableEvent): void => {
    if (placed.has(event.id)) return;
    placed.add(event.id);
    for (const cause of [...event.causes].sort()) {
      const above = known.get(cause);
      if (above) place(above);
    }
    order.push(event);
  };
  for (const event of [...events].sort((a, b) => (a.wall === b.wall ? (a.id < b.id ? -1 : 1) : a.wall < b.wall ? -1 : 1))) place(event);
  return order;
}

/** One line for people: what happened, by whom, on what ground. */
export function sentence({ type, groups }: ReadableEvent): string {
  const text = (group: Group, field: string): string => {
    const value = groups[group]?.[field];
    return typeof value === 'string' || typeof value === 'number' ? String(value) : '?';
  };
  switch (type) {
    case 'review.asked':
      return (
        {
          person: `${text('actor', 'by')} asked for a review of ${text('payload', 'domain')}`,
          clock: `the clock was moved: ${text('payload', 'domain')} is due`,
        }[text('payload', 'trigger')] ?? `records changed: ${text('payload', 'domain')} is reviewed`
      );
    case 'token.issued':
      return `${text('actor', 'issuedBy')} issued a token for ${text('subject', 'person')}`;
    case 'token.revoked':
      return `${text('actor', 'by')} revoked a token of ${text('subject', 'person')}`;
    case 'records.filed':
      return `${text('payload', 'name')} came in${handedBy(text('actor', 'by'))}: ${text('payload', 'state').replace('_', ' ')}`;
    case 'clock.advanced':
      return `${text('actor', 'by')} moved the clock to ${text('payload', 'to')}`;
    case 'cost.warned':
      return `models have cost ${text('payload', 'spent')} of the ${text('payload', 'cap')} of ${text('payload', 'month')}`;
    case 'review.started':
      return `a review of ${text('payload', 'domain')} began${text('payload', 'trigger') === 'schedule' ? ', on schedule' : ''}`;
    case 'records.described':
      return `${text('actor', 'person')} said what the file holds: ${text('payload', 'register')}`;
    case 'task.done':
      return `${text('actor', 'person')} said that it is done: ${text('payload', 'title')}`;
    case 'consent.answered':
      return `${text('actor', 'person')} was asked about ${text('payload', 'what')}, and it was ${text('payload', 'word')}`;
    case 'drift.seen':
      return `the review saw: ${text('payload', 'why')}`;
    case 'turn.received':
      return `${text('actor', 'person')} asked: ${text('payload', 'text')}`;
    case 'slack.linked':
      return `${text('actor', 'person')} linked their Slack account`;
    case 'slack.unlinked':
      return `${text('actor', 'person')} unlinked the Slack account of ${text('subject', 'person')}`;
    case 'message.judged':
      return `the gate, of a message ${text('decision', 'to')}: ${text('decision', 'verdict')}${cited(groups.decision?.['articles'])}`;
    case 'reads.judged':
      return `the agent read ${count(groups.payload?.['reads'])} (by ${text('payload', 'by')})`;
    case 'request.made':
      return `${text('actor', 'agent')} asked ${text('actor', 'to')}: ${text('payload', 'text')}`;
    case 'request.refused':
      return `${text('actor', 'agent')} may not ask that: ${text('payload', 'because')}`;
    case 'request.answered':
      return `${text('actor', 'agent')} answered: ${text('payload', 'answer')}`;
    case 'task.escalated':
      return `most of its time was over, and nobody had decided it${named(groups.payload?.['people'])}`;
    case 'task.nudged':
      return `${text('actor', 'person')} asked ${text('subject', 'person')} by name`;
    case 'proposal.made':
      return `${text('actor', 'agent')} proposed ${text('payload', 'tool')}: ${text('payload', 'rationale')}`;
    case 'proposal.edited':
      return `${text('actor', 'person')} edited it: ${text('payload', 'reason')}`;
    case 'decision.made':
      return `the gate: ${text('decision', 'verdict')}${cited(groups.decision?.['articles'])}`;
    case 'vote.cast':
      return `${text('actor', 'person')} voted to ${text('decision', 'choice')}${reason(text('decision', 'reason'))}`;
    case 'vote.voided':
      return `the vote of ${text('subject', 'person')} became void: ${text('payload', 'because')}`;
    case 'warrant.issued':
      return `warrant ${text('execution', 'jti')} was issued`;
    case 'intent.committed':
      return 'the warrant was consumed and the intent committed';
    case 'receipt.given':
      return `receipt: ${text('execution', 'outcome')}`;
    case 'proposal.closed':
      return `closed: ${text('payload', 'outcome')}`;
    case 'payment.sent':
      return `sent to the bank in ${text('execution', 'file')}`;
    case 'payment.settled':
      return `the statement of ${text('execution', 'booked')} shows it paid (${text('execution', 'reference')})`;
    case 'payment.withdrawn':
      return groups.actor
        ? `${text('actor', 'by')} took it back before it left: ${text('execution', 'reason')}`
        : `taken back before it left: ${text('execution', 'reason')}`;
    case 'payment.rejected':
      return `the bank rejected it: ${text('execution', 'reason')}`;
    case 'amendment.proposed':
      return `${text('actor', 'person')} proposed an amendment: ${text('payload', 'reason')}`;
    case 'amendment.checked':
      return `the draft was checked: ${text('decision', 'changes')} changes, ${text('decision', 'verdicts')} recorded verdicts would be others`;
    case 'amendment.closed':
      return `the amendment was ${text('payload', 'state')}`;
    case 'organization.loaded':
      return 'the files of the organization were loaded for the first time';
    case 'organization.changed':
      return `the files of the organization changed${listed('; from now on: ', groups.payload?.['changes'])}${listed('; waits for the owners: ', groups.payload?.['waiting'])}`;
    case 'constitution.ratified':
      return `in force by the word of ${text('actor', 'by')}: constitution ${text('decision', 'constitution').slice(0, 12)}`;
    case 'level.raised':
      return `the level of ${text('payload', 'agent')} was raised to ${text('payload', 'level')}`;
    case 'level.lowered':
      return `${text('actor', 'person')} lowered ${text('payload', 'agent')} to ${text('payload', 'level')}: ${text('payload', 'reason')}`;
    case 'halt.set':
      return `${text('actor', 'person')} halted ${text('payload', 'scope')}: ${text('payload', 'reason')}`;
    default:
      return type.replace('.', ' ');
  }
}

const handedBy = (who: string): string => (who === '?' ? '' : who === 'folder' ? ' by the folder' : ` from ${who}`);
const listed = (before: string, words: unknown): string => (Array.isArray(words) && words.length > 0 ? `${before}${words.join(', ')}` : '');
const named = (people: unknown): string => (Array.isArray(people) && people.length > 0 ? `: ${people.join(', ')} were shown it` : '');
const reason = (given: string): string => (given === '' || given === '?' ? '' : `: ${given}`);
const count = (reads: unknown): string => (Array.isArray(reads) ? `${reads.length} record${reads.length === 1 ? '' : 's'}` : 'records');

/** The articles of a decision with their titles: `, by F1 Limit for one payment (finance handbook 3.1)`. */
function cited(articles: unknown): string {
  if (!Array.isArray(articles) || articles.length === 0) return '';
  const named = articles.map((one: unknown) => (isCited(one) ? `${one.article} ${one.title}` : '?'));
  return `, by ${named.join('; ')}`;
}

const isCited = (one: unknown): one is { readonly article: string; readonly title: string } =>
  typeof one === 'object' && one !== null && 'article' in one && 'title' in one && typeof one.article === 'string' && typeof one.title === 'string';
