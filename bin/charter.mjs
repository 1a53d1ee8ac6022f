#!/usr/bin/env node
// The `charter` command: TypeScript as it lies in the checkout, by tsx.
import { existsSync } from 'node:fs';

if (!existsSync(new URL('../node_modules/tsx/package.json', import.meta.url))) {
  console.error('Charter is not installed here yet. Run `npm start` (or `npm ci`) in its folder first.');
  process.exit(1);
}
const { register } = await import('tsx/esm/api');
register();
await import('../src/surfaces/cli/main.ts');
