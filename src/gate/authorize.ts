/** One request put to an engine: the articles of a slice, satisfied or erring. Cedar decides every enforced call. */
import type * as Cedar from '@cedar-policy/cedar-wasm/nodejs';
import type { AgentName } from '../kernel/ids.ts';
import type { FactValues } from '../kernel/facts.ts';
import { ROLES, type Role } from '../kernel/nouns.ts';
import { cedar, load, replaceEngine, type Slice } from './constitution.ts';
import type { Facts } from './facts.ts';

export interface Request {
  readonly agent: AgentName;
  readonly resource: string; // the id of an entity of the tool's resource type
  readonly facts: Facts;
}

/** As Cedar answers: `reason` names the satisfied forbids, or where there are none the satisfied permits. An erring article is in neither. */
export interface Answer {
  readonly decision: 'allow' | 'deny';
  readonly reason: readonly string[];
  readonly errors: readonly { readonly policy: string; readonly message: string }[];
}

/** The request does not fit the schema. */
export interface Unfit {
  readonly unfit: readonly string[];
}

/** @throws where the engine itself failed: whoever asked denies */
export type Authorizer = (slice: Slice, request: Request) => Answer | Unfit;

/** A record with a field for each role. */
export const perRole = <V>(of: (role: Role) => V): Record<string, V> => Object.fromEntries(ROLES.map((role) => [role, of(role)]));

const person = (id: string) => ({ __entity: { type: 'Person', id } });

const cedarValues = (values: FactValues): Cedar.Context =>
  Object.fromEntries(Object.entries(values).map(([fact, value]) => [fact, typeof value === 'object' ? [...value] : value]));

export const cedarAuthorizer: Authorizer = (slice, request) => {
  try {
    load(slice);
    return ask(slice, request);
  } catch (error) {
    replaceEngine(); // an instance that threw once is not asked again
    throw error;
  }
};

function ask(slice: Slice, { agent, resource, facts }: Request): Answer | Unfit {
  const { approvals, unanimous = [], approved_by, requester, ...plain } = facts.base;
  const base = {
    ...plain,
    approvals: perRole((role) => approvals[role] ?? 0),
    approved_by: approved_by.map(person),
    ...(requester === null ? {} : { requester: person(requester) }),
  };
  const answer = cedar().statefulIsAuthorized({
    principal: { type: 'Agent', id: agent },
    action: { type: 'Action', id: slice.tool.name },
    resource: { type: slice.tool.resourceType, id: resource },
    context: {
      base,
      ...(slice.everybody ? { unanimous: perRole((role) => unanimous.includes(role)) } : {}),
      ...(facts.sheet ? { [facts.sheet.name]: cedarValues(facts.values) } : {}),
    },
    entities: [],
    preparsedPolicySetId: slice.digest,
    preparsedSchemaName: slice.digest, // without the schema `action in Group` silently never matches
    validateRequest: true,
  });
  if (answer.type === 'failure') return { unfit: answer.errors.map(({ message }) => message) };
  const { decision, diagnostics } = answer.response;
  return { decision, reason: diagnostics.reason, errors: diagnostics.errors.map(({ policyId, error }) => ({ policy: policyId, message: error.message })) };
}
