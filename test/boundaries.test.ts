import { execFileSync, spawnSync } from 'node:child_process';
import { rmSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';

const script = fileURLToPath(new URL('../scripts/boundaries.mjs', import.meta.url));
const planted = (path: string): string => fileURLToPath(new URL(`../${path}`, import.meta.url));

test('the code keeps to its one-way flow, and the check saw the code', () => {
  expect(execFileSync(process.execPath, [script], { encoding: 'utf8' })).toMatch(/^[1-9]\d\d modules, 0 violations/);
});

test.each([
  ['src/gate/planted.ts', "import '../warrant/warrant.ts';", 'stage-imports-kernel-only'],
  ['src/kernel/planted.ts', "import '../gate/facts.ts';", 'kernel-imports-nothing'],
  ['src/surfaces/cli/planted.ts', "import '../../activities/judge.ts';", 'surface-is-a-client'],
  ['constitution/articles/planted.ts', "import '../../src/gate/facts.ts';", 'article-cases-are-data'],
  ['workflows/planted.ts', "import 'pg';", 'workflow-is-deterministic'],
  ['src/evaluate/planted.ts', "import '../gate/facts.ts';", 'stage-imports-kernel-only'],
  ['evals/planted.ts', "import '../src/app.ts';", 'eval-is-three-nouns'],
])('a violation planted in %s is caught', (path, text, rule) => {
  writeFileSync(planted(path), `${text}\nexport {};\n`);
  try {
    const result = spawnSync(process.execPath, [script], { encoding: 'utf8' });
    expect(result.status).toBe(1);
    expect(result.stderr).toContain(rule);
  } finally {
    rmSync(planted(path));
  }
});
