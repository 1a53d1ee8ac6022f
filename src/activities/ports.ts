/**
 * What the activities need of the database. One `Tx` is one READ COMMITTED transaction of one organization: what is
 * written through it is there together, or not at all.
 */
import type { Usage } from '../deliberate/ports.ts';
import type { Shown } from '../memory/cards.ts';
import type { DelegationLink } from '../kernel/delegation.ts';
import type { Digest } from '../kernel/digest.ts';
import type { SealedEvent } from '../kernel/events.ts';
import type { AgentName, AmendmentId, AskId, Domain, EventId, OrgId, PersonId, ProposalId, RollbackId, TokenId, WarrantId } from '../kernel/ids.ts';
import type { Tie } from '../kernel/interests.ts';
import type { FactSheet } from '../kernel/facts.ts';
import type { CardLine } from '../kernel/define.ts';
import type { Approval, Ask, Decision, Drift, JsonObject, Level, Outcome, Proposal, Receipt, Role, Verdict, WarrantClaims } from '../kernel/nouns.ts';
import type { Instant, LocalDate, Times } from '../kernel/time.ts';
import type { KeyCard } from '../kernel/vault.ts';
import type { NarrowedLink } from '../kernel/narrowing.ts';
import type { Allowed } from '../kernel/overrides.ts';
import type { WorkCalendar } from '../kernel/working-days.ts';
import type { RollbackRows } from './rollback/ports.ts';
import type { DelegationRows } from './service/ports.ts';
import type { SlackRows } from './slack/ports.ts';
import type { TurnRows } from './turns/ports.ts';

export interface Store {
  tx<T>(org: OrgId, work: (tx: Tx) => Promise<T>): Promise<T>;
}

/** Keys that seal the fields of events, per subject. */
export interface SubjectKeys {
  of(org: OrgId, subjects: readonly string[]): Promise<ReadonlyMap<string, Uint8Array>>;
}

export interface ProposalOnFile {
  readonly proposal: Proposal;
  readonly card: readonly CardLine[];
  readonly outcome: Outcome | null;
  readonly event: EventId;
  readonly createdAt: Instant;
}

export interface DecisionOnFile {
  readonly decision: Decision;
  readonly round: number;
  readonly level: Level;
  readonly expiresAt: Instant | null;
  readonly barred: readonly string[]; // people whose votes do not count on it
  readonly event: EventId;
  readonly at: Instant; // wall
}

export interface VoteRow {
  readonly vote: Approval;
  readonly attestation: string;
  readonly event: EventId;
  readonly voidBecause: string | null;
  readonly active: boolean;
  readonly roles: readonly Role[];
  readonly manages: boolean;
  readonly credentialValid: boolean;
  readonly issuedAt: Instant; // of the credential
  readonly issuedBy: string;
  readonly issuers: readonly string[]; // everybody that the credential came through, the first issuer first
}

export interface DriftRow {
  readonly key: string;
  readonly reconciler: string;
  readonly episode: number;
  readonly state: 'asked' | 'declined' | 'gone';
  readonly factsDigest: Digest;
  readonly quietUntil: LocalDate | null;
}

export interface BudgetKey {
  readonly kind: 'agent_day' | 'supplier_month' | 'budget_month' | 'person_month' | 'rota_week' | 'rota_person'; // of the rota nothing is counted: they are locked
  readonly key: string;
  readonly period: string;
}

/** What the facts statement is asked about. */
export interface FactsQuery {
  readonly proposal: Proposal;
  readonly facts: FactSheet | null;
  readonly domain: Domain;
  readonly times: Times;
  readonly today: LocalDate;
}

/** An agent of a chain of asks: what it may do bounds what those that it asked may do. */
export interface ChainLink {
  readonly agent: AgentName;
  readonly spentDay: number; // minor units, by it and on its asking; 0 for the acting agent, whose facts say it
}

