/** The surfaces' only door: every operation, what goes in, what comes out. Who asks is known from the token alone. */
import { z } from 'zod';
import { amendmentInputs, type AmendmentOutputs } from './client-amendments.ts';
import type { RecordRow } from './client-records.ts';
import { rollbackInputs, type RollbackOutputs } from './client-rollback.ts';
import { ruleInputs, type RuleOutputs } from './client-rules.ts';
import { serviceInputs, type ServiceOutputs } from './client-service.ts';
import { setupInputs, type SetupOutputs } from './client-setup.ts';
import { slackInputs, type SlackOutputs } from './client-slack.ts';
import type { Domain, PersonId, ProposalId } from './kernel/ids.ts';
import type { CardLine } from './kernel/define.ts';
import { Digest } from './kernel/digest.ts';
import type { Answer, Decision, JsonObject, Outcome, Role } from './kernel/nouns.ts';
import type { Money } from './kernel/money.ts';
import type { Picture } from './kernel/picture.ts';
import { JsonArgs, Text } from './kernel/text.ts';
import { LocalDate } from './kernel/time.ts';

/** Names are text here: one that is unknown is told with the nearest, whatever its form. */
const Scope = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('organization') }),
  z.strictObject({ kind: z.literal('agent'), agent: Text.max(60) }),
  z.strictObject({ kind: z.literal('domain'), domain: Text.max(60) }),
]);

export const LARGEST_FILE = 7_999_998; // bytes, 8 MB, in threes as base64 counts: a year of bank statements; a scan of a paper
export const MOST_FILES = 100; // of one request
const TOO_LARGE = 'is larger than 8 MB, the most that one file may be; hand it in in parts, such as one statement per month';

const After = Text.min(3).max(60).exactOptional(); // of a list: the task that its page before ended with

/** Input of each operation. */
export const inputs = {
  status: z.strictObject({}),
  place: z.strictObject({}),
  me: z.strictObject({}),
  changes: z.strictObject({}),
  ask: z.strictObject({ text: Text.min(1).max(8_000), agent: Text, conversation: Text.max(100), message: Text.max(100) }),
  answer: z.strictObject({ turn: Text }),
  review: z.strictObject({ domain: Text.max(60) }),
  inbox: z.strictObject({ all: z.boolean(), after: After }),
  search: z.strictObject({ text: Text.max(200), after: After }),
  task: z.strictObject({ id: Text.min(3).max(60) }),
  decide: z.strictObject({
    id: Text.min(3).max(60),
    choice: z.enum(['approve', 'decline']),
    reason: Text.max(2_000),
    seen: Digest.exactOptional(), // `decision.material` of the card that was shown: what changed since is not decided
    againOn: LocalDate.exactOptional(), // of a decline: the business day on which it may be asked again; else only when a governing fact changes
  }),
  nudge: z.strictObject({ id: Text.min(3).max(60), to: Text.max(60) }),
  edit: z.strictObject({ id: Text.min(3).max(60), args: JsonArgs, reason: Text.max(2_000), seen: Digest.exactOptional() }), // seen: as of a vote
  respond: z.strictObject({ id: Text.min(3).max(60), text: Text.min(1).max(8_000), message: Text.min(1).max(100) }), // message: the same one again is one question
  propose: z.strictObject({
    tool: Text.max(80),
    args: JsonArgs,
    reason: Text.min(5).max(2_000),
    message: Text.min(1).max(100), // the same one again proposes nothing anew
  }),
  why: z.strictObject({ id: Text.min(1).max(120) }),
  halt: z.strictObject({ scope: Scope, reason: Text.min(3).max(500) }),
  resume: z.strictObject({ scope: Scope, reason: Text.min(3).max(500) }),
  gate_check: z.strictObject({ agent: Text, tool: Text, args: JsonArgs, onBehalfOf: Text.max(60).nullable() }),
  people: z.strictObject({}),
  issue_token: z.strictObject({ person: Text.max(60) }),
  revoke_token: z.strictObject({ what: Text.min(1).max(60) }), // a person, or the id of one token
  cost: z.strictObject({}),
  advance_clock: z.strictObject({
    ms: z
      .int()
      .min(60_000)
      .max(31 * 86_400_000),
  }),
  add_records: z.strictObject({
    files: z
      .array(z.strictObject({ name: Text.max(200), base64: Text.max((LARGEST_FILE / 3) * 4, TOO_LARGE) }))
      .min(1)
      .max(MOST_FILES),
  }),
  records: z.strictObject({ state: z.enum(['filed', 'set_aside', 'asks']).nullable() }),
  describe_record: z.strictObject({
    id: z.string().regex(/^[0-9a-f]{6,64}$/, 'is the beginning of a digest, of 6 characters or more'),
    register: Text.max(60),
    columns: z.record(Text.max(60), Text.max(200)), // column -> heading of the file
    fields: z.record(Text.max(60), Text.max(2_000)), // column -> text, where the file is no table
  }),
  tasks: z.strictObject({}),
  finish_task: z.strictObject({ id: Text.min(3).max(60) }),
  ...amendmentInputs,
  pictures: z.strictObject({}),
  picture: z.strictObject({ name: Text.max(80) }),
  consents: z.strictObject({}),
  rota_changes: z.strictObject({}),
  answer_consent: z.strictObject({ id: Text.min(3).max(60), word: z.enum(['given', 'refused']) }),
  ...slackInputs,
  ...serviceInputs,
  ...setupInputs,
  ...rollbackInputs,
  ...ruleInputs,
} as const;
export type Operation = keyof typeof inputs;
export type Input<O extends Operation> = z.output<(typeof inputs)[O]>;

