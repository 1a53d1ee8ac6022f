// Bundles the workflows and ends: `node bundle-process.mjs WORKFLOWS CONVERTER TARGET`.
import { writeFileSync } from 'node:fs';
import { bundleWorkflowCode, DefaultLogger, Runtime } from '@temporalio/worker';

const [workflowsPath, failureConverterPath, target] = process.argv.slice(2);
Runtime.install({ logger: new DefaultLogger('ERROR'), telemetryOptions: { logging: { filter: { core: 'ERROR', other: 'ERROR' } } } });
const { code } = await bundleWorkflowCode({ workflowsPath, failureConverterPath, logger: new DefaultLogger('ERROR') });
writeFileSync(target, code);
process.exit(0);
