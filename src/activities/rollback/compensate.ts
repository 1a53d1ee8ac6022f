/** What undoes an action: the call that its tool declares, made of its arguments and its receipt; or none, and why. Says; does nothing. */
import { mistakes } from '../../kernel/mistakes.ts';
import type { AgentName, OrgId, ToolName } from '../../kernel/ids.ts';
import { JsonObject, type Proposal, type Receipt } from '../../kernel/nouns.ts';
import { importedTool } from '../service/imported.ts';
import type { World } from '../world.ts';

/** The call that undoes it, and what is left to people where it comes to nothing; or why there is none. */
export type Compensating =
  { readonly agent: AgentName; readonly tool: ToolName; readonly args: JsonObject; readonly otherwise: string } | { readonly because: string };

/** @param reason why it was wrong, in the words of whoever says so */
export function compensationOf(
  world: World,
  org: OrgId,
  { tool: name, args }: Proposal,
  { output }: Extract<Receipt, { outcome: 'done' }>,
  reason: string,
): Compensating {
  const original = world.writes.get(name)?.tool;
  if (!original) return { because: notOurs(world, org, name) };
  const { compensation } = original;
  if (compensation.tool === null) return { because: compensation.why };
  const [input, gave] = [original.input.safeParse(args), original.output.safeParse(output)];
  if (!input.success || !gave.success)
    return { because: `It is on record as an earlier version of \`${name}\` wrote it, and does not say what to undo. ${compensation.otherwise}` };
  const made = JsonObject.parse(compensation.args({ input: input.data, output: gave.data, reason }));
  const undoes = world.writes.get(compensation.tool)?.tool;
  const agent = [...world.agents.values()].find(({ proposes }) => proposes.some((one) => one.name === compensation.tool));
  if (!undoes || !agent) return { because: `Nobody here may propose \`${compensation.tool}\`. ${compensation.otherwise}` };
  const fits = undoes.input.safeParse(made);
  if (!fits.success)
    return {
      because: `\`${compensation.tool}\` does not take what is on record: ${mistakes(undoes.input, made, fits.error).join(' ')} ${compensation.otherwise}`,
    };
  return { agent: agent.name, tool: compensation.tool, args: made, otherwise: compensation.otherwise };
}

/** Whoever holds the tool undoes what it did. */
function notOurs(world: World, org: OrgId, tool: ToolName): string {
  const undoes = importedTool(world.constitution(org), tool)?.manifest.compensation;
  return `\`${tool}\` is not ours to call: whoever runs it undoes it${undoes?.tool ? ` with \`${undoes.tool}\`` : ''}${undoes ? ` (${undoes.why})` : ''}.`;
}
