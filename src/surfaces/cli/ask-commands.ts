/** Commands that set agents to work: a question, a call in one's own name, a review. */
import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Command } from 'commander';
import { ClientError, type Outputs } from '../../client.ts';
import { moneyOf } from '../../kernel/money.ts';
import type { Call } from './human-commands.ts';
import { pairs } from './record-commands.ts';
import { card, line, plainLines } from './render.ts';
import type { Shared } from './shared.ts';
import { exitOf, exitOfAll, watched } from './watch.ts';

const ANSWER_MS = 110_000; // a run of a model at its limit of turns

export function askCommands(program: Command, shared: Shared, call: Call): void {
  program
    .command('ask <text>')
    .description('ask an agent; needs --as')
    .option('--agent <name>', 'whom', 'finance-analyst')
    .option('--thread <name>', 'a conversation to go on with, under a name of your choice; without it, a new one')
    .action(async (text: string, { agent, thread = randomUUID() }: { agent: string; thread?: string }) => {
      const { turn } = await call('ask', { text, agent, conversation: thread, message: randomUUID() });
      const answer = await answered(call, turn, shared);
      const proposals = await Promise.all(answer.proposals.map(({ id }) => watched(call, id, shared.tell)));
      shared.print({ ...answer, proposals }, [plainLines(answer.answer ?? ''), ...proposals.map((task) => `Proposed: ${line(task)}`)].join('\n'));
      shared.exit(exitOfAll(proposals));
    });
  program
    .command('propose <tool> [arguments...]')
    .description('propose a call in your own name, such as finance.release_invoice invoice=S-001:7; it is judged like any other; needs --as')
    .requiredOption('--reason <text>', 'why')
    .action((tool: string, given: string[], { reason }: { reason: string }) => propose(shared, call, tool, given, reason));
  program
    .command('review <domain>')
    .description('review a domain now')
    .action(async (domain: string) => {
      const result = await call('review', { domain });
      shared.print(
        result,
        `${result.drifts} differences from what is declared; ${result.asks} new, ${result.proposals} proposals. See \`charter inbox list\`.`,
      );
    });
}

/** What the agent says to a turn. @throws ClientError `no_answer` */
export async function answered(call: Call, turn: string, { tell }: Shared): Promise<Outputs['answer']> {
  const begun = Date.now();
  for (let told = 0; Date.now() - begun < ANSWER_MS; await sleep(150)) {
    const answer = await call('answer', { turn });
    if (answer.state !== 'waiting') return answer;
    const seconds = Math.floor((Date.now() - begun) / 1_000);
    if (seconds >= told + 5) tell(`No answer yet, after ${(told = seconds)} s.`);
  }
  throw new ClientError('no_answer', 1, 'No answer yet; it is kept, and comes when the worker is back.');
}

async function propose(shared: Shared, call: Call, tool: string, given: readonly string[], reason: string): Promise<void> {
  const { id } = await call('propose', { tool, args: valuesOf(given), reason, message: randomUUID() });
  const [task, place] = [await watched(call, id, shared.tell), await call('place', {})];
  shared.print(task, card(task, place));
  shared.exit(exitOf(task));
}

/** Arguments as people write them, `name=value` each. */
export const valuesOf = (given: readonly string[]) => Object.fromEntries(Object.entries(pairs(given)).map(([name, text]) => [name, moneyOrText(text)]));

/** `1190.00 EUR` is money; everything else is text. */
const moneyOrText = (text: string) => {
  const [, amount, currency] = /^(\d+\.\d{2}) ([A-Z]{3})$/.exec(text) ?? [];
  return amount && currency ? { ...moneyOf(amount, currency) } : text;
};
