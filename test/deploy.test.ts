/** What deploys Charter names what there is: commands, flags, variables, ports. No container runs here. */
import { existsSync, readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { parse } from 'yaml';
import { z } from 'zod';
import { charterProgram } from '../src/surfaces/cli/program.ts';

const text = readFileSync('deploy/compose.yaml', 'utf8');
const Service = z.looseObject({
  image: z.string(),
  user: z.string().optional(),
  command: z.array(z.string()).optional(),
  environment: z.record(z.string(), z.string()).optional(),
  healthcheck: z.object({ test: z.array(z.string()) }).optional(),
  ports: z.array(z.string()).default([]),
  read_only: z.boolean().optional(),
  cap_drop: z.array(z.string()).optional(),
  volumes: z.array(z.string()).default([]),
});
const Compose = z.object({
  services: z.record(z.string(), Service),
  volumes: z.record(z.string(), z.unknown()),
  secrets: z.record(z.string(), z.object({ file: z.string() })),
});
const { services, volumes } = Compose.parse(parse(text, { merge: true }));
const ours = Object.entries(services).filter(([, { image }]) => image === 'charter');
const dockerfile = readFileSync('deploy/Dockerfile', 'utf8');
const explained = new Set(readFileSync('.env.example', 'utf8').match(/\b[A-Z]+(_[A-Z]+)+\b/g));

test('every variable that the deployment names is explained in .env.example', () => {
  const named = [
    ...[...text.matchAll(/\$\{([A-Z_]+)/g)].map(([, name]) => name ?? ''),
    ...ours.flatMap(([, { environment }]) => Object.keys(environment ?? {})),
    ...[...dockerfile.matchAll(/^ENV ([A-Z_]+)/gm)].map(([, name]) => name ?? ''),
  ];
  expect(named.length).toBeGreaterThan(10);
  expect(named.filter((name) => !explained.has(name))).toEqual([]);
});

describe('our own containers', () => {
  test('are migrate, worker and api', () => expect(ours.map(([name]) => name)).toEqual(['migrate', 'worker', 'api']));

  test.each(ours)('%s runs a command that there is, with flags that it has, and may write nowhere but in its data', (_name, { command = [], ...service }) => {
    const [word, ...given] = command;
    const found = charterProgram({ env: {}, columns: 100, out: String, err: String }, false, String).commands.find((one) => one.name() === word);
    const flags = found?.options.map(({ long }) => long) ?? [];
    expect(found).toBeDefined();
    for (const flag of given.filter((one) => one.startsWith('--'))) expect(flags).toContain(flag);
    expect(service).toMatchObject({ read_only: true, cap_drop: ['ALL'] });
    expect(service.volumes).toEqual(['data:/data', './organization:/organization:ro']);
  });

  test.each([
    ['worker', '--health-port'],
    ['api', '--port'],
  ])('%s is asked whether it lives and is ready, at the port that it listens on', (name, flag) => {
    const { command = [], healthcheck } = services[name] ?? {};
    const port = command[command.indexOf(flag) + 1] ?? 'none';
    const asked = healthcheck?.test.join(' ') ?? '';
    for (const part of ['healthz', 'readyz', `127.0.0.1:${port}/`]) expect(asked).toContain(part);
  });

  test('are not root, and no secret is in the image', () => {
    expect(dockerfile).toMatch(/^FROM node:20-[a-z-]+$/m);
    expect(dockerfile.indexOf('USER node')).toBeGreaterThan(dockerfile.lastIndexOf('RUN '));
    expect(readFileSync('.dockerignore', 'utf8').split('\n')).toEqual(expect.arrayContaining(['.env', 'deploy/secrets', '.charter', 'node_modules']));
    for (const [, source] of dockerfile.matchAll(/^COPY (\S+)/gm)) expect(source && existsSync(source), source).toBe(true);
  });
});

test('what is published is published to this machine alone', () => {
  const published = Object.values(services).flatMap(({ ports }) => ports);
  expect(published).toHaveLength(1);
  for (const port of published) expect(port).toMatch(/^127\.0\.0\.1:/);
});

test('every volume that is mounted is declared, or lies beside the file', () => {
  const sources = Object.values(services).flatMap((service) => service.volumes.map((volume) => volume.split(':')[0] ?? ''));
  expect(sources.filter((source) => !source.startsWith('./')).every((source) => source in volumes)).toBe(true);
  expect(existsSync('deploy/postgres-roles.sh')).toBe(true);
});

test('Temporal is of the version that is pinned', () => {
  const [, pinned] = /temporalio\/cli v([\d.]+)/.exec(readFileSync('deploy/temporal/go.mod', 'utf8')) ?? [];
  expect(services['temporal']?.image).toBe(`temporalio/temporal:${pinned}`);
});
