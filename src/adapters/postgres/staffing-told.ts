/** What people are told of their own shifts. */
import { z } from 'zod';
import type { RotaTold } from '../../activities/consents.ts';
import type { Tx } from '../../activities/ports.ts';
import type { Told } from '../../domains/staffing/changes.ts';
import { PersonId, type OrgId, type ProposalId } from '../../kernel/ids.ts';
import { LocalDate } from '../../kernel/time.ts';
import type { Sql } from './client.ts';

const Row = z.object({ key: z.string(), person: PersonId, what: z.string(), until: LocalDate });

/** `2026-03-10 stores at mill-lane` */
const slot = (column: string): string => `(${column} ->> 'day') || ' ' || (${column} ->> 'shift') || ' at ' || (${column} ->> 'site')`;

export const told = (sqlOf: (tx: Tx) => Sql): RotaTold => ({
  async list(tx, after, about) {
    const rows = await sqlOf(tx)(
      `select key, person, concat_ws('; ', ${slot('gives')} || ' goes to ' || other, ${slot('takes')} || ' is yours' || coalesce(', from ' || other, '')) what, until_day::text "until"
       from rota_told where org = $1 and told_on > $2 and until_day >= $3 order by until_day, key, person limit 500`,
      [tx.org, after, about],
    );
    return rows.map((row) => Row.parse(row));
  },
});

/** In the transaction that changes the rota. */
export async function keepTold(sql: Sql, org: OrgId, key: ProposalId, all: readonly Told[], today: LocalDate): Promise<void> {
  for (const { person, gives, takes, other } of all)
    await sql(
      'insert into rota_told (org, key, person, gives, takes, other, until_day, told_on) values ($1, $2, $3, $4, $5, $6, greatest($7::date, $8::date), $9)',
      [org, key, person, gives && JSON.stringify(gives), takes && JSON.stringify(takes), other, gives?.day ?? null, takes?.day ?? null, today],
    );
}
