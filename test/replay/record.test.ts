/** Writes histories of every workflow type, closed and open, with RECORD_HISTORIES=1: after an incompatible change, beside the old ones. */
import { mkdirSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { expect, inject, test } from 'vitest';
import { deriveId } from '../../src/kernel/ids.ts';
import { historyToJSON } from '@temporalio/common/lib/proto-utils.js';
import { housekeeping } from '../../src/activities/housekeeping.ts';
import { reviewed, stage } from '../fixtures/stage.ts';

const folder = fileURLToPath(new URL('./histories/', import.meta.url));

test.runIf(process.env['RECORD_HISTORIES'] === '1')('histories of this version are written', async () => {
  const on = await stage(inject('services'), {
    change: (organization) => ({ ...organization, levels: { ...organization.levels, 'operations-coordinator': 'shadow' } }),
  });
  try {
    await housekeeping(on.app.world, on.organization.id);
    await on.worker();
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
    const ids = {
      'amendment-open': `${on.organization.id}/amendment/${waits.id}`,
      'amendment-closed': `${on.organization.id}/amendment/${raised.id}`,
      'review-closed': `${on.organization.id}/review/finance/recorded`,
      'action-closed': `${on.organization.id}/action/${(await on.task('S-001:2026-0118')).id}`,
      'action-approved': `${on.organization.id}/action/${approved.id}`,
      'action-open': `${on.organization.id}/action/${(await on.task('S-002:R-4502')).id}`,
      'conversation-open': `${on.organization.id}/conversation/${deriveId('thr', [on.organization.id, 'cli', 'clara', 'recorded'])}`,
      'upkeep-open': `${on.organization.id}/upkeep`,
    };
    mkdirSync(folder, { recursive: true });
    for (const [name, id] of Object.entries(ids)) {
      const history = await on.temporal.client.workflow.getHandle(id).fetchHistory();
      expect(history.events?.length).toBeGreaterThan(2);
      const named = historyToJSON(history).replaceAll(/"\d+@[^"\\]+"/g, '"worker"'); // whose machine it was is nobody's business
      writeFileSync(`${folder}${name}.json`, `${JSON.stringify({ id, history: JSON.parse(named) })}\n`);
    }
  } finally {
    await on.close();
  }
});
