/** The command line as commander has it: every command, and what all of them share. */
import { Command } from 'commander';
import { evalCommand } from './eval-command.ts';
import { humanCommands } from './human-commands.ts';
import { hostCommands } from './host-commands.ts';
import { printableJson } from './render.ts';
import { EXIT_CODES, type Shared } from './shared.ts';

const COLUMNS = 100; // where the output is no terminal

interface Options {
  readonly json?: boolean;
  readonly as?: string;
  readonly token?: string;
  readonly url?: string;
}

/** @param json answers and errors as JSON alone: known before the line is parsed, so that a line that cannot be parsed is told as JSON too */
export function charterProgram(env: NodeJS.ProcessEnv, json: boolean): Command {
  const program = new Command('charter')
    .description('An operating system for organizations: agents that coordinate, and cannot act outside the constitution.')
    .option('--json', 'print JSON alone')
    .option('--as <person>', 'ask as this person, whose token lies in the data directory')
    .option('--token <token>', 'ask with this token')
    .option('--url <url>', 'where Charter listens, if not here')
    .showSuggestionAfterError()
    .exitOverride()
    .configureOutput({
      outputError: (text, write) => (json ? undefined : write(text)),
      writeErr: (text) => (json ? undefined : void process.stderr.write(text)),
    })
    .configureHelp({ showGlobalOptions: true })
    .addHelpText('after', EXIT_CODES);
  const shared: Shared = {
    options: () => program.opts<Options>(),
    env,
    columns: process.stdout.columns ?? COLUMNS,
    print: (value, words) => void process.stdout.write(`${json ? printableJson(value) : words}\n`),
    tell: (words) => (json ? undefined : void process.stderr.write(`${words}\n`)),
  };
  humanCommands(program, shared);
  hostCommands(program, shared);
  evalCommand(program, shared);
  return program;
}
