/** One line for people about each type of event: what happened, by whom, on what ground. Pure. */
import { Observed } from '../kernel/nouns.ts';
import type { Group } from '../kernel/events.ts';
import type { ReadableEvent } from './why.ts';

/** A field as text; `?` where its key was destroyed. */
type Text = (group: Group, field: string) => string;

const SENTENCES: Readonly<Record<string, (text: Text, groups: ReadableEvent['groups']) => string>> = {
  'review.asked': (text) =>
    ({
      person: `${text('actor', 'by')} asked for a review of ${text('payload', 'domain')}`,
      clock: `the clock was moved: ${text('payload', 'domain')} is due`,
    })[text('payload', 'trigger')] ?? `records changed: ${text('payload', 'domain')} is reviewed`,
  'token.issued': (text) => `${text('actor', 'issuedBy')} issued a token for ${text('subject', 'person')}`,
  'token.revoked': (text) => `${text('actor', 'by')} revoked a token of ${text('subject', 'person')}`,
  'records.filed': (text) => `${text('payload', 'name')} came in${handedBy(text('actor', 'by'))}: ${text('payload', 'state').replace('_', ' ')}`,
  'clock.advanced': (text) => `${text('actor', 'by')} moved the clock to ${text('payload', 'to')}`,
  'cost.warned': (text) => `models have cost ${text('payload', 'spent')} of the ${text('payload', 'cap')} of ${text('payload', 'month')}`,
  'review.started': (text) => `a review of ${text('payload', 'domain')} began${text('payload', 'trigger') === 'schedule' ? ', on schedule' : ''}`,
  'records.described': (text) => `${text('actor', 'person')} said what the file holds: ${text('payload', 'register')}`,
  'task.done': (text) => `${text('actor', 'person')} said that it is done: ${text('payload', 'title')}`,
  'consent.answered': (text) => `${text('actor', 'person')} was asked about ${text('payload', 'what')}, and it was ${text('payload', 'word')}`,
  'drift.seen': (text) => `the review saw: ${text('payload', 'why')}`,
  'turn.received': (text) => `${text('actor', 'person')} asked: ${text('payload', 'text')}`,
  'delegation.made': (text) => `${text('actor', 'by')} handed on to ${text('subject', 'worker')}: ${text('payload', 'task')}`,
  'delegation.ended': (text) => `${text('actor', 'by')} ended what was handed on to ${text('subject', 'worker')}`,
  'call.judged': (text, groups) =>
    `the gate, of a call of ${text('payload', 'tool')} by ${text('actor', 'worker')}: ${text('decision', 'verdict')}${cited(groups.decision?.['articles'])}`,
  'call.unjudged': (text) => `a call of \`${text('payload', 'tool')}\` was made while the gate did not answer, and sent in: ${text('decision', 'why')}`,
  'call.refused': (text) => `a call was refused: ${text('payload', 'because')}`,
  'slack.linked': (text) => `${text('actor', 'person')} linked their Slack account`,
  'slack.unlinked': (text) => `${text('actor', 'person')} unlinked the Slack account of ${text('subject', 'person')}`,
  'message.judged': (text, groups) => `the gate, of a message ${text('decision', 'to')}: ${text('decision', 'verdict')}${cited(groups.decision?.['articles'])}`,
  'reads.judged': (text, groups) => `the agent read ${count(groups.payload?.['reads'])} (by ${text('payload', 'by')})`,
  'model.asked': (text, groups) =>
    `the gate, of what ${text('decision', 'model')} at ${text('decision', 'destination')} was told: ${text('decision', 'verdict')}${cited(groups.decision?.['articles'])}`,
  'request.made': (text) => `${text('actor', 'agent')} asked ${text('actor', 'to')}: ${text('payload', 'text')}`,
  'request.refused': (text) => `${text('actor', 'agent')} may not ask that: ${text('payload', 'because')}`,
  'request.answered': (text) => `${text('actor', 'agent')} answered: ${text('payload', 'answer')}`,
  'task.escalated': (_text, groups) => `most of its time was over, and nobody had decided it${named(groups.payload?.['people'])}`,
  'task.nudged': (text) => `${text('actor', 'person')} asked ${text('subject', 'person')} by name`,
  'proposal.made': (text) => `${text('actor', 'agent')} proposed ${text('payload', 'tool')}: ${text('payload', 'rationale')}`,
  'proposal.edited': (text) => `${text('actor', 'person')} edited it: ${text('payload', 'reason')}`,
  'decision.made': (text, groups) =>
    `the gate: ${text('decision', 'verdict')}${cited(groups.decision?.['articles'])}${observed(groups.decision?.['observed'])}`,
  'vote.cast': (text) => `${text('actor', 'person')} voted to ${text('decision', 'choice')}${reason(text('decision', 'reason'))}`,
  'vote.voided': (text) => `the vote of ${text('subject', 'person')} became void: ${text('payload', 'because')}`,
  'warrant.issued': (text) => `warrant ${text('execution', 'jti')} was issued`,
  'intent.committed': () => 'the warrant was consumed and the intent committed',
  'receipt.given': (text) => `receipt: ${text('execution', 'outcome')}`,
  'proposal.closed': (text) => `closed: ${text('payload', 'outcome')}${reason(text('payload', 'because'))}`,
  'payment.sent': (text) => `sent to the bank in ${text('execution', 'file')}`,
  'payment.settled': (text) => `the statement of ${text('execution', 'booked')} shows it paid (${text('execution', 'reference')})`,
  'payment.withdrawn': (text, { actor }) => `${actor ? `${text('actor', 'by')} took it back` : 'taken back'} before it left: ${text('execution', 'reason')}`,
  'payment.rejected': (text) => `the bank rejected it: ${text('execution', 'reason')}`,
  'amendment.proposed': (text) => `${text('actor', 'person')} proposed an amendment: ${text('payload', 'reason')}`,
  'amendment.checked': (text) =>
    `the draft was checked: ${text('decision', 'changes')} changes, ${text('decision', 'verdicts')} recorded verdicts would be others`,
  'amendment.closed': (text) => `the amendment was ${text('payload', 'state')}`,
  'organization.loaded': () => 'the files of the organization were loaded for the first time',
  'organization.changed': (text, groups) =>
    `${groups.actor ? `${text('actor', 'person')} changed the files of the organization` : 'the files of the organization changed'}${listed('; from now on: ', groups.payload?.['changes'])}${listed('; waits for the owners: ', groups.payload?.['waiting'])}`,
  'week.reported': (text) => `what ran in shadow in the week of ${text('payload', 'week')} was held against what people did`,
  'constitution.ratified': (text) => `in force by the word of ${text('actor', 'by')}: constitution ${text('decision', 'constitution').slice(0, 12)}`,
  'level.raised': (text) => `the level of ${text('payload', 'agent')} was raised to ${text('payload', 'level')}`,
  'level.lowered': (text) => `${text('actor', 'person')} lowered ${text('payload', 'agent')} to ${text('payload', 'level')}: ${text('payload', 'reason')}`,
  'halt.set': (text) => `${text('actor', 'person')} halted ${text('payload', 'scope')}: ${text('payload', 'reason')}`,
  'rollback.begun': (text) => `${text('actor', 'person')} said that it was wrong: ${text('payload', 'reason')}`,
  'rollback.ended': (text) => `of what was called wrong ${text('payload', 'undone')} undone, ${text('payload', 'left')} left as it is`,
  'keys.rotated': (text, groups) => `new keys sign and seal since ${text('payload', 'from')}${counting(groups.payload?.['counting'])}`,
  'drift.gone': (text) => `a review does not see it any more: ${text('subject', 'drift')}`,
  'turn.answered': (text) => `answered: ${text('payload', 'answer')}`,
  'halt.lifted': (text) => `${text('actor', 'person')} lifted the halt of ${text('payload', 'scope')}: ${text('payload', 'reason')}`,
};

