// The one-way flow of the layout, enforced. A check that saw nothing has failed.
import { execFileSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('..', import.meta.url));
const folders = ['src', 'agents', 'workflows', 'constitution', 'evals'];
const LEAST = 60; // modules; dependency-cruiser sees none where it cannot read the compiler, and says that all is well

let out;
try {
  out = execFileSync(
    process.execPath,
    [`${root}node_modules/dependency-cruiser/bin/dependency-cruise.mjs`, ...folders, '--config', `${root}.dependency-cruiser.cjs`, '--output-type', 'json'],
    { cwd: root, encoding: 'utf8', maxBuffer: 200_000_000 },
  );
} catch (error) {
  out = error.stdout;
}
const { summary } = JSON.parse(out);
for (const { rule, from, to } of summary.violations) console.error(`${rule.name}: ${from} -> ${to}`);
if (summary.totalCruised < LEAST) console.error(`only ${summary.totalCruised} modules were seen; the check looked past the code`);
console.log(`${summary.totalCruised} modules, ${summary.violations.length} violations`);
process.exit(summary.violations.length > 0 || summary.totalCruised < LEAST ? 1 : 0);
