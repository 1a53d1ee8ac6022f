/** `charter wrong`: what was done is called wrong, and undone as far as it can be. */
import { setTimeout as sleep } from 'node:timers/promises';
import type { Command } from 'commander';
import type { RollbackCard, RollbackStepCard } from '../../client.ts';
import { valuesOf } from './ask-commands.ts';
import type { Call } from './human-commands.ts';
import { plain, shortId } from './render.ts';
import { EXIT, type Shared } from './shared.ts';

const WATCH_MS = 30_000; // then it is told as it stands, and goes on by itself
const TELL_EVERY_MS = 5_000;

interface Given {
  readonly right?: readonly string[];
}

export function wrongCommands(program: Command, shared: Shared, call: Call): void {
  program
    .command('wrong <id> [reason]')
    .description(
      'say that a task was wrong, or all that came of an ask or an event: what can be undone is, the last first, each judged like any call; ' +
        'and its agent is evaluated with it from then on. Without a reason, what would be undone. Needs --as',
    )
    .option('--right <call...>', 'what would have been right, such as finance.hold_invoice invoice=S-001:7; without it, anything but that call')
    .action((id: string, reason: string | undefined, given: Given) => (reason === undefined ? look(shared, call, id) : say(shared, call, id, reason, given)));
}

async function look({ print }: Shared, call: Call, id: string): Promise<void> {
  const card = await call('rollback', { id });
  const next = card.begun ? [] : [`Nothing was undone. To say that it was wrong: npx charter wrong ${shortId(card.target)} "why" --as NAME`];
  print(card, [...told(card), ...next].join('\n'));
}

async function say(shared: Shared, call: Call, id: string, reason: string, { right: [tool, ...args] = [] }: Given): Promise<void> {
  const said = await call('wrong', { id, reason, ...(tool === undefined ? {} : { right: { tool, args: valuesOf(args) } }) });
  if (!said.anew) shared.tell(`${said.begun?.person ?? 'Somebody'} said so before; nothing more is done.`);
  const card = await watchedRollback(call, said, shared);
  shared.print({ ...card, anew: said.anew }, [...told(card), ...after(card)].join('\n'));
  shared.exit(exitOf(card));
}

/** Once it has ended, or waits for people, or the time is up. */
async function watchedRollback(call: Call, begun: RollbackCard, { tell }: Shared): Promise<RollbackCard> {
  const from = Date.now();
  for (let [card, last] = [begun, 0]; ; card = await call('rollback', { id: begun.target })) {
    const ms = Date.now() - from;
    if (card.begun?.ended || card.steps.some(({ waits }) => waits) || ms > WATCH_MS) return card;
    if (ms > last + TELL_EVERY_MS) {
      tell(`Under way for ${Math.round((last = ms) / 1_000)} s: ${card.steps.filter(over).length} of ${card.steps.length}.`);
    }
    await sleep(150);
  }
}

const over = ({ state }: RollbackStepCard): boolean => state === 'undone' || state === 'left';

const STATES: Readonly<Record<RollbackStepCard['state'], string>> = { next: 'to be undone', asked: 'being undone', undone: 'undone', left: 'NOT UNDONE' };

function told({ begun, steps, cases }: RollbackCard): readonly string[] {
  const head = begun === null ? 'It would be undone in this order:' : `${begun.person} said that it was wrong: ${plain(begun.reason)}`;
  return [
    head,
    ...(steps.length === 0 ? ['  Nothing came of it.'] : steps.flatMap(stepLines)),
    ...(cases > 0 ? [`${cases === 1 ? 'One case' : `${cases} cases`} more for evaluations: npx charter eval`] : []),
  ];
}

function stepLines({ proposal, tool, card: [what, to], state, compensation, waits, says }: RollbackStepCard): readonly string[] {
  const named = plain([what ? `${what.label} ${what.value}` : tool, ...(to ? [`${to.label.toLowerCase()} ${to.value}`] : [])].join(', '));
  return [
    `  ${shortId(proposal)}  ${(waits ? 'waits for people' : STATES[state]).padEnd(16)}  ${named}${compensation === null ? '' : `, by ${shortId(compensation)}`}`,
    ...(says === '' ? [] : [`    ${plain(says)}`]),
  ];
}

/** The command to type next. */
function after({ begun, steps, target }: RollbackCard): readonly string[] {
  const [waiting] = steps.filter(({ waits }) => waits);
  if (waiting?.compensation) return [`To decide about it: npx charter inbox show ${shortId(waiting.compensation)}`];
  return [begun?.ended ? `What led to it, and what came of it: npx charter why ${shortId(target)}` : `It goes on: npx charter wrong ${shortId(target)}`];
}

function exitOf({ begun, steps }: RollbackCard): number {
  if (steps.some(({ waits }) => waits)) return EXIT.waits;
  return begun?.ended && steps.some(({ state }) => state === 'left') ? EXIT.failed : EXIT.done;
}
