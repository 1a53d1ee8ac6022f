/** Rules that an organization made for itself: a template and what its blanks are filled with. */
import { z } from 'zod';
import { PARAMETERS, TemplateId } from './template.ts';

/** As it stands in an article's `@id`, after `rule.`. */
export const RuleId = z.string().regex(/^[a-z][a-z0-9-]{1,39}$/, 'is lower-case letters, digits and hyphens, 2 to 40, and starts with a letter');
export type RuleId = z.infer<typeof RuleId>;

/** A blank as somebody filled it, of any type: what does not fit is told with its place. */
export const Written = z.union([z.string().max(120), z.number(), z.boolean(), z.array(z.string().max(40)).max(7)]);
export type Written = z.infer<typeof Written>;

const Blank = z.string().refine((name) => Object.hasOwn(PARAMETERS, name), 'is no blank of any template');

/** A rule as it is written, unfilled or filled. */
export const Rule = z.strictObject({
  id: RuleId,
  template: TemplateId,
  with: z.record(Blank, Written).default({}),
  observe: z.boolean().default(false), // only tried out: what it would say is kept, and stands against nothing
});
export type Rule = z.infer<typeof Rule>;

export const MOST_RULES = 200;
export const Rules = z
  .array(Rule)
  .max(MOST_RULES)
  .refine((rules) => new Set(rules.map(({ id }) => id)).size === rules.length, 'have an id twice; each rule has one of its own');
export const RulesFile = z.strictObject({ rules: Rules });

/** One change of the rules. `add` of an id that is there is refused; `change` of one that is not, too. */
export const RuleChange = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('add'), rule: Rule.extend({ id: RuleId.exactOptional() }) }), // without an id, one is found
  z.strictObject({ kind: z.literal('change'), rule: Rule }),
  z.strictObject({ kind: z.literal('remove'), id: RuleId }),
]);
export type RuleChange = z.infer<typeof RuleChange>;

/** What is to stand in the file: a rule as it is filled, or that it is gone. */
export type RuleWriting = { readonly put: Rule } | { readonly remove: RuleId };

/** @throws RuleError */
export function changedRules(rules: readonly Rule[], change: RuleChange): { readonly rules: readonly Rule[]; readonly id: RuleId } {
  const among = rules.map(({ id }) => id);
  if (change.kind === 'add') {
    const id = change.rule.id ?? freeId(change.rule.template, among);
    if (among.includes(id)) throw new RuleError('rule_known', `There is a rule \`${id}\` already; change it, or give this one another id.`);
    if (rules.length >= MOST_RULES) throw new RuleError('too_many_rules', `There are ${rules.length} rules; at most ${MOST_RULES} are kept. Remove one first.`);
    return { rules: [...rules, { ...change.rule, id }], id };
  }
  const id = change.kind === 'change' ? change.rule.id : change.id;
  if (!among.includes(id))
    throw new RuleError(
      'rule_unknown',
      `There is no rule \`${id}\`${among.length === 0 ? '' : `; there are ${among.map((one) => `\`${one}\``).join(', ')}`}. See \`charter rules list\`.`,
    );
  if (change.kind === 'remove') return { rules: rules.filter((one) => one.id !== id), id };
  return { rules: rules.map((one) => (one.id === id ? change.rule : one)), id };
}

/** The template's own name, with a number where it is taken. */
function freeId(template: string, among: readonly string[]): RuleId {
  const stem = template.slice(0, 36).replace(/-+$/, '');
  for (let n = 1; ; n++) {
    const id = n === 1 ? stem : `${stem}-${n}`;
    if (!among.includes(id)) return id;
  }
}

/** The rules cannot be what somebody wants them to be. */
export class RuleError extends Error {
  override readonly name = 'RuleError';
  constructor(
    readonly code: 'rule_known' | 'rule_unknown' | 'rule_invalid' | 'too_many_rules' | 'rules_unread' | 'rules_unwritten' | 'draft_changed',
    message: string,
  ) {
    super(message);
  }
}

/** A template as surfaces show it, with what its blanks may be filled with here. */
export interface TemplateCard {
  readonly id: string;
  readonly domain: string;
  readonly title: string;
  readonly says: string;
  readonly parameters: readonly ParameterCard[];
}
export interface ParameterCard {
  readonly name: string;
  readonly kind: 'money' | 'role' | 'whole' | 'supplier' | 'tool' | 'agent' | 'weekdays';
  readonly label: string;
  readonly says: string;
  readonly example: string; // that fits here
  readonly choices: readonly string[]; // empty: anything of its kind
  readonly min: number | null;
  readonly max: number | null;
}

/** A rule as surfaces show it. */
export interface RuleCard {
  readonly id: string;
  readonly template: string;
  readonly words: string;
  readonly with: Rule['with'];
  readonly observe: boolean;
  readonly cedar: string;
  readonly stands: 'in force' | 'in the draft' | 'changed in the draft' | 'removed in the draft';
}
