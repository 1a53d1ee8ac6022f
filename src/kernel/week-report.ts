/** What agents at `shadow` would have done in a week, beside what people really did; and what articles would have said that are only observed. */
import { z } from 'zod';
import { AgentName, ProposalId, ToolName } from './ids.ts';
import { Verdict } from './nouns.ts';
import { LocalDate } from './time.ts';

/** What became of the matter without the agent. `settled`: it is seen to, and how is not on record. `open`: it still stands. */
export const Became = z.enum(['same', 'otherwise', 'settled', 'open', 'untold']);
export type Became = z.infer<typeof Became>;

/** What is on record of the matter that a call was about, whoever saw to it. */
export interface Really {
  readonly same: boolean; // as the call would have had it
  readonly says: string; // in words: `paid 1,200.00 EUR on 2026-03-04`
}

export const WeekRow = z.strictObject({
  proposal: ProposalId,
  agent: AgentName,
  tool: ToolName,
  about: z.string(), // the call in words, from its card
  day: LocalDate, // business clock, when it was judged
  would: Verdict, // permit: it would have been done
  minor: z.int().nullable(), // money that it would have moved
  became: Became,
  says: z.string(), // what people did, in words; empty where it is not on record
  parties: z.array(z.string()), // people whom it is about
});
export type WeekRow = z.infer<typeof WeekRow>;

export const WeekReport = z.strictObject({
  week: LocalDate, // its Monday
  until: LocalDate, // the day it looks back from, or the week's Sunday
  currency: z.string(),
  agents: z.array(
    z.strictObject({
      agent: AgentName,
      judged: z.int(),
      would: z.record(Verdict, z.int()),
      became: z.record(Became, z.int()),
      minor: z.int(), // money in those not denied
    }),
  ),
  observed: z.array(z.strictObject({ article: z.string(), title: z.string(), spoke: z.int(), denied: z.int(), asked: z.int() })),
  rows: z.array(WeekRow),
  more: z.int(), // rows that are counted and not shown
});
export type WeekReport = z.infer<typeof WeekReport>;
