/** Stock, orders and machines of the workshop, and what the operations coordinator makes of them. */
import { withoutRows, withRows } from '../../src/evaluate/rows.ts';
import { perKind } from '../../src/evaluate/score.ts';
import { review } from '../../src/evaluate/solve.ts';
import { defineEval, type Files } from '../../src/kernel/evals.ts';

const REGISTERS = 'records/registers';

/** Nothing was taken beyond what was there, the late order came, both machines were serviced. Glue stays below its target, and on order. */
function clean(example: Files): Files {
  const calm = withoutRows(example, `${REGISTERS}/movements.csv`, ['M-0201', 'M-0202', 'M-0204', 'M-0207', 'M-0208', 'M-0209']);
  const arrived = withRows(withoutRows(calm, `${REGISTERS}/stock-orders.csv`, ['PO-3002']), `${REGISTERS}/stock-orders.csv`, [
    'PO-3002,oak-40,mill-lane,15,S-002,1080.00,EUR,2026-02-16,2026-02-26,2026-02-26',
  ]);
  return withRows(withoutRows(arrived, `${REGISTERS}/machines.csv`, ['panel-saw', 'planer']), `${REGISTERS}/machines.csv`, [
    'panel-saw,mill-lane,2026-02-16,12,running',
    'planer,mill-lane,2026-02-16,5,running',
  ]);
}

export const task = defineEval({
  agent: 'operations-coordinator',
  dataset: new URL('./dataset.json', import.meta.url),
  clean,
  solver: review,
  scorer: perKind,
});
