/** A person as an organization declares them: who they are, and what an agent may do for them. */
import { z } from 'zod';
import { DOMAINS, PersonId, type Domain } from './ids.ts';
import { Money } from './money.ts';
import { Role } from './nouns.ts';
import { Text } from './text.ts';

/** What a person may have an agent do for them in one domain. */
export const Authority = z.strictObject({ perCall: Money, perDay: Money, perMonth: Money.exactOptional() });
const byDomain = Object.fromEntries(DOMAINS.map((domain) => [domain, Authority.exactOptional()]));

export const DeclaredPerson = z.strictObject({
  person: PersonId,
  name: Text.min(1).max(200),
  roles: z.array(Role).max(Role.options.length),
  manager: PersonId.exactOptional(),
  site: Text.max(60).exactOptional(),
  status: z.enum(['active', 'left', 'guest']).exactOptional(), // else as before; of somebody new, active
  authority: z.strictObject(byDomain).default({}),
});
export interface DeclaredPerson extends Omit<z.output<typeof DeclaredPerson>, 'authority'> {
  readonly authority: Readonly<Partial<Record<Domain, z.output<typeof Authority>>>>;
}
