/** What the terminal shows: plain words, aligned, one screen where one screen will do. */
import { stripVTControlCharacters, styleText } from 'node:util';
import type { Outputs, TaskCard } from '../../client.ts';

/** Line breaks of every kind, tabs among them. */
const BREAKS = /[\t\n\v\f\r\u0085\u2028\u2029]+/g;
/** Control characters, what turns the direction of writing, and what has no width: none of it can be seen, and all of it changes what is. */
const UNSEEN = /[\u0000-\u001f\u007f-\u009f\u061c\u200b\u200e\u200f\u202a-\u202e\u2060-\u2069\ufeff\u{e0000}-\u{e007f}]/gu;

/** Text that somebody outside wrote, on one line: it cannot move the cursor, colour the screen, forge a line or be read backwards. */
export const plain = (text: string): string => stripVTControlCharacters(text).replace(BREAKS, ' ').replace(UNSEEN, '\ufffd');

/** The same, for text that may have several lines. */
export const plainLines = (text: string): string => text.split(/\r?\n/).map(plain).join('\n');

/** JSON as a terminal may show it: what `JSON.stringify` leaves as it is and cannot be seen is written as an escape. */
export const printableJson = (value: unknown): string =>
  JSON.stringify(value, null, 2).replace(/[^\n -~\p{L}\p{M}\p{N}\p{P}\p{S}]/gu, (character) =>
    Array.from({ length: character.length }, (_none, n) => `\\u${character.charCodeAt(n).toString(16).padStart(4, '0')}`).join(''),
  );

const bold = (text: string): string => styleText('bold', text);
const dim = (text: string): string => styleText('dim', text);

/** `2 Mar 2026, 07:12` on the organization's clock. */
export const localClock = (at: string, zone: string): string =>
  new Intl.DateTimeFormat('en-GB', { timeZone: zone, day: 'numeric', month: 'short', year: 'numeric', hour: '2-digit', minute: '2-digit' }).format(
    new Date(at),
  );

export const shortId = (id: string): string => id.slice(0, 12);

/** One line of a list. */
export function line(task: TaskCard): string {
  const [what, to] = task.card;
  const state = task.outcome ?? (task.waits ? 'waits' : 'under way');
  return `${shortId(task.id)}  ${plain(`${what?.label ?? task.tool} ${what?.value ?? ''}`)
    .padEnd(34)
    .slice(0, 34)}  ${plain(to?.value ?? '')
    .padEnd(28)
    .slice(0, 28)}  ${state}`;
}

export function card(task: TaskCard): string {
  const rows = task.card.map(
    ({ label, value, before }) => `  ${plain(label).padEnd(10)} ${plain(value)}${before === undefined ? '' : `   ${dim(`on record: ${plain(before)}`)}`}`,
  );
  const why = task.decision?.why.map((reason) => `  - ${plain(reason)}`) ?? [];
  const articles = task.decision?.articles.map(({ article, title, source }) => `  ${article.padEnd(4)} ${plain(title)} ${dim(`(${plain(source)})`)}`) ?? [];
  const votes = task.votes.map(
    ({ person, choice, reason, void: because, fourEyes }) =>
      `  ${person}: ${choice}${reason ? `, ${plain(reason)}` : ''}${fourEyes ? '' : ' (an own request: not four-eyes)'}${because === null ? '' : ` (void: ${plain(because)})`}`,
  );
  const needs =
    task.decision?.needs.map(
      ({ role, quorum }) =>
        `  ${quorum} with the role ${role}: ${
          task.may
            .filter(({ roles }) => roles.includes(role))
            .map(({ person }) => person)
            .join(', ') || 'nobody left'
        }`,
    ) ?? [];
  return [
    `${bold(task.id)}  ${task.outcome ?? (task.waits ? 'waits for people' : 'under way')}`,
    ...rows,
    `  ${'Asked by'.padEnd(10)} ${task.agent}${task.requester === null ? ', in a review' : ` for ${task.requester}`}: ${plain(task.rationale)}`,
    ...section('Why it is here', why),
    ...section('Articles', articles),
    ...section('Votes', votes),
    ...section('Still needed', task.waits ? needs : []),
    ...(task.expiresAt && task.waits ? [`  Refused if nobody decides by ${task.expiresAt}.`] : []),
  ].join('\n');
}

