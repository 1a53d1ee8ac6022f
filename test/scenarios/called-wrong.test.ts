/** What people called wrong is tried with the records and on the clock of then; what is done again breaks the bar. */
import { mkdtempSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, inject, test } from 'vitest';
import { housekeeping } from '../../src/activities/housekeeping.ts';
import { loadKeys } from '../../src/adapters/host/keys.ts';
import { playbookModel } from '../../src/adapters/playbook/model.ts';
import type { Caller } from '../../src/client.ts';
import { evals } from '../../src/evals.generated.ts';
import { Digest, digest } from '../../src/kernel/digest.ts';
import type { OwnCase } from '../../src/kernel/evals.ts';
import { Instant } from '../../src/kernel/time.ts';
import { evaluate, ownScores } from '../../src/processes/evaluate.ts';
import { billOf } from '../fixtures/planted.ts';
import { reviewed, stage, WORKSHOP, type Stage } from '../fixtures/stage.ts';

const operator: Caller = { kind: 'operator' };

let on: Stage;
let said: readonly OwnCase[];
beforeAll(async () => {
  on = await stage(inject('services'));
  await housekeeping(on.app.world, on.organization.id);
  await on.worker();
  await reviewed(on, 'first');
  const clara = await on.person('clara');
  await on.app.client.wrong(clara, { id: (await on.task(billOf('routine'))).id, reason: 'they never delivered' });
  said = (await on.app.client.eval_cases(operator, {})).cases;
});
afterAll(() => on.close());

const task = evals.find(({ agent }) => agent === 'finance-analyst');
const parts = () => ({
  databaseUrl: inject('services').appUrl,
  keys: loadKeys(inject('services').dataDir),
  folder: mkdtempSync(join(inject('services').dataDir, 'evals-')),
  signal: new AbortController().signal,
  progress: () => undefined,
  onHandled: () => undefined,
  model: playbookModel(),
});
const theirs = (change: (one: OwnCase) => OwnCase) => ({ files: { folder: WORKSHOP, inbox: join(on.dataDir, 'inbox') }, cases: said.map(change) });
const tried = async (change: (one: OwnCase) => OwnCase = (same) => same) => (task ? ownScores(task, theirs(change), parts()) : []);

test('the payment that was called wrong is made again by the routine of today: the bar does not hold, and it is said why', async () => {
  const made =
    task &&
    (await evaluate(
      task,
      parts(),
      theirs((same) => same),
    ));
  expect(made?.own).toMatchObject([{ subject: billOf('routine'), holds: false, says: expect.stringContaining('permit finance.pay_invoice') as string }]);
  expect(made?.kinds.every(({ precision, recall }) => precision === 1 && recall === 1)).toBe(true);
  expect(made?.holds).toBe(false);
});

test('without the records that were on file then it is not tried, and that is said', async () => {
  const [one] = await tried((one) => ({ ...one, files: [...one.files, digest('a file that nobody has')] }));
  expect(one).toMatchObject({ holds: null, says: expect.stringMatching(/^1 of the \d+ records that were on file then are gone/) as string });
});

test('what came in later is not there: without its bill nothing is due', async () => {
  const papers = await on.rows<{ digest: string }>(`select digest from record_file where org = $1 and kind <> 'ubl_invoice'`, [on.organization.id]);
  const others = papers.map((row) => Digest.parse(row.digest));
  expect(await tried((one) => ({ ...one, files: others }))).toMatchObject([{ holds: null, says: 'the records of then do not give rise to it now' }]);
});

test('it is tried on the clock of then: before it was due, nothing of it is seen', async () =>
  expect(await tried((one) => ({ ...one, business: Instant.parse('2026-01-05T07:00:00.000Z') }))).toMatchObject([
    { holds: null, says: 'the records of then do not give rise to it now' },
  ]));
