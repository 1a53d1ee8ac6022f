/** What the officer can answer without a model. */
import type { QuestionRoutine } from '../../src/kernel/define.ts';
import { listObligations, listTasks } from '../../src/domains/compliance/tools/reads.ts';

export const questions: readonly QuestionRoutine[] = [
  {
    about: 'who was asked to see to what',
    matches: (text) => /\b(tasks?|asked|todo|aufgaben?)\b/i.test(text),
    async answer(_text, reads) {
      const open = await reads.read(listTasks, {});
      return open.length === 0 ? 'Nobody has an open task.' : open.map((one) => `- ${one.person}, by ${one.due}: ${one.title} (${one.obligation})`).join('\n');
    },
  },
  {
    about: 'which obligations are due, and which are met',
    matches: (text) => /\b(obligations?|due|deadlines?|evidence|overdue|fristen?|pflichten?|nachweise?)\b/i.test(text),
    async answer(_text, reads, now) {
      const all = await reads.read(listObligations, { today: now.date });
      const open = all.filter(({ state }) => state !== 'met');
      const lines = open.slice(0, 20).map((one) => `- ${one.deadline}  ${one.title} (${one.source}): ${one.state}`);
      return [`${all.length - open.length} of ${all.length} obligations are met.`, ...lines].join('\n');
    },
  },
];
