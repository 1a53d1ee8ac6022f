/** The facts that every call carries, from what one statement read. */
import type { Agent } from '../kernel/define.ts';
import type { PersonId } from '../kernel/ids.ts';
import type { LocalTime } from '../kernel/time.ts';
import type { JsonObject } from '../kernel/nouns.ts';
import type { FactSheet } from '../kernel/facts.ts';
import type { FactsRead } from './ports.ts';

/** Limits are the least along the chain from the person, or the organization, to the agent; an unknown agent has none. */
export function baseFacts(
  read: FactsRead,
  agent: Agent | undefined,
  local: LocalTime,
  requester: PersonId | null,
  untrusted: readonly string[],
  granted: boolean,
) {
  const least = (of: 'perCall' | 'perDay') => Math.min(agent?.authority[of].minor ?? 0, read.personLimits?.[of] ?? Number.MAX_SAFE_INTEGER);
  return {
    halted: read.halted,
    level: read.level,
    tool_granted: granted,
    person_active: read.personActive,
    chain_length: 1,
    limit_call_minor: least('perCall'),
    limit_day_minor: least('perDay'),
    calls_last_minute_agent: read.callsAgent,
    calls_last_minute_person: read.callsPerson,
    hour: local.hour,
    weekday: local.weekday,
    untrusted: [...untrusted],
    requester_may: read.personMay,
    requester,
  };
}

/** What can vouch for an argument: records, and what was said by a person with authority in the domain, and by nobody else. */
export const sourcesOf = ({ vouched, stated, ownCall, personMay }: FactsRead) => ({
  vouched,
  stated: personMay ? stated : null,
  ownCall: personMay && ownCall,
});

/** The facts of a call as the gate takes them: which sheet, what every call carries, and the sheet's own. */
export const gateFacts = <B extends object>(sheet: FactSheet | null, base: B, read: JsonObject) =>
  sheet ? { facts: sheet.name, base, [sheet.name]: read } : { facts: 'none', base };
