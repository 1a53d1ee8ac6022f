/** What the terminal shows: plain words, aligned, one screen where one screen will do. */
import { stripVTControlCharacters, styleText } from 'node:util';
import type { ModelMoney, Outputs, TaskCard } from '../../client.ts';
import { offers } from '../../kernel/answers.ts';
import { show } from '../../kernel/money.ts';
import type { Observed, Role } from '../../kernel/nouns.ts';
import { ending, open } from '../../kernel/quorum.ts';
import { became, paymentSays } from '../became.ts';
import { endedBecause, progress } from '../counted.ts';
import { shelved } from '../grouped.ts';
import { byTheWall } from '../inbox/web/words.ts';
import { visible } from '../visible.ts';

/** Line breaks of every kind, tabs among them. */
const BREAKS = /[\t\n\v\f\r\u0085\u2028\u2029]+/g;

/** Text that somebody outside wrote, on one line: it cannot move the cursor, colour the screen, forge a line or be read backwards. */
export const plain = (text: string): string => visible(stripVTControlCharacters(text).replace(BREAKS, ' '));

/** The same, for text that may have several lines. */
export const plainLines = (text: string): string => text.split(/\r?\n/).map(plain).join('\n');

/** JSON as a terminal may show it: what `JSON.stringify` leaves as it is and cannot be seen is written as an escape. */
export const printableJson = (value: unknown, indent = 2): string =>
  JSON.stringify(value, null, indent).replace(/[^\n -~\p{L}\p{M}\p{N}\p{P}\p{S}]/gu, (character) =>
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
  const asked = task.nudged.length > 0 ? `waits, ${plain(task.nudged.map(({ person }) => person).join(', '))} asked by name` : 'waits';
  const state = !task.waits ? became(task) : task.escalated ? `${asked}, ESCALATED` : asked;
  return `${shortId(task.id)}  ${plain(`${what?.label ?? task.tool} ${what?.value ?? ''}`)
    .padEnd(34)
    .slice(0, 34)}  ${plain(to?.value ?? '')
    .padEnd(28)
    .slice(0, 28)}  ${state}`;
}

/** Everything that waits: cards, and what is behind a group, which is decided one by one like any other. */
export function inboxList(tasks: readonly TaskCard[], open: boolean): string {
  if (tasks.length === 0) return 'Nothing waits for people.';
  const { cards, groups } = shelved(tasks);
  const shown = groups.flatMap(({ says, tasks: of }) => (open ? [bold(says), ...of.map(line)] : [`${says}: npx charter inbox list --grouped`]));
  return [...cards.map(line), ...shown].join('\n');
}

/** One task, whole. @param status of the organization: in its zone times are shown; @param now milliseconds, of the wall */
export function card(task: TaskCard, { zone, business }: Pick<Outputs['place'], 'zone' | 'business'>, now = Date.now()): string {
  const rows = task.card.map(
    ({ label, value, before }) => `  ${plain(label).padEnd(10)} ${plain(value)}${before === undefined ? '' : `   ${dim(`on record: ${plain(before)}`)}`}`,
  );
  const why = task.decision?.why.map((reason) => `  - ${plain(reason)}`) ?? [];
  const articles = task.decision?.articles.map(({ article, title, source }) => `  ${article.padEnd(4)} ${plain(title)} ${dim(`(${plain(source)})`)}`) ?? [];
  const votes = task.votes.map(
    ({ person, choice, reason, void: because, againOn, fourEyes }) =>
      `  ${person}: ${choice}${reason ? `, ${plain(reason)}` : ''}${againOn === null ? '' : `; may be asked again on ${againOn}`}${fourEyes ? '' : ' (an own request: not four-eyes)'}${because === null ? '' : ` (void: ${plain(because)})`}`,
  );
  const able = (role: Role) => task.may.flatMap(({ person, roles }) => (roles.includes(role) ? [person] : []));
  const approved = task.votes.filter((vote) => vote.void === null && vote.choice === 'approve');
  const counted = progress(task).filter(({ role }) => task.decision?.needs.some((need) => need.role === role && ending(need) > 1));
  const needs = [
    ...open(task.decision?.needs ?? [], approved).map(
      ({ role, missing, everybody }) =>
        `  ${missing} with the role ${role}${everybody ? ' (everybody is needed)' : ''}: ${able(role).join(', ') || 'nobody left'}`,
    ),
    ...counted.map(({ says }) => `  ${says}`),
  ];
  return [
    `${bold(task.id)}  ${became(task)}`,
    ...rows,
    ...(task.payment ? [`  ${'Payment'.padEnd(10)} ${plain(paymentSays(task.payment))}`] : []),
    `  ${'Asked by'.padEnd(10)} ${task.agent}${task.requester === null ? ', in a review' : ` for ${task.requester}`}: ${plain(task.rationale)}`,
    ...section('Why it is here', why),
    ...section('Articles', articles),
    ...section('Only observed', task.decision?.observed ? observedInWords(task.decision.observed) : []),
    ...section('Votes', votes),
    ...(endedBecause(task) === undefined ? [] : [`  It ended because ${endedBecause(task) ?? ''}.`]),
    ...section('Still needed', task.waits ? needs : []),
    ...(task.waits ? [`  ${'Offers'.padEnd(10)} ${offers(task.answers)}`] : []),
    ...(task.escalated
      ? [
          `  Escalated${task.escalated.people.length > 0 ? ` to ${task.escalated.people.join(', ')}` : ''} at ${localClock(task.escalated.at, zone)}: most of its time is over.`,
        ]
      : []),
    ...task.nudged.map(({ person, by }) => `  ${person} was asked by name, by ${by}.`),
    ...(task.expiresAt && task.waits ? [`  Refused if nobody decides by ${localClock(task.expiresAt, zone)}${byTheWall(business, now)}.`] : []),
  ].join('\n');
}

