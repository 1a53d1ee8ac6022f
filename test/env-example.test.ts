/** What Charter reads from its environment is what `.env.example` explains. */
import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';

const OURS = /\b(?:CHARTER|CHROMIUM|ANTHROPIC|OPENAI|DATABASE|TEMPORAL|SLACK)_[A-Z_]*[A-Z]\b/g;
const files = execFileSync('git', ['ls-files', 'src', 'scripts', 'bin'], { encoding: 'utf8' })
  .split('\n')
  .filter((file) => /\.(ts|mjs|cjs)$/.test(file));
const read = new Map(
  files.flatMap((file) => {
    const text = readFileSync(file, 'utf8');
    return /\benv\b/.test(text) ? [...text.matchAll(OURS)].map(([name]) => [name, file] as const) : [];
  }),
);
const explained = new Set(readFileSync('.env.example', 'utf8').match(OURS));

test('every variable that is read is explained', () => {
  expect(read.size, 'the sources were looked at').toBeGreaterThan(10);
  expect([...read].filter(([name]) => !explained.has(name))).toEqual([]);
});

test('every variable that is explained is read, by us or by Temporal', () => {
  const temporals = /^TEMPORAL_(API_KEY|NAMESPACE|TLS_.*)$/;
  expect([...explained].filter((name) => !read.has(name) && !temporals.test(name))).toEqual([]);
});
