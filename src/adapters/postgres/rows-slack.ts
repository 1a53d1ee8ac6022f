/** Rows of Slack: links, what was heard, and what is to be said. */
import type { SlackRows, LinkRow, MessageKind, MessageRow } from '../../activities/slack/ports.ts';
import { Digest } from '../../kernel/digest.ts';
import { AgentName, PersonId, TokenId, type OrgId } from '../../kernel/ids.ts';
import { Classification } from '../../kernel/nouns.ts';
import { instant } from '../../kernel/time.ts';
import type { Sql } from './client.ts';
import { keptRows } from './rows-slack-heard.ts';
import { TOKEN, tokenOf, type TokenColumns } from './rows-people.ts';

/** @param now milliseconds since 1970, wall clock */
export const slackRows = (org: OrgId, sql: Sql, now: () => number): SlackRows => ({
  ...codeRows(org, sql),
  ...linkRows(org, sql, now),
  ...heardRows(org, sql),
  ...keptRows(org, sql),
  ...messageRows(org, sql),
  ...courierRows(org, sql),
});

const codeRows = (org: OrgId, sql: Sql): Pick<SlackRows, 'addCode' | 'useCode'> => ({
  async addCode(code, person, token, at, expires) {
    await sql('delete from slack_code where org = $1 and person = $2', [org, person]); // the newest alone holds
    await sql('insert into slack_code (org, digest, person, token, created_at, expires_at) values ($1, $2, $3, $4, $5, $6)', [
      org,
      code,
      person,
      token,
      at,
      expires,
    ]);
  },
  async useCode(code, at) {
    const [row] = await sql<{ person: string; token: string; issuers: string[]; holds: boolean }>(
      `update slack_code c set used_at = $3 from token t where c.org = $1 and c.digest = $2 and c.used_at is null and t.org = c.org and t.token = c.token
       returning c.person, c.token, t.issuers, c.expires_at > $3 holds`,
      [org, code, at],
    );
    return row?.holds ? { person: PersonId.parse(row.person), token: TokenId.parse(row.token), issuers: row.issuers } : undefined;
  },
});

interface LinkColumns {
  readonly person: string;
  readonly team: string;
  readonly slack_user: string;
  readonly credential: string;
  readonly linked_at: Date;
  readonly digest_at: string | null;
  readonly valid: boolean;
}

const LINK = `
select l.person, l.team, l.slack_user, l.credential, l.linked_at, l.digest_at,
  p.status = 'active' and t.revoked_at is null and t.expires_at > $2 as valid
from slack_link l join person p on p.org = l.org and p.person = l.person join token t on t.org = l.org and t.token = l.credential
where l.org = $1`;

const linkOf = (row: LinkColumns): LinkRow => ({
  person: PersonId.parse(row.person),
  team: row.team,
  user: row.slack_user,
  credential: TokenId.parse(row.credential),
  linkedAt: instant(row.linked_at.getTime()),
  digestAt: row.digest_at,
  valid: row.valid,
});

type Links = Pick<SlackRows, 'addLink' | 'removeLink' | 'link' | 'linkOf' | 'links' | 'chooseDigest' | 'credential'>;

function linkRows(org: OrgId, sql: Sql, now: () => number): Links {
  const found = async (where: string, values: readonly string[]): Promise<LinkRow | undefined> => {
    const [row] = await sql<LinkColumns>(`${LINK} and ${where}`, [org, new Date(now()), ...values]);
    return row && linkOf(row);
  };
  return {
    async addLink({ person, team, user, credential, linkedAt }) {
      await sql('insert into slack_link (org, person, team, slack_user, credential, linked_at) values ($1, $2, $3, $4, $5, $6)', [
        org,
        person,
        team,
        user,
        credential,
        linkedAt,
      ]);
    },
    async removeLink(person, at) {
      const link = await found('l.person = $3', [person]);
      if (!link) return undefined;
      await sql('update token set revoked_at = $3 where org = $1 and token = $2', [org, link.credential, at]);
      await sql('delete from slack_link where org = $1 and person = $2', [org, person]);
      await sql(`delete from slack_message where org = $1 and kind in ('card', 'amendment', 'consent', 'duty', 'told') and team = $2 and slack_user = $3`, [
        org,
        link.team,
        link.user,
      ]);
      return link;
    },
    link: ({ team, user }) => found('l.team = $3 and l.slack_user = $4', [team, user]),
    linkOf: (person) => found('l.person = $3', [person]),
    links: async () => (await sql<LinkColumns>(`${LINK} order by l.person`, [org, new Date(now())])).map(linkOf),
    async chooseDigest(person, at) {
      return (await sql('update slack_link set digest_at = $3 where org = $1 and person = $2 returning person', [org, person, at])).length === 1;
    },
    async credential({ team, user }) {
      const [row] = await sql<TokenColumns>(
        `${TOKEN} join slack_link l on l.org = t.org and l.credential = t.token and l.person = t.person where t.org = $1 and l.team = $2 and l.slack_user = $4`,
        [org, team, new Date(now()), user],
      );
      return row && tokenOf(row);
    },
  };
}

