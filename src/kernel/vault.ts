/**
 * The port of whatever holds the installation's keys: files here, or a key management service. Keys sign and seal by purpose and never leave
 * it; a rotation puts a new one in the place of the one in use. `test/conformance/vault.ts` is what every adapter passes.
 */
import type { Instant } from './time.ts';

export const SIGNS = ['warrants', 'attestations'] as const; // Ed25519 (RFC 8032)
export const SEALS = ['codec', 'kek'] as const; // AES-256-GCM: Temporal's payloads; the keys of the subjects
export type Purpose = (typeof SIGNS)[number] | (typeof SEALS)[number];

/** `retired`: a key of ours signed, and its signatures do not count any more. */
export type Verdict = 'good' | 'retired' | 'bad';

export interface Signer {
  /** @param message is made for the key that signs, whose name it may hold @returns 64 bytes */
  sign(message: (kid: string) => Uint8Array): Promise<Uint8Array>;
  /** @param at milliseconds since 1970: when the signature is relied on */
  verify(kid: string, message: Uint8Array, signature: Uint8Array, at: number): Promise<Verdict>;
}

export interface Sealer {
  encrypt(plain: Uint8Array): Promise<{ readonly kid: string; readonly sealed: Uint8Array }>;
  /** A key that seals nothing any more still opens. @throws VaultError `key_unknown`, `not_authentic` */
  decrypt(kid: string, sealed: Uint8Array): Promise<Uint8Array>;
}

/** A key, told without telling it. */
export interface KeyCard {
  readonly purpose: Purpose;
  readonly kid: string;
  readonly from: Instant; // it is in use from then on, until the next one of its purpose is
  readonly inUse: boolean;
  readonly until: Instant | null; // from then on its signatures do not count; null: in use, or it only opens what it sealed
}

export interface Vault extends Readonly<Record<(typeof SIGNS)[number], Signer>>, Readonly<Record<(typeof SEALS)[number], Sealer>> {
  /** All there are, by purpose, the one in use last. */
  keys(): Promise<readonly KeyCard[]>;
  /**
   * A new key of every purpose, at once in every process. What the old ones signed counts for the overlap; what they sealed is opened for good.
   * @param now milliseconds since 1970 @throws VaultError `rotated_meanwhile`
   */
  rotate(overlapMs: number, now: number): Promise<readonly KeyCard[]>;
}

/** A key that is not here, something that it did not seal, or two rotations at once. */
export class VaultError extends Error {
  override readonly name = 'VaultError';
  constructor(
    readonly code: 'key_unknown' | 'not_authentic' | 'rotated_meanwhile',
    message: string,
    options?: ErrorOptions,
  ) {
    super(message, options);
  }
}
