/** Every committed history replays on today's workflows: what is open when a new version starts goes on. */
import { readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { DefaultLogger, Runtime, Worker } from '@temporalio/worker';
import { expect, inject, test } from 'vitest';
import { loadKeys } from '../../src/adapters/host/keys.ts';
import { dataConverter } from '../../src/adapters/temporal/codec.ts';

const folder = new URL('./histories/', import.meta.url);
const histories = readdirSync(folder).filter((name) => name.endsWith('.json'));
const workflowsPath = fileURLToPath(new URL('../../workflows/index.ts', import.meta.url));
Runtime.install({ logger: new DefaultLogger('ERROR'), telemetryOptions: { logging: { filter: { core: 'ERROR', other: 'ERROR' } } } });

const TYPES = ['action', 'review', 'conversation', 'upkeep', 'amendment', 'rollback'];

test('there is one of every type, closed and open', () => {
  const wanted = TYPES.flatMap((type) => [`${type}-closed.json`, `${type}-open.json`]);
  expect(histories).toEqual(expect.arrayContaining(wanted));
});

const ENDS = ['workflowExecutionCompletedEventAttributes', 'workflowExecutionContinuedAsNewEventAttributes'];

test.each(histories)('%s is of its type, and as open as it says', (name) => {
  const { history } = JSON.parse(readFileSync(new URL(name, folder), 'utf8'));
  const [first, last] = [history.events[0], history.events.at(-1)];
  expect(name.startsWith(`${first.workflowExecutionStartedEventAttributes.workflowType.name}-`)).toBe(true);
  expect(ENDS.some((end) => end in last)).toBe(!name.endsWith('-open.json'));
});

test.each(histories)('%s', async (name) => {
  const { id, history } = JSON.parse(readFileSync(new URL(name, folder), 'utf8'));
  const { codec } = loadKeys(inject('services').dataDir);
  await Worker.runReplayHistory({ workflowsPath, dataConverter: dataConverter(codec) }, history, id);
});

test('a history that does not fit is told', async () => {
  const { id, history } = JSON.parse(readFileSync(new URL('review-closed.json', folder), 'utf8'));
  const { codec } = loadKeys(inject('services').dataDir);
  const other = JSON.parse(JSON.stringify(history).replaceAll('"reconcile"', '"reckon"'));
  await expect(Worker.runReplayHistory({ workflowsPath, dataConverter: dataConverter(codec) }, other, id)).rejects.toThrow();
});
