/** The organization's files, as an owner changes them over the wire. */
import type { DeclaredPerson } from '../kernel/declared-person.ts';
import type { PersonId } from '../kernel/ids.ts';
import type { Manifest } from '../kernel/manifest.ts';

/** What the organization's files declare of people and tools. A change is checked with all the rest first, and is whole or not at all. */
export interface DeclaredFiles {
  read(): Promise<{ readonly people: readonly DeclaredPerson[]; readonly servers: readonly Manifest[] }>;
  /** @returns what holds from the next call on; what is wider than what was ratified waits. @throws StageError `bad_input`, with every problem and its place */
  putPerson(person: DeclaredPerson, by: PersonId): Promise<readonly string[]>;
  /** They leave, with what they were granted: what they get when they come back waits for the owners. */
  leave(person: PersonId, by: PersonId): Promise<readonly string[]>;
  putTools(manifest: Manifest, by: PersonId): Promise<readonly string[]>;
  /** False where that server has no manifest. */
  removeTools(server: string, by: PersonId): Promise<readonly string[] | false>;
}
