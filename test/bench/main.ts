/** `npm run bench`: what Charter adds to what it stands on. `-- --json` prints JSON alone, `-- --only inbox` measures one part. Exits 1 where a bar is not kept. */
import { cpus, loadavg, platform, release, totalmem } from 'node:os';
import { startServices } from '../fixtures/services.ts';
import { actionFigures } from './action.ts';
import { fellShort, table, type Figure } from './figures.ts';
import { gateFigures } from './gate.ts';
import { inboxFigures } from './inbox.ts';
import { slackFigures } from './slack.ts';
import { startFigures } from './start.ts';

const json = process.argv.includes('--json');
const only = process.argv.includes('--only') ? process.argv[process.argv.indexOf('--only') + 1] : undefined;
const tell = (text: string) => void (json || process.stdout.write(`${text}\n`));

const [cpu] = cpus();
const ran = {
  on: `${cpu?.model.trim() ?? 'unknown'}, ${cpus().length} cores, ${Math.round(totalmem() / 2 ** 30)} GB, ${platform()} ${release()}, Node ${process.version}`,
  at: new Date().toISOString(),
  load: loadavg()[0],
};
tell(`${ran.on}; load ${ran.load?.toFixed(2)}\nAbout four minutes.\n`);

const found: Figure[] = [];
const measure = async (name: string, figures: () => readonly Figure[] | Promise<readonly Figure[]>): Promise<void> => {
  if (only !== undefined && only !== name) return;
  const more = await figures();
  found.push(...more);
  tell(`${table(more)}\n`);
};
await measure('gate', gateFigures);
await measure('start', startFigures);
const { services, stop } = await startServices();
try {
  await measure('action', () => actionFigures(services));
  await measure('slack', () => slackFigures(services));
  await measure('inbox', () => inboxFigures(services));
  if (found.length === 0) throw new Error(`There are no figures \`${only ?? ''}\`. Name gate, start, action, slack or inbox.`);
  report(found);
} finally {
  await stop();
}
process.exit();

function report(figures: readonly Figure[]): void {
  const short = fellShort(figures);
  if (json) process.stdout.write(`${JSON.stringify({ ...ran, figures, kept: short.length === 0 }, null, 2)}\n`);
  else tell(short.length === 0 ? 'All bars are kept.' : `Fell short: ${short.map(({ what }) => what).join('; ')}.`);
  process.exitCode = short.length === 0 ? 0 : 1;
}
