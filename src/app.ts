/** The composition root: everything that there is, put together once. A long boring list. */
import { randomBytes } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Logger } from 'pino';
import { housekeeping } from './activities/housekeeping.ts';
import { restore } from './activities/tend.ts';
import type { World } from './activities/world.ts';
import type { Store } from './activities/ports.ts';
import { answerPayments } from './adapters/files/example-bank.ts';
import { declarationOf, loadOrganization, OrganizationError, type Organization } from './adapters/files/organization.ts';
import { filePapers } from './adapters/files/papers.ts';
import type { Keys } from './adapters/host/keys.ts';
import { humanTasks } from './adapters/postgres/compliance.ts';
import { connect, type Database } from './adapters/postgres/client.ts';
import { subjectKeys } from './adapters/postgres/ledger.ts';
import { ratifiedBundle, saveOrganization, withdrawUnsent } from './adapters/postgres/organizations.ts';
import { consents } from './adapters/postgres/staffing-consents.ts';
import { postgresStore, sqlOf } from './adapters/postgres/store.ts';
import { postgresViews } from './adapters/postgres/views.ts';
import type { Workflows } from './adapters/temporal/orchestrator.ts';
import { asRatified, CONSTITUTION, draftBundle, readTexts, StoredBundle, type Texts } from './bundle.ts';
import { examineApart } from './adapters/host/examiner.ts';
import { beginWith, putFirst } from './activities/amendments/begin.ts';
import { recordOrganization } from './activities/amendments/declared.ts';
import { amendmentRows } from './adapters/postgres/amendments.ts';
import { ClientError, type Client, type SlackDesk } from './client.ts';
import type { ModelPort } from './deliberate/ports.ts';
import { compile, digestOf, type Bundle, type Constitution } from './gate/constitution.ts';
import type { Agent } from './kernel/define.ts';
import { DOMAINS, ProposalId, type AgentName, type OrgId } from './kernel/ids.ts';
import { moneyOf } from './kernel/money.ts';
import { instantAt, LocalDate, millis, type Instant } from './kernel/time.ts';
import { bind } from './binding.ts';
import { addRecords } from './add-records.ts';
import { keepCurrent } from './current.ts';
import { operations } from './operations.ts';
import { reviewSchedules } from './schedules.ts';
import { slackDesk } from './slack-desk.ts';
import { adapters, agents as declaredAgents, boundDomains } from './registry.generated.ts';

const POOL = 12; // connections of one process: worker slots and the API
const KEYS_POOL = 2; // of their own, so that a full pool of transactions cannot wait on itself

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
  readonly constitution?: URL; // the folder of the articles; without it, the checkout's
  readonly reread?: () => Promise<Organization>; // its files as they are now; without it, those of the folder
}

export interface App {
  readonly world: World;
  readonly client: Client;
  readonly db: Database;
  readonly slack: SlackDesk;
  /** Loads the organization, ratifies an example's base, and says whether it was there before. */
  load(): Promise<{ readonly known: boolean; readonly ratified: boolean }>;
  /** Schedules reviews and wakes what is open. */
  begin(): Promise<void>;
  /** What does not answer now: PostgreSQL, Temporal, or nothing. */
  missing(): Promise<readonly string[]>;
  close(): Promise<void>;
}

const domains = boundDomains(bind);
const writes = domains.flatMap((domain) => domain.writes);
const reads = domains.flatMap((domain) => domain.reads);

/** What is in force for the organization: read from its rows, changed by ratification alone. */
class InForce {
  constitution: Constitution | undefined;
  draft = false;
  readonly agents = new Map<AgentName, Agent>();
  readonly prompts = new Map<AgentName, string>();
}

