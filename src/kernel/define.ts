/**
 * How a tool, an agent, a playbook and a reconciler are declared. Each `define…` takes the ports first, then the thing
 * itself, so that types are inferred from what is written:
 *
 *     export const payInvoice = defineWriteTool<FinanceWrites>()({ name: 'finance.pay_invoice', … });
 */
import type { z } from 'zod';
import { AgentName, ToolName, type Domain } from './ids.ts';
import type { Money } from './money.ts';
import type { FactSheet } from './facts.ts';
import type { Narrowing } from './narrowing.ts';
import type { Answer, Classification, Drift, Governs, Inquiry, JsonObject, Role } from './nouns.ts';
import type { ProposalId } from './ids.ts';
import type { LocalTime } from './time.ts';

/** A line of an approval card: a label and what people read; `before` where the action puts one value in the place of another. */
export interface CardLine {
  readonly label: string;
  readonly value: string;
  readonly before?: string;
  readonly prose?: true; // words, in which values stand between backticks, and not itself a value on record
}

/** Never set. It makes the compiler hold what is declared over one kind of ports against the ports that it is given. */
interface Needs<P> {
  readonly needs?: (ports: P) => void;
}

interface ToolBase<I extends z.ZodType, O extends z.ZodType> {
  readonly name: ToolName;
  readonly summary: string; // one sentence, for people and models
  readonly classification: Classification; // of the most sensitive field: of what it returns, or of its arguments and card
  readonly input: I;
  readonly output: O;
}

/** Reads run while an agent deliberates; each is judged first. */
export interface ReadTool<I extends z.ZodType = z.ZodType, O extends z.ZodType = z.ZodType, P = never> extends ToolBase<I, O>, Needs<P> {
  readonly effect: 'read';
  /** Fields of the output that are text from outside, as dotted paths: never believed, never a source of provenance. */
  readonly untrusted: readonly string[];
  run(input: z.output<I>, ports: P): Promise<z.input<O>>;
}

/** `write`: inside our own records, can be undone. `outbound`: leaves the house. `irreversible`: cannot be undone. */
export type WriteEffect = 'write' | 'outbound' | 'irreversible';

/** What the executor hands to a tool. The proposal id is the idempotency key outside. */
export interface Execution {
  readonly proposal: ProposalId;
  readonly today: LocalTime; // business clock, the organization's zone
}

/** A call that was done, as what undoes it is made of it. */
export interface Done<I, O> {
  readonly input: I;
  readonly output: O;
  readonly reason: string; // of whoever says that it was wrong; 5 to 500 characters
}

/**
 * How a call is undone: by another call, which is proposed and judged like any; or by none, and why. `otherwise` is what is left to
 * people where that call is not permitted or fails.
 */
export type Compensation<I, O, T = ToolName> =
  { readonly tool: T; args(done: Done<I, O>): JsonObject; readonly otherwise: string } | { readonly tool: null; readonly why: string };

/** Write tools can only be proposed; the executor alone runs them, with a warrant. */
export interface WriteTool<I extends z.ZodType = z.ZodType, O extends z.ZodType = z.ZodType, P = never> extends ToolBase<I, O>, Needs<P> {
  readonly effect: WriteEffect;
  /** Arguments that decide what happens and to whom, by name. */
  readonly governs: Readonly<Record<string, Governs>>;
  /** Which facts the gate reads for it, besides those that every call has. */
  readonly facts: FactSheet | null;
  readonly resource: { readonly type: string; readonly argument: string }; // what it acts on: an entity type and the argument with its id
  readonly amount?: string; // the argument that holds the Money it moves, where it moves money
  readonly takesBack?: string; // the argument that holds the payment it takes back, which is an event of that payment's own
  readonly compensation: Compensation<z.output<I>, z.output<O>>;
  readonly answers: readonly Answer[]; // what people may do with a proposal of it besides approving and declining; none where nothing is said
  /** The action in business language, from the arguments that will execute, beside what the records say today. */
  card(input: z.output<I>, onRecord: Readonly<Record<string, string>>): readonly CardLine[];
  run(input: z.output<I>, ports: P, execution: Execution): Promise<z.input<O>>;
}

type Named<T> = Omit<T, 'name' | 'effect'> & { readonly name: string };

/** Only what is said is offered: an edit that makes no sense is an order that nobody meant. */
type DeclaredWrite<I extends z.ZodType, O extends z.ZodType, P> = Omit<Named<WriteTool<I, O, P>>, 'answers' | 'compensation'> & {
  readonly effect: WriteEffect;
  readonly compensation: Compensation<z.output<I>, z.output<O>, string>;
  readonly answers?: readonly Answer[];
};

export const defineReadTool =
  <P>() =>
  <I extends z.ZodType, O extends z.ZodType>(tool: Named<ReadTool<I, O, P>>): ReadTool<I, O, P> => ({
    ...tool,
    name: ToolName.parse(tool.name),
    effect: 'read',
  });

