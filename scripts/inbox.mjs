// Builds the inbox's pages into .cache/inbox when their sources changed since. Run with --if-stale, or to build in any case.
import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { brotliCompressSync, gzipSync } from 'node:zlib';

const root = fileURLToPath(new URL('..', import.meta.url));
const web = `${root}src/surfaces/inbox/web/`;
const stamp = `${root}.cache/inbox/sources`;

/** Everything that the pages are made of: their folder, the kernel that they import from, and the packages. */
function sources() {
  const hash = createHash('sha256');
  for (const folder of [web, `${root}src/kernel/`]) {
    const files = readdirSync(folder, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile());
    for (const path of files.map(({ parentPath, name }) => join(parentPath, name)).sort()) hash.update(relative(root, path)).update(readFileSync(path));
  }
  return hash
    .update(readFileSync(`${root}package-lock.json`))
    .update(readFileSync(fileURLToPath(import.meta.url)))
    .digest('hex');
}

export const stale = () => !existsSync(stamp) || readFileSync(stamp, 'utf8') !== sources();

export function build() {
  const of = sources();
  return new Promise((resolve, reject) => {
    const args = [`${root}node_modules/vite/bin/vite.js`, 'build', '--config', `${web}vite.config.ts`];
    execFile(process.execPath, args, { cwd: root, env: { ...process.env, NODE_ENV: 'production' } }, (error, out, said) => {
      if (error) return reject(new Error(`The inbox could not be built:\n${said.slice(-2_000)}`));
      compress();
      writeFileSync(stamp, of);
      return resolve(out);
    });
  });
}

/** Once, and well, beside each file: a server that compresses at each load does it in the visitor's time. */
function compress() {
  const assets = `${root}.cache/inbox/assets/`;
  for (const name of readdirSync(assets)) {
    const text = readFileSync(assets + name);
    writeFileSync(`${assets}${name}.br`, brotliCompressSync(text));
    writeFileSync(`${assets}${name}.gz`, gzipSync(text, { level: 9 }));
  }
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  if (!process.argv.includes('--if-stale') || stale()) console.log(await build());
}
