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

test('there is one of every type, closed and open', () => {
  for (const type of ['action', 'review', 'conversation', 'upkeep', 'amendment'])
    expect(
      histories.some((name) => name.startsWith(type)),
      type,
    ).toBe(true);
  for (const type of ['action', 'amendment']) expect(histories).toContain(`${type}-open.json`);
});

test.each(histories)('%s', async (name) => {
  const { id, history } = JSON.parse(readFileSync(new URL(name, folder), 'utf8'));
  const { codec } = loadKeys(inject('services').dataDir);
  await Worker.runReplayHistory({ workflowsPath, dataConverter: dataConverter(codec.key, codec.id) }, history, id);
});

test('a history that does not fit is told', async () => {
  const { id, history } = JSON.parse(readFileSync(new URL('review-closed.json', folder), 'utf8'));
  const { codec } = loadKeys(inject('services').dataDir);
  const other = JSON.parse(JSON.stringify(history).replaceAll('"reconcile"', '"reckon"'));
  await expect(Worker.runReplayHistory({ workflowsPath, dataConverter: dataConverter(codec.key, codec.id) }, other, id)).rejects.toThrow();
});
