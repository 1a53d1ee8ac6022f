/**
 * Writes histories of every workflow type, closed and open, with RECORD_HISTORIES=1. Those that are there stay: they are of versions
 * that may still run somewhere. After an incompatible change, name the new ones beside them.
 */
import { spawn, type ChildProcess } from 'node:child_process';
import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { expect, inject, test } from 'vitest';
import { deriveId } from '../../src/kernel/ids.ts';
import { historyToJSON } from '@temporalio/common/lib/proto-utils.js';
import { housekeeping } from '../../src/activities/housekeeping.ts';
import { findTemporal } from '../../scripts/temporal-server.mjs';
import { freePort } from '../../src/adapters/host/processes.ts';
import { connectTemporal } from '../../src/adapters/temporal/connection.ts';
import { reviewed, stage, type Stage } from '../fixtures/stage.ts';

const folder = fileURLToPath(new URL('./histories/', import.meta.url));

test.runIf(process.env['RECORD_HISTORIES'] === '1')('histories of this version are written', async () => {
  const on = await stage(inject('services'), {
    change: (organization) => ({ ...organization, levels: { ...organization.levels, 'operations-coordinator': 'shadow' } }),
  });
  try {
    await housekeeping(on.app.world, on.organization.id);
    const first = await on.worker();
    await reviewed(on, 'recorded');
    await reviewed(on, 'recorded', 'operations');
    const [clara, owner] = [await on.person('clara'), await on.person('johanna')];
    const { turn } = await on.app.client.ask(clara, { text: 'what is due?', agent: 'finance-analyst', conversation: 'recorded', message: 'recorded' });
    await on.until('it is answered', async () => (await on.app.client.answer(clara, { turn })).state === 'answered');
    await on.temporal.wakeUpkeep(on.organization.id);
    await on.until(
      'upkeep went round',
      async () =>
        (await on.temporal.client.workflow.getHandle(`${on.organization.id}/upkeep`).fetchHistory()).events?.some(
          ({ timerStartedEventAttributes }) => timerStartedEventAttributes,
        ) ?? false,
    );
    const approved = await on.task('S-009:MO-2026-021');
    await on.app.client.decide(clara, { id: approved.id, choice: 'approve', reason: '' });
    await on.until('it is paid', async () => (await on.task('S-009:MO-2026-021')).outcome === 'done');
    const waits = await on.app.client.level_raise(owner, { agent: 'operations-coordinator', to: 'act', reason: 'recorded' });
    await on.until('it is open', async () => (await on.app.client.amendment(owner, { id: waits.id })).state === 'open');
    const raised = await on.app.client.level_raise(owner, { agent: 'operations-coordinator', to: 'ask', reason: 'recorded' });
    await on.until('it is open too', async () => (await on.app.client.amendment(owner, { id: raised.id })).state === 'open');
    await on.app.client.ratify(owner, { amendment: raised.id });
    await on.until('it is ratified', async () => (await on.app.client.amendment(owner, { id: raised.id })).state === 'ratified');
    await write(on, {
      'amendment-open': `${on.organization.id}/amendment/${waits.id}`,
      'amendment-closed': `${on.organization.id}/amendment/${raised.id}`,
      'review-closed': `${on.organization.id}/review/finance/recorded`,
      'action-closed': `${on.organization.id}/action/${(await on.task('S-001:2026-0118')).id}`,
      'action-approved': `${on.organization.id}/action/${approved.id}`,
      'action-open': `${on.organization.id}/action/${(await on.task('S-002:R-4502')).id}`,
      'conversation-open': `${on.organization.id}/conversation/${deriveId('thr', [on.organization.id, 'cli', 'clara', 'recorded'])}`,
      'upkeep-open': `${on.organization.id}/upkeep`,
    });
    await killed(first);
    const dies = await on.worker({ killAt: { event: 'reads.judged', when: 'after' } }); // in the middle of its deliberations
    const gone = new Promise((resolve) => dies.once('exit', resolve));
    await on.temporal.startReview(on.organization.id, 'staffing', 'open');
    await gone;
    await write(on, { 'review-open': `${on.organization.id}/review/staffing/open` });
  } finally {
    await on.close();
  }
});

