/** A mistake in the organization's files is told with its file, its line and the value; nothing starts on half of one. */
import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { loadOrganization } from '../../../src/adapters/files/organization.ts';

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
    ['a role that is none', 'people.yaml', 'roles: [finance, compliance]', 'roles: [finances]', /people\.yaml:7.*`finances`/s],
    ['a person twice', 'people.yaml', 'id: emre', 'id: clara', /people\.yaml:\d+.*`clara`/s],
    ['a manager that is nobody', 'people.yaml', 'manager: viktor', 'manager: victor', /people\.yaml:\d+.*`victor`/s],
    ['a role without an owner', 'people.yaml', 'roles: [owner, manager]', 'roles: [manager]', /people\.yaml.*owner/s],
    [
      'an account with wrong check digits',
      'desired/finance.yaml',
      'DE45820510000012345678',
      'DE46820510000012345678',
      /finance\.yaml:\d+.*`DE46820510000012345678`/s,
    ],
    ['text that is no YAML', 'desired/finance.yaml', 'accounts:', 'accounts: [', /finance\.yaml:\d+/],
  ])('%s', async (_what, file, right, wrong, told) => {
    const path = join(folder, file);
    const text = readFileSync(path, 'utf8');
    expect(text).toContain(right);
    writeFileSync(path, text.replace(right, wrong));
    await expect(loadOrganization(folder)).rejects.toThrow(told);
  });

  test('a file that is missing', async () => {
    rmSync(join(folder, 'people.yaml'));
    await expect(loadOrganization(folder)).rejects.toThrow(/people\.yaml/);
  });
});
