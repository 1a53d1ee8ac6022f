/** What the gate knows of a call whose tool is not ours: from its ratified manifest, and from what the person said when handing the task on. */
import type { Constitution } from '../../gate/constitution.ts';
import { follow, type Followed } from '../../gate/imported/follow.ts';
import type { CardLine } from '../../kernel/define.ts';
import type { AgentName, ToolName } from '../../kernel/ids.ts';
import type { ImportedTool } from '../../kernel/manifest.ts';
import type { Ask, JsonObject, Proposal } from '../../kernel/nouns.ts';
import type { LocalDate } from '../../kernel/time.ts';
import type { Tx } from '../ports.ts';

export interface ImportedCall extends Pick<Followed, 'untrusted' | 'values' | 'why'> {
  readonly manifest: ImportedTool;
  readonly agents: readonly AgentName[]; // who may use it
}

/** As it is ratified; undefined for a tool of our own. */
export function importedTool({ slices }: Constitution, tool: ToolName): { readonly manifest: ImportedTool; readonly agents: readonly AgentName[] } | undefined {
  const imported = slices.get(tool)?.tool.imported;
  return imported?.manifest ? { manifest: imported.manifest, agents: imported.agents } : undefined;
}

/**
 * What another runtime read before a call nobody here saw: text of strangers counts as read. Only the task that the person handed on with
 * a token of their own vouches for values; what agents wrote to one another does not.
 */
export async function importedCall(
  tx: Tx,
  constitution: Constitution,
  { tool, args, ask }: Pick<Proposal, 'tool' | 'args' | 'ask'>,
  today: LocalDate,
): Promise<ImportedCall | undefined> {
  const known = importedTool(constitution, tool);
  if (!known) return undefined;
  const told = { system: '', person: '', prompt: await taskOf(tx, await tx.ask(ask)), today };
  const tools = new Map([[known.manifest.name, { tool: known.manifest, classified: true }]]);
  const [followed] = follow(told, [{ type: 'call', tool: known.manifest.name, arguments: args }], tools, []);
  if (!followed) throw new TypeError('A call that is followed is one call.');
  return { ...known, ...followed, values: { ...followed.values, untrusted_read: true } };
}

async function taskOf(tx: Tx, ask: Ask | undefined): Promise<string> {
  if (ask?.about.kind !== 'call') return '';
  const [first] = await tx.service.path(ask.id);
  return (first && (await tx.service.delegation(first))?.task) ?? '';
}

/** Minor units of what it moves; null: nobody knows. */
export const amountOfImported = ({ cost }: ImportedTool): number | null => (cost.is === 'none' ? 0 : null);

/** The call as it is: nobody here knows its words. */
export const cardOfImported = (tool: ToolName, args: JsonObject): readonly CardLine[] => [
  { label: 'Call', value: tool },
  ...Object.entries(args).map(([label, value]) => ({ label, prose: true as const, value: typeof value === 'string' ? value : JSON.stringify(value) })),
];
