/** Commands that only an example has. */
import type { Command } from 'commander';
import { ClientError } from '../../client.ts';
import { durationMs } from '../../kernel/time.ts';
import type { Call } from './human-commands.ts';
import { localClock } from './render.ts';
import type { Shared } from './shared.ts';

export function exampleCommands(program: Command, { print }: Shared, call: Call): void {
  program
    .command('clock')
    .description("the example's business clock")
    .command('advance <time>')
    .description('move it on, such as 1d, 4h or 30m; what falls due on the way is done')
    .action(async (time: string) => {
      const ms = durationMs(`P${/^\d+d$/i.test(time) ? '' : 'T'}${time.toUpperCase()}`);
      if (ms === undefined || ms === 0) throw new ClientError('time_invalid', 2, `\`${time}\` is no time; write 1d, 4h or 30m.`);
      const [done, { zone }] = [await call('advance_clock', { ms }), await call('status', {})];
      const bank = done.sent.length > 0 ? `The bank answered with ${done.sent.join(', ')}.` : 'Nothing came from the bank.';
      print(done, `It is ${localClock(done.business, zone)}. ${bank}`);
    });
}
