/** The month's money for models: on the real rows, with as many calls at once as the worker has slots. */
import { afterEach, expect, inject, test } from 'vitest';
import { meterOf } from '../../src/activities/meter.ts';
import type { Usage } from '../../src/deliberate/ports.ts';
import { AgentName } from '../../src/kernel/ids.ts';
import { stage, type Stage } from '../fixtures/stage.ts';

const CENT = 10_000; // millionths
const usage = (cents: number, tokens = 1): Usage => ({ model: 'm', input: tokens, output: tokens, micros: cents * CENT });
const [finance, scheduler] = [AgentName.parse('finance-analyst'), AgentName.parse('scheduler')];
const operator = { kind: 'operator' } as const;
let on: Stage | undefined;
afterEach(() => on?.close());

async function withCap(month: string, now?: () => number): Promise<Stage> {
  on = await stage(inject('services'), { change: (organization) => ({ ...organization, model: { month } }), ...(now ? { now } : {}) });
  return on;
}
const meter = ({ app, organization }: Stage) => meterOf(app.world, organization.id);
const warnings = ({ rows, organization }: Stage) => rows(`select 1 from event where org = $1 and type = 'cost.warned'`, [organization.id]);

test('four calls at once do not pass the cap together', async () => {
  const here = await withCap('1.00');
  const answers = await Promise.all([1, 2, 3, 4].map(() => meter(here).reserve(finance, usage(40))));
  expect(answers.filter(({ ok }) => ok)).toHaveLength(2); // 40, 80, and no third
  const refused = answers.find((answer) => !answer.ok);
  expect(refused?.ok === false && refused.why).toBe(
    "Of the organization's 1.00 EUR for models this month 0.20 EUR are left, and the next call may cost 0.40 EUR. The owner may raise `model.month` in organization.yaml.",
  );
  expect(await here.app.client.cost(operator, {})).toMatchObject({ cap: { minor: 100 }, spent: { minor: 0 }, reserved: { minor: 80 } });
});

test('what a call did not need is there for the next one; what nobody settled stays spent', async () => {
  let passed = 0;
  const here = await withCap('1.00', () => Date.parse('2026-03-02T06:00:00Z') + passed);
  const first = await meter(here).reserve(finance, usage(60));
  expect(await meter(here).reserve(finance, usage(60))).toMatchObject({ ok: false });
  if (first.ok) await first.settle(usage(5));
  expect(await meter(here).reserve(finance, usage(60))).toMatchObject({ ok: true }); // its process dies now
  expect(await here.app.client.cost(operator, {})).toMatchObject({ spent: { minor: 5 }, reserved: { minor: 60 } });
  passed = 3_600_000;
  expect(await here.app.client.cost(operator, {})).toMatchObject({ spent: { minor: 65 }, reserved: { minor: 0 } });
  expect(await meter(here).reserve(finance, usage(60))).toMatchObject({ ok: false });
  passed = 31 * 86_400_000;
  expect(await meter(here).reserve(finance, usage(60))).toMatchObject({ ok: true }); // another month
});

test('at 80 percent an event says so, once a month, and the status shows it', async () => {
  let passed = 0;
  const here = await withCap('1.00', () => Date.parse('2026-03-02T06:00:00Z') + passed);
  const spend = async (cents: number) => {
    const answer = await meter(here).reserve(finance, usage(cents));
    if (answer.ok) await answer.settle(usage(cents));
    return answer.ok;
  };
  expect(await spend(79)).toBe(true);
  expect(await warnings(here)).toHaveLength(0);
  await Promise.all([spend(1), spend(1), spend(1), spend(1)]);
  expect(await warnings(here)).toHaveLength(1);
  const [warned] = await here.rows<{ id: string }>(`select id from event where org = $1 and type = 'cost.warned'`, [here.organization.id]);
  const [event] = await here.app.client.why(operator, { id: warned?.id ?? '' });
  expect(event?.says).toBe('models have cost 0.80 EUR of the 1.00 EUR of 2026-03');
  expect((await here.app.client.status(operator, {})).money).toMatchObject({ month: '2026-03', cap: { minor: 100 }, spent: { minor: 83 } });
  passed = 31 * 86_400_000;
  expect(await spend(85)).toBe(true);
  expect(await warnings(here)).toHaveLength(2);
});

test('an agent has a limit of its own within the organization’s', async () => {
  const here = await withCap('50.00');
  const limit = here.app.world.agents.get(scheduler)?.limits.money.minor ?? 0;
  expect(await meter(here).reserve(scheduler, usage(limit))).toMatchObject({ ok: true });
  expect(await meter(here).reserve(scheduler, usage(1))).toMatchObject({ ok: false });
  expect(await meter(here).reserve(finance, usage(1))).toMatchObject({ ok: true });
  expect(await meter(here).reserve(AgentName.parse('nobody'), usage(1))).toMatchObject({ ok: false });
});

test('a month of more tokens than 32 bits count is told', async () => {
  const here = await withCap('50.00');
  for (const agent of [finance, finance]) {
    const answer = await meter(here).reserve(agent, usage(1, 2_000_000_000));
    if (answer.ok) await answer.settle(usage(1, 2_000_000_000));
  }
  expect((await here.app.client.cost(operator, {})).agents).toMatchObject([{ agent: finance, calls: 2, tokens_in: 4_000_000_000, micros: 2 * CENT }]);
});
