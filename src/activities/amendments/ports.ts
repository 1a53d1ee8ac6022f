/** What amendments need of the database, of the files, and of a process that may die. */
import type { Ground } from '../../gate/blanks.ts';
import type { Bundle } from '../../gate/constitution.ts';
import type { MadeRule } from '../../gate/rules.ts';
import type { Amendment, AmendmentState, AmendmentVote, CaseFile, ExaminedPart, Findings, LevelEvidence, RecordedCall } from '../../kernel/amendment.ts';
import type { Declared } from '../../kernel/declared.ts';
import type { Digest } from '../../kernel/digest.ts';
import type { AgentName, AmendmentId, EventId, OrgId, PersonId, ProposalId, ToolName } from '../../kernel/ids.ts';
import type { Cited, JsonObject, Level, Role, Verdict } from '../../kernel/nouns.ts';
import type { RuleChange, RuleId, RuleWriting } from '../../kernel/rules.ts';
import type { Template } from '../../kernel/template.ts';
import type { Really, WeekReport } from '../../kernel/week-report.ts';
import type { Instant, LocalDate } from '../../kernel/time.ts';
import type { Tx } from '../ports.ts';
import type { Told } from './declared.ts';

export interface AmendmentOnFile {
  readonly amendment: Amendment;
  readonly event: EventId;
  readonly checked: EventId | null;
}

export interface AmendmentVoteRow {
  readonly vote: AmendmentVote;
  readonly attestation: string;
  readonly event: EventId;
  readonly active: boolean; // today, of the person
  readonly roles: readonly Role[]; // today
  readonly credentialValid: boolean;
  readonly issuedBy: string;
  readonly issuers: readonly string[];
}

export interface Amendments {
  find(tx: Tx, id: AmendmentId): Promise<AmendmentOnFile | undefined>;
  /** Of this digest, how many were ever proposed, and whether one of them is open. */
  before(tx: Tx, digest: Digest): Promise<{ readonly times: number; readonly open: AmendmentId | null }>;
  add(tx: Tx, row: AmendmentOnFile, stored: { readonly bundle: Bundle; readonly cases: readonly CaseFile[] } | null): Promise<void>;
  /** The bundle as it was stored when it was proposed. */
  stored(tx: Tx, id: AmendmentId): Promise<{ readonly bundle: Bundle; readonly cases: readonly CaseFile[] } | undefined>;
  keepChecked(tx: Tx, id: AmendmentId, findings: Findings, event: EventId): Promise<void>;
  move(tx: Tx, id: AmendmentId, state: AmendmentState, at: Instant): Promise<void>;
  weighed(tx: Tx, id: AmendmentId, at: Instant): Promise<void>;
  votes(tx: Tx, id: AmendmentId): Promise<readonly AmendmentVoteRow[]>;
  addVote(tx: Tx, vote: AmendmentVote, attestation: string, event: EventId): Promise<void>;
  /** Not closed yet, the oldest first. */
  open(tx: Tx): Promise<readonly AmendmentId[]>;
  /** Of these, those that nothing has moved for a while. */
  stuck(tx: Tx): Promise<readonly AmendmentId[]>;

  /** What is in force. Swaps take the lock `amendments`. */
  inForce(tx: Tx): Promise<{ readonly digest: Digest; readonly bundle: Bundle } | undefined>;
  /** Keeps what the files declare; what holds is the narrower of it and of what is ratified. Under the same lock. */
  declare(tx: Tx, declared: Declared): Promise<Told>;
  /** Limits, grants and terms of the bundle hold with it. */
  putInForce(tx: Tx, digest: Digest, bundle: Bundle, by: string, at: Instant): Promise<void>;
  /** How many decisions there are on record since a day of the wall clock. */
  recorded(tx: Tx, since: LocalDate | null): Promise<number>;
  /** Some of them, the newest first, from where an earlier answer ended. */
  recordedFrom(tx: Tx, since: LocalDate | null, from: RecordedAt | null): Promise<readonly RecordedOnFile[]>;
  /** Open proposals that wait for people, with the slice of articles they were last judged under. */
  waiting(tx: Tx): Promise<readonly { readonly id: ProposalId; readonly tool: ToolName; readonly slice: Digest }[]>;

