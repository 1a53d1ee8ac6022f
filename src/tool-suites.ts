/** What calls of imported tools are judged by where no organization is at hand: the constitution as it is shipped. */
import { bind } from './binding.ts';
import { draftBundle } from './bundle.ts';
import type { Bundle } from './gate/constitution.ts';
import { agents, boundDomains } from './registry.generated.ts';

export function shippedBundle(): Bundle {
  const domains = boundDomains(bind);
  return draftBundle(
    agents,
    domains.flatMap(({ reads }) => reads.map(({ tool }) => tool)),
    domains.flatMap(({ writes }) => writes.map(({ tool }) => tool)),
  );
}
