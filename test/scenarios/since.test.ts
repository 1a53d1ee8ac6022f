/** An organization that starts on a day: what was amiss before is told once, together, and is no flood of proposals. */
import { afterAll, beforeAll, expect, inject, test } from 'vitest';
import { housekeeping } from '../../src/activities/housekeeping.ts';
import { reconcile } from '../../src/activities/reconcile.ts';
import { LocalDate } from '../../src/kernel/time.ts';
import { stage, type Stage } from '../fixtures/stage.ts';

const SINCE = LocalDate.parse('2026-03-12'); // bills of the example fall due before and after it
let on: Stage;
beforeAll(async () => {
  on = await stage(inject('services'), { change: (organization) => ({ ...organization, since: SINCE }) });
  await housekeeping(on.app.world, on.organization.id);
});
afterAll(() => on.close());

const review = (run: string) => reconcile(on.app.world, on.organization.id, 'finance', run);
const about = async (asks: readonly string[]) =>
  (await on.rows<{ key: string }>('select drift_key "key" from ask where org = $1 and id = any($2)', [on.organization.id, asks])).map(({ key }) => key);
const reports = async () => (await on.app.client.status({ kind: 'operator' }, {})).findings;

test('what falls due from that day on is asked about, whenever it was billed; what is older is one report', async () => {
  const { asks, drifts } = await review('first');
  const keys = await about(asks);
  const dueDays = await on.rows<{ due: string; early: boolean }>(
    `select i.document ->> 'due' due, i.document ->> 'issued' < $2 early from invoice i where i.org = $1 and i.id = any($3)`,
    [on.organization.id, SINCE, keys.map((key) => key.split('/')[1])],
  );
  expect(dueDays.some(({ early }) => early)).toBe(true);
  expect(dueDays.filter(({ due }) => due < SINCE)).toEqual([]);
  const older = (await reports()).filter((finding) => finding.includes(`from before ${SINCE}`));
  expect(older).toHaveLength(1);
  expect(older[0]).toContain(`${drifts - asks.length} from before`);
});

test('another review tells it no second time', async () => {
  expect((await review('second')).asks).toEqual([]);
  expect((await reports()).filter((finding) => finding.includes('from before'))).toHaveLength(1);
});

test('an older one whose facts change is asked about after all', async () => {
  const [row] = await on.rows<{ key: string }>(
    `select key from drift where org = $1 and state = 'declined' and reconciler = 'finance.unmatched_invoice' order by key limit 1`,
    [on.organization.id],
  );
  await on.rows(`update invoice set match_reasons = match_reasons || '{"and something else"}' where org = $1 and id = $2`, [
    on.organization.id,
    row?.key.split('/')[1],
  ]);
  expect(await about((await review('third')).asks)).toEqual([row?.key]);
});
