/** The workshop's obligations and their evidence, and what the compliance officer makes of them. */
import { withRows } from '../../src/evaluate/rows.ts';
import { perKind } from '../../src/evaluate/score.ts';
import { review } from '../../src/evaluate/solve.ts';
import { defineEval, type Files } from '../../src/kernel/evals.ts';

/** The equipment was tested and the dust measured in time, and both can be shown. */
const clean = (example: Files): Files =>
  withRows(example, 'records/registers/evidence.csv', [
    'EV-101,OB-03,electrical_test,archive/2026/electrical.pdf,2026-02-10,2028-02-10,viktor',
    'EV-102,OB-08,dust_measurement,archive/2026/dust.pdf,2026-02-16,2029-02-16,viktor',
  ]);

export const task = defineEval({
  agent: 'compliance-officer',
  dataset: new URL('./dataset.json', import.meta.url),
  clean,
  solver: review,
  scorer: perKind,
});