/** Raw facts, as one statement read them. */
export interface FactsRead {
  readonly halted: boolean;
  readonly level: Level; // the least along the chain
  readonly chain: readonly ChainLink[]; // the acting agent first; empty where the call has no ask on file
  readonly delegations: readonly DelegationLink[]; // what it was handed through, the last link first; empty where no other runtime asks
  readonly narrowed: readonly NarrowedLink[]; // what agents of the chain left to those whom they asked
  readonly counterparty: string | null; // the supplier that it is about, where it is about one
  readonly personActive: boolean;
  readonly personMay: boolean; // owns, or has the role of the tool's domain or authority in it; true where the organization asks
  readonly allowed: Allowed; // to whoever asked, with this tool: what is granted, and what is said in its place; minor units
  readonly spentPersonMonth: number; // for them, over all agents of the domain, reservations included; 0 where the organization asks
  readonly callsAgent: number;
  readonly callsPerson: number;
  readonly domainFacts: JsonObject; // those of the tool's sheet
  readonly vouched: readonly string[]; // arguments that records vouch for
  readonly barred: readonly string[]; // people whose votes do not count: they filed what the vote would be about, or are tied to whom it is about
  readonly ties: readonly Tie[]; // everybody who is tied to the call's counterparty
  readonly stated: string | null; // the words of the person who asked; null where another one is the requester now
  readonly ownCall: boolean; // the requester wrote out the call, argument by argument
  readonly votes: readonly VoteRow[];
  readonly calendar: WorkCalendar | null; // null: nobody said which days are worked
  readonly electors: readonly { readonly person: PersonId; readonly roles: readonly Role[]; readonly manages: boolean }[]; // active people who hold a role, or manage the requester
}

export interface TokenRow {
  readonly token: TokenId;
  readonly person: PersonId;
  readonly issuedBy: string; // the last of `issuers`
  readonly issuers: readonly string[];
  readonly issuedAt: Instant;
  readonly active: boolean; // the person
  readonly valid: boolean; // the token, now
  readonly roles: readonly Role[];
  readonly name: string;
}

export interface NewToken {
  readonly id: TokenId;
  readonly digest: Digest; // of the secret
  readonly person: PersonId;
  readonly issuers: readonly string[]; // at least one: people, or `operator`
  readonly at: Instant;
  readonly expires: Instant;
}

/** What the rows keep of attention. */
export interface AttentionRows {
  /** Cards of these proposals, and all that were first shown on this day. */
  cardsShown(proposals: readonly ProposalId[], day: LocalDate): Promise<readonly Shown[]>;
  showCards(cards: readonly Shown[], at: Instant): Promise<void>;
  /** Open tasks of which this share of their time is over, not escalated before; those that expire first come first. */
  lateTasks(share: number, now: Instant, most: number): Promise<readonly ProposalId[]>;
  /** False where it was escalated before. */
  addEscalation(row: { readonly proposal: ProposalId; readonly people: readonly PersonId[]; readonly event: string; readonly at: Instant }): Promise<boolean>;
  escalated(proposal: ProposalId): Promise<boolean>;
  nudged(proposal: ProposalId, person: PersonId): Promise<boolean>;
  addNudge(row: {
    readonly proposal: ProposalId;
    readonly person: PersonId;
    readonly by: PersonId;
    readonly event: string;
    readonly at: Instant;
  }): Promise<void>;
}

/** What the rows keep of the money of models. Months as `2026-11`, amounts in millionths. */
export interface MoneyRows {
  /** What is gone of a month, what is set aside included: of all agents, and of this one. */
  modelMoney(month: string, agent: AgentName): Promise<{ readonly all: number; readonly own: number }>;
  /** @returns what names it when it is settled */
  reserveModelMoney(agent: AgentName, month: string, most: Usage, at: Instant): Promise<string>;
  settleModelMoney(id: string, usage: Usage): Promise<void>;
}

