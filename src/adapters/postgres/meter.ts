/** What models cost, counted per agent and month, and compared with both limits before each call. */
import type { Meter } from '../../deliberate/ports.ts';
import type { AgentName, OrgId } from '../../kernel/ids.ts';
import { show, type Money } from '../../kernel/money.ts';
import type { Database, Sql } from './client.ts';

const WARN_AT = 0.8; // of the month's cap

export interface MeterLimits {
  readonly organization: Money; // a calendar month
  agent(name: AgentName): Money;
  warn(spent: Money, cap: Money): void;
}

/** @param now milliseconds, wall clock. Prices are in US dollars and counted one to one in the organization's currency, on the careful side. */
export function postgresMeter(db: Database, org: OrgId, limits: MeterLimits, now: () => number): Meter {
  const month = () => new Date(now()).toISOString().slice(0, 7);
  return {
    allowed: (agent) =>
      db.tx(org, async (sql) => {
        const { all, own } = await spent(sql, org, month(), agent);
        const cap = limits.organization;
        const minor = (micros: number) => Math.ceil(micros / 10_000);
        if (minor(all) >= cap.minor)
          return {
            ok: false,
            why: `The organization's ${show(cap)} for models this month are spent. The owner may raise \`model.month\` in organization.yaml.`,
          };
        if (minor(own) >= limits.agent(agent).minor) return { ok: false, why: `This agent's ${show(limits.agent(agent))} for models this month are spent.` };
        if (minor(all) >= cap.minor * WARN_AT) limits.warn({ minor: minor(all), currency: cap.currency }, cap);
        return { ok: true };
      }),
    spend: (agent, usage) =>
      db.tx(org, async (sql) => {
        await sql('insert into model_cost (org, agent, month, model, tokens_in, tokens_out, micros, at) values ($1, $2, $3, $4, $5, $6, $7, $8)', [
          org,
          agent,
          month(),
          usage.model,
          usage.input,
          usage.output,
          usage.micros,
          new Date(now()),
        ]);
      }),
  };
}

async function spent(sql: Sql, org: OrgId, month: string, agent: string): Promise<{ all: number; own: number }> {
  const [row] = await sql<{ all: string; own: string }>(
    `select coalesce(sum(micros), 0)::text "all", coalesce(sum(micros) filter (where agent = $3), 0)::text own from model_cost where org = $1 and month = $2`,
    [org, month, agent],
  );
  return { all: Number(row?.all ?? 0), own: Number(row?.own ?? 0) };
}

/** Cost by agent and month, newest first. */
export const costs = (
  sql: Sql,
  org: OrgId,
): Promise<{ month: string; agent: string; calls: number; tokens_in: number; tokens_out: number; micros: number }[]> =>
  sql(
    `select month, agent, count(*)::int calls, sum(tokens_in)::int tokens_in, sum(tokens_out)::int tokens_out, sum(micros)::int micros
     from model_cost where org = $1 group by month, agent order by month desc, agent limit 200`,
    [org],
  );
