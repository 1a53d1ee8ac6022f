/** Rules that owners make from templates: what there is, what a change would do, and the change itself. Agents have no way here. */
import { articleIn, digestOf, policyJson, type Bundle } from '../../gate/constitution.ts';
import { articleId, RULES_FILE, templateCard, type MadeRule } from '../../gate/rules.ts';
import { canonical, type Digest } from '../../kernel/digest.ts';
import type { AmendmentId, OrgId } from '../../kernel/ids.ts';
import { RuleError, type RuleCard, type RuleChange, type RuleWriting, type TemplateCard } from '../../kernel/rules.ts';
import { addDays, localTime, type LocalDate } from '../../kernel/time.ts';
import type { Speaker } from '../people.ts';
import { requireOwner } from '../tokens.ts';
import type { World } from '../world.ts';
import type { DraftRead } from './ports.ts';
import { AmendmentError, checkDraft, proposeConstitution } from './propose.ts';

const MONTH_DAYS = 31; // "last month's decisions": what an owner remembers, and what a replay judges in a moment
const SHOWN = 50; // decisions that are told one by one

export async function ruleTemplates(world: World): Promise<readonly TemplateCard[]> {
  const { ground } = await world.drafts.read();
  return world.drafts.templates.map((template) => templateCard(template, ground));
}

/** Those in force, and those that stand in the files and are not. */
export async function rulesNow(world: World, org: OrgId): Promise<{ readonly rules: readonly RuleCard[]; readonly problems: readonly string[] }> {
  const { made, problems } = await world.drafts.read();
  const inForce = await world.store.tx(org, (tx) => world.amendments.inForce(tx));
  const held = inForce ? madeIn(inForce.bundle) : [];
  const drafted = (id: string) => made.find(({ rule }) => rule.id === id);
  const broken = problems.length > 0; // what could not be read is not gone
  return {
    problems,
    rules: [
      ...held.map(({ rule, words, cedar }): RuleCard => {
        const now = drafted(rule.id);
        const stands = broken && !now ? 'in force' : !now ? 'removed in the draft' : now.text === cedar ? 'in force' : 'changed in the draft';
        return { ...rule, words, cedar, stands };
      }),
      ...made.filter(({ rule }) => !held.some((one) => one.rule.id === rule.id)).map((one): RuleCard => ({ ...cardOf(one), stands: 'in the draft' })),
    ],
  };
}

/** As they were ratified: their own words and articles, whatever templates say by now. */
const madeIn = ({ rules = [], articles }: Bundle) =>
  rules.map((rule) => {
    const cedar = articleIn(articles[RULES_FILE] ?? '', articleId(rule.id)) ?? '';
    const parsed = policyJson(cedar);
    return { rule, cedar, words: (parsed.type === 'success' && parsed.json.annotations?.['title']) || rule.id };
  });

const cardOf = ({ rule, words, text }: MadeRule): Omit<RuleCard, 'stands'> => ({ ...rule, words, cedar: text });

export type Previewed = Awaited<ReturnType<typeof checkDraft>> & { readonly rule: Omit<RuleCard, 'stands'>; readonly since: LocalDate };

/** The files with the change in them, held against last month's decisions. Nothing is kept. @throws RuleError */
export async function previewRule(world: World, org: OrgId, change: RuleChange): Promise<Previewed> {
  const rule = await ruleOf(world, change);
  const { wall } = await world.store.tx(org, (tx) => tx.times());
  const since = addDays(localTime(wall, world.settings(org).zone).date, -MONTH_DAYS);
  const checked = await checkDraft(world, org, { parts: ['replay'], since, shown: SHOWN }, change);
  return { ...checked, rule, since };
}

/** The rule that a change is about: as it would be; of one that is removed, as it is. @throws RuleError `rule_invalid` with every blank that is wrong */
async function ruleOf(world: World, change: RuleChange): Promise<Omit<RuleCard, 'stands'>> {
  const { made, changed, problems }: DraftRead = await world.drafts.read(change);
  const of = (all: readonly MadeRule[]) => all.find(({ rule }) => rule.id === changed);
  const rule = change.kind === 'remove' ? of((await world.drafts.read()).made) : of(made);
  if (rule) return cardOf(rule);
  throw new RuleError('rule_invalid', problems.length > 0 ? problems.join('\n') : `\`${changed ?? ''}\` could not be made into an article.`);
}

export interface RuleChanged extends Previewed {
  readonly amendment: AmendmentId | null; // null: it is a draft that nobody has proposed yet
}

/**
 * Writes the change into the organization's files, where it is a draft; with a reason, puts the draft to the vote. What is refused
 * leaves the files as they were.
 * @param seen the draft that the person was shown, where the surface knows it
 * @throws AuthorityError `role_missing`; RuleError; AmendmentError
 */
export async function changeRule(
  world: World,
  speaker: Speaker,
  change: RuleChange,
  { reason, seen }: { readonly reason: string | null; readonly seen: Digest | null },
): Promise<RuleChanged> {
  requireOwner(speaker, 'make rules');
  const previewed = await previewRule(world, speaker.org, change);
  const { problems } = previewed.findings;
  if (problems.length > 0)
    throw new AmendmentError('draft_refused', `The draft cannot be put to the vote:\n${problems.map((problem) => `- ${problem}`).join('\n')}`);
  if (seen !== null && seen !== digestOf(previewed.bundle))
    throw new RuleError('draft_changed', 'The files changed since this was shown. Look at the preview again; nothing was proposed.');
  const { id, template, with: blanks, observe } = previewed.rule;
  const writing: RuleWriting = change.kind === 'remove' ? { remove: change.id } : { put: { id, template, with: blanks, observe } };
  const before = (await world.drafts.read()).made.find(({ rule }) => rule.id === id);
  if (change.kind === 'change' && before && canonical(before.rule) === canonical({ id, template, with: blanks, observe }) && reason === null)
    throw new AmendmentError('nothing_changed', `The rule \`${id}\` says that already: ${previewed.rule.words}.`);
  const undo = await world.drafts.write(writing);
  if (reason === null) return { ...previewed, amendment: null };
  try {
    return { ...previewed, amendment: await proposeConstitution(world, speaker, reason) };
  } catch (error) {
    await undo();
    throw error;
  }
}
