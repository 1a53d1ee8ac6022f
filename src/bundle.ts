/** What is ratified: the constitution's texts, the tools as declared, the agents with their authority, and the organization's limits, grants and terms. */
import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { z } from 'zod';
import type { Bundle } from './gate/constitution.ts';
import { LARGEST_FILE, readText } from './gate/shape.ts';
import { Grants, Limits, type Declared } from './kernel/declared.ts';
import { entriesOf, STAND_INS } from './kernel/imported.ts';
import type { Manifest } from './kernel/manifest.ts';
import type { Agent, AnyReadTool, AnyWriteTool } from './kernel/define.ts';
import { AgentName, Domain, ToolName } from './kernel/ids.ts';
import { ASK_MODEL, prompt } from './kernel/consult.ts';
import { message, SEND_REPLY, SHOW_TASK } from './kernel/message.ts';
import { Money } from './kernel/money.ts';
import { Rules } from './kernel/rules.ts';
import { LOOK, sight } from './kernel/sight.ts';
import { ToolEntry } from './kernel/tool-entry.ts';
import { Terms } from './kernel/terms.ts';

export const CONSTITUTION = new URL('../constitution/', import.meta.url);
const MOST_FILES = 500;

/** The texts of a constitution's folder; what cannot be read stands among the problems, and nothing of it among the texts. */
export interface Texts {
  readonly schema: string;
  readonly articles: Readonly<Record<string, string>>;
  readonly invariants: Readonly<Record<string, string>>;
  readonly problems: readonly string[];
}

export function readTexts(root: URL = CONSTITUTION): Texts {
  const problems: string[] = [];
  const read = (path: string): string => {
    const file = new URL(path, root);
    const { size } = statSync(file);
    const got = readText(path.replace(/^\w+\//, ''), size > LARGEST_FILE ? new Uint8Array(size) : readFileSync(file));
    if ('text' in got) return got.text;
    problems.push(got.problem);
    return '';
  };
  const policies = (folder: 'articles' | 'invariants'): Readonly<Record<string, string>> => {
    const at = new URL(`${folder}/`, root);
    const files = (existsSync(at) ? readdirSync(at) : []).filter((file) => file.endsWith('.cedar')).sort();
    if (files.length > MOST_FILES) problems.push(`${folder}: holds ${files.length} files; at most ${MOST_FILES} are read.`);
    return Object.fromEntries(files.slice(0, MOST_FILES).map((file) => [file, read(`${folder}/${file}`)]));
  };
  return { schema: read('schema/base.cedarschema'), articles: policies('articles'), invariants: policies('invariants'), problems };
}

const RatifiedAgent = z.strictObject({
  name: AgentName,
  domain: Domain,
  purpose: z.string(),
  reads: z.array(ToolName),
  proposes: z.array(ToolName),
  authority: z.strictObject({ perCall: Money, perDay: Money }),
  limits: z.strictObject({ turns: z.int(), tokens: z.int(), money: Money }),
});
/** A bundle as it is stored when it is ratified. */
export const StoredBundle = z.strictObject({
  schema: z.string(),
  articles: z.record(z.string(), z.string()),
  invariants: z.record(z.string(), z.string()).optional(),
  tools: z.array(ToolEntry),
  agents: z.array(RatifiedAgent),
  quorum: z.int().min(1).max(9).optional(),
  limits: Limits.optional(),
  grants: Grants.optional(),
  terms: Terms.optional(),
  rules: Rules.optional(),
});
export type StoredBundle = z.infer<typeof StoredBundle>;

const domainOf = (tool: ToolName): Domain => Domain.parse(tool.split('.')[0]);

const readEntry = (tool: AnyReadTool): ToolEntry => ({
  name: tool.name,
  effect: 'read',
  facts: null,
  resourceType: 'Records',
  domain: domainOf(tool.name),
  classification: tool.classification,
});
const writeEntry = (tool: AnyWriteTool): ToolEntry => ({
  name: tool.name,
  effect: tool.effect,
  facts: tool.facts,
  resourceType: tool.resource.type,
  domain: domainOf(tool.name),
  answers: [...tool.answers].sort(),
});

/** What surfaces say and show to people: no agent proposes these, and every one is judged. */
const SURFACES: readonly ToolEntry[] = [
  { name: SEND_REPLY, effect: 'reply', facts: message, resourceType: 'Conversation', domain: null },
  { name: SHOW_TASK, effect: 'show', facts: message, resourceType: 'Conversation', domain: null },
  { name: LOOK, effect: 'look', facts: sight, resourceType: 'View', domain: null },
  { name: ASK_MODEL, effect: 'consult', facts: prompt, resourceType: 'Model', domain: null },
];

/** The bundle of the files and the code as they are now: a draft until it is ratified. */
export function draftBundle(
  agents: readonly Agent[],
  reads: readonly AnyReadTool[],
  writes: readonly AnyWriteTool[],
  { schema, articles, invariants }: Pick<Texts, 'schema' | 'articles' | 'invariants'> = readTexts(),
  quorum = 1,
  declared?: Declared,
  manifests: readonly Manifest[] = [],
): StoredBundle & Bundle {
  const twice = agents.find(({ domain }, n) => agents.findIndex((other) => other.domain === domain) !== n);
  if (twice)
    throw new TypeError(`Two agents answer for \`${twice.domain}\`; \`${twice.name}\` is the second. Its reviews ask one: give the other a domain of its own.`);
  return StoredBundle.parse({
    schema,
    articles,
    invariants,
    tools: [...reads.map(readEntry), ...writes.map(writeEntry), ...SURFACES, ...STAND_INS, ...manifests.flatMap(entriesOf)].sort((a, b) =>
      a.name < b.name ? -1 : 1,
    ),
    agents: agents.map(({ name, domain, purpose, reads: read, proposes, authority, limits }) => ({
      name,
      domain,
      purpose,
      reads: read.map((tool) => tool.name),
      proposes: proposes.map((tool) => tool.name),
      authority,
      limits,
    })),
    ...(quorum === 1 ? {} : { quorum }), // left out where it is what nobody said: a digest of before stays
    ...declared,
  });
}

/** The agent as ratified: what its code would widen beyond that does not hold. */
export function asRatified(agent: Agent, bundle: StoredBundle): Agent | undefined {
  const ratified = bundle.agents.find(({ name }) => name === agent.name);
  return (
    ratified && {
      ...agent,
      purpose: ratified.purpose,
      authority: ratified.authority,
      limits: ratified.limits,
      reads: agent.reads.filter(({ name }) => ratified.reads.includes(name)),
      proposes: agent.proposes.filter(({ name }) => ratified.proposes.includes(name)),
    }
  );
}
