/** AUDIT_MANDATORY: the intent event is in the log before the effect starts; where there is no log there is no effect. */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { commitIntent, issueWarrant, perform } from '../../src/activities/act.ts';
import { judge } from '../../src/activities/judge.ts';
import type { Store } from '../../src/activities/ports.ts';
import { sqlOf } from '../../src/adapters/postgres/store.ts';
import { Dice } from '../../src/kernel/dice.ts';
import { AgentName, type ProposalId, type WarrantId } from '../../src/kernel/ids.ts';
import { eventId } from '../../src/ledger/seal.ts';
import { bills, propose } from '../fixtures/bills.ts';
import type { Stage } from '../fixtures/stage.ts';
import { attacker } from './attacker.ts';
import { attempts, CALLS, calls, holding, SEED } from './attempts.ts';
import { ground, SLOW_MACHINE } from './ground.ts';
import { changed, count, EFFECTS, tables, unlogged } from './records.ts';

const FINANCE = AgentName.parse('finance-analyst');
const dice = new Dice(SEED);
let dropped = 0; // share of transactions whose connection is gone before they commit

/** Connections break after the work and before the commit. */
const breaking = (store: Store): Store => ({
  tx: (org, work) =>
    store.tx(org, async (tx) => {
      const result = await work(tx);
      if (dice.flip(dropped)) await sqlOf(tx)('select pg_terminate_backend(pg_backend_pid())');
      return result;
    }),
});

/** The log refuses: always what `condition` says of `new`. */
async function refusing(on: Stage, condition: string): Promise<() => Promise<unknown>> {
  const name = `refuse_${on.organization.id}`;
  await on.rows(`create function ${name}() returns trigger language plpgsql as $$
    begin if new.org = '${on.organization.id}' and (${condition}) then raise exception 'the log is full'; end if; return new; end $$`);
  await on.rows(`create trigger ${name} before insert on event for each row execute function ${name}()`);
  return () => on.rows(`drop function ${name}() cascade`);
}

const OURS = /the log is full|terminating connection|Connection terminated|connection is closed|not queryable/;
const expected = (error: unknown): boolean => error instanceof Error && OURS.test(`${error.message} ${String(error.cause)}`);

describe('AUDIT_MANDATORY', () => {
  test(`a thousand attempts come to nothing without the log, and to nothing unlogged while it fails (SEED=${SEED})`, SLOW_MACHINE, async () => {
    const { on, targets, later } = await ground({ around: breaking });
    const evil = await attacker(on, { before: () => later(61_000), expected });
    const mine = attempts(targets, { call: fc.oneof(calls(targets, 12), holding(targets)), agents: [FINANCE] });
    const [gone, failing] = [Math.floor(mine.length * 0.35), Math.floor(mine.length * 0.8)];
    const before = await tables(on);

    let mend = await refusing(on, `new.type = 'intent.committed'`);
    await evil.all(mine.slice(0, gone), 4);
    expect(changed(before, await tables(on)).filter((table) => [...EFFECTS, 'intent', 'receipt'].includes(table))).toEqual([]);
    expect(evil.reached.permit).toBeGreaterThan(3); // the gate let it go on
    await mend();

    mend = await refusing(on, 'random() < 0.12');
    dropped = 0.08;
    await evil.all(mine.slice(gone, failing), 4, gone);
    dropped = 0;
    await mend();
    expect(await unlogged(on)).toEqual([]);

    await evil.all(mine.slice(failing), 4, failing); // and where it works again, so do the tools
    expect(await unlogged(on)).toEqual([]);
    expect(await count(on, 'receipt')).toBeGreaterThan(2);
    expect(evil.reached).toMatchObject({ calls: CALLS, refused: evil.reached.forced });
  });

  test('the check for unlogged effects finds one', async () => {
    const { on } = await ground();
    const [invoice = ''] = await bills(on, 6, 1, 10_000);
    const id = await propose(on, invoice, 10_000);
    await on.rows(`insert into maintenance (org, key, machine, day, by_whom) values ($1, $2, 'panel-saw', '2026-03-09', 'nobody')`, [on.organization.id, id]);
    expect(await unlogged(on)).toEqual([`maintenance ${id}`]);
  });
});