export const defineWriteTool =
  <P>() =>
  <I extends z.ZodType, O extends z.ZodType>({ compensation, ...tool }: DeclaredWrite<I, O, P>): WriteTool<I, O, P> => ({
    answers: [],
    ...tool,
    name: ToolName.parse(tool.name),
    compensation: compensation.tool === null ? compensation : { ...compensation, tool: ToolName.parse(compensation.tool) },
  });

/** Any tool of a kind, whatever its ports. `never` ports: it cannot be run without knowing them. */
export type AnyReadTool = ReadTool<z.ZodType, z.ZodType>;
export type AnyWriteTool = WriteTool<z.ZodType, z.ZodType>;

/** What an agent may do with read tools while it deliberates. A denied read throws `ReadDenied`. */
export interface Reads {
  read<I extends z.ZodType, O extends z.ZodType>(tool: ToolBase<I, O> & { readonly effect: 'read' }, input: z.input<I>): Promise<z.output<O>>;
}

/** One tool call, not yet a Proposal: it has no id and nobody judged it. */
export interface Draft {
  readonly tool: ToolName;
  readonly args: JsonObject;
  readonly rationale: string;
}

/** @throws ZodError where the arguments are not the tool's */
export function draft<I extends z.ZodType>(tool: ToolBase<I, z.ZodType> & { readonly effect: WriteEffect }, args: z.input<I>, rationale: string): Draft {
  tool.input.parse(args);
  return { tool: tool.name, args: JSON.parse(JSON.stringify(args)) as JsonObject, rationale };
}

/** A question to another agent, not yet an Ask: nobody has looked who that is, or whether it may be asked. */
export interface AskDraft {
  readonly to: { readonly agent: string } | { readonly domain: string }; // a model may name anything
  readonly text: string; // what the asked agent reads; never believed
  readonly about: string; // a record's identifier
  readonly narrowed?: Narrowing; // what is left of what may be done for it
}

/** What a playbook makes of a drift or a request: calls to propose, a finding for people, questions to other agents. */
export interface Resolution {
  readonly drafts: readonly Draft[];
  readonly finding?: string;
  readonly asks?: readonly AskDraft[];
}

/** The routine procedure of an agent, by reconciler. Runs without any model. */
export type Playbook = Readonly<Record<string, (drift: Drift, reads: Reads, now: LocalTime) => Promise<Resolution>>>;

/** A question that an agent answers in code, without a model. */
export interface QuestionRoutine {
  readonly about: string; // in words: what one may ask
  matches(text: string): boolean;
  answer(text: string, reads: Reads, now: LocalTime): Promise<string>;
}

/** What an agent does in code when another agent asks it something. The finding is its answer. */
export interface RequestRoutine {
  readonly about: string; // in words: what one may ask
  matches(request: Inquiry): boolean;
  resolve(request: Inquiry, reads: Reads, now: LocalTime): Promise<Resolution>;
}

export interface AgentLimits {
  readonly turns: number; // model turns in one deliberation
  readonly tokens: number; // in and out, one deliberation
  readonly money: Money; // model cost per calendar month
}

/** The ceiling of what an agent may move by itself; a person's or an ask's grant can only narrow it. */
export interface AgentAuthority {
  readonly perCall: Money;
  readonly perDay: Money;
}

export interface Agent {
  readonly name: AgentName;
  readonly domain: Domain;
  readonly purpose: string; // its charter, in words
  readonly owner: Exclude<Role, 'manager'>; // who answers for it
  readonly reads: readonly AnyReadTool[];
  readonly proposes: readonly AnyWriteTool[];
  readonly authority: AgentAuthority;
  readonly limits: AgentLimits;
  readonly playbook: Playbook;
  readonly questions: readonly QuestionRoutine[];
  readonly requests: readonly RequestRoutine[];
}

type DeclaredAgent = Omit<Agent, 'name' | 'requests'> & { readonly name: string; readonly requests?: Agent['requests'] };

export const defineAgent = ({ requests = [], ...agent }: DeclaredAgent): Agent => ({ ...agent, requests, name: AgentName.parse(agent.name) });

/**
 * Compares the declared with the observed, key by key, and names the drift. Level-triggered: it reads what is, never what
 * just happened; run twice, it says the same. It asks and never acts.
 */
export interface Reconciler<D = unknown, O = unknown, P = never> extends Needs<P> {
  readonly name: string; // `finance.due_invoice`
  readonly domain: Domain;
  keys(ports: P, now: LocalTime): Promise<readonly string[]>;
  desired(key: string, ports: P, now: LocalTime): Promise<D>;
  observed(key: string, ports: P, now: LocalTime): Promise<O>;
  drift(key: string, desired: D, observed: O, now: LocalTime): readonly Pick<Drift, 'subject' | 'why' | 'facts' | 'arose'>[];
}

export const defineReconciler =
  <P>() =>
  <D, O>(reconciler: Reconciler<D, O, P>): Reconciler<D, O, P> =>
    reconciler;
