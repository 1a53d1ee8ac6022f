/** Whose word a link to Slack is: the person's who made it with a token of their own, for as long as that stands. */
import { afterAll, beforeAll, describe, expect, inject, test } from 'vitest';
import { judge } from '../../src/activities/judge.ts';
import type { Caller } from '../../src/client.ts';
import { bills, propose } from '../fixtures/bills.ts';
import { spoken } from '../fixtures/slack.ts';
import { stage, type Stage } from '../fixtures/stage.ts';

const LARGE = 1_100_000; // minor units: finance and the owner decide
const TEAM = 'T1';

let on: Stage; // no example: tokens of the operator open nothing until they are exchanged
beforeAll(async () => {
  on = await stage(inject('services'), { change: (organization) => ({ ...organization, example: false }) });
  await on.app.client.ratify(await on.themselves('johanna'), {});
  await on.app.begin();
});
afterAll(() => on.close());

const inSlack = (user: string): Caller => ({ kind: 'slack', team: TEAM, user });
const token = async (by: Caller, person: string): Promise<Caller> => ({ kind: 'person', token: (await on.app.client.issue_token(by, { person })).token });
/** The first token by the operator, exchanged by the person. */
const own = async (person: string): Promise<Caller> => token(await on.person(person), person);
const codeFor = async (by: Caller, person: string): Promise<string> => (await on.app.client.slack_link(by, { person })).code;

let said = 0;
const send = (user: string, text: string, direct = true, team = TEAM) => {
  const ts = `17000${String((said += 1)).padStart(5, '0')}.000100`;
  const place = { team, user, channel: direct ? `D${user}` : 'C1', thread: ts, ts, direct };
  return spoken(on.app.slack, { ...place, event: `Ev${ts}`, text });
};
const link = async (by: Caller, person: string, user: string) => send(user, await codeFor(by, person));
const told = async (user: string): Promise<string> => {
  const rows = await on.rows<{ body: string }>('select body from slack_message where org = $1 and slack_user = $2 order by created_at desc limit 1', [
    on.organization.id,
    user,
  ]);
  return rows[0]?.body ?? '';
};
const me = (user: string) => on.app.client.me(inSlack(user), {});

describe('a link', () => {
  test('stands for whoever made it, and came through the same hands as the token that asked for it', async () => {
    await link(await own('clara'), 'clara', 'UCLARA');
    expect(await me('UCLARA')).toMatchObject({ person: 'clara' });
    const rows = await on.rows<{ issuers: string[]; issued_by: string }>(
      'select t.issuers, t.issued_by from token t join slack_link l on l.org = t.org and l.credential = t.token where t.org = $1',
      [on.organization.id],
    );
    expect(rows).toEqual([{ issuers: ['operator', 'clara'], issued_by: 'clara' }]);
  });

  test('is not made with a token that was not exchanged', async () => {
    await expect(codeFor(await on.person('emre'), 'emre')).rejects.toMatchObject({ code: 'token_unexchanged' });
  });

  test('is not made for another, by the owner or the operator', async () => {
    await expect(codeFor(await own('johanna'), 'clara')).rejects.toMatchObject({ code: 'not_own' });
    await expect(codeFor({ kind: 'operator' }, 'clara')).rejects.toMatchObject({ code: 'person_needed' });
    await expect(codeFor(inSlack('UCLARA'), 'clara')).rejects.toMatchObject({ code: 'person_needed' });
    await expect(codeFor(await own('johanna'), 'klara')).rejects.toThrow('`clara`');
  });

  test('is not made by an owner who issued a token for somebody and exchanged it, however often renewed', async () => {
    let theirs = await token(await own('johanna'), 'emre');
    await expect(codeFor(theirs, 'emre')).rejects.toMatchObject({ code: 'token_unexchanged' });
    for (let n = 0; n < 2; n++) {
      theirs = await token(theirs, 'emre');
      await expect(codeFor(theirs, 'emre')).rejects.toThrow('through the hands of `johanna`');
    }
  });

  test('makes no credentials', async () => {
    await expect(on.app.client.issue_token(inSlack('UCLARA'), { person: 'clara' })).rejects.toMatchObject({ code: 'person_needed' });
  });

  test('is not made once the token that asked for it is revoked', async () => {
    const emre = await own('emre');
    const code = await codeFor(emre, 'emre');
    await on.app.client.revoke_token(emre, { what: 'emre' });
    await send('UEMRE', code);
    expect(await told('UEMRE')).toContain('exchanged or revoked');
    await expect(me('UEMRE')).rejects.toMatchObject({ code: 'token_unknown' });
  });

  test('is one account of one person', async () => {
    await link(await own('johanna'), 'johanna', 'UCLARA');
    expect(await told('UCLARA')).toContain('linked to somebody else');
    await link(await own('clara'), 'clara', 'UOTHER');
    expect(await told('UOTHER')).toContain('another Slack account');
    expect(await me('UCLARA')).toMatchObject({ person: 'clara' });
  });

  test('opens nothing where its token would not', async () => {
    await link(await own('viktor'), 'viktor', 'UVIKTOR');
    await on.rows(
      `update token set issued_by = 'operator', issuers = '{operator}' where org = $1 and token in (select credential from slack_link where person = 'viktor')`,
      [on.organization.id],
    );
    await expect(me('UVIKTOR')).rejects.toMatchObject({ code: 'token_unexchanged' });
  });
});

