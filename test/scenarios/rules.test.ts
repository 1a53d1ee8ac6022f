/** Rules from templates, on the real services: what an owner writes without Cedar, what it would change, and how it comes into force. */
import { cpSync, existsSync, mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, inject, test } from 'vitest';
import { z } from 'zod';
import type { AmendmentCard, Caller } from '../../src/client.ts';
import type { RuleChange } from '../../src/kernel/rules.ts';
import { startApi } from '../../src/surfaces/api/server.ts';
import { runCommand } from '../../src/surfaces/cli/run.ts';
import { reviewed, stage, WORKSHOP, type Stage } from '../fixtures/stage.ts';

const operator: Caller = { kind: 'operator' };
let on: Stage;
let folder: string;
let api: Awaited<ReturnType<typeof startApi>>;
let people: Record<'johanna' | 'clara' | 'greta', Caller>;
beforeAll(async () => {
  const services = inject('services');
  folder = mkdtempSync(join(services.dataDir, 'workshop-'));
  cpSync(WORKSHOP, folder, { recursive: true });
  on = await stage(services, { folder });
  await on.app.begin();
  await on.worker();
  await reviewed(on, 'first');
  people = { johanna: await on.person('johanna'), clara: await on.person('clara'), greta: await on.person('greta') };
  api = await startApi({ client: on.app.client, operator: 'the-operator', host: '127.0.0.1', port: 0, missing: () => on.app.missing(), log: () => undefined });
}, 120_000);
afterAll(async () => {
  await api.close();
  await on.close();
});

const file = () => join(folder, 'rules.yaml');
const written = () => (existsSync(file()) ? readFileSync(file(), 'utf8') : '');
const client = () => on.app.client;
const ABOVE: RuleChange = {
  kind: 'add',
  rule: { id: 'small', template: 'payment-above', with: { amount: '100', count: '1', role: 'compliance' }, observe: false },
};
const changed = (patch: object = {}): RuleChange => ({ ...ABOVE, rule: { ...ABOVE.rule, ...patch } });
const inForce = async () => (await client().rules(operator, {})).rules.map(({ id, words, stands }) => ({ id, words, stands }));
async function ratified(made: AmendmentCard | null): Promise<AmendmentCard> {
  const id = made?.id ?? expect.fail('nothing was proposed');
  const state = async () => (await client().amendment(operator, { id })).state;
  await on.until('it is open', async () => (await state()) !== 'checking');
  await client().ratify(people.johanna, { amendment: id });
  await on.until('it is in force', async () => (await state()) === 'ratified');
  return client().amendment(operator, { id });
}

