/** A mistake in the organization's files is told with its file, its line and the value; nothing starts on half of one. */
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { manifestText } from '../../../src/adapters/files/manifests.ts';
import { loadOrganization, OrganizationError } from '../../../src/adapters/files/organization.ts';
import { descriptorsIn } from '../../../src/intake/tools/descriptors.ts';
import { draftManifest } from '../../../src/intake/tools/draft.ts';

const WORKSHOP = fileURLToPath(new URL('../../../examples/workshop', import.meta.url));
const BLANK = fileURLToPath(new URL('../../../examples/blank', import.meta.url));
let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'charter-files-'));
  for (const part of ['organization.yaml', 'people.yaml', 'desired']) cpSync(join(WORKSHOP, part), join(folder, part), { recursive: true });
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

test.each([WORKSHOP, BLANK])('what we ship is valid: %s', async (path) => expect((await loadOrganization(path)).people.length).toBeGreaterThan(0));
test('the same files have the same digest, and other contents another', async () => {
  const before = await loadOrganization(folder);
  expect((await loadOrganization(WORKSHOP)).digest).toBe(before.digest);
  writeFileSync(join(folder, 'people.yaml'), `${readFileSync(join(folder, 'people.yaml'), 'utf8')}# more\n`);
  expect((await loadOrganization(folder)).digest).not.toBe(before.digest);
});

