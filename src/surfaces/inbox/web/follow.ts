/** The stream of changes, read by fetch: an EventSource sends no header, and the cookie alone is nobody. */
import { pageHeader } from './signed.ts';

const [FIRST_MS, LONGEST_MS] = [1_000, 30_000]; // between two tries; doubled each time that it is not reached

/** Follows it until it is told to stop, is refused, or is overtaken by pages that were opened later. */
export async function follow(changed: () => void, overtaken: () => void, stop: AbortSignal): Promise<void> {
  for (let wait = FIRST_MS; !stop.aborted; wait = Math.min(2 * wait, LONGEST_MS)) {
    const end = await read(changed, stop, () => (wait = FIRST_MS)).catch(() => 'cut' as const);
    if (stop.aborted) return;
    if (end === 'overtaken') return overtaken();
    if (end === 'refused') return changed(); // the next read says why
    await new Promise((resolve) => setTimeout(resolve, wait));
  }
}

async function read(changed: () => void, signal: AbortSignal, begun: () => void): Promise<'cut' | 'overtaken' | 'refused'> {
  const response = await fetch('/api/stream', { headers: pageHeader(), signal });
  if (response.status === 401 || response.status === 403) return 'refused';
  if (!response.ok || !response.body) return 'cut';
  begun();
  const reader = response.body.pipeThrough(new TextDecoderStream()).getReader();
  let rest = '';
  for (let part = await reader.read(); !part.done; part = await reader.read()) {
    const lines = (rest + part.value).split('\n');
    rest = lines.pop() ?? '';
    if (lines.includes('event: changed')) changed();
    if (lines.includes('event: overtaken')) return 'overtaken';
  }
  return 'cut';
}
