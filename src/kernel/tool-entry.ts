/** A tool as it is ratified: what the constitution knows of it. */
import { z } from 'zod';
import { FactSheet } from './facts.ts';
import { AgentName, Domain, ToolName } from './ids.ts';
import { ImportedTool } from './manifest.ts';
import { Answer, Classification } from './nouns.ts';

export const ToolEntry = z.strictObject({
  name: ToolName,
  effect: z.enum(['read', 'write', 'outbound', 'irreversible', 'reply', 'show', 'look']),
  facts: FactSheet.nullable(),
  resourceType: z.string(),
  domain: Domain.nullable(),
  classification: Classification.exactOptional(), // of a read: its most sensitive field; absent in what was ratified before reads had one
  answers: z.array(Answer).exactOptional(), // of a write: what people may do with it besides deciding; absent in what was ratified before tools said so
  imported: z.strictObject({ agents: z.array(AgentName), manifest: ImportedTool.nullable() }).exactOptional(), // of a tool that is not ours
});
export type ToolEntry = z.infer<typeof ToolEntry>;
