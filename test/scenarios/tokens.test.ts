/** Who a token opens the house for: its own person, in its own organization, while it is valid; and whose votes are one person's. */
import { afterAll, beforeAll, describe, expect, inject, test } from 'vitest';
import { judge, type Step } from '../../src/activities/judge.ts';
import { inputs, type Caller, type Input, type Operation } from '../../src/client.ts';
import { Worker } from '../../src/kernel/delegation.ts';
import { PersonId, ToolName, type ProposalId } from '../../src/kernel/ids.ts';
import { Instant } from '../../src/kernel/time.ts';
import { bills, propose } from '../fixtures/bills.ts';
import { stage, type Stage } from '../fixtures/stage.ts';

let on: Stage; // the example: tokens of the operator count
let own: Stage; // no example
let bill = 0;
let invoices: string[];
beforeAll(async () => {
  on = await stage(inject('services'));
  own = await stage(inject('services'), { change: (organization) => ({ ...organization, example: false }) });
  await own.app.client.ratify(await own.themselves('johanna'), {});
  await Promise.all([on.app.begin(), own.app.begin()]);
  invoices = await bills(on, 1, 9, LARGE);
  await bills(own, 1, 9, LARGE);
});
afterAll(() => Promise.all([on.close(), own.close()]));

const LARGE = 1_100_000; // minor units: finance and the owner decide
const id = (person: string) => PersonId.parse(person);
const asPerson = (token: string): Caller => ({ kind: 'person', token });
const issue = async (at: Stage, by: Caller, person: string): Promise<Caller> => asPerson((await at.app.client.issue_token(by, { person: id(person) })).token);
const renew = (at: Stage, token: Caller, person: string) => issue(at, token, person);
/** The first token by the operator, exchanged. */
const exchanged = async (at: Stage, person: string) => renew(at, await at.person(person), person);
const approve = (at: Stage, by: Caller, task: ProposalId) => at.app.client.decide(by, { id: task, choice: 'approve', reason: 'fine by me' });
const judged = (at: Stage, task: ProposalId, round: number): Promise<Step> => judge(at.app.world, at.organization.id, task, round);
async function waits(at: Stage): Promise<ProposalId> {
  const task = await propose(at, invoices[bill++] ?? '', LARGE);
  expect(await judged(at, task, 1)).toMatchObject({ next: 'wait' });
  return task;
}
const voids = async (at: Stage, task: ProposalId) =>
  Object.fromEntries((await at.app.client.task({ kind: 'operator' }, { id: task })).votes.map((vote) => [vote.person, vote.void]));
const events = async (at: Stage, type: string) => at.rows<{ id: string }>('select id from event where org = $1 and type = $2', [at.organization.id, type]);

