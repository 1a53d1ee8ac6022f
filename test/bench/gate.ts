/** One decision in process beside the bare Cedar call on the same request and slice. */
import { cedar, load } from '../../src/gate/constitution.ts';
import { decide, type Call } from '../../src/gate/decide.ts';
import { AgentName, ToolName } from '../../src/kernel/ids.ts';
import { baseConstitution, paymentFacts } from '../fixtures/constitution.ts';
import { percentile, type Figure } from './figures.ts';

const BATCH = 200; // calls in one sample: a single one is near the clock's resolution
const SAMPLES = 60;

export function gateFigures(): readonly Figure[] {
  const constitution = baseConstitution();
  const tool = ToolName.parse('finance.pay_invoice');
  const slice = constitution.slices.get(tool);
  if (!slice) throw new Error('the tool has no slice');
  load(slice);
  const call = (facts: unknown): Call => ({
    agent: AgentName.parse('finance-analyst'),
    onBehalfOf: null,
    tool,
    resource: 'invoice/S-001:1',
    facts,
    currency: 'EUR',
  });
  const cases = [
    { verdict: 'permit', facts: paymentFacts(), most: 1.5 },
    { verdict: 'deny', facts: paymentFacts({ payment: { duplicate: true } }), most: 1.5 },
    { verdict: 'escalate', facts: paymentFacts({ payment: { amount_minor: 300_000 } }), most: 2.5 },
  ] as const;
  return cases.flatMap(({ verdict, facts, most }) => {
    const one = call(facts);
    const got = decide(constitution, one).verdict;
    if (got !== verdict) throw new Error(`expected ${verdict}, got ${got}`);
    const request = requestOf(() => decide(constitution, one));
    const engine = cedar();
    const [ours, bare]: [number[], number[]] = [[], []];
    for (let n = 0; n < SAMPLES; n++) {
      ours.push(batch(() => decide(constitution, one)));
      bare.push(batch(() => engine.statefulIsAuthorized(request)));
    }
    return [
      { what: `the gate decides: ${verdict}, p50`, value: percentile(ours, 0.5), unit: 'us' },
      { what: `the bare Cedar call of it, p50`, value: percentile(bare, 0.5), unit: 'us' },
      { what: `${verdict}, beside the bare call`, value: percentile(ours, 0.5) / percentile(bare, 0.5), unit: 'times', most },
    ];
  });
}

type Request = Parameters<ReturnType<typeof cedar>['statefulIsAuthorized']>[0];

/** The request that the gate gives to Cedar, seen on its way. */
function requestOf(decision: () => unknown): Request {
  const engine = cedar();
  const original = engine.statefulIsAuthorized;
  let seen: Request | undefined;
  Reflect.set(engine, 'statefulIsAuthorized', (request: Request) => {
    seen ??= request;
    return original(request);
  });
  decision();
  Reflect.set(engine, 'statefulIsAuthorized', original);
  if (!seen) throw new Error('the gate asked Cedar nothing');
  return seen;
}

/** Microseconds of one call. */
function batch(work: () => unknown): number {
  const begun = performance.now();
  for (let n = 0; n < BATCH; n++) work();
  return ((performance.now() - begun) * 1_000) / BATCH;
}
