/** Warrant -> Receipt. The only caller of a write tool. It is given a committed intent, so it acts once whatever happens. */
import type { z } from 'zod';
import type { AnyWriteTool, Execution, WriteTool } from '../kernel/define.ts';
import { JsonObject, type Proposal } from '../kernel/nouns.ts';

/** A write tool with what its domain writes with; `T` is the transaction that also takes the receipt. */
export interface BoundWrite<T> {
  readonly tool: AnyWriteTool;
  readonly run: (args: JsonObject, tx: T, execution: Execution) => Promise<JsonObject>;
}

/** Binds a domain's write tools to its ports: what they are typed to need is what they get. */
export const bindWrites = <T, P>(tools: readonly WriteTool<z.ZodType, z.ZodType, P>[], ports: (tx: T, execution: Execution) => P): readonly BoundWrite<T>[] =>
  tools.map((tool) => ({
    tool,
    run: async (args, tx, execution) => JsonObject.parse(tool.output.parse(await tool.run(tool.input.parse(args), ports(tx, execution), execution))),
  }));

/** What the tool gave back, or why it could not. An error that is not the domain's own is thrown on, and tried again. */
export type Effect =
  { readonly outcome: 'done'; readonly output: JsonObject } | { readonly outcome: 'failed'; readonly code: string; readonly message: string };

/** Runs the tool of a proposal with the arguments that were judged. */
export async function execute<T>(bound: BoundWrite<T>, proposal: Proposal, tx: T, execution: Execution): Promise<Effect> {
  try {
    return { outcome: 'done', output: await bound.run(proposal.args, tx, execution) };
  } catch (error) {
    if (isRefusal(error)) return { outcome: 'failed', code: error.code, message: error.message };
    throw error;
  }
}

/** An error that a domain declares, with a literal `code`: the world refused, and trying again would not help. */
const isRefusal = (error: unknown): error is Error & { readonly code: string } =>
  error instanceof Error && error.name.endsWith('Error') && 'code' in error && typeof error.code === 'string' && /^[a-z]+(_[a-z]+)+$/.test(error.code);
