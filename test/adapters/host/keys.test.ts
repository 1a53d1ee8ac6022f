/** Keys in files: what every holder of keys does, and what only files can have wrong. */
import { spawn } from 'node:child_process';
import { chmodSync, existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { compactVerify, importSPKI } from 'jose';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { loadKeys, missingKeys } from '../../../src/adapters/host/keys.ts';
import { deriveId, OrgId, PersonId } from '../../../src/kernel/ids.ts';
import { digest } from '../../../src/kernel/digest.ts';
import { instant } from '../../../src/kernel/time.ts';
import { attestVote } from '../../../src/warrant/warrant.ts';
import { vaultConforms } from '../../conformance/vault.ts';

let dataDir: string;
beforeEach(() => void (dataDir = mkdtempSync(join(tmpdir(), 'charter-keys-'))));
afterEach(() => rmSync(dataDir, { recursive: true, force: true }));
const inFolder = (...path: string[]) => join(dataDir, 'keys', ...path);
const root = fileURLToPath(new URL('../../../', import.meta.url));

describe('keys in files', () => vaultConforms(() => ({ vault: loadKeys(dataDir), elsewhere: loadKeys(dataDir) })));

test('every file that a rotation leaves is for its owner alone; private halves that sign nothing any more are gone', async () => {
  const keys = loadKeys(dataDir);
  await keys.rotate(60_000, Date.now());
  await keys.rotate(60_000, Date.now());
  const files = readdirSync(inFolder());
  for (const file of files) expect(statSync(inFolder(file)).mode & 0o777, file).toBe(0o600);
  expect(files.filter((file) => file.endsWith('.pem'))).toHaveLength(2);
  expect(files.filter((file) => file.endsWith('.key'))).toHaveLength(6); // two in use, and two of each that open
  expect(files.filter((file) => file.startsWith('ring-'))).toEqual(['ring-000003.json']);
  expect(readFileSync(inFolder('ring-000003.json'), 'utf8')).not.toContain('PRIVATE');
  expect(missingKeys(dataDir)).toEqual([]);
});

test('an installation from before there was a ring goes on with the keys that it has', async () => {
  const before = await loadKeys(dataDir).keys();
  rmSync(inFolder('ring-000001.json'));
  expect(await loadKeys(dataDir).keys()).toEqual(before);
});

test('killed in the middle, before the ring is there, the old keys are in use; the next rotation goes through', async () => {
  const before = await loadKeys(dataDir).keys();
  writeFileSync(inFolder('warrants-0011223344ff.pem'), readFileSync(inFolder('warrants.pem')), { mode: 0o600 }); // all that was written
  expect(await loadKeys(dataDir).keys()).toEqual(before);
  expect(await loadKeys(dataDir).rotate(60_000, Date.now())).toHaveLength(8);
});

test('killed behind the ring, before the old files are gone, the new keys are in use', async () => {
  loadKeys(dataDir);
  const old = { pem: readFileSync(inFolder('warrants.pem')), ring: readFileSync(inFolder('ring-000001.json')) };
  const after = await loadKeys(dataDir).rotate(60_000, Date.now());
  writeFileSync(inFolder('warrants.pem'), old.pem, { mode: 0o600 });
  writeFileSync(inFolder('ring-000001.json'), old.ring, { mode: 0o600 });
  expect(await loadKeys(dataDir).keys()).toEqual(after);
});

test('of six that rotate at once each key is used, or the others are told; nothing is lost', async () => {
  const keys = loadKeys(dataDir);
  const { kid, sealed } = await keys.codec.encrypt(new TextEncoder().encode('before'));
  const program = join(dataDir, 'rotate.ts');
  writeFileSync(
    program,
    `import { loadKeys } from ${JSON.stringify(join(root, 'src/adapters/host/keys.ts'))};
    loadKeys(process.argv[2]).rotate(60_000, Date.now()).then(() => console.log('rotated'), (error) => console.log(error.code));`,
  );
  const said = await Promise.all(
    Array.from({ length: 6 }, () => {
      const child = spawn(process.execPath, [join(root, 'bin/typescript.mjs'), program, dataDir]);
      return new Promise<string>((resolve) => child.stdout.once('data', (chunk: Buffer) => resolve(chunk.toString().trim())));
    }),
  );
  const rotated = said.filter((one) => one === 'rotated').length;
  expect(rotated).toBeGreaterThan(0);
  expect(said.every((one) => one === 'rotated' || one === 'rotated_meanwhile')).toBe(true);
  expect((await keys.keys()).filter(({ purpose }) => purpose === 'warrants')).toHaveLength(rotated + 1);
  expect(Buffer.from(await keys.codec.decrypt(kid, sealed)).toString()).toBe('before');
  expect(missingKeys(dataDir)).toEqual([]);
}, 60_000);

test.each<readonly [string, RegExp, () => void]>([
  [
    'a key that was put in the place of another',
    /warrants\.pem` holds no key; put it back/,
    () => writeFileSync(inFolder('warrants.pem'), readFileSync(inFolder('attestations.pem'))),
  ],
  ['a key that is gone', /codec\.key` holds no key; put it back/, () => rmSync(inFolder('codec.key'))],
  ['a ring that is none', /ring-000001\.json` holds no key; put it back/, () => writeFileSync(inFolder('ring-000001.json'), '{')],
  ['a ring that others can read', /ring-000001\.json` can be read by others/, () => chmodSync(inFolder('ring-000001.json'), 0o644)],
])('%s stops the start, and nothing is made in its place', (_what, says, harm) => {
  loadKeys(dataDir);
  harm();
  const files = readdirSync(inFolder());
  expect(() => loadKeys(dataDir)).toThrow(says);
  expect(readdirSync(inFolder())).toEqual(files);
});

test('what is signed is a JWS that others verify with the public half alone', async () => {
  const keys = loadKeys(dataDir);
  const vote = {
    proposal: deriveId('prp', [1]),
    person: PersonId.parse('ana'),
    choice: 'approve',
    reason: '',
    credential: deriveId('tok', [1]),
    slice: digest(0),
    material: digest(0),
    at: instant(0),
  } as const;
  const jws = await attestVote(OrgId.parse('t'), vote, keys.attestations);
  const ring: { attestations: { public: string }[] } = JSON.parse(readFileSync(inFolder('ring-000001.json'), 'utf8'));
  const spki = `-----BEGIN PUBLIC KEY-----\n${ring.attestations[0]?.public}\n-----END PUBLIC KEY-----`;
  const { protectedHeader, payload } = await compactVerify(jws, await importSPKI(spki, 'EdDSA'));
  expect(protectedHeader).toMatchObject({ alg: 'EdDSA', typ: 'charter-vote+jws' });
  expect(JSON.parse(new TextDecoder().decode(payload))).toEqual({ org: 't', ...vote });
  expect(existsSync(inFolder('attestations.pem'))).toBe(true);
});