describe('before it is in force', () => {
  beforeEach(() => writeFileSync(file(), '# ours\nrules: []\n'));

  test('a preview says the rule in words and last month’s decisions that would be others, and keeps nothing', async () => {
    const { rule, report, removes } = await client().rule_preview(people.johanna, { change: ABOVE });
    expect(rule).toMatchObject({ id: 'small', words: 'A payment above 100.00 EUR needs 1 of compliance', with: { amount: '100.00 EUR', count: 1 } });
    expect(removes).toBe(false);
    expect(report.problems).toEqual([]);
    expect(report.changes).toMatchObject([{ what: 'rule', name: 'small', how: 'added', lines: [] }]);
    expect(report.replay?.changed).toBeGreaterThan(0);
    expect(report.replay?.shown.some(({ was, becomes, minor }) => was === 'permit' && becomes === 'escalate' && (minor ?? 0) > 10_000)).toBe(true);
    expect(report.replay?.shown.every(({ minor }) => (minor ?? 0) > 10_000)).toBe(true);
    expect(written()).toBe('# ours\nrules: []\n');
  });

  test('whoever may not see the decisions is told how many, and of none which', async () => {
    const [seen, blind] = [await client().rule_preview(people.clara, { change: ABOVE }), await client().rule_preview(people.greta, { change: ABOVE })];
    expect(seen.report.replay?.shown.length).toBeGreaterThan(0);
    expect(blind.report.replay).toMatchObject({ changed: seen.report.replay?.changed, shown: [] });
  });

  test('only an owner makes rules, and no tool leads there', async () => {
    for (const reason of [{}, { reason: 'I want it so' }]) {
      await expect(client().rule_change(people.clara, { change: ABOVE, ...reason })).rejects.toMatchObject({ code: 'role_missing' });
      await expect(client().rule_change(operator, { change: ABOVE, ...reason })).rejects.toMatchObject({ code: 'person_needed' });
    }
    expect(written()).toBe('# ours\nrules: []\n');
    const reach = [...on.app.world.writes.keys(), ...on.app.world.reads.keys()];
    expect(reach.length).toBeGreaterThan(10);
    expect(reach.filter((tool) => /rule|amend|constitution|template/.test(tool))).toEqual([]);
  });

  test('without a reason it is a draft in the file, beside what stands there, and nothing that runs knows of it', async () => {
    writeFileSync(
      file(),
      '# ours\nrules:\n  # the auditor asked for this\n  - id: night\n    template: payment-hours\n    with: { from: 6, until: 20, role: finance }\n',
    );
    const before = (await client().constitution_show(operator, {})).digest;
    const { rule, amendment } = await client().rule_change(people.johanna, { change: changed({ id: undefined }) });
    expect([rule.id, amendment]).toEqual(['payment-above', null]);
    expect(written()).toContain('# the auditor asked for this\n');
    expect(written()).toContain('amount: 100.00 EUR');
    expect(await client().constitution_show(operator, {})).toMatchObject({ digest: before, draft: true });
    expect((await inForce()).map(({ id, stands }) => [id, stands])).toEqual([
      ['night', 'in the draft'],
      ['payment-above', 'in the draft'],
    ]);
    await client().rule_change(people.johanna, { change: { kind: 'remove', id: 'payment-above' } });
    expect(written()).not.toContain('payment-above');
    expect(written()).toContain('# the auditor asked for this');
  });

  test.each([
    ['a value of the wrong kind', changed({ with: { amount: 'plenty', count: '1', role: 'finance' } }), 'rule_invalid', /`amount` is `plenty`/],
    ['an amount in another currency', changed({ with: { amount: '5 USD', count: '1', role: 'finance' } }), 'rule_invalid', /amounts here are in EUR/],
    ['Cedar in a blank', changed({ template: 'payment-supplier', with: { supplier: 'S" || true || "', role: 'finance' } }), 'rule_invalid', /`supplier`/],
    ['a rule that is not there', { kind: 'remove', id: 'nobody' } satisfies RuleChange, 'rule_unknown', /There is no rule `nobody`/],
    [
      'a change of one that is not there',
      { ...changed(), kind: 'change', rule: { ...ABOVE.rule, id: 'nobody' } } satisfies RuleChange,
      'rule_unknown',
      /`nobody`/,
    ],
  ])('%s is refused, and the file stays as it was', async (_what, change, code, message) => {
    for (const reason of [{}, { reason: 'I want it so' }])
      await expect(client().rule_change(people.johanna, { change, ...reason })).rejects.toMatchObject({
        code,
        message: expect.stringMatching(message) as string,
      });
    expect(written()).toBe('# ours\nrules: []\n');
  });

  test.each([
    [
      'a blank that is wrong',
      '# ours\nrules:\n  - id: one-two\n    template: payment-above\n    with:\n      amount: 5.00 USD\n      count: 1\n      role: finance\n',
      /^rules\.yaml:6: `one-two`: `amount` is `5\.00 USD`/,
    ],
    ['a template that is not there', 'rules:\n  - { id: one-two, template: payment-abov }\n', /^rules\.yaml:2: `one-two`: there is no template/],
    [
      'one name twice',
      'rules:\n  - { id: one-two, template: service-booked, with: { role: owner } }\n  - { id: one-two, template: service-booked, with: { role: owner } }\n',
      /id twice/,
    ],
    ['no YAML', 'rules: [', /^rules\.yaml:\d+:/],
    ['a field of nobody', 'rules:\n  - { id: one-two, template: service-booked, wiht: { role: owner } }\n', /`wiht` is no field/],
  ])('a file with %s is a draft that is refused with its place, and what is in force runs on', async (_what, text, problem) => {
    writeFileSync(file(), text);
    expect((await client().constitution_check(operator, {})).problems).toEqual([expect.stringMatching(problem)]);
    await expect(client().amend(people.johanna, { reason: 'it says so' })).rejects.toMatchObject({ code: 'draft_refused' });
    const judged = await client().gate_check(operator, { agent: 'finance-analyst', tool: 'finance.pay_invoice', args: {}, onBehalfOf: null });
    expect(judged.kind).not.toBe('engine_error');
    expect(written()).toBe(text);
  });
});

