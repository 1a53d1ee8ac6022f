/** Where the Temporal server comes from, the first way that works. */
import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { chmodSync, existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { downloadTemporal, findTemporal, pinnedVersion } from '../../scripts/temporal-server.mjs';

let folder: string;
let server: Server | undefined;
beforeEach(() => void (folder = mkdtempSync(join(tmpdir(), 'charter-server-'))));
afterEach(() => {
  server?.close();
  rmSync(folder, { recursive: true, force: true });
});

const cache = () => join(folder, 'cache');
/** A site that gives out an archive with a program of this version in it. */
async function site(version: string, status = 200): Promise<{ env: NodeJS.ProcessEnv; asked: string[] }> {
  const program = join(folder, 'temporal');
  writeFileSync(program, `#!/bin/sh\necho "temporal version ${version} (Server 1.31.2)"\n`);
  chmodSync(program, 0o755);
  execFileSync('tar', ['-czf', join(folder, 'a.tar.gz'), '-C', folder, 'temporal']);
  const asked: string[] = [];
  server = createServer((request, response) => {
    asked.push(request.url ?? '');
    response.writeHead(status).end(readFileSync(join(folder, 'a.tar.gz')));
  });
  await new Promise<void>((resolve) => server?.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  return { env: { CHARTER_CACHE: cache(), TEMPORAL_DOWNLOAD_URL: `http://127.0.0.1:${typeof address === 'object' ? address?.port : ''}`, PATH: '' }, asked };
}

describe('a download', () => {
  test('of the pinned version, for this platform, lands in the cache and is found there from then on', async () => {
    const { env, asked } = await site(pinnedVersion());
    const path = await downloadTemporal(env);
    expect(asked).toEqual([expect.stringContaining(`/cli/archive/v${pinnedVersion()}?platform=${process.platform}`)]);
    expect(statSync(path ?? '').mode & 0o111).toBeGreaterThan(0);
    expect(findTemporal(env)).toEqual({ way: 'cache', path });
    expect(readdirSync(cache())).toEqual([`temporal-${pinnedVersion()}`]);
  });
  test.each([
    ['of another version', '0.0.1', 200],
    ['that is not there', pinnedVersion(), 404],
  ])('%s leaves nothing behind', async (_what, version, status) => {
    const { env } = await site(version, status);
    expect(await downloadTemporal(env)).toBeUndefined();
    expect(existsSync(cache()) ? readdirSync(cache()) : []).toEqual([]);
  });
  test('with the SHA-256 that is asked for is taken; with another it is refused before anything of it runs', async () => {
    const { env } = await site(pinnedVersion());
    await expect(downloadTemporal({ ...env, TEMPORAL_DOWNLOAD_SHA256: '0'.repeat(64) })).rejects.toThrow('TEMPORAL_DOWNLOAD_SHA256');
    expect(readdirSync(cache())).toEqual([]);
    const own = createHash('sha256')
      .update(readFileSync(join(folder, 'a.tar.gz')))
      .digest('hex');
    expect(await downloadTemporal({ ...env, TEMPORAL_DOWNLOAD_SHA256: own.toUpperCase() })).toMatch(/temporal-/);
  });
  test('from a site that is out of reach is given up, so that it can be built', async () => {
    expect(await downloadTemporal({ CHARTER_CACHE: cache(), TEMPORAL_DOWNLOAD_URL: 'http://127.0.0.1:9', PATH: '' })).toBeUndefined();
  });
});

test('what the environment names goes before what lies about, and a path that does not run is said', () => {
  const program = join(folder, 'temporal');
  writeFileSync(program, '');
  expect(findTemporal({ TEMPORAL_ADDRESS: 'h:1', TEMPORAL_CLI_PATH: program })).toMatchObject({ way: 'external' });
  expect(() => findTemporal({ TEMPORAL_CLI_PATH: program })).toThrow(`\`${program}\``);
  chmodSync(program, 0o755);
  expect(findTemporal({ TEMPORAL_CLI_PATH: program, PATH: folder })).toMatchObject({ way: 'given' });
  expect(findTemporal({ PATH: folder, CHARTER_CACHE: cache() })).toEqual({ way: 'path', path: program });
  expect(findTemporal({ PATH: '', CHARTER_CACHE: cache() })).toBeUndefined();
});
