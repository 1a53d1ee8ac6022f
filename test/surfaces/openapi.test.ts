/** The OpenAPI document of the gate as a service, held against the running service by Schemathesis: what it says is so, for thousands of odd requests. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, expect, inject, test } from 'vitest';
import { ServiceTerms } from '../../src/kernel/service-terms.ts';
import { serviceRoutes } from '../../src/surfaces/api/service-routes.ts';
import { setupRoutes } from '../../src/surfaces/api/setup-routes.ts';
import { python, pythonHere, ran } from '../fixtures/python.ts';
import { serviceStage, type ServiceStage } from '../fixtures/service.ts';

const CONFIG = fileURLToPath(new URL('../fixtures/python/schemathesis.toml', import.meta.url));
const MANY = 100_000; // calls a minute: it is not the rates that are looked at here
const unlimited = ServiceTerms.parse({
  calls_per_minute: { person: MANY, tool: MANY, tiers: { interactive: MANY, delegated: MANY, service: MANY, background: MANY } },
});
const operations = [...Object.values(serviceRoutes), ...Object.values(setupRoutes)];
const EXAMPLES = 12; // of each kind, for each operation
const LONGEST_MS = 400_000; // a minute on two idle cores
let at: ServiceStage;

beforeAll(async () => {
  at = await serviceStage(inject('services'), { change: (organization) => ({ ...organization, service: unlimited }) });
});
afterAll(() => at.close());

test.skipIf(pythonHere === undefined)(
  'Schemathesis finds nothing',
  async () => {
    const bin = await python();
    const { token } = await at.handed(await at.person('clara'));
    const { code, out } = await ran(
      join(bin, 'schemathesis'),
      [
        ...['--config-file', CONFIG, 'run', `${at.url}/v1/openapi.json`],
        ...['--header', `Authorization: Bearer ${token}`, '--max-examples', String(EXAMPLES)],
        ...['--seed', '7', '--generation-deterministic', '--no-color', '--continue-on-failure', '--workers', '1', '--checks', 'all'],
      ],
      LONGEST_MS,
    );
    expect(out).toMatch(new RegExp(`Tested: ${operations.length}\\n`)); // a check that saw nothing has failed
    expect({ code, out }).toMatchObject({ code: 0 });
  },
  600_000,
);

test('the committed document is the one that is served', async () => {
  const committed: unknown = JSON.parse(readFileSync(new URL('../../docs/openapi.json', import.meta.url), 'utf8'));
  expect((await at.send('/v1/openapi.json')).body).toEqual(committed);
});
