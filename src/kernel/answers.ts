/** What a task offers, and why it does not offer the rest, on every surface in the same words. */
import { Answer } from './nouns.ts';

/** `approve, decline, respond` */
export const offers = (answers: readonly Answer[]): string => ['approve', 'decline', ...answers].join(', ');

/** Why a task cannot be answered so. @param tool its name */
export const notOffered = (tool: string, answer: Answer, answers: readonly Answer[]): string =>
  answer === 'edit'
    ? `A call of \`${tool}\` cannot be edited; it offers ${offers(answers)}. To have it otherwise, decline it and say how.`
    : `No agent is asked back about a call of \`${tool}\`; it offers ${offers(answers)}. To have it otherwise, decline it with a reason.`;

/** Everything that it does not offer, with why. */
export const withheld = (tool: string, answers: readonly Answer[]): readonly string[] =>
  Answer.options.filter((answer) => !answers.includes(answer)).map((answer) => notOffered(tool, answer, answers));
