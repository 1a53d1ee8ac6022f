/** Digests: SHA-256 over canonical JSON (RFC 8785, JCS). Equal values have equal digests, whatever the order of their keys. */
import { createHash } from 'node:crypto';
import canonicalize from 'canonicalize';
import { z } from 'zod';

/** SHA-256 as 64 lower-case hexadecimal characters. */
export const Digest = z
  .string()
  .regex(/^[0-9a-f]{64}$/)
  .brand('Digest');
export type Digest = z.infer<typeof Digest>;

export type Json = string | number | boolean | null | readonly Json[] | { readonly [key: string]: Json };

/** A value that has no canonical JSON form: `NaN`, a lone surrogate, a function, a cycle. */
export class DigestError extends Error {
  override readonly name = 'DigestError';
  constructor(
    readonly code: 'not_json',
    message: string,
    options?: ErrorOptions,
  ) {
    super(message, options);
  }
}

/** The one byte string of a JSON value (RFC 8785). @throws DigestError `not_json` */
export function canonical(value: unknown): string {
  let text: string | undefined;
  try {
    text = canonicalize(value);
  } catch (cause) {
    throw new DigestError('not_json', 'The value has no canonical JSON form; use JSON values only.', { cause });
  }
  if (text === undefined) throw new DigestError('not_json', 'The value is not JSON; use JSON values only.');
  return text;
}

/** SHA-256 of the canonical JSON of a value. @throws DigestError `not_json` */
export const digest = (value: unknown): Digest => Digest.parse(createHash('sha256').update(canonical(value)).digest('hex'));

/** SHA-256 of bytes or of a UTF-8 text as it stands. */
export const digestBytes = (bytes: Uint8Array | string): Digest => Digest.parse(createHash('sha256').update(bytes).digest('hex'));
