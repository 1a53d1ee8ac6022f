/** The operations' views, read from rows and from the log. */
import type { Outputs, SecondStep, TaskCard } from '../../client.ts';
import type { SubjectKeys } from '../../activities/ports.ts';
import { unseal } from '../../ledger/seal.ts';
import type { ReadableEvent } from '../../memory/why.ts';
import { ProposalId, PersonId, type OrgId } from '../../kernel/ids.ts';
import { Decision, JsonObject, Outcome, Role, type Need } from '../../kernel/nouns.ts';
import { helps } from '../../kernel/quorum.ts';
import { durationMs, instant, Instant } from '../../kernel/time.ts';
import type { Views } from '../../ports.ts';
import { z } from 'zod';
import type { Database, Sql } from './client.ts';
import { causesAbove, eventsNamed, type StoredEvent } from './history.ts';
import { costs, monthsMoney } from './rows-money.ts';
import type { Money } from '../../kernel/money.ts';

const TASK = `
select p.id, p.tool, p.args, p.agent, p.on_behalf_of requester, p.card, p.rationale, p.outcome, p.created_at, d.body decision, d.verdict, d.expires_at,
  (select min(f.at) from decision f where d.verdict = 'escalate' and f.org = p.org and f.proposal = p.id and f.verdict = d.verdict
     and f.body -> 'material' = d.body -> 'material' and f.body -> 'slice' = d.body -> 'slice') asked_at,
  coalesce((select json_agg(json_build_object('person', v.person, 'choice', v.choice, 'reason', v.reason, 'void', v.void_because, 'againOn', v.again_on::text, 'fourEyes', v.person is distinct from p.on_behalf_of,
      'roles', coalesce(q.roles, '{}'), 'manages', (select r.manager = v.person from person r where r.org = p.org and r.person = p.on_behalf_of)) order by v.at)
    from vote v left join person q on q.org = v.org and q.person = v.person where v.org = p.org and v.proposal = p.id), '[]') votes,
  coalesce((select json_agg(json_build_object('person', q.person, 'roles', q.roles, 'manages', (select r.manager = q.person from person r where r.org = p.org and r.person = p.on_behalf_of)) order by q.person)
     from person q where q.org = p.org and q.status = 'active' and q.person is distinct from p.on_behalf_of and not q.person = any(coalesce(d.barred, '{}'))
       and not exists (select 1 from vote v where v.org = p.org and v.proposal = p.id and v.person = q.person and v.void_because is null)), '[]') people,
  (select json_build_object('at', to_char(e.at at time zone 'utc', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"'), 'people', e.people) from escalation e where e.org = p.org and e.proposal = p.id) escalated,
  coalesce((select json_agg(json_build_object('person', n.person, 'by', n.by_person) order by n.at) from nudge n where n.org = p.org and n.proposal = p.id), '[]') nudged,
  (select json_build_object('state', m.state, 'executeOn', m.execute_on::text, 'file', m.file, 'reason', m.reason) from payment m where m.org = p.org and m.key = p.id) payment
from proposal p left join lateral (select d.* from decision d where d.org = p.org and d.proposal = p.id order by d.round desc limit 1) d on true
where p.org = $1 and `;

/** What stands on a task, in one text. */
const WORDS = `concat_ws(' ', p.id, p.tool, p.outcome, p.agent, p.on_behalf_of, p.rationale, (select string_agg(l ->> 'value', ' ') from jsonb_array_elements(p.card) l))`;