/** Where a payment is on its way to the bank. */
export interface PaymentNow {
  readonly state: 'instructed' | 'sent' | 'paid' | 'rejected' | 'withdrawn';
  readonly executeOn: string; // a day
  readonly file: string | null; // in which it left
  readonly reason: string; // of a rejection or withdrawal, else empty
}

export interface TaskCard {
  readonly id: ProposalId;
  readonly tool: string;
  readonly args: JsonObject; // those that will execute
  readonly agent: string;
  readonly requester: string | null;
  readonly card: readonly CardLine[];
  readonly rationale: string;
  readonly outcome: Outcome | null;
  readonly waits: boolean; // for people
  readonly payment: PaymentNow | null; // that came of it
  readonly decision: Pick<Decision, 'verdict' | 'articles' | 'needs' | 'why' | 'material' | 'observed'> | null;
  readonly expiresAt: string | null;
  readonly votes: readonly {
    readonly person: string;
    readonly choice: string;
    readonly reason: string;
    readonly void: string | null;
    readonly againOn: string | null; // of a decline: the business day on which it may be asked again
    readonly fourEyes: boolean;
    readonly roles: readonly Role[]; // those asked for that the voter holds
  }[];
  readonly may: readonly { readonly person: PersonId; readonly roles: readonly Role[] }[]; // who may still vote
  readonly secondStep: SecondStep | null; // the requester may confirm it alone: nobody else could
  readonly escalated: { readonly at: string; readonly people: readonly PersonId[] } | null; // most of its time was over: who is shown it besides
  readonly nudged: readonly { readonly person: PersonId; readonly by: PersonId }[]; // asked by name
  readonly answers: readonly Answer[]; // what it offers besides approving and declining
  readonly grouped: boolean; // in this reader's inbox it waits behind the group of its agent, for a later day
  readonly createdAt: string;
}

/** As much of a list as is given at once. It never ends without saying so. */
export interface TaskPage {
  readonly tasks: readonly TaskCard[];
  readonly total: number | null; // in all pages together; null where they are not counted
  readonly next: ProposalId | null; // what to ask for the page behind this one with; null at the end
}

/** An own request that its only approver may confirm later, with a newer token: not four eyes. */
export interface SecondStep {
  readonly roles: readonly Role[]; // that nobody else holds
  readonly askedAt: string; // the token has to be newer
  readonly from: string; // wall clock
  readonly begun: boolean; // that time has come
}

/** Something that a person was asked to see to. */
export interface HumanTaskRow {
  readonly key: string; // of the proposal that asked
  readonly obligation: string;
  readonly person: string;
  readonly title: string;
  readonly due: string;
  readonly done: string | null;
}

/** Something to look at. */
export interface PictureTitle {
  readonly name: string;
  readonly domain: Domain;
  readonly title: string;
  readonly says: string;
}

/** Something that a person was asked about their own rota. */
export interface ConsentRow {
  readonly key: string; // of the proposal that asked
  readonly person: string;
  readonly what: string; // day, shift and site
  readonly answerBy: string;
  readonly state: 'asked' | 'given' | 'refused';
}

/** A change of somebody's shifts without their own word on it. */
export interface RotaChangeRow {
  readonly key: string; // of the proposal that made it
  readonly person: string;
  readonly what: string; // which shift goes to whom, which comes from whom
  readonly until: string; // the last day that it is about
}

/** This month's money for models. */
export interface ModelMoney {
  readonly month: string;
  readonly cap: Money;
  readonly spent: Money;
  readonly reserved: Money; // for calls that are under way
}

export type { AmendmentCard, DraftReport } from './client-amendments.ts';
export type { RecordRow } from './client-records.ts';
export type { RulePreview } from './client-rules.ts';
export type { RollbackCard, RollbackStepCard } from './client-rollback.ts';
export type { ActionNow, CallEvent, DelegationCard } from './client-service.ts';
export type { SlackAsked, SlackDesk, SlackHeard, SlackKept, SlackMessage, SlackStanding, SlackState } from './client-slack.ts';

/** Where a person is, and whether anything is halted there: what every page says. */
export interface Place {
  readonly name: string;
  readonly business: string; // the organization's time
  readonly zone: string;
  readonly halted: readonly string[];
  readonly draft: boolean; // the files differ from what is ratified
  readonly development: boolean; // drafts are in force, and nothing here counts
}