export function createApp(parts: Parts): App {
  const { keys, temporal, organization, folder, dataDir, log, now } = parts;
  const org = organization.id;
  const [db, keysDb] = [connect(parts.databaseUrl, POOL), connect(parts.databaseUrl, KEYS_POOL)];
  const force = new InForce();
  const subjects = subjectKeys(keysDb, keys.kek);
  const settings = {
    zone: organization.zone,
    currency: organization.currency,
    operatorTokensCount: organization.example,
    since: organization.since ?? null,
    cardsPerDay: organization.inbox.cards_per_day,
    quietDays: organization.inbox.quiet_days,
    slack: organization.slack,
    modelMonth: moneyOf(organization.model.month, organization.currency),
  };
  const inbox = join(dataDir, 'inbox');

  const store = (parts.around ?? ((same) => same))(postgresStore(db, now, adapters));
  const current = keepCurrent(now, () => refresh(app));
  const schedules = reviewSchedules(organization, temporal);
  const world: World = {
    store: {
      async tx(of, work) {
        await current();
        return store.tx(of, work);
      },
    },
    keys: subjects,
    nonce: () => randomBytes(12),
    warrants: keys.warrants,
    attestations: keys.attestations,
    agents: force.agents,
    prompts: force.prompts,
    writes: new Map(writes.map((bound) => [bound.tool.name, bound])),
    reads: new Map(reads.map((bound) => [bound.tool.name, bound])),
    reconcilers: domains.flatMap((domain) => domain.reconcilers),
    model: parts.model,
    orchestrator: temporal,
    papers: filePapers(
      db,
      [join(folder, 'records'), inbox],
      join(dataDir, 'outbox'),
      adapters.flatMap(({ registers }) => registers),
    ),
    tasks: humanTasks(sqlOf),
    consents: consents(sqlOf),
    amendments: amendmentRows(sqlOf),
    drafts: {
      read: () => draftOf(parts),
      examine: ({ draft, inForce, cases, calls, recorded, currency }) =>
        examineApart({
          draft: StoredBundle.parse(draft),
          inForce: inForce && StoredBundle.parse(inForce),
          cases: cases ? [...cases] : { folder: new URL('articles/', parts.constitution ?? CONSTITUTION).href },
          calls: [...calls],
          recorded,
          currency,
        }),
      refresh: () => refresh(app),
    },
    exampleBank: (of, from, to) => answerPayments(db, of, { zone: settings.zone, folder, inbox }, from, to),
    async cardContext(tx, { args }) {
      const said: Record<string, string> = {};
      for (const adapter of adapters) Object.assign(said, await adapter.context?.(sqlOf(tx), tx.org, args)); // one after the other: they share a connection
      return said;
    },
    async takeBack(tx, scope, reason) {
      const covered = [...world.agents.values()].filter(
        ({ name, domain }) => scope.kind === 'organization' || (scope.kind === 'agent' ? scope.agent === name : scope.domain === domain),
      );
      return (
        await withdrawUnsent(
          sqlOf(tx),
          tx.org,
          covered.map(({ name }) => name),
          reason,
        )
      ).map((key) => ProposalId.parse(key));
    },
    constitution() {
      if (!force.constitution)
        throw new ClientError('not_ratified', 3, 'No constitution is ratified here yet; nothing is judged. The owner runs `charter constitution ratify`.');
      return force.constitution;
    },
    settings: () => settings,
    extendSchedules: async (of) => schedules.extend(await world.store.tx(of, (tx) => tx.times())),
  };
  const scheduleReviews = async () => schedules.write(await world.store.tx(org, (tx) => tx.times()));
  const app = { world, db, org, parts, force, inbox };
  const views = postgresViews(db, subjects, {
    model: parts.model.model,
    cap: settings.modelMonth,
    now,
    constitution: () => ({ digest: force.constitution?.digest ?? '', draft: force.draft }),
  });
  const slack = slackDesk(world, org, views);
  return {
    world,
    db,
    slack,
    client: operations({
      world,
      org,
      example: organization.example,
      domains: DOMAINS.filter((domain) => organization.reviews[domain]),
      views,
      pictures: domains.flatMap(({ pictures }) => pictures).filter(({ domain }) => organization.reviews[domain]),
      slackState: () => slack.now(),
      scheduleReviews,
      reviewed: (domain, run) => temporal.reviewResult(org, domain, run),
      addRecords: (files, by) => addRecords(app, files, by),
      begin: async (by) => {
        const digest = await beginWith(world, org, by);
        await putInForce(app);
        return digest;
      },
    }),
    load: () => load(app),
    async begin() {
      await housekeeping(world, org); // what lies in the folders is on file before the first review
      await scheduleReviews();
      await restore(world, org);
    },
    async missing() {
      const [database, orchestrator] = await Promise.allSettled([db.raw((sql) => sql('select 1')), temporal.answers()]);
      const gone = { PostgreSQL: database, Temporal: orchestrator };
      return Object.entries(gone).flatMap(([name, one]) => {
        if (one.status === 'rejected') log.error({ err: one.reason, missing: name }, 'it does not answer');
        return one.status === 'rejected' ? [name] : [];
      });
    },
    async close() {
      await Promise.all([db.close(), keysDb.close()]);
    },
  };
}

