/** Rows of one action: proposal, decisions, votes, warrant, intent, receipt, reservations. */
import { z } from 'zod';
import type { DecisionOnFile, ProposalOnFile, Tx, VoteRow } from '../../activities/ports.ts';
import { AgentName, EventId, ProposalId, WarrantId, type OrgId } from '../../kernel/ids.ts';
import { Approval, Decision, Level, Outcome, Proposal, Receipt, Role } from '../../kernel/nouns.ts';
import { instant, Instant } from '../../kernel/time.ts';
import type { Sql } from './client.ts';

type Proposals = Pick<Tx, 'proposal' | 'addProposal' | 'setCard' | 'closeProposal' | 'stuckProposals' | 'openProposals' | 'proposalOfAsk'>;
type Judgments = Pick<Tx, 'decisions' | 'addDecision' | 'votes' | 'addVote' | 'voidVotes'>;
type Effects = Pick<
  Tx,
  | 'addWarrant'
  | 'warrant'
  | 'haltedFor'
  | 'isHalted'
  | 'haltedScopes'
  | 'addIntent'
  | 'intent'
  | 'addReceipt'
  | 'receipt'
  | 'reserve'
  | 'moveReservations'
  | 'setHalt'
  | 'noteStalled'
>;

export const actionRows = (org: OrgId, sql: Sql): Proposals & Judgments & Effects => ({
  ...proposalRows(org, sql),
  ...judgmentRows(org, sql),
  ...effectRows(org, sql),
});

const Card = z.array(z.strictObject({ label: z.string(), value: z.string(), before: z.string().optional(), prose: z.literal(true).optional() }));

interface ProposalColumns {
  id: string;
  ask: string;
  agent: string;
  on_behalf_of: string | null;
  tool: string;
  args: unknown;
  action_digest: string;
  rationale: string;
  card: unknown;
  outcome: string | null;
  event: string;
  created_at: Date;
}

const PROPOSAL = 'select id, ask, agent, on_behalf_of, tool, args, action_digest, rationale, card, outcome, event, created_at from proposal';

const proposalOf = (org: OrgId, row: ProposalColumns): ProposalOnFile => ({
  proposal: Proposal.parse({
    id: row.id,
    org,
    ask: row.ask,
    agent: row.agent,
    onBehalfOf: row.on_behalf_of,
    tool: row.tool,
    args: row.args,
    actionDigest: row.action_digest,
    rationale: row.rationale,
  }),
  card: Card.parse(row.card).map(({ label, value, before }) => (before === undefined ? { label, value } : { label, value, before })),
  outcome: row.outcome === null ? null : Outcome.parse(row.outcome),
  event: EventId.parse(row.event),
  createdAt: instant(row.created_at.getTime()),
});

function proposalRows(org: OrgId, sql: Sql): Proposals {
  return {
    async proposal(id) {
      const [row] = await sql<ProposalColumns>(`${PROPOSAL} where org = $1 and id = $2`, [org, id]);
      return row && proposalOf(org, row);
    },
    async setCard(id, card) {
      await sql('update proposal set card = $3 where org = $1 and id = $2', [org, id, JSON.stringify(card)]);
    },
    async addProposal({ proposal: p, card, event, createdAt }) {
      const rows = await sql(
        `insert into proposal (org, id, ask, agent, on_behalf_of, tool, args, action_digest, rationale, card, event, created_at)
         values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12) on conflict do nothing returning id`,
        [org, p.id, p.ask, p.agent, p.onBehalfOf, p.tool, JSON.stringify(p.args), p.actionDigest, p.rationale, JSON.stringify(card), event, createdAt],
      );
      return rows.length === 1;
    },
    async closeProposal(id, outcome, at) {
      await sql('update proposal set outcome = $3, closed_at = $4 where org = $1 and id = $2 and outcome is null', [org, id, outcome, at]);
    },
    async stuckProposals() {
      const rows = await sql<{ id: string }>(
        `select p.id from proposal p left join lateral (
           select d.verdict, d.at, d.expires_at from decision d where d.org = p.org and d.proposal = p.id order by d.round desc limit 1) last on true
         where p.org = $1 and p.outcome is null and (
           (last.at is null and p.created_at < now() - interval '20 seconds')
           or (last.verdict = 'permit' and last.at < now() - interval '20 seconds' and not exists (select 1 from handed_call h where h.org = p.org and h.proposal = p.id))
           or (last.verdict = 'escalate' and last.expires_at < now())
           or exists (select 1 from vote v where v.org = p.org and v.proposal = p.id and v.at > last.at and v.at < now() - interval '3 seconds'))
         order by p.created_at, p.id limit 500`,
        [org],
      );
      return rows.map((row) => ProposalId.parse(row.id));
    },
    async openProposals() {
      const rows = await sql<{ id: string; agent: string }>(
        'select id, agent from proposal where org = $1 and outcome is null order by created_at, id limit 10000',
        [org],
      );
      return rows.map((row) => ({ id: ProposalId.parse(row.id), agent: AgentName.parse(row.agent) }));
    },
    async proposalOfAsk(ask) {
      return (await sql<ProposalColumns>(`${PROPOSAL} where org = $1 and ask = $2 order by created_at, id`, [org, ask])).map((row) => proposalOf(org, row));
    },
  };
}

