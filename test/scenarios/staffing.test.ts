/** The workshop's rota through review, gate and receipt. */
import { randomUUID } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, inject, test } from 'vitest';
import { staffingReads, staffingWrites } from '../../src/adapters/postgres/staffing.ts';
import { sqlOf } from '../../src/adapters/postgres/store.ts';
import type { Caller, TaskCard } from '../../src/client.ts';
import { assigning } from '../../src/domains/staffing/calls.ts';
import { Duty, Site } from '../../src/domains/staffing/records.ts';
import { Dataset } from '../../src/kernel/evals.ts';
import { ProposalId } from '../../src/kernel/ids.ts';
import type { JsonObject } from '../../src/kernel/nouns.ts';
import { LocalDate } from '../../src/kernel/time.ts';
import { clock } from '../fixtures/books.ts';
import { reviewed, stage, type Stage } from '../fixtures/stage.ts';

let on: Stage;
let people: Record<'nadia' | 'viktor' | 'johanna' | 'emre' | 'aylin' | 'zoe' | 'greta', Caller>;
const operator: Caller = { kind: 'operator' };
beforeAll(async () => {
  on = await stage(inject('services'), {
    // a second person of staffing, so that one may propose what the other decides
    change: (organization) => ({
      ...organization,
      people: organization.people.map((person) => (person.id === 'viktor' ? { ...person, roles: [...person.roles, 'staffing'] } : person)),
    }),
  });
  await on.app.begin();
  await on.worker();
  await reviewed(on, 'first', 'staffing');
  const known = async (id: string) => on.person(id);
  people = {
    nadia: await known('nadia'),
    viktor: await known('viktor'),
    johanna: await known('johanna'),
    emre: await known('emre'),
    aylin: await known('aylin'),
    zoe: await known('zoe'),
    greta: await known('greta'),
  };
}, 90_000);
afterAll(() => on.close());

const planted = Dataset.parse(JSON.parse(readFileSync(new URL('../../evals/scheduler/dataset.json', import.meta.url), 'utf8')));
const drifts = async () =>
  (
    await on.rows<{ key: string }>(`select key from drift where org = $1 and reconciler like 'staffing.%' and state <> 'gone' order by key`, [
      on.organization.id,
    ])
  ).map(({ key }) => key);
const asked = (tool: string): Promise<TaskCard[]> => on.tasks().then((tasks) => tasks.filter((task) => task.tool === `staffing.${tool}`));
const about = async (tool: string, word: string): Promise<TaskCard | undefined> => (await asked(tool)).find(({ args }) => JSON.stringify(args).includes(word));
const propose = (by: Caller, tool: string, args: JsonObject) =>
  on.app.client.propose(by, { tool: `staffing.${tool}`, args, reason: 'as the work asks for it', message: randomUUID() });
const check = (tool: string, args: JsonObject) => on.app.client.gate_check(operator, { agent: 'scheduler', tool: `staffing.${tool}`, args, onBehalfOf: null });
const rotaOf = async (person: string, day: string) =>
  (
    await on.rows<{ slot: string }>(`select site || '/' || shift slot from rota where org = $1 and person = $2 and day = $3 order by 1`, [
      on.organization.id,
      person,
      day,
    ])
  ).map(({ slot }) => slot);
const version = (site: string, day: string) =>
  on.app.world.store.tx(on.organization.id, (tx) => staffingReads(sqlOf(tx), tx.org).version(Site.parse(site), LocalDate.parse(day)));
const calendars = async (person: string) =>
  (
    await on.rows<{ content: string }>(`select content from outbox_file where org = $1 and name like $2 order by name`, [
      on.organization.id,
      `rota-${person}-%`,
    ])
  )
    .map(({ content }) => content.replaceAll('\r\n ', ''))
    .join('');
const closed = (id: string) =>
  on
    .until(`${id} is closed`, async () => ((await on.app.client.task(operator, { id })).outcome ?? null) !== null)
    .then(() => on.app.client.task(operator, { id }));

test('every record of the example is filed', async () => {
  expect(await on.rows(`select name, reason from record_file where org = $1 and state <> 'filed'`, [on.organization.id])).toEqual([]);
});

