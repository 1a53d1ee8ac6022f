/** Cards by day, escalation before expiry, and a person asked by name: on the workshop's bills. */
import { afterAll, beforeAll, describe, expect, inject, test } from 'vitest';
import { tend } from '../../src/activities/tend.ts';
import type { Caller, TaskCard } from '../../src/client.ts';
import { PersonId } from '../../src/kernel/ids.ts';
import { Money } from '../../src/kernel/money.ts';
import { inboxList, line } from '../../src/surfaces/cli/render.ts';
import { shelved } from '../../src/surfaces/grouped.ts';
import { reviewed, stage, type Stage } from '../fixtures/stage.ts';

const PER_DAY = 2;
const DAY_MS = 86_400_000;
let on: Stage;
let people: Record<'clara' | 'emre' | 'johanna' | 'greta', Caller>;
const operator: Caller = { kind: 'operator' };
beforeAll(async () => {
  on = await stage(inject('services'), { change: (organization) => ({ ...organization, inbox: { cards_per_day: PER_DAY, quiet_days: 14 } }) });
  await on.app.begin();
  await on.worker();
  await reviewed(on, 'first');
  people = { clara: await on.person('clara'), emre: await on.person('emre'), johanna: await on.person('johanna'), greta: await on.person('greta') };
}, 180_000);
afterAll(() => on.close());

const inbox = async (caller: Caller) => (await on.app.client.inbox(caller, { all: false })).tasks;
const of = (who: string, tasks: readonly TaskCard[]) => tasks.filter(({ may }) => may.some(({ person }) => person === who));
const cards = async (who: 'clara' | 'emre') => of(who, shelved(await inbox(people[who])).cards);
const kept = (who: string) =>
  on.rows<{ proposal: string; day: string }>('select proposal, day::text as day from card where org = $1 and person = $2 and not urgent order by 2, 1', [
    on.organization.id,
    who,
  ]);
const minor = ({ args }: TaskCard) => Money.safeParse(args['amount']).data?.minor ?? 0;

describe('new cards of a day', () => {
  test('are bounded; the rest is one card of its agent, decided one by one all the same, and none is missing', async () => {
    const all = of('clara', await inbox(operator));
    expect(all.length).toBeGreaterThan(PER_DAY * 2);
    const mine = of('clara', await inbox(people.clara));
    expect(mine.map(({ id }) => id).sort()).toEqual(all.map(({ id }) => id).sort());
    const { cards: shown, groups } = shelved(mine);
    expect(shown).toHaveLength(PER_DAY);
    expect(groups).toMatchObject([{ agent: 'finance-analyst', says: `${all.length - PER_DAY} more of the finance analyst wait; open the list` }]);
    expect(Math.min(...shown.map(minor))).toBeGreaterThanOrEqual(Math.max(...(groups[0]?.tasks ?? []).map(minor))); // the most money first
    expect((await kept('clara')).map(({ day }) => day)).toEqual(['2026-03-02', '2026-03-02']);
    expect(await kept('greta')).toEqual([]);
  });
  test('the command line shows the group, and opened all that is in it', async () => {
    const mine = of('clara', await inbox(people.clara));
    expect(inboxList(mine, false).split('\n')).toHaveLength(PER_DAY + 1);
    for (const task of mine) expect(inboxList(mine, true)).toContain(line(task));
  });
  test('looking again, or deciding one, makes no more of them that day', async () => {
    const before = await kept('clara');
    const [first] = await cards('clara');
    await on.app.client.decide(people.clara, { id: first?.id ?? '', choice: 'decline', reason: 'not this month' });
    await on.until('it is declined', async () => (await on.app.client.task(operator, { id: first?.id ?? '' })).outcome === 'declined');
    await inbox(people.clara);
    expect(await kept('clara')).toEqual(before);
    expect(await cards('clara')).toHaveLength(PER_DAY - 1);
  });
  test('what is grouped can be decided', async () => {
    const [task] = shelved(of('clara', await inbox(people.clara))).groups[0]?.tasks ?? [];
    expect(await on.app.client.decide(people.clara, { id: task?.id ?? '', choice: 'decline', reason: 'I looked into the list' })).toMatchObject({
      counted: true,
    });
  });
  test('the next day the next become cards', async () => {
    await on.app.client.advance_clock(operator, { ms: DAY_MS });
    await inbox(people.clara);
    expect((await kept('clara')).map(({ day }) => day)).toEqual(['2026-03-02', '2026-03-02', '2026-03-03', '2026-03-03']);
  });
});

