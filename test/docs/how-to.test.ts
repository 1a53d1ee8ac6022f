/** The guides under docs/how-to/, carried out: their code is put into a copy of the project, compiled, and run there. */
import { spawn } from 'node:child_process';
import { cpSync, existsSync, mkdirSync, mkdtempSync, readFileSync, readdirSync, realpathSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, expect, inject, test } from 'vitest';
import { z } from 'zod';

const root = fileURLToPath(new URL('../../', import.meta.url));
const COPIED = ['src', 'agents', 'constitution', 'workflows', 'evals', 'scripts', 'test/fixtures', 'examples/workshop'];
const SETTINGS = ['package.json', 'tsconfig.json', 'eslint.config.mjs', '.dependency-cruiser.cjs'];
const PLANTED = 'test/planted.ts'; // compiles unless the project's strictness holds: the element may be absent

interface Block {
  readonly kind: string;
  readonly file: string;
  readonly text: string;
}

const guides = readdirSync(join(root, 'docs/how-to')).filter((file) => /^(add|write)-.*\.md$/.test(file)); // the others write no code
const blocksOf = (guide: string): readonly Block[] =>
  [...readFileSync(join(root, 'docs/how-to', guide), 'utf8').matchAll(/^```(\w+) file=(\S+)\n([\s\S]*?)^```$/gm)].map(
    ([, kind = '', file = '', text = '']) => ({ kind, file, text }),
  );
const filesOf = (guide: string): readonly string[] => blocksOf(guide).map(({ file }) => file);
const isTest = (file: string): boolean => file.endsWith('.test.ts');

/** A unified diff without line numbers; `@@` parts its hunks. @throws where a hunk's old lines do not stand there exactly once */
function applied(diff: string, text: string, file: string): string {
  return diff.split(/^@@\n/m).reduce((now, hunk) => {
    const lines = hunk.split('\n').slice(0, -1);
    const side = (sign: string) =>
      lines
        .filter((line) => line.startsWith(' ') || line.startsWith(sign))
        .map((line) => `${line.slice(1)}\n`)
        .join('');
    const parts = now.split(side('-'));
    if (parts.length !== 2) throw new Error(`${file} has ${parts.length - 1} times what a guide would change; write its diff anew:\n${side('-')}`);
    return parts.join(side('+'));
  }, text);
}

interface Ran {
  readonly code: number | null;
  readonly out: string;
}

/** Runs a Node program in the copy. */
const run = (copy: string, ...args: readonly string[]): Promise<Ran> =>
  new Promise((resolve, reject) => {
    const child = spawn(process.execPath, args, { cwd: copy, env: { PATH: process.env['PATH'], HOME: process.env['HOME'] } });
    let out = '';
    child.stdout.on('data', (chunk: Buffer) => (out += chunk.toString()));
    child.stderr.on('data', (chunk: Buffer) => (out += chunk.toString()));
    child.on('error', reject);
    child.on('close', (code) => resolve({ code, out }));
  });

const CARRIED_OUT_MS = 300_000; // the compiler, the linter and a run of tests, on a busy machine
const Report = z.object({
  testResults: z.array(z.object({ name: z.string(), message: z.string(), assertionResults: z.array(z.object({ status: z.string(), fullName: z.string() })) })),
});

let copy = '';
let registry = '';
let compiler: Ran;
let linter: Ran;
let boundaries: Ran;
let report: z.infer<typeof Report>;

