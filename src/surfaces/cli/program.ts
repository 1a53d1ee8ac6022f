/** The command line as commander has it: every command, and what all of them share. */
import { createRequire } from 'node:module';
import { Command } from 'commander';
import { z } from 'zod';
import { evalCommand } from './eval-command.ts';
import { humanCommands } from './human-commands.ts';
import { hostCommands } from './host-commands.ts';
import { keysCommands } from './keys-commands.ts';
import { printableJson } from './render.ts';
import { EXIT_CODES, type Shared, type Terminal } from './shared.ts';
import { tourCommand } from './tour-command.ts';

const { version } = z.object({ version: z.string() }).parse(createRequire(import.meta.url)('../../../package.json'));

interface Options {
  readonly json?: boolean;
  readonly as?: string;
  readonly token?: string;
  readonly url?: string;
}

/** @param json answers and errors as JSON alone: known before the line is parsed, so that a line that cannot be parsed is told as JSON too */
export function charterProgram({ env, columns, out, err }: Terminal, json: boolean, exit: (code: number) => void): Command {
  const program = new Command('charter')
    .description('An operating system for organizations: agents that coordinate, and cannot act outside the constitution.')
    .option('--json', 'print JSON alone')
    .option('--as <person>', 'ask as this person, whose token lies in the data directory')
    .option('--token <token>', 'ask with this token')
    .option('--url <url>', 'where Charter listens, if not here')
    .version(version, '--version')
    .showSuggestionAfterError()
    .exitOverride()
    .configureOutput({
      writeOut: out,
      writeErr: (text) => (json ? undefined : err(text)),
    })
    .configureHelp({ showGlobalOptions: true })
    .addHelpText('after', EXIT_CODES);
  const shared: Shared = {
    options: () => program.opts<Options>(),
    env,
    columns,
    print: (value, words) => out(`${json ? printableJson(value) : words}\n`),
    line: (value, words) => out(`${json ? printableJson(value, 0) : words}\n`),
    tell: (words) => (json ? undefined : err(`${words}\n`)),
    exit,
  };
  humanCommands(program, shared);
  hostCommands(program, shared);
  keysCommands(program, shared);
  evalCommand(program, shared);
  tourCommand(program, shared);
  return program;
}
