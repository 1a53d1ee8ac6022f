/** `charter tools import`: a draft is written beside nothing that is there. */
import { existsSync } from 'node:fs';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { basename, dirname } from 'node:path';
import { importTools } from '../activities/import-tools.ts';
import { manifestText } from '../adapters/files/manifests.ts';
import { ClientError } from '../client.ts';
import { ServerName, type Manifest } from '../kernel/manifest.ts';

/**
 * @param file JSON: an answer to MCP's `tools/list`, an OpenAPI 3.1 document, or a bare list
 * @throws ClientError `file_unreadable`, `not_tools`, `twice`, `server_invalid`, `already_there`
 */
export async function importFile(file: string, out: string, server: string): Promise<Manifest> {
  const name = ServerName.safeParse(server);
  if (!name.success) throw new ClientError('server_invalid', 2, `\`--server\` is \`${server}\`: it ${name.error.issues[0]?.message ?? 'is no name'}.`);
  if (existsSync(out)) throw new ClientError('already_there', 2, `\`${out}\` is there already; nothing was written. Name another file, or take that one away.`);
  const manifest = drafted(file, await listed(file), server);
  await mkdir(dirname(out), { recursive: true });
  await writeFile(out, manifestText(manifest, basename(file)), { flag: 'wx' });
  return manifest;
}

function drafted(file: string, given: unknown, server: string): Manifest {
  try {
    return importTools(given, server);
  } catch (error) {
    if (error instanceof Error && error.name === 'DescriptorError' && 'code' in error)
      throw new ClientError(String(error.code), 2, `\`${file}\` ${error.message}`, { cause: error });
    throw error;
  }
}

async function listed(file: string): Promise<unknown> {
  const text = await readFile(file, 'utf8').catch((cause: unknown) => {
    throw new ClientError('file_unreadable', 2, `\`${file}\` cannot be read; look at the path.`, { cause });
  });
  try {
    return JSON.parse(text);
  } catch (cause) {
    throw new ClientError('not_tools', 2, `\`${file}\` is no JSON: ${cause instanceof Error ? cause.message : ''}`, { cause });
  }
}
