/** The code keeps to its one-way flow, and each rule sees what breaks it: planted in a copy, for other tests read the tree at the same time. */
import { execFileSync, spawnSync } from 'node:child_process';
import { cpSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { z } from 'zod';

const ROOT = fileURLToPath(new URL('..', import.meta.url));
const PARTS = ['src', 'agents', 'workflows', 'constitution', 'evals', 'scripts', 'tsconfig.json', 'package.json', '.dependency-cruiser.cjs'];
const rules = z
  .object({ forbidden: z.array(z.object({ name: z.string() })) })
  .parse(createRequire(import.meta.url)(join(ROOT, '.dependency-cruiser.cjs')))
  .forbidden.map(({ name }) => name);

/** Which rule catches what, where it stands. */
const PLANTED: readonly (readonly [rule: string, path: string, imports: string])[] = [
  ['no-cycles', 'src/gate/planted-one.ts', './planted-other.ts'],
  ['kernel-imports-nothing', 'src/kernel/planted.ts', '../gate/facts.ts'],
  ['stage-imports-kernel-only', 'src/gate/planted.ts', '../warrant/warrant.ts'],
  ['stage-imports-kernel-only', 'src/evaluate/planted.ts', '../gate/facts.ts'],
  ['domain-stands-alone', 'src/domains/finance/planted.ts', '../operations/records.ts'],
  ['adapter-fits-a-port', 'src/adapters/postgres/planted.ts', '../../activities/judge.ts'],
  ['activity-joins-stages', 'src/activities/planted.ts', '../adapters/postgres/client.ts'],
  ['article-cases-are-data', 'constitution/articles/planted.ts', '../../src/gate/facts.ts'],
  ['agent-names-tools', 'agents/scheduler/planted.ts', '../../src/domains/staffing/ports.ts'],
  ['eval-is-three-nouns', 'evals/planted.ts', '../src/models.ts'],
  ['surface-is-a-client', 'src/surfaces/cli/planted.ts', '../../activities/judge.ts'],
  ['operation-calls-activities', 'src/operations/planted.ts', '../adapters/postgres/client.ts'],
  ['package-shows-what-there-is', 'src/package/planted.ts', '../gate/facts.ts'],
  ['client-is-for-others', 'src/activities/planted-client.ts', '../service-client/client.ts'],
  ['client-of-others-stands-alone', 'src/service-client/planted.ts', '../kernel/money.ts'],
  ['process-starts-the-app', 'src/processes/planted.ts', '../gate/decide.ts'],
  ['door-knows-nouns', 'src/client-planted.ts', './activities/world.ts'],
  ['root-is-put-together-once', 'src/planted.ts', './schedules.ts'],
  ['surface-is-an-end', 'src/operations/planted-surface.ts', '../surfaces/grouped.ts'],
  ['one-root', 'src/surfaces/slack/planted.ts', '../../app.ts'],
  ['operations-behind-the-client', 'src/surfaces/api/planted.ts', '../../operations/people.ts'],
  ['process-is-begun-by-hand', 'src/surfaces/inbox/planted.ts', '../../processes/reset.ts'],
  ['workflow-is-deterministic', 'workflows/planted.ts', 'pg'],
  ['one-hand', 'src/processes/planted-hand.ts', '../domains/finance/tools/pay-invoice.ts'],
];

const copy = mkdtempSync(join(tmpdir(), 'charter-boundaries-'));
let caught: readonly string[] = [];
beforeAll(() => {
  for (const part of PARTS) cpSync(join(ROOT, part), join(copy, part), { recursive: true });
  symlinkSync(join(ROOT, 'node_modules'), join(copy, 'node_modules'));
  for (const [, path, imports] of PLANTED) writeFileSync(join(copy, path), `import '${imports}';\nexport {};\n`);
  writeFileSync(join(copy, 'src/gate/planted-other.ts'), "import './planted-one.ts';\nexport {};\n");
  const { status, stderr } = spawnSync(process.execPath, [join(copy, 'scripts/boundaries.mjs')], { encoding: 'utf8' });
  expect(status).toBe(1);
  caught = stderr.trim().split('\n');
});
afterAll(() => rmSync(copy, { recursive: true, force: true }));

test('the code keeps to its one-way flow, and the check saw the code', () => {
  expect(execFileSync(process.execPath, [join(ROOT, 'scripts/boundaries.mjs')], { encoding: 'utf8' })).toMatch(/^[1-9]\d\d modules, 0 violations/);
});

test('every rule has a violation planted for it', () => expect([...new Set(PLANTED.map(([rule]) => rule))].toSorted()).toEqual(rules.toSorted()));

test.each(PLANTED)('%s catches what is planted in %s', (rule, path) => {
  expect(caught).toContainEqual(expect.stringMatching(new RegExp(`^${rule}: ${path} -> `)));
});

test('and nothing is caught that was not planted', () => expect(caught.filter((line) => !line.includes('planted'))).toEqual([]));
