/** Commands about a person's own word on their own rota, and about what changed on it without. */
import type { Command } from 'commander';
import type { Call } from './human-commands.ts';
import { plain, shortId } from './render.ts';
import type { Shared } from './shared.ts';

export function consentCommands(program: Command, { print }: Shared, call: Call): void {
  const consents = program.command('consents').description('what people were asked about their own rota');
  consents
    .command('list')
    .description('unanswered ones first; one sees one’s own, staffing sees all')
    .option('--all', 'those that are answered too')
    .action(async ({ all }: { all?: boolean }) => {
      const rows = (await call('consents', {})).filter(({ state }) => all || state === 'asked');
      const told = rows.map(
        ({ key, person, what, answerBy, state }) => `${shortId(key)}  ${state === 'asked' ? `by ${answerBy}` : state}  ${person}: ${plain(what)}`,
      );
      print(rows, told.length === 0 ? 'Nobody was asked.' : told.join('\n'));
    });
  consents
    .command('told')
    .description('changes of shifts that took nobody’s word: one sees one’s own, staffing sees all')
    .action(async () => {
      const rows = await call('rota_changes', {});
      const told = rows.map(({ key, person, what }) => `${shortId(key)}  ${person}: ${plain(what)}`);
      print(rows, told.length === 0 ? 'Nobody’s shifts changed without their word.' : told.join('\n'));
    });
  for (const [verb, word, about] of [
    ['give', 'given', 'say yes; needs --as, and nobody can say it for you'],
    ['refuse', 'refused', 'say no; needs --as. It has no consequence for you'],
  ] as const)
    consents
      .command(`${verb} <question>`)
      .description(about)
      .action(async (id: string) => {
        const answered = await call('answer_consent', { id, word });
        print(answered, `${word === 'given' ? 'You agreed' : 'You refused'}: ${plain(answered.what)}.`);
      });
}
