/** Files that somebody names on the command line: read, or told in words why not. */
import { readFileSync, statSync } from 'node:fs';
import { ClientError, LARGEST_FILE, MOST_FILES } from '../../client.ts';

const MEGABYTE = 1_000_000;
const MOST_BYTES = 8 * MEGABYTE; // of one request; as base64 it stays below what the API takes

export type GivenFile = { readonly path: string; readonly bytes: Buffer } | { readonly path: string; readonly reason: string };

/** Why a file cannot be read, and what to do. */
const WHY: Readonly<Record<string, string>> = {
  ENOENT: 'is not there; look at the path',
  EACCES: 'may not be read by this user; change its permissions',
  ELOOP: 'is a link that leads back to itself',
};

export function givenFile(path: string): GivenFile {
  try {
    const about = statSync(path);
    if (about.isDirectory()) return { path, reason: `is a folder; name the files in it, such as \`${path.replace(/\/$/, '')}/*\`` };
    if (!about.isFile()) return { path, reason: 'is no file' };
    if (about.size > LARGEST_FILE)
      return {
        path,
        reason: `holds ${(about.size / MEGABYTE).toFixed(1)} MB, and one file may hold 8 MB; hand it in in parts, such as one statement per month`,
      };
    return { path, bytes: readFileSync(path) };
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? String(error.code) : '';
    return { path, reason: WHY[code] ?? `cannot be read (${code || String(error)})` };
  }
}

/** @throws ClientError `file_unreadable` */
export function givenText(path: string): string {
  const file = givenFile(path);
  if ('reason' in file) throw new ClientError('file_unreadable', 2, `\`${path}\` ${file.reason}.`);
  return file.bytes.toString('utf8');
}

/** Files in requests that the API takes, in their order. */
export function requestsOf<F extends { readonly bytes: Buffer }>(files: readonly F[]): readonly (readonly F[])[] {
  const requests: F[][] = [];
  let bytes = 0;
  for (const file of files) {
    const last = requests.at(-1);
    bytes += file.bytes.length;
    if (last && last.length < MOST_FILES && bytes <= MOST_BYTES) last.push(file);
    else {
      requests.push([file]);
      bytes = file.bytes.length;
    }
  }
  return requests;
}