beforeAll(async () => {
  copy = realpathSync(mkdtempSync(join(tmpdir(), 'charter-how-to-')));
  for (const path of [...COPIED, ...SETTINGS]) cpSync(join(root, path), join(copy, path), { recursive: true });
  symlinkSync(join(root, 'node_modules'), join(copy, 'node_modules'));
  for (const { kind, file, text } of guides.flatMap(blocksOf)) {
    mkdirSync(dirname(join(copy, file)), { recursive: true });
    writeFileSync(join(copy, file), kind === 'diff' ? applied(text, readFileSync(join(copy, file), 'utf8'), file) : text, {
      flag: kind === 'diff' ? 'w' : 'wx',
    });
  }
  await run(copy, 'scripts/generate.mjs');
  registry = readFileSync(join(copy, 'src/registry.generated.ts'), 'utf8');
  const written = guides.flatMap(filesOf).filter((file) => file.endsWith('.ts'));
  const config = { test: { include: written.filter(isTest), provide: { services: inject('services') } } };
  writeFileSync(join(copy, 'vitest.config.mjs'), `export default ${JSON.stringify(config)};\n`);
  boundaries = await run(copy, 'scripts/boundaries.mjs');
  linter = await run(copy, 'node_modules/eslint/bin/eslint.js', ...written);
  const tests = await run(copy, 'node_modules/vitest/vitest.mjs', 'run', '--reporter=json', '--outputFile=report.json');
  if (!existsSync(join(copy, 'report.json'))) throw new Error(`the tests of the guides did not begin:\n${tests.out}`);
  report = Report.parse(JSON.parse(readFileSync(join(copy, 'report.json'), 'utf8')));
  writeFileSync(join(copy, PLANTED), 'export const first: number = [1, 2, 3][0];\n');
  compiler = await run(copy, 'node_modules/typescript/bin/tsc', '--noEmit', '--pretty', 'false');
}, CARRIED_OUT_MS);
afterAll(() => rmSync(copy, { recursive: true, force: true }));

const complaints = (): readonly string[] => compiler.out.split('\n').filter((line) => /\berror TS/.test(line) && !line.startsWith(PLANTED));

/** What became of a guide: what the compiler says of its files, and of its tests. */
function became(guide: string) {
  const files = filesOf(guide);
  const ran = report.testResults.filter(({ name }) => files.some((file) => name === join(copy, file)));
  return {
    errors: complaints().filter((line) => files.some((file) => line.startsWith(`${file}(`))),
    unrun: files.filter((file) => isTest(file) && !ran.some(({ name, assertionResults }) => name === join(copy, file) && assertionResults.length > 0)),
    failed: ran.flatMap(({ assertionResults }) => assertionResults.filter(({ status }) => status !== 'passed').map(({ fullName }) => fullName)),
    broken: ran.map(({ message }) => message).filter((message) => message !== ''),
  };
}
const WELL = { errors: [], unrun: [], failed: [], broken: [] };

test('every guide has code that is written, and a test of it', () => {
  expect(guides.length).toBeGreaterThan(0);
  for (const guide of guides) {
    expect(filesOf(guide).some(isTest), guide).toBe(true);
    expect(
      filesOf(guide).some((file) => !isTest(file)),
      guide,
    ).toBe(true);
  }
});

test('no code block of a guide goes unread', () => {
  for (const guide of guides) {
    const fences = readFileSync(join(root, 'docs/how-to', guide), 'utf8').match(/^```/gm) ?? [];
    expect(fences.length, guide).toBe(2 * blocksOf(guide).length);
  }
});

test('a fault planted beside the guides is reported, under the strictness of the project', () => {
  expect(compiler.out).toMatch(/^test\/planted\.ts\(1,14\): error TS2322/m);
});

test('the tool of the guide compiles and runs', () => expect(became('add-a-tool.md')).toEqual(WELL));
test('the article of the guide compiles with all others, and decides each way', () => expect(became('add-an-article.md')).toEqual(WELL));
test('the domain of the guide compiles, and its reconciler runs in memory and on the books', () => expect(became('add-a-domain.md')).toEqual(WELL));
test('the review of the guide compiles, and finds what it is about on the books', () => expect(became('write-a-review.md')).toEqual(WELL));
test('the agent of the guide compiles, and its playbook meets a drift', () => expect(became('add-an-agent.md')).toEqual(WELL));

test('with all that the guides add the project compiles', () => expect(complaints()).toEqual([]));
test('what the guides add keeps to the one-way flow', () => expect(boundaries.out).toMatch(/^[1-9]\d\d modules, 0 violations/));
test('what the guides add passes the lint', () => expect(linter).toEqual({ code: 0, out: '' }));

test('the registry names every tool, reconciler and agent of the guides', () => {
  const added = guides.flatMap(filesOf).filter((file) => /^src\/domains\/[^/]+\/(tools|reconcilers)\/|^agents\/[^/]+\/agent\.ts$/.test(file));
  expect(added.length).toBeGreaterThan(0);
  for (const file of added) expect(registry).toContain(`'${file.startsWith('src/') ? `./${file.slice(4)}` : `../${file}`}'`);
});
