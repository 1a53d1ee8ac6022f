import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';

const root = fileURLToPath(new URL('../../', import.meta.url));
const filesOf = (folder: string): readonly string[] =>
  readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name).slice(folder.length + 1))
    .sort();

test('the example’s records are what their generator writes, byte for byte', () => {
  const target = mkdtempSync(join(tmpdir(), 'charter-workshop-'));
  try {
    const { status, stderr } = spawnSync(process.execPath, ['bin/typescript.mjs', 'scripts/make-workshop.ts', `${target}/`], { cwd: root, encoding: 'utf8' });
    expect(status, stderr).toBe(0);
    const written = filesOf(target);
    expect(written.length).toBeGreaterThan(90);
    for (const file of written) expect(readFileSync(join(target, file)).equals(readFileSync(join(root, file))), file).toBe(true);
    const finance = filesOf(join(root, 'examples/workshop/records')).filter((file) => /^(bank|invoices|orders|receipts)\//.test(file));
    expect(written).toEqual(expect.arrayContaining(['evals/finance-analyst/dataset.json', ...finance.map((file) => `examples/workshop/records/${file}`)]));
  } finally {
    rmSync(target, { recursive: true, force: true });
  }
});