const VoteColumns = z.object({ attestation: z.string(), event: EventId, void_because: z.string().nullable(), active: z.boolean(), roles: z.array(Role) });

function judgmentRows(org: OrgId, sql: Sql): Judgments {
  return {
    async decisions(proposal) {
      const rows = await sql<{ body: unknown; round: number; level: string; expires_at: Date | null; barred: string[]; event: string; at: Date }>(
        'select body, round, level, expires_at, barred, event, at from decision where org = $1 and proposal = $2 order by round',
        [org, proposal],
      );
      return rows.map((row): DecisionOnFile => ({
        decision: Decision.parse(row.body),
        round: row.round,
        level: Level.parse(row.level),
        expiresAt: row.expires_at && instant(row.expires_at.getTime()),
        barred: row.barred,
        event: EventId.parse(row.event),
        at: instant(row.at.getTime()),
      }));
    },
    async addDecision({ decision, round, level, expiresAt, barred, event, facts, at }) {
      await sql(
        `insert into decision (org, id, proposal, round, verdict, body, facts, level, expires_at, barred, event, at)
         values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)`,
        [org, decision.id, decision.proposal, round, decision.verdict, JSON.stringify(decision), JSON.stringify(facts), level, expiresAt, barred, event, at],
      );
    },
    votes: async (proposal) => (await sql<VoteJson>(`select ${VOTES} votes`, [org, proposal])).flatMap((row) => readVotes(row.votes)),
    async addVote(vote, attestation, event) {
      await sql(
        `insert into vote (org, proposal, person, choice, reason, credential, slice, material, attestation, event, at, again_on)
         values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)
         on conflict (org, proposal, person) do update set choice = excluded.choice, reason = excluded.reason, credential = excluded.credential,
           slice = excluded.slice, material = excluded.material, attestation = excluded.attestation, event = excluded.event, at = excluded.at, again_on = excluded.again_on, void_because = null
         where vote.void_because is not null`,
        [
          org,
          vote.proposal,
          vote.person,
          vote.choice,
          vote.reason,
          vote.credential,
          vote.slice,
          vote.material,
          attestation,
          event,
          vote.at,
          vote.againOn ?? null,
        ],
      );
    },
    async voidVotes(proposal, people, because) {
      await sql('update vote set void_because = $4 where org = $1 and proposal = $2 and person = any($3) and void_because is null', [
        org,
        proposal,
        people,
        because,
      ]);
    },
  };
}

interface VoteJson {
  readonly votes: unknown;
}

/** All votes on a proposal with what is known today of voter and credential, as one JSON array. $1 organization, $2 proposal. */
export const VOTES = `(select coalesce(json_agg(json_build_object(
    'vote', json_strip_nulls(json_build_object('proposal', v.proposal, 'person', v.person, 'choice', v.choice, 'reason', v.reason, 'credential', v.credential,
      'slice', v.slice, 'material', v.material, 'at', to_char(v.at at time zone 'utc', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"'), 'againOn', v.again_on::text)),
    'attestation', v.attestation, 'event', v.event, 'void_because', v.void_because,
    'active', coalesce(p.status = 'active', false), 'roles', coalesce(p.roles, '{}'),
    'manages', coalesce((select r.manager = v.person from proposal q join person r on r.org = q.org and r.person = q.on_behalf_of
                         where q.org = v.org and q.id = v.proposal), false),
    'credential_valid', coalesce(t.person = v.person and t.revoked_at is null and t.expires_at > now(), false),
    'issued_at', to_char(coalesce(t.issued_at, 'epoch') at time zone 'utc', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"'),
    'issued_by', coalesce(t.issued_by, ''), 'issuers', coalesce(t.issuers, '{}')) order by v.person), '[]')
  from vote v left join person p on p.org = v.org and p.person = v.person left join token t on t.org = v.org and t.token = v.credential
  where v.org = $1 and v.proposal = $2)`;

export function readVotes(json: unknown): readonly VoteRow[] {
  const Row = VoteColumns.extend({
    vote: Approval,
    manages: z.boolean(),
    credential_valid: z.boolean(),
    issued_at: Instant,
    issued_by: z.string(),
    issuers: z.array(z.string()),
  });
  return z
    .array(Row)
    .parse(json)
    .map(({ void_because, credential_valid, issued_at, issued_by, ...row }) => ({
      ...row,
      voidBecause: void_because,
      credentialValid: credential_valid,
      issuedAt: issued_at,
      issuedBy: issued_by,
    }));
}