test('the review sees what was planted, and nothing else', async () => {
  const expected = planted.filter((one) => one.expect !== 'nothing').map(({ kind, subject }) => `staffing.${kind}/${subject}`);
  expect(await drifts()).toEqual(expected.sort());
});

describe('a shift that is short', () => {
  test('is closed by one person more, who can and may; rota, version and calendar change together', async () => {
    const task = await about('assign_shift', '2026-03-12');
    expect(task).toMatchObject({ outcome: 'done', args: { person: 'aylin', shift: 'late', skill: 'machinist' }, decision: { verdict: 'permit' } });
    expect(task?.card).toMatchObject([{ label: 'Put' }, { label: 'On' }, { label: 'As' }, { label: 'Beside' }]);
    expect(task?.card.some(({ before }) => before !== undefined)).toBe(false); // whoever works there stays
    expect(await rotaOf('aylin', '2026-03-12')).toEqual(['mill-lane/late']);
    const [row] = await on.rows<{ version: number }>('select version from rota_change where org = $1 and key = $2', [on.organization.id, task?.id]);
    const text = await calendars('aylin');
    expect(text).toContain(`UID:mill-lane/2026-03-12/late/aylin@charter`);
    expect(text).toContain('DTSTART:20260312T130000Z');
    expect(text).toContain(`SEQUENCE:${row?.version}\r\n`);
    expect(await version('mill-lane', '2026-03-12')).toBeGreaterThanOrEqual(row?.version ?? 99);
  });
  test('and at short notice nobody is put on it before they agreed', async () => {
    const args = { site: 'station-yard', day: '2026-03-04', shift: 'day', skill: 'forklift', person: 'emre' };
    expect(await check('assign_shift', args)).toMatchObject({ verdict: 'deny', articles: [{ id: 'staffing.consent' }] });
    expect(await rotaOf('emre', '2026-03-04')).toEqual([]);
    expect(await about('ask_consent', '2026-03-04')).toMatchObject({ outcome: 'done', args: { person: 'emre' } });
  });
});

describe('what is wrong with somebody’s rota', () => {
  test.each([
    ['two shifts at once', 'paul', 'emre', '2026-03-10', ['station-yard/day'], ['mill-lane/stores']],
    ['a certificate that lapsed', 'jakub', 'emre', '2026-03-11', [], ['station-yard/day']],
    ['too little rest', 'henrik', 'aylin', '2026-03-11', [], ['mill-lane/early']],
  ])('%s: one shift goes to another, and nothing else changes', async (_what, from, to, day, left, taken) => {
    const swaps = (await asked('swap_shift')).filter(({ args }) => args['from'] === from);
    expect(swaps).toMatchObject([{ outcome: 'done', args: { to, day, back: null } }]);
    expect([await rotaOf(from, day), await rotaOf(to, day)]).toEqual([left, taken]);
    expect(await calendars(from)).toContain('STATUS:CANCELLED');
    expect(await calendars(to)).toContain('STATUS:CONFIRMED');
  });
  test('reviewed again, it is mended, and nothing is proposed twice', async () => {
    const before = (await on.tasks()).length;
    await reviewed(on, 'second', 'staffing');
    expect(await on.tasks()).toHaveLength(before);
    const left = (await drifts()).filter((key) => /double_booking|rest_rule|certificate_missing/.test(key));
    expect(left).toEqual([]);
  });
});

describe('whose shifts change without their own word', () => {
  const told = async (by: Caller) => (await on.app.client.rota_changes(by, {})).map(({ person, what }) => `${person}: ${what}`);
  test('is told of it, whoever gives a shift up and whoever takes it on', async () => {
    expect([...(await told(operator))].sort()).toEqual([
      'aylin: 2026-03-11 early at mill-lane is yours, from henrik',
      'aylin: 2026-03-12 late at mill-lane is yours',
      'emre: 2026-03-10 stores at mill-lane is yours, from paul',
      'emre: 2026-03-11 day at station-yard is yours, from jakub',
      'henrik: 2026-03-11 early at mill-lane goes to aylin',
      'jakub: 2026-03-11 day at station-yard goes to emre',
      'paul: 2026-03-10 stores at mill-lane goes to emre',
    ]);
  });
  test('sees that alone; staffing sees all of it', async () => {
    expect(await told(people.emre)).toHaveLength(2);
    expect([await told(people.zoe), (await told(people.nadia)).length]).toEqual([[], 7]);
  });
});

