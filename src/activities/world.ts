/** What the activities stand on, given by the composition root; and the two things that every one of them does. */
import type { KeyCard, Signer } from '../kernel/vault.ts';
import { digest } from '../kernel/digest.ts';
import type { Agent } from '../kernel/define.ts';
import { GROUPS, type EventDraft } from '../kernel/events.ts';
import type { AgentName, EventId, OrgId, ProposalId, ToolName } from '../kernel/ids.ts';
import type { Money } from '../kernel/money.ts';
import type { Proposal } from '../kernel/nouns.ts';
import type { SlackSettings } from '../kernel/slack.ts';
import type { LocalDate } from '../kernel/time.ts';
import { seal } from '../ledger/seal.ts';
import type { Constitution } from '../gate/constitution.ts';
import type { BoundWrite } from '../execute/execute.ts';
import type { ModelPort } from '../deliberate/ports.ts';
import type { ExampleBank, Orchestrator, Outside, Store, SubjectKeys, Tx } from './ports.ts';
import type { BoundReconciler } from './reconcile.ts';
import type { BoundRead } from './reads.ts';
import type { HaltScope } from './people.ts';
import type { Papers } from './housekeeping.ts';
import type { Tasks } from './tasks.ts';
import type { Consents, RotaTold } from './consents.ts';
import type { Amendments, Drafts, Weeks } from './amendments/ports.ts';

/** One organization as it was loaded; of what is ratified, as it holds. */
export interface OrgSettings {
  readonly zone: string;
  readonly currency: string;
  readonly example: boolean; // the operator's tokens count as votes, and the business clock is moved by hand
  readonly slack: SlackSettings;
  readonly since: LocalDate | null; // drift from before is told once, and not asked about
  readonly cardsPerDay: number; // new ones, for one person
  readonly modelMonth: Money; // what all calls of models may cost in a calendar month
  readonly quietDays: number; // after a card that nobody decided in time
}

export interface World {
  readonly store: Store;
  readonly keys: SubjectKeys;
  readonly nonce: () => Uint8Array;
  readonly warrants: Signer;
  readonly attestations: Signer;
  /** The installation's keys, told without telling them. */
  keyCards(): Promise<readonly KeyCard[]>;
  readonly agents: ReadonlyMap<AgentName, Agent>;
  readonly prompts: ReadonlyMap<AgentName, string>;
  readonly writes: ReadonlyMap<ToolName, BoundWrite<Tx>>;
  readonly reads: ReadonlyMap<ToolName, BoundRead>;
  readonly reconcilers: readonly BoundReconciler[];
  readonly model: ModelPort;
  readonly orchestrator: Orchestrator;
  readonly outside: Outside;
  /** Values on record that a card shows beside those of the call, by label: the account until now, the supplier's name. */
  cardContext(tx: Tx, proposal: Proposal): Promise<Readonly<Record<string, string>>>;
  readonly papers: Papers;
  readonly tasks: Tasks;
  readonly consents: Consents;
  readonly told: RotaTold;
  readonly amendments: Amendments;
  readonly drafts: Drafts;
  readonly weeks: Weeks;
  readonly exampleBank: ExampleBank;
  /** Takes back effects of a halted scope that have not left the house; gives the proposals that they came from. */
  takeBack(tx: Tx, scope: HaltScope, reason: string): Promise<readonly ProposalId[]>;
  /** The ratified constitution of an organization. @throws where none is ratified */
  constitution(org: OrgId): Constitution;
  settings(org: OrgId): OrgSettings;
  /** Tells the process's log of an event, once its transaction has committed. */
  logged(tx: Tx, line: LogLine): void;
  /** Keeps the reviews of the next weeks scheduled; does nothing where they are. */
  extendSchedules(org: OrgId): Promise<void>;
}

/** A stage was asked again under its key with another request: that is a fault, never swallowed. */
export class StageError extends Error {
  override readonly name = 'StageError';
  constructor(
    readonly code: 'key_reused' | 'not_found' | 'not_open' | 'bad_input',
    message: string,
  ) {
    super(message);
  }
}

/**
 * Runs a stage once under its key. A stored outcome is returned as it is; another request under the key throws.
 * The work and its outcome commit together, with whatever else the transaction writes.
 * @throws StageError `key_reused`
 */
export async function once<T>(tx: Tx, key: readonly (string | number)[], request: unknown, parse: (stored: unknown) => T, work: () => Promise<T>): Promise<T> {
  const name = key.join('/');
  await tx.lock([`stage/${name}`]);
  const stored = await tx.stage(name);
  const asked = digest(request);
  if (stored && stored.request !== asked) {
    throw new StageError('key_reused', `Stage \`${name}\` was asked before with another request; this one was not carried out.`);
  }
  if (stored) return parse(stored.outcome);
  const outcome = await work();
  await tx.keepStage(name, asked, outcome);
  return outcome;
}

/** An event as the process's log tells it: ids, and nothing that anybody said or is called. */
export interface LogLine {
  readonly event: EventId;
  readonly type: string;
  readonly ask?: string;
  readonly proposal?: string;
}

/** Other keys and correlations may name people. */
const idsOf = ({ correlation, key: [first] }: EventDraft): Pick<LogLine, 'ask' | 'proposal'> => ({
  ...(correlation.startsWith('ask-') ? { ask: correlation } : {}),
  ...(typeof first === 'string' && first.startsWith('prp-') ? { proposal: first } : {}),
});

/** Seals an event and appends it to the log, in the caller's transaction. */
export async function record(world: World, tx: Tx, draft: EventDraft): Promise<EventId> {
  const subjects = GROUPS.flatMap((name) => draft.groups[name]?.subject ?? []);
  const sealed = seal(draft, await world.keys.of(tx.org, subjects), world.nonce);
  await tx.append(sealed);
  world.logged(tx, { event: sealed.header.id, type: draft.type, ...idsOf(draft) });
  return sealed.header.id;
}

/** @throws StageError `not_found` */
export function found<T>(thing: T | undefined, what: string): T {
  if (thing === undefined) throw new StageError('not_found', `There is no ${what}.`);
  return thing;
}
