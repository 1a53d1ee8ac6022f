/** `charter tools import` and `charter eval tool-suite`, as a person runs them: nothing has to run. */
import { spawnSync } from 'node:child_process';
import { copyFileSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { office } from '../fixtures/suites/office.ts';

const CHARTER = fileURLToPath(new URL('../../bin/charter.mjs', import.meta.url));
const home = mkdtempSync(join(tmpdir(), 'charter-tools-'));
const suite = join(home, 'office');
const charter = (...args: readonly string[]) => {
  const { status, stdout, stderr } = spawnSync(process.execPath, [CHARTER, ...args], {
    encoding: 'utf8',
    env: { PATH: process.env['PATH'], HOME: process.env['HOME'], CHARTER_DATA: join(home, 'data') },
  });
  return { code: status, out: stdout, err: stderr };
};
const linesIn = (file: string): readonly Readonly<Record<string, unknown>>[] =>
  readFileSync(file, 'utf8')
    .trim()
    .split('\n')
    .map((line): Readonly<Record<string, unknown>> => JSON.parse(line));

beforeAll(() => {
  mkdirSync(suite);
  writeFileSync(join(suite, 'tools.json'), JSON.stringify(office.tools));
  writeFileSync(join(suite, 'trajectories.jsonl'), office.trajectories.map((one) => JSON.stringify(one)).join('\n'));
});
afterAll(() => rmSync(home, { recursive: true, force: true }));

test('a suite: one line for each call, in their order, with verdict, articles and reasons', () => {
  const out = join(home, 'verdicts.jsonl');
  const ran = charter('eval', 'tool-suite', suite, '--json', out);
  expect(ran.code, ran.err).toBe(0);
  const calls = office.trajectories.flatMap(({ id, steps }) => steps.filter(({ type }) => type === 'call').map((_call, n) => `${id}#${n}`));
  const lines = linesIn(out);
  expect(lines.map(({ key }) => key)).toEqual(calls);
  expect(lines.every((line) => Object.keys(line).join() === 'key,verdict,articles,why')).toBe(true);
  expect(lines.find(({ key }) => key === 'office/news/forward#1')).toMatchObject({ verdict: 'escalate', why: expect.stringContaining('`to` (recipient)') });
  expect(JSON.parse(ran.out)).toMatchObject({ suite, calls: calls.length, out });
  expect(existsSync(join(home, 'data'))).toBe(false);
});

test('what people wrote of some tools holds, and the others are as drafted; what describes itself otherwise is denied', () => {
  const manifest = join(home, 'mine.yaml');
  const out = join(home, 'mine.jsonl');
  writeFileSync(manifest, `tools:\n  - { name: contacts-find, about: ${'a'.repeat(64)} }\n  - { name: agenda-list, effect: outbound }\n`);
  expect(charter('eval', 'tool-suite', suite, '--manifest', manifest, '--json', out).code).toBe(0);
  const lines = linesIn(out);
  expect(lines.find(({ key }) => key === 'office/answer/none#1')).toMatchObject({ verdict: 'deny', articles: ['imported.unclassified'] });
  expect(lines.find(({ key }) => key === 'office/share/none#1')).toMatchObject({ verdict: 'permit' });
});

test('mistakes are told with file, line and value', () => {
  const manifest = join(home, 'wrong.yaml');
  writeFileSync(manifest, 'tools:\n  - { name: contacts-find, effect: reads }\n');
  const wrong = charter('eval', 'tool-suite', suite, '--manifest', manifest);
  expect([wrong.code, wrong.err]).toEqual([2, expect.stringMatching(/wrong\.yaml:2: .*`reads`: name one of `read`/)]);
  writeFileSync(manifest, 'tools:\n  - { name: contact-find }\n');
  expect(charter('eval', 'tool-suite', suite, '--manifest', manifest).err).toContain('Near: `contacts-find`');
  expect(charter('eval', 'tool-suite', home).err).toContain('tools.json` cannot be read');
});

test('a draft is written beside nothing that is there, and read back as it was', () => {
  const out = join(home, 'tools/office.yaml');
  const ran = charter('tools', 'import', join(suite, 'tools.json'), '--out', out, '--server', 'office');
  expect(ran.code, ran.err).toBe(0);
  expect(ran.out).toMatch(/mailbox-send +outbound +to \(recipient\), subject \(free_text\), body \(free_text\)/);
  const text = readFileSync(out, 'utf8');
  expect(text).toContain('server: office');
  expect(text.split('\n').filter((line) => /^ +(effect_)?why: ./.test(line)).length).toBeGreaterThan(40);
  const again = charter('tools', 'import', join(suite, 'tools.json'), '--out', out);
  expect([again.code, again.err]).toEqual([2, expect.stringContaining('is there already')]);
  const verdicts = [join(home, 'a.jsonl'), join(home, 'b.jsonl')] as const;
  charter('eval', 'tool-suite', suite, '--json', verdicts[0]);
  charter('eval', 'tool-suite', suite, '--manifest', out, '--json', verdicts[1]);
  expect(linesIn(verdicts[1])).toEqual(linesIn(verdicts[0]));
});

test('what is no list of tools, and a server with a name that is taken, are refused', () => {
  writeFileSync(join(home, 'none.json'), '{"a": 1}');
  expect(charter('tools', 'import', join(home, 'none.json'), '--out', join(home, 'x.yaml'))).toMatchObject({
    code: 2,
    err: expect.stringContaining('holds no tools'),
  });
  expect(charter('tools', 'import', join(suite, 'tools.json'), '--out', join(home, 'x.yaml'), '--server', 'finance')).toMatchObject({
    code: 2,
    err: expect.stringContaining('is taken by tools of our own'),
  });
});

test('the guide is carried out as it stands', () => {
  const guide = readFileSync(fileURLToPath(new URL('../../docs/how-to/import-tools.md', import.meta.url)), 'utf8');
  const folder = join(home, 'guide');
  const blocks = [...guide.matchAll(/^```\w+ file=(\S+)\n([\s\S]*?)^```$/gm)].map(([, file = '', text = '']) => ({ file, text }));
  const [said, ...given] = [...blocks].reverse();
  for (const { file, text } of given) {
    mkdirSync(dirname(join(folder, file)), { recursive: true });
    writeFileSync(join(folder, file), text);
  }
  const commands = [...guide.matchAll(/^ {4}npx charter ((?:tools import|eval tool-suite) .*)$/gm)].map(([, words = '']) => words.split(' '));
  expect(commands).toHaveLength(2);
  copyFileSync(join(folder, 'crm.json'), join(folder, 'suite/tools.json'));
  for (const words of commands) {
    const ran = spawnSync(process.execPath, [CHARTER, ...words], { encoding: 'utf8', cwd: folder });
    expect(ran.status, ran.stderr).toBe(0);
  }
  const judged = linesIn(join(folder, said?.file ?? '')).map(({ key, verdict }) => `${String(key)} ${String(verdict)}\n`);
  expect(judged.join('')).toBe(said?.text);
});
