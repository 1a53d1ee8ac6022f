/** `charter eval tool-suite`: a folder of recorded calls, judged one by one. Nothing has to run, and nothing is called. */
import { existsSync } from 'node:fs';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import { judgeSuite, Trajectory, type CallVerdict } from '../activities/tool-suite.ts';
import { readPatch } from '../adapters/files/manifests.ts';
import { ClientError } from '../client.ts';
import { shippedBundle } from '../tool-suites.ts';

export interface SuiteRun {
  readonly suite: string;
  readonly calls: number;
  readonly permit: number;
  readonly escalate: number;
  readonly deny: number;
  readonly out: string | null;
}

/**
 * @param dir with `tools.json`, `trajectories.jsonl`, and `environment.json` where there is one
 * @param out where a line for each call is written; null: nowhere
 * @throws ClientError `suite_unreadable`, `manifest_invalid`, `tool_unknown`
 */
export async function runSuite(dir: string, manifest: string | undefined, out: string | null): Promise<SuiteRun> {
  const tools = await json(join(dir, 'tools.json'));
  const environment = existsSync(join(dir, 'environment.json')) ? await json(join(dir, 'environment.json')) : null;
  const trajectories = await linesOf(join(dir, 'trajectories.jsonl'));
  const given = manifest === undefined ? null : await patchOf(manifest);
  const verdicts = judged(() => judgeSuite({ tools, environment, trajectories }, given, shippedBundle()), join(dir, 'tools.json'));
  if (out !== null) await writeFile(out, verdicts.map(({ key, verdict, articles, why }) => `${JSON.stringify({ key, verdict, articles, why })}\n`).join(''));
  const count = (verdict: CallVerdict['verdict']) => verdicts.filter((one) => one.verdict === verdict).length;
  return { suite: dir, calls: verdicts.length, permit: count('permit'), escalate: count('escalate'), deny: count('deny'), out };
}

/** What the readers of tools and manifests refuse is told with the file that it stands in. */
function judged<T>(work: () => T, file: string): T {
  try {
    return work();
  } catch (error) {
    if (error instanceof Error && 'code' in error && (error.name === 'DescriptorError' || error.name === 'ManifestError'))
      throw new ClientError(String(error.code), 2, error.name === 'DescriptorError' ? `${file} ${error.message}` : error.message, { cause: error });
    throw error;
  }
}

async function patchOf(path: string) {
  const read = await readPatch(path);
  if ('problems' in read) throw new ClientError('manifest_invalid', 2, read.problems.join('\n'));
  return read.value;
}

async function text(file: string): Promise<string> {
  return readFile(file, 'utf8').catch((cause: unknown) => {
    throw new ClientError('suite_unreadable', 2, `\`${file}\` cannot be read; a suite has tools.json and trajectories.jsonl.`, { cause });
  });
}

async function json(file: string): Promise<unknown> {
  const read = await text(file);
  try {
    return JSON.parse(read);
  } catch (cause) {
    throw new ClientError('suite_unreadable', 2, `${file} is no JSON: ${cause instanceof Error ? cause.message : ''}`, { cause });
  }
}

async function linesOf(file: string): Promise<readonly Trajectory[]> {
  const rows = (await text(file)).split('\n');
  return rows.flatMap((row, n) => {
    if (row.trim() === '') return [];
    let value: unknown;
    try {
      value = JSON.parse(row);
    } catch (cause) {
      throw new ClientError('suite_unreadable', 2, `${file}:${n + 1}: is no JSON: ${cause instanceof Error ? cause.message : ''}`, { cause });
    }
    const parsed = Trajectory.safeParse(value);
    if (!parsed.success) throw new ClientError('suite_unreadable', 2, `${file}:${n + 1}: ${z.prettifyError(parsed.error)}`);
    return [parsed.data];
  });
}