test.runIf(process.env['RECORD_HISTORIES'] === '1')('histories of rollbacks: one that has ended, and one that waits for people', async () => {
  const on = await stage(inject('services'));
  try {
    await housekeeping(on.app.world, on.organization.id);
    await on.worker();
    await reviewed(on, 'recorded');
    const clara = await on.person('clara');
    const wrong = async (id: string) => (await on.app.client.wrong(clara, { id, reason: 'recorded' })).begun?.id;
    const steps = (id: string) => on.app.client.rollback(clara, { id });
    const [paid, held] = [(await on.task('S-001:2026-0118')).id, (await on.task('S-003:KR-20291')).id];
    const [closed, open] = [await wrong(paid), await wrong(held)];
    await on.until('one has ended', async () => (await steps(paid)).begun?.ended === true);
    await on.until('one waits for people', async () => (await steps(held)).steps.some(({ waits }) => waits));
    await write(on, { 'rollback-closed': `${on.organization.id}/rollback/${closed}`, 'rollback-open': `${on.organization.id}/rollback/${open}` });
  } finally {
    await on.close();
  }
});

/** Entity workflows end by continuing as new, which the server suggests after thousands of events; one of our own does it after a few. */
test.runIf(process.env['RECORD_HISTORIES'] === '1')('histories of entity workflows that have continued as new', async () => {
  const server = await hastyServer();
  const on = await stage({ ...inject('services'), temporal: server.address });
  try {
    await housekeeping(on.app.world, on.organization.id);
    await on.worker();
    const [org, clara] = [on.organization.id, await on.person('clara')];
    const ids = { 'conversation-closed': `${org}/conversation/${deriveId('thr', [org, 'cli', 'clara', 'long'])}`, 'upkeep-closed': `${org}/upkeep` };
    await on.temporal.wakeUpkeep(org);
    for (let n = 1; n <= MOST_TURNS; n++) {
      const { turn } = await on.app.client.ask(clara, { text: 'what is due?', agent: 'finance-analyst', conversation: 'long', message: String(n) });
      await on.until('it is answered', async () => (await on.app.client.answer(clara, { turn })).state === 'answered');
      await on.temporal.wakeUpkeep(org);
      if (n > 1 && (await firstRuns(on, Object.values(ids))).every(({ ended }) => ended)) break;
    }
    const runs = await firstRuns(on, Object.values(ids));
    expect(runs.map(({ ended }) => ended)).toEqual([true, true]);
    await write(
      on,
      ids,
      runs.map(({ runId }) => runId),
    );
  } finally {
    await on.close();
    server.stop();
  }
});

const MOST_TURNS = 60;
const SUGGESTED_AT = 60; // events

async function hastyServer(): Promise<{ address: string; stop(): void }> {
  const port = await freePort(undefined, undefined);
  const args = ['server', 'start-dev', '--headless', '--ip', '127.0.0.1', '--port', String(port), '--log-level', 'error'];
  const child = spawn(findTemporal(process.env)?.path ?? 'temporal', [
    ...args,
    '--dynamic-config-value',
    `limit.historyCount.suggestContinueAsNew=${SUGGESTED_AT}`,
  ]);
  const address = `127.0.0.1:${port}`;
  for (let tries = 0; tries < 100; tries++) {
    const connection = await connectTemporal({ address, namespace: 'default' }).catch(() => undefined);
    await connection?.close();
    if (connection) break;
    await sleep(200);
  }
  return { address, stop: () => child.kill('SIGKILL') };
}

/** The first run of each workflow, and whether it has continued as new. */
async function firstRuns({ temporal }: Stage, ids: readonly string[]): Promise<readonly { runId: string; ended: boolean }[]> {
  return Promise.all(
    ids.map(async (id) => {
      const { raw } = await temporal.client.workflow.getHandle(id).describe();
      const runId = raw.workflowExecutionInfo?.firstRunId ?? '';
      const { status } = await temporal.client.workflow.getHandle(id, runId).describe();
      return { runId, ended: status.name === 'CONTINUED_AS_NEW' };
    }),
  );
}

async function write({ temporal }: Stage, ids: Readonly<Record<string, string>>, runs: readonly string[] = []): Promise<void> {
  mkdirSync(folder, { recursive: true });
  for (const [n, [name, id]] of Object.entries(ids).entries()) {
    const history = await temporal.client.workflow.getHandle(id, runs[n]).fetchHistory();
    expect(history.events?.length).toBeGreaterThan(2);
    const named = historyToJSON(history).replaceAll(/"\d+@[^"\\]+"/g, '"worker"'); // whose machine it was is nobody's business
    if (!existsSync(`${folder}${name}.json`)) writeFileSync(`${folder}${name}.json`, `${JSON.stringify({ id, history: JSON.parse(named) })}\n`);
  }
}

async function killed(child: ChildProcess): Promise<void> {
  const gone = new Promise((resolve) => child.once('exit', resolve));
  child.kill('SIGKILL');
  await gone;
}
