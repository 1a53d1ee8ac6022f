/** A card in Slack has the buttons that its tool offers, and says why the others are not there. */
import { afterAll, beforeAll, expect, inject, test } from 'vitest';
import { billOf } from '../fixtures/planted.ts';
import { press } from '../fixtures/slack.ts';
import { fresh, slackStage, type SlackStage } from '../fixtures/slack-stage.ts';

let at: SlackStage;
beforeAll(async () => {
  at = await slackStage(inject('services'));
  await at.link('emre', 'UEMRE');
}, 180_000);
afterAll(() => at.close());

test('a task that offers no edit has no button for it, and an edit pressed all the same opens no form and is told why', async () => {
  const args = { invoice: billOf('duplicate'), reason: 'two deliveries, two bills' };
  const asked = { tool: 'finance.release_invoice', args, reason: 'the supplier explained it', message: 'one' };
  const { id } = await at.on.app.client.propose(await at.on.person('clara'), asked);
  const card = () => at.slack.in('UEMRE').find(({ blocks }) => blocks.includes(id) && blocks.includes('charter_approve'));
  await at.on.until('the card', () => Promise.resolve(card() !== undefined));
  expect(card()?.blocks).toContain('cannot be edited; it offers approve, decline, respond.');
  expect(card()?.blocks).not.toContain('charter_edit');
  const task = await at.on.app.client.task({ kind: 'operator' }, { id });
  await at.slack.send(fresh(), 'interactive', press('UEMRE', 'charter_edit', JSON.stringify({ id, seen: task.decision?.material })));
  const told = () => at.slack.whispers.some(({ user, text }) => user === 'UEMRE' && text.includes('cannot be edited'));
  await at.on.until('it is told why', () => Promise.resolve(told()));
  expect(at.slack.views).toEqual([]);
});
