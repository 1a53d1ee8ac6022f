/** The cases beside the articles, judged by the gate itself. */
import type { CaseFile } from '../kernel/amendment.ts';
import type { ArticleCase } from '../kernel/cases.ts';
import { AgentName, Domain } from '../kernel/ids.ts';
import type { ToolEntry } from '../kernel/tool-entry.ts';
import { compile, type Bundle, type Constitution } from './constitution.ts';
import { trialsOf } from './trials.ts';
import { cedarAuthorizer, type Authorizer } from './authorize.ts';
import { decide, type Judgment } from './decide.ts';
import type { BaseFacts } from './facts.ts';

/** What every call carries where nothing is out of the ordinary. */
export const routineBase = {
  halted: false,
  level: 'act',
  tool_granted: true,
  person_active: true,
  chain_length: 1,
  limit_call_minor: 200_000,
  limit_day_minor: 1_000_000,
  limit_person_month_minor: 2_000_000,
  spent_person_month_minor: 0,
  calls_last_minute_agent: 0,
  calls_last_minute_person: 0,
  hour: 9,
  weekday: 1,
  working_day: true,
  untrusted: [],
  approvals: {},
  approved_by: [],
  requester_is_sole: false,
  requester_may: true,
  requester_conflicted: false,
  requester: null,
} as const satisfies BaseFacts;

export type Sheets = Readonly<Record<string, object>>;

export function judgeCase(
  constitution: Constitution,
  { tool, facts: patch, agent = AGENT }: ArticleCase,
  routine: Sheets,
  authorizer: Authorizer = cedarAuthorizer,
): Judgment {
  const kind = constitution.slices.get(tool)?.tool.facts?.name ?? 'none';
  const groups: Sheets = { base: routineBase, ...(kind === 'none' ? {} : { [kind]: routine[kind] ?? {} }) };
  const facts = Object.fromEntries(
    [...new Set([...Object.keys(groups), ...Object.keys(patch)])].map((group) => [group, { ...groups[group], ...patch[group] }]),
  );
  return decide(constitution, { agent, onBehalfOf: null, tool, resource: 'x', facts: { facts: kind, ...facts }, currency: 'EUR' }, authorizer);
}
const AGENT = AgentName.parse('agent');

/** What a case of an article hears: of one that is only observed, what would be said were it in force. */
export const heard = ({ articles }: Constitution, { article }: ArticleCase, { verdict, observed }: Judgment) =>
  articles.get(article)?.observes ? (observed?.verdict ?? verdict) : verdict;

/** A bundle with what it compiles to. */
export interface Compiled {
  readonly bundle: Bundle;
  readonly constitution: Constitution;
}

/** Articles about what leaves the house hold for the first tool that says anything to anybody: until it is there, their cases name a stand-in. */
export function withStandIns({ bundle, constitution }: Compiled, files: readonly CaseFile[]): Constitution {
  const known = new Set(bundle.tools.map(({ name }) => name));
  const leaves = ({ article, tool }: ArticleCase) => !known.has(tool) && textOf(bundle, article).includes('Action::"Outbound"');
  const named = new Set(files.flatMap(({ cases }) => cases.filter(leaves).map(({ tool }) => tool)));
  const standIns = [...named].flatMap((name): ToolEntry[] => {
    const domain = Domain.safeParse(name.split('.')[0]);
    return domain.success ? [{ name, effect: 'outbound', facts: null, resourceType: 'Records', domain: domain.data }] : [];
  });
  return standIns.length === 0 ? constitution : compile({ ...bundle, tools: [...bundle.tools, ...standIns] });
}

const textOf = ({ articles }: Bundle, id: string): string => {
  const [before, after] = (Object.values(articles).find((text) => text.includes(`@id("${id}")`)) ?? '').split(`@id("${id}")`);
  return before === undefined ? '' : ((after ?? '').split('@id(')[0] ?? '');
};

export const routineOf = (files: readonly CaseFile[]): Sheets => Object.assign({}, ...files.map((file) => file.routine));

/** Runs every case, on a constitution with stand-ins. Gives how many there were, and what is wrong with the articles or with the cases. */
export function runCases({ bundle, constitution }: Compiled, files: readonly CaseFile[]): { readonly ran: number; readonly problems: readonly string[] } {
  const routine = routineOf(files);
  const trial = trialsOf(constitution, files);
  const spokenOf = new Set(files.flatMap(({ cases }) => cases.map(({ article }) => article)));
  const bare = [...constitution.articles.values()]
    .filter(({ id }) => !spokenOf.has(id))
    .map(({ id }) => `${fileOf(bundle, id)}: \`${id}\` has no case; write one beside it, in a file that ends in .cases.ts.`);
  const failed = files.flatMap((beside) =>
    beside.cases.flatMap((one) => {
      const { file } = beside;
      if (!constitution.articles.has(one.article)) return [`${file}: the case “${one.name}” is about \`${one.article}\`, which is no article.`];
      const judged = judgeCase(trial(beside), one, routine);
      const said = heard(constitution, one, judged);
      return said === one.expect
        ? []
        : [
            `${file}: \`${one.article}\`, “${one.name}”: ${one.expect} is expected, the draft says ${said}${judged.why.length > 0 ? ` (${judged.why.join('; ')})` : ''}.`,
          ];
    }),
  );
  return { ran: files.reduce((sum, { cases }) => sum + cases.length, 0), problems: [...bare, ...failed] };
}

const fileOf = ({ articles }: Bundle, id: string): string => Object.entries(articles).find(([, text]) => text.includes(`@id("${id}")`))?.[0] ?? 'articles';
