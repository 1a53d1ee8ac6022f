/** Rows of what was called wrong: rollbacks, their steps, and the cases for evaluations. */
import { z } from 'zod';
import type { RollbackOnFile, RollbackRows, RollbackStep } from '../../activities/rollback/ports.ts';
import { Digest } from '../../kernel/digest.ts';
import { OwnCase } from '../../kernel/evals.ts';
import { AskId, EventId, PersonId, ProposalId, RollbackId, type OrgId } from '../../kernel/ids.ts';
import { instant } from '../../kernel/time.ts';
import type { Sql } from './client.ts';

const MOST_OPEN = 500; // of one sweep
const DEEPEST = 64; // hops from a cause to an effect; from a trigger to a statement line there are about twelve
const MOST_EFFECTS = 20_000; // events below one: what came of it beyond that is too much for one rollback anyway

const Row = z.object({
  id: RollbackId,
  target: z.union([ProposalId, AskId, EventId]),
  person: PersonId,
  reason: z.string(),
  event: EventId,
  at: z.date(),
  ended: EventId.nullable(),
});
const ROLLBACK = 'select id, target, person, reason, event, at, ended from rollback where org = $1';

const Step = z.object({
  n: z.int(),
  proposal: ProposalId,
  state: z.enum(['next', 'asked', 'undone', 'left']),
  compensation: ProposalId.nullable(),
  attempt: z.int(),
  says: z.string(),
});

/** The last effect first; what has no effect yet came last of all. What undoes something is undone only where it is named itself. */
const CAME_OF = `
with recursive down(id, depth) as (
  select unnest($2::text[]), 0
  union
  select c.effect, down.depth + 1 from down join event_cause c on c.org = $1 and c.cause = down.id where down.depth < ${DEEPEST}
), effects as (select distinct id from down limit ${MOST_EFFECTS})
select p.id from effects join proposal p on p.org = $1 and p.event = effects.id join ask a on a.org = $1 and a.id = p.ask
left join receipt r on r.org = $1 and r.proposal = p.id left join event e on e.org = $1 and e.id = r.event
where (p.outcome is null or p.outcome = 'done') and (a.about ->> 'kind' <> 'rollback' or p.event = any($2))
order by e.position desc nulls first, p.created_at desc, p.id limit $3`;

const BEGINNINGS = `
with recursive under(id) as (select $2::text union select a.id from under join ask a on a.org = $1 and a.parent = under.id)
select p.event from under join proposal p on p.org = $1 and p.ask = under.id order by p.event limit ${MOST_EFFECTS}`;

/** Those whose turn has come: a step is next, and no halt keeps it; or its compensation is over. */
const STUCK = `
select r.id from rollback r
left join lateral (select s.state, s.compensation from rollback_step s where s.org = r.org and s.rollback = r.id and s.state in ('next', 'asked') order by s.n limit 1) now on true
left join proposal p on p.org = r.org and p.id = now.compensation
where r.org = $1 and r.ended is null and (
  (now.state is distinct from 'asked' and r.at < now() - interval '5 seconds' and (not r.held or not exists (select 1 from halt h where h.org = r.org and h.halted)))
  or (now.state = 'asked' and p.outcome is not null and p.closed_at < now() - interval '5 seconds'))
order by r.at, r.id limit ${MOST_OPEN}`;

export function rollbackRows(org: OrgId, sql: Sql): RollbackRows {
  return { ...ownRows(org, sql), ...logRows(org, sql), ...caseRows(org, sql) };
}

type Own = Pick<RollbackRows, 'find' | 'about' | 'undoing' | 'add' | 'steps' | 'saveStep' | 'hold' | 'end' | 'open' | 'stuck'>;

