/** The composition root: everything that there is, put together once. A long boring list. */
import { randomBytes } from 'node:crypto';
import { join } from 'node:path';
import { beginWith, putDraft, putFirst } from './activities/amendments/begin.ts';
import { recordOrganization } from './activities/amendments/declared.ts';
import { answersOf } from './activities/answers.ts';
import type { Daily } from './activities/clock.ts';
import { housekeeping } from './activities/housekeeping.ts';
import { restore } from './activities/tend.ts';
import type { Tx } from './activities/ports.ts';
import type { LogLine, OrgSettings, World } from './activities/world.ts';
import { exampleBank } from './adapters/files/example-bank.ts';
import { OrganizationError, type Organization } from './adapters/files/organization.ts';
import { writeRule } from './adapters/files/rules.ts';
import { filePapers } from './adapters/files/papers.ts';
import { examineApart } from './adapters/host/examiner.ts';
import { outside } from './adapters/host/outside.ts';
import { amendmentRows } from './adapters/postgres/amendments.ts';
import { weekRows } from './adapters/postgres/week-rows.ts';
import { connect, type Database } from './adapters/postgres/client.ts';
import { humanTasks } from './adapters/postgres/compliance.ts';
import { subjectKeys } from './adapters/postgres/ledger.ts';
import { ratifiedBundle, saveOrganization, withdrawUnsent } from './adapters/postgres/organizations.ts';
import { consents } from './adapters/postgres/staffing-consents.ts';
import { told } from './adapters/postgres/staffing-told.ts';
import { postgresStore, sqlOf } from './adapters/postgres/store.ts';
import { postgresViews } from './adapters/postgres/views.ts';
import { bind } from './binding.ts';
import { CONSTITUTION, StoredBundle } from './bundle.ts';
import { ClientError, type Client, type SlackDesk } from './client.ts';
import type { Bundle } from './gate/constitution.ts';
import { keepCurrent } from './current.ts';
import { sameKind } from './development.ts';
import { InForce } from './in-force.ts';
import { DOMAINS, ProposalId, type OrgId } from './kernel/ids.ts';
import { moneyOf } from './kernel/money.ts';
import { instantAt, LocalDate, millis, type Instant } from './kernel/time.ts';
import { addRecords } from './operations/add-records.ts';
import { operations } from './operations/operations.ts';
import { slackDesk } from './operations/slack-desk.ts';
import type { Parts } from './parts.ts';
import { adapters, agents as declaredAgents, boundDomains, templates } from './registry.generated.ts';
import { reviewSchedules, type ReviewSchedules } from './schedules.ts';
import { declaredFiles } from './setup.ts';

const POOL = 12; // connections of one process: worker slots and the API
const KEYS_POOL = 2; // of their own, so that a full pool of transactions cannot wait on itself

/** What a start found. */
export interface Loaded {
  readonly known: boolean; // the organization was there before
  readonly ratified: boolean;
  readonly refused: string | undefined; // of a development ledger: why the draft is not in force
}

export interface App {
  readonly world: World;
  readonly client: Client;
  readonly db: Database;
  readonly slack: SlackDesk;
  /** Loads the organization, ratifies an example's base, and says whether it was there before. */
  load(): Promise<Loaded>;
  /** Schedules reviews and wakes what is open. */
  begin(): Promise<void>;
  /** What does not answer now: PostgreSQL, Temporal, or nothing. */
  missing(): Promise<readonly string[]>;
  close(): Promise<void>;
}

const domains = boundDomains(bind);
const writes = domains.flatMap((domain) => domain.writes);
const reads = domains.flatMap((domain) => domain.reads);
const tools = { reads: reads.map(({ tool }) => tool), writes: writes.map(({ tool }) => tool) };

