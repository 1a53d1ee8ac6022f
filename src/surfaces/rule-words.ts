/** What is said of rules from templates, on every surface in the same words. Pure. */
import type { RulePreview } from '../client.ts';
import type { RuleCard } from '../kernel/rules.ts';
import { changesInWords, replayInWords } from './amendment-words.ts';

/** What the change comes to, and the decisions since a day that would have been others. */
export function previewInWords({ rule, removes, report, since }: RulePreview): readonly string[] {
  if (report.problems.length > 0) return ['It is refused; what is in force runs on:', ...report.problems.map((problem) => `- ${problem}`)];
  const others = report.changes.filter(({ what, name }) => what !== 'rule' || name !== rule.id);
  const judged = replayInWords(report.replay, report.currency);
  return [
    `${removes ? 'No more' : 'Rule'}: ${rule.words}.${rule.observe && !removes ? ' Only tried out: what it would say is kept, and stands against nothing.' : ''}`,
    ...(judged.length > 0
      ? [`Held against what was decided since ${since}${others.length > 0 ? ', with the other changes of the files' : ''}:`, ...judged]
      : ['Nothing is in force yet, so nothing was decided.']),
    ...(rule.observe && !removes ? ['What a rule on trial would have said is in `charter level report`, week by week.'] : []),
    ...(others.length > 0
      ? ['Besides, the files hold other changes, which go to the vote with it:', ...changesInWords(others).map((line) => `  ${line}`)]
      : []),
  ];
}

/** One rule in a list. */
export const ruleLine = ({ words, observe, stands }: Pick<RuleCard, 'words' | 'observe' | 'stands'>): string =>
  `${words}.${observe ? ' Only tried out.' : ''}${stands === 'in force' ? '' : ` (${stands})`}`;