function ownRows(org: OrgId, sql: Sql): Own {
  const one = async (where: string, value: string): Promise<RollbackOnFile | undefined> => {
    const [raw] = await sql(`${ROLLBACK} and ${where}`, [org, value]);
    if (!raw) return undefined;
    const { at, ...row } = Row.parse(raw);
    return { ...row, at: instant(at.getTime()) };
  };
  const save = (id: RollbackId, { n, proposal, state, compensation, attempt, says }: RollbackStep) =>
    sql(
      `insert into rollback_step (org, rollback, n, proposal, state, compensation, attempt, says) values ($1, $2, $3, $4, $5, $6, $7, $8)
       on conflict (org, rollback, n) do update set state = excluded.state, compensation = excluded.compensation, attempt = excluded.attempt, says = excluded.says`,
      [org, id, n, proposal, state, compensation, attempt, says],
    );
  const ids = async (text: string) => (await sql<{ id: string }>(text, [org])).map(({ id }) => RollbackId.parse(id));
  return {
    find: (id) => one('id = $2', id),
    about: (target) => one('target = $2', target),
    async undoing(proposal) {
      const [row] = await sql<{ rollback: string }>(`select rollback from rollback_step where org = $1 and proposal = $2 and state <> 'left'`, [org, proposal]);
      return row && RollbackId.parse(row.rollback);
    },
    async add({ id, target, person, reason, event, at }, steps) {
      await sql('insert into rollback (org, id, target, person, reason, event, at) values ($1, $2, $3, $4, $5, $6, $7)', [
        org,
        id,
        target,
        person,
        reason,
        event,
        at,
      ]);
      for (const step of steps) await save(id, step);
    },
    steps: async (id) =>
      (await sql('select n, proposal, state, compensation, attempt, says from rollback_step where org = $1 and rollback = $2 order by n', [org, id])).map(
        (row) => Step.parse(row),
      ),
    async saveStep(id, step) {
      await save(id, step);
    },
    async hold(id, held) {
      await sql('update rollback set held = $3 where org = $1 and id = $2', [org, id, held]);
    },
    async end(id, event, at) {
      await sql('update rollback set ended = $3, ended_at = $4 where org = $1 and id = $2 and ended is null', [org, id, event, at]);
    },
    open: () => ids(`select id from rollback where org = $1 and ended is null order by at, id limit ${MOST_OPEN}`),
    stuck: () => ids(STUCK),
  };
}

function logRows(org: OrgId, sql: Sql): Pick<RollbackRows, 'beginningsOf' | 'cameOf' | 'correlationOf' | 'businessOf' | 'filesAt'> {
  return {
    beginningsOf: async (ask) => (await sql<{ event: string }>(BEGINNINGS, [org, ask])).map(({ event }) => EventId.parse(event)),
    cameOf: async (events, most) => (await sql<{ id: string }>(CAME_OF, [org, events, most])).map(({ id }) => ProposalId.parse(id)),
    async correlationOf(event) {
      const [row] = await sql<{ correlation: string }>('select correlation from event where org = $1 and id = $2', [org, event]);
      return row?.correlation;
    },
    async businessOf(event) {
      const [row] = await sql<{ business: Date }>('select business from event where org = $1 and id = $2', [org, event]);
      if (!row) throw new RangeError(`The event \`${event}\` is not in the log.`);
      return instant(row.business.getTime());
    },
    filesAt: async (at, most) =>
      (
        await sql<{ digest: string }>(
          `select digest from record_file where org = $1 and filed_at <= $2 and state = 'filed' order by filed_at, digest limit $3`,
          [org, at, most],
        )
      ).map(({ digest }) => Digest.parse(digest)),
  };
}

function caseRows(org: OrgId, sql: Sql): Pick<RollbackRows, 'addCase' | 'casesOf' | 'cases'> {
  return {
    async casesOf(id) {
      const [row] = await sql<{ n: number }>('select count(*)::int n from eval_case where org = $1 and rollback = $2', [org, id]);
      return row?.n ?? 0;
    },
    async addCase(found, rollback, at) {
      await sql('insert into eval_case (org, id, agent, proposal, rollback, content, at) values ($1, $2, $3, $4, $5, $6, $7) on conflict do nothing', [
        org,
        found.id,
        found.agent,
        found.proposal,
        rollback,
        JSON.stringify(found),
        at,
      ]);
    },
    async cases(agent, most) {
      const rows = await sql<{ content: unknown }>(
        'select content from eval_case where org = $1 and ($2::text is null or agent = $2) order by at desc, id limit $3',
        [org, agent, most],
      );
      return rows.map(({ content }) => OwnCase.parse(content));
    },
  };
}
