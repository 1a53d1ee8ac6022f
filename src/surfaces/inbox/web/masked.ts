/** What records and people wrote, as it can be seen: no character turns the direction of what is read, or hides in it. */
import { visible } from '../../visible.ts';

const AS_WRITTEN = 'args'; // of a task: they are what an edit begins with, and are masked where they are shown

/** Every text of an answer of the server, however deep. */
export function masked(value: unknown): unknown {
  if (typeof value === 'string') return visible(value);
  if (Array.isArray(value)) return value.map(masked);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([name, one]) => [name, name === AS_WRITTEN ? one : masked(one)]));
}
