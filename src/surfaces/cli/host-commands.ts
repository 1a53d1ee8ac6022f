/** Commands about this installation: bringing it up, part by part, and starting over. */
import { setTimeout as sleep } from 'node:timers/promises';
import { InvalidArgumentError, Option, type Command } from 'commander';
import { ClientError } from '../../client.ts';
import type { DevTold } from '../../processes/dev.ts';
import type { Check } from '../../processes/doctor.ts';
import { DEVELOPMENT_MARK } from '../development-mark.ts';
import { callApi, dataDirOf, type Connection } from './call.ts';
import { firstScreen } from './first-screen.ts';
import { notRaised } from './render.ts';
import { EXIT, type Shared } from './shared.ts';

export const DEFAULT_PORT = 8321;

const DEVELOPMENT = new Option('--development', 'on the ledger of `charter dev`').hideHelp();

function port(text: string): number {
  const number = Number(text);
  if (!Number.isInteger(number) || number < 0 || number > 65_535) throw new InvalidArgumentError(`\`${text}\` is no port.`);
  return number;
}

export function hostCommands(program: Command, shared: Shared): void {
  upCommands(program, shared);
  devCommand(program, shared);
  partCommands(program, shared);
  careCommands(program, shared);
}

function upCommands(program: Command, shared: Shared): void {
  program
    .command('up')
    .description('bring everything up, review every domain once, and stay until Ctrl-C')
    .option('--org <dir>', 'the organization; without it, the example workshop')
    .option('--port <port>', 'of the API', port, Number(shared.env['CHARTER_PORT'] ?? DEFAULT_PORT))
    .option('--postgres-port <port>', '', port)
    .option('--temporal-port <port>', '', port)
    .option('--once', 'end again when the first screen is there')
    .action((options: UpCommand) => upCommand(shared, options));
}

function devCommand(program: Command, shared: Shared): void {
  program
    .command('dev')
    .description('try drafts out on a copy of the organization: what is saved is in force at once, on a ledger that never counts')
    .option('--org <dir>', 'the organization; without it, the example workshop')
    .option('--port <port>', 'of the API', port, DEFAULT_PORT + 1)
    .action(async ({ org, port: at }: { org?: string; port: number }) => {
      const { dev } = await import('../../processes/dev.ts');
      const stopping = new AbortController();
      for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, () => stopping.abort());
      const dataDir = `${dataDirOf(shared.env)}-dev`;
      shared.tell(`${DEVELOPMENT_MARK}.\nIts data directory is ${dataDir}. Starting …`);
      await dev({ dataDir, org, port: at, env: shared.env, signal: stopping.signal, told: (what) => shared.line(what, devWords(what, dataDir)) });
    });
}

function devWords(what: DevTold, dataDir: string): string {
  const because = what.because === null ? '' : `${what.because}: `;
  if (what.state === 'refused') return `${because}not in force; what was before is, where anything was.\n${what.problem}\nMend it and save.`;
  const first = what.because === null ? `\nLook: export CHARTER_DATA=${dataDir}; npx charter people token NAME; npx charter inbox open --as NAME` : '';
  return `${because}in force after ${(what.ms / 1_000).toFixed(1)} s, at ${what.url}${first}`;
}

/** One process each, where a database and a Temporal of one's own are at hand. */
function partCommands(program: Command, shared: Shared): void {
  program
    .command('worker')
    .description('the worker alone; needs DATABASE_URL and TEMPORAL_ADDRESS')
    .option('--org <dir>')
    .option('--health-port <port>', '', port)
    .addOption(DEVELOPMENT)
    .action(async ({ org, healthPort, development = false }: { org?: string; healthPort?: number; development?: boolean }) => {
      const [{ runWorker }, given] = await Promise.all([import('../../processes/worker.ts'), givenServices(shared, org)]);
      await runWorker({ ...given, development, name: 'worker', healthPort, onReady: () => process.send?.('ready') });
    });
  program
    .command('api')
    .description('the API alone; needs DATABASE_URL and TEMPORAL_ADDRESS')
    .option('--org <dir>')
    .option('--port <port>', '', port, Number(shared.env['CHARTER_PORT'] ?? DEFAULT_PORT))
    .addOption(DEVELOPMENT)
    .action(async ({ org, port: at, development = false }: { org?: string; port: number; development?: boolean }) => {
      const [{ runApi }, given] = await Promise.all([import('../../processes/api.ts'), givenServices(shared, org)]);
      await runApi({ ...given, development, name: 'api', port: at, onReady: (refused) => process.send?.({ ready: true, refused: refused ?? null }) });
    });
}

