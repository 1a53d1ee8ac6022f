/** Judge and reserve is one transaction: whatever comes at once, no limit is passed together. */
import { afterAll, beforeAll, expect, inject, test } from 'vitest';
import { housekeeping } from '../../src/activities/housekeeping.ts';
import { judge, type Step } from '../../src/activities/judge.ts';
import { actionDigest } from '../../src/kernel/action.ts';
import { AgentName, deriveId, ProposalId, ToolName } from '../../src/kernel/ids.ts';
import { instant } from '../../src/kernel/time.ts';
import { stage, type Stage } from '../fixtures/stage.ts';

const EACH = 10_000; // minor units: a hundred of them fill the agent's day of 10,000.00
const AT_ONCE = 200;
let on: Stage;

beforeAll(async () => {
  on = await stage(inject('services'));
  await housekeeping(on.app.world, on.organization.id);
});
afterAll(() => on.close());

/** Two hundred open, matched invoices of one supplier, whose own limits are far away. */
async function bills(): Promise<string[]> {
  await on.rows(
    `update organization set document = jsonb_set(jsonb_set(document, '{limits,supplier_month}', '900000000'), '{limits,budgets,wood}', '900000000') where org = $1`,
    [on.organization.id],
  );
  const rows = await on.rows<{ id: string }>(
    `insert into invoice (org, id, supplier, issued, due, order_number, iban, total_minor, currency, document, sums_agree, matched)
     select org, 'S-001:X-' || n, supplier, issued, due, 'PO-X' || n, iban, ${EACH}, currency, document, true, true from invoice, generate_series(1, ${AT_ONCE}) n
     where org = $1 and id = 'S-001:2026-0118' returning id`,
    [on.organization.id],
  );
  return rows.map(({ id }) => id);
}

async function propose(invoice: string, payee: string) {
  const org = on.organization.id;
  const action = {
    org,
    agent: AgentName.parse('finance-analyst'),
    onBehalfOf: null,
    tool: ToolName.parse('finance.pay_invoice'),
    args: { invoice, payee, amount: { minor: EACH, currency: 'EUR' } },
  };
  const ask = deriveId('ask', [org, invoice]);
  const id = deriveId('prp', [org, invoice]);
  const proposal = { ...action, id, ask, actionDigest: actionDigest(action), rationale: '' };
  const [cause] = await on.rows<{ id: string }>(`select id from event where org = $1 limit 1`, [org]);
  await on.app.world.store.tx(org, async (tx) => {
    const { wall } = await tx.times();
    const event = deriveId('evt', [org, invoice]);
    await on.rows(
      `insert into event (org, id, type, header, leaf, correlation, wall, business) select org, $2, type, header, leaf, correlation, wall, business from event where org = $1 and id = $3`,
      [org, event, cause?.id],
    );
    await tx.addAsk({ id: ask, org, agent: action.agent, onBehalfOf: null, about: { kind: 'question', text: '', conversation: '' }, cause: event }, wall);
    await tx.addProposal({ proposal, card: [], outcome: null, event, createdAt: instant(Date.parse('2020-01-01')) });
  });
  return id;
}

test('200 payments at once never pass a limit together, and an escalated one holds no money', async () => {
  const invoices = await bills();
  const [supplier] = await on.rows<{ iban: string }>(`select iban from supplier where org = $1 and id = 'S-001'`, [on.organization.id]);
  const ids = await Promise.all(invoices.map((invoice) => propose(invoice, supplier?.iban ?? '')));
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
  const id = deriveId('prp', [on.organization.id, 'S-001:X-1']);
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
  await on.rows(`update decision set expires_at = now() - interval '1 second' where org = $1 and proposal = $2`, [organization.id, id]);
  await temporal.wakeAction(organization.id, id);
  await on.until('it is refused', async () => (await app.client.task({ kind: 'operator' }, { id })).outcome === 'expired');
});
