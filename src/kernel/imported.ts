/** What the gate knows of one call of an imported tool, besides what every call carries. */
import { defineFacts } from './facts.ts';
import { importedName, type ImportedEffect, type Manifest } from './manifest.ts';
import type { ToolEntry } from './tool-entry.ts';

export const imported = defineFacts('imported', 'ImportedAct', {
  classified: 'bool', // a person ratified the tool as it describes itself now
  untrusted_read: 'bool', // text of strangers was read before, in what led to this call
  asked_for: 'bool', // the person's own request asks for such a call
  private_out: 'bool', // it carries a private value of a record, which the person did not say to pass on
  stranger: 'bool', // whom or where it reaches is known from untrusted content alone
});

const entryOf = (name: ToolEntry['name'], effect: ImportedEffect, of: ToolEntry['imported'] = { agents: [], manifest: null }): ToolEntry => ({
  name,
  effect,
  facts: imported,
  resourceType: 'Imported',
  domain: null,
  imported: of,
});

/** One of each effect, always there: the articles about imported tools hold before the first is imported. No agent may use them. */
export const STAND_INS: readonly ToolEntry[] = (['read', 'write', 'outbound', 'irreversible'] as const).map((effect) =>
  entryOf(importedName('imported', `any_${effect}`), effect),
);

/** The tools of a manifest as the constitution knows them. */
export const entriesOf = ({ server, agents, tools }: Manifest): readonly ToolEntry[] =>
  tools.map((tool) => entryOf(importedName(server, tool.name), tool.effect, { agents, manifest: tool }));
