/** Commands about what waits for people. */
import type { Command } from 'commander';
import { ClientError } from '../../client.ts';
import { inboxLink, type Connection } from './call.ts';
import type { Call } from './human-commands.ts';
import { card, line } from './render.ts';
import { EXIT, type Shared } from './shared.ts';
import { exitOf, watched } from './watch.ts';

export function inboxCommands(program: Command, shared: Shared, call: Call, connection: () => Connection): void {
  const group = program.command('inbox').description('what waits for people');
  group
    .command('open')
    .description('a link that opens the inbox in a browser, once, within five minutes; needs --as')
    .action(async () => {
      const url = await inboxLink(connection());
      shared.print({ url }, url);
    });
  group
    .command('list')
    .description('what waits, oldest first')
    .option('--all', 'decided ones too')
    .action(async ({ all }: { all?: boolean }) => {
      const tasks = await call('inbox', { all: all === true });
      shared.print(tasks, tasks.length === 0 ? 'Nothing waits for people.' : tasks.map(line).join('\n'));
    });
  group
    .command('show <id>')
    .description('one task: what, why, and who may decide')
    .action(async (id: string) => {
      const [task, { zone }] = await Promise.all([call('task', { id }), call('status', {})]);
      shared.print(task, card(task, zone));
    });
  group
    .command('decide <id>')
    .description('vote; needs --as or --token')
    .option('--approve')
    .option('--decline')
    .option('--reason <text>', 'why; a decline needs one', '')
    .action((id: string, vote: Vote) => decide(shared, call, id, vote));
}

interface Vote {
  readonly approve?: boolean;
  readonly decline?: boolean;
  readonly reason: string;
}

async function decide(shared: Shared, call: Call, id: string, { approve, decline, reason }: Vote): Promise<void> {
  if (approve === decline) throw new ClientError('choice_missing', 2, 'Say --approve or --decline.');
  const result = await call('decide', { id, choice: approve ? 'approve' : 'decline', reason });
  const task = result.counted ? await watched(call, result.task.id, shared.tell) : result.task;
  const { zone } = await call('status', {});
  shared.print({ ...result, task }, `${result.message}\n${card(task, zone)}`);
  process.exitCode = result.counted ? exitOf(task, decline ? 'declined' : undefined) : EXIT.denied;
}
