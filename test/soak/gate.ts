/** `npm run soak:gate`: 5,000,000 generated requests over generated constitutions, the closures beside Cedar. `-- SEED REQUESTS`. Exits 1 at a difference. */
import { compare } from '../fixtures/compared.ts';

const [, , seed = String(Date.now() % 1_000_000), requests = '5000000'] = process.argv;
const STEP = 100_000;

process.stdout.write(`Seed ${seed}; ${Number(requests).toLocaleString('en')} requests, about half an hour on one core.\n`);
let alone = 0;
for (let done = 0; done < Number(requests); done += STEP) {
  const seen = compare(Number(seed) + done, { requests: Math.min(STEP, Number(requests) - done), perConstitution: 500 });
  alone += seen.alone;
  if (seen.differences.length > 0) {
    process.stdout.write(`A difference, with seed ${Number(seed) + done}:\n${JSON.stringify(seen.differences[0], null, 2)}\n`);
    process.exit(1);
  }
  process.stdout.write(
    `${(done + STEP).toLocaleString('en')} compared, 0 differences; the closures answered ${((100 * alone) / (done + STEP)).toFixed(1)} % alone\n`,
  );
}
