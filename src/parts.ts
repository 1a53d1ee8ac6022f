/** What an app is made of: everything that differs from one process, organization or test to another. */
import type { Logger } from 'pino';
import type { Outside, Store } from './activities/ports.ts';
import type { Organization } from './adapters/files/organization.ts';
import type { Keys } from './adapters/host/keys.ts';
import type { Workflows } from './adapters/temporal/orchestrator.ts';
import type { ModelPort } from './deliberate/ports.ts';

export interface Parts {
  readonly databaseUrl: string;
  readonly keys: Keys;
  readonly temporal: Workflows;
  readonly model: ModelPort;
  readonly organization: Organization;
  readonly folder: string; // the organization's own, never the checkout's example
  readonly dataDir: string;
  readonly log: Logger;
  readonly now: () => number; // milliseconds, wall clock
  readonly around?: (store: Store) => Store; // watches, or disturbs, every transaction
  readonly outside?: Outside; // what word of actions is sent through; without it, the open web
  readonly constitution?: URL; // the folder of the articles; without it, the checkout's
  readonly development?: boolean; // drafts are in force at once, in a ledger of their own that never counts
  readonly reread?: () => Promise<Organization>; // its files as they are now; without it, those of the folder
}
