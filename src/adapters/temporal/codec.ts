/** Encrypts every payload that goes to Temporal: its server and its file see ciphertext and nothing else. */
import { fileURLToPath } from 'node:url';
import type { DataConverter, Payload, PayloadCodec } from '@temporalio/common';
import proto from '@temporalio/proto';
import type { Sealer } from '../../kernel/vault.ts';

const ENCODING = Buffer.from('binary/charter-aes-256-gcm');
const { Payload: Wire } = proto.temporal.api.common.v1;

/** Each payload names the key that sealed it: after a rotation it is opened all the same. It throws what the sealer throws. */
export function encryptingCodec(sealer: Sealer): PayloadCodec {
  const close = async (payload: Payload): Promise<Payload> => {
    const { kid, sealed } = await sealer.encrypt(Wire.encode(payload).finish());
    return { metadata: { encoding: ENCODING, key: Buffer.from(kid) }, data: sealed };
  };
  const open = async (payload: Payload): Promise<Payload> => {
    const metadata = payload.metadata ?? {};
    if (!Buffer.from(metadata['encoding'] ?? []).equals(ENCODING)) return payload;
    return Wire.decode(await sealer.decrypt(Buffer.from(metadata['key'] ?? []).toString(), Buffer.from(payload.data ?? [])));
  };
  return {
    encode: (payloads) => Promise.all(payloads.map(close)),
    decode: (payloads) => Promise.all(payloads.map(open)),
  };
}

/** For client and worker alike. Texts of errors are encrypted too: they may quote what went wrong. */
export const dataConverter = (sealer: Sealer): DataConverter => ({
  payloadCodecs: [encryptingCodec(sealer)],
  failureConverterPath: fileURLToPath(new URL('./failure-converter.cjs', import.meta.url)),
});
