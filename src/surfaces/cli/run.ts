/** One command line from its words to its exit code. Exit codes: 0 done, 1 failed, 2 wrong use, 3 denied, 4 waits for a human. */
import { CommanderError } from 'commander';
import { ClientError } from '../../client.ts';
import { charterProgram } from './program.ts';
import { plainLines, printableJson } from './render.ts';
import { EXIT, type Terminal } from './shared.ts';

/** @param words after the command's name @returns the exit code; never throws */
export async function runCommand(words: readonly string[], terminal: Terminal): Promise<number> {
  const json = (words.includes('--') ? words.slice(0, words.indexOf('--')) : words).includes('--json');
  let exit: number = EXIT.done;
  try {
    await charterProgram(terminal, json, (code) => (exit = code)).parseAsync(words, { from: 'user' });
  } catch (error) {
    exit = report(error, json, terminal);
  }
  return exit;
}

function report(error: unknown, json: boolean, { out, err }: Terminal): number {
  if (error instanceof CommanderError && error.exitCode === 0) return EXIT.done; // help, or the version
  const { code, message, exit } = told(error);
  if (json) out(`${printableJson({ error: { code, message } })}\n`);
  else if (!(error instanceof CommanderError)) err(`${plainLines(message)}\n`); // commander has said what was wrong
  return exit;
}

function told(error: unknown): { code: string; message: string; exit: number } {
  if (error instanceof CommanderError) {
    const message = error.code === 'commander.help' ? 'Name one of its commands; `--help` lists them.' : error.message.replace(/^error: /, '');
    return { code: 'wrong_use', message, exit: EXIT.wrongUse };
  }
  const message = error instanceof Error ? error.message : String(error);
  if (error instanceof ClientError) return { code: error.code, message, exit: error.status };
  return { code: error instanceof Error && 'code' in error ? String(error.code) : 'failed', message, exit: EXIT.failed };
}
