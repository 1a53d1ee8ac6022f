/** What every benchmark is: parts that give figures, on a machine that it names, held against their bars. */
import { cpus, loadavg, platform, release, totalmem } from 'node:os';
import { fellShort, table, type Figure } from './figures.ts';

export type Parts = Readonly<Record<string, () => readonly Figure[] | Promise<readonly Figure[]>>>;

/** Measures each part, or the one that `--only` names, prints, and ends the process: with 1 where a bar is not kept. */
export async function bench(takes: string, parts: Parts): Promise<never> {
  const json = process.argv.includes('--json');
  const only = process.argv.includes('--only') ? process.argv[process.argv.indexOf('--only') + 1] : undefined;
  const tell = (text: string) => void (json || process.stdout.write(`${text}\n`));
  if (only !== undefined && !Object.hasOwn(parts, only)) {
    process.stderr.write(`There are no figures \`${only}\`. Name ${Object.keys(parts).join(', ')}.\n`);
    process.exit(2);
  }
  const [cpu] = cpus();
  const ran = {
    on: `${cpu?.model.trim() ?? 'unknown'}, ${cpus().length} cores, ${Math.round(totalmem() / 2 ** 30)} GB, ${platform()} ${release()}, Node ${process.version}`,
    at: new Date().toISOString(),
    load: loadavg()[0],
  };
  tell(`${ran.on}; load ${ran.load?.toFixed(2)}\n${takes}\n`);
  const figures: Figure[] = [];
  for (const [name, measure] of Object.entries(parts)) {
    if (only !== undefined && only !== name) continue;
    const more = await measure();
    figures.push(...more);
    tell(`${table(more)}\n`);
  }
  const short = fellShort(figures);
  if (json) process.stdout.write(`${JSON.stringify({ ...ran, figures, kept: short.length === 0 }, null, 2)}\n`);
  else tell(short.length === 0 ? 'All bars are kept.' : `Fell short: ${short.map(({ what }) => what).join('; ')}.`);
  process.exit(short.length === 0 ? 0 : 1);
}
