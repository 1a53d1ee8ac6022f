/** Tasks as people see them, read from rows: what it is, how far its question has come, who may still vote. */
import { z } from 'zod';
import type { SecondStep, TaskCard } from '../../client.ts';
import { PersonId, ProposalId } from '../../kernel/ids.ts';
import { Decision, JsonObject, type Answer, Outcome, Role, type Need } from '../../kernel/nouns.ts';
import { helps } from '../../kernel/quorum.ts';
import { durationMs, instant, Instant } from '../../kernel/time.ts';
import type { Sql } from './client.ts';

const TASK = `
select p.id, p.tool, p.args, p.agent, p.on_behalf_of requester, p.card, p.rationale, p.outcome, p.created_at, d.verdict, d.expires_at, coalesce(d.barred, '{}') barred,
  jsonb_build_object('verdict', d.body -> 'verdict', 'articles', d.body -> 'articles', 'needs', d.body -> 'needs', 'why', d.body -> 'why', 'material', d.body -> 'material') || case when d.body ? 'observed' then jsonb_build_object('observed', d.body -> 'observed') else '{}' end decision,
  (select min(f.at) from decision f where d.verdict = 'escalate' and jsonb_path_exists(d.body, '$.needs[*].sole ? (@ != null)') and f.org = p.org and f.proposal = p.id and f.verdict = d.verdict
     and f.body -> 'material' = d.body -> 'material' and f.body -> 'slice' = d.body -> 'slice') asked_at,
  coalesce((select json_agg(json_build_object('person', v.person, 'choice', v.choice, 'reason', v.reason, 'void', v.void_because, 'againOn', v.again_on::text, 'fourEyes', v.person is distinct from p.on_behalf_of) order by v.at)
    from vote v where v.org = p.org and v.proposal = p.id), '[]') votes,
  (select json_build_object('at', to_char(e.at at time zone 'utc', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"'), 'people', e.people) from escalation e where e.org = p.org and e.proposal = p.id) escalated,
  coalesce((select json_agg(json_build_object('person', n.person, 'by', n.by_person) order by n.at) from nudge n where n.org = p.org and n.proposal = p.id), '[]') nudged,
  (select json_build_object('state', m.state, 'executeOn', m.execute_on::text, 'file', m.file, 'reason', m.reason) from payment m where m.org = p.org and m.key = p.id) payment
from proposal p left join lateral (select d.* from decision d where d.org = p.org and d.proposal = p.id order by d.round desc limit 1) d on true
where p.org = $1 and `;

/** What stands on a task, in one text. */
export const WORDS = `concat_ws(' ', p.id, p.tool, p.outcome, p.agent, p.on_behalf_of, p.rationale, (select string_agg(l ->> 'value', ' ') from jsonb_array_elements(p.card) l))`;

const Person = z.object({ person: PersonId, roles: z.array(Role), manager: z.string().nullable(), active: z.boolean() });
type Person = z.infer<typeof Person>;
const Shown = Decision.pick({ verdict: true, articles: true, needs: true, why: true, material: true, observed: true });
const Row = z.object({
  id: ProposalId,
  tool: z.string(),
  args: JsonObject,
  agent: z.string(),
  requester: z.string().nullable(),
  card: z.array(z.strictObject({ label: z.string(), value: z.string(), before: z.string().exactOptional(), prose: z.literal(true).exactOptional() })),
  rationale: z.string(),
  outcome: Outcome.nullable(),
  created_at: z.date(),
  verdict: Decision.shape.verdict.nullable(), // null: not judged yet
  decision: z.unknown(),
  barred: z.array(z.string()),
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
    }),
  ),
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
function secondStep(needs: readonly Need[], others: readonly Person[], askedAt: Date | null, now: number): SecondStep | null {
  const alone = needs.filter(({ role, sole }) => sole !== null && !others.some(({ roles }) => roles.includes(role)));
  if (alone.length === 0 || !askedAt) return null;
  const from = Math.max(...alone.map(({ sole }) => askedAt.getTime() + (durationMs(sole ?? '') ?? Number.POSITIVE_INFINITY)));
  if (!Number.isFinite(from)) return null;
  return { roles: alone.map(({ role }) => role), askedAt: instant(askedAt.getTime()), from: instant(from), begun: now >= from };
}

/** What a task is shown by, besides its rows. */
interface Around {
  readonly now: () => number; // milliseconds since 1970, wall clock
  answers(tool: string): readonly Answer[];
}

/** @param people everybody, by id */
function cardOf(raw: unknown, people: ReadonlyMap<string, Person>, { now, answers }: Around): TaskCard {
  const { created_at, expires_at, asked_at, verdict, barred, votes, decision: judged, ...row } = Row.parse(raw);
  const decision = verdict === null ? null : Shown.parse(judged);
  const needs = decision?.needs ?? [];
  const asks = verdict === 'escalate' && row.outcome === null;
  const managed = row.requester === null ? undefined : people.get(row.requester)?.manager;
  const held = ({ person, roles }: Person): readonly Role[] =>
    needs.map(({ role }) => role).filter((role) => (role === 'manager' && row.requester !== null ? managed === person : roles.includes(role)));
  const cast = votes.map((vote) => {
    const voter = people.get(vote.person);
    return { ...vote, roles: voter ? held(voter) : [] };
  });
  const standing = cast.filter((vote) => vote.void === null);
  const approved = standing.filter(({ choice }) => choice === 'approve');
  const others = asks
    ? [...people.values()].filter(
        ({ person, active }) => active && person !== row.requester && !barred.includes(person) && !standing.some((vote) => vote.person === person),
      )
    : [];
  const may = others.flatMap((other) => {
    const roles = held(other);
    return helps(needs, approved, { roles }) ? [{ person: other.person, roles }] : [];
  });
  return {
    ...row,
    votes: cast,
    waits: asks,
    answers: answers(row.tool),
    grouped: false, // until somebody's inbox is laid out
    decision,
    expiresAt: expires_at && instant(expires_at.getTime()),
    may,
    secondStep: asks && row.requester !== null ? secondStep(needs, others, asked_at, now()) : null,
    createdAt: instant(created_at.getTime()),
  };
}

/**
 * Tasks as people see them.
 * @param where condition, order and limit, over `p` (proposal) and `d` (its last decision); `$1` is the organization
 */
export const tasksOf =
  (around: Around) =>
  async (sql: Sql, where: string, values: readonly unknown[]): Promise<TaskCard[]> => {
    const rows = await sql(TASK + where, values);
    if (rows.length === 0) return [];
    const everybody = await sql(`select person, roles, manager, status = 'active' active from person where org = $1 order by person`, values.slice(0, 1));
    const people = new Map<string, Person>(everybody.map((one) => Person.parse(one)).map((one) => [one.person, one]));
    return rows.map((row) => cardOf(row, people, around));
  };
