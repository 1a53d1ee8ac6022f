/** One case of an article: facts, and what the constitution is to say of them. It stands beside the article, as data. */
import { z } from 'zod';
import { AgentName, ToolName } from './ids.ts';
import { JsonObject, Verdict } from './nouns.ts';

export const ArticleCase = z.strictObject({
  article: z.string().min(1), // its @id
  name: z.string().min(1), // the law, in words
  tool: ToolName,
  facts: z.record(z.string(), JsonObject), // what differs from a routine call
  expect: Verdict,
  agent: AgentName.exactOptional(), // who calls, where the article is about one agent
});
export type ArticleCase = z.infer<typeof ArticleCase>;

/** The facts of a sheet under which a call needs nobody, by sheet. */
export type Routine = Readonly<Record<string, JsonObject>>;

/** Cases as they are written. */
export type CaseTexts = readonly z.input<typeof ArticleCase>[];
