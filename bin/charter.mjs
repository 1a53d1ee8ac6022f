#!/usr/bin/env -S node --max-semi-space-size=2 --v8-pool-size=1
// The `charter` command: TypeScript as it lies in the checkout, by tsx. The flags keep two small processes small (a small young
// generation, one helper thread): 520 MB at rest without them, 340 MB with them, measured by `npm run bench`.
import { existsSync } from 'node:fs';

if (!existsSync(new URL('../node_modules/tsx/package.json', import.meta.url))) {
  console.error('Charter is not installed here yet. Run `npm start` (or `npm ci`) in its folder first.');
  process.exit(1);
}
const { register } = await import('tsx/esm/api');
register();
await import('../src/surfaces/cli/main.ts');
