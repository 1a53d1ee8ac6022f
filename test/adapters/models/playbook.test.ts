/** The port where there is no model: of the laws of every port, those hold that need none. */
import { Socket } from 'node:net';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { playbookModel } from '../../../src/adapters/playbook/model.ts';
import { ModelError, type Meter } from '../../../src/deliberate/ports.ts';
import { chooseModel } from '../../../src/models.ts';
import { talk } from '../../conformance/model-port.ts';

const spied = () => ({ socket: vi.spyOn(Socket.prototype, 'connect'), fetch: vi.spyOn(globalThis, 'fetch') });
let reached: ReturnType<typeof spied>;
beforeEach(() => {
  reached = spied();
});
afterEach(() => {
  const calls = [...reached.socket.mock.calls, ...reached.fetch.mock.calls];
  vi.restoreAllMocks();
  expect(calls).toEqual([]);
});
const untouched: Meter = {
  reserve: () => Promise.reject(new Error('the meter was asked')),
};

test('it is what runs where no key is given', async () => {
  expect(await chooseModel({})).toMatchObject({ name: 'playbook', model: 'playbook' });
});
test('what a routine knows is answered, without a model, the network or money', async () => {
  expect(await talk(playbookModel(), 'what time is it?', { meter: untouched })).toEqual({
    answer: 'It is 9.',
    drafts: [],
    by: 'playbook',
    turns: 0,
    stopped: 'done',
  });
});
test('to anything else it says that it runs without a model, and what one may ask', async () => {
  const { answer, drafts, stopped } = await talk(playbookModel(), 'please hold it', { meter: untouched });
  expect(answer).toBe('I run without a model, so I answer from routines and records alone. Ask me about the time.');
  expect({ drafts, stopped }).toEqual({ drafts: [], stopped: 'done' });
});
test('asked as a model it refuses, costs nothing, and says what would give it one', async () => {
  const request = {
    system: '',
    transcript: [{ role: 'user', text: 'hello' }],
    tools: [],
    maxOutputTokens: 50,
    reserve: () => Promise.reject(new Error('the meter was asked')),
  } as const;
  const error: unknown = await playbookModel()
    .next(request, AbortSignal.timeout(1_000))
    .catch((thrown: unknown) => thrown);
  expect(error).toBeInstanceOf(ModelError);
  expect(error).toMatchObject({ code: 'request_refused' });
  expect(String(error)).toContain('ANTHROPIC_API_KEY or OPENAI_API_KEY');
});
