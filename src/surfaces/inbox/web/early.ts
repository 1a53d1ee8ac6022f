/** Loaded first, and small: what the first view stands on is asked for while the rest of the page is still on its way. */
import './first.ts';

void import('./main.tsx');
