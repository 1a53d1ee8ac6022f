/**
 * EventDraft + keys -> the leaf, and the sealed fields beside it.
 *
 * The header holds one commitment per field group: HMAC-SHA256 under a salt that is itself derived from the subject's key.
 * Disclosing a group means handing out its salt and value; destroying the subject's key makes salt and value unknowable,
 * while the leaf, and every proof over it, stays as it was.
 */
import { createCipheriv, createDecipheriv, createHash, createHmac, timingSafeEqual } from 'node:crypto';
import { canonical } from '../kernel/digest.ts';
import { GROUPS, type EventDraft, type Group, type Header, type SealedEvent } from '../kernel/events.ts';
import { deriveId, type EventId } from '../kernel/ids.ts';
import { JsonObject } from '../kernel/nouns.ts';

const LEAF = Buffer.of(0); // RFC 6962 section 2.1: leaves and nodes hash in different domains
const NONCE_BYTES = 12; // AES-GCM, NIST SP 800-38D section 8.2.2
const TAG_BYTES = 16;

/** A sealed group cannot be opened. */
export class SealError extends Error {
  override readonly name = 'SealError';
  constructor(
    readonly code: 'key_missing' | 'not_authentic',
    message: string,
    options?: ErrorOptions,
  ) {
    super(message, options);
  }
}

/** The id that an event of this key gets; known before it is written. */
export const eventId = (draft: Pick<EventDraft, 'org' | 'type' | 'key'>): EventId => deriveId('evt', [draft.org, draft.type, ...draft.key]);

/**
 * @param keys 32 bytes for each subject named in the draft
 * @param nonce 12 fresh random bytes for each call
 * @throws SealError `key_missing`
 */
export function seal(draft: EventDraft, keys: ReadonlyMap<string, Uint8Array>, nonce: () => Uint8Array): SealedEvent {
  const id = eventId(draft);
  const present = GROUPS.flatMap((name) => {
    const group = draft.groups[name];
    return group ? [{ name, ...group, key: keyFor(group.subject, keys) }] : [];
  });
  const header: Header = {
    v: 1,
    id,
    org: draft.org,
    type: draft.type,
    causes: [...new Set(draft.causes)].sort(),
    correlation: draft.correlation,
    wall: draft.times.wall,
    business: draft.times.business,
    commitments: Object.fromEntries(present.map(({ name, value, key }) => [name, commitment(salt(key, id, name), value)])),
  };
  const text = canonical(header);
  return {
    header,
    text,
    leaf: createHash('sha256').update(LEAF).update(text).digest(),
    groups: present.map(({ name, subject, value, key }) => ({ name, subject, sealed: encrypt(key, nonce(), `${id}/${name}`, canonical(value)) })),
  };
}

/** The value of a sealed group. @throws SealError `not_authentic` where key, event, group or bytes are not the ones sealed */
export function unseal(id: EventId, name: Group, sealed: Uint8Array, key: Uint8Array): JsonObject {
  try {
    const decipher = createDecipheriv('aes-256-gcm', sealingKey(key), sealed.subarray(0, NONCE_BYTES));
    decipher.setAAD(Buffer.from(`${id}/${name}`));
    decipher.setAuthTag(sealed.subarray(-TAG_BYTES));
    const text = Buffer.concat([decipher.update(sealed.subarray(NONCE_BYTES, -TAG_BYTES)), decipher.final()]).toString('utf8');
    return JsonObject.parse(JSON.parse(text));
  } catch (cause) {
    throw new SealError('not_authentic', `Group \`${name}\` of \`${id}\` does not open with this key: it was changed, or the key was destroyed.`, { cause });
  }
}

/** The salt that discloses one group, and nothing else of its subject. */
export const salt = (key: Uint8Array, id: EventId, name: Group): Uint8Array => createHmac('sha256', key).update(`salt/${id}/${name}`).digest();

/** HMAC-SHA256 of the canonical JSON of the value, base64url. */
export const commitment = (salted: Uint8Array, value: JsonObject): string => createHmac('sha256', salted).update(canonical(value)).digest('base64url');

/** Whether a disclosed value and salt are those that the header committed to. */
export function committed(header: Header, name: Group, salted: Uint8Array, value: JsonObject): boolean {
  const [stands, given] = [header.commitments[name] ?? '', commitment(salted, value)].map((text) => createHash('sha256').update(text).digest());
  return stands !== undefined && given !== undefined && timingSafeEqual(stands, given);
}

const sealingKey = (key: Uint8Array): Uint8Array => createHmac('sha256', key).update('seal').digest();

function encrypt(key: Uint8Array, nonce: Uint8Array, bound: string, text: string): Uint8Array {
  const cipher = createCipheriv('aes-256-gcm', sealingKey(key), nonce);
  cipher.setAAD(Buffer.from(bound));
  return Buffer.concat([nonce, cipher.update(text, 'utf8'), cipher.final(), cipher.getAuthTag()]);
}

function keyFor(subject: string, keys: ReadonlyMap<string, Uint8Array>): Uint8Array {
  const key = keys.get(subject);
  if (!key) throw new SealError('key_missing', `No key for subject \`${subject}\`; it was erased, or its key was not fetched.`);
  return key;
}
