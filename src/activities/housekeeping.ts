/** Records in, payments out: what arrives is filed with its events, what is due leaves at its cut-off, and both only once. */
import type { Digest } from '../kernel/digest.ts';
import { digest } from '../kernel/digest.ts';
import type { Register } from '../kernel/register.ts';
import type { Domain, EventId, OrgId, PersonId, ProposalId } from '../kernel/ids.ts';
import { localTime, type Instant, type LocalTime, type Times } from '../kernel/time.ts';
import { eventId } from '../ledger/seal.ts';
import type { Tx } from './ports.ts';
import { troubleOf, type Trouble } from '../kernel/trouble.ts';
import { step, tell } from './stalled.ts';
import { takeBackHalted } from './take-back.ts';
import type { Trigger } from './triggers.ts';
import { record, type World } from './world.ts';

/** A file that was dropped, with whatever its filing needs. */
export interface Dropped {
  readonly name: string;
  readonly digest: Digest;
  file(tx: Tx, at: Instant): Promise<FiledFile>;
  /** It is on file, and committed: not looked at again until it changes. */
  kept(): void;
}

/** Files that this process has not seen yet as they are now, those first that others speak of; and what cannot be looked at. */
export interface Arrived {
  readonly files: readonly Dropped[];
  readonly troubles: readonly Trouble[];
}

/** What left at a cut-off, and what stayed behind with the reason. */
export interface Departed {
  readonly files: readonly { readonly name: string; readonly payments: readonly ProposalId[] }[];
  readonly behind: readonly Trouble[];
}

export interface FiledFile {
  readonly state: 'filed' | 'set_aside' | 'asks' | 'known';
  readonly reason: string;
  readonly domains: readonly Domain[]; // whose records changed
  readonly settled: readonly {
    readonly payment: ProposalId;
    readonly file: string | null;
    readonly reference: string;
    readonly booked: string;
    readonly returned: string | null;
  }[];
}

/** What a person says of a file: which register, and which heading fills which column, or the fields of its one row. */
export interface Described {
  readonly register: string;
  readonly columns: Readonly<Record<string, string>>;
  readonly fields: Readonly<Record<string, string>>;
}

/** What became of it, and the rows that were read, by column. */
export interface DescribedFile extends FiledFile {
  readonly rows: readonly Readonly<Record<string, string>>[];
}

export interface RecordOnFile {
  readonly digest: Digest;
  readonly name: string;
  readonly kind: string;
  readonly state: 'filed' | 'set_aside' | 'asks';
  readonly reason: string;
  readonly mapping: { readonly register: string; readonly columns: Readonly<Record<string, string>>; readonly ignored: readonly string[] } | null;
  readonly filedAt: Instant;
  readonly filedBy: string; // a person, `operator`, or `folder`
}

/** The organization's papers, coming in and going out. */
export interface Papers {
  dropped(org: OrgId): Promise<Arrived>;
  /** Keeps who hands a file in, before it lies in a folder. */
  handed(tx: Tx, digest: Digest, by: string, at: Instant): Promise<void>;
  /** Who handed in a file that is on file; `folder` where it was found there. And how often it was judged. */
  filedBy(tx: Tx, digest: Digest): Promise<{ readonly by: string; readonly tries: number }>;
  /** A round is over: where there are records, the first ones are in, and from here on none says its own age. */
  endBase(tx: Tx, at: Instant): Promise<void>;
  /** Files what a person says of a file that waits for its fields. */
  describe(tx: Tx, digest: Digest, said: Described, by: PersonId, at: Instant): Promise<DescribedFile>;
  /** The files that came in, newest first; by the beginning of a digest, where one is given. */
  list(tx: Tx, digest?: string): Promise<readonly RecordOnFile[]>;
  /** What can be kept as a table, and the columns of each. */
  readonly registers: readonly Register[];
  /** Says anew what our checks find of open invoices. */
  reassess(tx: Tx): Promise<void>;
  /** Moves what is due at its cut-off into files; the bytes are kept in the same transaction. @param at on the business clock: the bank reads it */
  takeDue(tx: Tx, now: LocalTime, at: Instant): Promise<Departed>;
  /** Puts kept files into the outbox folder; as often as it takes, each once. @returns those that cannot be put there */
  writeOut(org: OrgId): Promise<readonly Trouble[]>;
}

/** Those of the domains that an agent here answers for: a review asks one. */
export const reviewed = (world: World, domains: readonly Domain[]): readonly Domain[] =>
  domains.filter((domain) => [...world.agents.values()].some((agent) => agent.domain === domain));

/** A review that records call for. */
export interface DueReview {
  readonly domain: Domain;
  readonly run: string;
  readonly trigger: Trigger;
}

/**
 * One round, whose steps do not stop each other: what fails is told, and tried again in the next.
 * @returns the reviews of domains that have new records
 * @throws where the database is gone
 */