const Held = z.object({ roles: z.array(Role), manages: z.boolean().nullable() });
const Row = z.object({
  id: ProposalId,
  tool: z.string(),
  args: JsonObject,
  agent: z.string(),
  requester: z.string().nullable(),
  card: z.array(z.strictObject({ label: z.string(), value: z.string(), before: z.string().exactOptional() })),
  rationale: z.string(),
  outcome: Outcome.nullable(),
  created_at: z.date(),
  decision: Decision.nullable(),
  expires_at: z.date().nullable(),
  asked_at: z.date().nullable(),
  votes: z.array(
    z.strictObject({
      person: z.string(),
      choice: z.string(),
      reason: z.string(),
      void: z.string().nullable(),
      againOn: z.string().nullable(),
      fourEyes: z.boolean(),
      ...Held.shape,
    }),
  ),
  people: z.array(z.strictObject({ person: PersonId, ...Held.shape })),
  escalated: z.strictObject({ at: Instant, people: z.array(PersonId) }).nullable(),
  nudged: z.array(z.strictObject({ person: PersonId, by: PersonId })),
  payment: z
    .strictObject({
      state: z.enum(['instructed', 'sent', 'paid', 'rejected', 'withdrawn']),
      executeOn: z.string(),
      file: z.string().nullable(),
      reason: z.string(),
    })
    .nullable(),
});

/** Where an article lets the requester confirm alone, and nobody else holds the role. */
function secondStep(needs: readonly Need[], others: readonly z.infer<typeof Held>[], askedAt: Date | null, now: number): SecondStep | null {
  const alone = needs.filter(({ role, sole }) => sole !== null && !others.some(({ roles }) => roles.includes(role)));
  if (alone.length === 0 || !askedAt) return null;
  const from = Math.max(...alone.map(({ sole }) => askedAt.getTime() + (durationMs(sole ?? '') ?? Number.POSITIVE_INFINITY)));
  if (!Number.isFinite(from)) return null;
  return { roles: alone.map(({ role }) => role), askedAt: instant(askedAt.getTime()), from: instant(from), begun: now >= from };
}

function cardOf(raw: unknown, now: number): TaskCard {
  const { created_at, expires_at, asked_at, decision, people, votes, ...row } = Row.parse(raw);
  const needs = decision?.needs ?? [];
  const needed = needs.map(({ role }) => role);
  const asks = decision?.verdict === 'escalate' && row.outcome === null;
  const held = ({ roles, manages }: z.infer<typeof Held>, of: readonly Role[]) =>
    of.filter((role) => (role === 'manager' && row.requester !== null ? manages === true : roles.includes(role)));
  const cast = votes.map(({ roles, manages, ...vote }) => ({ ...vote, roles: held({ roles, manages }, needed) }));
  const approved = cast.filter((vote) => vote.void === null && vote.choice === 'approve');
  const may = people.flatMap(({ person, ...holds }) => {
    const roles = asks ? held(holds, needed) : [];
    return helps(needs, approved, { roles }) ? [{ person, roles }] : [];
  });
  return {
    ...row,
    votes: cast,
    waits: asks,
    grouped: false, // until somebody's inbox is laid out
    decision: decision && { verdict: decision.verdict, articles: decision.articles, needs: decision.needs, why: decision.why, material: decision.material },
    expiresAt: expires_at && instant(expires_at.getTime()),
    may,
    secondStep: asks && row.requester !== null ? secondStep(needs, people, asked_at, now) : null,
    createdAt: instant(created_at.getTime()),
  };
}

// Positions are given before the commit: one that comes in late has a smaller one, and is seen in the count of the last few.
const LAST_CHANGE = `
select coalesce(max(e.position), 0) || '.' || count(*) "at" from event e
where e.org = $1 and e.position > (select coalesce(max(l.position), 0) - 500 from event l where l.org = $1)`;

/** @param now milliseconds since 1970, wall clock */
const tasksOf =
  (now: () => number) =>
  async (sql: Sql, where: string, values: readonly unknown[]): Promise<TaskCard[]> =>
    (await sql(TASK + where, values)).map((row) => cardOf(row, now()));

/** What the process knows besides the rows. */
export interface Running {
  readonly model: string;
  readonly cap: Money; // of a month, for models
  readonly now: () => number; // milliseconds, wall clock
  constitution(org: OrgId): { readonly digest: string; readonly draft: boolean };
}

