/** A constitution -> what somebody who begins to work here has to know of it, in plain words, from the articles' own titles and figures. Pure. */
import type { Handbook } from '../kernel/handbook.ts';
import { overrideDifferences } from '../kernel/overrides.ts';
import { durationInWords } from '../kernel/time.ts';
import { money, Money, show } from '../kernel/money.ts';
import { z } from 'zod';
import { scopeOf, type Article, type Bundle, type Constitution } from './constitution.ts';
import type { EscalationClause } from './lint.ts';
import { articleId } from './rules.ts';

const AgentText = z.looseObject({
  name: z.string(),
  purpose: z.string(),
  proposes: z.array(z.string()),
  authority: z.object({ perCall: Money, perDay: Money }),
});

/** @param levels of agents, by name, as they are today */
export function explain(bundle: Bundle, constitution: Constitution, levels: Readonly<Record<string, string>>): Handbook {
  const own = new Set((bundle.rules ?? []).map(({ id }) => articleId(id)));
  const rules = [...constitution.articles.values()].filter(({ id }) => own.has(id));
  const articles = [...constitution.articles.values()].filter(({ id }) => !own.has(id));
  const inForce = articles.filter(({ observes }) => !observes);
  const hard = inForce.filter(({ effect, escalate }) => effect === 'forbid' && escalate === null);
  const asking = inForce.filter(({ escalate }) => escalate !== null);
  const reached = reachOf(constitution);
  const section = (title: string, lines: readonly string[]) => (lines.length === 0 ? [] : [{ title, lines: [...lines] }]);
  return [
    ...section(
      'Who does what',
      bundle.agents.map((agent) => agentInWords(agent, levels)),
    ),
    ...section('What is granted at all', inForce.filter(({ effect }) => effect === 'permit').map(cited)),
    ...section(
      'What is never done, whoever asks',
      hard.map((article) => `${cited(article)} ${reached(article)}`),
    ),
    ...section(
      'What waits for somebody’s word',
      asking.map((article) => `${cited(article)} ${article.escalate ? askingInWords(article.escalate) : ''} ${reached(article)}`),
    ),
    ...section('What is only tried out, and stands against nothing yet', articles.filter(({ observes }) => observes).map(cited)),
    ...section('Rules that we made for ourselves', rules.map(ruleInWords)),
    ...section('How far people’s words go', [...grantsInWords(bundle), ...overridesInWords(bundle)]),
    ...section('What may be spent', limitsInWords(bundle)),
    ...section('How these rules change', [
      `An owner proposes an amendment; ${ownersInWords(bundle.quorum ?? 1)} for it. No agent can propose one, and none removes what is said of the seven constraints.`,
      `${constitution.invariants.size} statements about every possible call are proved of each draft before anybody votes.`,
      'Rules from templates need no Cedar: `charter rules list`. Who put an article there, when and why: `charter constitution blame ARTICLE`. What the gate would say of a call: `charter gate check FILE`.',
    ]),
  ];
}

const cited = ({ article, title, source }: Article): string => `${title} (${article}, ${source}).`;
/** What it is about and whom it asks stands in its title. */
const ruleInWords = ({ article, title, escalate, observes }: Article): string => {
  const asks = escalate ? ` ${askingInWords(escalate)}` : ' Nobody lifts it.';
  return `${title} (${article}).${observes ? ' Only tried out: it stands against nothing yet.' : asks}`;
};
const ownersInWords = (quorum: number): string => (quorum === 1 ? 'one owner has to vote' : `${quorum} owners have to vote`);

/** `One person in finance, within 2 days; whoever is alone in finance confirms an own request after 1 hour.` */
function askingInWords({ role, quorum, everybody, declines, within, sole }: EscalationClause): string {
  const who = everybody ? `Everybody in ${role}` : quorum === 1 ? `One person in ${role}` : `${quorum} people in ${role}`;
  return [
    `${who}, within ${durationInWords(within)}`,
    ...(sole === null ? [] : [`whoever is alone in ${role} confirms an own request after ${durationInWords(sole)}`]),
    ...(declines > 1 ? [`${declines} declines end it`] : []),
  ]
    .join('; ')
    .concat('.');
}

/** Which tools an article is about: by name where they are few. */
function reachOf({ slices }: Constitution): (article: Article) => string {
  const FEW = 4;
  const tools = [...slices].map(([name, { policies }]) => ({ name, policies }));
  return ({ id, text }) => {
    const about = tools.filter(({ policies }) => id in policies).map(({ name }) => name);
    if (about.length === tools.length || scopeOf(text)(new Set())) return 'Of every call.';
    if (about.length === 0) return 'Of no tool yet.';
    return about.length <= FEW ? `Of ${about.join(', ')}.` : `Of ${about.length} tools.`;
  };
}

function agentInWords(given: unknown, levels: Readonly<Record<string, string>>): string {
  const { name, purpose, proposes, authority } = AgentText.parse(given);
  const may = proposes.length === 0 ? 'proposes nothing' : `may propose ${proposes.join(', ')}`;
  const moves = authority.perCall.minor > 0 ? `, by itself up to ${show(authority.perCall)} at once and ${show(authority.perDay)} a day` : '';
  return `${name}: ${purpose} It ${may}${moves}. It is at level ${levels[name] ?? 'shadow'}.`;
}

const grantsInWords = ({ grants, limits }: Bundle): readonly string[] =>
  Object.entries(grants ?? {})
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([person, { roles, authority }]) => {
      const amounts = Object.entries(authority).flatMap(([domain, granted]) => {
        const amount = (minor: number) => show(money(minor, limits?.currency ?? 'EUR'));
        const month = granted.perMonth === undefined ? '' : `, ${amount(granted.perMonth)} a month`;
        return [`in ${domain} up to ${amount(granted.perCall)} at once and ${amount(granted.perDay)} a day${month}`];
      });
      return `${person}: ${[roles.length === 0 ? 'no role' : roles.join(', '), ...amounts].join('; ')}.`;
    });

/** Who is tied to whom is nobody's to read here: it is told where somebody is asked about it. */
function overridesInWords({ terms, limits }: Bundle): readonly string[] {
  const said = overrideDifferences(undefined, terms?.overrides, limits?.currency ?? 'EUR').map(({ words }) => `In the place of that ${words}.`);
  return said.length === 0
    ? []
    : [...said, 'Of several the most specific one counts: person and tool, person, role and tool, role, tool; of two as specific the stricter one.'];
}

function limitsInWords({ limits }: Bundle): readonly string[] {
  if (!limits) return [];
  const { currency, supplier_month, suppliers, budgets, new_supplier_days, account_change_days } = limits;
  const amount = (minor: number) => show(money(minor, currency));
  return [
    `For one supplier ${amount(supplier_month)} in a month${Object.entries(suppliers)
      .map(([id, minor]) => `; for ${id} ${amount(minor)}`)
      .join('')}.`,
    ...Object.entries(budgets).map(([line, minor]) => `For ${line} ${amount(minor)} in a month.`),
    `A supplier is new for ${new_supplier_days} days, and an account that was changed is looked at for ${account_change_days}.`,
  ];
}
