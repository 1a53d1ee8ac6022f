/** Figures and their bars. A bar is a ratio within one run, or megabytes: milliseconds move with the machine's load. */
export interface Figure {
  readonly what: string;
  readonly value: number;
  readonly unit: 'ms' | 'us' | 's' | 'kB' | 'MB' | 'times' | '1/s';
  readonly most?: number; // the bar
}

export const fellShort = (figures: readonly Figure[]): readonly Figure[] => figures.filter(({ value, most }) => most !== undefined && value > most);

/** The value below which a share of the samples lies (nearest rank). */
export function percentile(samples: readonly number[], share: number): number {
  const sorted = [...samples].sort((a, b) => a - b);
  return sorted[Math.max(0, Math.ceil(sorted.length * share) - 1)] ?? Number.NaN;
}

export async function timed(work: () => Promise<unknown>): Promise<number> {
  const begun = performance.now();
  await work();
  return performance.now() - begun;
}

export function table(figures: readonly Figure[]): string {
  const width = Math.max(...figures.map(({ what }) => what.length));
  return figures
    .map(({ what, value, unit, most }) => {
      const bar = most === undefined ? '' : `   at most ${most}: ${value <= most ? 'kept' : 'FELL SHORT'}`;
      return `${what.padEnd(width)}  ${value.toFixed(unit === 'MB' || unit === '1/s' ? 0 : 2).padStart(9)} ${unit.padEnd(5)}${bar}`;
    })
    .join('\n');
}
