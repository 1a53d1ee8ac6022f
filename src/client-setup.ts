/** How an owner sets up an organization over the wire: its people, their grants, and tools of other servers; part of `client.ts`. */
import { z } from 'zod';
import { DeclaredPerson } from './kernel/declared-person.ts';
import { PersonId, type OrgId } from './kernel/ids.ts';
import { Manifest, ServerName } from './kernel/manifest.ts';

export const setupInputs = {
  setup: z.strictObject({}),
  put_person: DeclaredPerson,
  remove_person: z.strictObject({ person: PersonId }),
  draft_tools: z.strictObject({ server: ServerName, listed: z.unknown() }), // listed: what the server says of its tools
  put_tools: z.strictObject({ server: ServerName, agents: Manifest.shape.agents, tools: Manifest.shape.tools }),
  remove_tools: z.strictObject({ server: ServerName }),
} as const;

/** What a change of the files came to, in words that name no more than ids. */
export interface ChangedFiles {
  readonly changes: readonly string[]; // hold from the next call on
  readonly waiting: readonly string[]; // all that the files say and owners have not ratified yet: `amend`, then `ratify`
}

export interface Setup {
  readonly organization: OrgId;
  readonly currency: string;
  readonly people: readonly DeclaredPerson[]; // as declared
  readonly servers: readonly Manifest[]; // whose tools were imported, as declared
  readonly waiting: readonly string[];
}

export interface SetupOutputs {
  setup: Setup;
  put_person: ChangedFiles;
  remove_person: ChangedFiles;
  draft_tools: Manifest;
  put_tools: ChangedFiles;
  remove_tools: ChangedFiles;
}
