/**
 * What the cases of a file are judged within. An article that was made from a template is tried beside what grants and nothing else: else
 * what another article says of the same call would hide whether it says anything. The cases that stand beside the base are tried without
 * such articles: a rule that asks for more than the base does not make the base's own cases fail.
 */
import type { CaseFile } from '../kernel/amendment.ts';
import { digest } from '../kernel/digest.ts';
import type { ToolName } from '../kernel/ids.ts';
import type { Constitution, Slice } from './constitution.ts';

export function trialsOf(constitution: Constitution, files: readonly CaseFile[]): (file: CaseFile) => Constitution {
  const made = new Set(files.flatMap(({ alone, cases }) => (alone ? cases.map(({ article }) => article) : [])));
  if (made.size === 0) return () => constitution;
  const tools = (some: readonly CaseFile[]) => new Set(some.flatMap(({ cases }) => cases.map(({ tool }) => tool)));
  const written = narrowed(constitution, tools(files.filter(({ alone }) => !alone)), (id) => !made.has(id));
  const trials = new Map(
    files.map((file) => {
      if (!file.alone) return [file, written] as const;
      const own = new Set(file.cases.map(({ article }) => article));
      return [file, narrowed(constitution, tools([file]), (id) => own.has(id) || constitution.articles.get(id)?.effect === 'permit')] as const;
    }),
  );
  return (file) => trials.get(file) ?? constitution;
}

/** The same with fewer articles, for these tools alone. */
function narrowed(constitution: Constitution, tools: ReadonlySet<ToolName>, keeps: (id: string) => boolean): Constitution {
  const fewer = (slice: Slice): Slice => {
    const policies = Object.fromEntries(Object.entries(slice.policies).filter(([id]) => keeps(id)));
    const observing = slice.observing && fewer(slice.observing);
    return { ...slice, policies, observing, digest: digest({ of: slice.digest, kept: Object.keys(policies) }) };
  };
  const slices = new Map([...constitution.slices].flatMap(([name, slice]) => (tools.has(name) ? [[name, fewer(slice)] as const] : [])));
  return { ...constitution, slices, slice: (tool) => slices.get(tool)?.digest ?? constitution.slice(tool) };
}
