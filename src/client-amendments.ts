/** The operations about what is in force, and how it changes; part of `client.ts`. */
import { z } from 'zod';
import { ExaminedPart, type AmendmentState, type Change, type Findings, type LevelChange } from './kernel/amendment.ts';
import { Digest } from './kernel/digest.ts';
import type { AmendmentId } from './kernel/ids.ts';
import { Level } from './kernel/nouns.ts';
import { Text } from './kernel/text.ts';
import { LocalDate } from './kernel/time.ts';
import type { Handbook } from './kernel/handbook.ts';
import type { WeekReport } from './kernel/week-report.ts';

const Id = Text.min(3).max(60); // of an amendment, or the beginning of one
const Reason = Text.min(5).max(2_000);

export const amendmentInputs = {
  constitution_show: z.strictObject({}),
  constitution_check: z.strictObject({
    since: LocalDate.exactOptional(),
    shown: z.int().min(1).max(1_000).exactOptional(),
    parts: z.array(ExaminedPart).exactOptional(),
  }), // of the decisions on record that it is held against
  constitution_history: z.strictObject({}),
  constitution_explain: z.strictObject({}),
  constitution_blame: z.strictObject({ article: Text.min(1).max(120) }),
  amend: z.strictObject({ reason: Reason }),
  amendments: z.strictObject({ all: z.boolean() }),
  amendment: z.strictObject({ id: Id }),
  ratify: z.strictObject({
    amendment: Id.exactOptional(), // without it, the only one that is open; where nothing is in force, the files
    digest: Digest.exactOptional(), // that the person was shown: another one is not voted on
    choice: z.enum(['approve', 'decline']).exactOptional(), // approve, where nothing is said
    reason: Text.max(2_000).exactOptional(),
  }),
  levels: z.strictObject({}),
  week_report: z.strictObject({ week: LocalDate.nullable() }), // any day of it; null: the week that runs
  level_raise: z.strictObject({ agent: Text.max(60), to: Level, reason: Reason }),
  level_lower: z.strictObject({ agent: Text.max(60), to: Level, reason: Reason }),
} as const;

/** An amendment as people see it. */
export interface AmendmentCard {
  readonly kind: 'amendment';
  readonly id: AmendmentId;
  readonly what: 'constitution' | 'level';
  readonly digest: Digest; // what is voted on
  readonly proposedBy: string;
  readonly reason: string;
  readonly state: AmendmentState;
  readonly findings: Findings | null; // null while it is being checked
  readonly level: LevelChange | null;
  readonly quorum: number;
  readonly votes: readonly { readonly person: string; readonly choice: string; readonly reason: string }[];
  readonly may: readonly string[]; // owners who may still vote
  readonly expiresAt: string;
  readonly createdAt: string;
  readonly closedAt: string | null;
  readonly currency: string;
}

/** The files as they are now, held against what is in force. */
export interface DraftReport extends Findings {
  readonly inForce: Digest | null;
  readonly draft: Digest;
  readonly currency: string;
}

export interface AmendmentOutputs {
  constitution_show: {
    readonly digest: Digest;
    readonly draft: boolean; // the files differ
    readonly quorum: number;
    readonly articles: readonly {
      readonly id: string;
      readonly article: string;
      readonly title: string;
      readonly source: string;
      readonly effect: 'permit' | 'forbid';
      readonly asks: string | null; // whom it asks, where people may lift it
      readonly observes: boolean; // what it says is kept, and stands against nothing
    }[];
  };
  constitution_check: DraftReport;
  constitution_history: readonly {
    readonly digest: string;
    readonly by: string;
    readonly at: string;
    readonly amendment: AmendmentId | null;
    readonly changes: readonly Change[];
  }[];
  constitution_explain: Handbook;
  constitution_blame: readonly {
    readonly how: 'added' | 'changed' | 'removed';
    readonly at: string;
    readonly by: string; // whose word began it, or who proposed the amendment
    readonly amendment: AmendmentId | null; // null: the first ratification
    readonly reason: string;
    readonly voted: readonly string[]; // for it
    readonly lines: readonly string[];
  }[];
  amend: AmendmentCard;
  amendments: readonly AmendmentCard[];
  amendment: AmendmentCard;
  ratify: { readonly constitution: Digest; readonly counted: boolean; readonly message: string; readonly amendment: AmendmentCard | null };
  levels: readonly { readonly agent: string; readonly level: Level; readonly declared: Level | null }[];
  week_report: WeekReport;
  level_raise: AmendmentCard;
  level_lower: { readonly agent: string; readonly from: Level; readonly to: Level };
}
