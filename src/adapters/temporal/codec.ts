/** Encrypts every payload that goes to Temporal: its server and its file see ciphertext and nothing else. */
import { createCipheriv, createDecipheriv, randomBytes } from 'node:crypto';
import { fileURLToPath } from 'node:url';
import type { DataConverter, Payload, PayloadCodec } from '@temporalio/common';
import proto from '@temporalio/proto';

const ENCODING = Buffer.from('binary/charter-aes-256-gcm');
const NONCE_BYTES = 12;
const TAG_BYTES = 16;

/** A payload that this installation's key does not open. */
export class CodecError extends Error {
  override readonly name = 'CodecError';
  constructor(
    readonly code: 'key_unknown' | 'not_authentic',
    message: string,
    options?: ErrorOptions,
  ) {
    super(message, options);
  }
}

/** @param key 32 bytes; @param id names the key in each payload, so that a rotated one is told apart from a damaged one */
export function encryptingCodec(key: Uint8Array, id: string): PayloadCodec {
  const open = (payload: Payload): Payload => {
    const metadata = payload.metadata ?? {};
    if (!Buffer.from(metadata['encoding'] ?? []).equals(ENCODING)) return payload;
    const named = Buffer.from(metadata['key'] ?? []).toString();
    if (named !== id) throw new CodecError('key_unknown', `This payload was written under key \`${named}\`, ours is \`${id}\`; restore that key.`);
    return decode(Buffer.from(payload.data ?? []), key);
  };
  return {
    encode: (payloads) => Promise.resolve(payloads.map((payload) => ({ metadata: { encoding: ENCODING, key: Buffer.from(id) }, data: encode(payload, key) }))),
    decode: (payloads) => Promise.resolve(payloads.map(open)),
  };
}

function encode(payload: Payload, key: Uint8Array): Uint8Array {
  const nonce = randomBytes(NONCE_BYTES);
  const cipher = createCipheriv('aes-256-gcm', key, nonce);
  const text = proto.temporal.api.common.v1.Payload.encode(payload).finish();
  return Buffer.concat([nonce, cipher.update(text), cipher.final(), cipher.getAuthTag()]);
}

function decode(data: Uint8Array, key: Uint8Array): Payload {
  try {
    const decipher = createDecipheriv('aes-256-gcm', key, data.subarray(0, NONCE_BYTES));
    decipher.setAuthTag(data.subarray(-TAG_BYTES));
    return proto.temporal.api.common.v1.Payload.decode(Buffer.concat([decipher.update(data.subarray(NONCE_BYTES, -TAG_BYTES)), decipher.final()]));
  } catch (cause) {
    throw new CodecError('not_authentic', 'A payload was changed, or written under another key.', { cause });
  }
}

/** For client and worker alike. Texts of errors are encrypted too: they may quote what went wrong. */
export const dataConverter = (key: Uint8Array, id: string): DataConverter => ({
  payloadCodecs: [encryptingCodec(key, id)],
  failureConverterPath: fileURLToPath(new URL('./failure-converter.cjs', import.meta.url)),
});
