/** Commands that answer a task otherwise than by a vote: a version of one's own, and a question back to its agent. */
import { randomUUID } from 'node:crypto';
import type { Command } from 'commander';
import { ClientError, type TaskCard } from '../../client.ts';
import { fieldValue } from '../../kernel/fields.ts';
import { answered } from './ask-commands.ts';
import type { Call } from './human-commands.ts';
import { pairs } from './record-commands.ts';
import { card, line, plain, plainLines } from './render.ts';
import { EXIT, type Shared } from './shared.ts';
import { exitOf, exitOfAll, watched } from './watch.ts';

export function answerCommands(group: Command, shared: Shared, call: Call): void {
  group
    .command('edit <id> <arguments...>')
    .description('propose your own version in its place, such as amount=11900.00; votes on it become void, and others decide yours; needs --as')
    .requiredOption('--reason <text>', 'why; who decides it reads this')
    .action((id: string, given: string[], { reason }: { reason: string }) => edit(shared, call, id, given, reason));
  group
    .command('respond <id> <text>')
    .description('ask the agent back about a task, which waits on; needs --as')
    .action((id: string, text: string) => respond(shared, call, id, text));
}

async function edit(shared: Shared, call: Call, id: string, given: readonly string[], reason: string): Promise<void> {
  const [shown, place] = await Promise.all([call('task', { id }), call('place', {})]);
  const seen = shown.decision === null ? {} : { seen: shown.decision.material };
  const result = await call('edit', { id: shown.id, args: versionOf(shown, given), reason, ...seen });
  const task = result.counted ? await watched(call, result.task.id, shared.tell) : result.task;
  shared.print({ ...result, task }, `${plain(result.message)}\n${card(task, place)}`);
  shared.exit(result.counted ? exitOf(task) : EXIT.denied);
}

/** The arguments with what was written in the place of what stood there. @throws ClientError `field_invalid` */
function versionOf({ args }: TaskCard, given: readonly string[]): TaskCard['args'] {
  const written = Object.entries(pairs(given)).map(([name, text]) => {
    const before = args[name];
    if (before === undefined)
      throw new ClientError('field_invalid', 2, `\`${name}\` is no argument of this call; its arguments are ${Object.keys(args).join(', ')}.`);
    try {
      return [name, fieldValue(text, before)] as const;
    } catch (cause) {
      throw new ClientError('field_invalid', 2, `\`${name}=${text}\` cannot be read: ${cause instanceof Error ? cause.message : ''}`, { cause });
    }
  });
  return { ...args, ...Object.fromEntries(written) };
}

async function respond(shared: Shared, call: Call, id: string, text: string): Promise<void> {
  const { turn } = await call('respond', { id, text, message: randomUUID() });
  const answer = await answered(call, turn, shared);
  const proposals = await Promise.all(answer.proposals.map((task) => watched(call, task.id, shared.tell)));
  shared.print({ ...answer, proposals }, [plainLines(answer.answer ?? ''), ...proposals.map((task) => `Proposed: ${line(task)}`)].join('\n'));
  shared.exit(exitOfAll(proposals));
}
