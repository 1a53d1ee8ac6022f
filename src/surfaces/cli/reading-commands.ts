/** The constitution to be read: what it comes to, and who put an article there. */
import type { Command } from 'commander';
import type { Outputs } from '../../client.ts';
import type { Call } from './human-commands.ts';
import { plain, shortId } from './render.ts';
import type { Shared } from './shared.ts';

export function reading(group: Command, { print }: Shared, call: Call): void {
  group
    .command('explain')
    .description('the whole constitution in plain words, for somebody who begins to work here')
    .action(async () => {
      const handbook = await call('constitution_explain', {});
      print(handbook, handbook.flatMap(({ title, lines }) => [`## ${plain(title)}`, '', ...lines.map((line) => `- ${plain(line)}`), '']).join('\n'));
    });
  group
    .command('blame <article>')
    .description('who put an article there as it stands, when, why, and with whose votes')
    .action(async (article: string) => {
      const changes = await call('constitution_blame', { article });
      print(changes, changes.flatMap(changeInWords).map(plain).join('\n'));
    });
}

function changeInWords({ how, at, by, amendment, reason, voted, lines }: Outputs['constitution_blame'][number]): readonly string[] {
  const through = amendment === null ? '' : `, ${shortId(amendment)}: charter constitution show ${shortId(amendment)}`;
  return [`${at}  ${how} by ${by}: ${reason}${through}`, `  voted for it: ${voted.join(', ')}`, ...lines.map((line) => `    ${line}`)];
}