describe('a token of another organization, valid there,', () => {
  const every: { readonly [O in Operation]: Input<O> } = {
    status: {},
    place: {},
    me: {},
    changes: {},
    ask: { text: 'what is due?', agent: 'finance-analyst', conversation: 'c', message: 'm' },
    answer: { turn: 'trn-00000000000000000000000000' },
    review: { domain: 'finance' },
    inbox: { all: true },
    search: { text: '' },
    task: { id: 'prp-0' },
    decide: { id: 'prp-0', choice: 'decline', reason: 'it is not ours' },
    edit: { id: 'prp-0', args: {}, reason: 'it is not ours' },
    respond: { id: 'prp-0', text: 'why?', message: 'm' },
    propose: { tool: 'finance.release_invoice', args: { invoice: 'S-003:KR-20291', reason: 'because' }, reason: 'because', message: 'm' },
    why: { id: 'constitution' },
    halt: { scope: { kind: 'organization' }, reason: 'stop it' },
    resume: { scope: { kind: 'organization' }, reason: 'go on' },
    gate_check: { agent: 'finance-analyst', tool: ToolName.parse('finance.hold_invoice'), args: {}, onBehalfOf: null },
    people: {},
    issue_token: { person: id('johanna') },
    revoke_token: { what: 'johanna' },
    cost: {},
    advance_clock: { ms: 60_000 },
    add_records: { files: [{ name: 'a.txt', base64: 'YQ==' }] },
    records: { state: null },
    describe_record: { id: '000000', register: 'suppliers', columns: {}, fields: {} },
    tasks: {},
    finish_task: { id: 'prp-0' },
    pictures: {},
    picture: { name: 'finance.cash' },
    constitution_show: {},
    constitution_check: {},
    constitution_history: {},
    constitution_explain: {},
    constitution_blame: { article: 'finance.call' },
    amend: { reason: 'it is not ours' },
    amendments: { all: true },
    amendment: { id: 'amd-0' },
    levels: {},
    week_report: { week: null },
    level_raise: { agent: 'finance-analyst', to: 'act', reason: 'it is not ours' },
    level_lower: { agent: 'finance-analyst', to: 'ask', reason: 'it is not ours' },
    nudge: { id: 'prp-0', to: id('johanna') },
    consents: {},
    rota_changes: {},
    answer_consent: { id: 'cns-0', word: 'given' },
    ratify: {},
    delegate: { key: 'k', to: Worker.parse('reader'), task: 'it is not ours', expires: Instant.parse('2099-01-01T00:00:00.000Z') },
    end_delegation: { id: 'dlg-00000000000000000000000000' },
    judge_call: { key: 'k', tool: 'finance.hold_invoice', args: {} },
    act: { key: 'k', tool: 'finance.hold_invoice', args: {}, rationale: 'it is not ours' },
    action: { id: 'prp-00000000000000000000000000', waitMs: 0 },
    warrant: { id: 'prp-00000000000000000000000000' },
    receipt: { id: 'prp-00000000000000000000000000', effect: { outcome: 'done', output: {} } },
    unjudged: { calls: [{ key: 'k', tool: 'crm.get_offers', args: {}, at: Instant.parse('2026-03-02T08:00:00.000Z') }] },
    service_terms: {},
    refuse_call: { id: 'k', path: '/v1/decisions', because: 'it is not ours' },
    setup: {},
    put_person: { person: id('greta'), name: 'Greta Sommer', roles: [], status: 'left', authority: {} },
    remove_person: { person: id('greta') },
    draft_tools: { server: 'crm', listed: [] },
    put_tools: { server: 'crm', agents: [], tools: [] },
    remove_tools: { server: 'crm' },
    wrong: { id: 'prp-0', reason: 'it is not ours' },
    rollback: { id: 'prp-0' },
    eval_cases: {},
    rules: {},
    rule_templates: {},
    rule_preview: { change: { kind: 'remove', id: 'mine' } },
    rule_change: { change: { kind: 'remove', id: 'mine' }, reason: 'it is not ours' },
    call_events: {},
    slack_link: { person: id('johanna') },
    slack_unlink: { person: id('johanna') },
    slack_digest: { at: '07:30' },
    slack_status: {},
  };
  const foreign = async () => own.person('johanna');
  const call = <O extends Operation>(operation: O, by: Caller) => on.app.client[operation](by, every[operation]);
  const isOperation = (name: string): name is Operation => name in every;
  test('opens its own house', async () => expect(await own.app.client.me(await exchanged(own, 'johanna'), {})).toMatchObject({ person: 'johanna' }));
  test('every operation is tried', () => expect(Object.keys(every).sort()).toEqual(Object.keys(inputs).sort()));
  test.each(Object.keys(inputs).filter(isOperation))('does not open %s', async (operation) => {
    for (const token of [await foreign(), await exchanged(own, 'johanna')])
      await expect(call(operation, token)).rejects.toMatchObject({ code: 'token_unknown' });
  });
});

describe('a token is not valid', () => {
  test('once its time is over', async () => {
    const greta = await on.person('greta');
    expect(await on.app.client.me(greta, {})).toMatchObject({ person: 'greta' });
    await on.rows(`update token set expires_at = now() - interval '1 second' where org = $1 and person = 'greta'`, [on.organization.id]);
    await expect(on.app.client.me(greta, {})).rejects.toMatchObject({ code: 'token_unknown' });
  });
  test('once its person has left', async () => {
    const tomas = await on.person('tomas');
    await on.rows(`update person set status = 'left' where org = $1 and person = 'tomas'`, [on.organization.id]);
    await expect(on.app.client.me(tomas, {})).rejects.toMatchObject({ code: 'token_unknown' });
    await expect(on.person('tomas')).rejects.toMatchObject({ code: 'person_unknown' });
  });
  test('once it is revoked, from the next call on, and the vote that was cast with it does not stand', async () => {
    const [clara, johanna] = [await exchanged(on, 'clara'), await on.person('johanna')];
    const task = await waits(on);
    await approve(on, clara, task);
    expect(await judged(on, task, 2)).toMatchObject({ next: 'wait' });
    const { tokens } = await on.app.client.revoke_token(clara, { what: 'clara' });
    expect(tokens.length).toBeGreaterThan(0);
    await expect(on.app.client.me(clara, {})).rejects.toMatchObject({ code: 'token_unknown' });
    await approve(on, johanna, task);
    expect(await judged(on, task, 3)).toMatchObject({ next: 'wait' });
    expect(await voids(on, task)).toMatchObject({ clara: expect.stringContaining('revoked') as string, johanna: null });
    const revoked = await events(on, 'token.revoked');
    expect(revoked.length).toBeGreaterThanOrEqual(tokens.length);
    const [told] = await on.app.client.why(johanna, { id: revoked[0]?.id ?? '' });
    expect(told?.says).toBe('clara revoked a token of clara');
  });
  test('one by one: the others stay', async () => {
    const first = await on.app.client.issue_token({ kind: 'operator' }, { person: id('ines') });
    const second = await on.person('ines');
    expect(await on.app.client.revoke_token({ kind: 'operator' }, { what: first.id })).toEqual({ person: 'ines', tokens: [first.id] });
    await expect(on.app.client.me(asPerson(first.token), {})).rejects.toMatchObject({ code: 'token_unknown' });
    expect(await on.app.client.me(second, {})).toMatchObject({ person: 'ines' });
  });
  test('but nobody ends another’s without the role owner', async () => {
    const jakub = await on.person('jakub');
    await expect(on.app.client.revoke_token(jakub, { what: 'johanna' })).rejects.toMatchObject({ code: 'role_missing' });
    await expect(on.app.client.revoke_token(jakub, { what: 'nobody-here' })).rejects.toMatchObject({ code: 'person_unknown' });
  });
});