async function givenServices({ env }: Shared, org: string | undefined) {
  const { temporalFromEnv } = await import('../../processes/environment.ts');
  return { dataDir: dataDirOf(env), org, env, ...temporalFromEnv(env) };
}

/** Tables, health, and how an organization begins and ends. */
function careCommands(program: Command, shared: Shared): void {
  program
    .command('migrate')
    .description('bring the tables up to date; needs DATABASE_OWNER_URL or DATABASE_URL')
    .action(async () => {
      const { migrate } = await import('../../adapters/postgres/migrate.ts');
      const url = shared.env['DATABASE_OWNER_URL'] ?? shared.env['DATABASE_URL'];
      if (!url) throw new ClientError('variable_missing', 2, 'Set DATABASE_OWNER_URL, or DATABASE_URL, to the database.');
      const applied = await migrate(url);
      shared.print(applied, applied.length === 0 ? 'Nothing to do.' : `Applied ${applied.join(', ')}.`);
    });
  program
    .command('doctor')
    .description('checks what Charter needs here')
    .action(async () => {
      const { diagnose } = await import('../../processes/doctor.ts');
      const dataDir = dataDirOf(shared.env);
      const checks = [...(await diagnose(dataDir, shared.env)), await levels({ dataDir, as: undefined, token: undefined, url: undefined })];
      const told = checks.map(({ ok, name, found, remedy }) => `${ok ? 'ok  ' : 'FAIL'} ${name.padEnd(13)} ${found}${ok ? '' : `\n     ${remedy}`}`);
      shared.print(checks, told.join('\n'));
      if (checks.some(({ ok }) => !ok)) shared.exit(EXIT.failed);
    });
  program
    .command('init [dir]')
    .description('write a small organization to start from; with --reset, start the example over')
    .option('--reset', 'forget everything in the data directory')
    .option('--yes', 'with --reset: also where more than an example would be lost')
    .option('--since <date>', 'the day on which it starts; what was amiss before becomes one report', new Date().toISOString().slice(0, 10))
    .action((dir: string | undefined, options: InitCommand) => initCommand(shared, dir, options));
}

/** Levels that organization.yaml says and no amendment raised: no fault, but nobody should believe the file. */
async function levels(connection: Connection): Promise<Check> {
  const told = (found: string): Check => ({ name: 'Levels', ok: true, found, remedy: '' });
  const status = await callApi(connection, 'status', {}).catch(() => undefined);
  if (!status) return told('told while Charter runs');
  return told(notRaised(status).join('; ') || 'as organization.yaml says, or as owners set them');
}

interface InitCommand {
  readonly reset?: boolean;
  readonly yes?: boolean;
  readonly since: string;
}

async function initCommand(shared: Shared, dir: string | undefined, { reset, yes, since }: InitCommand): Promise<void> {
  if (reset && dir !== undefined) throw new ClientError('wrong_use', 2, '`--reset` takes no folder: it forgets the data directory, and nothing was done.');
  if (reset) return startOver(shared, yes === true);
  if (dir === undefined) throw new ClientError('folder_missing', 2, 'Say where: `charter init DIR`. To start the example over: `charter init --reset`.');
  const { writeOrganization } = await import('../../processes/init.ts');
  const files = await writeOrganization(dir, since);
  shared.print(files, `Wrote ${files.join(', ')} in ${dir}. Fill them in, then: npx charter up --org ${dir}`);
}

interface UpCommand {
  readonly org?: string;
  readonly port: number;
  readonly postgresPort?: number;
  readonly temporalPort?: number;
  readonly once?: boolean;
}

