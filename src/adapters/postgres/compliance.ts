/** Compliance's ports on PostgreSQL, and the rows of its registers. */
import { z } from 'zod';
import { ComplianceError, type ComplianceReads, type ComplianceWrites, type Pace } from '../../domains/compliance/ports.ts';
import { Evidence, Obligation, ObligationId, StrayDebit, Task } from '../../domains/compliance/records.ts';
import { ComplianceSettings } from '../../domains/compliance/settings.ts';
import type { OrgId } from '../../kernel/ids.ts';
import type { Tx } from '../../activities/ports.ts';
import type { Tasks } from '../../activities/tasks.ts';
import type { Instant } from '../../kernel/time.ts';
import { byPerson } from './base.ts';
import type { Sql } from './client.ts';
import type { Filing } from './domain.ts';

const FEWEST_PEOPLE = 5; // of a role, before anything is said of how fast it decides

const TASK = `select json_build_object('key', key, 'obligation', obligation, 'person', person, 'title', title, 'due', due::text, 'done', done::text) found from task`;
export const tasks = async (sql: Sql, where: string, values: readonly unknown[]): Promise<Task[]> =>
  (await sql<{ found: unknown }>(`${TASK} where org = $1 and ${where}`, values)).map(({ found }) => Task.parse(found));

/** Debits to accounts on record of suppliers that nothing explains: neither a payment of ours, a bill, nor a declaration. */
const STRAY = `
select json_build_object('reference', l.reference, 'account', l.account, 'supplier', s.id, 'booked', l.booked::text, 'minor', -l.minor, 'currency', l.currency) found
from statement_line l join supplier s on s.org = l.org and s.iban = l.counterparty_iban
where l.org = $1 and l.minor < 0 and l.explained_by = '' order by l.booked, l.reference limit 1000`;

const PACES = `
select r.role, count(distinct v.person)::int people, count(*)::int votes,
  round(percentile_cont(0.5) within group (order by extract(epoch from v.at - p.created_at)))::int "medianSeconds"
from vote v join proposal p on p.org = v.org and p.id = v.proposal join person e on e.org = v.org and e.person = v.person
cross join lateral unnest(e.roles) r(role)
where v.org = $1 and v.choice = 'approve' and v.at > now() - interval '90 days' group by r.role having count(distinct v.person) >= ${FEWEST_PEOPLE} order by r.role`;

export function complianceReads(sql: Sql, org: OrgId): ComplianceReads {
  return {
    async settings() {
      const [row] = await sql<{ compliance: unknown }>(`select document -> 'compliance' compliance from organization where org = $1`, [org]);
      return ComplianceSettings.parse(row?.compliance ?? {});
    },
    obligations: async () =>
      (await sql<{ id: string }>('select id from obligation where org = $1 order by id limit 10000', [org])).map(({ id }) => ObligationId.parse(id)),
    async obligation(id) {
      const [row] = await sql<{ document: unknown }>('select document from obligation where org = $1 and id = $2', [org, id]);
      if (!row) return undefined;
      const evidence = await sql<{ found: unknown }>(
        `select json_build_object('id', id, 'obligation', obligation, 'kind', kind, 'document', document, 'from', from_date::text, 'until', until_date::text, 'filedBy', filed_by) found
         from evidence where org = $1 and obligation = $2 order by until_date desc, id limit 200`,
        [org, id],
      );
      const [openTask] = await tasks(sql, 'obligation = $2 and done is null', [org, id]);
      return { obligation: Obligation.parse(row.document), evidence: evidence.map(({ found }) => Evidence.parse(found)), openTask };
    },
    tasks: () => tasks(sql, 'true order by done is not null, due, key limit 500', [org]),
    held: async (supplier) => (await sql<{ reason: string }>('select reason from supplier_hold where org = $1 and supplier = $2', [org, supplier]))[0],
    strayDebits: async () => (await sql<{ found: unknown }>(STRAY, [org])).map(({ found }) => StrayDebit.parse(found)),
    paces: async (): Promise<readonly Pace[]> =>
      z.array(z.object({ role: z.string(), people: z.int(), votes: z.int(), medianSeconds: z.int() })).parse(await sql(PACES, [org])),
  };
}

export function complianceWrites(sql: Sql, org: OrgId): ComplianceWrites {
  const reads = complianceReads(sql, org);
  const known = async (id: ObligationId) => {
    const file = await reads.obligation(id);
    if (!file) throw new ComplianceError('obligation_unknown', `There is no obligation \`${id}\`; nothing was done.`);
    return file;
  };
  return {
    async openTask({ key, obligation, person, title, due }) {
      await known(obligation);
      const rows = await sql(
        `insert into task (org, key, obligation, person, title, due) values ($1, $2, $3, $4, $5, $6) on conflict do nothing returning key`,
        [org, key, obligation, person, title, due],
      );
      const [open] = rows.length === 0 ? await tasks(sql, 'obligation = $2 and done is null', [org, obligation]) : [];
      if (open && open.key !== key)
        throw new ComplianceError('task_open', `\`${open.person}\` was asked about \`${obligation}\` already, by ${open.due}; nobody else was.`);
    },
    async fileEvidence({ key, obligation, kind, document, from, until }) {
      const file = await known(obligation);
      if (file.obligation.evidence !== kind)
        throw new ComplianceError('kind_differs', `\`${obligation}\` asks for \`${file.obligation.evidence}\`, this is \`${kind}\`; nothing was filed.`);
      await sql(
        `insert into evidence (org, id, key, obligation, kind, document, from_date, until_date, filed_by)
         select $1, $2, $2, $3, $4, $5, $6, $7, coalesce(p.on_behalf_of, p.agent) from proposal p where p.org = $1 and p.id = $2 on conflict do nothing`,
        [org, key, obligation, kind, document, from, until],
      );
    },
    async hold(supplier, reason, key) {
      const there = await sql('select 1 from supplier where org = $1 and id = $2', [org, supplier]);
      if (there.length === 0) throw new ComplianceError('supplier_unknown', `\`${supplier}\` is not in the supplier register; nothing was stopped.`);
      await sql('insert into supplier_hold (org, supplier, reason, key) values ($1, $2, $3, $4) on conflict do nothing', [org, supplier, reason, key]);
    },
    async lift(supplier) {
      const rows = await sql('delete from supplier_hold where org = $1 and supplier = $2 returning supplier', [org, supplier]);
      if (rows.length === 0) throw new ComplianceError('not_held', `Payments to \`${supplier}\` are not stopped; nothing was changed.`);
    },
  };
}

