/** What a model is told: it leaves the house, to a destination, and is judged before each call. */
import { defineFacts } from './facts.ts';
import { ToolName } from './ids.ts';

export const ASK_MODEL = ToolName.parse('model.ask');

export const prompt = defineFacts('prompt', 'Prompt', {
  destination: 'text', // the host that is asked
  local: 'bool', // it is this machine
  encrypted: 'bool', // on its way; on this machine it goes nowhere
  classification: 'text', // of the most sensitive thing in it, but for what is sealed
  kinds: 'texts', // of sensitive values that stand in it unsealed
});

/** Where a model is, as it is judged. */
export interface Destination {
  readonly destination: string;
  readonly local: boolean;
  readonly encrypted: boolean;
}

const LOCAL = /^(localhost|127(\.\d{1,3}){3}|\[::1\])$/;

/** @param address a model's base URL */
export function destinationOf(address: URL): Destination {
  const local = LOCAL.test(address.hostname);
  return { destination: address.host, local, encrypted: local || address.protocol === 'https:' };
}
