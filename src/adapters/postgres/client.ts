/** PostgreSQL as the adapters use it: one transaction, one organization, SQL in the open. */
import pg from 'pg';
import type { OrgId } from '../../kernel/ids.ts';

/** Runs one statement; rows as `pg` gives them (bigint as text: cast to int or text in SQL). Inside one transaction. */
export interface Sql {
  <R extends object>(text: string, values?: readonly unknown[]): Promise<R[]>;
}

export interface Database {
  /** READ COMMITTED, with row-level security set to the organization. Rolls back on any throw. */
  tx<T>(org: OrgId, work: (sql: Sql) => Promise<T>): Promise<T>;
  /** Without an organization: only tables that belong to none are visible. */
  raw<T>(work: (sql: Sql) => Promise<T>): Promise<T>;
  close(): Promise<void>;
}

const QUERY_TIMEOUT_MS = 20_000; // where the server itself hangs and cannot keep the other one
const STATEMENT_TIMEOUT_MS = 15_000; // no statement of ours is meant to take a second; a stuck lock must not hold a worker slot

/** @param url a PostgreSQL connection string; @param max connections of this process */
export function connect(url: string, max: number): Database {
  const pool = new pg.Pool({
    connectionString: url,
    max,
    statement_timeout: STATEMENT_TIMEOUT_MS,
    query_timeout: QUERY_TIMEOUT_MS,
    connectionTimeoutMillis: STATEMENT_TIMEOUT_MS, // a queue for connections moves at least as fast as its slowest statement
    idleTimeoutMillis: 30_000,
  });
  pool.on('error', () => undefined); // an idle connection that dies is replaced; the next query reports what is wrong
  const within = async <T>(begin: string, values: unknown[], work: (sql: Sql) => Promise<T>): Promise<T> => {
    const client = await pool.connect();
    let broken: Error | undefined;
    const noteLost = (error: Error) => void (broken = error); // between two statements: without a listener it would end the process
    client.on('error', noteLost);
    try {
      await client.query('begin');
      if (values.length > 0) await client.query(begin, values);
      const result = await work(async (text, given = []) => (await client.query(named(text, given))).rows);
      await client.query('commit');
      return result;
    } catch (error) {
      await client.query('rollback').catch((lost: unknown) => (broken = lost instanceof Error ? lost : new Error(String(lost))));
      throw error;
    } finally {
      client.off('error', noteLost);
      client.release(broken);
    }
  };
  return {
    tx: (org, work) => within("select set_config('charter.org', $1, true)", [org], work),
    raw: (work) => within('', [], work),
    close: () => pool.end(),
  };
}

const names = new Map<string, string>(); // statement text -> prepared statement name; bounded by the number of statements in the code

function named(text: string, values: readonly unknown[]): pg.QueryConfig {
  if (values.length === 0) return { text };
  let name = names.get(text);
  if (name === undefined) names.set(text, (name = `s${names.size}`));
  return { name, text, values: [...values] };
}
