/** Manifests of imported tools as YAML files: an organization's own in `tools/`, and drafts. */
import { existsSync } from 'node:fs';
import { readdir } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { Document } from 'yaml';
import { importedName, Manifest, ManifestPatch } from '../../kernel/manifest.ts';
import { readYaml, type Read } from './yaml.ts';

const MOST_FILES = 50;

/** The manifests in `tools/` of an organization; none where there is no such folder. */
export async function readManifests(dir: string, problems: string[]): Promise<readonly Read<Manifest>[]> {
  const folder = join(dir, 'tools');
  if (!existsSync(folder)) return [];
  const files = (await readdir(folder)).filter((file) => /\.ya?ml$/.test(file)).sort();
  if (files.length > MOST_FILES) problems.push(`tools: holds ${files.length} manifests; at most ${MOST_FILES} are read.`);
  const read: Read<Manifest>[] = [];
  for (const file of files.slice(0, MOST_FILES)) {
    const one = await readYaml(dir, `tools/${file}`, Manifest, problems);
    const other = one && read.find(({ value }) => value.server === one.value.server);
    if (one && other)
      problems.push(`${one.file}:${one.line(['server'])}: \`server\` is \`${one.value.server}\`, as in ${other.file}; give each server a name of its own.`);
    else if (one) read.push(one);
  }
  return read;
}

/** Where the manifest of a server lies in the organization's folder; undefined where there is none. */
export async function manifestFile(dir: string, server: string): Promise<string | undefined> {
  return (await readManifests(dir, [])).find(({ value }) => value.server === server)?.file;
}

/** What a person wrote about tools, whole or in part. Problems with file, line and value. */
export async function readPatch(path: string): Promise<{ readonly value: ManifestPatch } | { readonly problems: readonly string[] }> {
  const problems: string[] = [];
  const read = await readYaml(dirname(path), basename(path), ManifestPatch, problems);
  return read ? { value: read.value } : { problems };
}

/** A draft as a person reads it, mends it and puts it to the vote. */
export function manifestText(manifest: Manifest, source: string): string {
  const document = new Document(manifest);
  document.commentBefore = ` Drafted by \`charter tools import\` from ${source}, on the careful side. Read each line with its reason, mend it, and name the
 agents that may use these tools. It holds once owners ratified it: \`charter tools ratify\`.
 The tools are called ${importedName(manifest.server, manifest.tools[0]?.name ?? '')} and so on here.`;
  return document.toString({ lineWidth: 0 });
}
