/** What the command line shows and says, of statuses and tasks made for it. */
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { stripVTControlCharacters } from 'node:util';
import { describe, expect, test } from 'vitest';
import type { Outputs, TaskCard } from '../../src/client.ts';
import { digest } from '../../src/kernel/digest.ts';
import { DOMAINS, deriveId, PersonId } from '../../src/kernel/ids.ts';
import { Outcome } from '../../src/kernel/nouns.ts';
import { losses, noteOrganization } from '../../src/processes/holdings.ts';
import { writeOrganization } from '../../src/processes/init.ts';
import { requestsOf } from '../../src/surfaces/cli/given-files.ts';
import { money } from '../../src/kernel/money.ts';
import { firstScreen } from '../../src/surfaces/cli/first-screen.ts';
import { exitOf, needsOthers } from '../../src/surfaces/cli/watch.ts';

const task = (n: number, more: Partial<TaskCard> = {}): TaskCard => ({
  id: deriveId('prp', ['cli', n]),
  tool: 'finance.pay_invoice',
  args: { invoice: `S-${n}`, amount: { minor: 10_050, currency: 'EUR' } },
  agent: 'finance-analyst',
  requester: null,
  card: [
    { label: 'Pay', value: '100.50 EUR' },
    { label: 'To', value: `A supplier with a very long name, number ${n}, of a town far away` },
  ],
  rationale: 'it is due',
  outcome: null,
  payment: null,
  waits: false,
  decision: null,
  expiresAt: null,
  votes: [],
  may: [],
  escalated: null,
  nudged: [],
  answers: ['edit', 'respond'],
  grouped: false,
  secondStep: null,
  createdAt: '2026-03-02T06:00:00.000Z',
  ...more,
});
const asking = (quorum: number, n = 0): TaskCard =>
  task(n, {
    waits: true,
    decision: {
      verdict: 'escalate',
      articles: [],
      needs: [{ role: 'finance', quorum, within: 'P3D', sole: null, articles: ['F1'] }],
      why: ['above the authority of the agent, by far\nand more'],
      material: digest('facts'),
    },
    may: [{ person: PersonId.parse('clara'), roles: ['finance'] }],
  });

const full: Outputs['status'] = {
  organization: 'workshop',
  name: 'A joinery workshop of two sites with quite a long name',
  business: '2026-03-02T06:12:00.000Z',
  zone: 'Europe/Berlin',
  halted: ['agent/finance-analyst', 'domain/operations'],
  development: false,
  domains: [...DOMAINS],
  model: 'playbook',
  money: { month: '2026-03', cap: money(5_000, 'EUR'), spent: money(4_100, 'EUR'), reserved: money(12, 'EUR') },
  constitution: '',
  draft: false,
  raised: [],
  done: Array.from({ length: 30 }, (_, n) => task(n, { outcome: 'done', tool: n < 12 ? 'finance.pay_invoice' : `operations.tool_${'abcdefg'[n % 7]}` })),
  waiting: Array.from({ length: 40 }, (_, n) => asking(1, n + 100)),
  findings: Array.from({ length: 20 }, (_, n) => `finding ${n}: ${'something to know '.repeat(10)}`),
  stalled: [{ stage: 'execute', subject: 'prp-x', tries: 9, error: 'the bank does not answer '.repeat(8), since: '2026-03-02T06:00:00.000Z' }],
  asks: 3,
  counts: {},
};
const shown = (status: Outputs['status'], columns: number) => stripVTControlCharacters(firstScreen(status, 'http://localhost:8321', columns));

describe('the first screen', () => {
  test.each([100, 80, 60])('is at most 23 lines of %i columns, however much there is, with three commands and the tour', (columns) => {
    const lines = shown(full, columns).split('\n');
    expect(lines.length).toBeLessThanOrEqual(23); // the 24th says how to end it
    expect(Math.max(...lines.map((line) => line.length))).toBeLessThanOrEqual(columns);
    expect(lines.filter((line) => line.startsWith('  npx charter '))).toHaveLength(3);
    expect(lines.filter((line) => line.includes('`npx charter tour`'))).toHaveLength(1);
  });
  test('the money of models is on it when most of it is gone, and not before', () => {
    expect(shown(full, 100)).toContain('Models in 2026-03: 41.00 EUR of 50.00 EUR spent, and 0.12 EUR set aside for calls under way.');
    expect(shown({ ...full, money: { ...full.money, spent: money(3_900, 'EUR') } }, 100)).not.toContain('Models');
  });
  test('a wide terminal is not filled', () => {
    expect(
      Math.max(
        ...shown(full, 250)
          .split('\n')
          .map((line) => line.length),
      ),
    ).toBeLessThanOrEqual(100);
  });
  test('what was done is counted and summed by kind, five of what waits are shown and the rest counted', () => {
    const text = shown(full, 100);
    expect(text).toMatch(/ 12 × Pay +finance\.pay_invoice +1,?206\.00 EUR/);
    expect(text.match(/^ {2}prp-/gm)).toHaveLength(5);
    expect(text).toContain('and 35 more');
  });
  test('what moves most money stands first, and what moves none last', () => {
    const [none, some, most] = [asking(1, 901), asking(1, 902), asking(1, 903)].map((one, n) => ({
      ...one,
      args: n === 0 ? {} : { amount: { minor: n * 100, currency: 'EUR' } },
    }));
    const waiting = [none, some, most].flatMap((one) => one ?? []);
    const text = shown({ ...full, waiting }, 100);
    expect([...text.matchAll(/^ {2}(prp-\S+)/gm)].map(([, id]) => id)).toEqual([most, some, none].map((one) => one?.id.slice(0, 12)));
    expect(text).toContain(`why ${most?.id.slice(0, 12)}`);
  });
  test('commands are those of somebody who may decide, and of something that was done', () => {
    const [token, decide, why] = shown(full, 100).match(/(?<=^ {2})npx charter .*/gm) ?? [];
    expect([token, decide, why]).toEqual([
      'npx charter people token clara',
      expect.stringMatching(/^npx charter inbox decide prp-\w{8} --approve --as clara$/),
      expect.stringMatching(/^npx charter why prp-\w{8}$/),
    ]);
  });
  test('with nothing done and nothing waiting there are three commands all the same', () => {
    expect(shown({ ...full, done: [], waiting: [], findings: [], stalled: [], asks: 0, halted: [] }, 100).match(/^ {2}npx charter/gm)).toHaveLength(3);
  });
});

