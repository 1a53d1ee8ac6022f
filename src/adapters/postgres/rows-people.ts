/** Rows of people, their tokens, and the constitution in force. */
import { Domain, PersonId, TokenId, type OrgId } from '../../kernel/ids.ts';
import { Digest } from '../../kernel/digest.ts';
import { Role } from '../../kernel/nouns.ts';
import { instant } from '../../kernel/time.ts';
import type { TokenRow, Tx } from '../../activities/ports.ts';
import type { Sql } from './client.ts';

type PeopleRows = Pick<
  Tx,
  'halts' | 'constitution' | 'knownKeys' | 'knowKeys' | 'token' | 'addToken' | 'tokensOf' | 'holder' | 'revokeToken' | 'person' | 'people'
>;

export interface TokenColumns {
  readonly token: string;
  readonly person: string;
  readonly issued_by: string;
  readonly issuers: readonly string[];
  readonly issued_at: Date;
  readonly active: boolean;
  readonly valid: boolean;
  readonly roles: string[];
  readonly name: string;
}

/** $3: now, wall clock. */
export const TOKEN = `
select t.token, t.person, t.issued_by, t.issuers, t.issued_at, p.status = 'active' active, t.revoked_at is null and t.expires_at > $3 valid, p.roles, p.name
from token t join person p on p.org = t.org and p.person = t.person`;

export const tokenOf = (row: TokenColumns): TokenRow => ({
  token: TokenId.parse(row.token),
  person: PersonId.parse(row.person),
  issuedBy: row.issued_by,
  issuers: row.issuers,
  issuedAt: instant(row.issued_at.getTime()),
  active: row.active,
  valid: row.valid,
  roles: row.roles.map((role) => Role.parse(role)),
  name: row.name,
});

/** @param now milliseconds since 1970, wall clock */
export function peopleRows(org: OrgId, sql: Sql, now: () => number): PeopleRows {
  return {
    async halts() {
      return (await sql<{ scope: string }>('select scope from halt where org = $1 and halted order by scope', [org])).map(({ scope }) => scope);
    },
    knownKeys: async () => (await sql<{ kid: string }>('select kid from key_known where org = $1', [org])).map(({ kid }) => kid),
    async knowKeys(keys) {
      const columns = [keys.map(({ kid }) => kid), keys.map(({ purpose }) => purpose), keys.map(({ from }) => from)];
      await sql('insert into key_known (org, kid, purpose, since) select $1, t.* from unnest($2::text[], $3::text[], $4::timestamptz[]) t', [org, ...columns]);
    },
    async constitution() {
      const [row] = await sql<{ constitution: string | null }>('select constitution from organization where org = $1', [org]);
      return row?.constitution ? Digest.parse(row.constitution) : null;
    },
    async token(secretDigest) {
      const [row] = await sql<TokenColumns>(`${TOKEN} where t.org = $1 and t.secret_digest = $2`, [org, secretDigest, new Date(now())]);
      return row && tokenOf(row);
    },
    async addToken({ id, digest, person, issuers, at, expires }) {
      await sql(
        `insert into token (org, token, secret_digest, person, issued_by, issuers, issued_at, expires_at)
         values ($1, $2, $3, $4, ($5::text[])[cardinality($5::text[])], $5, $6, $7)`,
        [org, id, digest, person, issuers, at, expires],
      );
    },
    async tokensOf(person, at) {
      const rows = await sql<{ token: string }>(
        'select token from token where org = $1 and person = $2 and revoked_at is null and expires_at > $3 order by issued_at, token',
        [org, person, at],
      );
      return rows.map(({ token }) => TokenId.parse(token));
    },
    async holder(token) {
      const [row] = await sql<{ person: string }>('select person from token where org = $1 and token = $2', [org, token]);
      return row && PersonId.parse(row.person);
    },
    async revokeToken(token, at) {
      return (
        (await sql('update token set revoked_at = $3 where org = $1 and token = $2 and revoked_at is null returning token', [org, token, at])).length === 1
      );
    },
    async person(id) {
      const [row] = await sql<{ name: string; roles: string[]; status: string; manager: string | null; authority: string[] }>(
        'select name, roles, status, manager, array(select jsonb_object_keys(authority)) authority from person where org = $1 and person = $2',
        [org, id],
      );
      return (
        row && {
          name: row.name,
          roles: row.roles.map((r) => Role.parse(r)),
          status: row.status,
          manager: row.manager === null ? null : PersonId.parse(row.manager),
          authority: row.authority.map((domain) => Domain.parse(domain)),
        }
      );
    },
    async people() {
      const rows = await sql<{ person: string; name: string; roles: string[]; status: string; manager: string | null }>(
        'select person, name, roles, status, manager from person where org = $1 order by person',
        [org],
      );
      return rows.map((row) => ({
        id: PersonId.parse(row.person),
        name: row.name,
        roles: row.roles.map((r) => Role.parse(r)),
        status: row.status,
        manager: row.manager === null ? null : PersonId.parse(row.manager),
      }));
    },
  };
}
