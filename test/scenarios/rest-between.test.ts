/** Leave, swap and consent keep the rules of rest at every moment between: the whole rota is read after each commit, and not at the end alone. */
import { randomUUID } from 'node:crypto';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, inject, test } from 'vitest';
import { commitIntent, issueWarrant, perform } from '../../src/activities/act.ts';
import { judge } from '../../src/activities/judge.ts';
import type { Organization } from '../../src/adapters/files/organization.ts';
import { staffingReads } from '../../src/adapters/postgres/staffing.ts';
import { sqlOf } from '../../src/adapters/postgres/store.ts';
import type { Caller } from '../../src/client.ts';
import { judged, type Change } from '../../src/domains/staffing/changes.ts';
import type { Slot } from '../../src/domains/staffing/records.ts';
import { brokenBy, consentNeeded } from '../../src/domains/staffing/rules.ts';
import { ProposalId } from '../../src/kernel/ids.ts';
import type { JsonObject } from '../../src/kernel/nouns.ts';
import { LocalDate } from '../../src/kernel/time.ts';
import { RotaWatch } from '../fixtures/rota-watch.ts';
import { reviewed, stage, type Stage } from '../fixtures/stage.ts';
import { workersHere } from '../fixtures/workers-here.ts';

const operator: Caller = { kind: 'operator' };
/** A second person of staffing, so that one proposes what the other decides. */
const change = (organization: Organization): Organization => ({
  ...organization,
  people: organization.people.map((person) => (person.id === 'viktor' ? { ...person, roles: [...person.roles, 'staffing'] } : person)),
});

/** What is planted in the example. */
const PLANTED = [
  'certificate: jakub station-yard/2026-03-11/day',
  'day: paul 2026-03-10',
  'rest: henrik mill-lane/2026-03-10/late mill-lane/2026-03-11/early',
  'two shifts at once: paul mill-lane/2026-03-10/stores station-yard/2026-03-10/day',
];

const caller = async (on: Stage): Promise<(person: string) => Caller> => {
  const all = await Promise.all(on.organization.people.filter(({ status }) => status === 'active').map(async ({ id }) => [id, await on.person(id)] as const));
  return (person) => new Map<string, Caller>(all).get(person) ?? expect.fail(person);
};
const wish = (tool: string, args: JsonObject) => ({ tool: `staffing.${tool}`, args, reason: 'as the work asks for it', message: randomUUID() });

