/** Commands about people: who is who, and the tokens that say so. */
import type { Command } from 'commander';
import { dataDirOf, keepToken, keptToken } from './call.ts';
import type { Call } from './human-commands.ts';
import { table } from './render.ts';
import type { Shared } from './shared.ts';

/** @param opens whether a token opens anything here, as it is */
export function peopleCommands(program: Command, shared: Shared, call: Call, opens: (token: string) => Promise<boolean>): void {
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
    .description('issue a token, or exchange the one that somebody issued for you (--as NAME); it is kept in the data directory for --as')
    .action(async (person: string) => {
      const issued = await call('issue_token', { person });
      const dataDir = dataDirOf(shared.env);
      const there = keptToken(dataDir, issued.person);
      const stays = there !== undefined && !(await opens(issued.token)) && (await opens(there)); // one that works gives way to none that does not
      const name = stays ? `${issued.person}.by-${issued.issuedBy}` : issued.person;
      const file = keepToken(dataDir, name, issued.token);
      const use = stays
        ? `The one that ${issued.person} has here works, and stays. To exchange the new one: \`charter people token ${issued.person} --as ${name}\`.`
        : `Use it with --as ${name}.`;
      shared.print({ ...issued, file }, `Token ${issued.id} of ${issued.person}, issued by ${issued.issuedBy}, kept in ${file}. ${use}`);
    });
  group
    .command('revoke <person-or-token>')
    .description("end one token, or all of a person's, from the next call on; an owner's to do, or the person's own")
    .action(async (what: string) => {
      const { person, tokens } = await call('revoke_token', { what });
      shared.print({ person, tokens }, tokens.length === 0 ? `${person} had no valid token there.` : `Revoked of ${person}: ${tokens.join(', ')}.`);
    });
}