describe('the word of a person', () => {
  test('is theirs alone, by their own token', async () => {
    const [question] = await on.app.client.consents(people.emre, {});
    expect(question).toMatchObject({ person: 'emre', state: 'asked', answerBy: '2026-03-03' });
    expect(await on.app.client.consents(people.zoe, {})).toEqual([]);
    for (const other of [people.zoe, people.nadia, people.johanna])
      await expect(on.app.client.answer_consent(other, { id: question?.key ?? '', word: 'given' })).rejects.toMatchObject({ code: 'role_missing' });
    await expect(on.app.client.answer_consent(operator, { id: question?.key ?? '', word: 'given' })).rejects.toMatchObject({ code: 'person_needed' });
    expect(await on.app.client.consents(people.nadia, {})).toMatchObject([{ person: 'emre', state: 'asked' }]);
  });
  test('given, the shift is theirs by the review that it starts', async () => {
    const [question] = await on.app.client.consents(people.emre, {});
    expect(await on.app.client.answer_consent(people.emre, { id: question?.key ?? '', word: 'given' })).toMatchObject({ state: 'given' });
    await on.until('emre is on the rota', async () => (await rotaOf('emre', '2026-03-04')).length === 1);
    expect(await about('assign_shift', '2026-03-04')).toMatchObject({ args: { person: 'emre' }, decision: { verdict: 'permit' } });
    const why = await on.app.client.why(operator, { id: question?.key ?? '' });
    expect(why.map(({ type }) => type)).toContain('receipt.given');
    await expect(on.app.client.answer_consent(people.emre, { id: question?.key ?? '', word: 'refused' })).rejects.toMatchObject({ code: 'not_open' });
    expect((await on.app.client.rota_changes(people.emre, {})).filter(({ what }) => what.includes('2026-03-04'))).toEqual([]); // nobody is told of their own word
  });
  test('refused, nobody is put on it, and nobody asks again', async () => {
    const args = { site: 'mill-lane', day: '2026-03-05', shift: 'early', skill: 'joiner', person: 'aylin' };
    await closed((await propose(people.nadia, 'ask_consent', { ...args, instead_of: null, gives: null })).id);
    const [question] = await on.app.client.consents(people.aylin, {});
    await on.app.client.answer_consent(people.aylin, { id: question?.key ?? '', word: 'refused' });
    expect(await check('assign_shift', args)).toMatchObject({ verdict: 'deny' });
    expect(await check('ask_consent', { ...args, instead_of: null, gives: null })).toMatchObject({ verdict: 'deny', articles: [{ id: 'staffing.ask' }] });
  });
  test('is not asked for what it could not make possible', async () => {
    const judged = await check('ask_consent', {
      site: 'mill-lane',
      day: '2026-03-05',
      shift: 'early',
      skill: 'machinist',
      person: 'samuel',
      instead_of: null,
      gives: null,
    });
    expect(judged).toMatchObject({ verdict: 'deny', articles: [{ id: 'staffing.ask' }] });
  });
});

describe('a swap', () => {
  test.each([
    ['an early shift after a late one', { site: 'mill-lane', day: '2026-03-18', shift: 'early', from: 'samuel', to: 'henrik', back: { site: 'mill-lane', day: '2026-03-18', shift: 'late' } }, 'staffing.rest'], // prettier-ignore
    ['a shift beside the same one', { site: 'mill-lane', day: '2026-03-18', shift: 'early', from: 'samuel', to: 'lotte', back: null }, 'staffing.declared'],
    [
      'a machine without its certificate',
      { site: 'mill-lane', day: '2026-03-18', shift: 'early', from: 'greta', to: 'clara', back: null },
      'staffing.certificate',
    ],
    ['what somebody has not got', { site: 'mill-lane', day: '2026-03-18', shift: 'early', from: 'henrik', to: 'aylin', back: null }, 'staffing.declared'],
  ])('to %s is denied, whoever asks', async (_what, args, article) => {
    const judged = await check('swap_shift', args);
    expect(judged.verdict).toBe('deny');
    expect(judged.articles.map(({ id }) => id)).toContain(article);
  });
});