/** What articles would have said that stand against nothing yet. */
export const observedInWords = ({ verdict, articles, why }: Observed): readonly string[] => [
  `  With these in force it would be: ${verdict}`,
  ...articles.map(({ article, title, source }) => `  ${article.padEnd(4)} ${plain(title)} ${dim(`(${plain(source)})`)}`),
  ...why.map((reason) => `  - ${plain(reason)}`),
];

const section = (title: string, lines: readonly string[]): readonly string[] => (lines.length === 0 ? [] : [bold(title), ...lines]);

const WARN_AT = 0.8; // as `cost.warned` has it

export const isNearlySpent = ({ cap, spent, reserved }: ModelMoney): boolean => cap.minor > 0 && spent.minor + reserved.minor >= cap.minor * WARN_AT;

/** This month's money for models, in a line. */
export function modelsLine(money: ModelMoney): string {
  const { month, cap, spent, reserved } = money;
  const held = reserved.minor > 0 ? `, and ${show(reserved)} set aside for calls under way` : '';
  return `Models in ${month}: ${show(spent)} of ${show(cap)} spent${held}.${isNearlySpent(money) ? ' At the cap no model is called.' : ''}`;
}

/** A level is raised by an amendment alone: what a file says beyond it does nothing, and is told with the way that does. */
export const notRaised = ({ raised }: Pick<Outputs['status'], 'raised'>): readonly string[] =>
  raised.map(
    ({ agent, level, declared }) =>
      `${agent} is at \`${level}\`; \`${declared}\` in organization.yaml does not raise it: npx charter level raise ${agent} ${declared} --reason "…" --as OWNER`,
  );

/** What the files say in vain, what keeps failing, and files that nobody recognises. */
export const troubles = (status: Outputs['status']): readonly string[] => [
  ...(status.draft ? ['The files differ from what is in force: npx charter constitution diff'] : []),
  ...notRaised(status),
  ...failing(status),
];

const failing = ({ stalled, asks, zone }: Outputs['status']): readonly string[] => [
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

/** Events with an arrow into each that something above caused; another story begins after an empty line. */
export function chain(events: Outputs['why'], zone: string): string {
  const shown = new Set(events.map(({ id }) => id));
  const into = (causes: readonly string[]) => (causes.some((cause) => shown.has(cause)) ? '  ↓\n' : '\n');
  return events
    .map(({ business, says, id, erased, causes }, n) => {
      const gone = erased.length > 0 ? ` (erased: ${plain(erased.join(', '))})` : '';
      return `${n === 0 ? '' : into(causes)}${localClock(business, zone)}  ${plain(says)}${gone}  ${dim(shortId(id))}`;
    })
    .join('\n');
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
