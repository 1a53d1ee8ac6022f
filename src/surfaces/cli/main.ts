/** The command line. Exit codes: 0 done, 1 failed, 2 wrong use, 3 denied, 4 waits for a human. */
import { CommanderError } from 'commander';
import { ClientError } from '../../client.ts';
import { charterProgram } from './program.ts';
import { plainLines, printableJson } from './render.ts';
import { EXIT } from './shared.ts';

const words = process.argv.slice(2);
const json = (words.includes('--') ? words.slice(0, words.indexOf('--')) : words).includes('--json');

try {
  await charterProgram(process.env, json).parseAsync();
} catch (error) {
  process.exitCode = report(error);
}

function report(error: unknown): number {
  if (error instanceof CommanderError && error.exitCode === 0) return EXIT.done; // help, or the version
  const { code, message, exit } = told(error);
  if (json) process.stdout.write(`${printableJson({ error: { code, message } })}\n`);
  else if (!(error instanceof CommanderError)) process.stderr.write(`${plainLines(message)}\n`); // commander has said what was wrong
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
