/** Commands about what waits for people. */
import { InvalidArgumentError, type Command } from 'commander';
import { ClientError } from '../../client.ts';
import { LocalDate } from '../../kernel/time.ts';
import { answerCommands } from './answer-commands.ts';
import { inboxLink, type Connection } from './call.ts';
import { amendmentLine } from './constitution-commands.ts';
import type { Call } from './human-commands.ts';
import { card, inboxList, plain } from './render.ts';
import { EXIT, type Shared } from './shared.ts';
import { exitOf, watched } from './watch.ts';

export function inboxCommands(program: Command, shared: Shared, call: Call, connection: () => Connection): void {
  const group = program.command('inbox').description('what waits for people');
  group
    .command('open [id]')
    .description('a link that opens the inbox, or one task in it, in a browser, once, within five minutes; needs --as')
    .action(async (id: string | undefined) => {
      const url = await inboxLink(connection(), id === undefined ? '/' : `/tasks/${(await call('task', { id })).id}`);
      shared.print({ url }, url);
    });
  group
    .command('list')
    .description('what waits for a decision')
    .option('--all', 'decided ones too')
    .option('--grouped', 'also those that wait behind a group for a later day')
    .action(async ({ all, grouped }: { all?: boolean; grouped?: boolean }) => {
      const [tasks, amendments] = await Promise.all([call('inbox', { all: all === true }), call('amendments', { all: all === true })]);
      const told = amendments.map(amendmentLine);
      const waits = tasks.length > 0 || told.length === 0 ? [inboxList(tasks, grouped === true)] : [];
      shared.print([...tasks, ...amendments], [...told, ...waits].join('\n'));
    });
  group
    .command('nudge <id>')
    .description('ask one person by name to decide a task; it has to be somebody who may; needs --as or --token')
    .requiredOption('--to <person>', 'whom')
    .action(async (id: string, { to }: { to: string }) => {
      const [result, place] = await Promise.all([call('nudge', { id, to }), call('place', {})]);
      shared.print(result, `${plain(result.message)}\n${card(result.task, place)}`);
      shared.exit(result.asked ? EXIT.done : EXIT.denied);
    });
  group
    .command('show <id>')
    .description('one task: what, why, and who may decide')
    .action(async (id: string) => {
      const [task, place] = await Promise.all([call('task', { id }), call('place', {})]);
      shared.print(task, card(task, place));
    });
  group
    .command('decide <id>')
    .description('vote; needs --as or --token')
    .option('--approve')
    .option('--decline')
    .option('--reason <text>', 'why; a decline needs one', '')
    .option('--again-on <day>', 'of a decline: the day on which it may be asked again, such as 2026-03-20; else only when a fact changes', day)
    .action((id: string, vote: Vote) => decide(shared, call, id, vote));
  answerCommands(group, shared, call);
}

interface Vote {
  readonly approve?: boolean;
  readonly decline?: boolean;
  readonly reason: string;
  readonly againOn?: LocalDate;
}

function day(text: string): LocalDate {
  const parsed = LocalDate.safeParse(text);
  if (!parsed.success) throw new InvalidArgumentError(`\`${text}\` is no day; write one such as 2026-03-20.`);
  return parsed.data;
}

async function decide(shared: Shared, call: Call, id: string, { approve, decline, reason, againOn }: Vote): Promise<void> {
  if (approve === decline) throw new ClientError('choice_missing', 2, 'Say --approve or --decline.');
  const [shown, place] = await Promise.all([call('task', { id }), call('place', {})]);
  const before = card(shown, place);
  shared.tell(`${before}\n`); // what is decided is what was shown
  const seen = shown.decision === null ? {} : { seen: shown.decision.material };
  const result = await call('decide', { id: shown.id, choice: approve ? 'approve' : 'decline', reason, ...seen, ...(againOn ? { againOn } : {}) });
  const task = result.counted ? await watched(call, result.task.id, shared.tell) : result.task;
  const after = card(task, place);
  shared.print({ ...result, task }, [plain(result.message), ...(after === before ? [] : [after])].join('\n')); // of a late vote nothing has changed
  shared.exit(result.counted ? exitOf(task, decline ? 'declined' : undefined) : EXIT.denied);
}
