/** Writes a file that must be there whole, or not at all, and never twice: temporary file, fsync, exclusive link. */
import { link, mkdir, open, readFile, unlink } from 'node:fs/promises';
import { join } from 'node:path';

/** A file of that name is there with other contents. */
export class OutboxError extends Error {
  override readonly name = 'OutboxError';
  constructor(
    readonly code: 'other_content',
    message: string,
  ) {
    super(message);
  }
}

/** Same name and bytes again: nothing happens. @throws OutboxError `other_content` */
export async function writeOnce(folder: string, name: string, content: string): Promise<void> {
  await mkdir(folder, { recursive: true });
  const target = join(folder, name);
  const partial = join(folder, `.${name}.${process.pid}`);
  const file = await open(partial, 'w', 0o600);
  try {
    await file.writeFile(content);
    await file.sync();
  } finally {
    await file.close();
  }
  try {
    await link(partial, target);
  } catch (error) {
    if (!(error instanceof Error && 'code' in error && error.code === 'EEXIST')) throw error;
    if ((await readFile(target, 'utf8')) !== content)
      throw new OutboxError('other_content', `\`${target}\` is there with other contents; move it away and say who wrote it.`);
  } finally {
    await unlink(partial);
  }
  const directory = await open(folder, 'r');
  try {
    await directory.sync();
  } finally {
    await directory.close();
  }
}
