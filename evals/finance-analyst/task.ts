/** The workshop's February as its books have it, and what the finance analyst makes of it. `scripts/make-workshop.ts` writes the dataset beside the records. */
import { recordsOf } from '../../scripts/workshop-files.ts';
import { cleanMonth } from '../../scripts/workshop-months.ts';
import { perKind } from '../../src/evaluate/score.ts';
import { review } from '../../src/evaluate/solve.ts';
import { defineEval, type Files } from '../../src/kernel/evals.ts';

const GENERATED = /^records\/(bank|invoices|orders|receipts)\//;

/** The same generator without what is planted. Bills that are not due yet, and one whose discount is not worth it, stay. */
const clean = (example: Files): Files => new Map([...[...example].filter(([path]) => !GENERATED.test(path)), ...Object.entries(recordsOf(cleanMonth))]);

export const task = defineEval({
  agent: 'finance-analyst',
  dataset: new URL('./dataset.json', import.meta.url),
  clean,
  solver: review,
  scorer: perKind,
});
