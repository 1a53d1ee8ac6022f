/**
 * Templates of articles, for people who do not write Cedar: a sentence with blanks, and what the article says once they are filled.
 * A value gets into Cedar by its type alone: what it is rendered as was never text that somebody wrote.
 */
import { z } from 'zod';
import { AgentName, ToolName, type Domain } from './ids.ts';
import { Role, type JsonObject } from './nouns.ts';

export const WEEKDAYS = ['monday', 'tuesday', 'wednesday', 'thursday', 'friday', 'saturday', 'sunday'] as const;
export const Weekday = z.enum(WEEKDAYS);
export type Weekday = z.infer<typeof Weekday>;

const whole = (min: number, max: number) => ({ kind: 'whole', min, max }) as const;

/** Every blank that a template may have: its kind, what a person is asked, and what it is filled with in an example. */
export const PARAMETERS = {
  amount: { kind: 'money', label: 'Amount', says: 'in the currency of the organization, such as 500.00', example: '500.00' },
  role: { kind: 'role', label: 'Who is asked', says: 'the role whose word it needs', example: 'finance' },
  count: { ...whole(1, 9), label: 'How many of them', says: 'people who have to approve', example: '2' },
  supplier: { kind: 'supplier', label: 'Supplier', says: 'its id in the register, such as S-003', example: 'S-003' },
  tool: { kind: 'tool', label: 'Tool', says: 'what is done', example: 'finance.pay_invoice' },
  agent: { kind: 'agent', label: 'Agent', says: 'who proposes it', example: 'finance-analyst' },
  from: { ...whole(0, 23), label: 'From (hour)', says: 'o’clock, on the clock of the organization', example: '7' },
  until: { ...whole(1, 24), label: 'Until (hour)', says: 'o’clock, and no later', example: '18' },
  weekdays: { kind: 'weekdays', label: 'Days of the week', says: 'one or more', example: 'saturday,sunday' },
  days: { ...whole(1, 366), label: 'Days', says: 'the first and the last counted', example: '10' },
  hours: { ...whole(1, 80), label: 'Hours', says: 'in one week', example: '40' },
  calls: { ...whole(1, 119), label: 'Proposals a minute', says: 'at most', example: '20' },
} as const;
export type ParameterName = keyof typeof PARAMETERS;
export const PARAMETER_NAMES = Object.keys(PARAMETERS).filter((name): name is ParameterName => Object.hasOwn(PARAMETERS, name));

/** A supplier's id, of whatever register: nothing that could end a text of Cedar's. */
export const Supplier = z
  .string()
  .regex(/^[A-Za-z0-9][A-Za-z0-9._-]{0,59}$/, 'an id has letters, digits, dots, hyphens and underscores, at most 60')
  .brand('Supplier');
export type Supplier = z.infer<typeof Supplier>;

const Whole = z.int().min(0);
/** Blanks as they are filled. */
export const Values = z.strictObject({
  amount: Whole.exactOptional(), // minor units of the organization's currency
  role: Role.exactOptional(),
  count: Whole.exactOptional(),
  supplier: Supplier.exactOptional(),
  tool: ToolName.exactOptional(),
  agent: AgentName.exactOptional(),
  from: Whole.exactOptional(),
  until: Whole.exactOptional(),
  weekdays: z.array(Weekday).min(1).exactOptional(),
  days: Whole.exactOptional(),
  hours: Whole.exactOptional(),
  calls: Whole.exactOptional(),
});
export type Values = z.infer<typeof Values>;
export type Filled<P extends ParameterName> = Required<Pick<Values, P>>;

const ARTICLE_TEXT: unique symbol = Symbol('a piece of an article');
/** A piece of an article. Only `cedar` makes one. */
export interface Piece {
  readonly [ARTICLE_TEXT]: string;
}
type Rendered = number | Role | Supplier | ToolName | AgentName | Piece;