async function upCommand(shared: Shared, options: UpCommand): Promise<void> {
  const dataDir = dataDirOf(shared.env);
  const json = shared.options().json === true;
  const [{ up }, { noteOrganization }] = await Promise.all([import('../../processes/up.ts'), import('../../processes/holdings.ts')]);
  const stopping = new AbortController();
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, () => stopping.abort());
  await noteOrganization(dataDir, options.org, shared.env);
  const { org, postgresPort, temporalPort } = options;
  const running = await up({ dataDir, org, port: options.port, postgresPort, temporalPort, quiet: json, env: shared.env, signal: stopping.signal });
  try {
    const reviews = reviewAll(shared, { dataDir, as: undefined, token: undefined, url: `http://localhost:${running.port}` });
    await Promise.race([reviews, new Promise((resolve) => stopping.signal.addEventListener('abort', resolve, { once: true }))]);
    if (!options.once && !stopping.signal.aborted) {
      if (!json) shared.print(undefined, 'Charter runs. Ctrl-C ends it; what it knows stays.');
      await aborted(stopping.signal);
    }
  } finally {
    await running.stop();
  }
}

/** Reviews every domain, and shows the first screen when all is done or waits. */
async function reviewAll(shared: Shared, connection: Connection & { readonly url: string }): Promise<void> {
  const { domains } = await callApi(connection, 'status', {});
  const reviews = await Promise.all(domains.map((domain) => callApi(connection, 'review', { domain }).then(() => undefined, notRatified)));
  const unratified = reviews.find((said) => said !== undefined);
  const status = await settled(() => callApi(connection, 'status', {}));
  shared.print(status, unratified ?? firstScreen(status, connection.url, shared.columns));
}

/** Until it is aborted; the process stays for it. */
function aborted(signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const alive = setInterval(() => undefined, 60_000);
    signal.addEventListener('abort', () => {
      clearInterval(alive);
      resolve();
    });
  });
}

/** An organization of one's own begins with its owner's word. */
function notRatified(error: unknown): string {
  if (error instanceof ClientError && error.code === 'not_ratified')
    return `Nothing is in force yet, and nothing is judged or done. Read constitution/articles; then an owner of people.yaml begins it:
  npx charter people token OWNER              # the first token, from whoever runs Charter
  npx charter people token OWNER --as OWNER   # exchanged by the owner for one that nobody else has held
  npx charter constitution ratify --as OWNER && npx charter review finance`;
  throw error;
}

const SETTLE_MS = 20_000;

/** The status once nothing moves any more, or after a while. */
async function settled<T extends { counts: Readonly<Record<string, number>>; waiting: readonly unknown[] }>(status: () => Promise<T>): Promise<T> {
  for (const end = Date.now() + SETTLE_MS; ; await sleep(200)) {
    const now = await status();
    if ((now.counts['open'] ?? 0) <= now.waiting.length || Date.now() > end) return now;
  }
}

/** @throws ClientError `not_ours` where Charter did not make the folder, `would_lose` where more than an example lives here and nobody said `--yes` */
async function startOver(shared: Shared, yes: boolean): Promise<void> {
  const dataDir = dataDirOf(shared.env);
  const [{ requireStopped, emptyDataDir }, { losses }, { removable }] = await Promise.all([
    import('../../processes/reset.ts'),
    import('../../processes/holdings.ts'),
    import('../../processes/data-dir.ts'),
  ]);
  requireStopped(dataDir);
  removable(dataDir); // throws before anything is asked
  const lost = losses(dataDir, shared.env);
  if (lost.length > 0 && !yes) {
    const told = lost.map((one) => `  - ${one}`).join('\n');
    throw new ClientError(
      'would_lose',
      2,
      `This would forget for good what lies in ${dataDir}:\n${told}\nNothing was done. Keep a copy of that folder; then say \`charter init --reset --yes\`.`,
    );
  }
  const parts = await emptyDataDir(dataDir);
  const told = parts.length === 0 ? `Nothing of Charter's lies in ${dataDir}.` : `Removed from ${dataDir}: ${parts.join(', ')}.`;
  shared.print({ reset: dataDir, removed: parts, lost }, `${told} \`npm start\` begins the example anew.`);
}
