// Builds what the package exports into dist/: `charter/client`, `charter/define`, `charter/testing`, each one file of JavaScript and one of types, and
// writes the report of each one's API into docs/api/. With --check, nothing but: says whether the committed reports are what the code exports. With
// --into FOLDER, builds into that one, and leaves the checkout as it is.
import { Extractor, ExtractorConfig } from '@microsoft/api-extractor';
import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';

const root = fileURLToPath(new URL('..', import.meta.url));
const check = process.argv.includes('--check');
const into = process.argv.includes('--into') ? process.argv[process.argv.indexOf('--into') + 1] : undefined;
const kept = String(process.pid); // two may build at once
const [types, dist, reports, fresh] = [
  join(root, '.cache/package', kept, 'types'),
  into ?? join(root, 'dist'),
  join(root, 'docs/api'),
  join(root, '.cache/package', kept, 'api'),
];
const entries = Object.keys(JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')).exports).map((path) => path.slice('./'.length));

/** What the compiler emits still names its sources; api-extractor reads `./x.js` as `./x.d.ts`. */
function declarations() {
  rmSync(types, { recursive: true, force: true });
  execFileSync(process.execPath, [join(root, 'node_modules/typescript/bin/tsc'), '-p', 'tsconfig.package.json', '--outDir', types], {
    cwd: root,
    stdio: 'inherit',
  });
  for (const file of readdirSync(types, { recursive: true }).filter((name) => name.endsWith('.d.ts')))
    writeFileSync(join(types, file), readFileSync(join(types, file), 'utf8').replaceAll(/(from '\.[^']*)\.ts'/g, "$1.js'"));
}

/** One entry's report, and its types in one file. @returns the report */
function extracted(entry) {
  const config = ExtractorConfig.prepare({
    configObject: {
      projectFolder: root,
      mainEntryPointFilePath: join(types, `src/package/${entry}.d.ts`),
      compiler: { tsconfigFilePath: join(root, 'tsconfig.package.json') },
      newlineKind: 'lf',
      apiReport: { enabled: true, reportFileName: `${entry}.api.md`, reportFolder: fresh, reportTempFolder: join(fresh, 'temp') },
      docModel: { enabled: false },
      tsdocMetadata: { enabled: false },
      dtsRollup: { enabled: true, untrimmedFilePath: join(check ? fresh : dist, `${entry}.d.ts`) },
      messages: {
        compilerMessageReporting: { default: { logLevel: 'error' } },
        extractorMessageReporting: { default: { logLevel: 'none' } },
        tsdocMessageReporting: { default: { logLevel: 'none' } }, // our comments are prose
      },
    },
    configObjectFullPath: undefined,
    packageJsonFullPath: join(root, 'package.json'),
  });
  const { errorCount } = Extractor.invoke(config, { localBuild: true, messageCallback: (message) => void (message.handled = message.logLevel !== 'error') });
  if (errorCount > 0) throw new Error(`The types of \`charter/${entry}\` cannot be read.`);
  return readFileSync(join(fresh, `${entry}.api.md`), 'utf8');
}

mkdirSync(fresh, { recursive: true });
declarations();
for (const entry of entries) {
  const [file, report] = [join(reports, `${entry}.api.md`), extracted(entry)];
  if (check && (!existsSync(file) || readFileSync(file, 'utf8') !== report)) {
    console.error(`docs/api/${entry}.api.md is not what \`charter/${entry}\` exports; run \`npm run generate\`, and say in the CHANGELOG what changed.`);
    process.exitCode = 1;
  }
  if (check || into) continue;
  mkdirSync(reports, { recursive: true });
  writeFileSync(file, report);
}
if (!check)
  await build({
    absWorkingDir: root,
    entryPoints: entries.map((entry) => `src/package/${entry}.ts`),
    outdir: dist,
    bundle: true,
    packages: 'external',
    platform: 'node',
    format: 'esm',
    target: 'node20',
    logLevel: 'error',
  });
rmSync(join(root, '.cache/package', kept), { recursive: true, force: true });
