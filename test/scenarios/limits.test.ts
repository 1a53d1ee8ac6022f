/** Judge and reserve is one transaction: whatever comes at once, no limit is passed together. */
import { afterAll, beforeAll, expect, inject, test } from 'vitest';
import { housekeeping } from '../../src/activities/housekeeping.ts';
import { judge, type Step } from '../../src/activities/judge.ts';
import { deriveId, ProposalId } from '../../src/kernel/ids.ts';
import { bills, propose } from '../fixtures/bills.ts';
import { stage, type Stage } from '../fixtures/stage.ts';

const EACH = 10_000; // minor units: a hundred of them fill the agent's day of 10,000.00
const AT_ONCE = 200;
let on: Stage;

beforeAll(async () => {
  on = await stage(inject('services'));
  await housekeeping(on.app.world, on.organization.id);
});
afterAll(() => on.close());

test('200 payments at once never pass a limit together, and an escalated one holds no money', async () => {
  const invoices = await bills(on, 1, AT_ONCE, EACH);
  const ids = await Promise.all(invoices.map((invoice) => propose(on, invoice, EACH)));
  const steps: Step[] = await Promise.all(ids.map((id) => judge(on.app.world, on.organization.id, id, 1)));
  const go = steps.filter(({ next }) => next === 'go').length;
  const [sum] = await on.rows<{ reserved: string }>(
    `select sum(minor)::text reserved from reservation where org = $1 and kind = 'agent_day' and state = 'reserved'`,
    [on.organization.id],
  );
  expect(go).toBe(100);
  expect(sum?.reserved).toBe(String(100 * EACH));
  expect(steps.filter(({ next }) => next === 'wait')).toHaveLength(AT_ONCE - 100);
});

test('a stage asked again answers what it answered, and judges nothing anew', async () => {
  const id = deriveId('prp', [on.organization.id, 'S-10001:1']);
  const before = await on.rows(`select count(*)::int n from decision where org = $1`, [on.organization.id]);
  await judge(on.app.world, on.organization.id, id, 1);
  expect(await on.rows(`select count(*)::int n from decision where org = $1`, [on.organization.id])).toEqual(before);
});

test('an action whose workflow was lost begins anew and goes on from its rows', async () => {
  const { organization, temporal, app } = on;
  await on.worker();
  const [open] = await on.rows<{ proposal: string }>(`select proposal from decision d where org = $1 and verdict = 'escalate' order by proposal limit 1`, [
    organization.id,
  ]);
  const id = ProposalId.parse(open?.proposal); // judged above, without any workflow
  await on.past(`update decision set expires_at = now() - interval '1 second' where org = $1 and proposal = $2`, [organization.id, id]);
  await temporal.wakeAction(organization.id, id);
  await on.until('it is refused', async () => (await app.client.task({ kind: 'operator' }, { id })).outcome === 'expired');
});
