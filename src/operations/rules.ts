/** The operations about rules that owners make from templates. */
import { changeRule, previewRule, rulesNow, ruleTemplates, type Previewed } from '../activities/amendments/rules.ts';
import type { Sight } from '../activities/sight.ts';
import type { World } from '../activities/world.ts';
import type { Client, RulePreview } from '../client.ts';
import type { ruleInputs } from '../client-rules.ts';
import { digestOf } from '../gate/constitution.ts';
import type { RuleChange } from '../kernel/rules.ts';
import { asSeen, cardFor, cardNamed } from './amendments.ts';
import type { Callers } from './callers.ts';
import type { Installation } from './installation.ts';
import { sightFor } from './seeing.ts';
import { woken } from './woken.ts';

export function ruleOperations(installation: Installation, callers: Callers): Pick<Client, keyof typeof ruleInputs> {
  const { world, org } = installation;
  const { person, known } = callers;
  const told = (sight: Sight, change: RuleChange, { rule, since, bundle, inForce, findings }: Previewed): RulePreview => ({
    rule,
    removes: change.kind === 'remove',
    since,
    report: { ...asSeen(world, sight, findings), inForce: inForce?.digest ?? null, draft: digestOf(bundle), currency: world.settings(org).currency },
  });
  return {
    rules: async (caller) => (await known(caller), rulesNow(world, org)),
    rule_templates: async (caller) => (await known(caller), ruleTemplates(world)),
    async rule_preview(caller, { change }) {
      const sight = await sightFor(installation, callers, caller);
      return told(sight, change, await previewRule(world, org, change));
    },
    async rule_change(caller, { change, reason, draft }) {
      const speaker = await person(caller);
      const sight = await sightFor(installation, callers, caller);
      const { amendment, ...previewed } = await changing(world, () => changeRule(world, speaker, change, { reason: reason ?? null, seen: draft ?? null }));
      if (amendment !== null) await woken(world.orchestrator.wakeAmendment(org, amendment));
      return { ...told(sight, change, previewed), amendment: amendment && cardFor(world, sight, await cardNamed(world, org, amendment)) };
    },
  };
}

/** One change after the other: each is read, looked at and written as a whole. */
const waiting = new WeakMap<World, Promise<unknown>>();
function changing<T>(world: World, change: () => Promise<T>): Promise<T> {
  const mine = (waiting.get(world) ?? Promise.resolve()).then(change, change);
  waiting.set(world, mine);
  return mine;
}
