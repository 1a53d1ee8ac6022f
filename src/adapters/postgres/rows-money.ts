/** What models cost: one row a try, set aside before it and settled after it. */
import type { MoneyRows } from '../../activities/ports.ts';
import type { ModelMoney } from '../../client.ts';
import type { OrgId } from '../../kernel/ids.ts';
import { minorOfMicros, money, type Money } from '../../kernel/money.ts';
import type { Sql } from './client.ts';

export const moneyRows = (org: OrgId, sql: Sql): MoneyRows => ({
  async modelMoney(month, agent) {
    const [row] = await sql<{ all: string; own: string }>(
      `select coalesce(sum(micros), 0)::text "all", coalesce(sum(micros) filter (where agent = $3), 0)::text own from model_cost where org = $1 and month = $2`,
      [org, month, agent],
    );
    return { all: Number(row?.all ?? 0), own: Number(row?.own ?? 0) };
  },
  async reserveModelMoney(agent, month, { model, input, output, micros }, at) {
    const [row] = await sql<{ id: string }>(
      `insert into model_cost (org, agent, month, model, tokens_in, tokens_out, micros, at, state) values ($1, $2, $3, $4, $5, $6, $7, $8, 'reserved') returning id::text`,
      [org, agent, month, model, input, output, micros, at],
    );
    return row?.id ?? '';
  },
  async settleModelMoney(id, { model, input, output, micros }) {
    await sql(
      `update model_cost set model = $3, tokens_in = $4, tokens_out = $5, micros = $6, state = 'settled' where org = $1 and id = $2 and state = 'reserved'`,
      [org, id, model, input, output, micros],
    );
  },
});

const LONGEST_TRY = '10 minutes'; // no try of a call lasts so long: what is set aside still was never settled, and is spent

/** A month's money for models: the cap, and what of it is gone. */
export async function monthsMoney(sql: Sql, org: OrgId, cap: Money, now: Date): Promise<ModelMoney> {
  const month = now.toISOString().slice(0, 7);
  const [row] = await sql<{ spent: string; reserved: string }>(
    `select coalesce(sum(micros) filter (where not open), 0)::text spent, coalesce(sum(micros) filter (where open), 0)::text reserved
     from (select micros, state = 'reserved' and at > $3::timestamptz - interval '${LONGEST_TRY}' open from model_cost where org = $1 and month = $2) c`,
    [org, month, now],
  );
  const of = (micros: string | undefined) => money(minorOfMicros(Number(micros ?? 0), cap.currency), cap.currency);
  return { month, cap, spent: of(row?.spent), reserved: of(row?.reserved) };
}

interface CostRow {
  readonly month: string;
  readonly agent: string;
  readonly calls: number;
  readonly tokens_in: number;
  readonly tokens_out: number;
  readonly micros: number;
}

/** Cost by agent and month, newest first. Sums of bigints come as text: no 32 bits hold a busy month's tokens. */
export async function costs(sql: Sql, org: OrgId): Promise<readonly CostRow[]> {
  const rows = await sql<Record<keyof CostRow, string>>(
    `select month, agent, count(*)::text calls, sum(tokens_in)::text tokens_in, sum(tokens_out)::text tokens_out, sum(micros)::text micros
     from model_cost where org = $1 group by month, agent order by month desc, agent limit 200`,
    [org],
  );
  return rows.map((row) => ({
    ...row,
    calls: Number(row.calls),
    tokens_in: Number(row.tokens_in),
    tokens_out: Number(row.tokens_out),
    micros: Number(row.micros),
  }));
}