describe('before a task expires', () => {
  let late: TaskCard;
  const passed = (share: number) =>
    on.past(
      `update decision set at = now() - interval '1000 minutes' * $3::float8, expires_at = now() + interval '1000 minutes' * (1 - $3::float8) where org = $1 and proposal = $2`,
      [on.organization.id, late.id, share],
    );
  beforeAll(async () => {
    const tasks = of(
      'emre',
      shelved(await inbox(people.emre)).groups.flatMap((group) => group.tasks),
    );
    late = tasks.at(-1) ?? late;
  });
  test('nothing is escalated while there is time', async () => {
    await passed(0.74);
    expect(await tend(on.app.world, on.organization.id)).toMatchObject({ escalated: 0 });
  });
  test('past three quarters it is, once: the manager is shown it, it comes first, and nobody became eligible', async () => {
    await passed(0.76);
    await on.until('it is escalated', async () => {
      await tend(on.app.world, on.organization.id);
      return (await on.app.client.task(operator, { id: late.id })).escalated !== null;
    });
    expect(await tend(on.app.world, on.organization.id)).toMatchObject({ escalated: 0 });
    const events = await on.rows<{ id: string; causes: number }>(
      `select e.id, (select count(*)::int from event_cause c where c.org = e.org and c.effect = e.id) causes from event e where e.org = $1 and e.type = 'task.escalated'`,
      [on.organization.id],
    );
    expect(events).toMatchObject([{ causes: 2 }]);
    const [first] = await inbox(people.emre);
    expect(first).toMatchObject({ id: late.id, grouped: false, escalated: { people: ['johanna'] }, may: late.may });
    expect(line(first ?? late)).toContain('ESCALATED');
    expect((await on.app.client.why(operator, { id: events[0]?.id ?? '' })).at(-1)?.says).toBe(
      'most of its time was over, and nobody had decided it: johanna were shown it',
    );
  });
  test('who was shown it and is not eligible decides nothing', async () => {
    if (late.may.some(({ person }) => person === 'johanna')) throw new Error('choose a task that johanna may not decide');
    await expect(on.app.client.decide(people.johanna, { id: late.id, choice: 'approve', reason: '' })).rejects.toMatchObject({ code: 'not_eligible' });
  });
});

describe('a person asked by name', () => {
  const asked = async () => shelved(of('emre', await inbox(people.emre))).groups.flatMap(({ tasks }) => tasks)[0];
  test('has to be one who may decide it; else it says who may, and nobody is asked', async () => {
    const task = await asked();
    await expect(on.app.client.nudge(people.clara, { id: task?.id ?? '', to: PersonId.parse('greta') })).rejects.toMatchObject({
      code: 'not_eligible',
      message: expect.stringMatching(/`greta` may not decide this.*Who may: .*`emre`/) as string,
    });
    expect(await on.rows('select 1 from nudge where org = $1', [on.organization.id])).toEqual([]);
  });
  test('is shown it as a card, and who asked; asked twice is once', async () => {
    const task = await asked();
    const nudged = await on.app.client.nudge(people.clara, { id: task?.id ?? '', to: PersonId.parse('emre') });
    expect(nudged).toMatchObject({ asked: true, task: { nudged: [{ person: 'emre', by: 'clara' }], may: task?.may } });
    expect((await cards('emre')).map(({ id }) => id)).toContain(task?.id);
    expect(await on.app.client.nudge(people.clara, { id: task?.id ?? '', to: PersonId.parse('emre') })).toMatchObject({ asked: false });
    await on.app.client.decide(people.emre, { id: task?.id ?? '', choice: 'decline', reason: 'now that you ask' });
    expect(await on.app.client.nudge(people.clara, { id: task?.id ?? '', to: PersonId.parse('emre') })).toMatchObject({ asked: false });
  });
});
