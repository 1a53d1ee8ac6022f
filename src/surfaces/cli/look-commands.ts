/** Commands that look: how things stand, why something happened, what models cost. */
import { DEVELOPMENT_MARK } from '../development-mark.ts';
import type { Command } from 'commander';
import { EVIDENCE, evidence } from '../evidence.ts';
import type { Call } from './human-commands.ts';
import { chain, localClock, modelsLine, plain, table, troubles } from './render.ts';
import type { Shared } from './shared.ts';

export function lookCommands(program: Command, { print }: Shared, call: Call): void {
  program
    .command('status')
    .description('what was done, what waits')
    .action(async () => {
      const status = await call('status', {});
      const counts = Object.entries(status.counts).map(([outcome, n]) => `${outcome.padEnd(10)} ${n}`);
      const halted = status.halted.length > 0 ? [`HALTED: ${plain(status.halted.join(', '))}`] : [];
      print(
        status,
        [
          `${plain(status.name)}, ${localClock(status.business, status.zone)}`,
          ...(status.development ? [DEVELOPMENT_MARK] : []),
          ...halted,
          ...counts,
          modelsLine(status.money),
          ...status.findings.map(plain),
          ...troubles(status),
        ].join('\n'),
      );
    });
  program
    .command('why <id>')
    .description('the chain of causes of a task, invoice, bank reference or event')
    .option('--evidence', 'each event by its id and the digest of its leaf in the log')
    .action(async (id: string, { evidence: digests = false }: { evidence?: boolean }) => {
      const [events, { zone }] = await Promise.all([call('why', { id }), call('place', {})]);
      print(events, digests ? `${EVIDENCE}\n${evidence(events)}` : chain(events, zone));
    });
  program
    .command('cost')
    .description('what models cost, by month and agent')
    .action(async () => {
      const cost = await call('cost', {});
      const rows = cost.agents;
      const dollars = (micros: number): string => (micros / 1_000_000).toFixed(4);
      const told = rows.map(({ month, agent, calls, tokens_in, tokens_out, micros }) => ({
        month,
        agent,
        calls,
        'tokens in': tokens_in,
        'tokens out': tokens_out,
        'US dollars': dollars(micros),
      }));
      print(cost, [modelsLine(cost), rows.length === 0 ? 'No model was called; what was done, the playbooks did.' : table(told)].join('\n'));
    });
}
