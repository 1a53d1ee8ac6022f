/** What Charter needs of this machine, checked one by one. */
import { accessSync, constants, existsSync, mkdirSync, readFileSync } from 'node:fs';
import { execFileSync } from 'node:child_process';
import { join } from 'node:path';
import { findTemporal, pinnedVersion } from '../../scripts/temporal-server.mjs';
import { loadOrganization } from '../adapters/files/organization.ts';
import { loadKeys } from '../adapters/host/keys.ts';
import { running } from '../adapters/host/processes.ts';
import { organizationFolder } from './runtime.ts';
import { slackFound } from './slack.ts';

export interface Check {
  readonly name: string;
  readonly ok: boolean;
  readonly found: string;
  readonly remedy: string;
}

/** Each check tells what it found; one that throws has failed with what it threw. */
export async function diagnose(dataDir: string, env: NodeJS.ProcessEnv): Promise<readonly Check[]> {
  const checks: readonly [string, string, () => string | Promise<string>][] = [
    ['Node', 'Install Node 20.19 or later: https://nodejs.org', node],
    ['Data', 'Set CHARTER_DATA to a folder that you may write.', () => writable(dataDir)],
    ['Temporal', 'Set TEMPORAL_ADDRESS or TEMPORAL_CLI_PATH, or install Go 1.26 and run `npm start`.', () => temporal(dataDir, env)],
    ['PostgreSQL', 'Run `npm start`, or set DATABASE_URL.', () => postgres(dataDir, env)],
    ['Keys', 'Restore the files in keys/ from your backup, with mode 0600.', () => keys(dataDir)],
    ['Models', '', () => models(env)],
    ['Slack', 'See docs/how-to/link-slack.md; without any of its tokens Slack is off.', () => slack(dataDir, env)],
    ['Organization', 'Mend what it says; `charter init DIR` shows a valid one.', () => organization(dataDir)],
    ['Clock', 'Set the system clock; votes and warrants depend on it.', clock],
  ];
  return Promise.all(checks.map(([name, remedy, check]) => run(name, remedy, check)));
}

async function run(name: string, remedy: string, check: () => string | Promise<string>): Promise<Check> {
  try {
    return { name, ok: true, found: await check(), remedy: '' };
  } catch (error) {
    return { name, ok: false, found: error instanceof Error ? error.message : String(error), remedy };
  }
}

function node(): string {
  const [major = 0, minor = 0] = process.versions.node.split('.').map(Number);
  if (major < 20 || (major === 20 && minor < 19)) throw new Error(`${process.version} is too old`);
  return process.version;
}

function writable(dataDir: string): string {
  mkdirSync(dataDir, { recursive: true });
  accessSync(dataDir, constants.W_OK);
  return dataDir;
}

function temporal(dataDir: string, env: NodeJS.ProcessEnv): string {
  const found = findTemporal(env);
  if (!found) throw new Error('no server is at hand; `npm start` builds one');
  if (found.way === 'external') return `external, ${found.path}`;
  const version = execFileSync(found.path, ['--version'], { encoding: 'utf8' }).trim();
  const up = running(join(dataDir, 'run', 'temporal.json'));
  return `${found.way}, module ${pinnedVersion()} (${version})${up ? `, runs on port ${up.port}` : ', not running'}`;
}

function postgres(dataDir: string, env: NodeJS.ProcessEnv): string {
  if (env['DATABASE_URL']) return 'external, by DATABASE_URL';
  const up = running(join(dataDir, 'run', 'postgres.json'));
  if (up) return `embedded, runs on port ${up.port}`;
  const cluster = join(dataDir, 'postgres', 'PG_VERSION');
  return existsSync(cluster) ? `embedded ${readFileSync(cluster, 'utf8').trim()}, not running` : 'embedded, made on the first start';
}

function keys(dataDir: string): string {
  if (!existsSync(join(dataDir, 'keys'))) return 'made on the first start';
  const { warrants } = loadKeys(dataDir);
  return `there, and closed to others (warrants: ${warrants.kid})`;
}

const models = (env: NodeJS.ProcessEnv): string =>
  env['ANTHROPIC_API_KEY']
    ? 'Anthropic'
    : (env['OPENAI_API_KEY'] ?? env['OPENAI_BASE_URL'])
      ? 'OpenAI or compatible'
      : 'none: routines work, open questions are answered from records (set ANTHROPIC_API_KEY or OPENAI_API_KEY)';

async function slack(dataDir: string, env: NodeJS.ProcessEnv): Promise<string> {
  const found = slackFound(env, (await loadOrganization(await organizationFolder(dataDir, undefined))).slack);
  if (found.kind === 'incomplete') throw new Error(found.why);
  return found.kind === 'off' ? found.why : found.how;
}

async function organization(dataDir: string): Promise<string> {
  const { name, people } = await loadOrganization(await organizationFolder(dataDir, undefined));
  return `${name}, ${people.length} people`;
}

function clock(): string {
  const now = new Date();
  if (now.getUTCFullYear() < 2025) throw new Error(`it shows ${now.toISOString()}`);
  return now.toISOString();
}
