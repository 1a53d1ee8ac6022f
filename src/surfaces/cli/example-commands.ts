/** Commands that only an example has. */
import type { Command } from 'commander';
import { ClientError } from '../../client.ts';
import { durationMs } from '../../kernel/time.ts';
import type { Call } from './human-commands.ts';
import { localClock } from './render.ts';
import type { Shared } from './shared.ts';

const DAY_MS = 86_400_000;

export function exampleCommands(program: Command, { print, tell }: Shared, call: Call): void {
  program
    .command('clock')
    .description("the example's business clock")
    .command('advance <time>')
    .description('move it on, such as 1d, 4h or 30m; what falls due on the way is done')
    .action(async (time: string) => {
      const ms = durationMs(`P${/^\d+d$/i.test(time) ? '' : 'T'}${time.toUpperCase()}`);
      if (ms === undefined || ms === 0) throw new ClientError('time_invalid', 2, `\`${time}\` is no time; write 1d, 4h or 30m.`);
      const { zone } = await call('place', {});
      const days = [];
      for (let left = ms; left > 0; left -= DAY_MS) {
        const day = await call('advance_clock', { ms: Math.min(left, DAY_MS) }); // a day a call: each is told as it is over
        days.push(day);
        const bank = day.sent.length > 0 ? `The bank answered with ${day.sent.join(', ')}.` : 'Nothing came from the bank.';
        tell(`It is ${localClock(day.business, zone)}. ${bank}`);
      }
      const last = days.at(-1);
      print(
        { business: last?.business, sent: days.flatMap(({ sent }) => sent), filed: days.reduce((sum, { filed }) => sum + filed, 0) },
        'See what it brought: npx charter inbox list',
      );
    });
}