export async function housekeeping(world: World, org: OrgId): Promise<readonly DueReview[]> {
  const filed = (await step(world, org, 'file_records', 'records', () => takeIn(world, org))) ?? [];
  if (filed.some(({ domains }) => domains.includes('finance')))
    await step(world, org, 'match_invoices', 'invoices', () => world.store.tx(org, (tx) => world.papers.reassess(tx)));
  await step(world, org, 'send_payments', 'payments', async () => tell(world, org, 'send_payment', await sendDue(world, org)));
  await step(world, org, 'write_payments', 'outbox', async () => tell(world, org, 'write_payment', await world.papers.writeOut(org)));
  const domains = reviewed(world, [...new Set(filed.flatMap((file) => file.domains))]);
  return domains.map((domain) => {
    const causes = filed.filter((file) => file.domains.includes(domain)).map(({ event }) => event);
    return { domain, run: `records-${digest(causes).slice(0, 16)}`, trigger: { kind: 'records', by: null, causes } };
  });
}

interface Taken {
  readonly event: EventId;
  readonly domains: readonly Domain[];
}

/** Files what came in, each by itself: one that cannot be filed now is told, and the others are. */
async function takeIn(world: World, org: OrgId): Promise<readonly Taken[]> {
  const filed: Taken[] = [];
  let whole = true;
  const { files, troubles } = await world.papers.dropped(org);
  await tell(world, org, 'read_record', troubles);
  const take = async (dropped: Dropped): Promise<void> => {
    try {
      const taken = await fileOne(world, org, dropped);
      if (taken) filed.push(taken);
    } catch (error) {
      whole = false;
      await tell(world, org, 'file_record', [troubleOf(dropped.name, error)]);
    }
  };
  for (const dropped of files) await take(dropped);
  if (filed.length > 0) for (const dropped of (await world.papers.dropped(org)).files) await take(dropped); // what lacked one of these is judged again
  if (whole && troubles.length === 0) await world.store.tx(org, async (tx) => world.papers.endBase(tx, (await tx.times()).wall)); // all that lay there is in
  return filed;
}

/** @returns its event, and the domains whose records changed; undefined where it was on file */
async function fileOne(world: World, org: OrgId, dropped: Dropped): Promise<Taken | undefined> {
  const taken = await world.store.tx(org, async (tx) => {
    await tx.lock([`record/${dropped.digest}`]);
    const times = await tx.times();
    const result = await dropped.file(tx, times.wall);
    if (result.state === 'known') return undefined;
    return { event: await recordFiling(world, tx, dropped, result, times), domains: result.domains };
  });
  dropped.kept();
  return taken;
}

async function recordFiling(world: World, tx: Tx, { name, digest: bytes }: Dropped, { state, reason, settled }: FiledFile, times: Times): Promise<EventId> {
  const { by, tries } = await world.papers.filedBy(tx, bytes);
  const filed = await record(world, tx, {
    org: tx.org,
    type: 'records.filed',
    key: tries === 1 ? [bytes] : [bytes, tries], // a file that was set aside may be judged again
    causes: tries === 1 ? [] : [eventId({ org: tx.org, type: 'records.filed', key: [bytes] })],
    correlation: `file/${bytes.slice(0, 16)}`,
    times,
    groups: {
      actor: { subject: by === 'operator' || by === 'folder' ? 'organization' : `person/${by}`, value: { by } },
      payload: { subject: 'organization', value: { name, digest: bytes, state, reason } },
    },
  });
  for (const { payment, file, reference, booked, returned } of settled) {
    const left = file === null ? (await tx.receipt(payment))?.event : eventId({ org: tx.org, type: 'payment.sent', key: [payment, file] });
    const onFile = await tx.proposal(payment);
    if (returned !== null) await tx.moveReservations([payment], 'released');
    await record(world, tx, {
      org: tx.org,
      type: returned === null ? 'payment.settled' : 'payment.rejected',
      key: [payment, reference],
      causes: [filed, ...(left ? [left] : [])],
      correlation: onFile?.proposal.ask ?? payment,
      times,
      groups: { execution: { subject: `payment/${payment}`, value: { payment, reference, booked, reason: returned ?? '' } } },
    });
  }
  return filed;
}

async function sendDue(world: World, org: OrgId): Promise<readonly Trouble[]> {
  return world.store.tx(org, async (tx) => {
    const times = await tx.times();
    await takeBackHalted(world, tx);
    const { files, behind } = await world.papers.takeDue(tx, localTime(times.business, world.settings(org).zone), times.business);
    for (const { name, payments } of files) {
      for (const payment of payments) {
        const receipt = await tx.receipt(payment);
        const onFile = await tx.proposal(payment);
        await record(world, tx, {
          org,
          type: 'payment.sent',
          key: [payment, name],
          causes: receipt ? [receipt.event] : [],
          correlation: onFile?.proposal.ask ?? payment,
          times,
          groups: { execution: { subject: `payment/${payment}`, value: { payment, file: name } } },
        });
      }
    }
    return behind;
  });
}
