/** The activities' `Store` on PostgreSQL: one transaction, all the rows of the spine. */
import { createHash } from 'node:crypto';
import type { Store, Tx } from '../../activities/ports.ts';
import type { OrgId } from '../../kernel/ids.ts';
import { instant } from '../../kernel/time.ts';
import type { Database, Sql } from './client.ts';
import type { AnyDomainAdapter } from './domain.ts';
import { appendEvent } from './ledger.ts';
import { actionRows } from './rows-actions.ts';
import { advanceOffset } from './organizations.ts';
import { moneyRows } from './rows-money.ts';
import { attentionRows } from './rows-attention.ts';
import { askRows } from './rows-asks.ts';
import { delegationRows } from './rows-delegations.ts';
import { factRows, factStatements, type FactStatements } from './rows-facts.ts';
import { peopleRows } from './rows-people.ts';
import { rollbackRows } from './rows-rollbacks.ts';
import { slackRows } from './rows-slack.ts';

const connections = new WeakMap<Tx, Sql>();

/** The SQL door of a transaction, for the ports of a domain. */
export function sqlOf(tx: Tx): Sql {
  const sql = connections.get(tx);
  if (!sql) throw new TypeError('This transaction is not one of PostgreSQL.');
  return sql;
}

/** @param now milliseconds since 1970, wall clock */
export function postgresStore(db: Database, now: () => number, domains: readonly AnyDomainAdapter[]): Store {
  const statements = factStatements(domains);
  return {
    tx: (org, work) =>
      db.tx(org, (sql) => {
        const tx = transaction(org, sql, now, statements);
        connections.set(tx, sql);
        return work(tx);
      }),
  };
}

function transaction(org: OrgId, sql: Sql, now: () => number, statements: FactStatements): Tx {
  return {
    org,
    slack: slackRows(org, sql, now),
    service: delegationRows(org, sql, now),
    rollbacks: rollbackRows(org, sql),
    async times() {
      const [row] = await sql<{ offset: string }>('select clock_offset_ms::text "offset" from organization where org = $1', [org]);
      const wall = now();
      return { wall: instant(wall), business: instant(wall + Number(row?.offset ?? 0)) };
    },
    advanceClock: (ms) => advanceOffset(sql, org, ms),
    append: (event) => appendEvent(sql, event),
    recorded: async (event) => (await sql('select 1 from event where org = $1 and id = $2', [org, event])).length === 1,
    async attempt(work) {
      await sql('savepoint effect');
      const result = await work();
      if (result.outcome !== 'done') await sql('rollback to savepoint effect');
      return result;
    },
    async lock(names) {
      const keys = names.map((name) => lockKey(`${org}/${name}`)).sort((a, b) => (a < b ? -1 : a > b ? 1 : 0));
      if (keys.length > 0) await sql('select pg_advisory_xact_lock(k) from unnest($1::bigint[]) with ordinality t(k, n) order by n', [keys.map(String)]);
    },
    ...askRows(org, sql),
    ...actionRows(org, sql),
    ...factRows(org, sql, statements),
    ...peopleRows(org, sql, now),
    ...attentionRows(org, sql),
    ...moneyRows(org, sql),
  };
}

/** 64 bits of SHA-256. Two names that collide wait for each other needlessly; nothing else happens. */
const lockKey = (name: string): bigint => createHash('sha256').update(name).digest().readBigInt64BE();
