/** A connection to Temporal ends quietly, also where the server went away a moment before and calls are tried again. */
import { createServer, connect, type Socket } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { expect, inject, onTestFinished, test } from 'vitest';
import { connectTemporal } from '../../src/adapters/temporal/connection.ts';

/** A way to the server that can be cut. */
async function way(to: string) {
  const [host = '', port = ''] = to.split(':');
  const sockets: Socket[] = [];
  const server = createServer((inside) => {
    const outside = connect(Number(port), host);
    for (const socket of [inside, outside]) sockets.push(socket.on('error', () => undefined));
    inside.pipe(outside).pipe(inside);
  });
  await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening));
  const here = server.address();
  return {
    address: typeof here === 'object' && here ? `127.0.0.1:${here.port}` : '',
    cut() {
      server.close();
      for (const socket of sockets) socket.destroy();
    },
  };
}

test('a try that is due when it closes comes to its end, and nothing is thrown past everybody', async () => {
  const thrown: unknown[] = [];
  const hears = process.listeners('uncaughtException');
  process.removeAllListeners('uncaughtException');
  process.on('uncaughtException', (error) => thrown.push(error));
  onTestFinished(() => {
    process.removeAllListeners('uncaughtException');
    for (const hear of hears) process.on('uncaughtException', hear);
  });
  const { address, cut } = await way(inject('services').temporal);
  const connection = await connectTemporal({ address, namespace: 'default' });
  cut();
  const calls = [1, 2, 3].map(() =>
    connection.workflowService.getSystemInfo({}).then(
      () => 'answered',
      () => 'failed',
    ),
  );
  await sleep(700); // some tries are over
  await connection.close();
  expect(await Promise.all(calls)).toEqual(['failed', 'failed', 'failed']);
  await sleep(2_500); // longer than the longest pause between two tries
  expect(thrown).toEqual([]);
});
