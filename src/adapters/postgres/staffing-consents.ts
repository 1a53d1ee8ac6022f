/** What people were asked about their own rota, and their word on it. */
import { z } from 'zod';
import type { AskedConsent, Consents } from '../../activities/consents.ts';
import { PersonId } from '../../kernel/ids.ts';
import { LocalDate } from '../../kernel/time.ts';
import type { Tx } from '../../activities/ports.ts';
import type { Sql } from './client.ts';

const Row = z.object({
  key: z.string(),
  person: PersonId,
  what: z.string(),
  answerBy: LocalDate,
  state: z.enum(['asked', 'given', 'refused']),
});

export const consents = (sqlOf: (tx: Tx) => Sql): Consents => ({
  async list(tx, key): Promise<readonly AskedConsent[]> {
    const rows = await sqlOf(tx)(
      `select key, person, concat(day::text, ' ', shift, ' at ', site, ' instead of ' || instead_of, ', giving ' || (gives ->> 'day') || ' ' || (gives ->> 'shift') || ' at ' || (gives ->> 'site')) what,
         answer_by::text "answerBy", state from consent where org = $1 and starts_with(key, $2) order by state <> 'asked', answer_by, key limit 500`,
      [tx.org, key === undefined ? '' : key.startsWith('prp-') ? key : `prp-${key}`],
    );
    return rows.map((row) => Row.parse(row));
  },
  async answer(tx, key, word, on) {
    const rows = await sqlOf(tx)(`update consent set state = $3, answered_on = $4 where org = $1 and key = $2 and state = 'asked' returning key`, [
      tx.org,
      key,
      word,
      on,
    ]);
    return rows.length === 1;
  },
});