const heardRows = (org: OrgId, sql: Sql): Pick<SlackRows, 'hear' | 'forget' | 'addTurn' | 'placeOf' | 'lastAgent'> => ({
  async hear(event, at) {
    return (await sql('insert into slack_event (org, id, at) values ($1, $2, $3) on conflict do nothing returning id', [org, event, at])).length === 1;
  },
  async forget(before) {
    await sql('delete from slack_event where org = $1 and at < $2', [org, before]);
    await sql('delete from slack_code where org = $1 and expires_at < $2', [org, before]);
    await sql(
      `delete from slack_message where org = $1 and created_at < $2 and state in ('sent', 'failed') and (kind in ('reply', 'notice', 'digest') or final)`,
      [org, before],
    );
  },
  async addTurn(turn, { team, user, channel, thread, direct, house }, agent, at) {
    await sql(
      'insert into slack_turn (org, turn, team, slack_user, channel, thread, direct, house, agent, said_at) values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)',
      [org, turn, team, user, channel, thread, direct, house, agent, at],
    );
  },
  async placeOf(turn) {
    const [row] = await sql<{ team: string; user: string; channel: string; thread: string; direct: boolean; house: boolean }>(
      'select team, slack_user "user", channel, thread, direct, house from slack_turn where org = $1 and turn = $2',
      [org, turn],
    );
    return row;
  },
  async lastAgent(channel, thread) {
    const [row] = await sql<{ agent: string }>('select agent from slack_turn where org = $1 and channel = $2 and thread = $3 order by said_at desc limit 1', [
      org,
      channel,
      thread,
    ]);
    return row && AgentName.parse(row.agent);
  },
});

// What is in the courier's hand stays there until it says what became of it; a beginning that is not gone on with holds until the whole.
const SAY = `
insert into slack_message as m (org, key, kind, team, slack_user, channel, thread, about, body, wanted, state, created_at, next_at, expires_at, whole, house)
values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, 'waiting', $11, $11, $12, $13, $14)
on conflict (org, key) do update set body = excluded.body, wanted = excluded.wanted, whole = excluded.whole, house = excluded.house, tries = 0,
  stream = case when starts_with(excluded.body, m.body) then m.stream else 'over' end,
  next_at = case when m.state = 'sending' then m.next_at else excluded.next_at end,
  state = case when m.state = 'sending' or (m.stream = 'over' and not excluded.whole) then m.state else 'waiting' end
where not m.whole and (excluded.whole or m.state <> 'failed')
returning key`;

const messageRows = (
  org: OrgId,
  sql: Sql,
): Pick<SlackRows, 'say' | 'beginning' | 'instead' | 'anywhere' | 'unsaidAnswer' | 'unsaid' | 'cards' | 'want' | 'counts'> => ({
  async say({ key, kind, team, user, channel, thread, about, body, wanted, whole, house, at, expiresAt }) {
    const rows = await sql(SAY, [org, key, kind, team, user, channel, thread, about, body, wanted, at, expiresAt, whole, house]);
    return rows.length === 1;
  },
  async beginning(key) {
    return (await sql<{ body: string }>('select body from slack_message where org = $1 and key = $2 and not whole', [org, key]))[0]?.body;
  },
  async instead(key, body, wanted, at) {
    await sql(
      `update slack_message set body = $3, wanted = $4, house = null, begins = 0, stream = case when stream = 'open' then 'over' else stream end,
         tries = 0, state = 'waiting', next_at = $5 where org = $1 and key = $2`,
      [org, key, body, wanted, at],
    );
  },
  async anywhere(key, at) {
    await sql(`update slack_message set house = null, state = 'waiting', next_at = $3 where org = $1 and key = $2`, [org, key, at]);
  },
  async unsaidAnswer(key) {
    const [row] = await sql<{ body: string; house: string }>(
      `select body, house from slack_message where org = $1 and key = $2 and whole and house is not null and state in ('waiting', 'sending') for update`,
      [org, key],
    );
    return row && { body: row.body, house: Classification.parse(row.house) };
  },
  async unsaid(keys) {
    const rows = await sql<{ key: string }>('select key from slack_message where org = $1 and key = any($2)', [org, keys]);
    return keys.filter((key) => !rows.some((row) => row.key === key));
  },
  cards: (kind) =>
    sql(
      `select key, about, team, slack_user "user", wanted, state <> 'failed' open from slack_message where org = $1 and kind = $2 and not final order by created_at limit 5000`,
      [org, kind],
    ),
  async want(key, wanted, at) {
    await sql(
      `update slack_message set wanted = $3, next_at = $4, tries = 0, state = case when state = 'sending' then state else 'waiting' end where org = $1 and key = $2`,
      [org, key, wanted, at],
    );
  },
  async counts() {
    const rows = await sql<{ state: string; n: number }>('select state, count(*)::int n from slack_message where org = $1 group by 1 order by 1', [org]);
    return Object.fromEntries(rows.map(({ state, n }) => [state, n]));
  },
});

