/** The facts that every call carries, from what one statement read. */
import type { Agent } from '../kernel/define.ts';
import type { AgentName, PersonId } from '../kernel/ids.ts';
import type { LocalTime } from '../kernel/time.ts';
import type { Decision, JsonObject } from '../kernel/nouns.ts';
import type { FactSheet } from '../kernel/facts.ts';
import { isWorkingDay } from '../kernel/working-days.ts';
import type { ChainLink, FactsRead } from './ports.ts';

/** Of a limit for a day: what those who asked for it have left of theirs today. */
const left = ({ spentDay }: ChainLink, agent: Agent | undefined, spent: number): number => Math.max(0, (agent?.authority.perDay.minor ?? 0) - spentDay + spent);

/**
 * Limits are the least along the chain: of the person who asked first, where one did, and of every agent from there to the one
 * that acts. An unknown agent has none.
 */
export function baseFacts(
  read: FactsRead,
  agents: ReadonlyMap<AgentName, Agent>,
  agent: AgentName,
  local: LocalTime,
  requester: PersonId | null,
  untrusted: readonly string[],
  granted: boolean,
) {
  const chain = read.chain.length > 0 ? read.chain : [{ agent, spentDay: 0 }];
  const least = (of: 'perCall' | 'perDay') =>
    Math.min(read.allowed[of], ...[agent, ...chain.map((link) => link.agent)].map((name) => agents.get(name)?.authority[of].minor ?? 0));
  const { spent_day_minor: spent } = read.domainFacts;
  const working = isWorkingDay(local.date, read.calendar);
  const asking = chain.slice(1).map((link) => left(link, agents.get(link.agent), typeof spent === 'number' ? spent : 0));
  return {
    halted: read.halted,
    level: read.level,
    tool_granted: granted,
    person_active: read.personActive,
    chain_length: chain.length,
    limit_call_minor: least('perCall'),
    limit_day_minor: Math.min(least('perDay'), ...asking),
    limit_person_month_minor: read.allowed.perMonth,
    spent_person_month_minor: read.spentPersonMonth,
    calls_last_minute_agent: read.callsAgent,
    calls_last_minute_person: read.callsPerson,
    hour: local.hour,
    weekday: local.weekday,
    ...(working === undefined ? {} : { working_day: working }),
    untrusted: [...untrusted],
    requester_may: read.personMay,
    requester_conflicted: read.ties.some(({ person }) => person === requester),
    requester,
  };
}

/** Where people are asked: who of them is tied to whom it is about, and does not decide it. */
export const sayingTies = <J extends Pick<Decision, 'verdict' | 'why' | 'needs'>>(judged: J, { ties, electors }: Pick<FactsRead, 'ties' | 'electors'>): J => {
  const roles = judged.needs.map(({ role }) => role);
  const asked = ties.filter(({ person }) => electors.some((one) => one.person === person && one.roles.some((role) => roles.includes(role))));
  return { ...judged, why: [...judged.why, ...asked.map(({ person, because }) => `\`${person}\` ${because}, and does not decide it`)] };
};

/** Through whom a call came, from whoever asked first, and what they left of it: kept with its decision. */
export const chainOf = ({ chain, delegations, narrowed }: Pick<FactsRead, 'chain' | 'delegations' | 'narrowed'>) => ({
  agents: chain.map(({ agent }) => agent).reverse(),
  workers: delegations.map(({ worker }) => worker).reverse(),
  narrowed: narrowed.map(({ by, narrowed: left }) => ({ by, ...left })).reverse(),
});

/** What can vouch for an argument: records, and what was said by a person with authority in the domain, and by nobody else. */
export const sourcesOf = ({ vouched, stated, ownCall, personMay }: FactsRead) => ({
  vouched,
  stated: personMay ? stated : null,
  ownCall: personMay && ownCall,
});

/** The facts of a call as the gate takes them: which sheet, what every call carries, and the sheet's own. */
export const gateFacts = <B extends object>(sheet: FactSheet | null, base: B, read: JsonObject) =>
  sheet ? { facts: sheet.name, base, [sheet.name]: read } : { facts: 'none', base };
