/** Commands about the keys of this installation. Whoever holds the data directory holds them. */
import { InvalidArgumentError, type Command } from 'commander';
import { durationMs } from '../../kernel/time.ts';
import type { KeyCard } from '../../kernel/vault.ts';
import { dataDirOf } from './call.ts';
import type { Shared } from './shared.ts';

const OVERLAP = 'P15D'; // no card stays open for longer than 14 days: no vote on it is cast in vain
const LONGEST_DAYS = 366;

export function keysCommands(program: Command, { env, print }: Shared): void {
  const group = program.command('keys').description('the keys that sign warrants and votes, and seal what is stored');
  group
    .command('list')
    .description('which key signs and seals since when, and which still count')
    .action(async () => {
      const { keysHere } = await import('../../processes/keys.ts');
      const cards = await keysHere(dataDirOf(env));
      print(cards, cards.map(line).join('\n'));
    });
  group
    .command('rotate')
    .description('put a new key in the place of each, also while Charter runs; what was sealed before is opened as before')
    .option(
      '--overlap <duration>',
      'how long signatures of the old ones count, such as P15D or PT1H; PT0M where somebody may have them',
      overlap,
      overlap(OVERLAP),
    )
    .action(async ({ overlap: ms }: { overlap: number }) => {
      const { rotateKeys } = await import('../../processes/keys.ts');
      const cards = await rotateKeys(dataDirOf(env), ms, Date.now());
      const after =
        ms === 0
          ? 'Votes that were cast before do not count any more: whoever waits for them asks again.'
          : 'Keep a copy of keys/ apart from the database: what is sealed is read with it alone.';
      print(cards, [...cards.map(line), after, 'To see them again: npx charter keys list'].join('\n'));
    });
}

function line({ purpose, kid, from, inUse, until }: KeyCard): string {
  const signs = purpose === 'warrants' || purpose === 'attestations';
  const state = inUse ? `${signs ? 'signs' : 'seals'} since ${minute(from)}` : until === null ? 'opens what it sealed' : counts(until);
  return `${purpose.padEnd(13)} ${kid}  ${state}`;
}

const counts = (until: string): string => (Date.parse(until) > Date.now() ? `its signatures count until ${minute(until)}` : `retired since ${minute(until)}`);

const minute = (at: string): string => `${at.slice(0, 16).replace('T', ' ')} UTC`;

function overlap(text: string): number {
  const ms = durationMs(text);
  if (ms === undefined || ms > LONGEST_DAYS * 86_400_000)
    throw new InvalidArgumentError(`\`${text}\` is no time of at most ${LONGEST_DAYS} days; write one such as P15D, PT1H or PT0M.`);
  return ms;
}