test('with a reason it is put to the vote at once; ratified it holds, and is said in words wherever it is spoken of', async () => {
  writeFileSync(file(), 'rules: []\n');
  const { amendment } = await client().rule_change(people.johanna, {
    change: changed({ with: { amount: '0.05', count: 1, role: 'compliance' } }),
    reason: 'we are small',
  });
  const done = await ratified(amendment);
  expect(done.findings?.changes).toMatchObject([{ what: 'rule', how: 'added', title: 'A payment above 0.05 EUR needs 1 of compliance', lines: [] }]);
  expect(done.findings?.mutation?.survivors.filter(({ article }) => article === 'rule.small')).toEqual([]);
  expect(await inForce()).toEqual([{ id: 'small', words: 'A payment above 0.05 EUR needs 1 of compliance', stands: 'in force' }]);
  await on.until('the files say what is in force', async () => !(await client().constitution_show(operator, {})).draft);
  const own = (await client().constitution_explain(people.greta, {})).find(({ title }) => title === 'Rules that we made for ourselves');
  expect(own?.lines).toEqual([expect.stringContaining('A payment above 0.05 EUR needs 1 of compliance (small).')]);
  expect(await client().constitution_blame(operator, { article: 'rule.small' })).toMatchObject([{ how: 'added', by: 'johanna', reason: 'we are small' }]);
  const waits = (await on.tasks()).filter(({ waits: waiting }) => waiting);
  await on.until('what waits is judged under it', async () => {
    const now = await client().inbox(operator, { all: false });
    return now.tasks.some(({ decision }) => decision?.articles.some(({ id, title }) => id === 'rule.small' && title.includes('0.05 EUR')));
  });
  expect(waits.length).toBeGreaterThan(0);
});

test('a proposal that cannot be made leaves the file as it was', async () => {
  const before = written();
  const more = changed({ id: 'more', with: { amount: '7', count: 1, role: 'owner' } });
  const { amendment } = await client().rule_change(people.johanna, { change: more, reason: 'one more of them' });
  expect(amendment?.state).toMatch(/checking|open/);
  writeFileSync(file(), before); // by hand: the same is proposed already, and stands in no file
  await expect(client().rule_change(people.johanna, { change: more, reason: 'one more of them' })).rejects.toMatchObject({ code: 'already_open' });
  expect(written()).toBe(before);
});