/** The tasks that people have, for the activities. */
export const humanTasks = (sqlOf: (tx: Tx) => Sql): Tasks => ({
  list: (tx, key) =>
    tasks(sqlOf(tx), `starts_with(key, $2) order by done is not null, due, key limit 500`, [
      tx.org,
      key === undefined ? '' : key.startsWith('prp-') ? key : `prp-${key}`,
    ]),
  async finish(tx, key, by, on) {
    const rows = await sqlOf(tx)('update task set done = $3, done_by = $4 where org = $1 and key = $2 and done is null returning key', [tx.org, key, on, by]);
    return rows.length === 1;
  },
});

export async function fileObligations(sql: Sql, org: OrgId, all: readonly Obligation[]): Promise<string | undefined> {
  for (const one of all) {
    const there = await sql('select 1 from person where org = $1 and person = $2', [org, one.responsible]);
    if (there.length === 0) return `\`${one.id}\`: \`${one.responsible}\` is not in people.yaml; name a person who is`;
    await sql(
      `insert into obligation (org, id, responsible, document) values ($1, $2, $3, $4)
       on conflict (org, id) do update set responsible = excluded.responsible, document = excluded.document`,
      [org, one.id, one.responsible, JSON.stringify(one)],
    );
  }
  return undefined;
}

/**
 * Evidence of a register counts at once only by the word of whoever answers for everything; anybody else proposes it, and a second
 * person looks (article K3). Of what is on file and the same nothing changes. Who filed it is whoever handed it in.
 */
export async function fileEvidenceRows(sql: Sql, org: OrgId, all: readonly Evidence[], _at: Instant, filing: Filing): Promise<string | undefined> {
  const { by } = filing;
  const needsLook = byPerson(filing) && !(await owns(sql, org, by));
  for (const { id, obligation, kind, document, from, until, ...row } of all) {
    const filedBy = byPerson(filing) ? by : row.filedBy;
    if (needsLook && !(await onFile(sql, org, id)))
      return `a second person looks at new evidence such as \`${id}\`: propose it with \`charter propose compliance.file_evidence obligation=${obligation} kind=${kind} document=${document} from=${from} until=${until} --reason … --as ${by}\`, or have an owner hand in the list`;
    const kept = await sql(
      `insert into evidence (org, id, obligation, kind, document, from_date, until_date, filed_by) values ($1, $2, $3, $4, $5, $6, $7, $8)
       on conflict (org, id) do update set id = excluded.id where (evidence.obligation, evidence.kind, evidence.document, evidence.from_date, evidence.until_date)
         = (excluded.obligation, excluded.kind, excluded.document, excluded.from_date, excluded.until_date) returning id`,
      [org, id, obligation, kind, document, from, until, filedBy],
    );
    if (kept.length === 0) return `evidence \`${id}\` is on file with other contents; give the new one a number of its own`;
  }
  return undefined;
}

const owns = async (sql: Sql, org: OrgId, person: string): Promise<boolean> =>
  (await sql(`select 1 from person where org = $1 and person = $2 and status = 'active' and 'owner' = any(roles)`, [org, person])).length > 0;
const onFile = async (sql: Sql, org: OrgId, id: string): Promise<boolean> =>
  (await sql('select 1 from evidence where org = $1 and id = $2', [org, id])).length > 0;

/** What the records say beside a card's values. */
export async function complianceContext(sql: Sql, org: OrgId, args: Readonly<Record<string, unknown>>): Promise<Readonly<Record<string, string>>> {
  const { obligation, person, supplier } = args;
  const [row] = await sql<{ obligation: string | null; person: string | null; covered: string | null; seller: string | null }>(
    `select (select o.document ->> 'title' from obligation o where o.org = $1 and o.id = $2) obligation, (select p.name from person p where p.org = $1 and p.person = $3) person,
       (select max(e.until_date)::text from evidence e where e.org = $1 and e.obligation = $2) covered, (select s.document ->> 'name' from supplier s where s.org = $1 and s.id = $4) seller`,
    [org, ...[obligation, person, supplier].map((value) => (typeof value === 'string' ? value : null))],
  );
  return Object.fromEntries(Object.entries(row ?? {}).filter((pair): pair is [string, string] => typeof pair[1] === 'string'));
}