export function createApp(parts: Parts): App {
  const { keys, temporal, organization, dataDir, log, now } = parts;
  const org = organization.id;
  const [db, keysDb] = [connect(parts.databaseUrl, POOL), connect(parts.databaseUrl, KEYS_POOL)];
  const force = new InForce(parts, db, tools);
  const subjects = subjectKeys(keysDb, keys.kek);
  const settings = () => settingsOf(organization, force);
  const inbox = join(dataDir, 'inbox');

  const schedules = reviewSchedules(organization, temporal);
  const world = worldOf({ parts, db, subjects, force, settings, schedules, inbox });
  const scheduleReviews = async () => schedules.write(await world.store.tx(org, (tx) => tx.times()));
  const app = { world, db, org, parts, force, inbox };
  const views = postgresViews(db, subjects, {
    model: parts.model.model,
    cap: settings().modelMonth,
    now,
    answers: (tool) => (force.constitution ? answersOf(world, org, tool) : []),
    constitution: () => ({ digest: force.constitution?.digest ?? '', draft: force.differs }),
  });
  const slack = slackDesk(world, org, views);
  return {
    world,
    db,
    slack,
    client: operations({
      world,
      org,
      domains: DOMAINS.filter((domain) => organization.reviews[domain]),
      daily: dailyOf(organization),
      views,
      pictures: domains.flatMap(({ pictures }) => pictures).filter(({ domain }) => organization.reviews[domain]),
      slackState: () => slack.now(),
      files: declaredFiles({ world, parts, taken: () => force.take() }),
      scheduleReviews,
      reviewed: (domain, run) => temporal.reviewResult(org, domain, run),
      addRecords: (files, by) => addRecords(app, files, by),
      begin: async (by) => {
        const digest = await beginWith(world, org, by);
        await force.take();
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

async function load(app: Assembled): Promise<Loaded> {
  const { db, org, parts, world, force } = app;
  const { organization, now } = parts;
  const alone = DOMAINS.filter((domain) => organization.reviews[domain] && !declaredAgents.some((agent) => agent.domain === domain));
  if (alone.length > 0)
    throw new OrganizationError(
      alone.map((domain) => `organization.yaml: \`reviews\` names \`${domain}\`, for which no agent is there; take it out, or add an agent.`),
    );
  const at = now();
  const offset = organization.clock ? millis(businessStart(organization.clock.start, organization.zone)) - at : 0;
  const { known, example } = await world.store.tx(org, async (tx) => {
    await tx.lock(['amendments']); // what is ratified stays as it is until this load is done
    await sameKind(sqlOf(tx), org, parts.development ?? false);
    const names = declaredAgents.map(({ name }) => name);
    const loaded = await saveOrganization(sqlOf(tx), organization, names, offset, new Date(at));
    const { digest } = organization;
    if (!loaded.known && parts.development) await sqlOf(tx)('update organization set development = true where org = $1', [org]);
    if (!loaded.known) await recordOrganization(world, tx, 'organization.loaded', digest, loaded);
    else if (loaded.changed) await recordOrganization(world, tx, 'organization.changed', digest, loaded);
    return loaded;
  });
  let refused: string | undefined;
  if (parts.development) {
    await force.take();
    refused = await putDraft(world, org);
  } else if (example && !(await db.tx(org, (sql) => ratifiedBundle(sql, org)))) await putFirst(world, org, await soundDraft(force), 'operator'); // nobody voted
  return { known, ratified: await force.take(), refused };
}

/** @throws OrganizationError: of what cannot be read, nothing is put in force in part */
async function soundDraft(force: InForce): Promise<StoredBundle & Bundle> {
  const { bundle, problems } = await force.draft();
  if (problems.length > 0) throw new OrganizationError(problems);
  return bundle;
}

/** `2026-03-02T07:00` on the clock of a place. */
const businessStart = (local: string, zone: string): Instant => instantAt(LocalDate.parse(local.slice(0, 10)), local.slice(11), zone);

const settingsOf = (organization: Organization, force: InForce): OrgSettings => ({
  zone: organization.zone,
  currency: organization.currency,
  example: force.example ?? false, // what the file says alone does not hold
  since: organization.since ?? null,
  cardsPerDay: organization.inbox.cards_per_day,
  quietDays: organization.inbox.quiet_days,
  slack: organization.slack,
  modelMonth: moneyOf(organization.model.month, organization.currency),
});

const dailyOf = ({ finance, reviews }: Organization): Daily => ({
  cutoff: finance.cutoff,
  reviews: Object.fromEntries(DOMAINS.flatMap((domain) => (reviews[domain] ? [[domain, reviews[domain].at]] : []))),
});

interface Materials {
  readonly parts: Parts;
  readonly db: Database;
  readonly subjects: World['keys'];
  readonly force: InForce;
  readonly settings: () => OrgSettings;
  readonly schedules: ReviewSchedules;
  readonly inbox: string; // the folder that is watched
}

/** Every port of the activities with what implements it. */
function worldOf({ parts, db, subjects, force, settings, schedules, inbox }: Materials): World {
  const { keys, temporal, folder, dataDir, log, now } = parts;
  const store = (parts.around ?? ((same) => same))(postgresStore(db, now, adapters));
  const current = keepCurrent(now, () => force.refresh());
  const lines = new WeakMap<Tx, LogLine[]>();
  const world: World = {
    store: {
      async tx(of, work) {
        await current();
        const said: LogLine[] = [];
        const result = await store.tx(of, (tx) => {
          lines.set(tx, said);
          return work(tx);
        });
        for (const line of said) log.info(line, 'event');
        return result;
      },
    },
    logged: (tx, line) => void lines.get(tx)?.push(line),
    keys: subjects,
    nonce: () => randomBytes(12),
    warrants: keys.warrants,
    attestations: keys.attestations,
    keyCards: () => keys.keys(),
    agents: force.agents,
    prompts: force.prompts,
    writes: new Map(writes.map((bound) => [bound.tool.name, bound])),
    reads: new Map(reads.map((bound) => [bound.tool.name, bound])),
    reconcilers: domains.flatMap((domain) => domain.reconcilers),
    model: parts.model,
    orchestrator: temporal,
    outside: parts.outside ?? outside(),
    papers: filePapers(
      db,
      [join(folder, 'records'), inbox],
      join(dataDir, 'outbox'),
      adapters.flatMap(({ registers }) => registers),
    ),
    tasks: humanTasks(sqlOf),
    consents: consents(sqlOf),
    told: told(sqlOf),
    amendments: amendmentRows(sqlOf),
    drafts: {
      read: (change) => force.draft(change),
      write: (writing) => writeRule(folder, writing),
      templates,
      examine: ({ draft, inForce, cases, besides, calls, parts: sought, ...job }) =>
        examineApart(
          {
            ...job,
            parts: [...sought],
            draft: StoredBundle.parse(draft),
            inForce: inForce && StoredBundle.parse(inForce),
            cases: cases ? [...cases] : { folder: new URL('articles/', parts.constitution ?? CONSTITUTION).href, besides: [...besides] },
          },
          calls,
        ),
      refresh: () => force.refresh(),
    },
    weeks: weekRows(sqlOf, adapters),
    exampleBank: exampleBank(db, { zone: parts.organization.zone, folder, inbox }),
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
        throw new ClientError(
          'not_ratified',
          3,
          'No constitution is ratified here yet; nothing is judged. An owner runs `charter constitution ratify --as OWNER`, with a token of their own.',
        );
      return force.constitution;
    },
    settings,
    extendSchedules: async (of) => schedules.extend(await world.store.tx(of, (tx) => tx.times())),
  };
  return world;
}
