/** The command line. Exit codes: 0 done, 1 failed, 2 wrong use, 3 denied, 4 waits for a human. */
import { Command, CommanderError } from 'commander';
import { ClientError } from '../../client.ts';
import { humanCommands } from './human-commands.ts';
import { hostCommands } from './host-commands.ts';
import { plainLines, printableJson } from './render.ts';
import type { Shared } from './shared.ts';

const program = new Command('charter')
  .description('An operating system for organizations: agents that coordinate, and cannot act outside the constitution.')
  .option('--json', 'print JSON alone')
  .option('--as <person>', 'ask as this person, whose token lies in the data directory')
  .option('--token <token>', 'ask with this token')
  .option('--url <url>', 'where Charter listens, if not here')
  .showSuggestionAfterError()
  .exitOverride()
  .configureHelp({ showGlobalOptions: true })
  .addHelpText('after', '\nExit codes: 0 done, 1 failed, 2 wrong use, 3 denied, 4 waits for a human.');

const shared: Shared = {
  options: () => program.opts<{ json?: boolean; as?: string; token?: string; url?: string }>(),
  env: process.env,
  print(value, words) {
    process.stdout.write(`${program.opts<{ json?: boolean }>().json ? printableJson(value) : words}\n`);
  },
};
humanCommands(program, shared);
hostCommands(program, shared);

try {
  await program.parseAsync();
} catch (error) {
  process.exitCode = report(error);
}

function report(error: unknown): number {
  if (error instanceof CommanderError) return error.exitCode === 0 ? 0 : 2; // commander has said what was wrong
  const message = error instanceof Error ? error.message : String(error);
  const code = error instanceof ClientError ? error.code : error instanceof Error && 'code' in error ? String(error.code) : 'failed';
  if (program.opts<{ json?: boolean }>().json) process.stdout.write(`${printableJson({ error: { code, message } })}\n`);
  else process.stderr.write(`${plainLines(message)}\n`);
  return error instanceof ClientError ? error.status : 1;
}