test('of two assignments of one person at once, decided at once, only one passes', async () => {
  const of = (shift: string, skill: string) => ({ site: 'mill-lane', day: '2026-03-17', shift, skill, person: 'emre' });
  const both = await Promise.all([
    propose(people.viktor, 'assign_shift', of('office', 'office')),
    propose(people.viktor, 'assign_shift', of('stores', 'stores')),
  ]);
  for (const { id } of both) await on.until('it waits', async () => (await on.app.client.task(operator, { id })).waits);
  await Promise.all(both.map(({ id }) => on.app.client.decide(people.nadia, { id, choice: 'approve', reason: '' })));
  const ended = await Promise.all(both.map(({ id }) => closed(id)));
  expect(ended.map(({ outcome }) => outcome).sort()).toEqual(['denied', 'done']);
  expect(await rotaOf('emre', '2026-03-17')).toHaveLength(1);
});

test('a change is made on what it was judged on, or not at all', async () => {
  const task = await about('assign_shift', '2026-03-12');
  const key = ProposalId.parse(task?.id);
  const duty = Duty.parse(task?.args);
  const again = (change: string): Promise<string> =>
    on.app.world.store
      .tx(on.organization.id, async (tx) => {
        const sql = sqlOf(tx);
        const own = [tx.org, duty.person, duty.day];
        for (const table of ['rota_change', 'rota_told']) await sql(`delete from ${table} where org = $1 and key = $2`, [tx.org, key]);
        await sql('delete from outbox_file where org = $1 and name = $2', [tx.org, `rota-aylin-${key.slice(4, 14)}.ics`]);
        await sql('delete from rota where org = $1 and person = $2 and day = $3', own); // as it stood when it was judged
        if (change !== '') await sql(change, own);
        const done = await staffingWrites(sql, tx.org, clock('2026-03-02')).change(assigning(duty), duty, key);
        throw new RangeError(`done, version ${done.version > 0}`); // undone: the rota stays as it is
      })
      .catch((error: unknown) => (error instanceof Error ? ('code' in error ? String(error.code) : error.message) : 'no error'));
  expect(await again('')).toBe('done, version true');
  expect(
    await again(
      `insert into leave_request (org, id, person, kind, from_date, until_date, requested_on, state) values ($1, 'L-X', $2, 'other', $3, $3, '2026-03-02', 'granted')`,
    ),
  ).toBe('rota_changed');
});

