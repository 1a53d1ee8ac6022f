/** Commands that stop what agents do, and let it go on. */
import type { Command } from 'commander';
import { ClientError, type Input } from '../../client.ts';
import type { Call } from './human-commands.ts';
import type { Shared } from './shared.ts';

interface Given {
  readonly agent?: string;
  readonly domain?: string;
  readonly reason: string;
}

export function haltCommands(program: Command, { print }: Shared, call: Call): void {
  const command = (verb: 'halt' | 'resume', about: string): Command =>
    program
      .command(verb)
      .description(`${about}; needs --as`)
      .option('--agent <name>', 'of this agent alone')
      .option('--domain <name>', 'of this domain alone')
      .requiredOption('--reason <text>', 'why');
  command('halt', 'stop everything that has not begun, and take back payments that have not left').action(async (given: Given) => {
    const done = await call('halt', { scope: scopeOf(given), reason: given.reason });
    print(done, `Halted: ${done.scope}. ${done.stopped} stopped, ${done.withdrawn} payments taken back.`);
  });
  command('resume', 'lift a halt').action(async (given: Given) => {
    const done = await call('resume', { scope: scopeOf(given), reason: given.reason });
    print(done, `Resumed: ${done.scope}. The next review asks anew about what was stopped.`);
  });
}

function scopeOf({ agent, domain }: Given): Input<'halt'>['scope'] {
  if (agent !== undefined && domain !== undefined) throw new ClientError('scope_unclear', 2, 'Say --agent or --domain, or neither for the whole organization.');
  if (agent !== undefined) return { kind: 'agent', agent };
  return domain === undefined ? { kind: 'organization' } : { kind: 'domain', domain };
}
