/** What whatever holds the keys has to do. An adapter's test is its constructor. */
import { createHash } from 'node:crypto';
import { expect, test } from 'vitest';
import { SEALS, SIGNS, type KeyCard, type Vault } from '../../src/kernel/vault.ts';

const NOW = Date.parse('2026-05-04T08:00:00.000Z');
const HOUR_MS = 3_600_000;
const bytes = (text: string): Uint8Array => new TextEncoder().encode(text);

interface Signed {
  readonly kid: string;
  readonly message: Uint8Array;
  readonly signature: Uint8Array;
}

/** @param fresh one of its own for each test, and another door to the same keys: another process */
export function vaultConforms(fresh: () => { readonly vault: Vault; readonly elsewhere: Vault }): void {
  const signed = async (vault: Vault, purpose: (typeof SIGNS)[number] = 'warrants'): Promise<Signed> => {
    let said = { kid: '', message: bytes('') };
    const signature = await vault[purpose].sign((kid) => (said = { kid, message: bytes(`by ${kid}`) }).message);
    return { ...said, signature };
  };
  const verdict = (vault: Vault, { kid, message, signature }: Signed, at = NOW) => vault.warrants.verify(kid, message, signature, at);
  const inUse = (cards: readonly KeyCard[]) => Object.fromEntries(cards.filter((card) => card.inUse).map(({ purpose, kid }) => [purpose, kid]));

  test('one key of each purpose is in use, and no two are the same', async () => {
    const kids = Object.values(inUse(await fresh().vault.keys()));
    expect(kids).toHaveLength(SIGNS.length + SEALS.length);
    expect(new Set(kids).size).toBe(kids.length);
  });
  test('what it signs verifies, here and in another process, and names the key in use', async () => {
    const { vault, elsewhere } = fresh();
    const one = await signed(vault);
    expect(one.kid).toBe(inUse(await vault.keys())['warrants']);
    expect([await verdict(vault, one), await verdict(elsewhere, one)]).toEqual(['good', 'good']);
  });
  test('another message, another signature, another purpose and a key that nobody knows are bad', async () => {
    const { vault } = fresh();
    const one = await signed(vault);
    const other = createHash('sha512').update('another').digest();
    for (const wrong of [{ message: bytes('another') }, { signature: other }, { signature: new Uint8Array() }, { kid: '0123456789abcdef' }])
      expect(await verdict(vault, { ...one, ...wrong })).toBe('bad');
    expect(await verdict(vault, await signed(vault, 'attestations'))).toBe('bad');
  });
  test('after a rotation a new key signs, in every process at once, and the old one counts until its overlap is over', async () => {
    const { vault, elsewhere } = fresh();
    const before = await signed(vault);
    await verdict(elsewhere, before);
    await vault.rotate(HOUR_MS, NOW);
    const after = await signed(elsewhere);
    expect(after.kid).not.toBe(before.kid);
    for (const one of [vault, elsewhere]) {
      expect(await verdict(one, after, NOW)).toBe('good');
      expect(await verdict(one, before, NOW + HOUR_MS - 1)).toBe('good');
      expect(await verdict(one, before, NOW + HOUR_MS)).toBe('retired');
      expect(await verdict(one, { ...before, message: bytes('another') }, NOW + HOUR_MS)).toBe('bad');
    }
  });
  test('a second rotation does not let the first key count for longer', async () => {
    const { vault } = fresh();
    const first = await signed(vault);
    await vault.rotate(HOUR_MS, NOW);
    await vault.rotate(100 * HOUR_MS, NOW + 1);
    expect(await verdict(vault, first, NOW + HOUR_MS)).toBe('retired');
  });
  test('without an overlap nothing that was signed before counts', async () => {
    const { vault } = fresh();
    const before = await signed(vault);
    await vault.rotate(0, NOW);
    expect(await verdict(vault, before, NOW)).toBe('retired');
  });
  test('cards say which key is in use since when, and until when those before count', async () => {
    const { vault } = fresh();
    const [old, cards] = [inUse(await vault.keys()), await vault.rotate(HOUR_MS, NOW)];
    expect(cards).toEqual(await vault.keys());
    for (const purpose of [...SIGNS, ...SEALS]) {
      const [before, now] = cards.filter((card) => card.purpose === purpose);
      expect(now).toMatchObject({ inUse: true, from: '2026-05-04T08:00:00.000Z', until: null });
      expect(before).toMatchObject({ kid: old[purpose], inUse: false, until: SIGNS.some((one) => one === purpose) ? '2026-05-04T09:00:00.000Z' : null });
    }
  });
  test.each(SEALS)('what %s sealed is opened, here and elsewhere, also after two rotations, and a new key seals', async (purpose) => {
    const { vault, elsewhere } = fresh();
    const before = await vault[purpose].encrypt(bytes('what was said'));
    await vault.rotate(0, NOW);
    await vault.rotate(0, NOW + 1);
    const after = await elsewhere[purpose].encrypt(bytes('what is said'));
    expect(after.kid).not.toBe(before.kid);
    expect(Buffer.from(await elsewhere[purpose].decrypt(before.kid, before.sealed)).toString()).toBe('what was said');
    expect(Buffer.from(await vault[purpose].decrypt(after.kid, after.sealed)).toString()).toBe('what is said');
  });
  test.each(SEALS)('the same sealed by %s twice differs, and what was changed, or is under another key, is not opened', async (purpose) => {
    const { vault } = fresh();
    const [one, two] = [await vault[purpose].encrypt(bytes('x')), await vault[purpose].encrypt(bytes('x'))];
    expect(Buffer.from(one.sealed).equals(Buffer.from(two.sealed))).toBe(false);
    const changed = Uint8Array.from(one.sealed, (byte, n) => (n === 14 ? byte ^ 1 : byte));
    await expect(vault[purpose].decrypt(one.kid, changed)).rejects.toMatchObject({ code: 'not_authentic' });
    await expect(vault[purpose].decrypt(one.kid, new Uint8Array(3))).rejects.toMatchObject({ code: 'not_authentic' });
    await expect(vault[purpose].decrypt('0123456789abcdef', one.sealed)).rejects.toMatchObject({ code: 'key_unknown' });
  });
}
