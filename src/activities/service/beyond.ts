/** Whether a call lies within all that it was handed through. A link may narrow what the one before it left, and nothing widens it. */
import type { Judgment } from '../../gate/decide.ts';
import type { AnyWriteTool } from '../../kernel/define.ts';
import type { ToolName } from '../../kernel/ids.ts';
import { outsideTask } from '../../kernel/narrowing.ts';
import type { JsonObject } from '../../kernel/nouns.ts';
import type { FactsRead } from '../ports.ts';

/**
 * What of the chain does not cover the call, or is taken away from whoever asks, in words; nothing where all of it does. No vote lifts it: whoever handed it on said no more.
 * @param amount minor units; null: the tool moves money, and nobody knows how much
 */
export const beyond = ({ delegations, allowed }: Pick<FactsRead, 'delegations' | 'allowed'>, tool: ToolName, amount: number | null): readonly string[] => [
  ...(allowed.granted ? [] : [`\`${tool}\` is taken from whoever asks by an override`]),
  ...delegations.flatMap((link) => {
    const handed = `what was handed on to \`${link.worker}\``;
    if (!link.live) return [`${handed} has ended`];
    if (link.tools !== null && !link.tools.includes(tool)) return [`${handed} does not hold \`${tool}\``];
    if (amount === null) return link.perCall === null && link.perDay === null ? [] : [`${handed} limits amounts, and this one is not known`];
    if (link.perCall !== null && amount > link.perCall) return [`${handed} is at most ${link.perCall} in minor units for one call; this is ${amount}`];
    if (link.perDay !== null && amount + link.spentDay > link.perDay)
      return [`${handed} is at most ${link.perDay} in minor units for a day, of which ${link.spentDay} are gone; this is ${amount}`];
    return [];
  }),
];

/** The same of a call that is to do something: within what the agents of its chain left to one another as well. */
export const beyondAct = (
  read: Pick<FactsRead, 'delegations' | 'allowed' | 'narrowed' | 'counterparty'>,
  tool: ToolName,
  amount: number | null,
): readonly string[] => [...beyond(read, tool, amount), ...outsideTask(read.narrowed, tool, amount, read.counterparty)];

/** The amount of a call in minor units, as records say it; 0 where the tool moves none, null where it should be known and is not. */
export function amountAsked(tool: Pick<AnyWriteTool, 'amount' | 'governs'> | undefined, { amount_minor }: JsonObject): number | null {
  if (typeof amount_minor === 'number') return amount_minor;
  return tool && tool.amount === undefined && !Object.values(tool.governs).includes('amount') ? 0 : null;
}

/** A denial that says so. */
export const saying = (judged: Judgment, outside: readonly string[]): Judgment =>
  judged.verdict === 'deny' ? { ...judged, why: [...judged.why, ...outside] } : judged;
