/** Where what is known here may go, and how sensitive it may be there: asked of the constitution in force. */
import { routineBase } from './gate/case-runs.ts';
import { StoredBundle } from './bundle.ts';
import type { ModelPort } from './deliberate/ports.ts';
import { compile, type Constitution } from './gate/constitution.ts';
import { decide } from './gate/decide.ts';
import { ASK_MODEL, destinationOf } from './kernel/consult.ts';
import { AgentName, type ToolName } from './kernel/ids.ts';
import { SEND_REPLY } from './kernel/message.ts';
import { Classification, type JsonObject } from './kernel/nouns.ts';
import { Sensitive } from './kernel/sensitive.ts';

const SOMEBODY = AgentName.parse('agent');

const asked = (constitution: Constitution, tool: ToolName, facts: JsonObject): boolean =>
  decide(constitution, { agent: SOMEBODY, onBehalfOf: null, tool, resource: 'x', facts: { ...facts, base: routineBase }, currency: 'EUR' }).verdict ===
  'permit';

/** The most sensitive class that is let through, in words. */
function ceiling(may: (classification: Classification) => boolean): string {
  const highest = Classification.options.findLast(may);
  return highest === undefined ? 'nothing' : `up to ${highest}`;
}

/** @param stored the bundle that an organization ratified @returns a line for each place that something may go to */
export function destinations(stored: unknown, { name, address }: Pick<ModelPort, 'name' | 'address'>, withSlack: boolean): readonly string[] {
  const constitution = compile(StoredBundle.parse(stored));
  return [...(address === null ? [] : [modelDestination(constitution, name, address)]), ...(withSlack ? [slackDestination(constitution)] : [])];
}

/** `models.example (anthropic): up to confidential; never bank details, wages, health` */
function modelDestination(constitution: Constitution, name: string, address: URL): string {
  const at = destinationOf(address);
  const prompt = (classification: Classification, kinds: readonly Sensitive[]) =>
    asked(constitution, ASK_MODEL, { facts: 'prompt', prompt: { ...at, classification, kinds: [...kinds] } });
  const never = Sensitive.options.filter((kind) => !prompt('public', [kind])).map((kind) => kind.replace('_', ' '));
  return `${at.destination} (${name}): ${ceiling((of) => prompt(of, []))}${never.length > 0 ? `; never ${never.join(', ')}` : ''}`;
}

/** What is said in Slack, to one person and in a channel of the house. */
function slackDestination(constitution: Constitution): string {
  const message = (direct: boolean) => (classification: Classification) =>
    asked(constitution, SEND_REPLY, { facts: 'message', message: { direct, house: true, linked: true, classification } });
  return `Slack: to one person ${ceiling(message(true))}, in a channel ${ceiling(message(false))}`;
}
