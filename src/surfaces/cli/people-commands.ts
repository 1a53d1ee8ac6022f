/** Commands about people: who is who, and the tokens that say so. */
import type { Command } from 'commander';
import { keepToken } from './call.ts';
import { dataDirOf, type Call } from './human-commands.ts';
import { table } from './render.ts';
import type { Shared } from './shared.ts';

export function peopleCommands(program: Command, shared: Shared, call: Call): void {
  const group = program.command('people').description('who is who, and their tokens');
  group
    .command('list')
    .description('everybody, with their roles')
    .action(async () => {
      const rows = await call('people', {});
      shared.print(rows, table(rows.map(({ id, name, roles, status }) => ({ id, name, roles: roles.join(', ') || '-', status }))));
    });
  group
    .command('token <person>')
    .description('issue a token; it is kept in the data directory for --as')
    .action(async (person: string) => {
      const issued = await call('issue_token', { person });
      const file = keepToken(dataDirOf(shared.env), issued.person, issued.token);
      shared.print(issued, `Token of ${issued.person}, issued by ${issued.issuedBy}, kept in ${file}. Use it with --as ${issued.person}.`);
    });
}
