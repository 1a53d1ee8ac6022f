/** The operations about rules that owners make from templates; part of `client.ts`. */
import { z } from 'zod';
import type { AmendmentCard, DraftReport } from './client-amendments.ts';
import { Digest } from './kernel/digest.ts';
import { RuleChange, type RuleCard, type TemplateCard } from './kernel/rules.ts';
import { Text } from './kernel/text.ts';
import type { LocalDate } from './kernel/time.ts';

export const ruleInputs = {
  rules: z.strictObject({}),
  rule_templates: z.strictObject({}),
  rule_preview: z.strictObject({ change: RuleChange }),
  rule_change: z.strictObject({
    change: RuleChange,
    reason: Text.min(5).max(2_000).exactOptional(), // with it the change is put to the vote at once
    draft: Digest.exactOptional(), // of the draft that the person was shown: another one is not proposed
  }),
} as const;

/** What a change of a rule comes to: the rule, the whole draft with it, and the decisions since a day that would have been others. */
export interface RulePreview {
  readonly rule: Omit<RuleCard, 'stands'>;
  readonly removes: boolean;
  readonly report: DraftReport;
  readonly since: LocalDate;
}

export interface RuleOutputs {
  rules: { readonly rules: readonly RuleCard[]; readonly problems: readonly string[] };
  rule_templates: readonly TemplateCard[];
  rule_preview: RulePreview;
  rule_change: RulePreview & { readonly amendment: AmendmentCard | null };
}
