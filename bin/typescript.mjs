// Runs a TypeScript module of the checkout: `node bin/typescript.mjs FILE ARGUMENT…`.
import { pathToFileURL } from 'node:url';
import { built } from './built.mjs';

const [file] = process.argv.splice(2, 1);
await import(await built(pathToFileURL(file)));
