/** A file replaced whole: whoever reads meanwhile sees the old one or the new one, and where it cannot be written the old one stays. */
import { randomBytes } from 'node:crypto';
import { mkdir, rename, rm, writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';

/** The organization's folder cannot be written from here. */
export class UnwrittenError extends Error {
  override readonly name = 'UnwrittenError';
  readonly code = 'file_unwritten';
}

/** @throws UnwrittenError */
export async function replaceFile(path: string, text: string): Promise<void> {
  const partial = `${path}.${randomBytes(6).toString('hex')}`;
  try {
    await mkdir(dirname(path), { recursive: true });
    await writeFile(partial, text, { flag: 'wx' });
    await rename(partial, path);
  } catch (cause) {
    await rm(partial, { force: true }).catch(() => undefined); // a folder that is only read holds none
    throw new UnwrittenError(`\`${path}\` could not be written (${codeOf(cause)}). Let Charter write there, or write it into the file yourself.`, { cause });
  }
}

/** @throws UnwrittenError */
export async function removeFile(path: string): Promise<void> {
  await rm(path, { force: true }).catch((cause: unknown) => {
    throw new UnwrittenError(`\`${path}\` could not be taken away (${codeOf(cause)}). Let Charter write there, or take it away yourself.`, { cause });
  });
}

const codeOf = (cause: unknown): string => (cause instanceof Error && 'code' in cause ? String(cause.code) : 'unknown');
