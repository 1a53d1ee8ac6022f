/** A halt reaches what is under way, a model in the middle of its answer included; and what the gate denied an agent to read is on record. */
import { setTimeout as sleep } from 'node:timers/promises';
import { LLMock } from '@copilotkit/aimock';
import { afterAll, afterEach, beforeAll, describe, expect, inject, test } from 'vitest';
import { commitIntent, issueWarrant } from '../../src/activities/act.ts';
import { deliberateAsk } from '../../src/activities/deliberate.ts';
import { housekeeping } from '../../src/activities/housekeeping.ts';
import { judge } from '../../src/activities/judge.ts';
import { reconcile } from '../../src/activities/reconcile.ts';
import { takeTurn } from '../../src/activities/turns/take-turn.ts';
import { anthropicModel } from '../../src/adapters/anthropic/model.ts';
import type { Input } from '../../src/client.ts';
import type { ModelPort } from '../../src/deliberate/ports.ts';
import { deriveId, type ProposalId, type WarrantId } from '../../src/kernel/ids.ts';
import { bills, propose } from '../fixtures/bills.ts';
import { draftFolder } from '../fixtures/draft.ts';
import { stage, type Stage } from '../fixtures/stage.ts';

const SECOND_MS = 1_000;
const SLOW_MACHINE = { retry: 2 }; // the second is the law's, and other work on the machine may take it once
const mock = new LLMock({ port: 0 });
const held = { toolCalls: [{ name: 'finance__hold_invoice', arguments: '{"invoice":"S-001:2026-0118","reason":"asked for"}' }] };
mock.addFixture({
  match: { userMessage: 'slowly', hasToolResult: true },
  response: { content: 'I have proposed it. '.repeat(200) },
  latency: 200,
  chunkSize: 5,
});
mock.addFixture({ match: { userMessage: 'slowly' }, response: held });
mock.addFixture({ match: { userMessage: 'quickly', hasToolResult: true }, response: { content: 'I have proposed it.' } });
mock.addFixture({ match: { userMessage: 'quickly' }, response: held });

let on: Stage | undefined;
beforeAll(() => mock.start());
afterAll(() => mock.stop());
afterEach(() => on?.close());

const model = (): ModelPort => anthropicModel({ apiKey: 'x', model: 'claude-haiku-test', baseUrl: mock.url });

/** A turn of clara's, taken by a model; and what becomes of it. */
async function asking(here: Stage, text: string) {
  const clara = await here.person('clara');
  const { turn } = await here.app.client.ask(clara, { text, agent: 'finance-analyst', conversation: text, message: text });
  const thread = deriveId('thr', [here.organization.id, 'cli', 'clara', text]);
  const taken = takeTurn(here.app.world, here.organization.id, thread, AbortSignal.timeout(60_000));
  return { taken, answer: async () => (await here.app.client.answer(clara, { turn })).answer };
}
const proposals = ({ rows, organization }: Stage) => rows('select 1 from proposal where org = $1', [organization.id]);

