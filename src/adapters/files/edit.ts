/** One of an organization's files changed as a person would: comments stay, all files are checked together first, and it is whole or not at all. */
import { randomBytes } from 'node:crypto';
import { cpSync, existsSync, mkdirSync, mkdtempSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { isMap, isSeq, parseDocument } from 'yaml';
import { RULES_YAML } from './rules.ts';
import { loadOrganization, type Organization } from './organization.ts';

/** What of an organization's folder declares; the rest is records. */
export const DECLARING = ['organization.yaml', 'people.yaml', RULES_YAML, 'desired', 'tools'] as const;

/** One file of an organization's folder; `null`: it is not there any more. */
export interface Edit {
  readonly file: string;
  readonly text: string | null;
}

export interface Checked {
  readonly organization: Organization; // as it is with the edit
  /** Puts the edit in its place. */
  write(): void;
}

/** @throws OrganizationError with every problem of the files as they would be; nothing has changed then */
export async function checkedEdit(folder: string, edit: Edit): Promise<Checked> {
  const draft = mkdtempSync(join(tmpdir(), 'charter-edit-'));
  try {
    for (const part of DECLARING) if (existsSync(join(folder, part))) cpSync(join(folder, part), join(draft, part), { recursive: true });
    put(draft, edit);
    return { organization: await loadOrganization(draft), write: () => put(folder, edit) };
  } finally {
    rmSync(draft, { recursive: true, force: true });
  }
}

/** Whoever reads meanwhile sees the old file or the new one. */
function put(folder: string, { file, text }: Edit): void {
  const path = join(folder, file);
  if (text === null) return rmSync(path);
  mkdirSync(dirname(path), { recursive: true });
  const partial = `${path}.${randomBytes(6).toString('hex')}`;
  writeFileSync(partial, text);
  renameSync(partial, path);
}

/** What an entry of `people.yaml` is to say; a key that is undefined is taken out, and one that is not named stays. */
export type Entry = Readonly<Record<string, unknown>> & { readonly id: string };

/** @returns `people.yaml` with this entry in the place of that person's, or behind the others */
export function withPerson(folder: string, entry: Entry): Edit {
  const document = parseDocument(readFileSync(join(folder, 'people.yaml'), 'utf8'));
  const people: unknown = document.get('people');
  if (!isSeq(people)) throw new TypeError('people.yaml was read as an organization, and lists no people.');
  const there = people.items.find((item) => isMap(item) && item.get('id') === entry.id);
  if (!isMap(there)) people.add(document.createNode(entry, { flow: true, keepUndefined: false }));
  else
    for (const [key, value] of Object.entries(entry)) {
      if (value === undefined) there.delete(key);
      else there.set(key, document.createNode(value, { flow: true }));
    }
  return { file: 'people.yaml', text: document.toString({ lineWidth: 0 }) };
}
