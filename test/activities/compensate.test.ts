/** Every write tool says how it is undone, or why it is not. */
import { expect, test } from 'vitest';
import { bind } from '../../src/binding.ts';
import { agents, boundDomains } from '../../src/registry.generated.ts';

const writes = boundDomains(bind).flatMap((domain) => domain.writes.map(({ tool }) => tool));
const names = writes.map(({ name }) => name);
const undone = writes.filter(({ compensation }) => compensation.tool !== null);
const left = writes.filter(({ compensation }) => compensation.tool === null);

test('there are some of both', () => {
  expect(undone.length).toBeGreaterThan(4);
  expect(left.length).toBeGreaterThan(4);
});

test.each(undone.map((tool) => [tool.name, tool.compensation.tool ?? ''] as const))(
  '%s is undone by %s: a write tool that an agent here may propose',
  (_name, by) => {
    expect(names).toContain(by);
    expect(agents.some(({ proposes }) => proposes.some(({ name }) => name === by))).toBe(true);
  },
);

test.each(writes.map(({ name, compensation }) => [name, compensation.tool === null ? compensation.why : compensation.otherwise] as const))(
  '%s says in a sentence what is left to people',
  (_name, words) => expect(words).toMatch(/^[A-Z].{15,}\.$/),
);