const section = (title: string, lines: readonly string[]): readonly string[] => (lines.length === 0 ? [] : [bold(title), ...lines]);

/** What keeps failing, and files that nobody recognises. */
export const troubles = ({ stalled, asks }: Outputs['status']): readonly string[] => [
  ...section(
    'Keeps failing, and is tried again',
    stalled.map(({ stage, subject, tries, error, since }) => `  ${stage} ${plain(shortId(subject))}: ${tries} tries since ${since}: ${plain(error)}`),
  ),
  ...(asks > 0
    ? [`${asks} file${asks === 1 ? ' waits' : 's wait'} for somebody to say what ${asks === 1 ? 'it holds' : 'they hold'}: npx charter records list --waiting`]
    : []),
];

/** The first screen: what was done, what waits, three commands. */
export function firstScreen(status: Outputs['status'], url: string): string {
  const pick = status.waiting.find(({ decision }) => decision?.needs.every(({ quorum }) => quorum === 1) && decision.needs.length === 1) ?? status.waiting[0];
  const paid = status.done.filter(({ tool }) => tool === 'finance.pay_invoice').length;
  const voter = pick?.may[0]?.person;
  return [
    '',
    `${bold(plain(status.name))}   ${localClock(status.business, status.zone)}   ${dim(url)}`,
    ...(status.halted.length > 0 ? [bold(`HALTED: ${plain(status.halted.join(', '))}`)] : []),
    '',
    bold(`Done by the agents alone: ${status.done.length} (${paid} payments)`),
    ...status.done.slice(0, 9).map((task) => `  ${line(task)}`),
    ...(status.done.length > 9 ? [dim(`  … and ${status.done.length - 9} more`)] : []),
    '',
    bold(`Waiting for people: ${status.waiting.length}`),
    ...status.waiting.slice(0, 8).map((task) => `  ${line(task)}\n      ${dim(plain(task.decision?.why[0] ?? ''))}`),
    ...section(
      'Noticed',
      status.findings.slice(0, 4).map((finding) => `  ${plain(finding)}`),
    ),
    ...troubles(status),
    '',
    'Try:',
    ...(pick ? [`  npx charter inbox show ${shortId(pick.id)}`] : []),
    ...(pick && voter
      ? [
          `  npx charter people token ${voter} && npx charter inbox decide ${shortId(pick.id)} --approve --as ${voter}`,
          `  npx charter inbox open --as ${voter}`,
        ]
      : []),
    ...(status.done[0] ? [`  npx charter why ${shortId(status.done[0].id)}`] : ['  npx charter review finance']),
    '',
  ].join('\n');
}

export function chain(events: Outputs['why'], zone: string): string {
  return events
    .map(
      ({ business, says, id, erased }) =>
        `${localClock(business, zone)}  ${plain(says)}${erased.length > 0 ? ` (erased: ${plain(erased.join(', '))})` : ''}  ${dim(shortId(id))}`,
    )
    .join('\n  ↓\n');
}

/** Rows under headings. */
export function table(rows: readonly Readonly<Record<string, string | number>>[]): string {
  const [first] = rows;
  if (!first) return 'Nothing.';
  const columns = Object.keys(first);
  const cellOf = (row: Readonly<Record<string, string | number>>, column: string) => plain(String(row[column] ?? ''));
  const width = (column: string) => rows.reduce((most, row) => Math.max(most, cellOf(row, column).length), column.length);
  const render = (cells: readonly string[]) =>
    cells
      .map((cell, n) => cell.padEnd(width(columns[n] ?? '')))
      .join('  ')
      .trimEnd();
  return [bold(render(columns.map(plain))), ...rows.map((row) => render(columns.map((column) => cellOf(row, column))))].join('\n');
}
