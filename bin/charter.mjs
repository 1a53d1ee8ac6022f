#!/usr/bin/env -S node --max-semi-space-size=2 --v8-pool-size=1
// The `charter` command. The flags keep two small processes small (a small young generation, one helper thread): 520 MB at rest
// without them, 340 MB with them, measured by `npm run bench`.
import { existsSync } from 'node:fs';
import { built } from './built.mjs';

if (!existsSync(new URL('../node_modules/esbuild/package.json', import.meta.url))) {
  console.error('Charter is not installed here yet. Run `npm start` (or `npm ci`) in its folder first.');
  process.exit(1);
}
await import(await built(new URL('../src/surfaces/cli/main.ts', import.meta.url)));
