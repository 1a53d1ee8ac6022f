// Writes docs/openapi.json, the OpenAPI document of the gate as a service, from its routes; with --check, says whether it is fresh.
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { serviceDocument } from '../src/surfaces/api/service.ts';

const file = new URL('../docs/openapi.json', import.meta.url);
const fresh = `${JSON.stringify(serviceDocument(), null, 2)}\n`;
if (!process.argv.includes('--check')) writeFileSync(file, fresh);
else if (!existsSync(file) || readFileSync(file, 'utf8') !== fresh) {
  console.error('docs/openapi.json is not what the routes say; run `npm run generate`.');
  process.exitCode = 1;
}