describe('through Temporal', () => {
  const watch = new RotaWatch();
  let on: Stage;
  let as: (person: string) => Caller;
  let end: () => Promise<void>;
  let planted: readonly string[];
  beforeAll(async () => {
    on = await stage(inject('services'), { change, around: watch.around });
    await on.app.begin();
    as = await caller(on);
    planted = await watch.begin(on);
    end = await workersHere(on);
  }, 90_000);
  afterAll(async () => {
    await end();
    await on.close();
  });

  const task = (id: string) => on.app.client.task(operator, { id });
  const closed = async (id: string) => {
    await on.until(`${id} is closed`, async () => (await task(id)).outcome !== null);
    return (await task(id)).outcome;
  };
  const propose = async (tool: string, args: JsonObject) => (await on.app.client.propose(as('viktor'), wish(tool, args))).id;
  const approve = async (id: string) => {
    await on.until(`${id} waits`, async () => (await task(id)).waits);
    await on.app.client.decide(as('nadia'), { id, choice: 'approve', reason: '' });
  };
  const onLeave = async (person: string, day: string): Promise<string> => {
    const leave = `L-T-${person}-${day}`;
    await on.rows(
      `insert into leave_request (org, id, person, kind, from_date, until_date, requested_on, state) values ($1, $2, $3, 'leave', $4, $4, '2026-03-02', 'requested')`,
      [on.organization.id, leave, person, day],
    );
    return propose('decide_leave', { leave, decision: 'grant', reason: 'as they asked for it' });
  };
  const asked = async (person: string, args: JsonObject): Promise<string> => {
    const id = await propose('ask_consent', { ...args, person, instead_of: null, gives: null });
    expect(await closed(id)).toBe('done');
    return id;
  };

  test('the rules are read by another way than the product’s, and see what is planted in the example', () => {
    expect(planted.filter((what) => !what.startsWith('week: '))).toEqual(PLANTED);
    expect(planted).toContain('week: yusuf 2026-03-09');
  });

  test('a review that swaps, assigns and asks', async () => {
    await reviewed(on, 'first', 'staffing');
    await on.until('emre is asked, and the rest is done', () => Promise.resolve(watch.seen().open > 0 && watch.seen().changes >= 4)); // by a review of the records that came in, it may be
    const { broken, changes, commits } = watch.seen();
    expect(broken).toEqual([]);
    expect([changes, commits > 50]).toEqual([4, true]); // three swaps and an assignment, each of them whole
  });

  test('a word that is given, and the shift that comes of it', async () => {
    await watch.begin(on);
    const [question] = (await on.app.client.consents(operator, {})).filter(({ state }) => state === 'asked');
    await on.app.client.answer_consent(as('emre'), { id: question?.key ?? '', word: 'given' });
    await on.until('emre has it', () => Promise.resolve(watch.seen().changes === 1));
    expect(watch.seen().broken).toEqual([]);
  });

  test.each([
    ['whoever takes the shift goes on leave', 'emre', '2026-03-17'],
    ['whoever gives it goes on leave', 'paul', '2026-03-18'],
  ])('a swap and a leave of one day, decided at once: %s', async (_what, person, day) => {
    await watch.begin(on);
    const leave = await onLeave(person, day);
    const swap = { site: 'mill-lane', day, shift: 'stores', from: 'paul', to: 'emre', back: null };
    const [, id] = await Promise.all([approve(leave), propose('swap_shift', swap)]);
    expect(await closed(leave)).toBe('done');
    expect(['done', 'denied', 'failed']).toContain(await closed(id));
    const { broken, commits } = watch.seen();
    expect([broken, commits > 8]).toEqual([[], true]);
  });

  test('a word that is refused while the same person goes on leave, and another takes the shift', async () => {
    await watch.begin(on);
    const shift = { site: 'mill-lane', day: '2026-03-05', shift: 'early', skill: 'joiner' };
    const key = await asked('aylin', shift);
    const leave = await onLeave('aylin', '2026-03-05');
    await Promise.all([
      approve(leave),
      on.app.client.answer_consent(as('aylin'), { id: key, word: 'refused' }),
      propose('assign_shift', { ...shift, person: 'aylin' }).then(closed),
    ]);
    expect(await closed(leave)).toBe('done');
    const { broken, open } = watch.seen();
    expect([broken, open > 0]).toEqual([[], true]);
  });
});

/** Each step is one transaction, or a few that belong together; between two steps of one process others take theirs. */
type Process = AsyncGenerator<void, void>;

interface Move {
  readonly change: Extract<Change, { kind: 'swap' }>;
  readonly asks: readonly { readonly person: string; readonly slot: Slot; readonly gives: Slot | null; readonly skill: string; readonly insteadOf: string }[];
}

const FROM = LocalDate.parse('2026-03-03');
const UNTIL = LocalDate.parse('2026-03-20');
const TODAY = LocalDate.parse('2026-03-02');
const RUNS = 8; // some twenty seconds; each is sixty commits and more
const KEPT = ['rota', 'leave_request', 'consent', 'rota_week', 'rota_change'] as const;

/** A longer notice: so that an exchange takes the word of both. */
const NOTICE = { notice_days: 12, on_day_off: true, answer_days: 1, source: 'works agreement' };
const noticed = ({ desired, ...files }: Organization): Organization => ({
  ...files,
  desired: { ...desired, staffing: { ...desired.staffing, consent: NOTICE } },
});

