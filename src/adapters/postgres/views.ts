/** The operations' views, read from rows and from the log. */
import { z } from 'zod';
import type { SubjectKeys } from '../../activities/ports.ts';
import { unseal } from '../../ledger/seal.ts';
import type { ReadableEvent } from '../../memory/why.ts';
import type { TaskCard } from '../../client.ts';
import type { TasksFound, Views } from '../../ports.ts';
import type { Database } from './client.ts';
import { causesAbove, eventsBeginning, eventsNamed, type StoredEvent } from './history.ts';
import { costs, monthsMoney } from './rows-money.ts';
import { callsFound } from './service-events.ts';
import { placeOf, status, type Running } from './status.ts';
import { tasksOf, WORDS } from './task-cards.ts';

const MOST_ABOUT = 500; // of one chain of causes
const MOST_LISTED = 500; // of one page of all tasks
const MOST_FOUND = 100; // of one page of a search

/** Tasks behind the one of that id, by a time that does not change any more; all where it is null. */
const behind = (time: 'created_at' | 'closed_at', id: `$${number}`): string =>
  `(${id}::text is null or (p.${time}, p.id) < (select b.${time}, b.id from proposal b where b.org = $1 and b.id = ${id}))`;

/** @param rows one more than are shown, where there are more */
const page = (rows: readonly TaskCard[], most: number): TasksFound => {
  const tasks = rows.slice(0, most);
  return { tasks, next: rows.length > most ? (tasks.at(-1)?.id ?? null) : null };
};

// Positions are given before the commit: one that comes in late has a smaller one, and is seen in the count of the last few.
const LAST_CHANGE = `
select coalesce(max(e.position), 0) || '.' || count(*) "at" from event e
where e.org = $1 and e.position > (select coalesce(max(l.position), 0) - 500 from event l where l.org = $1)`;

export function postgresViews(db: Database, keys: SubjectKeys, running: Running): Views {
  const tasks = tasksOf(running);
  return {
    calls: (org, filter, most) => callsFound(db, org, filter, most),
    place: (org) => db.tx(org, (sql) => placeOf(sql, org, running)),
    status: (org) => db.tx(org, (sql) => status(sql, org, running)),
    waiting: (org) => db.tx(org, (sql) => tasks(sql, `p.outcome is null and d.verdict = 'escalate' order by p.created_at, p.id`, [org])),
    all: (org, after) =>
      db.tx(org, async (sql) =>
        page(await tasks(sql, `${behind('created_at', '$2')} order by p.created_at desc, p.id desc limit ${MOST_LISTED + 1}`, [org, after]), MOST_LISTED),
      ),
    tasksNamed: (org, id) =>
      db.tx(org, (sql) => tasks(sql, `starts_with(p.id, $2) order by p.created_at desc limit 20`, [org, id.startsWith('prp-') ? id : `prp-${id}`])),
    search: (org, text, after) =>
      db.tx(org, async (sql) => {
        const found = `p.outcome is not null and ${WORDS} ilike $2 and ${behind('closed_at', '$3')}`;
        const values = [org, `%${text.replace(/[\\%_]/g, '\\$&')}%`, after];
        return page(await tasks(sql, `${found} order by p.closed_at desc, p.id desc limit ${MOST_FOUND + 1}`, values), MOST_FOUND);
      }),
    async lastChange(org) {
      const [row] = await db.tx(org, (sql) => sql<{ at: string }>(LAST_CHANGE, [org]));
      return row?.at ?? '';
    },
    asksNamed: (org, ids) =>
      ids.length === 0
        ? Promise.resolve([])
        : db.tx(org, (sql) =>
            sql<{ id: string; agent: string; requester: string | null }>('select id, agent, on_behalf_of requester from ask where org = $1 and id = any($2)', [
              org,
              ids,
            ]),
          ),
    tasksAbout: (org, ids) =>
      ids.length === 0
        ? Promise.resolve([])
        : db.tx(org, async (sql) => {
            const found = await tasks(sql, `(p.id = any($2) or p.ask = any($2)) order by p.id limit ${MOST_ABOUT}`, [org, ids]);
            const asks = await sql<{ id: string; ask: string }>('select id, ask from proposal where org = $1 and id = any($2)', [
              org,
              found.map(({ id }) => id),
            ]);
            return found.flatMap((task) => asks.filter(({ id }) => id === task.id).map(({ id, ask }) => ({ id, ask, task })));
          }),
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
    eventsNamed: (org, id) => db.tx(org, (sql) => eventsBeginning(sql, org, id)),
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
