/** Commands about what waits for people. */
import { InvalidArgumentError, type Command } from 'commander';
import { ClientError, type TaskPage } from '../../client.ts';
import { LocalDate } from '../../kernel/time.ts';
import { answerCommands } from './answer-commands.ts';
import { inboxLink, type Connection } from './call.ts';
import { amendmentLine } from './constitution-commands.ts';
import type { Call } from './human-commands.ts';
import { leftOut } from '../left-out.ts';
import { card, inboxList, line, plain } from './render.ts';
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
    .option('--after <id>', AFTER)
    .action(async ({ all = false, grouped, after }: { all?: boolean; grouped?: boolean; after?: string }) => {
      const [page, amendments] = await Promise.all([call('inbox', { all, ...(after === undefined ? {} : { after }) }), call('amendments', { all })]);
      const told = after === undefined ? amendments.map(amendmentLine) : []; // they stand before the first page
      const waits = page.tasks.length > 0 || told.length === 0 ? [inboxList(page.tasks, grouped === true)] : [];
      shared.print({ ...page, amendments }, [...told, ...waits, ...more(page, `inbox list${all ? ' --all' : ''}`)].join('\n'));
    });
  group
    .command('search <text>')
    .description('what was decided and has this on it, the last first')
    .option('--after <id>', AFTER)
    .action(async (text: string, { after }: { after?: string }) => {
      const page = await call('search', { text, ...(after === undefined ? {} : { after }) });
      const found = page.tasks.length === 0 ? ['Nothing that was decided has this on it.'] : page.tasks.map(line);
      shared.print(page, [...found, ...more(page, 'inbox search …')].join('\n'));
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

const AFTER = 'go on behind this task, with which the list before ended';

/** How a list that is cut goes on. */
function more(page: TaskPage, command: string): readonly string[] {
  const says = leftOut(page, page.tasks.length);
  return says === undefined || page.next === null ? [] : [`${says} The next: npx charter ${command} --after ${page.next}`];
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
