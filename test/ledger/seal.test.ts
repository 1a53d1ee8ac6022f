import { createHash, randomBytes } from 'node:crypto';
import { expect, test } from 'vitest';
import { canonical } from '../../src/kernel/digest.ts';
import type { EventDraft } from '../../src/kernel/events.ts';
import { OrgId } from '../../src/kernel/ids.ts';
import { instant } from '../../src/kernel/time.ts';
import { committed, salt, seal, unseal } from '../../src/ledger/seal.ts';

const keys = new Map([
  ['person/ana', randomBytes(32)],
  ['organization', randomBytes(32)],
]);
const at = instant(0);
const draft: EventDraft = {
  org: OrgId.parse('t'),
  type: 'vote.cast',
  key: ['x'],
  causes: [],
  correlation: 'c',
  times: { wall: at, business: at },
  groups: { actor: { subject: 'person/ana', value: { person: 'ana' } }, payload: { subject: 'organization', value: { text: 'sehr geheim' } } },
};
const sealed = seal(draft, keys, () => randomBytes(12));
const key = (subject: string) => keys.get(subject) ?? randomBytes(32);
const group = (name: string) => sealed.groups.find((one) => one.name === name)?.sealed ?? new Uint8Array();

test('the leaf is SHA-256 of a zero byte and the canonical header (RFC 6962 section 2.1)', () => {
  expect(Buffer.from(sealed.leaf)).toEqual(createHash('sha256').update(Buffer.of(0)).update(canonical(sealed.header)).digest());
});
test('sealed again it has the same id, header and leaf, and other ciphertext', () => {
  const again = seal(draft, keys, () => randomBytes(12));
  expect([again.header, again.text, Buffer.from(again.leaf)]).toEqual([sealed.header, sealed.text, Buffer.from(sealed.leaf)]);
  expect(again.groups[0]?.sealed).not.toEqual(sealed.groups[0]?.sealed);
});
test('fields are read with their subject’s key, and with no other, nor in another place', () => {
  expect(unseal(sealed.header.id, 'actor', group('actor'), key('person/ana'))).toEqual({ person: 'ana' });
  expect(() => unseal(sealed.header.id, 'actor', group('actor'), key('organization'))).toThrow('does not open');
  expect(() => unseal(sealed.header.id, 'payload', group('actor'), key('person/ana'))).toThrow('does not open');
});
test('a disclosed group is proved by its salt, and a changed value is not', () => {
  const salted = salt(key('person/ana'), sealed.header.id, 'actor');
  expect(committed(sealed.header, 'actor', salted, { person: 'ana' })).toBe(true);
  expect(committed(sealed.header, 'actor', salted, { person: 'ben' })).toBe(false);
  expect(committed(sealed.header, 'decision', salted, { person: 'ana' })).toBe(false);
});
test('the header tells nothing of the fields', () => expect(sealed.text).not.toMatch(/ana|geheim/));
test('without a key nothing is sealed', () => expect(() => seal(draft, new Map(), () => randomBytes(12))).toThrow('No key for subject'));