export function postgresViews(db: Database, keys: SubjectKeys, running: Running): Views {
  const tasks = tasksOf(running.now);
  return {
    status: (org) => db.tx(org, (sql) => status(sql, org, running)),
    inbox: (org, all) =>
      db.tx(org, (sql) =>
        all
          ? tasks(sql, 'true order by p.created_at desc, p.id limit 500', [org])
          : tasks(sql, `p.outcome is null and d.verdict = 'escalate' order by p.created_at, p.id limit 500`, [org]),
      ),
    tasksNamed: (org, id) =>
      db.tx(org, (sql) => tasks(sql, `starts_with(p.id, $2) order by p.created_at desc limit 20`, [org, id.startsWith('prp-') ? id : `prp-${id}`])),
    search: (org, text) =>
      db.tx(org, (sql) =>
        tasks(sql, `p.outcome is not null and ${WORDS} ilike $2 order by p.closed_at desc, p.id limit 100`, [org, `%${text.replace(/[\\%_]/g, '\\$&')}%`]),
      ),
    async lastChange(org) {
      const [row] = await db.tx(org, (sql) => sql<{ at: string }>(LAST_CHANGE, [org]));
      return row?.at ?? '';
    },
    async openTaskIds(org) {
      const rows = await db.tx(org, (sql) =>
        sql<{ id: string }>('select id from proposal where org = $1 and outcome is null order by created_at desc limit 200', [org]),
      );
      return rows.map(({ id }) => id);
    },
    async underWay(org) {
      const [row] = await db.tx(org, (sql) =>
        sql<{ n: number }>(
          `select count(*)::int n from proposal p left join lateral (select d.verdict from decision d where d.org = p.org and d.proposal = p.id order by d.round desc limit 1) d on true
           where p.org = $1 and p.outcome is null and d.verdict is distinct from 'escalate'`,
          [org],
        ),
      );
      return row?.n ?? 0;
    },
    async chain(org, id) {
      const stored = await db.tx(org, async (sql) => {
        const named = await eventsNamed(sql, org, id);
        return named.length === 0 ? [] : causesAbove(sql, org, named);
      });
      const subjects = stored.flatMap(({ groups }) => groups.map(({ subject }) => subject));
      const opened = await keys.of(org, subjects);
      return stored.map((event) => readable(event, opened));
    },
    costs: (org) => db.tx(org, async (sql) => ({ ...(await monthsMoney(sql, org, running.cap, new Date(running.now()))), agents: await costs(sql, org) })),
    reviewResult: (result) => z.object({ drifts: z.int(), asks: z.int(), proposals: z.int() }).parse(result),
  };
}

function readable({ groups, ...event }: StoredEvent, keys: ReadonlyMap<string, Uint8Array>): ReadableEvent {
  const open = groups.flatMap(({ name, subject, sealed }) => {
    const key = keys.get(subject);
    return key ? [[name, unseal(event.id, name, sealed, key)] as const] : [];
  });
  const there = new Set(open.map(([name]) => name));
  return { ...event, groups: Object.fromEntries(open), erased: groups.map(({ name }) => name).filter((name) => !there.has(name)) };
}

/** Limits for suppliers that are not on record, once any is: a limit may be declared before its supplier. */
const UNKNOWN_LIMITS = `
select l.supplier from organization o, jsonb_object_keys(o.document -> 'limits' -> 'suppliers') l(supplier)
where o.org = $1 and exists (select 1 from supplier s where s.org = $1) and not exists (select 1 from supplier s where s.org = $1 and s.id = l.supplier)
order by 1 limit 5`;

const RAISED = `select agent, level, declared from agent_level where org = $1
  and array_position(array['shadow', 'ask', 'act'], declared) > array_position(array['shadow', 'ask', 'act'], level) order by agent`;

const HAND_IN_AGAIN = 'once that is put right, hand it in again';
const READ_AGAIN = 'it is read again when a list of suppliers or an order comes in, or when it is handed in again';

