/** Commands about what people were asked to see to. */
import type { Command } from 'commander';
import type { Call } from './human-commands.ts';
import { plain, shortId } from './render.ts';
import type { Shared } from './shared.ts';

export function taskCommands(program: Command, { print }: Shared, call: Call): void {
  const tasks = program.command('tasks').description('what people were asked to see to');
  tasks
    .command('list')
    .description('open ones, the earliest due first')
    .option('--all', 'those that are done too')
    .action(async ({ all }: { all?: boolean }) => {
      const rows = (await call('tasks', {})).filter(({ done }) => all || done === null);
      const told = rows.map(
        (task) =>
          `${shortId(task.key)}  ${task.done === null ? `by ${task.due}` : `done ${task.done}`}  ${task.person}: ${plain(task.title)} (${task.obligation})`,
      );
      print(rows, told.length === 0 ? 'Nobody has an open task.' : told.join('\n'));
    });
  tasks
    .command('done <task>')
    .description('say that it is done; needs --as')
    .action(async (id: string) => {
      const task = await call('finish_task', { id });
      print(
        task,
        `Done: ${plain(task.title)}. Evidence is filed apart: npx charter propose compliance.file_evidence obligation=${task.obligation} … --reason …`,
      );
    });
}
