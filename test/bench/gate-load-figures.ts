/** Decisions a second on all cores, and what they cost in memory: each in processes of its own. */
import { execFile } from 'node:child_process';
import { cpus } from 'node:os';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { z } from 'zod';
import { SIZES } from './articles.ts';
import type { Figure } from './figures.ts';

const RUN = fileURLToPath(new URL('../../bin/typescript.mjs', import.meta.url));
const LOAD = fileURLToPath(new URL('./gate-load.ts', import.meta.url));
const SPELL_MS = 4_000;
const DECISIONS = 1_000_000;

const Said = z.strictObject({ done: z.int(), ms: z.number(), bare: z.number(), loaded: z.number(), warm: z.number(), rss: z.number() });

async function load(articles: number, how: '--ms' | '--decisions', much: number): Promise<z.infer<typeof Said>> {
  const { stdout } = await promisify(execFile)(process.execPath, [RUN, LOAD, String(articles), how, String(much)], { maxBuffer: 1_000_000 });
  return Said.parse(JSON.parse(stdout));
}

export async function throughputFigures(): Promise<readonly Figure[]> {
  const figures: Figure[] = [];
  for (const size of SIZES) {
    const all = await Promise.all(cpus().map(() => load(size, '--ms', SPELL_MS)));
    const perSecond = all.reduce((sum, { done, ms }) => sum + (done * 1_000) / ms, 0);
    figures.push({ what: `${size} articles: decisions a second on ${cpus().length} cores`, value: perSecond, unit: '1/s' });
  }
  return figures;
}

export async function memoryFigures(): Promise<readonly Figure[]> {
  const [few, many] = [await load(12, '--decisions', 100), await load(10_000, '--decisions', 100)];
  const long = await load(1_000, '--decisions', DECISIONS);
  const each = (many.loaded - many.bare - (few.loaded - few.bare)) / 2 ** 20 / ((10_000 - 12) / 1_000);
  return [
    { what: 'memory of 1,000 articles', value: each, unit: 'MB' },
    { what: `memory (RSS) after ${DECISIONS.toLocaleString('en')} decisions beside that after 50,000`, value: long.rss / long.warm, unit: 'times', most: 1.05 },
  ];
}
