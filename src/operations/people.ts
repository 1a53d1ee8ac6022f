/** Who is here, by which token, and who stops what. */
import { randomBytes } from 'node:crypto';
import { agentNamed, domainNamed } from '../activities/names.ts';
import { halt, resume, scopeName, type HaltScope } from '../activities/people.ts';
import { issueToken, revokeTokens } from '../activities/tokens.ts';
import type { World } from '../activities/world.ts';
import type { Client, Input } from '../client.ts';
import { AgentName } from '../kernel/ids.ts';
import type { Callers } from './callers.ts';
import type { Installation } from './installation.ts';
import { woken } from './woken.ts';

function scopeOf(world: World, scope: Input<'halt'>['scope']): HaltScope {
  if (scope.kind === 'agent') return { kind: 'agent', agent: AgentName.safeParse(scope.agent).data ?? agentNamed(world, scope.agent).name };
  return scope.kind === 'domain' ? { kind: 'domain', domain: domainNamed(scope.domain) } : scope;
}

type OfPeople = Pick<Client, 'me' | 'people' | 'issue_token' | 'revoke_token' | 'halt' | 'resume'>;

export function peopleOperations(installation: Installation, { person, known, presenting, byToken, orOperator }: Callers): OfPeople {
  const { world, org } = installation;
  return {
    async me(caller) {
      const { person: id, name, roles, issuedAt } = await person(caller);
      return { person: id, name, roles, tokenFrom: issuedAt };
    },
    async people(caller) {
      await known(caller);
      const all = await world.store.tx(org, (tx) => tx.people());
      return all.map(({ id, name, roles, status }) => ({ id, name, roles, status }));
    },
    async issue_token(caller, { person: whose }) {
      const renews = caller.kind === 'person' && (await presenting(caller)).person === whose; // what an unexchanged token is good for
      const by = caller.kind === 'operator' ? 'operator' : await (renews ? presenting(caller) : byToken(caller));
      const { id, token } = await issueToken(world, org, whose, by, randomBytes(24).toString('base64url'));
      return { id, person: whose, token, issuedBy: by === 'operator' ? by : by.person };
    },
    revoke_token: async (caller, { what }) => revokeTokens(world, org, what, await orOperator(caller)),
    async halt(caller, { scope, reason }) {
      const done = await halt(world, await person(caller), scopeOf(world, scope), reason);
      await woken(Promise.all(done.stopped.map((proposal) => world.orchestrator.wakeAction(org, proposal))));
      return { scope: done.scope, stopped: done.stopped.length, withdrawn: done.withdrawn.length, at: done.at };
    },
    async resume(caller, { scope, reason }) {
      const lifted = scopeOf(world, scope);
      await resume(world, await person(caller), lifted, reason);
      return { scope: scopeName(lifted) };
    },
  };
}
