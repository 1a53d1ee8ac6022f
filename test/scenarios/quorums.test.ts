/** An organization's own articles: everybody has to approve, one decline is not yet the end, and too many are. On the workshop's managers and finance. */
import { afterAll, beforeAll, expect, inject, test } from 'vitest';
import type { Caller } from '../../src/client.ts';
import type { ProposalId } from '../../src/kernel/ids.ts';
import { card, line } from '../../src/surfaces/cli/render.ts';
import { bills, propose } from '../fixtures/bills.ts';
import { draftFolder } from '../fixtures/draft.ts';
import { AMOUNTS, OWN_ARTICLES, OWN_CASES } from '../fixtures/own-articles.ts';
import { stage, type Stage } from '../fixtures/stage.ts';

const operator: Caller = { kind: 'operator' };
const PLACE = { zone: 'Europe/Berlin', business: new Date().toISOString() };
let on: Stage;
let batch = 0;
const people: Record<string, Caller> = {};
beforeAll(async () => {
  const services = inject('services');
  const draft = draftFolder(services.dataDir);
  draft.write('90-own', OWN_ARTICLES, OWN_CASES);
  on = await stage(services, { constitution: draft.url });
  await on.app.begin();
  await on.worker();
  for (const person of ['clara', 'emre', 'johanna', 'viktor', 'nadia', 'greta']) people[person] = await on.person(person);
}, 180_000);
afterAll(() => on.close());

const task = (id: string) => on.app.client.task(operator, { id });
const ended = async (id: string) => {
  await on.until('it is closed', async () => (await task(id)).outcome !== null);
  return task(id);
};
/** The id of a payment, once it waits. */
async function waits(minor: number): Promise<ProposalId> {
  const [invoice = ''] = await bills(on, ++batch, 1, minor);
  const id = await propose(on, invoice, minor);
  await on.temporal.wakeAction(on.organization.id, id);
  await on.until('it waits', async () => (await task(id)).waits);
  return id;
}
const says = (person: string, id: string, choice: 'approve' | 'decline') =>
  on.app.client.decide(people[person] ?? operator, { id, choice, reason: `${choice}d after a look` });
/** The vote was weighed: its workflow has looked, and nothing came of it. */
async function weighed(id: ProposalId, votes: number): Promise<void> {
  await on.temporal.wakeAction(on.organization.id, id);
  await on.until('the votes stand', async () => (await task(id)).votes.filter((vote) => vote.void === null).length === votes);
  await new Promise((resolve) => setTimeout(resolve, 1_500)); // had the gate ended it, it would be closed by now
}
const last = async (id: string) => {
  const [closed] = await on.rows<{ id: string }>(
    `select e.id from event e where e.org = $1 and e.type = 'proposal.closed' and e.correlation = (select ask from proposal where org = $1 and id = $2)`,
    [on.organization.id, id],
  );
  return (await on.app.client.why(operator, { id: closed?.id ?? '' })).at(-1)?.says;
};

test('everybody of the role approves, and who joins it while it waits is one of them', async () => {
  const id = await waits(AMOUNTS.everybody);
  expect((await task(id)).decision?.needs).toMatchObject([{ role: 'finance', quorum: 2, everybody: true }]);
  await says('clara', id, 'approve');
  await on.rows(`update person set roles = array_append(roles, 'finance') where org = $1 and person = 'greta'`, [on.organization.id]);
  await says('emre', id, 'approve');
  await on.until('it is asked of three', async () => (await task(id)).decision?.needs[0]?.quorum === 3);
  expect(await task(id)).toMatchObject({ outcome: null, waits: true, may: [{ person: 'greta' }] });
  expect(card(await task(id), PLACE)).toContain('1 with the role finance (everybody is needed): greta');
  await says('greta', id, 'approve');
  expect(await ended(id)).toMatchObject({ outcome: 'done' });
  await on.rows(`update person set roles = array_remove(roles, 'finance') where org = $1 and person = 'greta'`, [on.organization.id]);
});

test('where everybody has to approve one decline ends it', async () => {
  const id = await waits(AMOUNTS.everybody);
  await says('clara', id, 'approve');
  await says('emre', id, 'decline');
  expect(await ended(id)).toMatchObject({ outcome: 'declined' });
});

test('a decline below its threshold is a vote on record that fills no place; the other two approve it', async () => {
  const id = await waits(AMOUNTS.twoDeclines);
  expect((await task(id)).decision?.needs).toMatchObject([{ role: 'manager', quorum: 2, declines: 2 }]);
  await says('viktor', id, 'decline');
  await weighed(id, 1);
  expect(await task(id)).toMatchObject({ outcome: null, waits: true, votes: [{ person: 'viktor', choice: 'decline', void: null }] });
  expect((await task(id)).may.map(({ person }) => person)).toEqual(['johanna', 'nadia']);
  expect(card(await task(id), PLACE)).toContain('manager: 0 of 2 approved, 1 declined of 2 that would end it');
  expect(line(await task(id))).toContain('waits');
  expect(await says('viktor', id, 'approve')).toMatchObject({ counted: false, message: 'You already voted to decline it.' });
  await says('johanna', id, 'approve');
  await says('nadia', id, 'approve');
  expect(await ended(id)).toMatchObject({ outcome: 'done' });
});

test('the threshold of declines ends it, whoever approved, and says why', async () => {
  const id = await waits(AMOUNTS.twoDeclines);
  await says('johanna', id, 'approve');
  await says('viktor', id, 'decline');
  await says('nadia', id, 'decline');
  expect(await ended(id)).toMatchObject({ outcome: 'declined' });
  expect(await last(id)).toBe('closed: declined: 2 of manager declined, and 2 end it');
  expect(card(await task(id), PLACE)).toContain('It ended because 2 of manager declined, and 2 end it.');
});

test('it ends as declined once approvals can no longer reach the quorum, and says why', async () => {
  const id = await waits(AMOUNTS.threeDeclines);
  await says('viktor', id, 'decline');
  await weighed(id, 1);
  expect((await task(id)).outcome).toBeNull();
  await says('nadia', id, 'decline');
  expect(await ended(id)).toMatchObject({ outcome: 'declined' });
  expect(await last(id)).toBe('closed: declined: 2 of manager have to approve, and after 2 declines too few are left');
  expect(card(await task(id), PLACE)).toContain('It ended because after 2 declines too few are left to approve.');
});

test('the gate says beforehand whom it would ask', async () => {
  const [invoice = ''] = await bills(on, ++batch, 1, 101);
  const { decision } = await task(await waits(AMOUNTS.everybody));
  expect(decision?.needs).toMatchObject([{ quorum: 2, everybody: true }]);
  const [supplier] = await on.rows<{ iban: string }>(`select iban from supplier where org = $1 and id = 'S-001'`, [on.organization.id]);
  const args = { invoice, payee: supplier?.iban ?? '', amount: { minor: 101, currency: 'EUR' } };
  const judged = await on.app.client.gate_check(operator, { agent: 'finance-analyst', tool: 'finance.pay_invoice', args, onBehalfOf: null });
  expect(judged).toMatchObject({ verdict: 'escalate', needs: [{ role: 'finance', quorum: 2, everybody: true }] });
  const { articles } = await on.app.client.constitution_show(operator, {});
  expect(articles.flatMap(({ id, asks }) => (id.startsWith('own.') ? [asks] : []))).toEqual([
    'everybody of finance within P1D',
    '2 of manager within P1D; 2 declines end it',
    '2 of manager within P1D; 3 declines end it',
  ]);
});
