/** `npm run dev`: drafts are in force at once, in a ledger that never counts. */
import { OrganizationError } from './adapters/files/organization.ts';
import type { Sql } from './adapters/postgres/client.ts';
import type { OrgId } from './kernel/ids.ts';

/** A ledger of drafts never becomes one that counts, nor the other way round. @throws OrganizationError */
export async function sameKind(sql: Sql, org: OrgId, development: boolean): Promise<void> {
  const [row] = await sql<{ development: boolean }>('select development from organization where org = $1', [org]);
  if (!row || row.development === development) return;
  throw new OrganizationError([
    row.development
      ? `The ledger of \`${org}\` here was written by \`npm run dev\`, with drafts in force: it never counts. Start on another data directory or database, or go on with \`npm run dev\`.`
      : `The ledger of \`${org}\` here counts, and drafts are not tried out on it. \`npm run dev\` works on a data directory of its own; take DATABASE_URL and CHARTER_DATA out of the environment.`,
  ]);
}
