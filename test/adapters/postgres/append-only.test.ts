/** Evidence is added, and changed by nobody: not by the runtime, and not by the role that owns the tables. */
import { randomBytes } from 'node:crypto';
import pg from 'pg';
import { afterAll, beforeAll, describe, expect, inject, test } from 'vitest';

const org = `a${randomBytes(5).toString('hex')}`;
const NOW = '2026-03-02T07:00:00Z';
const ROWS: Readonly<Record<string, string>> = {
  event: `insert into event (org, id, type, header, leaf, correlation, wall, business) values ($1, 'e', 'halt.set', '{}', decode(repeat('00', 32), 'hex'), 'c', '${NOW}', '${NOW}')`,
  event_group: `insert into event_group (org, event, name, subject, sealed) values ($1, 'e', 'payload', 'organization', '\\x00')`,
  event_cause: `insert into event_cause (org, effect, cause) values ($1, 'e', 'e')`,
  decision: `insert into decision (org, id, proposal, round, verdict, body, facts, level, event, at) values ($1, 'd', 'p', 1, 'permit', '{}', '{}', 'act', 'e', '${NOW}')`,
  vote: `insert into vote (org, proposal, person, choice, reason, credential, slice, material, attestation, event, at) values ($1, 'p', 'ana', 'approve', '', 't', 's', 'm', 'a', 'e', '${NOW}')`,
  warrant: `insert into warrant (org, id, proposal, round, claims, jws, event, issued_at) values ($1, 'w', 'p', 1, '{}', 'j', 'e', '${NOW}')`,
  intent: `insert into intent (org, proposal, warrant, event, at) values ($1, 'p', 'w', 'e', '${NOW}')`,
  receipt: `insert into receipt (org, proposal, body, event, at) values ($1, 'p', '{}', 'e', '${NOW}')`,
  amendment_vote: `insert into amendment_vote (org, amendment, person, digest, choice, reason, credential, attestation, event, at) values ($1, 'x', 'ana', 'd', 'approve', '', 't', 'a', 'e', '${NOW}')`,
};
const tables = Object.keys(ROWS);

let roles: Record<'owner' | 'app', pg.Client>;
const run = (as: 'owner' | 'app', sql: string): Promise<number | null> => roles[as].query(sql).then(({ rowCount }) => rowCount);
beforeAll(async () => {
  const { ownerUrl, appUrl } = inject('services');
  roles = { owner: new pg.Client({ connectionString: ownerUrl }), app: new pg.Client({ connectionString: appUrl }) };
  for (const client of Object.values(roles)) {
    await client.connect();
    await client.query(`select set_config('charter.org', $1, false)`, [org]);
  }
  for (const sql of Object.values(ROWS)) await roles.app.query(sql, [org]);
});
afterAll(() => Promise.all(Object.values(roles).map((client) => client.end())));

describe.each(['app', 'owner'] as const)('as the role of the %s', (role) => {
  test.each(tables)('a row of %s is neither changed nor taken away', async (table) => {
    expect(await run(role, `select 1 from ${table}`)).toBe(1); // it is there to be hit
    await expect(run(role, `update ${table} set org = org`)).rejects.toThrow('append-only');
    await expect(run(role, `delete from ${table}`)).rejects.toThrow('append-only');
    expect(await run(role, `select 1 from ${table}`)).toBe(1);
  });
});

test.each(tables)('%s is not emptied at once', async (table) => {
  await expect(run('owner', `truncate ${table} cascade`)).rejects.toThrow('append-only');
  await expect(run('app', `truncate ${table}`)).rejects.toThrow('permission denied');
});

test('a vote becomes void once, with its reason; only then a new one takes its place', async () => {
  const vote = async () =>
    (await roles.app.query<{ choice: string; event: string; void_because: string | null }>('select choice, event, void_because from vote')).rows[0];
  const refused = (set: string) => expect(run('app', `update vote set ${set}`)).rejects.toThrow('append-only');
  await refused(`choice = 'decline'`);
  await refused(`choice = 'decline', event = 'f'`);
  await refused(`void_because = 'a fact changed', choice = 'decline'`);
  await run('app', `update vote set void_because = 'a fact changed'`);
  await refused(`void_because = 'another reason'`);
  await refused(`void_because = null`); // the same vote does not come back
  await refused(`void_because = null, event = 'f', person = 'ben'`);
  expect(await vote()).toEqual({ choice: 'approve', event: 'e', void_because: 'a fact changed' });
  await run('app', `update vote set void_because = null, event = 'f', choice = 'decline'`);
  expect(await vote()).toEqual({ choice: 'decline', event: 'f', void_because: null });
});
