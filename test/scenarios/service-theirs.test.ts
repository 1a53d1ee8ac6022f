/** Calls whose tool is the caller's own: a warrant once, after one more judgment, with the intent on record before it is used. */
import { randomUUID } from 'node:crypto';
import { z } from 'zod';
import { afterAll, beforeAll, expect, inject, test } from 'vitest';
import { checkAmendment } from '../../src/activities/amendments/check.ts';
import { weighAmendment } from '../../src/activities/amendments/weigh.ts';
import { descriptorsIn } from '../../src/intake/tools/descriptors.ts';
import { draftManifest } from '../../src/intake/tools/draft.ts';
import { AgentName, AmendmentId, ProposalId } from '../../src/kernel/ids.ts';
import { serviceStage, type ServiceStage } from '../fixtures/service.ts';

const text = { type: 'string' };
const manifest = {
  ...draftManifest(
    descriptorsIn([
      { name: 'get_offers', description: 'Get the offers' },
      { name: 'send_note', description: 'Send a note', inputSchema: { properties: { to: text, body: text } } },
    ]),
    'crm',
  ),
  agents: [AgentName.parse('operations-coordinator')],
};
const Action = z.object({ id: ProposalId, state: z.string(), settled: z.boolean() });
const Fetched = Action.extend({ warrant: z.string().nullable(), again: z.boolean() });
let at: ServiceStage;
let johanna: string;

beforeAll(async () => {
  at = await serviceStage(inject('services'));
  const { app, organization } = at.on;
  const owner = await at.on.person('johanna');
  at.on.edit((files) => ({ ...files, manifests: [manifest] }));
  const { id } = await app.client.amend(owner, { reason: 'the offers are with the CRM' });
  await checkAmendment(app.world, organization.id, AmendmentId.parse(id));
  const card = await app.client.amendment(owner, { id });
  await app.client.ratify(owner, { amendment: card.id, digest: card.digest });
  await weighAmendment(app.world, organization.id, AmendmentId.parse(id));
  await app.begin();
  await at.on.worker();
  johanna = await at.person('johanna');
});
afterAll(() => at.close());

const NOTE = { to: 'sam@customer.example', body: 'Your offer is ready.' };
const handed = (task = 'see to the offers') => at.handed(johanna, { to: 'operations-coordinator', task });
const now = async (token: string, id: string) => Action.parse((await at.send(`/v1/actions/${id}`, { token })).body);
const fetched = async (token: string, id: string) => Fetched.parse((await at.send(`/v1/actions/${id}/warrant`, { method: 'POST', token })).body);
const posted = (token: string, id: string, output: object) => at.send(`/v1/actions/${id}/receipt`, { token, body: { outcome: 'done', output } });
async function asked(token: string, tool: string, args: object, state: string): Promise<ProposalId> {
  const { body } = await at.send('/v1/actions', { token, key: randomUUID(), body: { tool, args, rationale: 'the customer waits for it' } });
  const { id } = Action.parse(body);
  await at.on.until(`it is ${state}`, async () => (await now(token, id)).state === state);
  return id;
}
const intents = (id: string) => at.on.rows(`select warrant from intent where org = $1 and proposal = $2`, [at.on.organization.id, id]);

test('a permitted call is handed over once, with its intent on record first, and closed by its receipt', async () => {
  const { token } = await handed();
  const id = await asked(token, 'crm.get_offers', {}, 'permitted');
  expect(await intents(id)).toEqual([]);
  expect(await posted(token, id, {})).toMatchObject({ status: 400, body: { type: 'charter:not_open' } });
  const all = await Promise.all([1, 2, 3].map(() => fetched(token, id)));
  expect(new Set(all.map(({ warrant }) => warrant)).size).toBe(1);
  expect(all[0]?.warrant).toMatch(/^ey/);
  expect(all.filter(({ again }) => !again)).toHaveLength(1);
  expect(await intents(id)).toHaveLength(1);
  expect(await posted(token, id, { offers: 3 })).toMatchObject({ status: 200, body: { state: 'done', settled: true, receipt: { outcome: 'done', output: { offers: 3 } } } });
  expect(await posted(token, id, { offers: 3 })).toMatchObject({ status: 200 });
  expect(await posted(token, id, { offers: 4 })).toMatchObject({ status: 409 });
});

test('where people decide the warrant waits for them, and is there after however long', async () => {
  const { token } = await at.handed(await at.person('clara'), { to: 'operations-coordinator', task: 'see to the offers' });
  const id = await asked(token, 'crm.send_note', NOTE, 'waits_for_people');
  expect(await fetched(token, id)).toMatchObject({ warrant: null, state: 'waits_for_people' });
  const { decision, may } = await at.on.app.client.task({ kind: 'operator' }, { id });
  expect(decision?.needs.map(({ role }) => role)).toContain('manager');
  for (const { person } of may) await at.on.app.client.decide(await at.on.person(person), { id, choice: 'approve', reason: 'they asked for it' }).catch(() => undefined);
  await at.on.until('it is permitted', async () => (await now(token, id)).state !== 'waits_for_people');
  expect((await now(token, id)).state).toBe('permitted');
  expect((await fetched(token, id)).warrant).toMatch(/^ey/);
});

test('a halt between the permit and the warrant stops it', async () => {
  const { token } = await handed();
  const id = await asked(token, 'crm.get_offers', {}, 'permitted');
  const owner = await at.on.person('johanna');
  const scope = { kind: 'agent', agent: 'operations-coordinator' } as const;
  await at.on.app.client.halt(owner, { scope, reason: 'stop it all' });
  expect(await fetched(token, id)).toMatchObject({ warrant: null, state: 'halted', settled: true });
  await at.on.app.client.resume(owner, { scope, reason: 'go on' });
});

test('a chain that ended fetches nothing', async () => {
  const first = await handed();
  const second = await at.handed(first.token, { to: 'b' });
  const id = await asked(second.token, 'crm.get_offers', {}, 'permitted');
  await at.send(`/v1/delegations/${first.id}`, { method: 'DELETE', token: johanna });
  expect(await at.send(`/v1/actions/${id}/warrant`, { method: 'POST', token: second.token })).toMatchObject({ status: 401 });
  expect(await intents(id)).toEqual([]);
});

test('a narrow task does not reach the tool of another', async () => {
  const { token } = await at.handed(johanna, { to: 'operations-coordinator', tools: ['crm.send_note'] });
  await asked(token, 'crm.get_offers', {}, 'denied');
  expect(await at.judged(token, 'crm.get_offers', {})).toMatchObject({ verdict: 'deny', kind: 'no_grant' });
});