interface Assembled {
  readonly world: World;
  readonly db: Database;
  readonly org: OrgId;
  readonly parts: Parts;
  readonly force: InForce;
  readonly inbox: string;
}

async function load(app: Assembled): Promise<{ known: boolean; ratified: boolean }> {
  const { db, org, parts, world } = app;
  const { organization, now } = parts;
  const alone = DOMAINS.filter((domain) => organization.reviews[domain] && !declaredAgents.some((agent) => agent.domain === domain));
  if (alone.length > 0)
    throw new OrganizationError(
      alone.map((domain) => `organization.yaml: \`reviews\` names \`${domain}\`, for which no agent is there; take it out, or add an agent.`),
    );
  const at = now();
  const offset = organization.clock ? millis(businessStart(organization.clock.start, organization.zone)) - at : 0;
  const known = await world.store.tx(org, async (tx) => {
    await tx.lock(['amendments']); // what is ratified stays as it is until this load is done
    const names = declaredAgents.map(({ name }) => name);
    const loaded = await saveOrganization(sqlOf(tx), organization, names, offset, new Date(at));
    const { digest } = organization;
    if (!loaded.known) await recordOrganization(world, tx, 'organization.loaded', digest, loaded);
    else if (loaded.changed) await recordOrganization(world, tx, 'organization.changed', digest, loaded);
    return loaded.known;
  });
  if (organization.example && !(await db.tx(org, (sql) => ratifiedBundle(sql, org)))) await putFirst(world, org, (await draftOf(parts)).bundle, 'operator'); // nobody voted
  return { known, ratified: await putInForce(app) };
}

/** Puts in force here what was ratified elsewhere. */
async function refresh(app: Assembled): Promise<void> {
  const [row] = await app.db.tx(app.org, (sql) => sql<{ constitution: string | null }>('select constitution from organization where org = $1', [app.org]));
  if (row?.constitution && row.constitution !== app.force.constitution?.digest) await putInForce(app);
}

/** `2026-03-02T07:00` on the clock of a place. */
const businessStart = (local: string, zone: string): Instant => instantAt(LocalDate.parse(local.slice(0, 10)), local.slice(11), zone);

/** Reads what is ratified and makes it hold in this process. */
async function putInForce({ db, org, force, parts }: Assembled): Promise<boolean> {
  const stored = await db.tx(org, (sql) => ratifiedBundle(sql, org));
  if (!stored) return false;
  const bundle = StoredBundle.parse(stored.bundle);
  force.constitution = compile(bundle);
  const draft = digestOf((await draftOf(parts)).bundle); // never parsed here: what nobody ratified cannot stop what runs
  force.draft = draft !== force.constitution.digest;
  if (force.draft) parts.log.warn({ ratified: force.constitution.digest, draft }, 'the files differ from what is ratified; what is ratified runs on');
  for (const agent of declaredAgents) {
    const ratified = asRatified(agent, bundle);
    if (ratified) force.agents.set(agent.name, ratified);
    force.prompts.set(agent.name, await readFile(new URL(`../agents/${agent.name}/prompt.md`, import.meta.url), 'utf8'));
  }
  return true;
}

/** What the files and the code say now, and what of it could not be read. */
async function draftOf(parts: Parts): Promise<{ readonly bundle: StoredBundle & Bundle; readonly problems: Texts['problems'] }> {
  const texts = readTexts(parts.constitution);
  const [readTools, writeTools] = [reads.map(({ tool }) => tool), writes.map(({ tool }) => tool)];
  const { organization, problems } = await organizationNow(parts);
  const declared = declarationOf(organization);
  const bundle = draftBundle(declaredAgents, readTools, writeTools, texts, organization.amendments.owners, declared);
  return { bundle, problems: [...texts.problems, ...problems] };
}

/** The organization's files as they are now; where they cannot be read, as they were loaded, and why. */
async function organizationNow({ folder, organization, reread = () => loadOrganization(folder) }: Parts) {
  try {
    return { organization: await reread(), problems: [] };
  } catch (error) {
    if (error instanceof OrganizationError) return { organization, problems: error.problems };
    throw error;
  }
}
