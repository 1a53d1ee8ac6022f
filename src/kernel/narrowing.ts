/** What an agent leaves to another one that it asks: less than they have, never more. */
import { z } from 'zod';
import { ToolName, type AgentName } from './ids.ts';
import { Instant } from './time.ts';

/** Each part left out leaves what there was. */
export const Narrowing = z.strictObject({
  tools: z.array(ToolName).min(1).max(50).exactOptional(), // that may be proposed; what is read is not narrowed
  perCall: z.int().min(0).exactOptional(), // minor units of the organization's currency
  counterparties: z.array(z.string().min(1).max(60)).min(1).max(50).exactOptional(), // suppliers
  until: Instant.exactOptional(), // wall clock
});
export type Narrowing = z.infer<typeof Narrowing>;

/** A link of a chain that leaves less. */
export interface NarrowedLink {
  readonly by: AgentName; // who asked
  readonly narrowed: Narrowing;
  readonly over: boolean; // its time is up
}

/**
 * What of a call is outside of what was left along the chain, in words; nothing where all of it is within every link.
 * @param amount minor units; null: the tool moves money, and nobody knows how much. @param counterparty null: nobody knows whom it is about
 */
export const outsideTask = (links: readonly NarrowedLink[], tool: ToolName, amount: number | null, counterparty: string | null): readonly string[] =>
  links.flatMap(({ by, narrowed: { tools, perCall, counterparties }, over }) => {
    const task = `the task that \`${by}\` gave`;
    if (over) return [`${task} has ended`];
    return [
      ...(tools && !tools.includes(tool) ? [`${task} does not hold \`${tool}\``] : []),
      ...(perCall !== undefined && (amount === null || amount > perCall)
        ? [`${task} is at most ${perCall} in minor units for one call; this is ${amount ?? 'not known'}`]
        : []),
      ...(counterparties && (counterparty === null || !counterparties.includes(counterparty))
        ? [`${task} is not about \`${counterparty ?? 'whom it concerns'}\``]
        : []),
    ];
  });
