/**
 * The manifest of an imported tool: what it does, which of its arguments decide what happens, and what of its results is believed.
 * Drafted from names, descriptions and JSON schemas; in force once people ratified it. What a server says of itself is a hint, no more.
 */
import { z } from 'zod';
import { Digest, digest, digestBytes } from './digest.ts';
import { AgentName, DOMAINS, ToolName } from './ids.ts';
import { Governs } from './nouns.ts';

const Why = z.string().min(1).max(400);

export const ImportedEffect = z.enum(['read', 'write', 'outbound', 'irreversible']);
export type ImportedEffect = z.infer<typeof ImportedEffect>;

/** An argument that decides what happens; `null` says that it decides nothing of weight. */
export const GoverningArgument = z.strictObject({ kind: Governs.nullable(), why: Why });

/** What a call gives back: records, or text of anybody. Fields named here are the exceptions, at any depth. */
export const Results = z.strictObject({
  are: z.enum(['records', 'untrusted']),
  records: z.array(z.string()).default([]), // where the whole is untrusted
  untrusted: z.array(z.string()).default([]), // where the whole is records
  why: Why,
});
export type Results = z.infer<typeof Results>;

export const ImportedTool = z.strictObject({
  name: z.string().min(1).max(200), // as its server spells it
  about: Digest.optional(), // of name, description and schema, as they were classified: a changed one is denied
  effect: ImportedEffect,
  effect_why: Why,
  governs: z.record(z.string(), GoverningArgument),
  results: Results,
  cost: z.strictObject({ is: z.enum(['none', 'money', 'unknown']), why: Why }),
  compensation: z.strictObject({ tool: z.string().nullable(), why: Why }),
});
export type ImportedTool = z.infer<typeof ImportedTool>;

const RESERVED: readonly string[] = [...DOMAINS, 'message', 'sight', 'none'];

export const ServerName = z
  .string()
  .regex(/^[a-z]{2,20}$/, 'takes 2 to 20 lower-case letters')
  .refine((name) => !RESERVED.includes(name), 'is taken by tools of our own; take another');

export const Manifest = z
  .strictObject({
    server: ServerName.default('imported'), // the first half of the tools' names here
    agents: z.array(AgentName).default([]), // who may use them; nobody until somebody is named
    tools: z.array(ImportedTool).min(1),
  })
  .refine(({ tools }) => new Set(tools.map(({ name }) => snake(name))).size === tools.length, 'holds two tools whose names differ in case or signs alone');
export type Manifest = z.infer<typeof Manifest>;

/** What a person writes about some of the tools of a draft: whatever is left out stays as it was drafted. */
export const ManifestPatch = z.strictObject({
  server: ServerName.optional(),
  agents: z.array(AgentName).optional(),
  tools: z
    .array(
      z.strictObject({
        name: z.string(),
        about: Digest.optional(),
        effect: ImportedEffect.optional(),
        effect_why: Why.optional(),
        governs: z.record(z.string(), z.union([GoverningArgument, Governs.nullable()])).optional(),
        results: z.union([Results, z.enum(['records', 'untrusted'])]).optional(),
        cost: ImportedTool.shape.cost.optional(),
        compensation: ImportedTool.shape.compensation.optional(),
      }),
    )
    .min(1),
});
export type ManifestPatch = z.infer<typeof ManifestPatch>;

/** A name as it can stand in a tool's: lower case, and no signs. Two tools whose names differ in these alone are one here. */
export const snake = (name: string): string =>
  name
    .replace(/([a-z0-9])([A-Z])/g, '$1_$2')
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '_')
    .replace(/^[_0-9]+|_+$/g, '') || `tool_${digestBytes(name).slice(0, 8)}`;

/** `getUserInfo` of the server `crm` is `crm.get_user_info` here. */
export const importedName = (server: string, name: string): ToolName => ToolName.parse(`${server}.${snake(name)}`);

/** What people read when they classified it. */
export const aboutOf = (tool: { readonly name: string; readonly description: string; readonly schema: unknown }): Digest =>
  digest({ name: tool.name, description: tool.description, schema: tool.schema ?? null });
