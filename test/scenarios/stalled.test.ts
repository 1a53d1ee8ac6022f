import { afterAll, beforeAll, expect, inject, test } from 'vitest';
import { stage, type Stage } from '../fixtures/stage.ts';

let one: Stage;
beforeAll(async () => {
  one = await stage(inject('services'));
  await one.app.begin();
  await one.worker();
});
afterAll(() => one.close());

test('a stage that keeps failing is told, is tried on, and is not told any more once it went through', async () => {
  const operator = { kind: 'operator' } as const;
  const { id } = one.organization;
  const [kept] = await one.rows<{ finance: unknown }>(`select document -> 'finance' finance from organization where org = $1`, [id]);
  await one.rows(`update organization set document = document - 'finance' where org = $1`, [id]);
  await one.temporal.startReview(id, 'finance', 'broken');
  const stalled = async () => (await one.app.client.status(operator, {})).stalled;
  await one.until('somebody is told', async () => (await stalled()).some(({ stage: name, subject }) => name === 'reconcile' && subject === 'finance'));
  const told = (await stalled()).find(({ stage: name }) => name === 'reconcile');
  expect(told?.tries).toBeGreaterThan(4);
  expect(told?.error).toMatch(/\S/);

  await one.rows(`update organization set document = document || jsonb_build_object('finance', $2::jsonb) where org = $1`, [id, JSON.stringify(kept?.finance)]);
  await one.temporal.reviewResult(id, 'finance', 'broken');
  await one.until('nothing is told', async () => (await stalled()).length === 0);
}, 120_000);
