/** `npm run bench:gate`: the gate beside a peer with as many rules, in one run. `-- --json` prints JSON alone, `-- --only sizes` measures one part. Exits 1 where a bar is not kept. */
import { startServices } from '../fixtures/services.ts';
import type { Figure } from './figures.ts';
import { memoryFigures, throughputFigures } from './gate-load-figures.ts';
import { pathFigures } from './gate-path.ts';
import { sizeFigures } from './gate-sizes.ts';
import { swapFigures } from './gate-swap.ts';
import { bench } from './run.ts';

await bench('About fifteen minutes: a million decisions are made for the memory alone.', {
  sizes: sizeFigures,
  swap: swapFigures,
  throughput: throughputFigures,
  memory: memoryFigures,
  async path(): Promise<readonly Figure[]> {
    const { services, stop } = await startServices();
    try {
      return await pathFigures(services);
    } finally {
      await stop();
    }
  },
});
