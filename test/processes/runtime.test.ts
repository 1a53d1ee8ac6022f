/** What a process needs before it serves: several of one installation start at the same moment. */
import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { EXAMPLE, organizationFolder } from '../../src/processes/runtime.ts';

const dataDir = mkdtempSync(join(tmpdir(), 'charter-runtime-'));
afterAll(() => rmSync(dataDir, { recursive: true, force: true }));
const files = (folder: string) => readdirSync(folder, { recursive: true }).map(String).sort();

test('whoever asks for the example gets it whole, while others copy it too', async () => {
  const whole = files(EXAMPLE);
  const askers = Array.from({ length: 24 }, async (_, nth) => {
    await new Promise((resolve) => setTimeout(resolve, nth)); // some come while the first still copies
    return files(await organizationFolder(dataDir, undefined));
  });
  for (const got of await Promise.all(askers)) expect(got).toEqual(whole);
  expect(readdirSync(join(dataDir, 'organizations'))).toEqual(['workshop']); // nothing half done is left
});
