/** Starting as a person does, cold and warm, and the memory that the processes take at rest. */
import { execFileSync, spawn, type ChildProcess } from 'node:child_process';
import { chmodSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import type { Figure } from './figures.ts';

const CHARTER = fileURLToPath(new URL('../../bin/charter.mjs', import.meta.url));
const AT_REST_MS = 20_000; // after the first screen: what starting needed is given back by then
const RSS_BAR_MB = 450;

export async function startFigures(): Promise<readonly Figure[]> {
  const dataDir = mkdtempSync(join(tmpdir(), 'charter-bench-'));
  chmodSync(dataDir, 0o755); // PostgreSQL's own user passes through
  try {
    const cold = await up(dataDir);
    await down(cold.child);
    const warm = await up(dataDir);
    await sleep(AT_REST_MS);
    const memory = memoryOf(warm.child.pid ?? 0);
    await down(warm.child);
    return [
      { what: 'start, cold, to the first screen', value: cold.seconds, unit: 's' },
      { what: 'start, warm, to the first screen', value: warm.seconds, unit: 's' },
      { what: 'memory at rest (RSS): our Node processes', value: memory.node, unit: 'MB', most: RSS_BAR_MB },
      { what: 'memory at rest (RSS): Temporal', value: memory.temporal, unit: 'MB' },
      { what: 'memory at rest (RSS): PostgreSQL, shared pages counted once for each process', value: memory.postgres, unit: 'MB' },
    ];
  } finally {
    rmSync(dataDir, { recursive: true, force: true });
  }
}

async function up(dataDir: string): Promise<{ child: ChildProcess; seconds: number }> {
  const begun = performance.now();
  const child = spawn(CHARTER, ['up', '--port', '0'], { env: { ...process.env, CHARTER_DATA: dataDir }, stdio: ['ignore', 'pipe', 'inherit'] });
  await new Promise<void>((resolve, reject) => {
    let said = '';
    child.stdout.on('data', (chunk: Buffer) => {
      said += chunk.toString();
      if (said.includes('Ctrl-C ends it')) resolve();
    });
    child.once('exit', (code) => reject(new Error(`charter up ended with ${code}: ${said}`)));
  });
  return { child, seconds: (performance.now() - begun) / 1_000 };
}

async function down(child: ChildProcess): Promise<void> {
  const ended = new Promise<void>((resolve) => child.once('exit', () => resolve()));
  child.kill('SIGINT');
  await ended;
}

/** Megabytes of a process and all below it, by kind. */
function memoryOf(root: number): { node: number; temporal: number; postgres: number } {
  const rows = execFileSync('ps', ['-eo', 'pid=,ppid=,rss=,comm='], { encoding: 'utf8' })
    .trim()
    .split('\n')
    .map((line) => /^\s*(\d+)\s+(\d+)\s+(\d+)\s+(.*)$/.exec(line)?.slice(1) ?? [])
    .map(([pid, ppid, rss, command = '']) => ({ pid: Number(pid), ppid: Number(ppid), rss: Number(rss), command }));
  const below = new Set([root]);
  for (let size = 0; size !== below.size;) {
    size = below.size;
    for (const { pid, ppid } of rows) if (below.has(ppid)) below.add(pid);
  }
  const megabytes = (kind: RegExp) => rows.filter(({ pid, command }) => below.has(pid) && kind.test(command)).reduce((sum, { rss }) => sum + rss / 1_024, 0);
  return { node: megabytes(/node|MainThread/), temporal: megabytes(/temporal/), postgres: megabytes(/postgres/) };
}
