/** Chains of causes, in words. */
import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';
import type { EventId } from '../../src/kernel/ids.ts';
import { deriveId } from '../../src/kernel/ids.ts';
import { instant } from '../../src/kernel/time.ts';
import { sentence, TOLD } from '../../src/memory/sentences.ts';
import { causalOrder, stories, type ReadableEvent } from '../../src/memory/why.ts';

const id = (name: string): EventId => deriveId('evt', [name]);
const event = (name: string, at: number, ...causes: string[]): ReadableEvent => ({
  id: id(name),
  type: name,
  causes: causes.map(id),
  correlation: '',
  wall: instant(at),
  business: instant(at),
  groups: {},
  leaf: '',
  erased: [],
});
const names = (events: readonly ReadableEvent[]): string => events.map(({ type }) => type).join(' ');

describe('order', () => {
  test('causes stand before what they caused, whatever the clock said', () =>
    expect(names(causalOrder([event('effect', 1, 'cause'), event('cause', 2)]))).toBe('cause effect'));
  test('stories that have nothing to do with each other stand apart, the one that began first ahead', () => {
    const all = [event('a1', 1), event('b1', 2), event('a2', 3, 'a1'), event('b2', 4, 'b1')];
    expect(stories(all).map(names)).toEqual(['a1 a2', 'b1 b2']);
  });
  test('two that come together are one story', () => {
    const all = [event('a', 1), event('b', 2), event('c', 3), event('both', 4, 'a', 'b')];
    expect(stories(all).map(names)).toEqual(['a b both', 'c']);
  });
  test('a cause that is not there is no reason to stand apart or together', () =>
    expect(stories([event('a', 1, 'elsewhere'), event('b', 2, 'elsewhere')]).map(names)).toEqual(['a', 'b']));
});

const SRC = fileURLToPath(new URL('../../src', import.meta.url));
const sources = (folder: string): readonly string[] =>
  readdirSync(folder).flatMap((name) => {
    const path = join(folder, name);
    return statSync(path).isDirectory() ? sources(path) : /\.ts$/.test(name) ? [path] : [];
  });

test('every type of event that is recorded has a sentence', () => {
  const recorded = new Set(
    sources(join(SRC, 'activities')).flatMap((path) => [...readFileSync(path, 'utf8').matchAll(/'([a-z]+\.[a-z_]+)'/g)].map(([, type]) => type ?? '')),
  );
  const types = [...recorded].filter((type) =>
    /^(ask|amendment|clock|consent|constitution|cost|decision|drift|halt|intent|level|message|organization|payment|proposal|reads|receipt|records|request|review|slack|task|token|turn|vote|warrant)\./.test(
      type,
    ),
  );
  expect(types.length).toBeGreaterThan(35);
  for (const type of types) expect(TOLD, type).toContain(type);
});

test('what cannot be read any more is told as such', () => expect(sentence(event('halt.lifted', 1))).toBe('? lifted the halt of ?: ?'));
