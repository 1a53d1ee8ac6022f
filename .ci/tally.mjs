// What the tests came to. Usage: tally.mjs REPORT TESTS CHECKS: the JSON report of vitest, and the exit codes of the tests and of the checks.
// A skipped test is told by its name; where a file skips more than `.ci/skipped.json` expects, that is a failure: what nobody ran, nobody knows.
import { readFileSync } from 'node:fs';
import { relative } from 'node:path';
import { fileURLToPath } from 'node:url';

const [file, tests, checks] = process.argv.slice(2);
const root = fileURLToPath(new URL('..', import.meta.url));
const expected = JSON.parse(readFileSync(new URL('skipped.json', import.meta.url), 'utf8'));

let report = { numPassedTests: 0, numFailedTests: 1, testResults: [] };
try {
  report = JSON.parse(readFileSync(file, 'utf8'));
} catch {
  // no report: nothing was tested, and that is the failure
}
let { numPassedTests: passed, numFailedTests: failed } = report;
if (tests !== '0' && failed === 0) failed = 1;
if (checks === '0')
  passed += 1; // the checks count as one
else failed += 1;

for (const { name, assertionResults } of report.testResults) {
  const path = relative(root, name);
  const skipped = assertionResults.filter(({ status }) => status !== 'passed' && status !== 'failed');
  const { most = 0, why = 'nothing is expected to be skipped there' } = expected[path] ?? {};
  if (skipped.length > 0) console.log(`skipped in ${path}: ${skipped.length}, at most ${most} (${why})`);
  for (const { fullName } of skipped) console.log(`  - ${fullName}`);
  if (skipped.length > most) failed += skipped.length - most;
}
console.log(`${passed} passed, ${failed} failed`);
process.exit(failed === 0 && passed > 1 ? 0 : 1);