/** Whole numbers as they are, names in quotes; whatever else it is given is a fault of the template. */
function rendered(value: Rendered): string {
  if (typeof value === 'object') return value[ARTICLE_TEXT];
  if (typeof value === 'string') return quoted(value);
  if (!Number.isSafeInteger(value)) throw new TypeError(`\`${value}\` is no whole number; an article compares no other.`);
  return String(value);
}

/** Text as Cedar reads it back: whatever is no letter, digit or plain sign is written by its number. */
export const quoted = (text: string): string =>
  `"${[...text].map((sign) => (/^[\p{L}\p{N} .,:;()%/+_’-]$/u.test(sign) ? sign : `\\u{${(sign.codePointAt(0) ?? 0).toString(16)}}`)).join('')}"`;

/** Cedar with values in it, each rendered by its type. */
export const cedar = (texts: TemplateStringsArray, ...values: readonly Rendered[]): Piece => ({
  [ARTICLE_TEXT]: texts.map((text, n) => `${text}${n < values.length ? rendered(values[n] ?? 0) : ''}`).join(''),
});
export const textOf = (piece: Piece): string => piece[ARTICLE_TEXT];

/** What a filled template comes to. */
export interface Drafted {
  readonly agent?: AgentName; // whose calls alone it is about
  readonly action: Piece; // `in Action::"Money"`, `== Action::"finance.pay_invoice"`
  readonly when: Piece | null; // null: always
  readonly asks: { readonly role: Role; readonly quorum: number; readonly within: string; readonly sole: string | null } | null; // null: nobody lifts it
  readonly words: string | null; // as `@words` of an article
  readonly cases: DraftedCases;
}

/** Calls that it catches and calls that it lets pass, as if it stood alone. */
export interface DraftedCases {
  readonly tool: string;
  readonly agent?: string; // who calls, where it matters
  readonly caught: readonly DraftedCase[];
  readonly free: readonly DraftedCase[];
}
export interface DraftedCase {
  readonly name: string;
  readonly tool?: string;
  readonly agent?: string;
  readonly facts: Readonly<Record<string, JsonObject>>;
}

export interface Template {
  readonly id: string;
  readonly domain: Domain | 'any';
  readonly title: string; // with a `{blank}` for each parameter
  readonly says: string; // what it is good for
  readonly takes: readonly ParameterName[];
  /** @param values of `takes`, each parsed by its kind */
  draft(values: Values): Drafted;
}

export const TemplateId = z.string().regex(/^[a-z][a-z0-9-]{2,59}$/, 'is lower-case letters, digits and hyphens, 3 to 60');

interface Defined<P extends ParameterName> extends Omit<Template, 'takes' | 'draft'> {
  readonly takes: readonly P[];
  readonly draft: (values: Filled<P>) => Drafted;
}

/** @throws TypeError where its sentence and its parameters are not the same */
export function defineTemplate<const P extends ParameterName>({ draft, ...template }: Defined<P>): Template {
  TemplateId.parse(template.id);
  const blanks = [...template.title.matchAll(/\{(\w+)\}/g)].map(([, name]) => name ?? '');
  if ([...blanks].sort().join() !== [...template.takes].sort().join())
    throw new TypeError(`Template \`${template.id}\`: its title has the blanks ${blanks.join(', ')}, and it takes ${template.takes.join(', ')}.`);
  const isFilled = (values: Values): values is Values & Filled<P> => template.takes.every((name) => values[name] !== undefined);
  return {
    ...template,
    draft(values) {
      if (!isFilled(values)) throw new TypeError(`Template \`${template.id}\` is not filled.`);
      return draft(values);
    },
  };
}

/** So many of a role have to approve; whoever is alone in it confirms an own request later, where one is enough. */
export const asking = (role: Role, quorum = 1, within = 'P2D'): NonNullable<Drafted['asks']> => ({
  role,
  quorum,
  within,
  sole: quorum === 1 && role !== 'manager' ? 'PT1H' : null,
});