describe('a model run under way', () => {
  const scopes: readonly Input<'halt'>['scope'][] = [
    { kind: 'organization' },
    { kind: 'domain', domain: 'finance' },
    { kind: 'agent', agent: 'finance-analyst' },
  ];
  test.each(scopes)('is aborted within a second by a halt of $kind, and nothing of it is kept but what it cost', SLOW_MACHINE, async (scope) => {
    on = await stage(inject('services'), { model: model() });
    const calls = mock.getRequests().length;
    const { taken, answer } = await asking(on, 'slowly');
    await on.until('it answers, after it proposed', () => Promise.resolve(mock.getRequests().length >= calls + 2));
    await sleep(300); // in the middle of the stream
    const johanna = await on.person('johanna');
    const begun = performance.now();
    await on.app.client.halt(johanna, { scope, reason: 'a drill' });
    expect(await taken).toEqual({ proposals: [], asks: [] });
    expect(performance.now() - begun).toBeLessThan(SECOND_MS);
    expect(await answer()).toContain('A halt is in force');
    expect(await proposals(on)).toEqual([]);
    const money = await on.app.client.cost({ kind: 'operator' }, {});
    expect(money.agents).toMatchObject([{ calls: 2 }]);
    expect(money.agents[0]?.tokens_out).toBeGreaterThanOrEqual(8_000); // nobody says what the aborted one cost
  });

  test('of another domain goes on', async () => {
    on = await stage(inject('services'), { model: model() });
    await on.app.client.halt(await on.person('johanna'), { scope: { kind: 'domain', domain: 'operations' }, reason: 'a drill' });
    const { taken } = await asking(on, 'quickly');
    expect((await taken)?.proposals).toHaveLength(1);
  });

  test('that came to its end when the halt came keeps nothing either', async () => {
    const port = model();
    let halt = () => Promise.resolve();
    const last: ModelPort = {
      ...port,
      async next(request, signal) {
        const turn = await port.next(request, signal);
        if (turn.kind === 'answer') await halt();
        return turn;
      },
    };
    const here = await stage(inject('services'), { model: last });
    on = here;
    halt = async () => void (await here.rows(`update halt set halted = true where org = $1 and scope = 'organization'`, [here.organization.id]));
    const { taken, answer } = await asking(here, 'quickly');
    expect(await taken).toEqual({ proposals: [], asks: [] });
    expect(await answer()).toContain('A halt is in force');
    expect(await proposals(here)).toEqual([]);
  });

  test('is not begun under a halt', async () => {
    on = await stage(inject('services'), { model: model() });
    await on.app.client.halt(await on.person('johanna'), { scope: { kind: 'organization' }, reason: 'a drill' });
    const calls = mock.getRequests().length;
    expect(await (await asking(on, 'quickly')).taken).toEqual({ proposals: [], asks: [] });
    expect(mock.getRequests()).toHaveLength(calls);
  });
});

test('a halt stops every action whose intent is not committed within a second', SLOW_MACHINE, async () => {
  on = await stage(inject('services'));
  const [{ world, client }, org] = [on.app, on.organization.id];
  await housekeeping(world, org);
  const here = on;
  const made = async (batch: number, count: number, minor: number) =>
    Promise.all((await bills(here, batch, count, minor)).map((invoice) => propose(here, invoice, minor)));
  const [unjudged, waiting, warranted, begun] = [await made(1, 4, 10_000), await made(2, 2, 900_000), await made(3, 4, 10_000), await made(4, 1, 10_000)];
  const issued: [ProposalId, WarrantId][] = [];
  for (const id of waiting) expect(await judge(world, org, id, 1)).toMatchObject({ next: 'wait' });
  for (const id of [...warranted, ...begun]) {
    const step = await judge(world, org, id, 1);
    issued.push([id, await issueWarrant(world, org, id, step.next === 'go' ? step.decision : deriveId('dec', []), 1)]);
  }
  for (const [id, warrant] of issued.filter(([one]) => begun.includes(one)))
    expect(await commitIntent(world, org, id, warrant)).toEqual({ state: 'committed' });
  const johanna = await on.person('johanna');
  const from = performance.now();
  const halted = await client.halt(johanna, { scope: { kind: 'organization' }, reason: 'a drill' });
  const rows = await on.rows<{ id: string; outcome: string | null }>('select id, outcome from proposal where org = $1', [org]);
  expect(performance.now() - from).toBeLessThan(SECOND_MS);
  expect(halted.stopped).toBe(10);
  const outcome = new Map(rows.map((row) => [row.id, row.outcome]));
  for (const id of [...unjudged, ...waiting, ...warranted]) expect(outcome.get(id), id).toBe('halted');
  for (const id of begun) expect(outcome.get(id), id).toBeNull();
  for (const [id, warrant] of issued.filter(([one]) => warranted.includes(one)))
    expect(await commitIntent(world, org, id, warrant)).toEqual({ state: 'closed', outcome: 'halted' });
});

