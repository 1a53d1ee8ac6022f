/** What the terminal shows: plain words, aligned, one screen where one screen will do. */
import { stripVTControlCharacters, styleText } from 'node:util';
import type { Outputs, TaskCard } from '../../client.ts';

/** Text that somebody outside wrote cannot move the cursor or colour the screen. */
export const plain = (text: string): string => stripVTControlCharacters(text).replace(/[\u0000-\u0008\u000b-\u001f\u007f-\u009f]/g, '\ufffd');

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
  return `${shortId(task.id)}  ${`${what?.label ?? task.tool} ${what?.value ?? ''}`.padEnd(34).slice(0, 34)}  ${plain(to?.value ?? '')
    .padEnd(28)
    .slice(0, 28)}  ${state}`;
}

/** One task, whole. @param zone of the organization, in which times are shown */
export function card(task: TaskCard, zone: string): string {
  const rows = task.card.map(
    ({ label, value, before }) => `  ${label.padEnd(10)} ${plain(value)}${before === undefined ? '' : `   ${dim(`on record: ${plain(before)}`)}`}`,
  );
  const why = task.decision?.why.map((reason) => `  - ${plain(reason)}`) ?? [];
  const articles = task.decision?.articles.map(({ article, title, source }) => `  ${article.padEnd(4)} ${title} ${dim(`(${source})`)}`) ?? [];
  const votes = task.votes.map(
    ({ person, choice, reason, void: because, fourEyes }) =>
      `  ${person}: ${choice}${reason ? `, ${plain(reason)}` : ''}${fourEyes ? '' : ' (an own request: not four-eyes)'}${because === null ? '' : ` (void: ${because})`}`,
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
    ...(task.expiresAt && task.waits ? [`  Refused if nobody decides by ${localClock(task.expiresAt, zone)}.`] : []),
  ].join('\n');
}

const section = (title: string, lines: readonly string[]): readonly string[] => (lines.length === 0 ? [] : [bold(title), ...lines]);

/** What keeps failing, and files that nobody recognises. */
export const troubles = ({ stalled, asks, zone }: Outputs['status']): readonly string[] => [
  ...section(
    'Keeps failing, and is tried again',
    stalled.map(
      ({ stage, subject, tries, error, since }) => `  ${stage} ${plain(shortId(subject))}: ${tries} tries since ${localClock(since, zone)}: ${plain(error)}`,
    ),
  ),
  ...(asks > 0
    ? [`${asks} file${asks === 1 ? ' waits' : 's wait'} for somebody to say what ${asks === 1 ? 'it holds' : 'they hold'}: npx charter records list --waiting`]
    : []),
];

export function chain(events: Outputs['why'], zone: string): string {
  return events
    .map(
      ({ business, says, id, erased }) =>
        `${localClock(business, zone)}  ${plain(says)}${erased.length > 0 ? ` (erased: ${erased.join(', ')})` : ''}  ${dim(shortId(id))}`,
    )
    .join('\n  ↓\n');
}

/** Rows under headings. */
export function table(rows: readonly Readonly<Record<string, string | number>>[]): string {
  const [first] = rows;
  if (!first) return 'Nothing.';
  const columns = Object.keys(first);
  const width = (column: string) => Math.max(column.length, ...rows.map((row) => String(row[column] ?? '').length));
  const render = (cells: readonly string[]) =>
    cells
      .map((cell, n) => cell.padEnd(width(columns[n] ?? '')))
      .join('  ')
      .trimEnd();
  return [bold(render(columns)), ...rows.map((row) => render(columns.map((column) => plain(String(row[column] ?? '')))))].join('\n');
}
