/** What people may do with a task besides approving and declining it: what its tool offers, as far as that is ratified. */
import { notOffered } from '../kernel/answers.ts';
import { ToolName, type OrgId } from '../kernel/ids.ts';
import type { Answer } from '../kernel/nouns.ts';
import type { World } from './world.ts';

/** Code alone can take an answer away, and gives none that nobody ratified. */
export function answersOf(world: Pick<World, 'writes' | 'constitution'>, org: OrgId, named: string): readonly Answer[] {
  const name = ToolName.parse(named);
  const declared = world.writes.get(name)?.tool.answers ?? [];
  const ratified = world.constitution(org).slices.get(name)?.tool.answers;
  return declared.filter((answer) => ratified?.includes(answer) ?? true);
}

/** It was asked for what its tool does not offer. */
export class AnswerError extends Error {
  override readonly name = 'AnswerError';
  readonly code = 'not_offered';
}

/** @throws AnswerError which says what is offered */
export function requireAnswer(world: Pick<World, 'writes' | 'constitution'>, org: OrgId, tool: string, answer: Answer): void {
  const offered = answersOf(world, org, tool);
  if (!offered.includes(answer)) throw new AnswerError(notOffered(tool, answer, offered));
}
