/**
 * What people look at: on every surface of ours, each thing is judged as a read for that person. The class is that of the most
 * sensitive field; whoever answers for the domain holds it, and whoever is asked about a thing, or asked for it, is a party to it.
 */
import { defineFacts } from './facts.ts';
import { ToolName } from './ids.ts';

export const sight = defineFacts('sight', 'Look', {
  classification: 'text',
  holds: 'bool', // owns, or has the role of the thing's domain or authority in it
  party: 'bool', // it was asked for by them, is about them, or they may decide it or have
});

export const LOOK = ToolName.parse('sight.look');
