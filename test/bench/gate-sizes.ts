/** One decision, facts at hand, from 12 to 10,000 articles: Cedar as it decides every call, the closures of replay, and the peer. */
import { cedarAuthorizer } from '../../src/gate/authorize.ts';
import { compiledAuthorizer } from '../../src/gate/compiled.ts';
import { decide } from '../../src/gate/decide.ts';
import { CALLS, peer, sizedConstitution, SIZES } from './articles.ts';
import { percentile, type Figure } from './figures.ts';

const WARM = 3_000;
const BLOCK_MS = 400; // of one engine in a row; they take turns, so that all see the same machine
const BLOCKS = 6;
const SLOW = 50; // calls at least: the peer takes milliseconds for one at 10,000 rules

interface Timed {
  readonly mean: number; // microseconds of the processor's time, so that neighbours do not count
  readonly p50: number;
  readonly p99: number;
}

export function sizeFigures(): readonly Figure[] {
  const means: Record<'cedar' | 'closures' | 'peer', Map<number, number>> = { cedar: new Map(), closures: new Map(), peer: new Map() };
  const told = SIZES.flatMap((size) => {
    const timed = measured(size);
    for (const engine of ['cedar', 'closures', 'peer'] as const) means[engine].set(size, timed[engine].mean);
    return (['cedar', 'closures', 'peer'] as const).flatMap((engine): Figure[] => [
      { what: `${size} articles, ${NAMES[engine]}, mean`, value: timed[engine].mean, unit: 'us' },
      { what: `${size} articles, ${NAMES[engine]}, p50`, value: timed[engine].p50, unit: 'us' },
      { what: `${size} articles, ${NAMES[engine]}, p99`, value: timed[engine].p99, unit: 'us' },
    ]);
  });
  const ratio = (of: 'cedar' | 'closures', size: number) => (means[of].get(size) ?? Number.NaN) / (means.peer.get(size) ?? Number.NaN);
  const growth = (means.cedar.get(10_000) ?? Number.NaN) / (means.cedar.get(12) ?? Number.NaN);
  return [
    ...told,
    { what: 'the gate at 10,000 articles beside 12, mean', value: growth, unit: 'times', most: 1.5 },
    ...[1_000, 10_000].map((size): Figure => ({ what: `the gate beside the peer at ${size}, mean`, value: ratio('cedar', size), unit: 'times', most: 0.5 })),
    ...SIZES.map((size): Figure => ({ what: `the closures beside the peer at ${size}, mean`, value: ratio('closures', size), unit: 'times', most: 1 })),
  ];
}

const NAMES = { cedar: 'the gate', closures: 'the closures', peer: 'the peer' } as const;

function measured(size: number): Record<'cedar' | 'closures' | 'peer', Timed> {
  const constitution = sizedConstitution(size);
  const theirs = peer(size);
  const ours = (authorizer: typeof cedarAuthorizer) => (n: number) => {
    const one = CALLS[n % CALLS.length];
    if (!one) throw new Error('no call');
    return decide(constitution, one.call, authorizer).verdict;
  };
  const engines = { cedar: ours(cedarAuthorizer), closures: ours(compiledAuthorizer), peer: theirs };
  CALLS.forEach(({ verdict }, n) => {
    const said = [engines.cedar(n), engines.closures(n), engines.peer(n) ? 'permit' : 'not'];
    const expected = [verdict, verdict, verdict === 'permit' ? 'permit' : 'not'];
    if (said.join() !== expected.join()) throw new Error(`${size} articles, call ${n}: ${said.join()} instead of ${expected.join()}`);
  });
  const samples = { cedar: new Samples(engines.cedar), closures: new Samples(engines.closures), peer: new Samples(engines.peer) };
  for (let block = 0; block < BLOCKS; block++) for (const one of Object.values(samples)) one.block();
  return { cedar: samples.cedar.timed(), closures: samples.closures.timed(), peer: samples.peer.timed() };
}

class Samples {
  readonly #latencies: number[] = [];
  #calls = 0;
  #cpu = 0;
  #warm = false;

  constructor(private readonly work: (n: number) => unknown) {}

  block(): void {
    const until = performance.now() + BLOCK_MS;
    if (!this.#warm) for (let n = 0; n < WARM && performance.now() < until + BLOCK_MS; n++) this.work(n);
    this.#warm = true;
    const before = process.cpuUsage();
    const end = performance.now() + BLOCK_MS;
    for (let n = 0; n < SLOW || performance.now() < end; n++, this.#calls++) {
      const begun = performance.now();
      this.work(n);
      this.#latencies.push((performance.now() - begun) * 1_000);
    }
    const { user, system } = process.cpuUsage(before);
    this.#cpu += user + system;
  }

  timed(): Timed {
    return { mean: this.#cpu / this.#calls, p50: percentile(this.#latencies, 0.5), p99: percentile(this.#latencies, 0.99) };
  }
}