/** Output of each operation; all of it is JSON. */
export interface Outputs extends AmendmentOutputs, RollbackOutputs, RuleOutputs, ServiceOutputs, SetupOutputs, SlackOutputs {
  place: Place;
  status: Place & {
    readonly organization: string;
    readonly domains: readonly Domain[]; // that are reviewed
    readonly model: string;
    readonly money: ModelMoney;
    readonly constitution: string;
    readonly raised: readonly { readonly agent: string; readonly level: string; readonly declared: string }[]; // in organization.yaml alone
    readonly done: readonly TaskCard[]; // by the agents alone, newest first
    readonly waiting: readonly TaskCard[];
    readonly findings: readonly string[];
    readonly stalled: readonly { readonly stage: string; readonly subject: string; readonly tries: number; readonly error: string; readonly since: string }[]; // keep failing; tried on all the same
    readonly asks: number; // files that wait for a person to say what they hold
    readonly counts: Readonly<Record<string, number>>;
  };
  me: { readonly person: string; readonly name: string; readonly roles: readonly Role[]; readonly tokenFrom: string }; // when it was issued
  changes: { readonly at: string }; // differs whenever anything was recorded since
  ask: { readonly turn: string };
  answer: {
    readonly state: 'waiting' | 'answered' | 'failed';
    readonly answer: string | null;
    readonly by: string | null;
    readonly proposals: readonly TaskCard[];
  };
  review: { readonly drifts: number; readonly asks: number; readonly proposals: number };
  inbox: TaskPage; // what waits, as its reader has it; or all, the newest first
  search: TaskPage; // decided ones, the last first
  task: TaskCard;
  decide: { readonly counted: boolean; readonly message: string; readonly task: TaskCard };
  nudge: { readonly asked: boolean; readonly message: string; readonly task: TaskCard };
  respond: { readonly turn: string }; // that the agent answers
  propose: TaskCard;
  edit: { readonly counted: boolean; readonly message: string; readonly task: TaskCard }; // the new one, where it counted
  why: readonly {
    readonly id: string;
    readonly type: string;
    readonly says: string;
    readonly wall: string;
    readonly business: string;
    readonly causes: readonly string[];
    readonly erased: readonly string[];
    readonly leaf: string; // SHA-256 of its leaf in the log (RFC 6962), hexadecimal
    readonly withheld: boolean; // it is there, and not this reader's to read
    readonly fields: unknown;
  }[];
  halt: { readonly scope: string; readonly stopped: number; readonly withdrawn: number; readonly at: string };
  resume: { readonly scope: string };
  gate_check: Pick<Decision, 'verdict' | 'kind' | 'articles' | 'needs' | 'why' | 'observed'> & {
    readonly facts: JsonObject; // that the articles looked at, by path: `payment.amount_minor`
    readonly lifts: readonly { readonly role: Role; readonly quorum: number; readonly people: readonly string[]; readonly until: string }[];
  };
  people: readonly { readonly id: string; readonly name: string; readonly roles: readonly string[]; readonly status: string }[];
  revoke_token: { readonly person: string; readonly tokens: readonly string[] };
  issue_token: { readonly id: string; readonly person: string; readonly token: string; readonly issuedBy: string };
  cost: ModelMoney & {
    readonly agents: readonly {
      readonly month: string;
      readonly agent: string;
      readonly calls: number;
      readonly tokens_in: number;
      readonly tokens_out: number;
      readonly micros: number;
    }[];
  };
  advance_clock: { readonly business: string; readonly sent: readonly string[]; readonly filed: number };
  add_records: readonly RecordRow[];
  records: readonly RecordRow[];
  describe_record: {
    readonly filed: boolean;
    readonly reason: string;
    readonly columns: Readonly<Record<string, string>>; // what each is, for whoever fills it in
    readonly rows: readonly Readonly<Record<string, string>>[]; // what was read, by column; the first of them
    readonly more: number; // rows that are not shown
  };
  tasks: readonly HumanTaskRow[];
  finish_task: HumanTaskRow;
  pictures: readonly PictureTitle[];
  picture: PictureTitle & { readonly asOf: string; readonly picture: Picture }; // asOf: the organization's day
  consents: readonly ConsentRow[]; // one's own; of all, for whoever answers for staffing
  rota_changes: readonly RotaChangeRow[]; // one's own; of all, for whoever answers for staffing
  answer_consent: ConsentRow;
}

/**
 * Whoever asks: a person by their token, the operator of this installation, or a person by their link to Slack. The last is said by the
 * Slack surface alone, of a user whom Slack named: no request to the API makes one.
 */
export type Caller =
  | { readonly kind: 'person'; readonly token: string }
  | { readonly kind: 'operator' }
  | { readonly kind: 'slack'; readonly team: string; readonly user: string };

export type Client = { readonly [O in Operation]: (caller: Caller, input: Input<O>) => Promise<Outputs[O]> };

/** What went wrong, for a surface to show. `status` is the CLI's exit code: 1 failed, 2 wrong use, 3 denied. */
export class ClientError extends Error {
  override readonly name = 'ClientError';
  constructor(
    readonly code: string,
    readonly status: 1 | 2 | 3,
    message: string,
    options?: ErrorOptions,
  ) {
    super(message, options);
  }
}
