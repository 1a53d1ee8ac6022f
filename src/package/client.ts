/** `charter/client`: the gate of an organization, for a runtime that is not ours. */
export * from '../service-client/client.ts';
export * from '../service-client/langgraph.ts';
export * from '../service-client/webhook.ts';
