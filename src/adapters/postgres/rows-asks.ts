/** Rows of what was asked: stages, asks, drifts, turns, reads. */
import type { Tx } from '../../activities/ports.ts';
import type { EarlierTurn, TurnRow, TurnRows } from '../../activities/turns/ports.ts';
import { Digest } from '../../kernel/digest.ts';
import { AgentName, PersonId, ProposalId, TurnId, type OrgId } from '../../kernel/ids.ts';
import { Ask, Classification } from '../../kernel/nouns.ts';
import { LocalDate } from '../../kernel/time.ts';
import type { Sql } from './client.ts';
import { chainSql } from './rows-facts.ts';

type AskRows = TurnRows &
  Pick<Tx, 'stage' | 'keepStage' | 'ask' | 'addAsk' | 'askChain' | 'answerAsk' | 'drifts' | 'saveDrift' | 'openFor' | 'forgetDrifts' | 'settled' | 'addReads'>;

const TURN = 'select id, conversation, person, agent, content, about, state, answer, answered_by "answeredBy", proposals from turn';

interface TurnColumns {
  id: string;
  conversation: string;
  person: string;
  agent: string;
  content: string;
  about: string | null;
  state: 'waiting' | 'answered' | 'failed';
  answer: string | null;
  answeredBy: string | null;
  proposals: string[];
}

interface EarlierColumns extends Pick<EarlierTurn, 'name' | 'content' | 'answer' | 'heardBy'> {
  readonly person: string;
  readonly classification: string;
}

const EARLIER = `
select t.person, coalesce(p.name, t.person) "name", t.content, t.answer, t.classification, t.heard_by "heardBy"
from turn t left join person p on p.org = t.org and p.person = t.person
where t.org = $1 and t.conversation = $3 and t.agent = $4 and t.state = 'answered' and t.classification is not null and t.answer <> ''
  and (t.created_at, t.id) < (select n.created_at, n.id from turn n where n.org = $1 and n.id = $2)
order by t.created_at desc, t.id desc limit $5`;

const turnOf = (row: TurnColumns | undefined): TurnRow | undefined =>
  row && {
    ...row,
    id: TurnId.parse(row.id),
    person: PersonId.parse(row.person),
    agent: AgentName.parse(row.agent),
    about: row.about === null ? null : ProposalId.parse(row.about),
    proposals: row.proposals.map((id) => ProposalId.parse(id)),
  };

export function askRows(org: OrgId, sql: Sql): AskRows {
  return { ...stageRows(org, sql), ...driftRows(org, sql), ...turnRows(org, sql) };
}

function stageRows(org: OrgId, sql: Sql): Pick<Tx, 'stage' | 'keepStage' | 'ask' | 'addAsk' | 'askChain' | 'answerAsk' | 'addReads'> {
  return {
    async stage(key) {
      const [row] = await sql<{ request: string; outcome: unknown }>('select request, outcome from stage where org = $1 and key = $2', [org, key]);
      return row && { request: Digest.parse(row.request), outcome: row.outcome };
    },
    async keepStage(key, request, outcome) {
      await sql('insert into stage (org, key, request, outcome) values ($1, $2, $3, $4)', [org, key, request, JSON.stringify(outcome)]);
    },
    async ask(id) {
      const [row] = await sql<{ agent: string; on_behalf_of: string | null; about: unknown; cause: string }>(
        'select agent, on_behalf_of, about, cause from ask where org = $1 and id = $2',
        [org, id],
      );
      return row && Ask.parse({ id, org, agent: row.agent, onBehalfOf: row.on_behalf_of, about: row.about, cause: row.cause });
    },
    async addAsk(ask, at) {
      const drift = ask.about.kind === 'drift' ? ask.about : undefined;
      await sql(
        `insert into ask (org, id, agent, on_behalf_of, about, drift_key, episode, cause, created_at, parent, delegation)
         values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)`,
        [
          org,
          ask.id,
          ask.agent,
          ask.onBehalfOf,
          JSON.stringify(ask.about),
          drift?.drift.key ?? null,
          drift?.episode ?? null,
          ask.cause,
          at,
          ask.about.kind === 'request' ? ask.about.parent : null,
          ask.about.kind === 'call' ? ask.about.delegation : null,
        ],
      );
    },
    async askChain(id) {
      const rows = await sql<{ agent: string }>(`with ${chainSql('$1', '$2')} select agent from up order by hops`, [org, id]);
      return rows.map(({ agent }) => ({ agent: AgentName.parse(agent) }));
    },
    async answerAsk(id, answer) {
      await sql('update ask set answer = $3 where org = $1 and id = $2', [org, id, answer]);
    },
    async addReads(step, ask, reads, event) {
      await sql('insert into read_batch (org, step, ask, reads, event) values ($1, $2, $3, $4, $5)', [org, step, ask, JSON.stringify(reads), event]);
    },
  };
}

