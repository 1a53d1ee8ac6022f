/** `npm run bench`: what Charter adds to what it stands on. `-- --json` prints JSON alone, `-- --only inbox` measures one part. Exits 1 where a bar is not kept. */
import { startServices, type Services } from '../fixtures/services.ts';
import { actionFigures } from './action.ts';
import type { Figure } from './figures.ts';
import { gateFigures } from './gate.ts';
import { inboxFigures } from './inbox.ts';
import { bench } from './run.ts';
import { slackFigures } from './slack.ts';
import { startFigures } from './start.ts';

const on = (figures: (services: Services) => Promise<readonly Figure[]>) => async () => {
  const { services, stop } = await startServices();
  try {
    return await figures(services);
  } finally {
    await stop();
  }
};

await bench('About four minutes.', { gate: gateFigures, start: startFigures, action: on(actionFigures), slack: on(slackFigures), inbox: on(inboxFigures) });
