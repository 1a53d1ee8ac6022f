/** Every command of the command line, against a Charter that runs: what it exits with, and what it says with `--json`. */
import { spawn, type ChildProcess } from 'node:child_process';
import { chmodSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import type { Command } from 'commander';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { z } from 'zod';
import { charterProgram } from '../../src/surfaces/cli/program.ts';
import { runCommand } from '../../src/surfaces/cli/run.ts';
import { PLAIN_CALLS } from '../fixtures/plain-calls.ts';

const CHARTER = fileURLToPath(new URL('../../bin/charter.mjs', import.meta.url));
const dataDir = mkdtempSync(join(tmpdir(), 'charter-commands-'));
const { DATABASE_URL: _url, DATABASE_OWNER_URL: _owner, TEMPORAL_ADDRESS: _address, ...rest } = process.env;
const env = { ...rest, CHARTER_DATA: dataDir };
/** In this process; `cli.test.ts` and `start.test.ts` see the same words through `bin/charter.mjs`. */
const charter = async (...args: string[]) => {
  let [stdout, stderr] = ['', ''];
  const status = await runCommand(args, { env, columns: 100, out: (text) => (stdout += text), err: (text) => (stderr += text) });
  return { status, stdout, stderr };
};
const file = (name: string, content: string | Buffer): string => {
  const path = join(dataDir, 'given', name);
  mkdirSync(join(dataDir, 'given'), { recursive: true });
  writeFileSync(path, content);
  return path;
};

const Task = z.object({
  id: z.string(),
  outcome: z.string().nullable(),
  may: z.array(z.object({ person: z.string() })),
  decision: z.object({ needs: z.array(z.object({ role: z.string(), quorum: z.int() })) }).nullable(),
});
const waiting = async () => z.object({ tasks: z.array(Task) }).parse(JSON.parse((await charter('--json', 'inbox', 'list')).stdout)).tasks;
const forOneOfFinance = async () =>
  (await waiting()).find(({ decision }) => decision?.needs.length === 1 && decision.needs[0]?.role === 'finance')?.id ?? 'none';
const forSeveral = async () => (await waiting()).find(({ decision }) => (decision?.needs.length ?? 0) > 1)?.id ?? 'none';
const WRONG_SUMS = 'S-007:GP-3319';
const DUPLICATE = 'S-003:KR-20291';

let up: ChildProcess;
let said = '';
beforeAll(async () => {
  chmodSync(dataDir, 0o755);
  up = spawn(process.execPath, [CHARTER, 'up', '--port', '0'], { env, stdio: ['ignore', 'pipe', 'inherit'] });
  await new Promise<void>((resolve, reject) => {
    up.stdout?.on('data', (chunk: Buffer) => {
      said += chunk.toString();
      if (said.includes('Ctrl-C ends it')) resolve();
    });
    up.once('exit', (code) => reject(new Error(`ended with ${code}: ${said}`)));
  });
  for (const person of ['clara', 'emre', 'johanna']) await charter('people', 'token', person);
});
afterAll(async () => {
  if (up.exitCode === null) {
    const ended = new Promise((resolve) => up.once('exit', resolve));
    up.kill('SIGINT');
    await ended;
  }
  rmSync(dataDir, { recursive: true, force: true });
});

const READ = JSON.stringify({ agent: 'finance-analyst', tool: 'finance.list_invoices', args: { state: 'open' } });
const propose = (invoice: string) => [
  'propose',
  'finance.release_invoice',
  `invoice=${invoice}`,
  'reason=they explained it',
  '--reason',
  'they explained it',
  '--as',
  'clara',
];

/** One way to call each command, and its exit code. Functions run when the test does. */
const CALLS: Readonly<Record<string, { readonly args: () => readonly string[] | Promise<readonly string[]>; readonly exit: number }>> = {
  ask: { args: () => ['ask', 'what is due?', '--as', 'clara'], exit: 0 },
  propose: { args: () => propose(WRONG_SUMS), exit: 3 },
  review: { args: () => ['review', 'finance'], exit: 0 },
  status: { args: () => ['status'], exit: 0 },
  why: { args: async () => ['why', await forOneOfFinance()], exit: 0 },
  cost: { args: () => ['cost'], exit: 0 },
  'inbox open': { args: async () => ['inbox', 'open', await forOneOfFinance(), '--as', 'clara'], exit: 0 },
  'inbox list': { args: () => ['inbox', 'list'], exit: 0 },
  'inbox search': { args: () => ['inbox', 'search', 'declined'], exit: 0 },
  'inbox show': { args: async () => ['inbox', 'show', await forOneOfFinance()], exit: 0 },
  'inbox decide': { args: async () => ['inbox', 'decide', await forOneOfFinance(), '--decline', '--reason', 'not this week', '--as', 'clara'], exit: 0 },
  'inbox edit': { args: async () => ['inbox', 'edit', await forOneOfFinance(), 'amount=1.00', '--reason', 'as they said', '--as', 'clara'], exit: 3 }, // not what the invoice asks
  'inbox respond': { args: async () => ['inbox', 'respond', await forOneOfFinance(), 'what is due?', '--as', 'clara'], exit: 0 },
  halt: { args: () => ['halt', '--agent', 'compliance-officer', '--reason', 'a look at it', '--as', 'johanna'], exit: 0 },
  resume: { args: () => ['resume', '--agent', 'compliance-officer', '--reason', 'looked at it', '--as', 'johanna'], exit: 0 },
  wrong: { args: async () => ['wrong', await forOneOfFinance()], exit: 0 },
  'gate check': { args: () => ['gate', 'check', file('read.json', READ)], exit: 0 },
  'constitution show': { args: () => ['constitution', 'show'], exit: 0 },
  'constitution diff': { args: () => ['constitution', 'diff'], exit: 0 },
  'constitution check': { args: () => ['constitution', 'check'], exit: 0 },
  'constitution prove': { args: () => ['constitution', 'prove'], exit: 0 },
  'constitution replay': { args: () => ['constitution', 'replay', '--since', '2026-01-01'], exit: 0 },
  'constitution test': { args: () => ['constitution', 'test'], exit: 0 },
  'constitution history': { args: () => ['constitution', 'history'], exit: 0 },
  'constitution amend': { args: () => ['constitution', 'amend', '--reason', 'nothing new', '--as', 'johanna'], exit: 2 }, // the files say what is in force
  'constitution ratify': { args: () => ['constitution', 'ratify', '--as', 'johanna'], exit: 2 }, // nothing is put to the vote
  'level show': { args: () => ['level', 'show'], exit: 0 },
  'constitution explain': { args: () => ['constitution', 'explain'], exit: 0 },
  'constitution blame': { args: () => ['constitution', 'blame', 'finance.call'], exit: 0 },
  'level report': { args: () => ['level', 'report', '--week', '2026-03-02'], exit: 0 },
  'level raise': { args: () => ['level', 'raise', 'scheduler', 'act', '--reason', 'it is there', '--as', 'johanna'], exit: 2 },
  'level lower': { args: () => ['level', 'lower', 'compliance-officer', 'ask', '--reason', 'a look at it', '--as', 'johanna'], exit: 0 },
  'consents list': { args: () => ['consents', 'list', '--as', 'emre'], exit: 0 },
  'consents told': { args: () => ['consents', 'told', '--as', 'emre'], exit: 0 },
  'consents give': { args: () => ['consents', 'give', 'cns-nothing', '--as', 'emre'], exit: 2 },
  'consents refuse': { args: () => ['consents', 'refuse', 'cns-nothing', '--as', 'emre'], exit: 2 },
  'inbox nudge': { args: async () => ['inbox', 'nudge', await forOneOfFinance(), '--to', 'emre', '--as', 'clara'], exit: 0 },
  'people revoke': { args: () => ['people', 'revoke', 'viktor', '--as', 'johanna'], exit: 0 },
  eval: { args: () => ['eval', 'nobody'], exit: 2 },
  'eval tool-suite': { args: () => ['eval', 'tool-suite', join(dataDir, 'nowhere')], exit: 2 },
  'tools import': { args: () => ['tools', 'import', join(dataDir, 'nowhere.json'), '--out', join(dataDir, 'tools.yaml')], exit: 2 },
  'tools ratify': { args: () => ['tools', 'ratify', '--as', 'johanna'], exit: 2 }, // no manifest stands in the files
  ...PLAIN_CALLS,
  'service delegate': {
    args: () => ['service', 'delegate', '--to', 'finance-analyst', '--task', 'settle what is due', '--per-call', '100.00', '--as', 'clara'],
    exit: 0,
  },
  'service end': { args: () => ['service', 'end', 'dlg-00000000000000000000000000', '--as', 'clara'], exit: 3 }, // there is none of that id
  'service terms': { args: () => ['service', 'terms'], exit: 0 },
  'service events': { args: () => ['service', 'events', '--verdict', 'permit', '--limit', '5', '--as', 'johanna'], exit: 0 },
  'slack link': { args: () => ['slack', 'link', 'clara', '--as', 'clara'], exit: 0 },
  'slack unlink': { args: () => ['slack', 'unlink', 'clara', '--as', 'clara'], exit: 0 },
  'slack digest': { args: () => ['slack', 'digest', '08:00', '--as', 'clara'], exit: 3 },
  'people list': { args: () => ['people', 'list'], exit: 0 },
  'people token': { args: () => ['people', 'token', 'viktor'], exit: 0 },
  'clock advance': { args: () => ['clock', 'advance', '1m'], exit: 0 },
  'records add': { args: () => ['records', 'add', file('note.txt', 'the saw is loud')], exit: 4 },
  'records list': { args: () => ['records', 'list'], exit: 0 },
  'records describe': { args: () => ['records', 'describe', 'abcdef012345', 'a=b', '--register', 'invoices', '--as', 'clara'], exit: 2 },
  'tasks list': { args: () => ['tasks', 'list'], exit: 0 },
  'tasks done': { args: () => ['tasks', 'done', 'prp-nothing', '--as', 'johanna'], exit: 2 },
  picture: { args: () => ['picture', 'finance.cash'], exit: 0 },
  tour: { args: () => ['tour'], exit: 2 }, // with --json there is nobody to press Enter; `tour.test.ts` takes it
  up: { args: () => ['up', '--once', '--port', '0'], exit: 1 }, // it runs already
  worker: { args: () => ['worker'], exit: 2 }, // without a database of one's own
  api: { args: () => ['api'], exit: 2 },
  migrate: { args: () => ['migrate'], exit: 2 },
  doctor: { args: () => ['doctor'], exit: 0 },
  'keys list': { args: () => ['keys', 'list'], exit: 0 },
  'keys rotate': { args: () => ['keys', 'rotate'], exit: 0 }, // it runs meanwhile
  init: { args: () => ['init', join(dataDir, 'ours'), '--since', '2026-05-01'], exit: 0 },
};

const GROUPS_THAT_ACT = ['eval'];
const leaves = (command: Command, path: readonly string[] = []): readonly string[] => [
  ...(command.commands.length === 0 || GROUPS_THAT_ACT.includes(path.join(' ')) ? [path.join(' ')] : []),
  ...command.commands.flatMap((one) => leaves(one, [...path, one.name()])),
];

describe('every command', () => {
  test('is called here: a new one without its line below fails', () => {
    expect(leaves(charterProgram({ env: {}, columns: 100, out: String, err: String }, false, String)).toSorted()).toEqual(Object.keys(CALLS).toSorted());
  });
  test.each(Object.keys(CALLS))('%s prints one JSON value and nothing else with --json, and exits as it should', async (name) => {
    const { args, exit } = CALLS[name] ?? { args: () => [], exit: -1 };
    const { status, stdout, stderr } = await charter('--json', ...(await args()));
    expect({ status, stderr }, stdout).toEqual({ status: exit, stderr: '' });
    const value: unknown = JSON.parse(stdout);
    expect(typeof value).toBe('object');
    if (exit === 1 || exit === 2)
      expect(value).toMatchObject({ error: { code: expect.stringMatching(/^[a-z_]+$/) as string, message: expect.any(String) as string } });
  });
});

test('a code for a link says where nobody hears it', async () => {
  const { stdout } = await charter('slack', 'link', 'emre', '--as', 'emre');
  expect(stdout).toMatch(/^\S+-\S+\nSend this to Charter.*\nSlack is off here, so nobody hears this code. Set SLACK_BOT_TOKEN/);
});

describe('exit codes', () => {
  test('0: a vote that leads to its payment, told when it is done', async () => {
    const id = await forOneOfFinance();
    const { status, stdout } = await charter('--json', 'inbox', 'decide', id, '--approve', '--as', 'clara');
    expect({ status, outcome: z.object({ task: Task }).parse(JSON.parse(stdout)).task.outcome }).toEqual({ status: 0, outcome: 'done' });
    const late = await charter('inbox', 'decide', id, '--approve', '--as', 'emre'); // it was decided before
    expect(late).toMatchObject({ status: 3 });
    expect(`${late.stdout}${late.stderr}`.match(/Asked by/g)).toHaveLength(1);
  });
  test('3: what the gate denies after it was proposed; 4: what waits for another one', async () => {
    const denied = await charter(...propose(WRONG_SUMS));
    expect(denied).toMatchObject({ status: 3 });
    expect(denied.stdout).toContain('denied');
    expect(await charter(...propose(DUPLICATE))).toMatchObject({ status: 4 });
  });
  test('4: a vote that is not enough', async () => {
    const voted = await charter('inbox', 'decide', await forSeveral(), '--approve', '--as', 'clara');
    expect(voted).toMatchObject({ status: 4 });
    expect(voted.stdout).toContain('waits for people');
    expect(voted.stdout).toMatch(/Refused if nobody decides by \d+ \w+ \d{4}, \d\d:\d\d, by the real clock\./); // business is in March 2026
  });
  test('2: a decline without a reason is wrong use', async () => {
    expect(await charter('inbox', 'decide', await forSeveral(), '--decline', '--as', 'clara')).toMatchObject({ status: 2 });
  });
  test('gate check: a read that is granted is permitted, one that is not is denied', async () => {
    expect(await charter('gate', 'check', file('r.json', READ))).toMatchObject({ status: 0 });
    expect(await charter('gate', 'check', file('s.json', READ.replace('finance-analyst', 'compliance-officer')))).toMatchObject({ status: 3 });
  });
});

describe('unknown names', () => {
  test.each([
    ['a person', ['people', 'token', 'klara'], '`clara`'],
    ['a person whose tokens end', ['people', 'revoke', 'klara', '--as', 'johanna'], '`clara`'],
    ['a register', ['records', 'describe', 'abcdef012345', 'a=b', '--register', 'supliers', '--as', 'clara'], '`suppliers`'],
    ['an agent', ['halt', '--agent', 'finance-analist', '--reason', 'stop it', '--as', 'johanna'], '`finance-analyst`'],
    ['a domain', ['halt', '--domain', 'finanze', '--reason', 'stop it', '--as', 'johanna'], '`finance`'],
    ['a domain to review', ['review', 'finanze'], '`finance`'],
    ['a tool', ['propose', 'finance.relase_invoice', 'invoice=x', '--reason', 'because', '--as', 'clara'], '`finance.release_invoice`'],
    ['an invoice', ['why', 'S-003:KR-20292'], '`S-003:KR-20291`'],
  ])('%s: exit 2, with the nearest', async (_what, args, near) => {
    const { status, stderr } = await charter(...args);
    expect({ status, stderr }).toEqual({ status: 2, stderr: expect.stringContaining(`Near: ${near}`) as string });
  });
  test.each([['inbox', 'show'], ['why']])('a beginning that fits several tasks names none: %s %s', async (...words) =>
    expect(await charter(...words, 'prp-')).toMatchObject({ status: 2, stderr: expect.stringMatching(/`prp-` fits \d+ tasks/) as string }),
  );
  test('a task: the beginning of an id finds its neighbour', async () => {
    const id = ((await waiting())[0]?.id ?? '').slice(0, 12);
    const slip = `${id.slice(0, 11)}${id.endsWith('0') ? '1' : '0'}`;
    for (const args of [
      ['inbox', 'show', slip],
      ['why', slip],
    ])
      expect(await charter(...args)).toMatchObject({ status: 2, stderr: expect.stringContaining(`\`${id}\``) as string });
  });
});

describe('wrong use is told in words, and as JSON with --json', () => {
  test.each([[['foo']], [['inbox']], [['inbox', 'decide', 'x', '--bogus']], [['halt']]])('%s', async (args) => {
    const { status, stdout } = await charter('--json', ...args);
    expect(status).toBe(2);
    expect(JSON.parse(stdout)).toMatchObject({ error: { code: 'wrong_use' } });
    const plain = await charter(...args);
    expect(plain).toMatchObject({ status: 2, stdout: '' });
    expect(plain.stderr.length).toBeGreaterThan(10);
  });
  test.each<[string, () => string[], string]>([
    ['nothing to explain', () => ['why', ''], '`id` is empty: write at least 1 character.'],
    [
      'a field that is none',
      () => ['gate', 'check', file('misspelt.json', READ.replace('"args"', '"arguments"'))],
      '`arguments` is no field here; take it out, or mend its spelling: name one of',
    ],
    [
      'an argument that is none',
      () => ['propose', 'finance.release_invoice', 'invoise=S-003:KR-20291', 'reason=because', '--reason', 'because', '--as', 'clara'],
      '`invoise` is no field here; take it out, or mend its spelling: name one of `invoice`.',
    ],
  ])('%s: in words of ours', async (_what, args, words) => {
    expect(await charter(...args())).toMatchObject({ status: 2, stderr: expect.stringContaining(words) as string });
  });
  test('a file is called as whoever handed it in called it', async () => {
    expect(await charter('records', 'add', file('mystery.txt', 'the lamp flickers'))).toMatchObject({ status: 4 });
    const { stdout } = await charter('records', 'list');
    expect(stdout).toContain('mystery.txt: waits for its fields');
    expect(stdout).toContain('`mystery.txt` is none of');
    expect(stdout).not.toMatch(/[0-9a-f]{12}-/);
  });
  test('a file that is not there, is a folder, or holds too much is told with what to do; the others are filed', async () => {
    const large = file('scan.pdf', Buffer.alloc(9_000_000, 1));
    const { status, stdout } = await charter('--json', 'records', 'add', join(dataDir, 'none.xml'), dataDir, large, file('other.txt', 'the door is open'));
    expect(status).toBe(2);
    const rows = z.array(z.object({ name: z.string(), state: z.string(), reason: z.string() })).parse(JSON.parse(stdout));
    expect(rows.map(({ state }) => state)).toEqual(['asks', 'unreadable', 'unreadable', 'unreadable']);
    expect(rows.map(({ reason }) => reason).join('\n')).toMatch(/is not there[^]*is a folder[^]*9\.0 MB, and one file may hold 8 MB; hand it in in parts/);
  });
  test('a file of nearly 8 MB passes', async () => {
    const { status, stdout } = await charter('--json', 'records', 'add', file('fits.bin', Buffer.alloc(7_990_000, 2)));
    expect({ status, said: stdout.slice(0, 200) }).toMatchObject({ status: expect.not.stringMatching(/^2$/) as number });
    expect(JSON.parse(stdout)).toMatchObject([{ name: 'fits.bin' }]);
  });
  test('gate check of many calls, one on each line: an answer on each line, and the worst verdict is the exit code', async () => {
    const one = READ.replace(/\s+/g, ' ');
    const many = file('many.jsonl', `${one}\n\n${one.replace('finance-analyst', 'compliance-officer')}\n`);
    const { stdout } = await charter('--json', 'gate', 'check', many);
    const verdicts = Array.from(stdout.matchAll(/^\{"call":(\d),"verdict":"(\w+)"/gm), ([, call, verdict]) => `${call} ${verdict}`);
    expect(verdicts).toEqual(['1 permit', '2 deny']);
    expect(await charter('gate', 'check', many)).toMatchObject({ status: 3 });
    const broken = file('broken.jsonl', `${one}\n{"agent": \n`);
    expect(await charter('gate', 'check', broken)).toMatchObject({ status: 2, stderr: expect.stringContaining(`${broken}:2 is no JSON`) as string });
  });
  test('gate check of what is no file, no JSON or no call', async () => {
    for (const path of ['/tmp', join(dataDir, 'none.json'), file('no.json', '{'), file('list.json', '[1]')])
      expect(await charter('gate', 'check', path), path).toMatchObject({ status: 2, stderr: expect.stringContaining(path) as string });
  });
});

test('the first screen is one: at most 24 lines of 100 columns, with three commands that work, and the tour', async () => {
  const lines = said.trimEnd().split('\n');
  const screen = lines.slice(lines.findIndex((line) => line.includes('Done by the agents alone')) - 1); // from its heading, after what told of progress
  expect(screen.length).toBeLessThanOrEqual(24);
  const commands = screen.join('\n').match(/^ {2}npx charter .*/gm) ?? [];
  expect(commands).toHaveLength(3);
  expect(screen.filter((line) => line.includes('npx charter tour'))).toHaveLength(1);
  expect(await charter(...(commands[2] ?? '').trim().split(' ').slice(2))).toMatchObject({ status: 0 });
});

test('tools of a server: drafted, granted to an agent, ratified by an owner, and judged', async () => {
  const listed = file(
    'crm.json',
    JSON.stringify([{ name: 'list_offers' }, { name: 'send_offer', inputSchema: { properties: { email: { type: 'string' } } } }]),
  );
  const manifest = join(dataDir, 'organizations/workshop/tools/crm.yaml');
  expect(await charter('tools', 'import', listed, '--server', 'crm', '--out', manifest)).toMatchObject({ status: 0 });
  writeFileSync(manifest, readFileSync(manifest, 'utf8').replace('agents: []', 'agents: [operations-coordinator]'));
  const call = (tool: string, args: object) => file(`${tool}.json`, JSON.stringify({ agent: 'operations-coordinator', tool, args }));
  const [read, send] = [call('crm.list_offers', {}), call('crm.send_offer', { email: 'a@b.example' })];
  expect(await charter('gate', 'check', read)).toMatchObject({ status: 2, stderr: expect.stringContaining('There is no tool `crm.list_offers`') as string });
  const ratified = await charter('tools', 'ratify', '--as', 'johanna');
  expect(ratified, ratified.stderr).toMatchObject({ status: 0, stdout: expect.stringContaining('In force from now on.') as string });
  expect(ratified.stderr).toContain('crm.send_offer');
  for (const end = Date.now() + 20_000; Date.now() < end && (await charter('gate', 'check', read)).status === 2;) await sleep(200); // the API takes it up
  expect(await charter('gate', 'check', read)).toMatchObject({ status: 0 });
  expect(await charter('gate', 'check', send)).toMatchObject({ status: 4, stdout: expect.stringContaining('`email` (recipient)') as string });
});

test('a reset does nothing while Charter runs', async () => {
  expect(await charter('init', '--reset')).toMatchObject({ status: 1, stderr: expect.stringContaining('Charter runs here') as string });
});