function driftRows(org: OrgId, sql: Sql): Pick<Tx, 'drifts' | 'saveDrift' | 'openFor' | 'forgetDrifts' | 'settled'> {
  return {
    async drifts(reconcilers) {
      const rows = await sql<{ key: string; reconciler: string; episode: number; state: 'asked' | 'declined' | 'gone'; facts: string; quiet: string | null }>(
        'select key, reconciler, episode, state, facts_digest facts, quiet_until::text quiet from drift where org = $1 and reconciler = any($2)',
        [org, reconcilers],
      );
      return rows.map(({ facts, quiet, ...row }) => ({ ...row, factsDigest: Digest.parse(facts), quietUntil: quiet === null ? null : LocalDate.parse(quiet) }));
    },
    async saveDrift(row, at) {
      await sql(
        `insert into drift (org, key, reconciler, episode, state, facts_digest, quiet_until, seen_at) values ($1, $2, $3, $4, $5, $6, $7, $8)
         on conflict (org, key) do update set episode = excluded.episode, state = excluded.state, facts_digest = excluded.facts_digest,
           quiet_until = excluded.quiet_until, seen_at = excluded.seen_at`,
        [org, row.key, row.reconciler, row.episode, row.state, row.factsDigest, row.quietUntil, at],
      );
    },
    async openFor(drift, episode) {
      const rows = await sql<{ id: string }>(
        'select p.id from ask a join proposal p on p.org = a.org and p.ask = a.id where a.org = $1 and a.drift_key = $2 and a.episode = $3 and p.outcome is null order by p.id',
        [org, drift, episode],
      );
      return rows.map(({ id }) => ProposalId.parse(id));
    },
    async forgetDrifts(outcomes, agent, at) {
      await sql(
        `update drift d set state = 'gone', seen_at = $4 where d.org = $1 and d.state = 'asked'
           and exists (select 1 from ask a join proposal p on p.org = a.org and p.ask = a.id
             where a.org = d.org and a.drift_key = d.key and a.episode = d.episode and ($3::text is null or a.agent = $3) and p.outcome = any($2))
           and not exists (select 1 from ask a join proposal p on p.org = a.org and p.ask = a.id
             where a.org = d.org and a.drift_key = d.key and a.episode = d.episode and (p.outcome is null or p.outcome <> all($2)))`,
        [org, outcomes, agent, at],
      );
    },
    async settled(drift, episode) {
      const [row] = await sql<{ open: boolean }>(
        `select exists (select 1 from ask a left join proposal p on p.org = a.org and p.ask = a.id
           where a.org = $1 and a.drift_key = $2 and a.episode = $3 and p.id is not null and p.outcome is null) open`,
        [org, drift, episode],
      );
      return row?.open === false;
    },
  };
}

function turnRows(org: OrgId, sql: Sql): TurnRows {
  return {
    async addTurn(turn, at) {
      const rows = await sql(
        `insert into turn (org, id, source, message, conversation, person, agent, content, about, state, created_at)
         values ($1, $2, $3, $4, $5, $6, $7, $8, $9, 'waiting', $10) on conflict do nothing returning id`,
        [org, turn.id, turn.source, turn.message, turn.conversation, turn.person, turn.agent, turn.content, turn.about ?? null, at],
      );
      return rows.length === 1;
    },
    turn: async (id) => turnOf((await sql<TurnColumns>(`${TURN} where org = $1 and id = $2`, [org, id]))[0]),
    nextTurn: async (conversation) =>
      turnOf(
        (await sql<TurnColumns>(`${TURN} where org = $1 and conversation = $2 and state = 'waiting' order by created_at, id limit 1`, [org, conversation]))[0],
      ),
    async waitingConversations() {
      const rows = await sql<{ conversation: string }>(`select distinct conversation from turn where org = $1 and state = 'waiting' limit 1000`, [org]);
      return rows.map((row) => row.conversation);
    },
    async earlierTurns({ id, conversation, agent }, most) {
      return (await sql<EarlierColumns>(EARLIER, [org, id, conversation, agent, most])).map(({ person, classification, ...row }) => ({
        ...row,
        person: PersonId.parse(person),
        classification: Classification.parse(classification),
      }));
    },
    async answerTurn(id, { answer, by, proposals, classification, heardBy }) {
      await sql(
        `update turn set state = 'answered', answer = $3, answered_by = $4, proposals = $5, classification = $6, heard_by = $7 where org = $1 and id = $2`,
        [org, id, answer, by, JSON.stringify(proposals), classification, heardBy],
      );
    },
  };
}