  level(tx: Tx, agent: AgentName): Promise<Level | undefined>;
  setLevel(tx: Tx, agent: AgentName, level: Level, at: Instant): Promise<void>;
  levels(tx: Tx): Promise<readonly { readonly agent: AgentName; readonly level: Level; readonly declared: Level | null }[]>;
  evidence(tx: Tx, agent: AgentName, level: Level, currency: string): Promise<LevelEvidence>;
  /** All there ever were, the newest first, bounded. */
  all(tx: Tx): Promise<readonly AmendmentOnFile[]>;
  /** What was ever put in force, the newest first, bounded. */
  ratifications(tx: Tx): Promise<readonly { readonly digest: Digest; readonly by: string; readonly at: Instant }[]>;
  /** Of everything that was ever in force, the file that holds an article of this id, by digest; nothing where none does. */
  textsWith(tx: Tx, article: string): Promise<ReadonlyMap<Digest, string>>;
  /** Active people who are owners today. */
  owners(tx: Tx): Promise<readonly PersonId[]>;
}

/** Where a decision stands among all of them. */
export interface RecordedAt {
  readonly at: Instant;
  readonly proposal: ProposalId;
  readonly round: number;
}
export type RecordedOnFile = Omit<RecordedCall, 'subject'> & RecordedAt & { readonly args: JsonObject };

export interface DraftRead {
  readonly bundle: Bundle;
  readonly made: readonly MadeRule[]; // the organization's own rules, as they stand in it
  readonly changed: RuleId | null; // of these the one that the change is about
  readonly ground: Ground;
  readonly problems: readonly string[];
}

/** The files as they are now, and the process that looks at them. */
export interface Drafts {
  /** @param change of a rule, as if it stood in the files @throws RuleError */
  read(change?: RuleChange): Promise<DraftRead>;
  /** Puts it into the files. @returns takes it out again, where they are as they were left @throws RuleError */
  write(writing: RuleWriting): Promise<() => Promise<void>>;
  readonly templates: readonly Template[];
  /** Without cases, those beside the files are read. */
  examine(job: {
    readonly draft: Bundle;
    readonly inForce: Bundle | null;
    readonly cases: readonly CaseFile[] | null;
    readonly besides: readonly CaseFile[]; // of articles that were made from rules, where the cases are read
    readonly calls: AsyncIterable<RecordedCall>; // the newest first
    readonly recorded: number;
    readonly shown: number;
    readonly currency: string;
    readonly parts: readonly ExaminedPart[];
  }): Promise<{ readonly findings: Findings; readonly cases: readonly CaseFile[] }>;
  /** Makes what was ratified hold in this process. */
  refresh(org: OrgId): Promise<void>;
}

/** The first judgment of a proposal. */
export interface JudgedInWeek {
  readonly proposal: ProposalId;
  readonly agent: AgentName;
  readonly tool: ToolName;
  readonly args: JsonObject;
  readonly about: string;
  readonly at: Instant; // business clock
  readonly verdict: Verdict;
  readonly level: Level;
  readonly minor: number | null;
  readonly stands: 'settled' | 'open' | 'untold'; // as the reconciler saw the matter since
  readonly observed: { readonly verdict: Verdict; readonly articles: readonly Cited[] } | null;
}

export interface Weeks {
  /** Proposals first judged in that time, at `shadow` or with an observed article that spoke. Those that move most money first. */
  judged(tx: Tx, from: Instant, to: Instant): Promise<readonly JudgedInWeek[]>;
  really(tx: Tx, call: Pick<JudgedInWeek, 'tool' | 'args'>, since: LocalDate): Promise<Really | undefined>;
  kept(tx: Tx, week: LocalDate): Promise<WeekReport | undefined>;
  keep(tx: Tx, report: WeekReport, event: EventId, at: Instant): Promise<void>;
}
