/** What a person may see: each thing judged by the gate as a read for that person, before a surface shows it. */
import { decide } from '../gate/decide.ts';
import { AgentName, type Domain, type PersonId } from '../kernel/ids.ts';
import type { Classification } from '../kernel/nouns.ts';
import { LOOK } from '../kernel/sight.ts';
import { localTime, type Times } from '../kernel/time.ts';
import { NO_LIMITS } from '../kernel/overrides.ts';
import { baseFacts } from './facts.ts';
import { AuthorityError } from './people.ts';
import type { Tx } from './ports.ts';
import type { World } from './world.ts';

export const OURSELVES = AgentName.parse('charter'); // shows what the house knows; no agent of that name can be declared and act

/** A thing to look at. */
export interface Seen {
  readonly domain: Domain | null; // null: of the organization as a whole; its owners hold it
  readonly classification: Classification; // of its most sensitive field
  readonly parties?: readonly string[]; // whom it is about, who asked for it, who may decide it or has
}

export interface Sight {
  sees(what: Seen): boolean;
  /** @throws AuthorityError `not_yours`, which says who sees it */
  must(what: Seen, named: string): void;
}

/** Whoever holds the data directory reads the database and its keys; there is nothing to hide from them. */
export const EVERYTHING: Sight = { sees: () => true, must: () => undefined };

/** One person's sight as of now. The same question is judged once. What it says throws where no constitution is in force. */
export async function sightOf(world: World, tx: Tx, person: PersonId, times: Times): Promise<Sight> {
  const known = await tx.person(person);
  const base = ourBase(world, tx, person, known?.status === 'active', times);
  const verdicts = new Map<string, boolean>();
  const judge = (facts: { readonly classification: Classification; readonly holds: boolean; readonly party: boolean }): boolean => {
    const key = `${facts.classification}/${facts.holds}/${facts.party}`;
    const before = verdicts.get(key);
    if (before !== undefined) return before;
    const call = { agent: OURSELVES, onBehalfOf: person, tool: LOOK, resource: 'house', currency: world.settings(tx.org).currency };
    const permitted = decide(world.constitution(tx.org), { ...call, facts: { facts: 'sight', base, sight: facts } }).verdict === 'permit';
    verdicts.set(key, permitted);
    return permitted;
  };
  const sees = ({ domain, classification, parties = [] }: Seen): boolean => {
    const holds =
      known !== undefined &&
      (known.roles.includes('owner') || (domain !== null && (known.roles.some((role) => role === domain) || known.authority.includes(domain))));
    return judge({ classification, holds, party: parties.includes(person) });
  };
  return {
    sees,
    must(what, named) {
      if (sees(what)) return;
      const who = what.domain === null ? 'the owners' : `the owners, the role ${what.domain}`;
      throw new AuthorityError('not_yours', `${named} is ${what.classification}. Who sees it: ${who}, and whoever asked for it or is asked about it.`);
    },
  };
}

/** We are no agent: nothing is granted to us, nothing moves, and a halt does not blind people. */
export function ourBase(world: World, tx: Tx, person: PersonId, personActive: boolean, times: Times) {
  const now = localTime(times.business, world.settings(tx.org).zone);
  const read = { halted: false, level: 'act' as const, personActive, personMay: true, allowed: NO_LIMITS, spentPersonMonth: 0, callsAgent: 0, callsPerson: 0 };
  const nothing = {
    chain: [],
    delegations: [],
    narrowed: [],
    counterparty: null,
    barred: [],
    ties: [],
    domainFacts: {},
    vouched: [],
    stated: null,
    ownCall: false,
    votes: [],
    electors: [],
    calendar: null,
  };
  return { ...baseFacts({ ...read, ...nothing }, world.agents, OURSELVES, now, person, [], true), approvals: {}, approved_by: [], requester_is_sole: false };
}
