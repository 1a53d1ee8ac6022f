/** The guide to governing one's own runtime, carried out: its settings, its commands and its program, from the package as it is installed. */
import { execFileSync } from 'node:child_process';
import { copyFileSync, mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, expect, inject, test } from 'vitest';
import { parse } from 'yaml';
import { z } from 'zod';
import { ServiceTerms } from '../../src/kernel/service-terms.ts';
import { ProposalId } from '../../src/kernel/ids.ts';
import { runCommand } from '../../src/surfaces/cli/run.ts';
import { withCrm } from '../fixtures/crm.ts';
import { ran } from '../fixtures/python.ts';
import { serviceStage, type ServiceStage } from '../fixtures/service.ts';

const root = fileURLToPath(new URL('../../', import.meta.url));
const guide = readFileSync(join(root, 'docs/how-to/govern-your-own-runtime.md'), 'utf8');
const block = (fence: string): string => {
  const [, text] = guide.match(new RegExp(`^\`\`\`${fence}\n([\\s\\S]*?)^\`\`\`$`, 'm')) ?? [];
  if (text === undefined) throw new Error(`the guide has no block \`${fence}\``);
  return text;
};
const commands = [...guide.matchAll(/^```sh\n([\s\S]*?)^```$/gm)].map(([, text = '']) => text.trim());
const words = (line: string): string[] => [...line.matchAll(/"([^"]*)"|(\S+)/g)].map(([, quoted, bare]) => quoted ?? bare ?? '');
const folder = mkdtempSync(join(tmpdir(), 'charter-govern-'));
let at: ServiceStage;

beforeAll(async () => {
  const service = ServiceTerms.parse(z.object({ service: z.unknown() }).parse(parse(block('yaml file=organization\\.yaml'))).service);
  at = await serviceStage(inject('services'), { change: (organization) => ({ ...organization, service }) });
  await withCrm(at.on);
  await at.on.app.begin();
  await at.on.worker();
  const installed = join(folder, 'node_modules', 'charter');
  mkdirSync(installed, { recursive: true });
  execFileSync(process.execPath, ['scripts/package.mjs', '--into', join(installed, 'dist')], { cwd: root, stdio: 'inherit' });
  copyFileSync(join(root, 'package.json'), join(installed, 'package.json'));
  symlinkSync(join(root, 'node_modules', 'zod'), join(folder, 'node_modules', 'zod'));
  writeFileSync(join(folder, 'notes.mjs'), block('js file=notes\\.mjs'));
});
afterAll(async () => {
  await at.close();
  rmSync(folder, { recursive: true, force: true });
});

/** A command of the guide, as the person that it names. */
async function charter(line: string): Promise<unknown> {
  const [npx, name, ...given] = words(line);
  expect([npx, name]).toEqual(['npx', 'charter']);
  const person = given[given.indexOf('--as') + 1] ?? '';
  let [out, err] = ['', ''];
  const code = await runCommand([...given.filter((word, n) => word !== '--as' && given[n - 1] !== '--as'), '--json'], {
    env: { CHARTER_DATA: folder, CHARTER_URL: at.url, CHARTER_TOKEN: await at.person(person) },
    columns: 100,
    out: (text) => void (out += text),
    err: (text) => void (err += text),
  });
  expect(code, err + out).toBe(0);
  return JSON.parse(out);
}

test('what it says is so: a task handed on, a note that waits for people and is sent once, and what is on record of it', async () => {
  const [delegate = '', events = ''] = commands;
  expect(commands).toHaveLength(2);
  const { token } = z.object({ token: z.string(), webhookSecret: z.string() }).parse(await charter(delegate));
  const notes = async () => {
    const { code, out } = await ran(process.execPath, [join(folder, 'notes.mjs'), 'note-1'], 60_000, { CHARTER_URL: at.url, CHARTER_TOKEN: token });
    expect(code, out).toBe(0);
    return out.trim();
  };
  const [said, action] = (await notes()).split(' ');
  expect(said).toBe('waiting');
  const id = ProposalId.parse(action);
  for (const person of ['viktor', 'johanna']) await at.on.app.client.decide(await at.on.person(person), { id, choice: 'approve', reason: 'they asked for it' });
  await at.on.until('it is permitted', async () => {
    const { body } = await at.send(`/v1/actions/${id}`, { token });
    return z.object({ state: z.string() }).parse(body).state === 'permitted';
  });
  expect(await notes()).toContain("sent: 'sam@customer.example'");
  expect(await notes()).toBe(`fetched_before ${id}`);
  const found = z.object({ events: z.array(z.object({ verdict: z.string(), person: z.string(), chain: z.array(z.string()) })) }).parse(await charter(events));
  expect(found.events[0]).toEqual({ verdict: 'permit', person: 'paul', chain: ['notes-bot'] });
});

test('the rates of its table are those that articles and code have', () => {
  const article = readFileSync(join(root, 'constitution/articles/10-constraints.cedar'), 'utf8');
  expect(article).toContain('calls_last_minute_person >= 30');
  expect(article).toContain('calls_last_minute_agent >= 120');
  const { tiers } = ServiceTerms.parse({}).calls_per_minute;
  expect(guide).toContain(`interactive ${tiers.interactive}, delegated ${tiers.delegated}, service ${tiers.service} where nothing is said`);
});
