/** Standard input: what to examine. Standard output: what was found, and the cases as data. */
import { readdirSync } from 'node:fs';
import { z } from 'zod';
import { StoredBundle } from '../../bundle.ts';
import { examine } from '../../gate/examine.ts';
import { CaseFile, RecordedCall } from '../../kernel/amendment.ts';

export const Job = z.strictObject({
  draft: StoredBundle,
  inForce: StoredBundle.nullable(),
  cases: z.union([z.array(CaseFile), z.strictObject({ folder: z.url() })]),
  calls: z.array(RecordedCall),
  recorded: z.int(),
  currency: z.string(),
});
export type Job = z.infer<typeof Job>;

const Module = z.object({ cases: CaseFile.shape.cases, routine: CaseFile.shape.routine });

async function casesIn(folder: string): Promise<{ readonly files: readonly CaseFile[]; readonly problems: readonly string[] }> {
  const files: CaseFile[] = [];
  const problems: string[] = [];
  for (const file of readdirSync(new URL(folder)).filter((name) => name.endsWith('.cases.ts'))) {
    const read = Module.safeParse(await import(new URL(file, folder).href).catch((error: unknown) => String(error)));
    if (read.success) files.push({ file, ...read.data });
    else problems.push(`${file}: holds no cases: ${z.prettifyError(read.error)}`);
  }
  return { files, problems };
}

const chunks: Buffer[] = [];
for await (const chunk of process.stdin) chunks.push(Buffer.from(chunk));
const job = Job.parse(JSON.parse(Buffer.concat(chunks).toString('utf8')));
const { files, problems } = Array.isArray(job.cases) ? { files: job.cases, problems: [] } : await casesIn(job.cases.folder);
const findings = examine({ ...job, cases: files });
const out = JSON.stringify({ findings: { ...findings, problems: [...problems, ...findings.problems] }, cases: files });
process.stdout.write(out, () => process.exit(0));
