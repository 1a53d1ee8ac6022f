/** The organization's own rules in the draft: read from its files, or with one of them changed, and made into articles. */
import { RULES_YAML, readRules } from './adapters/files/rules.ts';
import type { Ground } from './gate/blanks.ts';
import type { Bundle } from './gate/constitution.ts';
import { makeRules, RULES_FILE, rulesText, type MadeRule } from './gate/rules.ts';
import { changedRules, type Rule, type RuleChange, type RuleId } from './kernel/rules.ts';
import { templates } from './registry.generated.ts';

export interface RulesRead {
  readonly made: readonly MadeRule[];
  readonly changed: RuleId | null; // what the change is about
  readonly problems: readonly string[];
}

interface Changed {
  readonly rules: readonly Rule[];
  readonly id: RuleId | null;
}

/** @param change of them that is in no file yet @throws RuleError where it changes what is not there */
export async function rulesOf(folder: string, ground: Ground, change?: RuleChange): Promise<RulesRead> {
  const problems: string[] = [];
  const read = await readRules(folder, problems);
  if (!read) return { made: [], changed: null, problems };
  const { rules, id: changed }: Changed = change ? changedRules(read.value, change) : { rules: read.value, id: null };
  const { made, problems: wrong } = makeRules(rules, templates, ground);
  const placed = wrong.map(({ rule, blank, what }) => {
    const n = read.value.findIndex(({ id }) => id === rule);
    const written = n >= 0 && rules.find(({ id }) => id === rule) === read.value[n];
    return written ? `${RULES_YAML}:${read.line([n, ...(blank === null ? [] : ['with', blank])])}: \`${rule}\`: ${what}` : `\`${rule}\`: ${what}`;
  });
  return { made, changed, problems: [...problems, ...placed] };
}

/** A bundle with the articles of its rules; without rules it stays what it was. */
export const withRules = <B extends Bundle>(bundle: B, made: readonly MadeRule[]): B =>
  made.length === 0 ? bundle : { ...bundle, articles: { ...bundle.articles, [RULES_FILE]: rulesText(made) }, rules: made.map(({ rule }) => rule) };

/** The name of their file is theirs. */
export const nameTaken = ({ articles }: Pick<Bundle, 'articles'>): readonly string[] =>
  Object.hasOwn(articles, RULES_FILE) ? [`${RULES_FILE}: is made from ${RULES_YAML}, and no file of yours; give yours another name.`] : [];
