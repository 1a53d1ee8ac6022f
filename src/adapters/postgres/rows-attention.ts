/** Rows of people's attention: cards by day, escalations, and who was asked by name. */
import { z } from 'zod';
import type { AttentionRows } from '../../activities/ports.ts';
import { PersonId, ProposalId, type OrgId } from '../../kernel/ids.ts';
import { LocalDate } from '../../kernel/time.ts';
import type { Sql } from './client.ts';

const Cards = z.array(z.object({ person: PersonId, proposal: ProposalId, day: LocalDate, urgent: z.boolean() }));

/** The time of a task began with the first of the judgments that set its end. */
const LATE = `
select p.id from proposal p
join lateral (select d.verdict, d.expires_at from decision d where d.org = p.org and d.proposal = p.id order by d.round desc limit 1) last
  on last.verdict = 'escalate' and last.expires_at > $2::timestamptz
join lateral (select min(d.at) begun from decision d where d.org = p.org and d.proposal = p.id and d.expires_at = last.expires_at) first on true
where p.org = $1 and p.outcome is null and $2::timestamptz >= first.begun + (last.expires_at - first.begun) * $3::float8
  and not exists (select 1 from escalation e where e.org = p.org and e.proposal = p.id)
order by last.expires_at, p.id limit $4`;

export const attentionRows = (org: OrgId, sql: Sql): AttentionRows => ({
  cardsShown: async (proposals, day) =>
    Cards.parse(
      await sql('select person, proposal, day::text as day, urgent from card where org = $1 and (proposal = any($2) or day = $3)', [org, proposals, day]),
    ),
  async showCards(cards, at) {
    if (cards.length === 0) return;
    await sql(
      `insert into card (org, person, proposal, day, urgent, shown_at)
       select $1, t.person, t.proposal, t.day, t.urgent, $6 from unnest($2::text[], $3::text[], $4::date[], $5::bool[]) t(person, proposal, day, urgent) on conflict do nothing`,
      [org, cards.map((card) => card.person), cards.map((card) => card.proposal), cards.map((card) => card.day), cards.map((card) => card.urgent), at],
    );
  },
  lateTasks: async (share, now, most) => (await sql<{ id: string }>(LATE, [org, now, share, most])).map(({ id }) => ProposalId.parse(id)),
  async addEscalation({ proposal, people, event, at }) {
    const rows = await sql('insert into escalation (org, proposal, people, event, at) values ($1, $2, $3, $4, $5) on conflict do nothing returning proposal', [
      org,
      proposal,
      people,
      event,
      at,
    ]);
    return rows.length === 1;
  },
  escalated: async (proposal) => (await sql('select 1 from escalation where org = $1 and proposal = $2', [org, proposal])).length > 0,
  nudged: async (proposal, person) => (await sql('select 1 from nudge where org = $1 and proposal = $2 and person = $3', [org, proposal, person])).length > 0,
  async addNudge({ proposal, person, by, event, at }) {
    await sql('insert into nudge (org, proposal, person, by_person, event, at) values ($1, $2, $3, $4, $5, $6)', [org, proposal, person, by, event, at]);
  },
});
