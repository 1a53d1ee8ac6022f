/** Writes the generated records of the example and their dataset. Same input, same bytes: `node bin/typescript.mjs scripts/make-workshop.ts [ROOT] [--clean]`. */
import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { plantedIn, recordsOf } from './workshop-files.ts';
import { cleanMonth, february } from './workshop-months.ts';

const { values, positionals } = parseArgs({ options: { clean: { type: 'boolean', default: false } }, allowPositionals: true });
const root = positionals[0] ?? fileURLToPath(new URL('..', import.meta.url));
const month = values.clean ? cleanMonth : february;

function write(path: string, content: string): void {
  mkdirSync(dirname(join(root, path)), { recursive: true });
  writeFileSync(join(root, path), content);
}

for (const folder of ['bank', 'calendars', 'invoices', 'orders', 'receipts'])
  rmSync(join(root, 'examples/workshop/records', folder), { recursive: true, force: true });
for (const [path, content] of Object.entries(recordsOf(month))) write(`examples/workshop/${path}`, content);
if (!values.clean) write('evals/finance-analyst/dataset.json', `${JSON.stringify(plantedIn(month), null, 2)}\n`);