describe('a vote through a link', () => {
  test('is asked for on the card of whoever it is shown to, where users of two teams have one id', async () => {
    await send('UCLARA', await codeFor(await own('johanna'), 'johanna'), true, 'T2');
    const [invoice = ''] = await bills(on, 3, 1, LARGE);
    const task = await propose(on, invoice, LARGE);
    await judge(on.app.world, on.organization.id, task, 1);
    const shown = async () => {
      await on.app.slack.keepUp();
      const rows = await on.rows<{ subject: string; n: number }>(
        `select g.subject, count(*)::int n from event e join event_group g on g.org = e.org and g.event = e.id and g.name = 'subject'
         where e.org = $1 and e.type = 'message.judged' and e.correlation = $2 group by 1 order by 1`,
        [on.organization.id, task],
      );
      return rows.map(({ subject, n }) => `${subject} ${n}`);
    };
    expect(await shown()).toEqual(['person/clara 1', 'person/johanna 1']);
    await on.app.client.decide(await own('johanna'), { id: task, choice: 'approve', reason: 'fine by me' });
    expect(await shown()).toEqual(['person/clara 2', 'person/johanna 2']);
    await on.app.client.slack_unlink(await own('johanna'), { person: 'johanna' });
  });

  test('counts as its person’s, beside the owner’s', async () => {
    const [invoice = ''] = await bills(on, 1, 1, LARGE);
    const task = await propose(on, invoice, LARGE);
    const round = (n: number) => judge(on.app.world, on.organization.id, task, n);
    expect(await round(1)).toMatchObject({ next: 'wait' });
    const vote = { id: task, choice: 'approve', reason: 'fine by me' } as const;
    expect(await on.app.client.decide(inSlack('UCLARA'), vote)).toMatchObject({ counted: true });
    expect(await round(2)).toMatchObject({ next: 'wait' });
    await on.app.client.decide(await own('johanna'), vote);
    expect(await round(3)).toMatchObject({ next: 'go' });
  });

  test('does not stand once the person’s tokens are revoked, and the account is nobody’s from then on', async () => {
    const [invoice = ''] = await bills(on, 2, 1, LARGE);
    const task = await propose(on, invoice, LARGE);
    await judge(on.app.world, on.organization.id, task, 1);
    await on.app.client.decide(inSlack('UCLARA'), { id: task, choice: 'approve', reason: 'fine by me' });
    await on.app.client.revoke_token({ kind: 'operator' }, { what: 'clara' });
    await expect(me('UCLARA')).rejects.toMatchObject({ code: 'token_unknown' });
    await on.app.client.decide(await own('johanna'), { id: task, choice: 'approve', reason: 'fine by me' });
    expect(await judge(on.app.world, on.organization.id, task, 2)).toMatchObject({ next: 'wait' });
    const { votes } = await on.app.client.task({ kind: 'operator' }, { id: task });
    expect(votes.find(({ person }) => person === 'clara')?.void).toContain('revoked');
    await send('UCLARA', 'finance: what is due?');
    expect(await told('UCLARA')).toContain('I do not know who you are');
  });
});
