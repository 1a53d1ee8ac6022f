// Finds the Temporal dev server, or builds it. Needs nothing installed: it runs before `npm ci` has.
import { execFile, execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { accessSync, constants, existsSync, mkdirSync, mkdtempSync, readFileSync, renameSync, rmSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { homedir } from 'node:os';
import { delimiter, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const MODULE = fileURLToPath(new URL('../deploy/temporal/', import.meta.url));

/** @returns {string} the pinned version of the server's module */
export const pinnedVersion = () => /temporalio\/cli v([\d.]+)/.exec(readFileSync(join(MODULE, 'go.mod'), 'utf8'))?.[1] ?? 'unknown';

/** @param {string} file */
const executable = (file) => {
  try {
    accessSync(file, constants.X_OK);
    return true;
  } catch {
    return false;
  }
};

/** @param {NodeJS.ProcessEnv} env */
const cacheFolder = (env) => env.CHARTER_CACHE ?? join(env.XDG_CACHE_HOME ?? join(homedir(), '.cache'), 'charter');

/**
 * Where a server is to be had without building it.
 * @param {NodeJS.ProcessEnv} env
 * @returns {{ way: 'external' | 'given' | 'path' | 'cache', path: string } | undefined}
 */
export function findTemporal(env) {
  if (env.TEMPORAL_ADDRESS) return { way: 'external', path: env.TEMPORAL_ADDRESS };
  if (env.TEMPORAL_CLI_PATH) {
    if (executable(env.TEMPORAL_CLI_PATH)) return { way: 'given', path: env.TEMPORAL_CLI_PATH };
    throw new Error(`TEMPORAL_CLI_PATH names \`${env.TEMPORAL_CLI_PATH}\`, which cannot be run. Mend the path, or take the variable away.`);
  }
  const onPath = (env.PATH ?? '')
    .split(delimiter)
    .map((folder) => join(folder, 'temporal'))
    .find(executable);
  if (onPath) return { way: 'path', path: onPath };
  const cached = join(cacheFolder(env), `temporal-${pinnedVersion()}`);
  return executable(cached) ? { way: 'cache', path: cached } : undefined;
}

const HEADERS_MS = 8_000; // a site that does not answer by then is taken for out of reach
const WHOLE_MS = 300_000;

/** What was downloaded is not what was asked for: refused, and nothing else is tried. */
export class DownloadError extends Error {}

/**
 * Downloads the pinned server into the cache, from where Temporal publishes its command line: by HTTPS, unless TEMPORAL_DOWNLOAD_URL
 * says otherwise; with the SHA-256 of TEMPORAL_DOWNLOAD_SHA256, where that is given, before anything of it runs.
 * @param {NodeJS.ProcessEnv} env
 * @returns {Promise<string | undefined>} its path; undefined where it cannot be had
 * @throws {DownloadError} where its digest is another
 */
export async function downloadTemporal(env) {
  const base = env.TEMPORAL_DOWNLOAD_URL ?? 'https://temporal.download';
  const arch = { x64: 'amd64', arm64: 'arm64' }[process.arch];
  const folder = cacheFolder(env);
  mkdirSync(folder, { recursive: true });
  const unpacked = mkdtempSync(join(folder, 'download-'));
  const abort = new AbortController();
  const timer = setTimeout(() => abort.abort(), HEADERS_MS);
  try {
    const response = await fetch(`${base}/cli/archive/v${pinnedVersion()}?platform=${process.platform}&arch=${arch}`, { signal: abort.signal });
    if (!response.ok || !response.body) return undefined;
    if (!base.startsWith('http://') && !response.url.startsWith('https://')) return undefined; // led away from HTTPS
    clearTimeout(timer);
    const archive = join(unpacked, 'temporal.tar.gz');
    await writeFile(archive, response.body, { signal: AbortSignal.timeout(WHOLE_MS) });
    checkDigest(archive, env.TEMPORAL_DOWNLOAD_SHA256, base);
    execFileSync('tar', ['-xzf', archive, '-C', unpacked, 'temporal']);
    const binary = join(unpacked, 'temporal');
    if (!execFileSync(binary, ['--version'], { encoding: 'utf8' }).includes(pinnedVersion())) return undefined;
    const target = join(folder, `temporal-${pinnedVersion()}`);
    renameSync(binary, target);
    return target;
  } catch (error) {
    if (error instanceof DownloadError) throw error;
    return undefined; // out of reach, or no such archive: it is built
  } finally {
    clearTimeout(timer);
    rmSync(unpacked, { recursive: true, force: true });
  }
}

/** @param {string} archive @param {string | undefined} wanted @param {string} from */
function checkDigest(archive, wanted, from) {
  if (!wanted) return;
  const found = createHash('sha256').update(readFileSync(archive)).digest('hex');
  if (found === wanted.trim().toLowerCase()) return;
  throw new DownloadError(
    `The archive of the Temporal server from ${from} has the SHA-256 \`${found}\`, and TEMPORAL_DOWNLOAD_SHA256 asks for \`${wanted.trim()}\`. Nothing of it was run. Mend the variable, or find out who changed the archive.`,
  );
}

/**
 * The server, downloaded, or where that cannot be, built.
 * @param {NodeJS.ProcessEnv} env
 */
export const obtainTemporal = async (env) => (await downloadTemporal(env)) ?? buildTemporal(env);

/**
 * Builds the pinned server from its Go module into the cache: about five minutes on two cores, once.
 * @param {NodeJS.ProcessEnv} env
 * @returns {Promise<string>} its path
 */
export function buildTemporal(env) {
  try {
    execFileSync('go', ['version'], { stdio: 'ignore' });
  } catch {
    throw new Error(
      'There is no Temporal server here, and none of these ways gave one:\n' +
        '- TEMPORAL_ADDRESS: one that runs elsewhere\n- TEMPORAL_CLI_PATH, or `temporal` on PATH: the Temporal CLI, https://docs.temporal.io/cli\n' +
        '- a download from https://temporal.download (TEMPORAL_DOWNLOAD_URL names another place)\n- a build from source: needs Go 1.26 or later, https://go.dev/dl',
    );
  }
  const folder = cacheFolder(env);
  mkdirSync(folder, { recursive: true });
  const target = join(folder, `temporal-${pinnedVersion()}`);
  const partial = `${target}.${process.pid}`;
  const args = ['build', '-trimpath', '-ldflags=-s -w', '-o', partial, 'github.com/temporalio/cli/cmd/temporal'];
  return new Promise((resolve, reject) => {
    execFile(
      'go',
      args,
      { cwd: MODULE, env: { ...env, CGO_ENABLED: '0', GOFLAGS: '-mod=readonly -buildvcs=false' }, maxBuffer: 64_000_000 },
      (error, _out, stderr) => {
        if (error || !existsSync(partial)) return reject(new Error(`The Temporal server could not be built:\n${stderr.slice(-2_000)}`));
        renameSync(partial, target);
        return resolve(target);
      },
    );
  });
}