describe('in any order', () => {
  const watch = new RotaWatch();
  let on: Stage;
  let as: (person: string) => Caller;
  let moves: readonly Move[];
  let base: readonly (readonly [string, string])[];
  beforeAll(async () => {
    on = await stage(inject('services'), { change: (files) => noticed(change(files)), around: watch.around });
    await on.app.begin();
    as = await caller(on);
    base = await Promise.all(
      KEPT.map(async (table) => {
        const [row] = await on.rows<{ all: unknown }>(`select coalesce(json_agg(t), '[]') "all" from ${table} t where org = $1`, [on.organization.id]);
        return [table, JSON.stringify(row?.all)] as const;
      }),
    );
    moves = await possible();
  }, 90_000);
  afterAll(() => on.close());

  /** Everything as it was: what was proposed is closed, and long ago. */
  async function anew(): Promise<void> {
    for (const [table, rows] of base) {
      await on.rows(`delete from ${table} where org = $1`, [on.organization.id]);
      await on.rows(`insert into ${table} select * from jsonb_populate_recordset(null::${table}, $1)`, [rows]);
    }
    await on.rows(`update proposal set outcome = coalesce(outcome, 'declined'), created_at = created_at - interval '1 day' where org = $1`, [
      on.organization.id,
    ]);
  }

  /** Swaps that nothing forbids by themselves, once who must be asked has agreed. */
  async function possible(): Promise<readonly Move[]> {
    const { frame, files } = await on.app.world.store.tx(on.organization.id, async (tx) => {
      const reads = staffingReads(sqlOf(tx), tx.org);
      return { frame: await reads.frame(TODAY), files: await reads.files(LocalDate.parse('2026-02-16'), LocalDate.parse('2026-04-04')) };
    });
    const duties = files.flatMap((file) => file.duties).filter(({ day }) => day >= FROM && day <= UNTIL);
    const found: Move[] = [];
    for (const { person: from, skill, ...slot } of duties)
      for (const { person: to } of files)
        for (const back of [null, ...duties.filter((duty) => duty.person === to && duty.site === slot.site)]) {
          if (from === to) continue;
          const given = back && { site: back.site, day: back.day, shift: back.shift };
          const swap = { kind: 'swap', slot, from, to, back: given } as const;
          if (brokenBy(judged(frame, swap, files, true)).some(({ id }) => id !== 'staffing.consent')) continue;
          const takes = [
            { person: to, slot, gives: given, skill, insteadOf: from },
            ...(back ? [{ person: from, slot: { site: back.site, day: back.day, shift: back.shift }, gives: slot, skill: back.skill, insteadOf: to }] : []),
          ];
          const bound = (person: string, of: Slot) => files.some((file) => file.person === person && consentNeeded(frame, file, of));
          found.push({ change: swap, asks: takes.filter((take) => bound(take.person, take.slot)) });
        }
    return found.flatMap((move) => (move.change.back === null ? [move] : Array.from({ length: 8 }, () => move))); // exchanges are few
  }

  const ended = new Map<string, number>(); // over all runs, by tool and outcome
  async function* carriedOut(tool: string, args: JsonObject): AsyncGenerator<void, ProposalId> {
    const { world, client } = on.app;
    const id = ProposalId.parse((await client.propose(as('viktor'), wish(tool, args))).id);
    yield;
    for (let round = 1; round < 6; round++) {
      const step = await judge(world, on.organization.id, id, round);
      yield;
      if (step.next === 'closed') break;
      if (step.next === 'wait') {
        const choice = tool === 'decide_leave' ? 'approve' : 'decline'; // no rule is lifted
        await client.decide(as('nadia'), { id, choice, reason: 'as it was agreed' });
        yield;
        continue;
      }
      const warrant = await issueWarrant(world, on.organization.id, id, step.decision, round);
      yield;
      const intent = await commitIntent(world, on.organization.id, id, warrant);
      yield;
      if (intent.state === 'committed') await perform(world, on.organization.id, id);
      if (intent.state !== 'stale') break;
    }
    const outcome = `${tool} ${(await client.task(operator, { id })).outcome ?? 'open'}`;
    ended.set(outcome, (ended.get(outcome) ?? 0) + 1);
    return id;
  }

  async function* moving({ change: { slot, from, to, back }, asks }: Move, word: 'given' | 'refused'): Process {
    for (const { person, slot: taken, gives, skill, insteadOf } of asks) {
      const id = yield* carriedOut('ask_consent', { ...taken, skill, person, instead_of: insteadOf, gives: gives && { ...gives } });
      yield;
      if ((await on.app.client.consents(operator, {})).some(({ key, state }) => key === id && state === 'asked'))
        await on.app.client.answer_consent(as(person), { id, word });
      yield;
    }
    yield* carriedOut('swap_shift', { ...slot, from, to, back: back && { ...back } });
  }

  async function* leaving(person: string, day: string, n: number): Process {
    const leave = `L-R-${n}`;
    await on.rows(
      `insert into leave_request (org, id, person, kind, from_date, until_date, requested_on, state) values ($1, $2, $3, 'leave', $4, $4, '2026-03-02', 'requested')`,
      [on.organization.id, leave, person, day],
    );
    yield;
    yield* carriedOut('decide_leave', { leave, decision: 'grant', reason: 'as they asked for it' });
  }

  const near = ({ change: a }: Move): readonly Move[] =>
    moves.filter(
      ({ change: b }) =>
        [a.from, a.to].some((one) => one === b.from || one === b.to) && Math.abs(Date.parse(a.slot.day) - Date.parse(b.slot.day)) <= 3 * 86_400_000,
    );
  const pick = (all: readonly Move[], n: number): Move => all[n % all.length] ?? expect.fail('no swap is possible');

  const totals = { changes: 0, open: 0, commits: 0 };
  async function run(chosen: readonly number[], answers: readonly boolean[], order: readonly (readonly [number, number])[]): Promise<void> {
    const [a = 0, b = 0, c = 0] = chosen;
    const first = pick(moves, a);
    const others = [pick(near(first), b), pick(near(first), c)];
    const word = (n: number) => (answers[n] ? 'given' : 'refused');
    const { to } = first.change;
    const processes: Process[] = [
      ...[first, ...others].map((move, n) => moving(move, word(n))),
      ...(to === 'nadia' || to === 'viktor' ? [] : [leaving(to, first.change.slot.day, 1)]), // whose own leave neither of them decides
    ];
    await watch.begin(on);
    const step = async (n: number) => void (await processes[n % processes.length]?.next());
    for (const [one, other] of order) await Promise.all([step(one), ...((one - other) % processes.length === 0 ? [] : [step(other)])]);
    for (const process of processes) for await (const _ of process);
    const seen = watch.seen();
    totals.changes += seen.changes;
    totals.open += seen.open;
    totals.commits += seen.commits;
    await anew();
    expect(seen.broken, JSON.stringify([first, ...others])).toEqual([]);
  }

  test('steps of swaps, words and a leave about the same people and days, one at a time or two at once, keep every rule after each commit', async () => {
    expect([moves.length > 50, moves.some(({ asks }) => asks.length === 2), moves.some(({ asks }) => asks.length === 0)]).toEqual([true, true, true]);
    const two = fc.tuple(fc.nat(3), fc.nat(3));
    await fc.assert(
      fc.asyncProperty(
        fc.tuple(fc.nat(9_999), fc.nat(9_999), fc.nat(9_999)),
        fc.tuple(...[1, 2, 3].map(() => fc.oneof({ weight: 3, arbitrary: fc.constant(true) }, { weight: 1, arbitrary: fc.constant(false) }))),
        fc.array(two, { minLength: 10, maxLength: 40 }),
        run,
      ),
      { numRuns: RUNS, endOnFailure: true },
    );
    process.stdout.write(`rest-between: ${totals.commits} commits seen, ${totals.changes} changes of the rota; ${JSON.stringify([...ended])}\n`);
    expect([totals.commits > 20 * RUNS, totals.changes > 2, totals.open > 0]).toEqual([true, true, true]);
    expect(['swap_shift done', 'decide_leave done', 'ask_consent done'].filter((what) => !ended.has(what))).toEqual([]);
  }, 300_000);
});
