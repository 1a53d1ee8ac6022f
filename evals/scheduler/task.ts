/** Four weeks of rota, leave and certificates of the workshop, and what the scheduler makes of them. */
import { withLines, withoutRows, withRows } from '../../src/evaluate/rows.ts';
import { perKind } from '../../src/evaluate/score.ts';
import { review } from '../../src/evaluate/solve.ts';
import { defineEval, type Files } from '../../src/kernel/evals.ts';

const REGISTERS = 'records/registers';

/** Nobody is away, twice at work or without a certificate, and nobody asked for leave. The yard is closed for a day, and finn is at school. */
function clean(example: Files): Files {
  const rota = withLines(example, `${REGISTERS}/rota.csv`, [
    ['2026-03-10,mill-lane,late,henrik,joiner', '2026-03-10,mill-lane,early,henrik,joiner'],
    ['2026-03-10,station-yard,day,paul,forklift', ''],
    ['2026-03-14,station-yard,day,yusuf,joiner', ''],
  ]);
  const present = withRows(rota, `${REGISTERS}/rota.csv`, ['2026-03-12,mill-lane,late,greta,machinist', '2026-03-04,station-yard,day,jakub,forklift']);
  const certified = withLines(present, `${REGISTERS}/certificates.csv`, [
    ['C-201,jakub,forklift,2025-03-11,2026-03-10', 'C-201,jakub,forklift,2025-03-11,2027-03-10'],
  ]);
  return withoutRows(certified, `${REGISTERS}/leave.csv`, ['L-2026-011', 'L-2026-014', 'L-2026-015', 'L-2026-016', 'L-2026-017', 'L-2026-018']);
}

export const task = defineEval({
  agent: 'scheduler',
  dataset: new URL('./dataset.json', import.meta.url),
  clean,
  solver: review,
  scorer: perKind,
});
