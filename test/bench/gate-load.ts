/** A process that decides: `gate-load.ts ARTICLES --ms N` or `--decisions N`. One line of JSON. */
import { decide } from '../../src/gate/decide.ts';
import { CALLS, sizedConstitution } from './articles.ts';

const [, , articles = '', how = '', much = ''] = process.argv;
const WARM = 50_000; // by then the engine's code is optimized and the heap has grown to its size

const bare = process.memoryUsage().rss;
const constitution = sizedConstitution(Number(articles));
const one = (n: number): void => {
  const call = CALLS[n % CALLS.length]?.call;
  if (call) decide(constitution, call);
};
for (const { call } of CALLS) decide(constitution, call);
const loaded = process.memoryUsage().rss;
let done = 0;
const begun = performance.now();
let warm = loaded;
if (how === '--ms') while (performance.now() - begun < Number(much)) one(done++);
else
  for (; done < Number(much); done++) {
    if (done === WARM) warm = process.memoryUsage().rss;
    one(done);
  }
process.stdout.write(`${JSON.stringify({ done, ms: performance.now() - begun, bare, loaded, warm, rss: process.memoryUsage().rss })}\n`);