describe('leave', () => {
  test('is proposed as the rota bears it, and waits for its person', async () => {
    const waiting = (await asked('decide_leave')).filter(({ waits }) => waits);
    const told = waiting.map(({ args, decision }) => [args['leave'], args['decision'], decision?.needs[0]?.role]).sort();
    expect(told).toEqual([
      ['L-2026-015', 'grant', 'staffing'],
      ['L-2026-016', 'refuse', 'staffing'],
      ['L-2026-017', 'grant', 'staffing'],
      ['L-2026-018', 'grant', 'owner'],
    ]);
    expect(waiting.map(({ card }) => card.find(({ label }) => label === 'Days')?.value).sort()).toEqual([
      '2026-03-09', // one day is said once
      '2026-03-10 to 2026-03-11',
      '2026-03-16 to 2026-03-20',
      '2026-04-06 to 2026-04-10',
    ]);
    expect((await about('decide_leave', 'L-2026-016'))?.card.find(({ label }) => label === 'Because')?.value).toContain('joiner for late on 2026-03-11');
    expect((await about('decide_leave', 'L-2026-017'))?.card.find(({ label }) => label === 'Taken off')?.value).toBe('2026-03-09 day at station-yard');
  });
  const decide = async (by: Caller, leave: string) => {
    const id = (await about('decide_leave', leave))?.id ?? '';
    await on.app.client.decide(by, { id, choice: 'approve', reason: '' });
    expect(await closed(id)).toMatchObject({ outcome: 'done' });
    const [row] = await on.rows<{ state: string }>('select state from leave_request where org = $1 and id = $2', [on.organization.id, leave]);
    return row?.state;
  };
  test('granted, takes the person off the rota with it', async () => {
    expect(await decide(people.nadia, 'L-2026-017')).toBe('granted');
    expect(await rotaOf('mira', '2026-03-09')).toEqual([]);
    expect(await calendars('mira')).toContain('STATUS:CANCELLED');
    const judged = await check('assign_shift', { site: 'station-yard', day: '2026-03-09', shift: 'day', skill: 'joiner', person: 'mira' });
    expect(judged.articles.map(({ id }) => id)).toContain('staffing.away');
  });
  test('refused, leaves the rota as it was', async () => {
    expect(await decide(people.nadia, 'L-2026-016')).toBe('refused');
    expect(await rotaOf('lotte', '2026-03-11')).toEqual(['mill-lane/late']);
  });
  test('of staffing itself is decided by the owner, and not by whoever asks for it', async () => {
    const id = (await about('decide_leave', 'L-2026-018'))?.id ?? '';
    await expect(on.app.client.decide(people.nadia, { id, choice: 'approve', reason: '' })).rejects.toMatchObject({ code: 'not_eligible' });
    expect(await decide(people.johanna, 'L-2026-018')).toBe('granted');
  });
  test('that came in as granted after the rota was made is seen, and the shift goes to another or people are told', async () => {
    const [duty] = await on.rows<{ person: string; day: string }>(
      `select person, day::text from rota where org = $1 and person not in ('mira', 'lotte', 'henrik', 'paul', 'emre', 'jakub', 'aylin') and day > '2026-03-09' order by day, person limit 1`,
      [on.organization.id],
    );
    if (!duty) throw new Error('nobody is planned');
    const list = `id,person,kind,first_day,last_day,requested_on,state\nL-2026-990,${duty.person},other,${duty.day},${duty.day},2026-03-02,granted\n`;
    const [row] = await on.app.client.add_records(people.nadia, { files: [{ name: 'more-leave.csv', base64: Buffer.from(list).toString('base64') }] });
    expect(row).toMatchObject({ state: 'filed' });
    await reviewed(on, 'away', 'staffing');
    expect((await drifts()).filter((key) => key.includes('planned_away'))).toEqual([expect.stringContaining(duty.person)]);
    const made = async () =>
      (await on.tasks()).filter(({ args }) => JSON.stringify(args).includes(duty.day) && [args['from'], args['instead_of']].includes(duty.person));
    await on.until('what the review proposes waits', async () => (await made()).length > 0);
    expect((await made()).map(({ tool }) => tool)).toEqual([expect.stringMatching(/^staffing\.(swap_shift|ask_consent)$/)]);
  });
  test('is decided once', async () => {
    expect(await check('decide_leave', { leave: 'L-2026-016', decision: 'grant', reason: 'after all' })).toMatchObject({ verdict: 'deny' });
  });
});

describe('questions', () => {
  const answer = async (text: string): Promise<string> => {
    const { turn } = await on.app.client.ask(people.greta, { text, agent: 'scheduler', conversation: 'c', message: randomUUID() });
    let said = '';
    await on.until('it is answered', async () => {
      const now = await on.app.client.answer(people.greta, { turn });
      said = now.answer ?? '';
      return now.state === 'answered';
    });
    return said;
  };
  test('who works on a day', async () => expect(await answer('Who works on Thursday?')).toContain('- late at mill-lane: henrik (joiner), tomas (machinist)'));
  test('who is off, without why anybody else is away', async () => {
    expect(await answer('Who is off on 2026-03-12?')).toContain('On leave on 2026-03-12: greta (until 2026-03-12).');
    expect(await answer('Who is off on 2026-03-04?')).toContain('Nobody is on leave on 2026-03-04.');
  });
});
