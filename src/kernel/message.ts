/**
 * What is said to people on surfaces that are not our own. A reply is an agent's; showing is ours: the card or the digest that the inbox
 * holds as well. Both are judged before they leave the house.
 */
import { defineFacts } from './facts.ts';
import { ToolName } from './ids.ts';
import { Classification } from './nouns.ts';

export const message = defineFacts('message', 'Message', {
  direct: 'bool', // to one person alone; else to everybody in a channel
  house: 'bool', // nobody reads it who is a guest, or of another organization
  linked: 'bool', // the person it is for is linked to their account there, and active here
  classification: 'text', // of the most sensitive record that it rests on
});

export const SEND_REPLY = ToolName.parse('message.send_reply');
export const SHOW_TASK = ToolName.parse('message.show_task');

/** The highest of these, and `internal` at least: what an agent or a list knows of the house is the house's alone. */
export const highest = (found: readonly Classification[]): Classification =>
  Classification.options.findLast((one) => found.includes(one) || one === 'internal') ?? 'restricted';
