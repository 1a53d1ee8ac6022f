/** What is on record, table by table, so that a test can say which of it an attack may have changed. */
import { createHash } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Stage } from '../fixtures/stage.ts';

/** Digest of each table's rows of this organization. A table that is added later is in it by itself. */
export async function tables(on: Stage): Promise<ReadonlyMap<string, string>> {
  const names = await on.rows<{ name: string }>(
    `select c.table_name "name" from information_schema.columns c join information_schema.tables t using (table_schema, table_name)
     where c.table_schema = 'public' and c.column_name = 'org' and t.table_type = 'BASE TABLE' order by 1`,
  );
  const found = new Map<string, string>();
  for (const { name } of names) {
    const [row] = await on.rows<{ digest: string }>(
      `select count(*) || ' ' || coalesce(md5(string_agg(t::text, ',' order by t::text)), '') "digest" from "${name}" t where org = $1`,
      [on.organization.id],
    );
    found.set(name, row?.digest ?? '');
  }
  return found;
}

export const changed = (before: ReadonlyMap<string, string>, after: ReadonlyMap<string, string>): readonly string[] =>
  [...after].flatMap(([name, digest]) => (before.get(name) === digest ? [] : [name])).sort();

/** What attempts leave behind by themselves: what was asked, thought, proposed, decided and permitted, and the log of it. */
export const SPINE = [
  ...['ask', 'turn', 'proposal', 'decision', 'vote', 'reservation', 'warrant', 'intent', 'receipt', 'read_batch', 'stage'],
  ...['event', 'event_cause', 'event_group', 'subject_key', 'drift', 'model_cost', 'card'],
];

/** What write tools are for. */
export const EFFECTS = [
  ...['payment', 'invoice', 'supplier_hold', 'evidence', 'task', 'stock_order', 'purchase_order', 'maintenance', 'calendar_event'],
  ...['rota', 'rota_week', 'rota_change', 'rota_told', 'consent', 'leave_request', 'outbox_file'],
];

/** Digest of files below folders of the checkout: what is declared. */
export function declared(): string {
  const hash = createHash('sha256');
  for (const folder of ['constitution', 'agents', 'examples/workshop']) {
    const root = fileURLToPath(new URL(`../../${folder}`, import.meta.url));
    const files = readdirSync(root, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile());
    for (const path of files.map(({ parentPath, name }) => join(parentPath, name)).sort()) hash.update(path).update(readFileSync(path));
  }
  return hash.digest('hex');
}

/** Effects and receipts whose intent is not in the log before them, and intents that no event of theirs is on file for. */
export const unlogged = async (on: Stage): Promise<readonly string[]> => {
  const rows = await on.rows<{ what: string }>(
    `with logged as (select i.proposal, e.position from intent i join event e on e.org = i.org and e.id = i.event and e.type = 'intent.committed' where i.org = $1),
       effects(kind, key) as (
         select 'payment', key from payment where org = $1 union all select 'order', key from stock_order where org = $1 and key is not null
         union all select 'maintenance', key from maintenance where org = $1 union all select 'rota', key from rota_change where org = $1
         union all select 'consent', key from consent where org = $1 union all select 'task', key from task where org = $1
         union all select 'evidence', key from evidence where org = $1 and key is not null union all select 'hold', key from supplier_hold where org = $1)
     select x.kind || ' ' || x.key what from effects x where x.key like 'prp-%' and not exists (select 1 from logged l where l.proposal = x.key)
     union all select 'receipt ' || r.proposal from receipt r left join event e on e.org = r.org and e.id = r.event left join logged l on l.proposal = r.proposal
       where r.org = $1 and (l.position is null or e.position is null or e.position < l.position)
     union all select 'intent ' || i.proposal from intent i where i.org = $1 and not exists (select 1 from logged l where l.proposal = i.proposal)`,
    [on.organization.id],
  );
  return rows.map(({ what }) => what);
};

export const count = async (on: Stage, table: string): Promise<number> =>
  (await on.rows<{ n: number }>(`select count(*)::int n from ${table} where org = $1`, [on.organization.id]))[0]?.n ?? 0;
