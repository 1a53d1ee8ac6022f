/** Long-running helpers in process groups of their own, found again by pid and start time after whatever happened. */
import { execFileSync, spawn, type SpawnOptions } from 'node:child_process';
import { mkdirSync, openSync, closeSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { dirname } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { z } from 'zod';

/** What this machine does not give: a port, a program, a permission. */
export class HostError extends Error {
  override readonly name = 'HostError';
  constructor(
    readonly code: 'port_taken' | 'already_running' | 'program_missing' | 'did_not_start' | 'not_readable' | 'stopped',
    message: string,
    options?: ErrorOptions,
  ) {
    super(message, options);
  }
}

export const Running = z.strictObject({ pid: z.int(), started: z.string(), port: z.int(), folder: z.string() });
export type Running = z.infer<typeof Running>;

/** A process's start time: with its pid it names one process, for pids come round again. Undefined where it is gone. */
export function startTime(pid: number): string | undefined {
  try {
    if (process.platform === 'linux') {
      const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
      const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
      return fields[0] === 'Z' ? undefined : fields[19]; // proc(5): state is field 3, starttime field 22
    }
    return execFileSync('ps', ['-o', 'lstart=', '-p', String(pid)], { encoding: 'utf8' }).trim() || undefined;
  } catch {
    return undefined; // no such process
  }
}

/** The process that a record names, if it still runs. */
export function running(file: string): Running | undefined {
  const record = Running.safeParse(noted(file));
  return record.success && startTime(record.data.pid) === record.data.started ? record.data : undefined;
}

/** What a note says; undefined where there is none, or only half of one: a machine that lost its power leaves such. */
export function noted(file: string): unknown {
  try {
    return JSON.parse(readFileSync(file, 'utf8'));
  } catch {
    return undefined;
  }
}

/** The port that was noted, whether or not its process still runs. */
export const notedPort = (file: string): number | undefined => z.object({ port: z.int() }).safeParse(noted(file)).data?.port;

/** The processes whose command line names a path; none where `ps` is missing. */
export function processesNaming(path: string): readonly { readonly pid: number; readonly command: string }[] {
  let listed: string;
  try {
    listed = execFileSync('ps', ['-axww', '-o', 'pid=,args='], { encoding: 'utf8', maxBuffer: 64_000_000 });
  } catch {
    return [];
  }
  const lines = listed.split('\n').map((line) => /^\s*(\d+)\s+(.*)$/.exec(line));
  return lines.flatMap((found) => (found?.[2]?.split(' ').includes(path) ? [{ pid: Number(found[1]), command: found[2] }] : []));
}

/** Notes a process, so that it is found again; whole, or not at all. Undefined where it is gone. */
export function note(file: string, pid: number, { port, folder }: { port: number; folder: string }): Running | undefined {
  const started = startTime(pid);
  if (started === undefined) return undefined;
  const record = { pid, started, port, folder };
  const partial = `${file}.${process.pid}`;
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(partial, JSON.stringify(record), { mode: 0o600 });
  renameSync(partial, file);
  return record;
}

/** Starts a program that outlives this process, and notes it. Its output goes to `log`. */
export function startDetached(
  file: string,
  log: string,
  command: string,
  args: readonly string[],
  about: { port: number; folder: string },
  options: SpawnOptions = {},
): Running {
  mkdirSync(dirname(log), { recursive: true });
  const out = openSync(log, 'a');
  const child = spawn(command, args, { detached: true, stdio: ['ignore', out, out], ...options });
  closeSync(out);
  child.on('error', () => undefined); // told below: without a pid it did not start
  child.unref();
  const record = child.pid === undefined ? undefined : note(file, child.pid, about);
  if (!record) throw new HostError('did_not_start', `\`${command}\` did not start; see \`${log}\`.`);
  return record;
}

/** Ends a noted process and its group: asked first, then made to. Nothing else is touched. */
export async function stopNoted(file: string, signal: NodeJS.Signals, patienceMs: number): Promise<void> {
  const record = running(file);
  if (record) {
    process.kill(record.pid, signal);
    for (let waited = 0; waited < patienceMs && startTime(record.pid) === record.started; waited += 50) await sleep(50);
    if (startTime(record.pid) === record.started) process.kill(-record.pid, 'SIGKILL');
  }
  rmSync(file, { force: true });
}

/** A free port on the loopback address: the wanted one if it can be had. @throws HostError `port_taken` for one that must be */
export async function freePort(wanted: number | undefined, must: string | undefined): Promise<number> {
  const listen = (port: number) =>
    new Promise<number | undefined>((resolve) => {
      const server = createServer();
      server.once('error', () => resolve(undefined));
      server.listen(port, '127.0.0.1', () => {
        const address = server.address();
        server.close(() => resolve(typeof address === 'object' && address ? address.port : undefined));
      });
    });
  const port = wanted === undefined ? undefined : await listen(wanted);
  if (port !== undefined) return port;
  if (wanted !== undefined && must !== undefined)
    throw new HostError('port_taken', `Port ${wanted} is taken by another program. Stop it, or choose another with ${must}.`);
  const any = await listen(0);
  if (any === undefined) throw new HostError('port_taken', 'No port is free on 127.0.0.1.');
  return any;
}

/** @throws HostError `port_taken` where that was the error @param option to choose another with */
export function portTaken(error: unknown, port: number, option: string): never {
  if (error instanceof Error && 'code' in error && error.code === 'EADDRINUSE')
    throw new HostError('port_taken', `Port ${port} is taken by another program. Stop it, or choose another with ${option}.`, { cause: error });
  throw error;
}

/** Tries until it holds or time is up. */
export async function until(what: string, holds: () => Promise<boolean>, limitMs: number, log: string): Promise<void> {
  for (const end = Date.now() + limitMs; Date.now() < end;) {
    if (await holds()) return;
    await sleep(60);
  }
  throw new HostError('did_not_start', `${what} did not answer within ${Math.round(limitMs / 1000)} s; see \`${log}\`.`);
}
