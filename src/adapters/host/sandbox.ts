/** Where nothing leaves this machine: what would be sent is kept in a file. */
import { appendFile, mkdir } from 'node:fs/promises';
import { dirname } from 'node:path';
import type { Outside } from '../../activities/ports.ts';

/** Word that would be sent to other runtimes, a line of JSON for each in a file; without its signature, which would be a true one. */
export const sandboxed = (file: string): Outside => ({
  async post(url, _headers, body) {
    await mkdir(dirname(file), { recursive: true });
    await appendFile(file, `${JSON.stringify({ url, body })}\n`);
  },
});
