/** The installation's secrets in files: made on first start, each in a file of its own that only its owner can read; rotated at once in every process. */
import { createCipheriv, createDecipheriv, createPublicKey, randomBytes, sign, verify, type KeyObject } from 'node:crypto';
import { chmodSync, existsSync, mkdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { millis } from '../../kernel/time.ts';
import { SEALS, SIGNS, VaultError, type KeyCard, type Sealer, type Signer, type Vault } from '../../kernel/vault.ts';
import { writeExclusive } from './exclusive.ts';
import { damaged, FIRST, hasRing, newPrivate, newSecret, readPrivate, readRing, readSecret, requireClosed, rotateRing, type Ring } from './key-ring.ts';

export interface Keys extends Vault {
  readonly operator: string; // the secret of whoever holds this directory
}

const NONCE_BYTES = 12;
const TAG_BYTES = 16;

/** @throws HostError `not_readable` where others could read a key, or it is damaged */
export function loadKeys(dataDir: string): Keys {
  const folder = keysFolder(dataDir);
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  chmodSync(folder, 0o700);
  if (!hasRing(folder)) {
    for (const purpose of SIGNS) secret(folder, FIRST[purpose], newPrivate);
    for (const purpose of SEALS) secret(folder, FIRST[purpose], newSecret);
  }
  const operator = secret(folder, 'operator.token', () => randomBytes(24).toString('base64url'));
  return { ...fileVault(folder), operator };
}

/** Files that hold a key in use and are not there; nothing before the first start. */
export function missingKeys(dataDir: string): readonly string[] {
  const folder = keysFolder(dataDir);
  const named = hasRing(folder) ? filesOf(readRing(folder).ring) : Object.values(FIRST);
  return [...named, 'operator.token'].filter((file) => !existsSync(join(folder, file)));
}

export const keysFolder = (dataDir: string): string => join(dataDir, 'keys');

/** Reads a secret, or makes it. Two that make it at once: the one who comes second reads the first's. */
export function secret(folder: string, name: string, make: () => string): string {
  const file = join(folder, name);
  if (!existsSync(file)) writeExclusive(file, make());
  requireClosed(file);
  return readFileSync(file, 'utf8');
}

/** The keys of a ring, read. */
interface Loaded {
  readonly stamp: bigint | null; // of the folder when it was read; null: read again at the next use
  readonly ring: Ring;
  readonly signing: Readonly<Record<(typeof SIGNS)[number], { readonly kid: string; readonly key: KeyObject }>>;
  readonly sealing: Readonly<Record<(typeof SEALS)[number], { readonly kid: string; readonly keys: ReadonlyMap<string, Uint8Array> }>>;
}

const TICK_MS = 100; // two changes within one tick of the file system's clock look like one
const MOST_TRIES = 5; // a rotation takes files away while they are read

function load(folder: string): Loaded {
  for (let tries = 1; ; tries++) {
    const { mtimeNs, mtimeMs } = statSync(folder, { bigint: true });
    const stamp = Date.now() - Number(mtimeMs) > TICK_MS ? mtimeNs : null;
    try {
      const { ring } = readRing(folder);
      const signing = (purpose: (typeof SIGNS)[number]) => inUse(folder, ring[purpose].at(-1), readPrivate);
      const sealing = (purpose: (typeof SEALS)[number]) => {
        const keys = new Map(ring[purpose].map((entry) => [entry.kid, inUse(folder, entry, readSecret).key]));
        return { kid: ring[purpose].at(-1)?.kid ?? '', keys };
      };
      return {
        stamp,
        ring,
        signing: { warrants: signing('warrants'), attestations: signing('attestations') },
        sealing: { codec: sealing('codec'), kek: sealing('kek') },
      };
    } catch (error) {
      if (tries >= MOST_TRIES || statSync(folder, { bigint: true }).mtimeNs === mtimeNs) throw error;
    }
  }
}

/** A file that holds another key than the ring says is as good as none. */
function inUse<T extends { readonly kid: string }>(
  folder: string,
  entry: { readonly kid: string; readonly file: string | null } | undefined,
  read: (folder: string, file: string) => T,
): T {
  if (!entry?.file) throw damaged(folder);
  const key = read(folder, entry.file);
  if (key.kid !== entry.kid) throw damaged(join(folder, entry.file));
  return key;
}

const filesOf = (ring: Ring): readonly string[] => [...SIGNS, ...SEALS].flatMap((purpose) => ring[purpose].flatMap(({ file }) => file ?? []));

/** @throws HostError `not_readable` */
function fileVault(folder: string): Vault {
  let loaded = load(folder);
  const now = (): Loaded => (statSync(folder, { bigint: true }).mtimeNs === loaded.stamp ? loaded : (loaded = load(folder)));
  return {
    warrants: signer('warrants', now),
    attestations: signer('attestations', now),
    codec: sealer('codec', now),
    kek: sealer('kek', now),
    keys: () => Promise.resolve(cardsOf(now().ring)),
    rotate: (overlapMs, at) => new Promise((resolve) => resolve(cardsOf(rotateRing(folder, overlapMs, at)))),
  };
}

function signer(purpose: (typeof SIGNS)[number], now: () => Loaded): Signer {
  return {
    sign: (message) =>
      new Promise((resolve) => {
        const { kid, key } = now().signing[purpose];
        resolve(sign(null, message(kid), key));
      }),
    verify: (kid, message, signature, at) =>
      new Promise((resolve) => {
        const entry = now().ring[purpose].find((one) => one.kid === kid);
        if (!entry || !verify(null, message, publicOf(entry.public), signature)) return resolve('bad');
        resolve(entry.until !== null && at >= millis(entry.until) ? 'retired' : 'good');
      }),
  };
}

const publicOf = (spki: string): KeyObject => createPublicKey({ key: Buffer.from(spki, 'base64'), format: 'der', type: 'spki' });

function sealer(purpose: (typeof SEALS)[number], now: () => Loaded): Sealer {
  return {
    encrypt: (plain) =>
      new Promise((resolve) => {
        const { kid, keys } = now().sealing[purpose];
        resolve({ kid, sealed: seal(plain, keyOf(keys, kid)) });
      }),
    decrypt: (kid, sealed) => new Promise((resolve) => resolve(open(sealed, keyOf(now().sealing[purpose].keys, kid)))),
  };
}

function keyOf(keys: ReadonlyMap<string, Uint8Array>, kid: string): Uint8Array {
  const key = keys.get(kid);
  if (!key) throw new VaultError('key_unknown', `This was sealed under the key \`${kid}\`, which is not here; restore that key from a backup of keys/.`);
  return key;
}

/** Nonce, ciphertext, tag. */
function seal(plain: Uint8Array, key: Uint8Array): Uint8Array {
  const nonce = randomBytes(NONCE_BYTES);
  const cipher = createCipheriv('aes-256-gcm', key, nonce);
  return Buffer.concat([nonce, cipher.update(plain), cipher.final(), cipher.getAuthTag()]);
}

function open(sealed: Uint8Array, key: Uint8Array): Uint8Array {
  try {
    const decipher = createDecipheriv('aes-256-gcm', key, sealed.subarray(0, NONCE_BYTES));
    decipher.setAuthTag(sealed.subarray(-TAG_BYTES));
    return Buffer.concat([decipher.update(sealed.subarray(NONCE_BYTES, -TAG_BYTES)), decipher.final()]);
  } catch (cause) {
    throw new VaultError('not_authentic', 'What was sealed was changed, or sealed under another key.', { cause });
  }
}

function cardsOf(ring: Ring): readonly KeyCard[] {
  return [...SIGNS, ...SEALS].flatMap((purpose) =>
    ring[purpose].map((entry, n, all) => ({
      purpose,
      kid: entry.kid,
      from: entry.from,
      inUse: n === all.length - 1,
      until: 'until' in entry ? entry.until : null,
    })),
  );
}
