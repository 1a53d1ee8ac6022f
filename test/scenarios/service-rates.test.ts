/** How often runtimes of others may call: beyond a rate nothing is judged and the caller is told when to come again; what an article says is a verdict. */
import { z } from 'zod';
import { afterAll, beforeAll, expect, inject, test } from 'vitest';
import { judge } from '../../src/activities/judge.ts';
import { ServiceTerms } from '../../src/kernel/service-terms.ts';
import { ProposalId } from '../../src/kernel/ids.ts';
import { bills } from '../fixtures/bills.ts';
import { serviceStage, type Answer, type ServiceStage } from '../fixtures/service.ts';

const READ = 'finance.get_invoice';
const LIST = 'finance.list_invoices';
const HOLD = 'finance.hold_invoice'; // draws on no budget: only what is counted for the person makes its calls wait for one another
const BURST = 500;
const rates = { person: 40, tiers: { background: 25 }, tools: { [LIST]: 12 } };
let at: ServiceStage;
let clock = Date.now(); // stands still, so that a burst is one of the same minute on any machine
let invoices: string[];
const body = (n: number) => ({ tool: READ, args: { invoice: invoices[n % invoices.length], today: '2026-03-02' } });

beforeAll(async () => {
  at = await serviceStage(inject('services'), {
    change: (organization) => ({ ...organization, service: ServiceTerms.parse({ calls_per_minute: rates }) }),
    now: () => clock,
  });
  invoices = await bills(at.on, 1, 60, 10_000);
});
afterAll(() => at.close());

const Judged = z.object({ verdict: z.string() });
const permitted = (answers: readonly Answer[]) => answers.filter(({ status, body: said }) => status === 200 && Judged.parse(said).verdict === 'permit');
const limited = (answers: readonly Answer[]) => answers.filter(({ status }) => status === 429);
const aMinuteOn = () => void (clock += 60_000);
/** As many as can be at once, over as many agents. */
const burst = (tokens: readonly string[], many: number, sent: (n: number) => object = body) =>
  Promise.all(Array.from({ length: many }, (_, n) => at.send('/v1/decisions', { token: tokens[n % tokens.length] ?? '', body: sent(n) })));

test('of 500 calls at once for one person, over all agents, exactly as many pass as may', async () => {
  const clara = await at.person('clara');
  const agents = await Promise.all(['finance-analyst', 'operations-coordinator'].map((agent) => at.handed(clara, { to: 'worker', agent })));
  const reads = await Promise.all(agents.map(({ token }) => at.judged(token, READ, body(0).args)));
  expect(reads.map(({ verdict }) => verdict)).toContain('permit');
  const before = reads.filter(({ verdict }) => verdict !== 'deny').length; // what is denied does not count
  const granted = agents.filter((_, n) => reads[n]?.verdict === 'permit').map(({ token }) => token);
  const all = await burst([...granted, (await at.handed(clara)).token], BURST);
  expect(permitted(all)).toHaveLength(rates.person - before);
  expect(limited(all)).toHaveLength(BURST - rates.person + before);
  for (const { headers, body: said } of limited(all)) {
    expect(Number(headers.get('retry-after'))).toBeGreaterThanOrEqual(1);
    expect(Number(headers.get('retry-after'))).toBeLessThanOrEqual(60);
    expect(headers.get('content-type')).toBe('application/problem+json');
    expect(said).toMatchObject({ type: 'charter:rate_limited', detail: expect.stringContaining('`clara`') });
  }
  const refused = await at.events(clara, { verdict: 'deny', limit: '500' });
  const told = refused.filter(({ reason }) => reason.includes('times a minute'));
  expect(told).toHaveLength(60); // and no more than these fill the log
  expect(told.filter(({ reason }) => reason.includes('are not kept one by one'))).toHaveLength(1);
});

test('a tier and a tool have a rate of their own, whoever calls; the others go on', async () => {
  const [paul, viktor, emre, johanna] = await Promise.all(['paul', 'viktor', 'emre', 'johanna'].map((id) => at.person(id)));
  const background = await Promise.all([paul ?? '', viktor ?? ''].map((person) => at.handed(person, { tier: 'background' })));
  const all = await burst(
    background.map(({ token }) => token),
    60,
  );
  expect(permitted(all)).toHaveLength(rates.tiers.background);
  expect(limited(all)[0]?.body).toMatchObject({ detail: expect.stringContaining('tier `background`') });
  const delegated = await Promise.all([emre ?? '', johanna ?? ''].map((person) => at.handed(person)));
  const lists = await burst(
    delegated.map(({ token }) => token),
    40,
    () => ({ tool: LIST, args: { state: 'open' } }),
  );
  const passed = lists.filter(({ status }) => status === 200);
  expect(passed).toHaveLength(rates.tools[LIST] ?? 0);
  expect(passed.every(({ body: said }) => Judged.parse(said).verdict !== 'deny')).toBe(true);
  expect(limited(lists)[0]?.body).toMatchObject({ detail: expect.stringContaining(`\`${LIST}\``) });
  expect(await at.judged(delegated[0]?.token ?? '', READ, body(1).args)).toMatchObject({ verdict: 'permit' });
});

test('what the gate denies does not count, the same call again counts once, and a minute later there is room', async () => {
  aMinuteOn();
  const { token } = await at.handed(await at.person('emre'));
  const send = (n: number, key: string, tool = READ) => at.send('/v1/decisions', { token, key, body: { ...body(n), tool } });
  for (let n = 0; n < rates.person + 5; n++)
    expect(await send(n, `denied-${n}`, 'finance.print_money')).toMatchObject({ status: 200, body: { verdict: 'deny' } });
  for (let n = 0; n < 3; n++) expect(await send(0, 'again')).toMatchObject({ status: 200 });
  const all = await Promise.all(Array.from({ length: rates.person + 3 }, (_, n) => send(n, `k-${n}`)));
  expect(all.filter(({ status }) => status === 200)).toHaveLength(rates.person - 1);
  expect(await send(0, 'again')).toMatchObject({ status: 200 }); // it was let in before
  expect(await send(1, 'later')).toMatchObject({ status: 429 });
  aMinuteOn();
  expect(await send(1, 'later')).toMatchObject({ status: 200 });
});

test('of a burst for one person the gate permits as many as the article says, and denies the others', async () => {
  aMinuteOn();
  const { token } = await at.handed(await at.person('johanna'), { agent: 'finance-analyst' });
  const { app, organization } = at.on;
  const act = (n: number) => ({ tool: HOLD, args: { invoice: invoices[n], reason: 'it looks odd' }, rationale: 'it looks odd' });
  const asked = await Promise.all(Array.from({ length: 50 }, (_, n) => at.send('/v1/actions', { token, key: `hold-${n}`, body: act(n) })));
  const made = asked.filter(({ status }) => status === 202).map(({ body: said }) => z.object({ id: ProposalId }).parse(said).id);
  expect(made).toHaveLength(rates.person);
  const steps = await Promise.all(made.map((id) => judge(app.world, organization.id, id, 1)));
  expect(steps.filter(({ next }) => next === 'go')).toHaveLength(30); // article C1, replication.rate.person
  expect(steps.filter(({ next }) => next === 'closed')).toHaveLength(rates.person - 30);
  const again = await at.send('/v1/actions', { token, key: 'one-more', body: act(55) });
  expect(again).toMatchObject({ status: 202 }); // what was denied leaves room at the door
});
