/** The week's report in words, on every surface the same. Pure. */
import { show } from './money.ts';
import type { Became, WeekReport, WeekRow } from './week-report.ts';
import type { Verdict } from './nouns.ts';

const WOULD: Readonly<Record<Verdict, string>> = { permit: 'would have done', escalate: 'would have asked about', deny: 'would have been denied' };
const BECAME: Readonly<Record<Became, string>> = {
  same: 'people did the same',
  otherwise: 'people did otherwise',
  settled: 'it is settled, and how is not on record',
  open: 'nobody has done it yet',
  untold: 'what became of it is not on record',
};

/** `finance-analyst would have done: Pay 1,200.00 EUR, To Holz Brandt; people did otherwise (paid 1,100.00 EUR on 2026-03-04)` */
export const weekRow = ({ day, agent, would, about, became, says }: WeekRow): string =>
  `${day}  ${agent} ${WOULD[would]}: ${about}; ${BECAME[became]}${says === '' ? '' : ` (${says})`}`;

export function weekInWords(report: WeekReport): readonly string[] {
  const { week, until, agents, observed, rows, more } = report;
  const title = `${week} to ${until}`;
  if (agents.length + observed.length === 0) return [`${title}: nothing ran in shadow, and no article was only observed that would have spoken.`];
  return [
    title,
    ...weekCounts(report),
    ...rows.map((row) => `  ${weekRow(row)}`),
    ...(more > 0 ? [`  … and ${more} more`] : []),
    ...agents.map(({ agent }) => `To let it go further: charter level raise ${agent} ask --reason "…" --as OWNER`),
  ];
}

/** A line for each agent at `shadow`, and for each article that is only observed. */
export function weekCounts({ currency, agents, observed }: WeekReport): readonly string[] {
  return [
    ...agents.map(({ agent, judged, would, became, minor }) => {
      const did = Object.entries(became).flatMap(([what, count]) => (count > 0 && isBecame(what) ? [`${count} × ${BECAME[what]}`] : []));
      return `${agent} at shadow: ${judged} judged; ${would.permit} it would have done, ${would.escalate} asked about, ${would.deny} denied; ${show({ minor, currency })} in those not denied. ${did.join('; ')}.`;
    }),
    ...observed.map(
      ({ article, title: what, spoke, denied, asked }) =>
        `${article} ${what}, only observed: would have stood against ${spoke}; with it ${asked} would have been asked about, ${denied} denied.`,
    ),
  ];
}

const isBecame = (name: string): name is Became => name in BECAME;
