/** Where there are too few people: a sole approver confirms an own request in a second step, and what nobody can decide is refused. */
import { afterAll, beforeAll, describe, expect, inject, test } from 'vitest';
import { housekeeping } from '../../src/activities/housekeeping.ts';
import { judge, type Step } from '../../src/activities/judge.ts';
import type { Organization } from '../../src/adapters/files/organization.ts';
import type { Caller } from '../../src/client.ts';
import { PersonId, type ProposalId } from '../../src/kernel/ids.ts';
import { bills, propose } from '../fixtures/bills.ts';
import { stage, type Stage } from '../fixtures/stage.ts';

const ABOVE = 250_000; // minor units; Johanna has an agent pay up to 2,000.00
const johanna = PersonId.parse('johanna');
let on: Stage;
let first: Caller; // Johanna, with the token that she exchanged the operator's for
let invoices: string[];

/** Johanna alone has roles; it is an organization of its own and no example. */
const alone = (organization: Organization): Organization => ({
  ...organization,
  example: false,
  people: organization.people.map((person) => ({ ...person, roles: person.id === johanna ? ['owner', 'finance'] : [] })),
});

beforeAll(async () => {
  on = await stage(inject('services'), { change: alone });
  await on.app.client.ratify(await on.themselves('johanna'), {});
  await housekeeping(on.app.world, on.organization.id);
  first = { kind: 'person', token: (await on.app.client.issue_token(await on.person(johanna), { person: johanna })).token };
  invoices = await bills(on, 1, 3, ABOVE);
});
afterAll(() => on.close());

const judged = (id: ProposalId, round: number): Promise<Step> => judge(on.app.world, on.organization.id, id, round);
const approve = (as: Caller, id: ProposalId) => on.app.client.decide(as, { id, choice: 'approve', reason: '' });
const why = async (id: ProposalId) => (await on.app.client.task({ kind: 'operator' }, { id })).decision?.why.join(' ');

describe('a sole approver’s own request', () => {
  let own: ProposalId;
  let fresh: Caller;

  test('waits, and is not confirmed at once', async () => {
    own = await propose(on, invoices[0] ?? '', ABOVE, johanna);
    expect(await judged(own, 1)).toMatchObject({ next: 'wait' });
    await expect(approve(first, own)).rejects.toThrow('You may confirm it from');
  });

  test('is not confirmed with a token from before the question, however late', async () => {
    await on.past(`update decision set at = at - interval '61 minutes' where org = $1 and proposal = $2`, [on.organization.id, own]);
    await on.rows(`update token set issued_at = issued_at - interval '62 minutes' where org = $1 and person = $2`, [on.organization.id, johanna]);
    await expect(approve(first, own)).rejects.toThrow('Confirm it with a new token');
  });

  test('is confirmed with a new token after the delay, and shown as not four-eyes', async () => {
    const { token } = await on.app.client.issue_token(first, { person: johanna });
    fresh = { kind: 'person', token };
    expect(await approve(fresh, own)).toMatchObject({ counted: true });
    expect(await judged(own, 2)).toMatchObject({ next: 'go' });
    expect((await on.app.client.task({ kind: 'operator' }, { id: own })).votes).toMatchObject([{ person: 'johanna', fourEyes: false, void: null }]);
  });

  test('never by a vote that was written past the check before its time', async () => {
    const early = await propose(on, invoices[1] ?? '', ABOVE, johanna);
    await judged(early, 1);
    await on.past(`update decision set at = at - interval '61 minutes' where org = $1 and proposal = $2`, [on.organization.id, early]);
    expect(await approve(fresh, early)).toMatchObject({ counted: true });
    await on.past(`update decision set at = at + interval '61 minutes' where org = $1 and proposal = $2`, [on.organization.id, early]);
    expect(await judged(early, 2)).toMatchObject({ next: 'wait' });
  });

  test('is nobody’s to confirm alone once a second person holds the role', async () => {
    const other = await propose(on, invoices[2] ?? '', ABOVE, johanna);
    await judged(other, 1);
    await on.rows(`update person set roles = '{finance}' where org = $1 and person = 'clara'`, [on.organization.id]);
    await expect(approve(fresh, other)).rejects.toThrow('nobody approves what they asked for');
    await on.rows(`update person set roles = '{}' where org = $1 and person = 'clara'`, [on.organization.id]);
  });
});

test('what nobody is left to decide is refused at once, and says who could be made eligible', async () => {
  const [invoice = ''] = await bills(on, 2, 1, 10_000);
  await on.rows(`update invoice set matched = false where org = $1 and id = $2`, [on.organization.id, invoice]); // finance decides; no article lets it be an own request
  const id = await propose(on, invoice, 10_000, johanna);
  expect(await judged(id, 1)).toEqual({ next: 'closed', outcome: 'denied' });
  expect(await why(id)).toContain('nobody could decide it; the owner can give the role `finance` to 1 more, other than `johanna`');
});