function effectRows(org: OrgId, sql: Sql): Effects {
  return {
    async addWarrant(id, claims, jws, round, event, at: Instant) {
      await sql('insert into warrant (org, id, proposal, round, claims, jws, event, issued_at) values ($1, $2, $3, $4, $5, $6, $7, $8)', [
        org,
        id,
        claims.proposal,
        round,
        JSON.stringify(claims),
        jws,
        event,
        at,
      ]);
    },
    async warrant(id) {
      const [row] = await sql<{ jws: string; event: string }>('select jws, event from warrant where org = $1 and id = $2', [org, id]);
      return row && { jws: row.jws, event: EventId.parse(row.event) };
    },
    async haltedFor(scopes) {
      const rows = await sql<{ halted: boolean }>('select halted from halt where org = $1 and scope = any($2) order by scope for share', [org, scopes]);
      return rows.length === new Set(scopes).size ? rows.some((row) => row.halted) : undefined;
    },
    async isHalted(scopes) {
      const [row] = await sql<{ free: number }>('select count(*)::int free from halt where org = $1 and scope = any($2) and not halted', [org, scopes]);
      return row?.free !== new Set(scopes).size;
    },
    haltedScopes: async () => {
      const rows = await sql<{ scope: string; reason: string; halted: boolean; at: Date }>(
        'select scope, reason, halted, at from halt where org = $1 order by scope for share',
        [org],
      );
      return rows.filter(({ halted }) => halted).map(({ scope, reason, at }) => ({ scope, reason, at: instant(at.getTime()) }));
    },
    async addIntent(proposal, warrant, event, at) {
      await sql('insert into intent (org, proposal, warrant, event, at) values ($1, $2, $3, $4, $5)', [org, proposal, warrant, event, at]);
    },
    async intent(proposal) {
      const [row] = await sql<{ warrant: string; event: string; at: Date }>('select warrant, event, at from intent where org = $1 and proposal = $2', [
        org,
        proposal,
      ]);
      return row && { warrant: WarrantId.parse(row.warrant), event: EventId.parse(row.event), at: instant(row.at.getTime()) };
    },
    async addReceipt(receipt, at) {
      await sql('insert into receipt (org, proposal, body, event, at) values ($1, $2, $3, $4, $5)', [
        org,
        receipt.proposal,
        JSON.stringify(receipt),
        receipt.event,
        at,
      ]);
    },
    async receipt(proposal) {
      const [row] = await sql<{ body: unknown }>('select body from receipt where org = $1 and proposal = $2', [org, proposal]);
      return row && Receipt.parse(row.body);
    },
    async reserve(proposal, keys, minor) {
      await sql(
        `update reservation r set state = 'released' where r.org = $1 and r.proposal = $2 and r.state = 'reserved'
           and not exists (select 1 from unnest($3::text[], $4::text[], $5::text[]) t(kind, key, period) where t.kind = r.kind and t.key = r.key and t.period = r.period)`,
        [org, proposal.id, keys.map((k) => k.kind), keys.map((k) => k.key), keys.map((k) => k.period)],
      ); // what an earlier permit reserved of another day or month
      await sql(
        `insert into reservation (org, proposal, agent, kind, key, period, minor, state)
         select $1, $2, $3, t.kind, t.key, t.period, $7, 'reserved' from unnest($4::text[], $5::text[], $6::text[]) t(kind, key, period)
         on conflict (org, proposal, kind, key, period) do update set state = 'reserved', minor = excluded.minor where reservation.state <> 'spent'`,
        [org, proposal.id, proposal.agent, keys.map((k) => k.kind), keys.map((k) => k.key), keys.map((k) => k.period), minor],
      );
    },
    async moveReservations(proposals, to) {
      // what an earlier permit let go of stays free
      await sql(`update reservation set state = $3 where org = $1 and proposal = any($2) and ($3 = 'released' or state = 'reserved')`, [org, proposals, to]);
    },
    async noteStalled(stage, subject, tries, error, at) {
      if (error === null) return void (await sql('delete from stalled where org = $1 and stage = $2 and subject = $3', [org, stage, subject]));
      await sql(
        `insert into stalled (org, stage, subject, tries, error, since, at) values ($1, $2, $3, coalesce($4::int, 1), $5, $6, $6)
         on conflict (org, stage, subject) do update set tries = coalesce($4::int, stalled.tries + 1), error = excluded.error, at = excluded.at,
           since = case when stalled.at < excluded.at - interval '5 minutes' then excluded.since else stalled.since end`,
        [org, stage, subject, tries, error, at],
      );
    },
    async setHalt(scope, halted, by, reason, at) {
      await sql(
        `insert into halt (org, scope, halted, by_person, reason, at) values ($1, $2, $3, $4, $5, $6)
         on conflict (org, scope) do update set halted = excluded.halted, by_person = excluded.by_person, reason = excluded.reason, at = excluded.at`,
        [org, scope, halted, by, reason, at],
      );
    },
  };
}
