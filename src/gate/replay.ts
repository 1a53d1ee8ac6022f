/** Recorded decisions under a draft: each verdict that would be another one. */
import { z } from 'zod';
import type { ChangedVerdict, RecordedCall, Replay } from '../kernel/amendment.ts';
import { Money } from '../kernel/money.ts';
import type { Compiled } from './case-runs.ts';
import { compiledAuthorizer } from './compiled.ts';
import { decide, type Judgment } from './decide.ts';

export interface History {
  readonly calls: AsyncIterable<RecordedCall> | Iterable<RecordedCall>; // the newest first
  readonly recorded: number; // how many there are altogether
  readonly shown: number; // at most so many of those that change are told one by one
}

/** Both sides judge the same recorded facts, so that what differs is the amendment's doing and nothing else's. */
export async function replay(inForce: Compiled, draft: Compiled, { calls, recorded, shown }: History, currency: string): Promise<Replay> {
  const told: ChangedVerdict[] = [];
  const people = new Set<string>();
  let [done, changed, untold, minor] = [0, 0, 0, 0];
  for await (const call of calls) {
    done++;
    const [was, becomes] = [judged(inForce, inForce, call, currency), judged(draft, inForce, call, currency)];
    if (was.kind === 'malformed' || (becomes.kind === 'malformed' && draft.constitution.slices.has(call.tool))) untold++;
    else if (was.verdict !== becomes.verdict) {
      const money = moneyOf(call);
      changed++;
      minor += money ?? 0;
      for (const one of call.people) people.add(one);
      const { proposal, tool, subject } = call;
      if (told.length < shown) told.push({ proposal, tool, subject, minor: money, people: call.people, was: was.verdict, becomes: becomes.verdict });
    }
  }
  return { recorded, judged: done, untold, changed, minor, people: people.size, shown: told };
}

const judged = (side: Compiled, inForce: Compiled, call: RecordedCall, currency: string): Judgment =>
  decide(
    side.constitution,
    { ...call, resource: call.subject, facts: side === inForce ? call.facts : underAgent(call, inForce, side), currency },
    compiledAuthorizer,
  );

const Agent = z.object({ name: z.string(), proposes: z.array(z.string()), authority: z.object({ perCall: Money, perDay: Money }) });
const Limits = z.looseObject({ tool_granted: z.boolean(), limit_call_minor: z.int(), limit_day_minor: z.int() });

/** The facts that the agent's own ratified limits went into, as they would be with those of the draft. */
function underAgent(call: RecordedCall, inForce: Compiled, draft: Compiled): unknown {
  const of = ({ bundle }: Compiled) => bundle.agents.map((one) => Agent.parse(one)).find(({ name }) => name === call.agent);
  const [was, is] = [of(inForce), of(draft)];
  const base = Limits.safeParse(call.facts['base']);
  if (!base.success) return call.facts;
  const grantChanged = was?.proposes.includes(call.tool) !== is?.proposes.includes(call.tool);
  const limit = (recorded: number, before: number, after: number) => {
    if (before === after) return recorded;
    return call.onBehalfOf === null ? after : Math.min(recorded, after); // a person's own limit is not on record apart: never told too high
  };
  const [before, after] = [was?.authority, is?.authority];
  return {
    ...call.facts,
    base: {
      ...base.data,
      tool_granted: grantChanged ? (is?.proposes.includes(call.tool) ?? false) : base.data.tool_granted,
      limit_call_minor: limit(base.data.limit_call_minor, before?.perCall.minor ?? 0, after?.perCall.minor ?? 0),
      limit_day_minor: limit(base.data.limit_day_minor, before?.perDay.minor ?? 0, after?.perDay.minor ?? 0),
    },
  };
}

const Amount = z.object({ amount_minor: z.int() });

function moneyOf({ facts }: RecordedCall): number | null {
  const sheet = typeof facts['facts'] === 'string' ? facts[facts['facts']] : undefined;
  const parsed = Amount.safeParse(sheet);
  return parsed.success ? parsed.data.amount_minor : null;
}
