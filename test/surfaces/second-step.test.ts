/** A sole approver's own request: its card says that it is no second pair of eyes, and has buttons only once the second step is possible. */
import { afterAll, beforeAll, expect, inject, test } from 'vitest';
import { housekeeping } from '../../src/activities/housekeeping.ts';
import { judge } from '../../src/activities/judge.ts';
import type { Organization } from '../../src/adapters/files/organization.ts';
import type { Caller } from '../../src/client.ts';
import { PersonId, type ProposalId } from '../../src/kernel/ids.ts';
import { secondStepSays, whyNot } from '../../src/surfaces/inbox/web/words.ts';
import { cardContent } from '../../src/surfaces/slack/card.ts';
import { bills, propose } from '../fixtures/bills.ts';
import { stage, type Stage } from '../fixtures/stage.ts';

const ABOVE = 250_000; // minor units; Johanna has an agent pay up to 2,000.00
const johanna = PersonId.parse('johanna');
const NOW = Date.now();
let on: Stage;
let first: Caller; // Johanna, with a token from before she asks
let own: ProposalId;

const alone = (organization: Organization): Organization => ({
  ...organization,
  example: false,
  people: organization.people.map((person) => ({ ...person, roles: person.id === johanna ? ['owner', 'finance'] : [] })),
});
const later = () => on.past(`update decision set at = at - interval '61 minutes' where org = $1 and proposal = $2`, [on.organization.id, own]);

/** What the inbox and Slack show a person of the task. */
async function shown(caller: Caller, business = new Date(NOW).toISOString()) {
  const [task, me] = [await on.app.client.task(caller, { id: own }), await on.app.client.me(caller, {})];
  const { blocks } = cardContent({ kind: 'card', task, me, halted: [], names: {}, business }, 'http://localhost', 'Europe/Berlin', NOW);
  return { says: secondStepSays(task, me), not: whyNot(task, me, (person) => person), slack: JSON.stringify(blocks) };
}

beforeAll(async () => {
  on = await stage(inject('services'), { change: alone });
  await on.app.client.ratify(await on.themselves('johanna'), {});
  await housekeeping(on.app.world, on.organization.id);
  first = await on.themselves('johanna');
  const [invoice = ''] = await bills(on, 1, 1, ABOVE);
  own = await propose(on, invoice, ABOVE, johanna);
  await judge(on.app.world, on.organization.id, own, 1);
});
afterAll(() => on.close());

test('before its time it says from when on, and has no buttons', async () => {
  const { says, not, slack } = await shown(first);
  expect(says).toContain('the same person twice, not four eyes');
  expect(not).toMatch(/^You may confirm your own request from .* UTC on, by the real clock, with a token that is newer than/);
  expect(slack).toContain('not four eyes');
  expect(slack).toContain('You may confirm your own request from');
  expect(slack).not.toContain('charter_approve');
});

test('with a token from before the question it says how to make a new one, and has no buttons', async () => {
  await later();
  await on.rows(`update token set issued_at = issued_at - interval '62 minutes' where org = $1 and person = $2`, [on.organization.id, johanna]);
  const { not, slack } = await shown(first);
  expect(not).toContain('charter people token johanna --as johanna');
  expect(slack).not.toContain('charter_approve');
});

test('then it has the buttons, still says what it is, and the press is the vote that the server counts', async () => {
  const { token } = await on.app.client.issue_token(first, { person: johanna });
  const fresh: Caller = { kind: 'person', token };
  const { says, not, slack } = await shown(fresh);
  expect([says?.includes('not four eyes'), not]).toEqual([true, undefined]);
  expect(slack).toContain('charter_approve');
  expect(await on.app.client.decide(fresh, { id: own, choice: 'approve', reason: '' })).toMatchObject({ counted: true });
});

test('somebody else’s request, or one that another holds the role for, is no second step', async () => {
  const clara = await shown(await on.themselves('clara'));
  expect(clara.says).toBeUndefined();
  await on.rows(`update person set roles = '{finance}' where org = $1 and person = 'clara'`, [on.organization.id]);
  expect((await on.app.client.task(first, { id: own })).secondStep).toBeNull();
});

test('a deadline says that it is the real clock’s where the organization’s day is another, and nothing where it is not', async () => {
  expect((await shown(first, '2026-03-02T08:00:00.000Z')).slack).toContain(', by the real clock');
  expect((await shown(first)).slack).not.toContain(', by the real clock');
});