export const TOLD = Object.keys(SENTENCES);

export function sentence({ type, groups }: ReadableEvent): string {
  const text: Text = (group, field) => {
    const value = groups[group]?.[field];
    return typeof value === 'string' || typeof value === 'number' ? String(value) : '?';
  };
  return SENTENCES[type]?.(text, groups) ?? type.replace('.', ' ');
}

const handedBy = (who: string): string => (who === '?' ? '' : who === 'folder' ? ' by the folder' : ` from ${who}`);
const listed = (before: string, words: unknown): string => (Array.isArray(words) && words.length > 0 ? `${before}${words.join(', ')}` : '');
const named = (people: unknown): string => (Array.isArray(people) && people.length > 0 ? `: ${people.join(', ')} were shown it` : '');
/** `; signatures of the old ones count until …`, the latest of them. */
function counting(old: unknown): string {
  const until = Array.isArray(old) ? old.flatMap((one: unknown) => (isCounting(one) ? [one.until] : [])).sort() : [];
  return until.length === 0 ? '' : `; signatures of those before count until ${until.at(-1)}`;
}
const isCounting = (one: unknown): one is { readonly until: string } =>
  typeof one === 'object' && one !== null && 'until' in one && typeof one.until === 'string';
const reason = (given: string): string => (given === '' || given === '?' ? '' : `: ${given}`);
const count = (reads: unknown): string => (Array.isArray(reads) ? `${reads.length} record${reads.length === 1 ? '' : 's'}` : 'records');

/** The articles of a decision with their titles: `, by F1 Limit for one payment (finance handbook 3.1)`. */
function cited(articles: unknown): string {
  if (!Array.isArray(articles) || articles.length === 0) return '';
  const named = articles.map((one: unknown) => (isCited(one) ? `${one.article} ${one.title}` : '?'));
  return `, by ${named.join('; ')}`;
}

/** `; only observed: N1 A payment at night needs finance, which would have made it escalate` */
function observed(given: unknown): string {
  const seen = Observed.safeParse(given);
  if (!seen.success) return '';
  const named = seen.data.articles.map(({ article, title }) => `${article} ${title}`);
  return `; only observed: ${named.join('; ')}, with which it would have been ${seen.data.verdict}`;
}

const isCited = (one: unknown): one is { readonly article: string; readonly title: string } =>
  typeof one === 'object' && one !== null && 'article' in one && 'title' in one && typeof one.article === 'string' && typeof one.title === 'string';