export interface Tx extends AttentionRows, MoneyRows, TurnRows {
  readonly org: OrgId;
  readonly slack: SlackRows;
  readonly service: DelegationRows;
  readonly rollbacks: RollbackRows;
  /** Both clocks, now. */
  times(): Promise<Times>;
  /** Moves the business clock of an example. */
  advanceClock(ms: number): Promise<void>;
  append(event: SealedEvent): Promise<void>;
  /** Whether an event is in the log. */
  recorded(event: EventId): Promise<boolean>;
  /** Runs work behind a savepoint: what a refused effect wrote is undone, and the transaction goes on. */
  attempt<T extends { readonly outcome: string }>(work: () => Promise<T>): Promise<T>;

  /** The stored outcome of a stage, with the digest of the request it answered. */
  stage(key: string): Promise<{ readonly request: Digest; readonly outcome: unknown } | undefined>;
  keepStage(key: string, request: Digest, outcome: unknown): Promise<void>;
  /** Serialises everything about one proposal, drift key or budget until the transaction ends; taken in sorted order. */
  lock(names: readonly string[]): Promise<void>;

  ask(id: AskId): Promise<Ask | undefined>;
  addAsk(ask: Ask, at: Instant): Promise<void>;
  /** Who stands between an ask and whoever asked first: its own agent first. */
  askChain(id: AskId): Promise<readonly { readonly agent: AgentName }[]>;
  answerAsk(id: AskId, answer: string): Promise<void>;
  drifts(reconcilers: readonly string[]): Promise<readonly DriftRow[]>;
  saveDrift(row: DriftRow, at: Instant): Promise<void>;
  /** Proposals about an episode of a drift that have come to nothing yet. */
  openFor(drift: string, episode: number): Promise<readonly ProposalId[]>;
  /** Drifts of which nothing came but these outcomes are forgotten, so that the next review asks about them. @param agent null: of every agent */
  forgetDrifts(outcomes: readonly Outcome[], agent: AgentName | null, at: Instant): Promise<void>;

  proposal(id: ProposalId): Promise<ProposalOnFile | undefined>;
  /** False where the id is taken: the same proposal was made before. */
  addProposal(made: ProposalOnFile): Promise<boolean>;
  /** What stands on it beside its values is as the records say now. */
  setCard(proposal: ProposalId, card: readonly CardLine[]): Promise<void>;
  closeProposal(id: ProposalId, outcome: Outcome, at: Instant): Promise<void>;
  /** Open ones that nothing has moved for a while: unjudged, voted on since, expired, or permitted and not done. */
  stuckProposals(): Promise<readonly ProposalId[]>;
  openProposals(): Promise<readonly { readonly id: ProposalId; readonly agent: AgentName }[]>;
  proposalOfAsk(ask: AskId): Promise<readonly ProposalOnFile[]>;
  /** Whether every proposal of the drift's newest episode is closed. */
  settled(drift: Drift['key'], episode: number): Promise<boolean>;

  budgetKeys(query: FactsQuery): Promise<readonly BudgetKey[]>;
  facts(query: FactsQuery): Promise<FactsRead>;
  reserve(proposal: Proposal, keys: readonly BudgetKey[], minor: number): Promise<void>;
  moveReservations(proposals: readonly ProposalId[], to: 'spent' | 'released'): Promise<void>;

  decisions(proposal: ProposalId): Promise<readonly DecisionOnFile[]>;
  addDecision(row: DecisionOnFile & { readonly facts: JsonObject }): Promise<void>;
  votes(proposal: ProposalId): Promise<readonly VoteRow[]>;
  addVote(vote: Approval, attestation: string, event: EventId): Promise<void>;
  voidVotes(proposal: ProposalId, people: readonly PersonId[], because: string): Promise<void>;

