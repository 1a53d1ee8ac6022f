/** Who runs the servers: whoever starts Charter; and where that is root, `nobody`. */
import { execFileSync } from 'node:child_process';
import { accessSync, chmodSync, chownSync, constants, copyFileSync, linkSync, mkdirSync, readdirSync, rmSync, statSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { HostError } from './processes.ts';

export interface User {
  readonly uid?: number;
  readonly gid?: number;
}

const passes = (folder: string): boolean => (statSync(folder).mode & 0o001) !== 0;

function* above(path: string): Generator<string> {
  for (let folder = path; folder !== dirname(folder); folder = dirname(folder)) yield folder;
}

/** Root starts servers as `nobody`; every folder above theirs must let that user through. @throws HostError `not_readable` */
export function unprivileged(dataDir: string, what: string): User {
  if (process.getuid?.() !== 0) return {};
  const closed = [...above(dataDir)].find((folder) => !passes(folder));
  if (closed !== undefined)
    throw new HostError(
      'not_readable',
      `${what} may not run as root, and its user cannot pass through \`${closed}\`. Set CHARTER_DATA to a folder elsewhere, or start as another user.`,
    );
  const [uid, gid] = ['-u', '-g'].map((which) => Number(execFileSync('id', [which, 'nobody'], { encoding: 'utf8' })));
  return { ...(uid === undefined ? {} : { uid }), ...(gid === undefined ? {} : { gid }) };
}

/** Gives a folder and all in it to the user: what root made in an earlier start has to stay usable. Links are left alone. */
export function give(folder: string, { uid, gid }: User): void {
  if (uid === undefined || gid === undefined) return;
  for (const entry of readdirSync(folder, { withFileTypes: true })) {
    if (entry.isDirectory()) give(join(folder, entry.name), { uid, gid });
    else if (entry.isFile()) chownSync(join(folder, entry.name), uid, gid);
  }
  chownSync(folder, uid, gid);
}

/** A program where the user can run it: as it lies, or, from a folder closed to others such as root's home, put into `folder`. */
export function runnableBy(user: User, program: string, folder: string): string {
  if (user.uid === undefined || ([...above(dirname(program))].every(passes) && (statSync(program).mode & 0o005) === 0o005)) return program;
  const { size, mtimeMs } = statSync(program);
  const own = join(folder, `${basename(program)}-${size}-${Math.round(mtimeMs)}`);
  mkdirSync(folder, { recursive: true, mode: 0o755 });
  try {
    accessSync(own, constants.X_OK);
  } catch {
    rmSync(own, { force: true });
    putInto(program, own);
  }
  return own;
}

function putInto(program: string, own: string): void {
  const open = (statSync(program).mode & 0o005) === 0o005;
  try {
    if (!open) throw new RangeError('a link would have its mode');
    linkSync(program, own);
  } catch {
    copyFileSync(program, own); // another file system, or closed to others
    chmodSync(own, 0o755);
  }
}
