/** The organization at a glance: what was done, what waits, what was noticed, what keeps failing. */
import type { Outputs, Place } from '../../client.ts';
import type { Finding, StatusFound } from '../../ports.ts';
import type { OrgId } from '../../kernel/ids.ts';
import type { Money } from '../../kernel/money.ts';
import type { Answer } from '../../kernel/nouns.ts';
import { instant } from '../../kernel/time.ts';
import type { Sql } from './client.ts';
import { monthsMoney } from './rows-money.ts';
import { tasksOf } from './task-cards.ts';

/** What the process knows besides the rows. */
export interface Running {
  readonly model: string;
  readonly cap: Money; // of a month, for models
  readonly now: () => number; // milliseconds, wall clock
  answers(tool: string): readonly Answer[]; // what people may do with a task besides approving and declining it
  constitution(org: OrgId): { readonly digest: string; readonly draft: boolean };
}

const DONE_ALONE = `p.outcome = 'done' and not exists (select 1 from vote v where v.org = p.org and v.proposal = p.id)
  and not exists (select 1 from payment m where m.org = p.org and m.key = p.id and m.state in ('withdrawn', 'rejected')) order by p.closed_at desc limit 50`;
const WAITS = `p.outcome is null and d.verdict = 'escalate' order by p.created_at, p.id limit 50`;

/** Drifts that no proposal came of: a person reads them. */
const FINDINGS = `
select a.agent, case when a.parent is null then a.about -> 'drift' ->> 'why' else concat(a.about ->> 'from', ' asked ', a.agent, ': ', a.about ->> 'text', ' ', a.agent, ' answered: ', a.answer) end why
from ask a left join ask asking on asking.org = a.org and asking.id = a.parent
join drift d on d.org = a.org and d.key = coalesce(a.drift_key, asking.drift_key) and d.episode = coalesce(a.episode, asking.episode) and d.state = 'asked'
where a.org = $1 and (a.parent is null or a.answer is not null) and not exists (select 1 from proposal p where p.org = a.org and p.ask = a.id)
order by a.created_at desc limit 20`;

const ASIDE = `select name, kind, reason, mapping ->> 'register' register, coalesce(filed_by, '') "filedBy" from record_file
where org = $1 and state = 'set_aside' and filed_at > $2::timestamptz - interval '7 days' order by filed_at desc, name limit 5`;

const STALLED = `
select s.stage, s.subject, s.tries, s.error, s.since from stalled s left join proposal p on p.org = s.org and p.id = s.subject
where s.org = $1 and p.outcome is null and s.at > $2::timestamptz - interval '3 minutes' order by s.since limit 20`;

/** Limits for suppliers that are not on record, once any is: a limit may be declared before its supplier. */
const UNKNOWN_LIMITS = `
select l.supplier from organization o, jsonb_object_keys(o.document -> 'limits' -> 'suppliers') l(supplier)
where o.org = $1 and exists (select 1 from supplier s where s.org = $1) and not exists (select 1 from supplier s where s.org = $1 and s.id = l.supplier)
order by 1 limit 5`;

const RAISED = `select agent, level, declared from agent_level where org = $1
  and array_position(array['shadow', 'ask', 'act'], declared) > array_position(array['shadow', 'ask', 'act'], level) order by agent`;

const HAND_IN_AGAIN = 'once that is put right, hand it in again';
const READ_AGAIN = 'it is read again when a list of suppliers or an order comes in, or when it is handed in again';

export async function placeOf(sql: Sql, org: OrgId, { now, constitution }: Running): Promise<Place> {
  const [own] = await sql<{ name: string; zone: string; offset: string; development: boolean }>(
    'select name, zone, clock_offset_ms::text "offset", development from organization where org = $1',
    [org],
  );
  const halted = await sql<{ scope: string }>('select scope from halt where org = $1 and halted order by scope', [org]);
  return {
    name: own?.name ?? org,
    business: instant(now() + Number(own?.offset ?? 0)),
    zone: own?.zone ?? 'UTC',
    halted: halted.map(({ scope }) => scope),
    draft: constitution(org).draft,
    development: own?.development ?? false,
  };
}

export async function status(sql: Sql, org: OrgId, running: Running): Promise<StatusFound> {
  const tasks = tasksOf(running);
  const now = running.now();
  const [files] = await sql<{ asks: number }>(`select count(*)::int asks from record_file where org = $1 and state = 'asks'`, [org]);
  return {
    ...(await placeOf(sql, org, running)),
    organization: org,
    model: running.model,
    money: await monthsMoney(sql, org, running.cap, new Date(now)),
    constitution: running.constitution(org).digest,
    raised: await sql<{ agent: string; level: string; declared: string }>(RAISED, [org]),
    done: await tasks(sql, DONE_ALONE, [org]),
    waiting: await tasks(sql, WAITS, [org]),
    findings: await findings(sql, org, now),
    stalled: await stalled(sql, org, now),
    asks: files?.asks ?? 0,
    counts: await countsOf(sql, org),
  };
}

/** @param now milliseconds since 1970, wall clock */
async function findings(sql: Sql, org: OrgId, now: number): Promise<readonly Finding[]> {
  const found = await sql<{ agent: string; why: string }>(FINDINGS, [org]);
  const aside = await sql<{ name: string; kind: string; reason: string; register: string | null; filedBy: string }>(ASIDE, [org, new Date(now)]);
  const limited = await sql<{ supplier: string }>(UNKNOWN_LIMITS, [org]);
  return [
    ...found.map(({ agent, why }) => ({ of: 'agent' as const, agent, says: why })),
    ...aside.map(({ name, kind, reason, register, filedBy }) => ({
      of: 'file' as const,
      file: { kind, register, filedBy },
      says: `\`${name}\` was set aside: ${reason.replace(/\.$/, '')}; ${kind.startsWith('ubl_') ? READ_AGAIN : HAND_IN_AGAIN}`,
    })),
    ...limited.map(({ supplier }) => ({
      of: 'domain' as const,
      domain: 'finance' as const,
      says: `desired/finance.yaml limits \`${supplier}\`, and no record names that supplier; mend its spelling, or file the supplier`,
    })),
  ];
}

async function stalled(sql: Sql, org: OrgId, now: number): Promise<Outputs['status']['stalled']> {
  const rows = await sql<{ stage: string; subject: string; tries: number; error: string; since: Date }>(STALLED, [org, new Date(now)]);
  return rows.map(({ since, ...row }) => ({ ...row, since: instant(since.getTime()) }));
}

/** How many proposals came to what; `open` those that came to nothing yet. */
async function countsOf(sql: Sql, org: OrgId): Promise<Readonly<Record<string, number>>> {
  const counts = await sql<{ outcome: string; n: number }>(
    `select coalesce(outcome, 'open') outcome, count(*)::int n from proposal where org = $1 group by 1 order by 1`,
    [org],
  );
  return Object.fromEntries(counts.map(({ outcome, n }) => [outcome, n]));
}