  addWarrant(id: WarrantId, claims: WarrantClaims, jws: string, round: number, event: EventId, at: Instant): Promise<void>;
  warrant(id: WarrantId): Promise<{ readonly jws: string; readonly event: EventId } | undefined>;
  /** Locks the halt rows of these scopes against a change until the end; undefined where one is missing. */
  haltedFor(scopes: readonly string[]): Promise<boolean | undefined>;
  /** Whether one of these scopes is halted, or missing; nothing is locked. */
  isHalted(scopes: readonly string[]): Promise<boolean>;
  /** Scopes that are halted now, since when and why; locked like those of `haltedFor`. */
  haltedScopes(): Promise<readonly { readonly scope: string; readonly reason: string; readonly at: Instant }[]>;
  addIntent(proposal: ProposalId, warrant: WarrantId, event: EventId, at: Instant): Promise<void>;
  intent(proposal: ProposalId): Promise<{ readonly warrant: WarrantId; readonly event: EventId; readonly at: Instant } | undefined>;
  addReceipt(receipt: Receipt, at: Instant): Promise<void>;
  receipt(proposal: ProposalId): Promise<Receipt | undefined>;

  /** Keeps that a stage keeps failing; without an error, that it went through. @param tries null: one more than are on file */
  noteStalled(stage: string, subject: string, tries: number | null, error: string | null, at: Instant): Promise<void>;
  setHalt(scope: string, halted: boolean, by: PersonId, reason: string, at: Instant): Promise<void>;
  /** The scopes that are halted now. */
  halts(): Promise<readonly string[]>;
  constitution(): Promise<Digest | null>;
  /** Keys of the installation that were on record before, by name. */
  knownKeys(): Promise<readonly string[]>;
  knowKeys(keys: readonly KeyCard[]): Promise<void>;

  token(secretDigest: Digest): Promise<TokenRow | undefined>;
  addToken(token: NewToken): Promise<void>;
  /** Those of a person that are valid. */
  tokensOf(person: PersonId, at: Instant): Promise<readonly TokenId[]>;
  holder(token: TokenId): Promise<PersonId | undefined>;
  /** False where it was revoked before. */
  revokeToken(token: TokenId, at: Instant): Promise<boolean>;
  person(id: PersonId): Promise<
    | {
        readonly name: string;
        readonly roles: readonly Role[];
        readonly status: string;
        readonly manager: PersonId | null;
        readonly authority: readonly Domain[]; // in which an agent may act for them
      }
    | undefined
  >;
  people(): Promise<
    readonly {
      readonly id: PersonId;
      readonly name: string;
      readonly roles: readonly Role[];
      readonly status: string;
      readonly manager: PersonId | null;
    }[]
  >;

  addReads(
    step: string,
    ask: AskId,
    reads: readonly { readonly tool: string; readonly input: Digest; readonly verdict: Verdict }[],
    event: EventId,
  ): Promise<void>;
}

/** Temporal, as the stages need it: to be woken. Nothing that matters is lost where a call fails; a sweep makes it again. */
export interface Orchestrator {
  /** Wakes the action's workflow, or starts it where it does not run. */
  wakeAction(org: OrgId, proposal: ProposalId): Promise<void>;
  wakeConversation(org: OrgId, thread: string): Promise<void>;
  /** Starts a review, unless one of that name was started before. */
  startReview(org: OrgId, domain: Domain, run: string): Promise<void>;
  wakeUpkeep(org: OrgId): Promise<void>;
  wakeAmendment(org: OrgId, amendment: AmendmentId): Promise<void>;
  wakeRollback(org: OrgId, rollback: RollbackId): Promise<void>;
}

/** The open web, as far as word is sent there. */
export interface Outside {
  /** Resolves where it was taken. Never to an address inside, and nothing is followed elsewhere. @throws OutsideError */
  post(url: string, headers: Readonly<Record<string, string>>, body: string): Promise<void>;
}

/** The bank of an example. */
export interface ExampleBank {
  /** @throws BankError where what it should know of returns cannot be read */
  ready(org: OrgId): Promise<void>;
  /** Books what was sent, where a midnight lies between two instants of the business clock. @returns the names of the files it answers with */
  answer(org: OrgId, from: Instant, to: Instant): Promise<readonly string[]>;
}
