/** What the package exports: three doors and no other, usable from a program of somebody else, typed from the schemas of their tools. */
import { execFileSync } from 'node:child_process';
import { copyFileSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, expectTypeOf, test } from 'vitest';
import { z } from 'zod';
import { createClient, toolFunction } from '../src/package/client.ts';
import { defineReadTool } from '../src/package/define.ts';
import { testGate } from '../src/package/testing.ts';
import { ran } from './fixtures/python.ts';

const root = fileURLToPath(new URL('..', import.meta.url));
const note = {
  name: 'crm.send_note',
  input: z.object({ to: z.string(), body: z.string().default('') }),
  run: ({ to }: { to: string }) => Promise.resolve({ sent: to.length }),
};
const because = { key: 'k', rationale: 'the customer waits for it' };

describe('in a program of somebody else', () => {
  const folder = mkdtempSync(join(tmpdir(), 'charter-package-'));
  const installed = join(folder, 'node_modules', 'charter');
  beforeAll(() => {
    mkdirSync(installed, { recursive: true });
    execFileSync(process.execPath, ['scripts/package.mjs', '--into', join(installed, 'dist')], { cwd: root, stdio: 'inherit' });
    copyFileSync(join(root, 'package.json'), join(installed, 'package.json'));
    for (const needed of ['zod', 'canonicalize', '@types']) symlinkSync(join(root, 'node_modules', needed), join(folder, 'node_modules', needed));
    writeFileSync(join(folder, 'package.json'), JSON.stringify({ type: 'module' }));
  });
  afterAll(() => rmSync(folder, { recursive: true, force: true }));
  const node = (program: string) => ran(process.execPath, ['--input-type=module', '--eval', `process.chdir(${JSON.stringify(folder)}); ${program}`], 60_000);
  const load = (entry: string) => {
    writeFileSync(
      join(folder, 'load.mjs'),
      `import(${JSON.stringify(entry)}).then((m) => console.log(Object.keys(m).sort().join()), (e) => console.log(e.code));`,
    );
    return node(`await import(${JSON.stringify(join(folder, 'load.mjs'))});`);
  };

  test.each([
    ['charter/client', 'CharterError,createClient,interrupting,toolFunction,verifyWebhook'],
    ['charter/define', 'Money,defineAgent,defineFacts,defineReadTool,defineReconciler,defineWriteTool,draft'],
    ['charter/testing', 'testGate'],
    ['charter', 'ERR_PACKAGE_PATH_NOT_EXPORTED'],
    ['charter/src/app.ts', 'ERR_PACKAGE_PATH_NOT_EXPORTED'],
    ['charter/dist/client.js', 'ERR_PACKAGE_PATH_NOT_EXPORTED'],
    ['charter/package.json', 'ERR_PACKAGE_PATH_NOT_EXPORTED'],
  ])('%s gives %s', async (entry, gives) => expect((await load(entry)).out.trim()).toBe(gives));

  test('a wrong name or argument does not compile against what is installed, and a right one does', async () => {
    const program = (call: string) => `import { createClient } from 'charter/client';
import { testGate } from 'charter/testing';
import { z } from 'zod';
const { fetch } = testGate({ 'crm.send_note': 'permit' });
const send = createClient({ url: 'http://gate.test', token: 'any', fetch }).governed({
  name: 'crm.send_note', input: z.object({ to: z.string() }), run: async ({ to }) => ({ sent: to }),
});
export const said: Promise<{ sent: string }> = ${call};
`;
    const because = `{ key: 'k', rationale: 'they wait' }`;
    writeFileSync(join(folder, 'right.ts'), program(`send({ to: 'sam' }, ${because})`));
    writeFileSync(join(folder, 'wrong-name.ts'), program(`send({ too: 'sam' }, ${because})`));
    writeFileSync(join(folder, 'wrong-kind.ts'), program(`send({ to: 7 }, ${because})`));
    writeFileSync(join(folder, 'keyless.ts'), program(`send({ to: 'sam' }, { rationale: 'they wait' })`));
    const options = { module: 'nodenext', moduleResolution: 'nodenext', target: 'es2023', strict: true, noEmit: true, types: ['node'] };
    writeFileSync(join(folder, 'tsconfig.json'), JSON.stringify({ compilerOptions: options }));
    const { out } = await ran(process.execPath, [join(root, 'node_modules/typescript/bin/tsc'), '-p', folder, '--pretty', 'false'], 120_000);
    const wrong = [...out.matchAll(/([\w-]+)\.ts\(\d+,\d+\): error TS(\d+)/g)].map(([, file, code]) => `${file} ${code}`);
    expect(wrong.sort(), out).toEqual(['keyless 2345', 'wrong-kind 2322', 'wrong-name 2353']);
  });
});