async function status(sql: Sql, org: OrgId, running: Running): Promise<Omit<Outputs['status'], 'domains'>> {
  const tasks = tasksOf(running.now);
  const [own] = await sql<{ name: string; zone: string; offset: string }>(
    'select name, zone, clock_offset_ms::text "offset" from organization where org = $1',
    [org],
  );
  const halted = await sql<{ scope: string }>('select scope from halt where org = $1 and halted order by scope', [org]);
  const counts = await sql<{ outcome: string; n: number }>(
    `select coalesce(outcome, 'open') outcome, count(*)::int n from proposal where org = $1 group by 1 order by 1`,
    [org],
  );
  const findings = await sql<{ why: string }>(
    `select case when a.parent is null then a.about -> 'drift' ->> 'why' else concat(a.about ->> 'from', ' asked ', a.agent, ': ', a.about ->> 'text', ' ', a.agent, ' answered: ', a.answer) end why
     from ask a left join ask asking on asking.org = a.org and asking.id = a.parent
     join drift d on d.org = a.org and d.key = coalesce(a.drift_key, asking.drift_key) and d.episode = coalesce(a.episode, asking.episode) and d.state = 'asked'
     where a.org = $1 and (a.parent is null or a.answer is not null) and not exists (select 1 from proposal p where p.org = a.org and p.ask = a.id)
     order by a.created_at desc limit 20`,
    [org],
  );
  const aside = await sql<{ name: string; kind: string; reason: string }>(
    `select name, kind, reason from record_file where org = $1 and state = 'set_aside' and filed_at > $2::timestamptz - interval '7 days' order by filed_at desc, name limit 5`,
    [org, new Date(running.now())],
  );
  const limited = await sql<{ supplier: string }>(UNKNOWN_LIMITS, [org]);
  const stalled = await sql<{ stage: string; subject: string; tries: number; error: string; since: Date }>(
    `select s.stage, s.subject, s.tries, s.error, s.since from stalled s left join proposal p on p.org = s.org and p.id = s.subject
     where s.org = $1 and p.outcome is null and s.at > $2::timestamptz - interval '3 minutes' order by s.since limit 20`,
    [org, new Date(running.now())],
  );
  const [files] = await sql<{ asks: number }>(`select count(*)::int asks from record_file where org = $1 and state = 'asks'`, [org]);
  const constitution = running.constitution(org);
  return {
    organization: org,
    name: own?.name ?? org,
    business: instant(running.now() + Number(own?.offset ?? 0)),
    zone: own?.zone ?? 'UTC',
    halted: halted.map(({ scope }) => scope),
    model: running.model,
    money: await monthsMoney(sql, org, running.cap, new Date(running.now())),
    constitution: constitution.digest,
    draft: constitution.draft,
    raised: await sql<{ agent: string; level: string; declared: string }>(RAISED, [org]),
    done: await tasks(
      sql,
      `p.outcome = 'done' and not exists (select 1 from vote v where v.org = p.org and v.proposal = p.id)
         and not exists (select 1 from payment m where m.org = p.org and m.key = p.id and m.state in ('withdrawn', 'rejected')) order by p.closed_at desc limit 50`,
      [org],
    ),
    waiting: await tasks(sql, `p.outcome is null and d.verdict = 'escalate' order by p.created_at, p.id limit 50`, [org]),
    findings: [
      ...findings.map(({ why }) => why),
      ...aside.map(
        ({ name, kind, reason }) => `\`${name}\` was set aside: ${reason.replace(/\.$/, '')}; ${kind.startsWith('ubl_') ? READ_AGAIN : HAND_IN_AGAIN}`,
      ),
      ...limited.map(
        ({ supplier }) => `desired/finance.yaml limits \`${supplier}\`, and no record names that supplier; mend its spelling, or file the supplier`,
      ),
    ],
    stalled: stalled.map(({ since, ...row }) => ({ ...row, since: instant(since.getTime()) })),
    asks: files?.asks ?? 0,
    counts: Object.fromEntries(counts.map(({ outcome, n }) => [outcome, n])),
  };
}
