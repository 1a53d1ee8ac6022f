/** The command line of this process. */
import { runCommand } from './run.ts';

const COLUMNS = 100; // where the output is no terminal

process.exitCode = await runCommand(process.argv.slice(2), {
  env: process.env,
  columns: process.stdout.columns ?? COLUMNS,
  out: (text) => void process.stdout.write(text),
  err: (text) => void process.stderr.write(text),
});
