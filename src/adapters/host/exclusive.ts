/** A file that is there whole, or not at all. */
import { linkSync, unlinkSync, writeFileSync } from 'node:fs';

/** Writes a file unless one of that name is there. @returns whether it was written */
export function writeExclusive(file: string, text: string): boolean {
  const partial = `${file}.${process.pid}.${process.hrtime.bigint()}`;
  writeFileSync(partial, text, { mode: 0o600, flag: 'wx' });
  try {
    linkSync(partial, file);
    return true;
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'EEXIST') return false;
    throw error;
  } finally {
    unlinkSync(partial);
  }
}
