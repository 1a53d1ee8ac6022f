/**
 * Which keys there are, as a file of its own for each rotation: `keys/ring-000002.json`. The highest number holds. A new one is linked into
 * its place, so it is there whole or not at all, and of two rotations at once one fails. A key of signing that is not in use any more is
 * known by its public half alone.
 */
import { generateKeyPairSync, createPrivateKey, createPublicKey, randomBytes, type KeyObject } from 'node:crypto';
import { existsSync, readdirSync, readFileSync, statSync, unlinkSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import { digestBytes } from '../../kernel/digest.ts';
import { instant, Instant } from '../../kernel/time.ts';
import { SEALS, SIGNS, VaultError, type Purpose } from '../../kernel/vault.ts';
import { writeExclusive } from './exclusive.ts';
import { HostError } from './processes.ts';

const KeyId = z.string().regex(/^[0-9a-f]{16}$/);
const Signing = z.strictObject({ kid: KeyId, from: Instant, file: z.string().nullable(), public: z.string(), until: Instant.nullable() }); // public: SPKI, base64
const Sealing = z.strictObject({ kid: KeyId, from: Instant, file: z.string() });
const Ring = z.strictObject({
  warrants: z.array(Signing).min(1),
  attestations: z.array(Signing).min(1),
  codec: z.array(Sealing).min(1),
  kek: z.array(Sealing).min(1),
});
export type Ring = z.infer<typeof Ring>;
export type SigningEntry = z.infer<typeof Signing>;
export type SealingEntry = z.infer<typeof Sealing>;

/** The files of the first keys; `loadKeys` makes them. */
export const FIRST: Readonly<Record<Purpose, string>> = { warrants: 'warrants.pem', attestations: 'attestations.pem', codec: 'codec.key', kek: 'kek.key' };

const NUMBERED = /^ring-(\d{6})\.json$/;
const ringFile = (n: number): string => `ring-${String(n).padStart(6, '0')}.json`;

const numbers = (folder: string): readonly number[] =>
  readdirSync(folder)
    .flatMap((name) => NUMBERED.exec(name)?.[1] ?? [])
    .map(Number)
    .sort((a, b) => a - b);

export const hasRing = (folder: string): boolean => numbers(folder).length > 0;

/** The ring as it is now; the first one is made of the first keys. @throws HostError `not_readable` */
export function readRing(folder: string): { readonly n: number; readonly ring: Ring } {
  const n = numbers(folder).at(-1) ?? firstRing(folder);
  const file = join(folder, ringFile(n));
  requireClosed(file);
  const parsed = Ring.safeParse(readable(file, () => JSON.parse(readFileSync(file, 'utf8'))));
  if (!parsed.success) throw damaged(file, parsed.error);
  return { n, ring: parsed.data };
}

function firstRing(folder: string): number {
  const since = (file: string) => instant(Math.trunc(statSync(join(folder, file)).mtimeMs));
  const signing = (file: string): SigningEntry[] => {
    const { kid, spki } = readPrivate(folder, file);
    return [{ kid, from: since(file), file, public: spki.toString('base64'), until: null }];
  };
  const sealing = (file: string): SealingEntry[] => [{ kid: readSecret(folder, file).kid, from: since(file), file }];
  const ring: Ring = { warrants: signing(FIRST.warrants), attestations: signing(FIRST.attestations), codec: sealing(FIRST.codec), kek: sealing(FIRST.kek) };
  writeExclusive(join(folder, ringFile(1)), JSON.stringify(ring, null, 2)); // who comes second reads the first's
  return 1;
}

/** @param now milliseconds since 1970 @throws VaultError `rotated_meanwhile` */
export function rotateRing(folder: string, overlapMs: number, now: number): Ring {
  const { n, ring } = readRing(folder);
  const [from, until] = [instant(now), instant(now + overlapMs)];
  const signing = (purpose: (typeof SIGNS)[number]): SigningEntry[] => {
    const file = newFile(folder, purpose, 'pem', newPrivate());
    const { kid, spki } = readPrivate(folder, file);
    const before = ring[purpose].map((entry) => ({ ...entry, file: null, until: entry.until ?? until }));
    return [...before, { kid, from, file, public: spki.toString('base64'), until: null }];
  };
  const sealing = (purpose: (typeof SEALS)[number]): SealingEntry[] => {
    const file = newFile(folder, purpose, 'key', newSecret());
    return [...ring[purpose], { kid: readSecret(folder, file).kid, from, file }];
  };
  const next: Ring = { warrants: signing('warrants'), attestations: signing('attestations'), codec: sealing('codec'), kek: sealing('kek') };
  if (!writeExclusive(join(folder, ringFile(n + 1)), JSON.stringify(next, null, 2))) {
    clear(folder, next, readRing(folder).ring);
    throw new VaultError('rotated_meanwhile', 'Somebody else rotated the keys at this very moment; theirs are in use. See `charter keys list`.');
  }
  clear(folder, ring, next);
  for (const older of numbers(folder)) if (older <= n) unlinkSync(join(folder, ringFile(older)));
  return next;
}

/** Takes away the files of one ring that another does not name: private halves that sign nothing any more. */
function clear(folder: string, of: Ring, kept: Ring): void {
  const files = (ring: Ring) => [...SIGNS, ...SEALS].flatMap((purpose) => ring[purpose].flatMap(({ file }) => file ?? []));
  const stay = new Set(files(kept));
  for (const file of files(of)) if (!stay.has(file) && existsSync(join(folder, file))) unlinkSync(join(folder, file));
}

/** Named at random: a file that a rotation did not come to name is nobody's key. */
function newFile(folder: string, purpose: Purpose, ending: string, content: string): string {
  const name = `${purpose}-${randomBytes(6).toString('hex')}.${ending}`;
  writeExclusive(join(folder, name), content);
  return name;
}

export const newPrivate = (): string => generateKeyPairSync('ed25519').privateKey.export({ type: 'pkcs8', format: 'pem' }).toString();
export const newSecret = (): string => randomBytes(32).toString('base64');

/** @throws HostError `not_readable` */
export function readPrivate(folder: string, name: string): { readonly kid: string; readonly key: KeyObject; readonly spki: Buffer } {
  const file = join(folder, name);
  const key = readable(file, () => createPrivateKey(readClosed(file)));
  const spki = createPublicKey(key).export({ type: 'spki', format: 'der' });
  return { kid: idOf(spki), key, spki };
}

/** @throws HostError `not_readable` */
export function readSecret(folder: string, name: string): { readonly kid: string; readonly key: Uint8Array } {
  const file = join(folder, name);
  const key = Buffer.from(
    readable(file, () => readClosed(file)),
    'base64',
  );
  if (key.length !== 32) throw damaged(file);
  return { kid: idOf(key), key };
}

function readClosed(file: string): string {
  requireClosed(file);
  return readFileSync(file, 'utf8');
}

/** @throws HostError `not_readable` where others could read it */
export function requireClosed(file: string): void {
  if (!existsSync(file) || (statSync(file).mode & 0o077) === 0) return;
  throw new HostError('not_readable', `\`${file}\` can be read by others; run \`chmod 600 ${file}\`, and replace the key if somebody may have.`);
}

export const damaged = (file: string, cause?: unknown) =>
  new HostError('not_readable', `\`${file}\` holds no key; put it back from a backup. A new one would not read what the old one sealed or signed.`, { cause });

function readable<T>(file: string, read: () => T): T {
  try {
    return read();
  } catch (cause) {
    if (cause instanceof HostError) throw cause;
    throw damaged(file, cause);
  }
}

/** Names a key without telling it: eight bytes of a digest. */
const idOf = (bytes: Uint8Array): string => digestBytes(Buffer.concat([Buffer.from('charter key id'), bytes])).slice(0, 16);
