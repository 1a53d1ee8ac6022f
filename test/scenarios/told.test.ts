/** What a model is told: read off the wire of its own API. Account numbers stand behind names, and every call is judged and on record before it leaves. */
import { LLMock } from '@copilotkit/aimock';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, inject, test } from 'vitest';
import { housekeeping } from '../../src/activities/housekeeping.ts';
import { takeTurn } from '../../src/activities/turns/take-turn.ts';
import { anthropicModel } from '../../src/adapters/anthropic/model.ts';
import type { ModelPort } from '../../src/deliberate/ports.ts';
import { deriveId } from '../../src/kernel/ids.ts';
import { stage, type Stage } from '../fixtures/stage.ts';

const BILL = 'S-001:2026-0118';
const IBAN = /[A-Z]{2}\d{2}[ ]?(?:\d{4}[ ]?){3,7}/;
const mock = new LLMock({ port: 0 });
let on: Stage;

const call = (name: string, args: object) => ({ toolCalls: [{ name, arguments: JSON.stringify(args) }] });

beforeAll(async () => {
  mock.addFixture({ match: { userMessage: 'which account', hasToolResult: true }, response: { content: 'It is to be paid to [sealed:iban-1].' } });
  mock.addFixture({ match: { userMessage: 'which account' }, response: call('finance__get_invoice', { invoice: BILL, today: '2026-03-02', time: '07:00' }) });
  mock.addFixture({ match: { userMessage: 'my own account' }, response: { content: 'Noted.' } });
  await mock.start();
});
afterAll(() => mock.stop());
afterEach(() => on.close());

const wire = (): string => JSON.stringify(mock.getRequests().map(({ body }) => body));
const asked = () => on.rows<{ id: string }>(`select id from event where org = $1 and type = 'model.asked' order by wall`, [on.organization.id]);

async function ask(person: string, text: string, agent = 'finance-analyst'): Promise<string> {
  const caller = await on.person(person);
  const { turn } = await on.app.client.ask(caller, { text, agent, conversation: 'c', message: text });
  await takeTurn(on.app.world, on.organization.id, deriveId('thr', [on.organization.id, 'cli', person, 'c']), AbortSignal.timeout(20_000));
  return (await on.app.client.answer(caller, { turn })).answer ?? '';
}

const begin = async (model: ModelPort): Promise<void> => {
  mock.clearRequests();
  on = await stage(inject('services'), { model });
  await housekeeping(on.app.world, on.organization.id); // files the records
};
const anthropic = (): ModelPort => anthropicModel({ apiKey: 'x', model: 'claude-haiku-test', baseUrl: mock.url });

describe('account numbers', () => {
  beforeEach(() => begin(anthropic()));

  test('stand behind names on the wire, and are there again for the person who asked', async () => {
    const answer = await ask('clara', `which account does ${BILL} name`);
    expect(mock.getRequests().length).toBe(2);
    expect(wire()).toContain('\\"iban\\":\\"[sealed:iban-1]'); // in the tool's result, as JSON within JSON
    expect(wire()).not.toMatch(IBAN);
    const [row] = await on.rows<{ iban: string }>(`select iban from supplier where org = $1 and id = 'S-001'`, [on.organization.id]);
    expect(row?.iban).toMatch(IBAN);
    expect(answer).toBe(`It is to be paid to ${row?.iban}.`);
  });

  test('that somebody types do not leave either', async () => {
    await ask('clara', 'my own account is de89 3704 0044 0532 0130 00, remember it');
    expect(wire()).toContain('[sealed:account-1]');
    expect(wire()).not.toMatch(/0532/);
  });
});

describe('each call', () => {
  test('is judged and on record with what it told, before it leaves', async () => {
    await begin(anthropic());
    await ask('clara', `which account does ${BILL} name`);
    const events = await asked();
    expect(events).toHaveLength(2);
    const why = await on.app.client.why(await on.person('clara'), { id: events[1]?.id ?? '' });
    const told = why.filter(({ type }) => type === 'model.asked').map(({ fields }) => fields);
    expect(told).toHaveLength(1);
    expect(told[0]).toMatchObject({
      decision: { destination: new URL(mock.url).host, local: true, classification: 'confidential', kinds: [], sealed: expect.any(Number), verdict: 'permit' },
    });
  });

  test('over an open line tells nothing, and nothing is sent', async () => {
    let sent = 0;
    await begin({ name: 'anthropic', model: 'far', address: new URL('http://models.example/v1'), next: () => Promise.reject(new Error(`sent ${++sent}`)) });
    expect(await ask('clara', 'what is due')).toMatch(/may not be told this: What travels unencrypted is public/);
    expect(sent).toBe(0);
    expect(await asked()).toHaveLength(1); // refused, and on record
  });
});