describe('types are those of the schema', () => {
  const send = createClient({ url: 'http://gate.test', token: 'any' }).governed(note);
  test('of what goes in, of what the function is given, of what comes out', () => {
    expectTypeOf(send).parameter(0).toEqualTypeOf<{ to: string; body?: string | undefined }>();
    expectTypeOf(send).returns.resolves.toEqualTypeOf<{ sent: number }>();
    const charter = createClient({ url: 'http://gate.test', token: 'any' });
    charter.governed({
      ...note,
      run: (input) => {
        expectTypeOf(input).toEqualTypeOf<{ to: string; body: string }>();
        return Promise.resolve({ sent: 1 });
      },
    });
    const asTool = toolFunction(
      send,
      () => undefined,
      ({ to }) => to,
    );
    expectTypeOf(asTool).parameter(0).toEqualTypeOf<{ to: string; body?: string | undefined }>();
    const read = defineReadTool<{ count(shelf: string): Promise<number> }>()({
      name: 'test.count_shelf',
      summary: 'Count what is on a shelf',
      classification: 'internal',
      untrusted: [],
      input: z.strictObject({ shelf: z.string() }),
      output: z.strictObject({ items: z.int() }),
      run: async ({ shelf }, ports) => ({ items: await ports.count(shelf) }),
    });
    expectTypeOf(read.run).parameter(0).toEqualTypeOf<{ shelf: string }>();
  });
});

describe('the gate for tests', () => {
  test.each([
    ['permit', null],
    ['deny', 'denied'],
    ['escalate', 'waiting'],
  ] as const)('says %s, and the client does what it does at the real one', async (verdict, code) => {
    const gate = testGate({ 'crm.send_note': verdict });
    const send = createClient({ url: 'http://gate.test', token: 'any', fetch: gate.fetch }).governed(note);
    const came = await send({ to: 'sam' }, { ...because, waitMs: 0 }).catch((error: unknown) => error);
    expect(came).toMatchObject(code === null ? { sent: 3 } : { code });
    expect(gate.actions()).toMatchObject([
      { tool: 'crm.send_note', args: { to: 'sam', body: '' }, state: { permit: 'done', deny: 'denied', escalate: 'waits_for_people' }[verdict] },
    ]);
  });
  test('people decide, and what is done is done once', async () => {
    const gate = testGate({ 'crm.send_note': 'escalate' });
    const send = createClient({ url: 'http://gate.test', token: 'any', fetch: gate.fetch }).governed(note);
    await expect(send({ to: 'sam' }, { ...because, waitMs: 0 })).rejects.toMatchObject({ code: 'waiting' });
    gate.decide(gate.actions()[0]?.id ?? '', 'approve');
    expect(await send({ to: 'sam' }, because)).toEqual({ sent: 3 });
    await expect(send({ to: 'sam' }, because)).rejects.toMatchObject({ code: 'fetched_before' });
  });
  test('what it does not know it denies; away, it answers nothing', async () => {
    const gate = testGate({});
    const charter = createClient({ url: 'http://gate.test', token: 'any', fetch: gate.fetch });
    expect(await charter.decide('crm.send_note', {})).toMatchObject({ verdict: 'deny' });
    gate.away(true);
    await expect(charter.decide('crm.send_note', {})).rejects.toMatchObject({ code: 'unreachable' });
  });
});
