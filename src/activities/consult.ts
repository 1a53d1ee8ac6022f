/** What a model is told: each call judged for its destination, and on record before it leaves. */
import { decide, type Judgment } from '../gate/decide.ts';
import type { Destination, ModelPort, Telling } from '../deliberate/ports.ts';
import { ASK_MODEL, destinationOf, prompt } from '../kernel/consult.ts';
import type { Agent } from '../kernel/define.ts';
import type { Ask } from '../kernel/nouns.ts';
import type { Sensitive } from '../kernel/sensitive.ts';
import { localTime, type Times } from '../kernel/time.ts';
import { baseFacts, gateFacts } from './facts.ts';
import type { Tx } from './ports.ts';
import { factsOfAsk } from './reads.ts';
import { record, type World } from './world.ts';

/** Nothing leaves: there is no model. */
const NOWHERE: Destination = { kind: () => false, classification: () => false, leaves: () => Promise.resolve('There is no model here.') };

type Told = Pick<Telling, 'classification' | 'kinds'>;

/** The destination of the model that is set up, for one deliberation. */
export async function destinationFor(world: World, ask: Ask, agent: Agent): Promise<Destination> {
  const { address, model } = world.model;
  if (address === null) return NOWHERE;
  const judge = await world.store.tx(ask.org, async (tx) => judgeFor(world, tx, ask, agent, address, await tx.times()));
  const known = new Map<string, boolean>();
  const may = (told: Told): boolean => {
    const key = `${told.classification}/${told.kinds.join()}`;
    const permitted = known.get(key) ?? judge(told).verdict === 'permit';
    known.set(key, permitted);
    return permitted;
  };
  return {
    kind: (kind: Sensitive | 'unknown') => kind !== 'unknown' && may({ classification: 'public', kinds: [kind] }),
    classification: (classification) => may({ classification, kinds: [] }),
    leaves: (telling) =>
      world.store.tx(ask.org, async (tx) => {
        const times = await tx.times();
        const judged = (await judgeFor(world, tx, ask, agent, address, times))(telling); // a halt or an amendment since then holds
        await recordTold(world, tx, ask, { ...destinationOf(address), model }, telling, judged, times);
        return judged.verdict === 'permit'
          ? undefined
          : `The model at ${address.host} may not be told this: ${judged.why.join('; ') || 'no article permits it'}.`;
      }),
  };
}

async function judgeFor(world: World, tx: Tx, ask: Ask, agent: Agent, address: URL, times: Times): Promise<(told: Told) => Judgment> {
  const now = localTime(times.business, world.settings(ask.org).zone);
  const read = await factsOfAsk(tx, ask, agent, ASK_MODEL, now, times);
  const granted = world.agents.has(ask.agent);
  const base = { ...baseFacts(read, world.agents, ask.agent, now, ask.onBehalfOf, [], granted), approvals: {}, approved_by: [], requester_is_sole: false };
  return ({ classification, kinds }) =>
    decide(world.constitution(ask.org), {
      agent: ask.agent,
      onBehalfOf: ask.onBehalfOf,
      tool: ASK_MODEL,
      resource: 'model',
      facts: gateFacts(prompt, base, { ...destinationOf(address), classification, kinds: [...kinds] }),
      currency: world.settings(ask.org).currency,
    });
}

type At = ReturnType<typeof destinationOf> & Pick<ModelPort, 'model'>;

function recordTold(world: World, tx: Tx, ask: Ask, at: At, telling: Telling, { verdict, articles, why }: Judgment, times: Times) {
  const { kinds, ...told } = telling;
  return record(world, tx, {
    org: tx.org,
    type: 'model.asked',
    key: [ask.id, telling.wire, times.wall],
    causes: [ask.cause],
    correlation: ask.id,
    times,
    groups: {
      actor: { subject: 'organization', value: { agent: ask.agent, onBehalfOf: ask.onBehalfOf } },
      decision: { subject: 'organization', value: { ...at, ...told, kinds: [...kinds], verdict, articles, why } },
    },
  });
}
