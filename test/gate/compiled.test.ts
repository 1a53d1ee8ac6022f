/** The compiled evaluator beside Cedar: one answer, whatever the articles and whatever is asked. */
import { describe, expect, test } from 'vitest';
import { compiledAlone } from '../../src/gate/compiled.ts';
import { compare } from '../fixtures/compared.ts';

const SEED = Number(process.env['SEED'] ?? Date.now() % 1_000_000);

describe('the compiled evaluator', () => {
  test(`answers 100,000 generated requests as Cedar does (SEED=${SEED})`, { timeout: 300_000 }, () => {
    const seen = compare(SEED, { requests: 100_000, perConstitution: 1_000 });
    expect(seen.differences).toEqual([]);
    expect(seen.compared).toBeGreaterThanOrEqual(100_000);
    expect(seen.alone / seen.compared).toBeGreaterThan(0.8); // it was the closures that answered, not Cedar twice
    for (const kind of ['allow', 'deny by a forbid', 'deny for want of a permit', 'erring'] as const) expect(seen.kinds[kind], kind).toBeGreaterThan(100);
  });

  test('the comparison sees a difference', () => {
    const seen = compare(SEED, { requests: 1_000, perConstitution: 500 }, (slice, request) => {
      const answer = compiledAlone(slice, request);
      return answer === 'beyond' || answer.decision === 'deny' ? answer : { ...answer, decision: 'deny' };
    });
    expect(seen.differences.length).toBeGreaterThan(0);
  });
});