describe('the exit code of a task', () => {
  test('a closed one: what became of it', () => {
    const codes = Object.fromEntries(Outcome.options.map((outcome) => [outcome, exitOf(task(0, { outcome }))]));
    expect(codes).toEqual({ done: 0, shadowed: 0, failed: 1, denied: 3, declined: 3, expired: 3, halted: 3, overtaken: 3, edited: 3 });
  });
  test('a decline that was asked for is done', () => expect(exitOf(task(0, { outcome: 'declined' }), 'declined')).toBe(0));
  test('under way with nobody asked is not waiting', () => expect(exitOf(task(0))).toBe(0));
  test('one that needs more people waits, whatever others said; a decline or votes enough need nobody', () => {
    const vote = { person: 'clara', choice: 'approve', reason: '', void: null, againOn: null, fourEyes: true, roles: ['finance'] } as const;
    expect(exitOf(asking(1))).toBe(4);
    expect(exitOf({ ...asking(2), votes: [vote] })).toBe(4);
    expect(exitOf({ ...asking(1), votes: [{ ...vote, void: 'a fact changed' }] })).toBe(4);
    expect(needsOthers({ ...asking(1), votes: [vote] })).toBe(false);
    expect(needsOthers({ ...asking(2), votes: [{ ...vote, choice: 'decline' }] })).toBe(false);
  });
});

test('files go in requests of 8 MB and 100 files at most, in their order', () => {
  const files = [3, 4, 2, 7, 1].map((megabytes, n) => ({ n, bytes: Buffer.alloc(megabytes * 1_000_000) }));
  expect(requestsOf(files).map((request) => request.map(({ n }) => n))).toEqual([[0, 1], [2], [3, 4]]);
  expect(requestsOf(Array.from({ length: 250 }, () => ({ bytes: Buffer.alloc(1) }))).map(({ length }) => length)).toEqual([100, 100, 50]);
});

describe('what a reset would lose', () => {
  const inFolder = async (work: (dataDir: string) => Promise<void>) => {
    const dataDir = mkdtempSync(join(tmpdir(), 'charter-holdings-'));
    await work(dataDir).finally(() => rmSync(dataDir, { recursive: true, force: true }));
  };
  const WORKSHOP = fileURLToPath(new URL('../../examples/workshop', import.meta.url));
  test('an example alone: nothing', () =>
    inFolder(async (dataDir) => {
      await noteOrganization(dataDir, WORKSHOP, {});
      mkdirSync(join(dataDir, 'keys'));
      expect(losses(dataDir, {})).toEqual([]);
    }));
  test('an organization of one’s own beside it: that one, by name', () =>
    inFolder(async (dataDir) => {
      await writeOrganization(join(dataDir, 'ours'), '2026-05-01');
      await noteOrganization(dataDir, join(dataDir, 'ours'), {});
      await noteOrganization(dataDir, WORKSHOP, {});
      expect(losses(dataDir, {})).toEqual([expect.stringMatching(/its ledger, votes, payments/)]);
    }));
  test('the keys of a database elsewhere, named without who logs in', () =>
    inFolder(async (dataDir) => {
      await noteOrganization(dataDir, WORKSHOP, { DATABASE_URL: 'postgres://app:secret@db.example:5432/charter' });
      for (const env of [{}, { DATABASE_URL: 'postgres://app:secret@db.example:5432/charter' }]) {
        const [said] = losses(dataDir, env);
        expect(said).toContain('db.example:5432/charter');
        expect(said).not.toContain('secret');
      }
    }));
  test('what nobody noted counts as somebody’s', () =>
    inFolder(async (dataDir) => {
      expect(losses(dataDir, {})).toEqual([]);
      mkdirSync(join(dataDir, 'postgres'));
      expect(losses(dataDir, {})).toHaveLength(1);
    }));
});
