/** Calls of runtimes that are not ours: judged without acting, or refused before that. Each is an event, whatever came of it. */
import { z } from 'zod';
import { askOfCall } from '../../intake/ask.ts';
import type { Judgment } from '../../gate/decide.ts';
import type { Delegation } from '../../kernel/delegation.ts';
import { EventId, ToolName, type OrgId } from '../../kernel/ids.ts';
import { Cited, DecisionKind, Need, Verdict, type Ask, type JsonObject } from '../../kernel/nouns.ts';
import { instant, millis, type Times } from '../../kernel/time.ts';
import { checkCallIn } from '../check.ts';
import { subjectOf } from '../close.ts';
import type { Tx } from '../ports.ts';
import { admissionOf, admit } from './admit.ts';
import { importedTool } from './imported.ts';
import { once, record, type World } from '../world.ts';

/** One call as the other runtime makes it. Who makes it the token says, and nothing here. */
export interface ForeignRequest {
  readonly tool: string;
  readonly args: JsonObject;
  readonly trace: string | null;
  readonly key: string; // the same again is judged once
}

export const Judged = z.strictObject({
  event: EventId,
  verdict: Verdict,
  kind: DecisionKind,
  articles: z.array(Cited),
  needs: z.array(Need),
  why: z.array(z.string()),
});
export type Judged = z.infer<typeof Judged>;

/** What the gate says of a call, and nothing done. @throws StageError `key_reused`; RateError */
export async function judgeCall(world: World, by: Delegation, call: ForeignRequest): Promise<Judged> {
  const admission = admissionOf(by, 'judge', call.key);
  await admit(world, by, call.tool, admission);
  return world.store.tx(by.org, (tx) =>
    once(
      tx,
      ['call', by.id, call.key],
      { tool: call.tool, args: call.args, trace: call.trace },
      (stored) => Judged.parse(stored),
      async () => {
        const times = await tx.times();
        const ask = askOfCall(by, `judge/${call.key}`, call);
        await tx.addAsk(ask, times.wall);
        const { verdict, kind, articles, needs, why } = await judged(world, tx, by, call, ask);
        const said = { verdict, kind, articles: [...articles], needs: [...needs], why: [...why] };
        if (verdict === 'deny') await tx.service.uncount(admission);
        const event = await recordJudged(world, tx, by, call, ask, said, times);
        return { event, ...said };
      },
    ),
  );
}

async function judged(world: World, tx: Tx, by: Delegation, { tool, args }: ForeignRequest, ask: Ask): Promise<Judgment> {
  const name = ToolName.safeParse(tool);
  if (!name.success || !(world.writes.has(name.data) || world.reads.has(name.data) || importedTool(world.constitution(tx.org), name.data)))
    return { verdict: 'deny', kind: 'malformed', articles: [], needs: [], why: [`there is no tool \`${tool}\``] };
  const { judgment } = await checkCallIn(world, tx, { agent: by.agent, tool: name.data, args, onBehalfOf: by.person, ask: ask.id });
  return judgment;
}

async function recordJudged(world: World, tx: Tx, by: Delegation, call: ForeignRequest, ask: Ask, said: Omit<Judged, 'event'>, times: Times): Promise<EventId> {
  const name = ToolName.safeParse(call.tool).data;
  const subject = name === undefined ? 'organization' : subjectOf(world.writes.get(name)?.tool, call.args);
  const event = await record(world, tx, {
    org: tx.org,
    type: 'call.judged',
    key: [ask.id],
    causes: [by.event],
    correlation: ask.id,
    times,
    groups: {
      actor: {
        subject: `person/${by.person}`,
        value: { person: by.person, agent: by.agent, worker: by.worker, chain: [...by.workers], delegation: by.id, tier: by.tier },
      },
      payload: { subject, value: { tool: call.tool, args: call.args, trace: call.trace } },
      decision: { subject, value: said },
    },
  });
  await tx.service.addCall(
    {
      kind: 'judged',
      event,
      ...{ person: by.person, agent: by.agent, delegation: by.id, tool: call.tool, trace: call.trace },
      ...{ verdict: said.verdict, why: said.why, articles: said.articles.map(({ id }) => id) },
    },
    times.wall,
  );
  return event;
}

const RECORDED_A_MINUTE = 60; // of calls that nobody signed, and of a person's beyond a rate: a flood of them does not fill the log

/** A call that came to no judgment. */
export interface Refusal {
  readonly id: string; // of this one call
  readonly path: string;
  readonly because: string;
  readonly by: Delegation | null; // null: nobody that we know
  readonly flood: boolean; // one of as many as anybody likes to send: nobody signed it, or it is beyond a rate
}

/** Keeps that a call was refused. Of a flood the first of each minute are kept, and the last of these says so. */
export function refuseCall(world: World, org: OrgId, { id, path, because, by, flood }: Refusal): Promise<void> {
  return world.store.tx(org, async (tx) => {
    const times = await tx.times();
    await tx.lock(flood ? [`refused/${by?.person ?? ''}`] : []);
    const before = flood ? await tx.service.refusedSince(by?.person ?? null, instant(millis(times.wall) - 60_000)) : 0;
    if (before >= RECORDED_A_MINUTE) return;
    const told = flood && before === RECORDED_A_MINUTE - 1 ? `${because} More of this minute are not kept one by one.` : because;
    const event = await record(world, tx, {
      org,
      type: 'call.refused',
      key: [id],
      causes: by ? [by.event] : [],
      correlation: by?.path[0] ?? 'refused',
      times,
      groups: {
        ...(by ? { actor: { subject: `person/${by.person}`, value: { person: by.person, worker: by.worker, delegation: by.id } } } : {}),
        payload: { subject: by ? `person/${by.person}` : 'organization', value: { path, because: told } },
      },
    });
    const who = { person: by?.person ?? null, agent: by?.agent ?? null, delegation: by?.id ?? null };
    await tx.service.addCall({ kind: 'refused', event, ...who, tool: null, verdict: 'deny', why: [told], articles: [], trace: null }, times.wall);
  });
}
