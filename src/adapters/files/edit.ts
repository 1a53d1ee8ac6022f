/** One of an organization's files changed as a person would: comments stay, all files are checked together first, and it is whole or not at all. */
import { cpSync, existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { isMap, isSeq, parseDocument } from 'yaml';
import { RULES_YAML } from './rules.ts';
import { loadOrganization, type Organization } from './organization.ts';
import { removeFile, replaceFile } from './replace.ts';

/** What of an organization's folder declares; the rest is records. */
export const DECLARING = ['organization.yaml', 'people.yaml', RULES_YAML, 'desired', 'tools'] as const;

/** One file of an organization's folder; `null`: it is not there any more. */
export interface Edit {
  readonly file: string;
  readonly text: string | null;
}

export interface Checked {
  readonly organization: Organization; // as it is with the edit
  /** Puts the edit in its place. @throws UnwrittenError */
  write(): Promise<void>;
}

/** @throws OrganizationError with every problem of the files as they would be; nothing has changed then */
export async function checkedEdit(folder: string, edit: Edit): Promise<Checked> {
  const draft = mkdtempSync(join(tmpdir(), 'charter-edit-'));
  try {
    for (const part of DECLARING) if (existsSync(join(folder, part))) cpSync(join(folder, part), join(draft, part), { recursive: true });
    await put(draft, edit);
    return { organization: await loadOrganization(draft), write: () => put(folder, edit) };
  } finally {
    rmSync(draft, { recursive: true, force: true });
  }
}

const put = (folder: string, { file, text }: Edit): Promise<void> => (text === null ? removeFile(join(folder, file)) : replaceFile(join(folder, file), text));

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
