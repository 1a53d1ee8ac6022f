// The throw-away process in which a draft is read: it may be killed by what it reads, and nothing else is.
import { built } from '../../../bin/built.mjs';
await import(await built(new URL('./examine-process.ts', import.meta.url)));
