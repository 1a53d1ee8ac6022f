/** `npm run bench`: what Charter adds to what it stands on. `-- --json` prints JSON alone. Exits 1 where a bar is not kept. */
import { cpus, loadavg, platform, release, totalmem } from 'node:os';
import { startServices } from '../fixtures/services.ts';
import { actionFigures } from './action.ts';
import { fellShort, table, type Figure } from './figures.ts';
import { gateFigures } from './gate.ts';
import { slackFigures } from './slack.ts';
import { startFigures } from './start.ts';

const json = process.argv.includes('--json');
const tell = (text: string) => void (json || process.stdout.write(`${text}\n`));

const [cpu] = cpus();
const ran = {
  on: `${cpu?.model.trim() ?? 'unknown'}, ${cpus().length} cores, ${Math.round(totalmem() / 2 ** 30)} GB, ${platform()} ${release()}, Node ${process.version}`,
  at: new Date().toISOString(),
  load: loadavg()[0],
};
tell(`${ran.on}; load ${ran.load?.toFixed(2)}\nAbout three minutes.\n`);

const gate = gateFigures();
tell(`${table(gate)}\n`);
const start = await startFigures();
tell(`${table(start)}\n`);
const { services, stop } = await startServices();
try {
  const action = await actionFigures(services);
  tell(`${table(action)}\n`);
  const slack = await slackFigures(services);
  tell(`${table(slack)}\n`);
  report([...gate, ...start, ...action, ...slack]);
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