describe('a token that somebody else issued', () => {
  test('is issued for another by the owner, and by nobody else', async () => {
    await expect(on.app.client.issue_token(await on.person('clara'), { person: id('emre') })).rejects.toMatchObject({ code: 'role_missing' });
    expect(await on.app.client.issue_token(await on.person('johanna'), { person: id('emre') })).toMatchObject({ issuedBy: 'johanna' });
  });
  test('opens nothing before it is exchanged', async () => {
    for (const token of [await own.person('clara'), await issue(own, await exchanged(own, 'johanna'), 'clara')]) {
      await expect(own.app.client.me(token, {})).rejects.toMatchObject({ code: 'token_unexchanged' });
      await expect(approve(own, token, await waits(own))).rejects.toMatchObject({ code: 'token_unexchanged' });
      await expect(own.app.client.issue_token(token, { person: id('emre') })).rejects.toMatchObject({ code: 'token_unexchanged' });
    }
    const owner = await own.person('johanna');
    await expect(own.app.client.issue_token(owner, { person: id('emre') })).rejects.toMatchObject({ code: 'token_unexchanged' });
  });
  test('is exchanged once, also where two try it together', async () => {
    const token = await own.person('emre');
    const tried = await Promise.allSettled([renew(own, token, 'emre'), renew(own, token, 'emre')]);
    expect(tried.map(({ status }) => status).sort()).toEqual(['fulfilled', 'rejected']);
    await expect(renew(own, token, 'emre')).rejects.toMatchObject({ code: 'token_unknown' });
  });
  test('leaves everybody it came through on the new one, however often that is renewed', async () => {
    const johannas = await exchanged(on, 'johanna');
    const claras = await renew(on, await renew(on, await renew(on, await issue(on, johannas, 'clara'), 'clara'), 'clara'), 'clara');
    expect(await on.app.client.me(claras, {})).toMatchObject({ person: 'clara' });
    const [newest] = await on.rows<{ issuers: string[] }>(`select issuers from token where org = $1 and person = 'clara' order by issued_at desc limit 1`, [
      on.organization.id,
    ]);
    expect(newest?.issuers).toEqual(['operator', 'johanna', 'clara']);
  });
});

describe('one person is one vote', () => {
  test('who votes beside a token that they issued and renewed', async () => {
    const johanna = await on.person('johanna');
    const task = await waits(on);
    await approve(on, await renew(on, await issue(on, johanna, 'clara'), 'clara'), task);
    await judged(on, task, 2);
    await approve(on, johanna, task);
    expect(await judged(on, task, 3)).toMatchObject({ next: 'wait' });
    expect(await voids(on, task)).toMatchObject({ clara: 'another voter issued the token it was cast with', johanna: null });
  });
  test('who votes with the tokens of two others', async () => {
    const johanna = await on.person('johanna');
    const [invoice = ''] = await bills(on, 2, 1, 10_000);
    await on.rows(`update supplier set account_since = (select date '2026-03-01') where org = $1 and id = 'S-20001'`, [on.organization.id]);
    const task = await propose(on, invoice, 10_000);
    expect(await judged(on, task, 1)).toMatchObject({ next: 'wait' });
    for (const [n, who] of ['clara', 'emre'].entries()) {
      await approve(on, await renew(on, await issue(on, johanna, who), who), task);
      expect(await judged(on, task, n + 2)).toMatchObject({ next: 'wait' });
    }
    expect(await voids(on, task)).toMatchObject({ clara: null, emre: expect.stringContaining('`johanna`, stands behind') as string });
    await approve(on, await on.person('emre'), task); // his own
    expect(await judged(on, task, 4)).toMatchObject({ next: 'go' });
  });
  test('but two are two, who exchanged the operator’s tokens in an organization of their own', async () => {
    const task = await waits(own);
    await approve(own, await exchanged(own, 'clara'), task);
    await approve(own, await exchanged(own, 'johanna'), task);
    expect(await judged(own, task, 2)).toMatchObject({ next: 'go' });
  });
  test('and in the example the operator’s tokens count as they are', async () => {
    const task = await waits(on);
    await approve(on, await on.person('clara'), task);
    await approve(on, await on.person('johanna'), task);
    expect(await judged(on, task, 2)).toMatchObject({ next: 'go' });
  });
});
