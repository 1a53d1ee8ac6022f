/** A call of another runtime that is to be done: a proposal like any other, on the authority of its whole chain. */
import { askOfCall } from '../../intake/ask.ts';
import type { Delegation } from '../../kernel/delegation.ts';
import type { ToolName } from '../../kernel/ids.ts';
import { ProposalId, type OrgId } from '../../kernel/ids.ts';
import { mistakes } from '../../kernel/mistakes.ts';
import type { Decision, Outcome, Receipt, Role } from '../../kernel/nouns.ts';
import { importedNames } from '../check-imported.ts';
import { toolNamed } from '../names.ts';
import { propose } from '../deliberate.ts';
import { once, StageError, type World } from '../world.ts';
import { admissionOf, admit } from './admit.ts';
import type { ForeignRequest } from './calls.ts';
import { requireNamed } from './addresses.ts';

/** A call with what its agent says of it, for whoever decides. */
export interface ForeignAction extends ForeignRequest {
  readonly rationale: string;
  readonly notify: string | null; // where word of it is sent
}

/**
 * Puts the call on file; a workflow that is only woken judges it. Under the same key it is the same proposal.
 * @throws UnknownNameError `tool_unknown`; StageError `bad_input` with what is wrong with the arguments, `key_reused`; RateError
 */
export async function proposeCall(world: World, by: Delegation, call: ForeignAction): Promise<ProposalId> {
  const admission = admissionOf(by, 'act', call.key);
  await admit(world, by, call.tool, admission);
  return world.store.tx(by.org, (tx) =>
    once(
      tx,
      ['act', by.id, call.key],
      { tool: call.tool, args: call.args, trace: call.trace, rationale: call.rationale, ...(call.notify === null ? {} : { notify: call.notify }) },
      (stored) => ProposalId.parse(stored),
      async () => {
        if (call.notify !== null) await requireNamed(tx, call.notify);
        const name = toolNamed(call.tool, [...world.writes.keys(), ...importedNames(world.constitution(by.org))]);
        const schema = world.writes.get(name)?.tool.input;
        const parsed = schema?.safeParse(call.args);
        if (schema && parsed?.success === false) throw new StageError('bad_input', mistakes(schema, call.args, parsed.error).join('\n'));
        const ask = askOfCall(by, `act/${call.key}`, call);
        const times = await tx.times();
        await tx.addAsk(ask, times.wall);
        const id = await propose(world, tx, ask, { tool: name, args: call.args, rationale: call.rationale }, times, [by.event]);
        await tx.service.admittedAs(admission, id);
        if (call.notify !== null) await tx.service.notify(id, by.id, call.notify, times.wall);
        return id;
      },
    ),
  );
}

/** How far an action is. */
export type ActionState = 'judged_next' | 'waits_for_people' | 'permitted' | Outcome;

export interface ActionOnFile {
  readonly id: ProposalId;
  readonly tool: ToolName;
  readonly state: ActionState;
  readonly decision: Decision | null; // the last one
  readonly roles: readonly Role[]; // whom it waits for
  readonly receipt: Receipt | null;
  readonly trace: string | null;
}

/** What became of it, so far. @param within the delegation that asks; null: whoever asks was let in otherwise */
export function actionOnFile(world: World, org: OrgId, id: ProposalId, within: Delegation | null): Promise<ActionOnFile | undefined> {
  return world.store.tx(org, async (tx): Promise<ActionOnFile | undefined> => {
    const onFile = await tx.proposal(id);
    const ask = onFile && (await tx.ask(onFile.proposal.ask));
    if (!onFile || !ask) return undefined;
    if (within && !(await tx.service.path(ask.id)).includes(within.id)) return undefined;
    const last = (await tx.decisions(id)).at(-1);
    return {
      id,
      tool: onFile.proposal.tool,
      state: onFile.outcome ?? stateOf(last?.decision),
      decision: last?.decision ?? null,
      roles: onFile.outcome === null ? (last?.decision.needs.map(({ role }) => role) ?? []) : [],
      receipt: (await tx.receipt(id)) ?? null,
      trace: ask.about.kind === 'call' ? ask.about.trace : null,
    };
  });
}

const stateOf = (last: Decision | undefined): ActionState =>
  last === undefined ? 'judged_next' : last.verdict === 'escalate' ? 'waits_for_people' : 'permitted';