describe('a mistake is told with file, line and value', () => {
  test.each<[string, string, string, string, RegExp]>([
    ['a zone that is none', 'organization.yaml', 'zone: Europe/Berlin', 'zone: Europe/Berlim', /organization\.yaml:4.*`Europe\/Berlim`/s],
    ['a currency that is none', 'organization.yaml', 'currency: EUR', 'currency: EURO', /organization\.yaml:5.*`EURO`/s],
    ['a key that nobody knows', 'organization.yaml', 'currency: EUR', 'currency: EUR\ncurrancy: EUR', /organization\.yaml.*currancy/s],
    ['a level that is none', 'organization.yaml', 'finance-analyst: act', 'finance-analyst: acts', /organization\.yaml:\d+.*`acts`/s],
    ['a time that is none', 'organization.yaml', '"07:30"', '"7.30"', /organization\.yaml:\d+.*`7\.30`/s],
    ['an amount that is none', 'organization.yaml', 'month: "50.00"', 'month: fifty', /organization\.yaml:\d+.*`fifty`/s],
    ['a role that is none', 'people.yaml', 'roles: [finance, compliance]', 'roles: [finanz]', /people\.yaml:7.*`finanz`: name one of `finance`/s],
    ['a person twice', 'people.yaml', 'id: emre', 'id: clara', /people\.yaml:\d+.*`clara`/s],
    ['a manager that is nobody', 'people.yaml', 'manager: viktor', 'manager: victor', /people\.yaml:\d+.*`victor`/s],
    ['a role without an owner', 'people.yaml', 'roles: [owner, manager]', 'roles: [manager]', /people\.yaml.*owner/s],
    [
      'an interest of nobody',
      'people.yaml',
      'people:',
      `interests: [{ person: emer, supplier: S-001, kind: own }]\npeople:`,
      /people\.yaml:3: `emer` is not in people\.yaml; name one of `emre`/,
    ],
    [
      'a relative who is nobody',
      'people.yaml',
      'people:',
      'interests: [{ person: emre, relative: claar }]\npeople:',
      /people\.yaml:3: `claar` is not in people\.yaml/,
    ],
    [
      'an override of nobody',
      'people.yaml',
      'people:',
      'overrides: [{ person: claar, per_call: "1.00" }]\npeople:',
      /people\.yaml:3: `claar` is not in people\.yaml/,
    ],
    ['an override that says nothing', 'people.yaml', 'people:', 'overrides: [{ person: clara }]\npeople:', /people\.yaml:3: `overrides\.0`.*says nothing/],
    [
      'an override of a person and a role',
      'people.yaml',
      'people:',
      'overrides: [{ person: clara, role: finance, granted: false }]\npeople:',
      /people\.yaml:3: .*write two/,
    ],
    ['an override of nobody and nothing', 'people.yaml', 'people:', 'overrides: [{ granted: false }]\npeople:', /people\.yaml:3: .*is about nobody/],
    ['a month that is no amount', 'people.yaml', 'per_day: "3000.00"', 'per_day: "3000.00", per_month: "much"', /people\.yaml:7: .*`much`/],
    [
      'a holiday beyond the calendar',
      'organization.yaml',
      '2026-04-03: Good Friday',
      '2028-04-03: Good Friday',
      /organization\.yaml:\d+: `calendar\.holidays`.*not between/,
    ],
    [
      'an account with wrong check digits',
      'desired/finance.yaml',
      'DE45820510000012345678',
      'DE46820510000012345678',
      /finance\.yaml:\d+.*`DE46820510000012345678`/s,
    ],
    ['a percentage that is none', 'desired/finance.yaml', 'price_percent: "2"', 'price_percent: "abc"', /finance\.yaml:\d+.*`abc`/s],
    ['a threshold that is none', 'desired/finance.yaml', 'a_year: "20"', 'a_year: "many"', /finance\.yaml:\d+: `discount_worth_percent_a_year` is `many`/],
    ['no account that pays', 'desired/finance.yaml', 'pays_suppliers: true', 'pays_suppliers: false', /finance\.yaml:\d+: `accounts` has none with/],
    [
      'two accounts that pay',
      'desired/finance.yaml',
      'pays_suppliers: false',
      'pays_suppliers: true',
      /finance\.yaml:4: `DE84820510000087654321` is the second/,
    ],
    [
      'an account twice',
      'desired/finance.yaml',
      'DE84820510000087654321',
      'DE45820510000012345678',
      /finance\.yaml:4: `DE45820510000012345678` is there twice/,
    ],
    ['a budget line twice', 'desired/finance.yaml', 'line: office', 'line: wood', /finance\.yaml:\d+: `wood` is there twice under `budgets`/],
    [
      'a limit of no supplier’s form',
      'desired/finance.yaml',
      'S-005: "5000.00"',
      'S-XYZ: "5000.00"',
      /finance\.yaml:\d+: `S-XYZ` cannot stand under `supplier_limits`/,
    ],
    [
      'a level of an agent that is none',
      'organization.yaml',
      'finance-analyst: act',
      'finanze-analyst: act',
      /organization\.yaml:\d+: `finanze-analyst` is no agent; name one of `finance-analyst`/,
    ],
    [
      'a channel of an agent that is none',
      'organization.yaml',
      'example: true',
      'example: true\nslack: { channels: { C0123ABCD: schedular } }',
      /organization\.yaml:\d+: `schedular` is no agent; name one of `scheduler`/,
    ],
    [
      'somebody who manages themselves',
      'people.yaml',
      'roles: [finance], manager: johanna',
      'roles: [finance], manager: clara',
      /people\.yaml:6: `clara` manages nobody/,
    ],
    [
      'a circle of managers',
      'people.yaml',
      'roles: [owner, manager], site',
      'roles: [owner, manager], manager: viktor, site',
      /people\.yaml:4: `johanna` is managed by `viktor` is managed by `johanna`/,
    ],
    ['a currency that ISO 4217 has not', 'organization.yaml', 'currency: EUR', 'currency: XQZ', /organization\.yaml:5: `currency` is `XQZ`/],
    ['an amount that the currency has not', 'organization.yaml', 'month: "50.00"', 'month: "50.001"', /organization\.yaml:\d+: `model\.month` is `50\.001`/],
    [
      'a day that the calendar has not',
      'organization.yaml',
      '2026-03-02T07:00',
      '2026-02-30T07:00',
      /organization\.yaml:\d+: `clock\.start` is `2026-02-30T07:00`/,
    ],
    ['a time that no clock shows', 'organization.yaml', '2026-03-02T07:00', '2026-03-02T27:99', /organization\.yaml:\d+: `clock\.start` is `2026-03-02T27:99`/],
    ['a clock where there is no example', 'organization.yaml', 'example: true', 'example: false', /organization\.yaml:\d+: `clock` is for an example alone/],
    ['a review of a domain that is none', 'organization.yaml', '  finance: { at', '  finanze: { at', /organization\.yaml:\d+: `finanze` .*`finance`/],
    ['text that is no YAML', 'desired/finance.yaml', 'accounts:', 'accounts: [', /finance\.yaml:\d+/],
  ])('%s', async (_what, file, right, wrong, told) => {
    const path = join(folder, file);
    const text = readFileSync(path, 'utf8');
    expect(text).toContain(right);
    writeFileSync(path, text.replace(right, wrong));
    await expect(loadOrganization(folder)).rejects.toThrow(told);
  });

  test('one wrong value is one problem: a zone that is none makes no site unknown', async () => {
    const path = join(folder, 'organization.yaml');
    writeFileSync(path, readFileSync(path, 'utf8').replace('zone: Europe/Berlin', 'zone: Europe/Berlim'));
    const problems = await loadOrganization(folder).then(
      () => [],
      (error: unknown) => (error instanceof OrganizationError ? error.problems : [String(error)]),
    );
    expect(problems).toEqual([expect.stringContaining('`zone` is `Europe/Berlim`')]);
  });

  test('a file that is missing', async () => {
    rmSync(join(folder, 'people.yaml'));
    await expect(loadOrganization(folder)).rejects.toThrow(/people\.yaml/);
  });

  test.each([
    ['an effect that is none', 'effect: read', 'effect: reads', /tools\/crm\.yaml:\d+: `tools\.0\.effect` is `reads`: name one of `read`/],
    ['a kind of argument that is none', 'kind: recipient', 'kind: receiver', /tools\/crm\.yaml:\d+: .*`receiver`/],
    [
      'an agent that there is not',
      'agents: []',
      'agents: [finance-analist]',
      /tools\/crm\.yaml:\d+: `finance-analist` is no agent; name one of `finance-analyst`/,
    ],
    ['a server with the name of a domain', 'server: crm', 'server: finance', /tools\/crm\.yaml:\d+: `server` is `finance`: is taken/],
    ['a line without its reason', 'effect_why', 'effect_wy', /tools\/crm\.yaml:\d+: .*`effect_wy`/],
  ])('of a manifest: %s', async (_what, right, wrong, told) => {
    const listed = [{ name: 'get_offers' }, { name: 'send_note', inputSchema: { properties: { to: { type: 'string' } } } }];
    const text = manifestText(draftManifest(descriptorsIn(listed), 'crm'), 'crm.json');
    mkdirSync(join(folder, 'tools'));
    writeFileSync(join(folder, 'tools/crm.yaml'), text);
    expect((await loadOrganization(folder)).manifests).toMatchObject([
      { server: 'crm', tools: [{ name: 'get_offers', effect: 'read' }, { effect: 'outbound' }] },
    ]);
    expect(text).toContain(right);
    writeFileSync(join(folder, 'tools/crm.yaml'), text.replace(right, wrong));
    await expect(loadOrganization(folder)).rejects.toThrow(told);
  });

  test('two manifests of one server', async () => {
    const text = manifestText(draftManifest(descriptorsIn([{ name: 'get_offers' }]), 'crm'), 'crm.json');
    mkdirSync(join(folder, 'tools'));
    for (const file of ['a.yaml', 'b.yaml']) writeFileSync(join(folder, 'tools', file), text);
    await expect(loadOrganization(folder)).rejects.toThrow(/tools\/b\.yaml:\d+: `server` is `crm`, as in tools\/a\.yaml/);
  });
});
