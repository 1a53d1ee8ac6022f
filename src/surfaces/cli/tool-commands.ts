/** Tools that are not our own: their manifests are drafted here, and hold once owners ratified them. */
import type { Command } from 'commander';
import { ClientError, type AmendmentCard } from '../../client.ts';
import type { Manifest } from '../../kernel/manifest.ts';
import { changesInWords } from '../amendment-words.ts';
import type { Call } from './human-commands.ts';
import { plain, table } from './render.ts';
import { EXIT, type Shared } from './shared.ts';

export function toolCommands(program: Command, shared: Shared, call: Call): void {
  const group = program.command('tools').description('tools of MCP servers and APIs, behind the gate');
  group
    .command('import <file>')
    .description('draft a manifest, on the careful side, from an answer to MCP’s tools/list, an OpenAPI 3.1 document or a bare list, as JSON')
    .requiredOption('--out <manifest>', 'the YAML file to write; in force it stands in the organization’s folder tools/')
    .option('--server <name>', 'the first half of the tools’ names here, lower-case letters', 'imported')
    .action(async (file: string, { out, server }: { out: string; server: string }) => {
      const { importFile } = await import('../../processes/import-tools.ts');
      const manifest = await importFile(file, out, server);
      shared.print(
        { out, manifest },
        `${drafted(manifest)}\n\nWritten to ${out}. Read it, mend it, name the agents; then: npx charter tools ratify --as OWNER`,
      );
    });
  group
    .command('ratify')
    .description('put the manifests in the organization’s folder tools/ to the vote, and vote for them; needs --as an owner')
    .option('--reason <text>', 'why', 'Tools were imported and classified')
    .action(({ reason }: { reason: string }) => ratify(shared, call, reason));
}

const drafted = ({ tools }: Manifest): string =>
  table(
    tools.map(({ name, effect, governs, results }) => ({
      tool: name,
      effect,
      governs: Object.entries(governs)
        .flatMap(([argument, { kind }]) => (kind === null ? [] : [`${argument} (${kind})`]))
        .join(', '),
      results: results.are,
    })),
  );

/** Only what the files change about tools is put to the vote this way: other changes are amended by name. */
async function ratify({ print, exit, tell }: Shared, call: Call, reason: string): Promise<void> {
  const report = await call('constitution_check', { parts: [] });
  if (report.problems.length > 0)
    throw new ClientError('draft_refused', EXIT.failed, `The draft cannot be put to the vote:\n${report.problems.map((problem) => `- ${problem}`).join('\n')}`);
  const others = report.changes.filter(({ what }) => what !== 'tool');
  if (others.length > 0)
    throw new ClientError(
      'other_changes',
      EXIT.wrongUse,
      `The files change more than tools: ${others.map(({ what, name }) => `${what} \`${name}\``).join(', ')}. Put all of it to the vote: charter constitution amend --reason "…" --as OWNER`,
    );
  if (report.changes.length === 0)
    throw new ClientError(
      'nothing_changed',
      EXIT.wrongUse,
      'The manifests say what is in force; there is nothing to ratify. They stand in the folder tools/ of the organization.',
    );
  tell(changesInWords(report.changes).map(plain).join('\n'));
  const { id, digest } = await checked(call, await call('amend', { reason }));
  const done = await call('ratify', { choice: 'approve', amendment: id, digest });
  const now = await closed(call, id);
  print(
    { ...done, amendment: now },
    `${done.message}\n${now.state === 'ratified' ? 'In force from now on.' : `The amendment is ${now.state}; it needs ${now.quorum} of the owners: ${now.may.join(', ')}.`}`,
  );
  exit(now.state === 'ratified' ? EXIT.done : now.state === 'open' ? EXIT.waits : EXIT.denied);
}

const LOOKS = 100; // a fifth of a second apart
const pause = (): Promise<void> => new Promise((resolve) => setTimeout(resolve, 200));

async function checked(call: Call, amendment: AmendmentCard): Promise<AmendmentCard> {
  let now = amendment;
  for (let looks = 0; looks < LOOKS && now.state === 'checking'; looks++) {
    await pause();
    now = await call('amendment', { id: amendment.id });
  }
  return now;
}

/** As it is once the votes are counted. */
async function closed(call: Call, id: AmendmentCard['id']): Promise<AmendmentCard> {
  let now = await call('amendment', { id });
  for (let looks = 0; looks < LOOKS && now.state === 'open' && now.votes.length >= now.quorum; looks++) {
    await pause();
    now = await call('amendment', { id });
  }
  return now;
}