describe('a row that was written past the stages', () => {
  test('of an intent, a warrant or a vote has no effect', async () => {
    const { on } = await ground();
    const [org, { world }] = [on.organization.id, on.app];
    const [first = '', ...others] = await bills(on, 7, 40, 10_000);
    const permitted = async (invoice: string) => {
      const id = await propose(on, invoice, 10_000);
      const step = await judge(world, org, id, 1);
      if (step.next !== 'go') throw new Error(JSON.stringify(step));
      return { id, warrant: await issueWarrant(world, org, id, step.decision, 1) };
    };
    const real = await permitted(first);
    for (const [n, invoice] of others.entries()) {
      const { id, warrant } = await permitted(invoice);
      await forge(on, FORGERIES[n % FORGERIES.length] ?? 'event unknown', { id, warrant, other: real });
      await expect(perform(world, org, id), `forgery ${n}`).rejects.toThrow();
    }
    expect(await count(on, 'payment')).toBe(0);
    expect(await commitIntent(world, org, real.id, real.warrant)).toEqual({ state: 'committed' });
    expect(await perform(world, org, real.id)).toBe('done'); // nothing but the forgery stood in the way
  });

  test('of a vote lets nothing through', async () => {
    const { on } = await ground();
    const [org, { world }] = [on.organization.id, on.app];
    for (const [n, invoice] of (await bills(on, 8, 10, 250_000)).entries()) {
      const id = await propose(on, invoice, 250_000);
      expect(await judge(world, org, id, 1)).toMatchObject({ next: 'wait' });
      await on.rows(
        `insert into vote (org, proposal, person, choice, reason, credential, slice, material, attestation, event, at)
         select $1, $2, $3, 'approve', '', 'tok-00000000000000000000000000', body ->> 'slice', body ->> 'material', 'eyJhbGciOiJub25lIn0.e30.', event, at from decision where org = $1 and proposal = $2`,
        [org, id, n % 2 === 0 ? 'clara' : 'emre'],
      );
      expect(await judge(world, org, id, 2)).toMatchObject({ next: 'wait' });
    }
    expect(await count(on, 'warrant')).toBe(0);
  });
});

const FORGERIES = ['event unknown', 'another event', 'forged event, warrant of another', 'forged event, unsigned warrant'] as const;
interface Forged {
  readonly id: ProposalId;
  readonly warrant: WarrantId;
  readonly other: { readonly warrant: WarrantId };
}

async function forge(on: Stage, how: (typeof FORGERIES)[number], { id, warrant, other }: Forged): Promise<void> {
  const org = on.organization.id;
  const due = eventId({ org, type: 'intent.committed', key: [id] });
  const [any] = await on.rows<{ id: string }>(`select id from event where org = $1 and type = 'warrant.issued' limit 1`, [org]);
  const intent = (of: string, event: string) =>
    on.rows('insert into intent (org, proposal, warrant, event, at) values ($1, $2, $3, $4, now())', [org, id, of, event]);
  if (how === 'event unknown') return void (await intent(warrant, due));
  if (how === 'another event') return void (await intent(warrant, any?.id ?? ''));
  await on.rows(
    `insert into event (org, id, type, header, leaf, correlation, wall, business) select org, $2, 'intent.committed', header, leaf, correlation, wall, business from event where org = $1 and id = $3`,
    [org, due, any?.id],
  );
  if (how === 'forged event, unsigned warrant') {
    const forgedWarrant = `wrt-${id.slice(4)}`;
    await on.rows(
      `insert into warrant (org, id, proposal, round, claims, jws, event, issued_at) select org, $3, proposal, 9, claims, 'eyJhbGciOiJub25lIn0.' || split_part(jws, '.', 2) || '.', event, issued_at from warrant where org = $1 and id = $2`,
      [org, warrant, forgedWarrant],
    );
    return void (await intent(forgedWarrant, due));
  }
  await on.rows(
    `insert into warrant (org, id, proposal, round, claims, jws, event, issued_at) select w.org, $3, $4, 9, w.claims, w.jws, w.event, w.issued_at from warrant w where w.org = $1 and w.id = $2`,
    [org, other.warrant, `wrt-${id.slice(4)}`, id],
  );
  return void (await intent(`wrt-${id.slice(4)}`, due));
}
