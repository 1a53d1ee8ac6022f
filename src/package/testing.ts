/** `charter/testing`: a gate in memory, for tests of what is governed. */
export * from '../service-client/test-gate.ts';
