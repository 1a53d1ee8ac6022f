/** The installation's secrets: made on first start, each in a file of its own that only its owner can read. */
import { createPrivateKey, createPublicKey, generateKeyPairSync, randomBytes, type KeyObject } from 'node:crypto';
import { chmodSync, existsSync, mkdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { digestBytes } from '../../kernel/digest.ts';
import { writeExclusive } from './exclusive.ts';
import { HostError } from './processes.ts';

export interface KeyPair {
  readonly kid: string;
  readonly sign: KeyObject;
  readonly verify: KeyObject;
}

export interface Keys {
  readonly warrants: KeyPair;
  readonly attestations: KeyPair;
  readonly codec: { readonly id: string; readonly key: Uint8Array }; // Temporal's payloads
  readonly kek: { readonly id: string; readonly key: Uint8Array }; // wraps the subjects' keys
  readonly operator: string; // the secret of whoever holds this directory
}

/** The files of `loadKeys`. */
export const KEY_FILES = ['warrants.pem', 'attestations.pem', 'codec.key', 'kek.key', 'operator.token'] as const;

/** @throws HostError `not_readable` where others could read a key, or it is damaged */
export function loadKeys(dataDir: string): Keys {
  const folder = join(dataDir, 'keys');
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  chmodSync(folder, 0o700);
  const pair = (name: string): KeyPair => {
    const pem = secret(folder, `${name}.pem`, () => generateKeyPairSync('ed25519').privateKey.export({ type: 'pkcs8', format: 'pem' }).toString());
    const sign = readable(join(folder, `${name}.pem`), () => createPrivateKey(pem));
    const verify = createPublicKey(sign);
    return { kid: idOf(verify.export({ type: 'spki', format: 'der' })), sign, verify };
  };
  const bytes = (name: string) => {
    const key = Buffer.from(
      secret(folder, `${name}.key`, () => randomBytes(32).toString('base64')),
      'base64',
    );
    if (key.length !== 32) throw damaged(join(folder, `${name}.key`));
    return { id: idOf(key), key };
  };
  return {
    warrants: pair('warrants'),
    attestations: pair('attestations'),
    codec: bytes('codec'),
    kek: bytes('kek'),
    operator: secret(folder, 'operator.token', () => randomBytes(24).toString('base64url')),
  };
}

/** Reads a secret, or makes it. Two that make it at once: the one who comes second reads the first's. */
export function secret(folder: string, name: string, make: () => string): string {
  const file = join(folder, name);
  if (!existsSync(file)) writeExclusive(file, make());
  const { mode } = statSync(file);
  if ((mode & 0o077) !== 0)
    throw new HostError('not_readable', `\`${file}\` can be read by others; run \`chmod 600 ${file}\`, and replace the key if somebody may have.`);
  return readFileSync(file, 'utf8');
}

const damaged = (file: string, cause?: unknown) =>
  new HostError('not_readable', `\`${file}\` holds no key; put it back from a backup. A new one would not read what the old one sealed or signed.`, { cause });

function readable<T>(file: string, read: () => T): T {
  try {
    return read();
  } catch (cause) {
    throw damaged(file, cause);
  }
}

/** Names a key without telling it: eight bytes of a digest. */
const idOf = (bytes: Uint8Array): string => digestBytes(Buffer.concat([Buffer.from('charter key id'), bytes])).slice(0, 16);
