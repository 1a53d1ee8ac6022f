/** Drafts are examined in a process of their own: what nests too deep, loops or eats memory ends that process and no other. */
import { spawn } from 'node:child_process';
import { pipeline } from 'node:stream/promises';
import { fileURLToPath } from 'node:url';
import { z } from 'zod';
import { CaseFile, Findings, UNEXAMINED, type RecordedCall } from '../../kernel/amendment.ts';
import type { Job } from './examine-process.ts';

const PROCESS = fileURLToPath(new URL('./examine-process.mjs', import.meta.url));
const LONGEST_MS = 180_000; // 100,000 recorded decisions take about 10 s on one slow core, the proofs three; on a busy machine five times that
const MEMORY_MB = 512;
const MOST_OUT = 8_000_000; // bytes

const Examined = z.strictObject({ findings: Findings, cases: z.array(CaseFile) });
export type Examined = z.infer<typeof Examined>;

/** What was found; where the process came to no end, that is what was found. */
export async function examineApart(job: Job, calls: AsyncIterable<RecordedCall>): Promise<Examined> {
  const { out, ended } = await run(linesOf(job, calls));
  if (ended === 'well') return Examined.parse(JSON.parse(out));
  const problem = `The draft could not be judged: its examination ${ended}. Nothing of it is in force; make its articles smaller and shallower.`;
  return { findings: { ...UNEXAMINED, problems: [problem] }, cases: [] };
}

async function* linesOf(job: Job, calls: AsyncIterable<RecordedCall>): AsyncGenerator<string> {
  yield `${JSON.stringify(job)}\n`;
  for await (const call of calls) yield `${JSON.stringify(call)}\n`;
}

function run(input: AsyncIterable<string>): Promise<{ readonly out: string; readonly ended: string }> {
  return new Promise((resolve, reject) => {
    // Neither our environment nor our streams: the cases of a draft are code that nobody has ratified yet.
    // It judges some hundred cases by the engine: to optimize the engine for them would take longer than they do.
    const child = spawn(process.execPath, [`--max-old-space-size=${MEMORY_MB}`, '--liftoff-only', PROCESS], {
      stdio: ['pipe', 'pipe', 'ignore'],
      env: { PATH: process.env['PATH'] },
    });
    const late = setTimeout(() => child.kill('SIGKILL'), LONGEST_MS);
    const chunks: Buffer[] = [];
    let size = 0;
    child.stdout.on('data', (chunk: Buffer) => {
      size += chunk.length;
      if (size > MOST_OUT) child.kill('SIGKILL');
      else chunks.push(chunk);
    });
    child.on('error', reject);
    child.on('close', (code, signal) => {
      clearTimeout(late);
      resolve({ out: Buffer.concat(chunks).toString('utf8'), ended: code === 0 ? 'well' : signal ? `was ended by ${signal}` : `ended with ${code ?? '?'}` });
    });
    pipeline(input, child.stdin).catch((error: unknown) => {
      if (child.exitCode === null && child.signalCode === null && !isClosed(error)) {
        child.kill('SIGKILL'); // the calls could not be read
        reject(error instanceof Error ? error : new Error(String(error)));
      }
    });
  });
}

/** It read no further, or died: `close` tells. */
const isClosed = (error: unknown): boolean =>
  error instanceof Error &&
  'code' in error &&
  (error.code === 'EPIPE' || error.code === 'ECONNRESET' || error.code === 'ERR_STREAM_PREMATURE_CLOSE' || error.code === 'ERR_STREAM_DESTROYED');
