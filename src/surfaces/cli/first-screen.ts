/** The first screen: what the agents did alone, what waits, three commands, the tour. At most 23 lines; the 24th says how to end it. */
import { DEVELOPMENT_MARK } from '../development-mark.ts';
import { styleText } from 'node:util';
import type { Outputs, TaskCard } from '../../client.ts';
import { Money, money as moneyIn, show } from '../../kernel/money.ts';
import { isNearlySpent, localClock, modelsLine, plain, shortId } from './render.ts';

const WIDEST = 100;
const MOST_KINDS = 4; // lines of what was done
const MOST_WAITING = 5;
const MOST_NOTICED = 3;
const MOST_GIVEN = 50; // of what was done, and of what waits, as `status` gives them

type Status = Outputs['status'];

/** Money first, the most ahead; the rest as it came. */
const byMoney = (tasks: readonly TaskCard[]): readonly TaskCard[] => [...tasks].sort((a, b) => mostOf(b) - mostOf(a));

const mostOf = ({ args }: TaskCard): number => Math.max(0, ...amountsIn(args).map(({ minor }) => minor));

const amountsIn = (args: TaskCard['args']): readonly Money[] =>
  Object.values(args).flatMap((value) => {
    const amount = Money.safeParse(value);
    return amount.success ? [amount.data] : [];
  });

/** @param columns of the terminal; a line that does not fit is cut, commands are short enough */
export function firstScreen(status: Status, url: string, columns: number): string {
  const width = Math.min(WIDEST, columns);
  const cut = (text: string): string => fit(plain(text).replaceAll('\n', ' '), width).trimEnd();
  const bold = (text: string): string => styleText('bold', cut(text));
  return [
    bold(`${status.name}   ${localClock(status.business, status.zone)}   ${url}`),
    ...(status.development ? [bold(DEVELOPMENT_MARK)] : []),
    ...(status.halted.length > 0 ? [bold(`HALTED: ${status.halted.join(', ')}`)] : []),
    bold(`Done by the agents alone: ${counted(status.done)}`),
    ...kinds(status.done).map(cut),
    '',
    bold(`Waiting for people: ${counted(status.waiting)}`),
    ...waiting(byMoney(status.waiting)).map(cut),
    '',
    ...noticed(status).map(cut),
    bold('Try, in another terminal; `npx charter tour` shows it all:'),
    ...toTry(status).map((command) => `  npx charter ${command}`),
  ].join('\n');
}

const counted = ({ length }: readonly TaskCard[]): string => `${length}${length === MOST_GIVEN ? ' and more' : ''}`;

/** Text in so many columns, with an ellipsis where it had to be cut. */
const fit = (text: string, width: number): string => {
  const letters = [...text];
  return letters.length <= width ? text.padEnd(width) : `${letters.slice(0, width - 1).join('')}…`;
};

/** One line a kind: how many, and the sum where there is one; the most frequent first. */
function kinds(done: readonly TaskCard[]): readonly string[] {
  const byTool = new Map<string, TaskCard[]>();
  for (const task of done) byTool.set(task.tool, [...(byTool.get(task.tool) ?? []), task]);
  const sorted = [...byTool].sort(([, a], [, b]) => b.length - a.length);
  const shown = sorted.slice(0, sorted.length > MOST_KINDS ? MOST_KINDS - 1 : MOST_KINDS);
  const told = shown.map(([tool, tasks]) => {
    const [what, sums] = [tasks[0]?.card[0]?.label ?? tool, sumsOf(tasks)];
    return `  ${String(tasks.length).padStart(3)} × ${fit(what, 12)} ${fit(tool, 30)} ${sums}`;
  });
  const left = sorted.slice(shown.length).reduce((n, [, tasks]) => n + tasks.length, 0);
  return left > 0 ? [...told, `  ${String(left).padStart(3)} of other kinds`] : told;
}

/** What the calls move, by currency. */
function sumsOf(tasks: readonly TaskCard[]): string {
  const sums = new Map<string, number>();
  for (const { currency, minor } of tasks.flatMap(({ args }) => amountsIn(args))) sums.set(currency, (sums.get(currency) ?? 0) + minor);
  return [...sums].map(([currency, minor]) => show(moneyIn(minor, currency))).join(', ');
}

function waiting(tasks: readonly TaskCard[]): readonly string[] {
  const told = tasks.slice(0, MOST_WAITING).map((task) => {
    const [what, to] = task.card;
    return `  ${shortId(task.id)}  ${fit(`${what?.label ?? task.tool} ${what?.value ?? ''}`, 24)}  ${fit(to?.value ?? '', 22)}  ${task.decision?.why[0] ?? ''}`;
  });
  return tasks.length > MOST_WAITING ? [...told, `  and ${tasks.length === MOST_GIVEN ? 'at least ' : ''}${tasks.length - MOST_WAITING} more`] : told;
}

/** At most three: what troubles most comes first. */
function noticed({ findings, stalled, asks, money }: Status): readonly string[] {
  const [finding, step] = [findings[0], stalled[0]];
  return [
    ...(step === undefined
      ? []
      : [`Keeps failing, and is tried again: ${step.stage}, ${step.error}${stalled.length > 1 ? `; and ${stalled.length - 1} more` : ''}`]),
    ...(isNearlySpent(money) ? [modelsLine(money)] : []),
    ...(asks > 0 ? [`Files that wait for somebody to say what they hold: ${asks}`] : []),
    ...(finding === undefined ? [] : [`Noticed: ${finding}${findings.length > 1 ? `; and ${findings.length - 1} more` : ''}`]),
  ].slice(0, MOST_NOTICED);
}

/** Three: where something waits that one person can decide, that person's way through it. */
function toTry({ waiting: all, done, domains }: Status): readonly string[] {
  const tasks = byMoney(all);
  const single = tasks.find(({ decision, may }) => may.length > 0 && decision?.needs.length === 1 && decision.needs[0]?.quorum === 1);
  const pick = single ?? tasks.find(({ may }) => may.length > 0);
  const voter = pick?.may[0]?.person;
  return [
    ...(pick && voter ? [`people token ${voter}`, `inbox decide ${shortId(pick.id)} --approve --as ${voter}`, `why ${shortId(pick.id)}`] : []),
    ...(done[0] ? [`why ${shortId(done[0].id)}`] : []),
    `review ${domains[0] ?? 'finance'}`,
    'inbox list --all',
    'status',
  ].slice(0, 3);
}
