/** One governed action beside a bare workflow with as many activities, in blocks that take turns, so that both see the same machine. */
import { spawn, type ChildProcess } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { fileURLToPath } from 'node:url';
import { Client } from '@temporalio/client';
import { housekeeping } from '../../src/activities/housekeeping.ts';
import { connectTemporal } from '../../src/adapters/temporal/connection.ts';
import { TASK_QUEUE } from '../../src/adapters/temporal/orchestrator.ts';
import type { ProposalId } from '../../src/kernel/ids.ts';
import { bills, propose } from '../fixtures/bills.ts';
import type { Services } from '../fixtures/services.ts';
import { stage, type Stage } from '../fixtures/stage.ts';
import { percentile, timed, type Figure } from './figures.ts';

const WARM = 15; // the first ones load code and fill caches; they are not counted
const ALONE = 120;
const BLOCK = 20; // of one kind in a row: caches are as warm as in use, and the machine's mood is shared
const ROUNDS = 40; // of eight at once
const VOTES = 20;
const ABOVE_AUTHORITY = 250_000; // minor units; the analyst pays up to 2,000.00 by itself

export async function actionFigures(services: Services): Promise<readonly Figure[]> {
  const on = await stage(services);
  await housekeeping(on.app.world, on.organization.id);
  const connection = await connectTemporal({ address: services.temporal, namespace: on.namespace });
  const bareClient = new Client({ connection, namespace: on.namespace });
  await on.worker();
  const other = await bareWorker(services, on.namespace);
  try {
    const queue = await proposals(on, 1, WARM + ALONE + ROUNDS * 8, 1);
    const governed = () => run(on, queue.pop());
    const bare = () => bareClient.workflow.execute('bare', { workflowId: `bare-${randomBytes(8).toString('hex')}`, taskQueue: 'bare' });
    for (let n = 0; n < WARM; n++) await Promise.all([governed(), bare()]);
    const one = await compare(ALONE, governed, bare);
    const eight = await compare(
      ROUNDS,
      () => eightAtOnce(governed),
      () => eightAtOnce(bare),
    );
    return [...figuresOf('one governed action alone', one, 2), ...figuresOf('one of eight at once', eight, 2), ...(await voteFigures(on))];
  } finally {
    other.kill('SIGKILL');
    await connection.close();
    await on.close();
  }
}

type Samples = { readonly governed: readonly number[]; readonly bare: readonly number[] };

/** @param rounds a multiple of the block */
async function compare(rounds: number, governed: () => Promise<unknown>, bare: () => Promise<unknown>): Promise<Samples> {
  const samples = { governed: [] as number[], bare: [] as number[] };
  const take = async (into: number[], work: () => Promise<unknown>) => {
    const begun = performance.now();
    const each = await work();
    if (Array.isArray(each)) into.push(...each.filter((ms) => typeof ms === 'number'));
    else into.push(performance.now() - begun);
  };
  for (let done = 0; done < rounds; done += BLOCK) {
    for (let n = 0; n < BLOCK; n++) await take(samples.governed, governed);
    for (let n = 0; n < BLOCK; n++) await take(samples.bare, bare);
  }
  return samples;
}

const eightAtOnce = (work: () => Promise<unknown>): Promise<number[]> => Promise.all(Array.from({ length: 8 }, () => timed(work)));

function figuresOf(what: string, { governed, bare }: Samples, most: number): readonly Figure[] {
  return [
    { what: `${what}, p50`, value: percentile(governed, 0.5), unit: 'ms' },
    { what: `${what}, p99`, value: percentile(governed, 0.99), unit: 'ms' },
    { what: `a bare workflow with four activities, p50`, value: percentile(bare, 0.5), unit: 'ms' },
    { what: `a bare workflow with four activities, p99`, value: percentile(bare, 0.99), unit: 'ms' },
    { what: `${what}, p50, beside the bare one`, value: percentile(governed, 0.5) / percentile(bare, 0.5), unit: 'times', most },
  ];
}

/** From a person's vote to the receipt of what it let through. */
async function voteFigures(on: Stage): Promise<readonly Figure[]> {
  const clara = await on.person('clara');
  const samples: number[] = [];
  for (const id of await proposals(on, 2, VOTES, ABOVE_AUTHORITY)) {
    const handle = await start(on, id);
    await on.until('it waits', async () => (await on.app.client.task({ kind: 'operator' }, { id })).waits);
    samples.push(
      await timed(async () => {
        const vote = await on.app.client.decide(clara, { id, choice: 'approve', reason: '' });
        const outcome: unknown = await handle.result();
        if (outcome !== 'done') throw new Error(`${id} ended as ${String(outcome)}: ${vote.message}`);
      }),
    );
  }
  return [{ what: 'from a vote to the receipt, p50', value: percentile(samples, 0.5), unit: 'ms' }];
}

async function proposals(on: Stage, batch: number, count: number, minor: number): Promise<ProposalId[]> {
  const ids: ProposalId[] = [];
  for (const invoice of await bills(on, batch, count, minor)) ids.push(await propose(on, invoice, minor));
  return ids;
}

const start = (on: Stage, id: ProposalId) =>
  on.temporal.client.workflow.start('action', { workflowId: `${on.organization.id}/action/${id}`, taskQueue: TASK_QUEUE, args: [on.organization.id, id] });

async function run(on: Stage, id: ProposalId | undefined): Promise<void> {
  if (id === undefined) throw new Error('no proposal is left');
  const outcome: unknown = await (await start(on, id)).result();
  if (outcome !== 'done') throw new Error(`${id} ended as ${String(outcome)}`);
}

function bareWorker(services: Services, namespace: string): Promise<ChildProcess> {
  const child = spawn(process.execPath, [fileURLToPath(new URL('./bare-worker.mjs', import.meta.url)), services.temporal, namespace], {
    stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
  });
  return new Promise((resolve, reject) => {
    child.once('message', () => resolve(child));
    child.once('exit', (code) => reject(new Error(`the bare worker ended with ${code}`)));
  });
}
