// The throw-away process in which a draft is read: it may be killed by what it reads, and nothing else is.
import { register } from 'tsx/esm/api';
register();
await import('./examine-process.ts');
