/** What people wrote about some tools, over what was drafted for all of them. */
import type { ImportedTool, Manifest, ManifestPatch } from '../../kernel/manifest.ts';
import { nearest } from '../../kernel/nearest.ts';

/** A manifest speaks of a tool that its server does not list. */
export class ManifestError extends Error {
  override readonly name = 'ManifestError';
  readonly code = 'tool_unknown';
}

const BY_HAND = 'a person says so';

/** @throws ManifestError `tool_unknown` with the nearest names */
export function patched(drafted: Manifest, given: ManifestPatch): Manifest {
  const names = drafted.tools.map(({ name }) => name);
  const unknown = given.tools.find(({ name }) => !names.includes(name));
  if (unknown) {
    const near = nearest(unknown.name, names);
    throw new ManifestError(
      `The manifest speaks of \`${unknown.name}\`, which is no tool of the suite.${near.length > 0 ? ` Near: ${near.map((name) => `\`${name}\``).join(', ')}.` : ''}`,
    );
  }
  return {
    server: given.server ?? drafted.server,
    agents: given.agents ?? drafted.agents,
    tools: drafted.tools.map((tool) => {
      const written = given.tools.find(({ name }) => name === tool.name);
      return written ? over(tool, written) : tool;
    }),
  };
}

function over(tool: ImportedTool, written: ManifestPatch['tools'][number]): ImportedTool {
  const governs = Object.entries(written.governs ?? {}).map(
    ([argument, one]) => [argument, typeof one === 'object' && one !== null ? one : { kind: one, why: BY_HAND }] as const,
  );
  const { results } = written;
  return {
    ...tool,
    about: written.about ?? tool.about,
    ...(written.effect === undefined ? {} : { effect: written.effect, effect_why: written.effect_why ?? BY_HAND }),
    governs: { ...tool.governs, ...Object.fromEntries(governs) },
    results: results === undefined ? tool.results : typeof results === 'string' ? { are: results, records: [], untrusted: [], why: BY_HAND } : results,
    cost: written.cost ?? tool.cost,
    compensation: written.compensation ?? tool.compensation,
  };
}
