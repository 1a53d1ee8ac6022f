/** What CI says of a run: the tests that were skipped by name, and a failure where more were than is expected. */
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, expect, test } from 'vitest';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));
const folder = mkdtempSync(join(tmpdir(), 'charter-tally-'));
afterAll(() => rmSync(folder, { recursive: true }));

/** @param statuses by file */
function tally(statuses: Readonly<Record<string, readonly string[]>>, codes = ['0', '0']) {
  const report = join(folder, 'report.json');
  const all = Object.values(statuses).flat();
  const count = (wanted: string) => all.filter((status) => status === wanted).length;
  const testResults = Object.entries(statuses).map(([file, of]) => ({
    name: join(ROOT, file),
    assertionResults: of.map((status, n) => ({ status, fullName: `law ${n}` })),
  }));
  writeFileSync(report, JSON.stringify({ numPassedTests: count('passed'), numFailedTests: count('failed'), testResults }));
  const { status, stdout } = spawnSync(process.execPath, [join(ROOT, '.ci/tally.mjs'), report, ...codes], { encoding: 'utf8' });
  return { status, lines: stdout.trim().split('\n') };
}

test('all passed', () => expect(tally({ 'test/a.test.ts': ['passed', 'passed'] })).toEqual({ status: 0, lines: ['3 passed, 0 failed'] }));
test('what may be skipped is told by name, and is no failure', () => {
  const { status, lines } = tally({ 'test/a.test.ts': ['passed'], 'test/replay/record.test.ts': ['skipped', 'skipped'] });
  expect({ status, lines }).toMatchObject({
    status: 0,
    lines: [expect.stringContaining('test/replay/record.test.ts: 2, at most 3'), '  - law 0', '  - law 1', '2 passed, 0 failed'],
  });
});
test.each([
  ['one more than expected', { 'test/replay/record.test.ts': ['passed', 'skipped', 'skipped', 'skipped', 'skipped'] }],
  ['one where none is expected', { 'test/a.test.ts': ['passed', 'pending'] }],
  ['one that is yet to be written', { 'test/a.test.ts': ['passed', 'todo'] }],
])('%s fails', (_what, statuses) => expect(tally(statuses)).toMatchObject({ status: 1, lines: expect.arrayContaining(['2 passed, 1 failed']) as string[] }));
test('an exit code without a failed test, and failed checks, count', () => {
  expect(tally({ 'test/a.test.ts': ['passed'] }, ['1', '0'])).toMatchObject({ status: 1 });
  expect(tally({ 'test/a.test.ts': ['passed', 'passed'] }, ['0', '1'])).toMatchObject({ status: 1 });
});
