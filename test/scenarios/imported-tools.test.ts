/** Tools of a server, classified by people: part of what is ratified, judged by the gate, and nothing before that. */
import { afterAll, beforeAll, expect, inject, test } from 'vitest';
import { checkAmendment } from '../../src/activities/amendments/check.ts';
import { weighAmendment } from '../../src/activities/amendments/weigh.ts';
import { housekeeping } from '../../src/activities/housekeeping.ts';
import type { Caller } from '../../src/client.ts';
import { descriptorsIn } from '../../src/intake/tools/descriptors.ts';
import { draftManifest } from '../../src/intake/tools/draft.ts';
import { AgentName, AmendmentId } from '../../src/kernel/ids.ts';
import type { Manifest } from '../../src/kernel/manifest.ts';
import { stage, type Stage } from '../fixtures/stage.ts';

const operator: Caller = { kind: 'operator' };
const AGENT = 'operations-coordinator';
const text = { type: 'string' };
const drafted = draftManifest(
  descriptorsIn([
    { name: 'get_offers', description: 'Get the offers' },
    { name: 'send_note', description: 'Send a note', inputSchema: { properties: { to: text, body: text } } },
  ]),
  'crm',
);
const granted: Manifest = { ...drafted, agents: [AgentName.parse(AGENT)] };

let on: Stage;
let johanna: Caller;
beforeAll(async () => {
  on = await stage(inject('services'));
  await housekeeping(on.app.world, on.organization.id);
  johanna = await on.person('johanna');
});
afterAll(() => on.close());

const check = (tool: string, args: Record<string, string>) => on.app.client.gate_check(johanna, { agent: AGENT, tool, args, onBehalfOf: null });
const files = (manifests: readonly Manifest[]) => on.edit((organization) => ({ ...organization, manifests }));
async function ratified(manifests: readonly Manifest[]) {
  files(manifests);
  const { id } = await on.app.client.amend(johanna, { reason: 'the offers are with the CRM' });
  await checkAmendment(on.app.world, on.organization.id, AmendmentId.parse(id));
  const card = await on.app.client.amendment(operator, { id });
  await on.app.client.ratify(johanna, { amendment: card.id, digest: card.digest });
  await weighAmendment(on.app.world, on.organization.id, AmendmentId.parse(id));
  return on.app.client.amendment(operator, { id });
}

test('a manifest in the files is a draft: the gate knows no such tool', async () => {
  files([granted]);
  await expect(check('crm.get_offers', {})).rejects.toThrow('There is no tool `crm.get_offers`');
  const { changes, problems } = await on.app.client.constitution_check(johanna, {});
  expect(problems).toEqual([]);
  expect(changes.map(({ what, name, how }) => `${what} ${name} ${how}`)).toEqual(['tool crm.get_offers added', 'tool crm.send_note added']);
});

test('once ratified, reads are permitted to the agents that are named, and a note that nobody vouches for asks people', async () => {
  expect((await ratified([granted])).state).toBe('ratified');
  expect(await check('crm.get_offers', {})).toMatchObject({ verdict: 'permit' });
  const note = await check('crm.send_note', { to: 'somebody@else.example', body: 'Hello.' });
  expect(note).toMatchObject({ verdict: 'escalate' });
  expect(note.articles.map(({ id }) => id)).toEqual(['exfiltration.outbound', 'imported.untrusted']);
  expect(note.why.join(' ')).toContain('`to` (recipient)');
});

test('a manifest that names no agent grants nothing, and one that is taken away is unknown again', async () => {
  expect((await ratified([drafted])).state).toBe('ratified');
  expect(await check('crm.get_offers', {})).toMatchObject({ verdict: 'deny', kind: 'no_grant' });
  expect((await ratified([])).state).toBe('ratified');
  await expect(check('crm.get_offers', {})).rejects.toThrow('There is no tool `crm.get_offers`');
});