describe('a read that the gate denies', () => {
  const denials = async ({ app, rows, organization }: Stage) => {
    const events = await rows<{ id: string }>(`select id from event where org = $1 and type = 'reads.judged'`, [organization.id]);
    const chains = await Promise.all(events.map(({ id }) => app.client.why({ kind: 'operator' }, { id })));
    return JSON.stringify(chains.map((chain) => chain.find(({ type }) => type === 'reads.judged')?.fields));
  };
  async function denying(): Promise<Stage> {
    const draft = draftFolder(inject('services').dataDir);
    draft.write(
      '90-no-reads',
      '@id("no.reads") @article("X1") @title("Nothing is read") @source("a test") forbid (principal, action in Action::"Read", resource);',
    );
    on = await stage(inject('services'), { constitution: draft.url });
    await housekeeping(on.app.world, on.organization.id);
    return on;
  }

  test('in a review is on record, ends it, and the next review asks anew', async () => {
    const here = await denying();
    const [{ world }, org] = [here.app, here.organization.id];
    const { asks } = await reconcile(world, org, 'finance', 'first');
    const [ask] = asks;
    if (!ask) throw new Error('the review asked nothing');
    expect(await deliberateAsk(world, org, ask, AbortSignal.timeout(20_000))).toEqual([]);
    expect(await denials(here)).toMatch(/"verdict":"deny"/);
    expect(await here.rows('select 1 from read_batch where org = $1 and ask = $2', [org, ask])).toHaveLength(1);
    const [drift] = await here.rows<{ key: string }>('select drift_key key from ask where org = $1 and id = $2', [org, ask]);
    const again = await reconcile(world, org, 'finance', 'second');
    expect(await here.rows('select 1 from ask where org = $1 and drift_key = $2 and id = any($3)', [org, drift?.key, again.asks])).toHaveLength(1);
  });

  test('for a question is on record, and whoever asked is told', async () => {
    const here = await denying();
    const { taken, answer } = await asking(here, 'what is due?');
    expect(await taken).toEqual({ proposals: [], asks: [] });
    expect(await answer()).toMatch(/`finance\.\w+` was not permitted/);
    expect(await denials(here)).toMatch(/"verdict":"deny"/);
  });
});

test('what was read before a deliberation broke off is on record, once, and again where it is done', async () => {
  const broken: ModelPort = { name: 'anthropic', model: 'broken', address: null, next: () => Promise.reject(new Error('the connection is gone')) };
  let tries = 0;
  const port = model();
  on = await stage(inject('services'), {
    model: { ...port, next: (request, signal) => (request.transcript.length > 1 && tries++ < 2 ? broken.next(request, signal) : port.next(request, signal)) },
  });
  const [{ world }, org] = [on.app, on.organization.id];
  mock.addFixture({ match: { userMessage: 'a list', hasToolResult: true }, response: { content: 'Here it is.' } });
  mock.addFixture({ match: { userMessage: 'a list' }, response: { toolCalls: [{ name: 'finance__list_invoices', arguments: '{"state":"open"}' }] } });
  await expect((await asking(on, 'a list')).taken).rejects.toThrow('the connection is gone');
  const thread = deriveId('thr', [org, 'cli', 'clara', 'a list']);
  const count = async () => (await on?.rows(`select 1 from event where org = $1 and type = 'reads.judged'`, [org]))?.length;
  expect(await count()).toBe(1);
  await expect(takeTurn(world, org, thread, AbortSignal.timeout(20_000))).rejects.toThrow('the connection is gone');
  expect(await count()).toBe(1);
  await takeTurn(world, org, thread, AbortSignal.timeout(20_000));
  expect(await count()).toBe(2);
});
