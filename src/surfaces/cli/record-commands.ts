/** Commands about the papers: hand them in, see what became of them, say what a file holds that nobody recognises. */
import { basename } from 'node:path';
import type { Command } from 'commander';
import { ClientError, type RecordRow } from '../../client.ts';
import { givenFile, requestsOf, type GivenFile } from './given-files.ts';
import type { Call } from './human-commands.ts';
import { plain, table } from './render.ts';
import { EXIT, type Shared } from './shared.ts';

const STATES = { filed: 'filed', set_aside: 'set aside', asks: 'waits for its fields', waiting: 'waits', unreadable: 'not handed in' } as const;
const stateOf = (state: string): string => Object.entries(STATES).find(([name]) => name === state)?.[1] ?? state;

/** One line a file; of a table also which heading fills which column. */
function told(row: RecordRow): string {
  if (row.state === 'unreadable') return `${plain(row.name)}: ${stateOf(row.state)}: ${plain(row.reason)}`;
  const mapping = Object.entries(row.mapping).map(([column, heading]) => (column === heading ? column : `${column} <- ${heading}`));
  const lines = [
    plain(`${row.id.slice(0, 12)}  ${row.name}: ${stateOf(row.state)} (${row.register ?? row.kind})${row.reason === '' ? '' : `: ${row.reason}`}`),
  ];
  if (mapping.length > 0) lines.push(`    ${plain(`columns: ${mapping.join(', ')}${row.ignored.length > 0 ? `; not used: ${row.ignored.join(', ')}` : ''}`)}`);
  if (row.state === 'asks') lines.push(`    say what it holds: charter records describe ${row.id.slice(0, 12)} --register NAME column=… --as NAME`);
  return lines.join('\n');
}

/** `total=1190.00` -> ['total', '1190.00'] */
export function pairs(given: readonly string[]): Record<string, string> {
  return Object.fromEntries(
    given.map((pair) => {
      const at = pair.indexOf('=');
      if (at < 1) throw new ClientError('field_invalid', 2, `\`${pair}\` is no field; write column=value, such as total=1190.00.`);
      return [pair.slice(0, at), pair.slice(at + 1)];
    }),
  );
}

/** Files that can be read are handed in, whatever is the matter with others. */
async function handIn(call: Call, given: readonly GivenFile[]): Promise<readonly RecordRow[]> {
  const rows: RecordRow[] = [];
  for (const request of requestsOf(given.filter((file) => 'bytes' in file))) {
    const files = request.map(({ path, bytes }) => ({ name: basename(path), base64: bytes.toString('base64') }));
    rows.push(...(await call('add_records', { files })));
  }
  const unread = given.flatMap((file) => ('reason' in file ? [file] : []));
  return [
    ...rows,
    ...unread.map(({ path, reason }) => ({
      id: '',
      name: path,
      kind: 'unknown',
      state: 'unreadable',
      reason,
      filedBy: '',
      register: null,
      mapping: {},
      ignored: [],
    })),
  ];
}

export function recordCommands(program: Command, { print, exit }: Shared, call: Call): void {
  const records = program.command('records').description('the papers of the organization');
  records
    .command('add <files...>')
    .description('recognise and file CAMT.053, UBL, iCalendar and CSV; anything else is kept, and asks for its fields')
    .action(async (files: string[]) => {
      const rows = await handIn(call, files.map(givenFile));
      print(rows, rows.map(told).join('\n'));
      const states = new Set(rows.map(({ state }) => state));
      exit(states.has('unreadable') ? EXIT.wrongUse : states.has('set_aside') ? EXIT.failed : states.has('asks') ? EXIT.waits : EXIT.done);
    });
  records
    .command('list')
    .description('what came in, newest first')
    .option('--waiting', 'only files that wait for their fields')
    .action(async ({ waiting }: { waiting?: boolean }) => {
      const rows = await call('records', { state: waiting ? 'asks' : null });
      print(rows, rows.length === 0 ? 'Nothing came in.' : rows.map(told).join('\n'));
    });
  records
    .command('describe <file> [fields...]')
    .description('say what a file holds: column=heading for a table, with --row column=text for one row; needs --as')
    .requiredOption('--register <name>', 'what it is, such as invoices or suppliers')
    .option('--row', 'the fields are the texts of one row, not headings of the file')
    .action(async (file: string, fields: string[], { register, row }: { register: string; row?: boolean }) => {
      const given = pairs(fields);
      const done = await call('describe_record', { id: file, register, columns: row ? {} : given, fields: row ? given : {} });
      const columns = table(Object.entries(done.columns).map(([column, about]) => ({ column, about })));
      const rows = [...(done.rows.length > 0 ? [table(done.rows)] : []), ...(done.more > 0 ? [`… and ${done.more} more rows`] : [])];
      print(done, [...(done.filed ? ['Filed:'] : [`Not filed: ${plain(done.reason)}.`, columns]), ...rows].join('\n'));
      if (!done.filed) exit(EXIT.failed);
    });
}
