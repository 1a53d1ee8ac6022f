// TypeScript as it lies in the checkout -> JavaScript that Node runs as it is. Built by esbuild when a source changed since, in a fifth of
// a second, and kept in .cache/program/: a process starts three times as fast from it as where each module is found and compiled on its own.
import { createHash, randomBytes } from 'node:crypto';
import { mkdirSync, readdirSync, readFileSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { basename, join, resolve } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';

const root = fileURLToPath(new URL('..', import.meta.url));
const self = fileURLToPath(import.meta.url);
const cache = join(root, '.cache', 'program');
const KEEP_MS = 7 * 86_400_000; // what a process of last week was built to may still be loaded by it

/** A module keeps the address that it has in the checkout: files beside it are found there. */
const addresses = {
  name: 'addresses',
  setup: ({ onLoad }) =>
    onLoad({ filter: /\.(ts|mjs)$/ }, async ({ path }) => ({
      contents: (await readFile(path, 'utf8')).replaceAll('import.meta.url', JSON.stringify(pathToFileURL(path).href)),
      loader: path.endsWith('.ts') ? 'ts' : 'js',
    })),
};

const stamp = (path) => {
  const { mtimeMs, size } = statSync(path, { throwIfNoEntry: false }) ?? {};
  return [path, mtimeMs, size];
};

/** What was built from sources that are still the same; undefined where there is none. */
function kept(note) {
  try {
    const { inputs, program } = JSON.parse(readFileSync(note, 'utf8'));
    const same = inputs.every(([path, mtimeMs, size]) => stamp(path).every((now, n) => now === [path, mtimeMs, size][n]));
    return same && statSync(program).isFile() ? program : undefined;
  } catch {
    return undefined; // nothing was built yet, or what lies there is not whole
  }
}

/** So that whoever reads it meanwhile sees all of it or nothing. */
function write(path, contents) {
  const partial = `${path}.${randomBytes(6).toString('hex')}`;
  writeFileSync(partial, contents);
  renameSync(partial, path);
}

async function build(entry, note) {
  const begun = Date.now();
  const { build } = await import('esbuild');
  const { metafile, outputFiles } = await build({
    absWorkingDir: root,
    entryPoints: [entry],
    outdir: cache,
    entryNames: '[name]-[hash]',
    chunkNames: '[name]-[hash]',
    outExtension: { '.js': '.mjs' },
    bundle: true,
    splitting: true,
    packages: 'external',
    platform: 'node',
    format: 'esm',
    target: 'node20',
    sourcemap: 'linked',
    sourcesContent: false,
    metafile: true,
    write: false,
    logLevel: 'error',
    plugins: [addresses],
  });
  mkdirSync(cache, { recursive: true });
  for (const file of readdirSync(cache))
    if (Date.now() - statSync(join(cache, file), { throwIfNoEntry: false })?.mtimeMs > KEEP_MS) rmSync(join(cache, file), { force: true });
  for (const { path, contents } of outputFiles) write(path, contents);
  const [[program]] = Object.entries(metafile.outputs).filter(([, { entryPoint }]) => entryPoint && resolve(root, entryPoint) === entry);
  const inputs = [self, ...Object.keys(metafile.inputs)].map((path) => stamp(resolve(root, path)));
  // A source that was written meanwhile may not be what was built: then the next start builds again.
  if (inputs.every(([, mtimeMs]) => mtimeMs < begun)) write(note, JSON.stringify({ inputs, program: join(root, program) }));
  return join(root, program);
}

/** @throws Error where the folder cannot be written, and what to do */
async function buildInto(entry, note) {
  try {
    return await build(entry, note);
  } catch (cause) {
    if (cause.code !== 'EACCES' && cause.code !== 'EROFS') throw cause;
    throw new Error(
      `\`${cause.path}\` cannot be written here, and the sources changed since the last build. Run \`npm run build:program\` as whoever owns the checkout.`,
      {
        cause,
      },
    );
  }
}

/** @param entry URL of a TypeScript module @returns URL of what it was built to, to be imported */
export async function built(entry) {
  const path = fileURLToPath(entry);
  const note = join(cache, `${basename(path)}-${createHash('sha256').update(path).digest('hex').slice(0, 16)}.json`);
  process.setSourceMapsEnabled(true); // errors name lines of the sources
  return pathToFileURL(kept(note) ?? (await buildInto(path, note))).href;
}

if (process.argv[1] === self) for (const file of process.argv.slice(2)) await built(pathToFileURL(file));
