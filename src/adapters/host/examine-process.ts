/** Standard input: what to examine, and a recorded call on each line after it. Standard output: what was found, and the cases as data. */
import { readdirSync } from 'node:fs';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';
import { z } from 'zod';
import { StoredBundle } from '../../bundle.ts';
import { examine } from '../../gate/examine.ts';
import { CaseFile, ExaminedPart, RecordedCall, UNEXAMINED, type Findings } from '../../kernel/amendment.ts';

export const Job = z.strictObject({
  draft: StoredBundle,
  inForce: StoredBundle.nullable(),
  cases: z.union([z.array(CaseFile), z.strictObject({ folder: z.url(), besides: z.array(CaseFile) })]), // besides: of articles that were made, not written
  recorded: z.int(),
  shown: z.int(),
  currency: z.string(),
  parts: z.array(ExaminedPart),
});
export type Job = z.infer<typeof Job>;

const Module = z.object({ cases: CaseFile.shape.cases, routine: CaseFile.shape.routine });

async function casesIn(folder: string): Promise<{ readonly files: readonly CaseFile[]; readonly problems: string[] }> {
  const files: CaseFile[] = [];
  const problems: string[] = [];
  for (const file of readdirSync(new URL(folder)).filter((name) => name.endsWith('.cases.ts'))) {
    try {
      files.push({ file, alone: false, ...Module.parse(await casesOf(fileURLToPath(new URL(file, folder)))) });
    } catch (error) {
      problems.push(
        `${file}: its cases cannot be read: ${error instanceof z.ZodError ? z.prettifyError(error) : error instanceof Error ? error.message : String(error)}`,
      );
    }
  }
  return { files, problems };
}

async function withOthers({ folder, besides }: { readonly folder: string; readonly besides: readonly CaseFile[] }) {
  const { files, problems } = await casesIn(folder);
  return { files: [...files, ...besides], problems };
}

/** What a file of cases exports; it is TypeScript, with whatever it imports from files beside it. */
async function casesOf(path: string): Promise<unknown> {
  const { outputFiles } = await build({ entryPoints: [path], bundle: true, platform: 'node', format: 'esm', write: false, logLevel: 'silent' });
  return import(`data:text/javascript;base64,${Buffer.from(outputFiles[0]?.contents ?? []).toString('base64')}`);
}

const lines = createInterface({ input: process.stdin, crlfDelay: Infinity })[Symbol.asyncIterator]();
const first = await lines.next();
const { recorded, shown, ...job } = Job.parse(JSON.parse(first.value ?? ''));
async function* calls(): AsyncGenerator<RecordedCall> {
  for (let line = await lines.next(); line.done !== true; line = await lines.next()) yield RecordedCall.parse(JSON.parse(line.value));
}
const { files, problems } = Array.isArray(job.cases) ? { files: job.cases, problems: [] } : await withOthers(job.cases);
const unread: Findings = { ...UNEXAMINED, problems };
const findings = problems.length > 0 ? unread : await examine({ ...job, cases: files, history: { calls: calls(), recorded, shown } });
const out = JSON.stringify({ findings, cases: files });
process.stdout.write(out, () => process.exit(0));
