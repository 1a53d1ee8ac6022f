/** What a list leaves out, on every surface in the same words. Pure. */
import type { TaskPage } from '../client.ts';

/** `500 of 1,234 are listed.`; undefined where nothing is left out. @param shown how many are */
export function leftOut({ total, next }: Pick<TaskPage, 'total' | 'next'>, shown: number): string | undefined {
  if (next === null) return undefined;
  return total === null ? `${counted(shown)} are listed, and there are more.` : `${counted(shown)} of ${counted(total)} are listed.`;
}

const counted = (n: number): string => n.toLocaleString('en-GB');