interface MessageColumns {
  readonly key: string;
  readonly kind: MessageKind;
  readonly team: string;
  readonly slack_user: string;
  readonly channel: string | null;
  readonly thread: string | null;
  readonly about: string | null;
  readonly body: string;
  readonly wanted: string;
  readonly ts: string | null;
  readonly begins: number;
  readonly whole: boolean;
  readonly house: string | null;
  readonly stream: MessageRow['stream'];
  readonly streamed: number;
  readonly unsure: boolean;
  readonly tries: number;
  readonly created_at: Date;
  readonly expires_at: Date;
}

const messageOf = ({ slack_user, wanted, house, created_at, expires_at, ...row }: MessageColumns): MessageRow => ({
  ...row,
  user: slack_user,
  wanted: Digest.parse(wanted),
  house: house === null ? null : Classification.parse(house),
  at: instant(created_at.getTime()),
  expiresAt: instant(expires_at.getTime()),
});

const courierRows = (org: OrgId, sql: Sql): Pick<SlackRows, 'take' | 'overtook' | 'begun' | 'streamed' | 'held' | 'sent' | 'again' | 'fail'> => ({
  async take(most, at, until) {
    await sql(
      `update slack_message set state = 'failed', error = 'out of date' where org = $1 and state in ('waiting', 'sending') and next_at <= $2 and expires_at <= $2`,
      [org, at],
    );
    const rows = await sql<MessageColumns>(
      `with due as (select key from slack_message where org = $1 and state in ('waiting', 'sending') and next_at <= $2 order by created_at, key limit $3 for update skip locked)
       update slack_message m set unsure = m.unsure or m.state = 'sending', state = 'sending', next_at = $4, tries = m.tries + 1
       from due where m.org = $1 and m.key = due.key
       returning m.key, m.kind, m.team, m.slack_user, m.channel, m.thread, m.about, m.body, m.wanted, m.ts, m.begins, m.whole, m.house, m.stream, m.streamed, m.unsure, m.tries, m.created_at, m.expires_at`,
      [org, at, most, until],
    );
    return rows.map(messageOf).sort((a, b) => (a.at === b.at ? (a.key < b.key ? -1 : 1) : a.at < b.at ? -1 : 1));
  },
  async overtook(key, wanted, shows) {
    await sql('update slack_message set wanted = $4 where org = $1 and key = $2 and wanted = $3', [org, key, wanted, shows]);
  },
  async begun(key, channel, ts, begins) {
    await sql('update slack_message set channel = $3, ts = $4, begins = $5 where org = $1 and key = $2', [org, key, channel, ts, begins]);
  },
  async streamed(key, channel, ts, characters, shown, at) {
    await sql(
      `update slack_message set channel = $3, ts = $4, streamed = $5, shown = $6, stream = case when stream = 'over' then stream else 'open' end,
         unsure = false, tries = 0, error = null, next_at = $7, state = case when wanted = $6 then 'sent' else 'waiting' end where org = $1 and key = $2`,
      [org, key, channel, ts, characters, shown, at],
    );
  },
  async held(key, at) {
    await sql(`update slack_message set stream = 'over', next_at = $3, state = case when whole then 'waiting' else 'sent' end where org = $1 and key = $2`, [
      org,
      key,
      at,
    ]);
  },
  async sent(key, channel, ts, shown, final) {
    await sql(
      `update slack_message set channel = $3, ts = $4, shown = $5, final = $6, unsure = false, tries = 0, error = null,
         state = case when wanted = $5 then 'sent' else 'waiting' end where org = $1 and key = $2`,
      [org, key, channel, ts, shown, final],
    );
  },
  async again(key, at, unsure, error) {
    await sql(`update slack_message set state = 'waiting', next_at = $3, unsure = unsure or $4, error = $5 where org = $1 and key = $2`, [
      org,
      key,
      at,
      unsure,
      error,
    ]);
  },
  async fail(key, error) {
    await sql(`update slack_message set state = 'failed', error = $3 where org = $1 and key = $2`, [org, key, error]);
  },
});
