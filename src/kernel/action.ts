/** The identity of an action, and of the proposal that asks for it. */
import { digest, type Digest } from './digest.ts';
import { deriveId, type ProposalId } from './ids.ts';
import type { Ask, Proposal } from './nouns.ts';

/** SHA-256 of principal, tool, canonical arguments and organization: what a warrant permits, and nothing else. */
export const actionDigest = (action: Pick<Proposal, 'org' | 'agent' | 'onBehalfOf' | 'tool' | 'args'>): Digest =>
  digest({ org: action.org, principal: { agent: action.agent, onBehalfOf: action.onBehalfOf }, tool: action.tool, args: action.args });

/**
 * The same action for the same cause is the same proposal, however often it is asked; next month's equal order has a cause of
 * its own. For a drift the cause is its key and episode, so a review that runs twice proposes once.
 */
export const proposalId = (action: Digest, ask: Ask): ProposalId =>
  deriveId('prp', [ask.org, action, ask.about.kind === 'drift' ? `${ask.about.drift.key}#${ask.about.episode}` : ask.id]);
