/**
 * Names and ids. An id that a stage makes is derived from the stage's key, never random: a retry makes the same id.
 * Form: three letters, a hyphen, 26 characters of Crockford base 32 (128 bits). 30 characters fit ISO 20022's
 * Max35Text, and its alphabet is inside the SEPA character set, so a proposal id can be a bank's end-to-end id.
 */
import { createHash } from 'node:crypto';
import { z } from 'zod';
import { canonical } from './digest.ts';

const ALPHABET = '0123456789abcdefghjkmnpqrstvwxyz'; // Crockford: no i, l, o, u
const ID_BYTES = 16; // 128 bits: a collision needs about 2^64 ids

const idOf = <P extends string>(prefix: P) =>
  z.custom<`${P}-${string}`>((value) => typeof value === 'string' && new RegExp(`^${prefix}-[0-9a-hjkmnp-tv-z]{26}$`).test(value), {
    error: `must be an id of the form \`${prefix}-…\``,
  });

export const AskId = idOf('ask');
export type AskId = z.infer<typeof AskId>;
export const ProposalId = idOf('prp');
export type ProposalId = z.infer<typeof ProposalId>;
export const DecisionId = idOf('dec');
export type DecisionId = z.infer<typeof DecisionId>;
export const WarrantId = idOf('wrt');
export type WarrantId = z.infer<typeof WarrantId>;
export const EventId = idOf('evt');
export type EventId = z.infer<typeof EventId>;
export const TurnId = idOf('trn');
export type TurnId = z.infer<typeof TurnId>;
export const ThreadId = idOf('thr');
export type ThreadId = z.infer<typeof ThreadId>;
export const ReviewId = idOf('rev');
export type ReviewId = z.infer<typeof ReviewId>;
export const TokenId = idOf('tok');
export type TokenId = z.infer<typeof TokenId>;
export const AmendmentId = idOf('amd');
export type AmendmentId = z.infer<typeof AmendmentId>;
export const DelegationId = idOf('dlg');
export type DelegationId = z.infer<typeof DelegationId>;
export const RollbackId = idOf('rbk');
export type RollbackId = z.infer<typeof RollbackId>;
export const CaseId = idOf('cas');
export type CaseId = z.infer<typeof CaseId>;

type IdPrefix = 'ask' | 'prp' | 'dec' | 'wrt' | 'evt' | 'trn' | 'thr' | 'rev' | 'tok' | 'amd' | 'dlg' | 'rbk' | 'cas';

/** The id of a kind for a key; equal keys give equal ids. The key is any JSON value and starts with the organization. */
export function deriveId<P extends IdPrefix>(prefix: P, key: readonly unknown[]): `${P}-${string}` {
  const hash = createHash('sha256')
    .update(canonical([prefix, ...key]))
    .digest();
  return `${prefix}-${base32(hash.subarray(0, ID_BYTES))}`;
}

function base32(bytes: Uint8Array): string {
  let bits = BigInt('0x' + Buffer.from(bytes).toString('hex'));
  let out = '';
  for (let i = 0; i < 26; i++) {
    out = (ALPHABET[Number(bits & 31n)] ?? '') + out;
    bits >>= 5n;
  }
  return out;
}

const slug = (what: string) =>
  z.string().regex(/^[a-z][a-z0-9-]{0,39}$/, `${what} is lower-case letters, digits and hyphens, at most 40, and starts with a letter`);

export const OrgId = slug('an organization id').brand('OrgId');
export type OrgId = z.infer<typeof OrgId>;
export const PersonId = slug('a person id').brand('PersonId');
export type PersonId = z.infer<typeof PersonId>;
export const AgentName = slug('an agent name').brand('AgentName');
export type AgentName = z.infer<typeof AgentName>;

export const DOMAINS = ['finance', 'staffing', 'compliance', 'operations'] as const;
export const Domain = z.enum(DOMAINS);
export type Domain = z.infer<typeof Domain>;

/** `domain.verb_noun` */
export const ToolName = z
  .string()
  .regex(/^[a-z]+\.[a-z][a-z0-9]*(_[a-z0-9]+)*$/, 'a tool is named `domain.verb_noun`, or `domain.verb`')
  .brand('ToolName');
export type ToolName = z.infer<typeof ToolName>;