describe('the command line', () => {
  const charter = async (person: string, ...words: string[]) => {
    const caller = await on.person(person);
    let [out, err] = ['', ''];
    const terminal = { env: process.env, columns: 100, out: (text: string) => (out += text), err: (text: string) => (err += text) };
    const token = caller.kind === 'person' ? caller.token : '';
    const exit = await runCommand([...words, '--url', `http://127.0.0.1:${api.port}`, '--token', token], terminal);
    return { exit, out, err };
  };

  test('lists rules and templates, each with the command to type next', async () => {
    const list = await charter('greta', 'rules', 'list');
    expect(list.out).toMatch(/small +A payment above 0\.05 EUR needs 1 of compliance\./);
    expect(list.out).not.toContain('context.');
    expect((await charter('greta', 'rules', 'list', '--cedar')).out).toContain('context.payment.amount_minor > 5');
    const templates = await charter('greta', 'rules', 'templates', 'staffing');
    expect(templates.out).toContain('npx charter rules preview leave-longer --days 10 --role finance');
    expect(templates.out).not.toContain('payment-above');
    expect(z.array(z.object({ id: z.string() })).parse(JSON.parse((await charter('greta', 'rules', 'templates', '--json')).out)).length).toBeGreaterThan(8);
  });

  test('previews, adds, changes and removes', async () => {
    const preview = await charter('clara', 'rules', 'preview', 'payment-supplier', '--supplier', 'S-001', '--role', 'owner');
    expect(preview).toMatchObject({
      exit: 0,
      out: expect.stringMatching(/Rule: Every payment to supplier S-001 needs the owner\.\nHeld against .*\nOf \d+ recorded decisions/) as string,
    });
    expect(preview.out).toContain('npx charter rules add payment-supplier --role owner --supplier S-001 --reason');
    const wrong = await charter('clara', 'rules', 'preview', 'payment-supplier', '--supplier', 'S 001"', '--role', 'owner');
    expect(wrong).toMatchObject({ exit: 2, err: expect.stringContaining('`supplier` is `S 001"`') as string });
    const other = await charter('clara', 'rules', 'add', 'payment-supplier', '--supplier', 'S-001', '--role', 'owner');
    expect(other).toMatchObject({ exit: 3, err: expect.stringContaining('it takes the role `owner`') as string });
    const added = await charter('johanna', 'rules', 'add', 'payment-supplier', '--supplier', 'S-001', '--role', 'owner', '--observe', '--id', 'first-one');
    expect(added).toMatchObject({
      exit: 0,
      out: expect.stringContaining('first-one is in rules.yaml. It is a draft. To put it to the vote: npx charter constitution amend') as string,
    });
    expect(added.out).toContain('Only tried out');
    const change = await charter('johanna', 'rules', 'change', 'first-one', '--role', 'finance', '--enforce');
    expect(change.out).toContain('Rule: Every payment to supplier S-001 needs finance.\n');
    const again = await charter('johanna', 'rules', 'change', 'first-one', '--role', 'finance');
    expect(again).toMatchObject({ exit: 2, err: expect.stringContaining('says that already') as string });
    const diff = await charter('johanna', 'constitution', 'diff');
    expect(diff.out).toContain('+ rule first-one: Every payment to supplier S-001 needs finance\n');
    expect(diff.out).not.toContain('context.');
    const proposed = await charter('johanna', 'rules', 'remove', 'first-one', '--reason', 'it was a trial');
    expect(proposed).toMatchObject({ exit: 2, err: expect.stringContaining('there is nothing to amend') as string });
    expect(written()).toContain('first-one'); // what was not proposed is not written
    expect((await charter('johanna', 'rules', 'remove', 'first-one')).out).toContain('No more: Every payment to supplier S-001 needs finance.');
    expect(written()).not.toContain('first-one');
  });

  test('one step from the rule to the vote', async () => {
    const { exit, out, err } = await charter('johanna', 'rules', 'remove', 'small', '--reason', 'we have grown');
    expect(exit).toBe(4);
    expect(err).toContain('No more: A payment above 0.05 EUR needs 1 of compliance.');
    expect(out).toMatch(/- rule small: A payment above 0\.05 EUR needs 1 of compliance: removed[\s\S]*npx charter constitution ratify amd-/);
    const [open] = (await client().amendments(operator, { all: false })).filter(({ reason }) => reason === 'we have grown');
    await ratified(open ?? null);
    expect(await inForce()).toEqual([]);
  });
});
