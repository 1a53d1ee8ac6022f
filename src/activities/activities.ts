/** The activities as Temporal knows them: what goes in and comes out here is ids, verdicts and counts, nothing else. */
import type { AmendmentId, AskId, DecisionId, Domain, OrgId, ProposalId, RollbackId, WarrantId } from '../kernel/ids.ts';
import type { Outcome } from '../kernel/nouns.ts';
import { commitIntent, issueWarrant, perform, type Intent } from './act.ts';
import { checkAmendment } from './amendments/check.ts';
import type { AmendmentStep } from './amendments/step.ts';
import { weighAmendment } from './amendments/weigh.ts';
import { deliberateAsk, type Made } from './deliberate.ts';
import { judge, type Step } from './judge.ts';
import { reconcile, type Reviewed } from './reconcile.ts';
import { stepRollback, type RollbackNext } from './rollback/step.ts';
import { takeTurn, type TurnTaken } from './turns/take-turn.ts';
import { tend, type Tended } from './tend.ts';
import type { World } from './world.ts';

export interface Activities {
  reconcile(org: OrgId, domain: Domain, run: string): Promise<Reviewed>;
  /** What was made of an ask: proposals, and asks of other agents. */
  deliberate(org: OrgId, ask: AskId): Promise<Made>;
  judge(org: OrgId, proposal: ProposalId, round: number): Promise<Step>;
  issueWarrant(org: OrgId, proposal: ProposalId, decision: DecisionId, round: number): Promise<WarrantId>;
  commitIntent(org: OrgId, proposal: ProposalId, warrant: WarrantId): Promise<Intent>;
  perform(org: OrgId, proposal: ProposalId): Promise<Outcome>;
  /** The next waiting turn of a thread, answered; undefined when there is none. */
  takeTurn(org: OrgId, thread: string): Promise<TurnTaken | undefined>;
  checkAmendment(org: OrgId, amendment: AmendmentId): Promise<AmendmentStep>;
  weighAmendment(org: OrgId, amendment: AmendmentId): Promise<AmendmentStep>;
  stepRollback(org: OrgId, rollback: RollbackId): Promise<RollbackNext>;
  tend(org: OrgId): Promise<Tended>;
}

/** @param signal gives the abort signal of the activity that is running */
export const createActivities = (world: World, signal: () => AbortSignal): Activities => ({
  reconcile: (org, domain, run) => reconcile(world, org, domain, run),
  deliberate: (org, ask) => deliberateAsk(world, org, ask, signal()),
  judge: (org, proposal, round) => judge(world, org, proposal, round),
  issueWarrant: (org, proposal, decision, round) => issueWarrant(world, org, proposal, decision, round),
  commitIntent: (org, proposal, warrant) => commitIntent(world, org, proposal, warrant),
  perform: (org, proposal) => perform(world, org, proposal),
  takeTurn: (org, thread) => takeTurn(world, org, thread, signal()),
  checkAmendment: (org, amendment) => checkAmendment(world, org, amendment),
  weighAmendment: (org, amendment) => weighAmendment(world, org, amendment),
  stepRollback: (org, rollback) => stepRollback(world, org, rollback),
  tend: (org) => tend(world, org),
});
