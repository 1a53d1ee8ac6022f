import { expect, test } from 'vitest';
import { agent } from '../agents/finance-analyst/agent.ts';
import { draftBundle } from '../src/bundle.ts';
import { AgentName } from '../src/kernel/ids.ts';

test('a domain’s reviews ask one agent: a second one in it is refused, by name', () => {
  const second = { ...agent, name: AgentName.parse('another-analyst') };
  expect(() => draftBundle([agent, second], [], [])).toThrow('`another-analyst` is the second');
  expect(draftBundle([agent], [], []).agents.map(({ name }) => name)).toEqual(['finance-analyst']);
});
