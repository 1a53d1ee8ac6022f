/** The blanks of a template: which values fill one, how they are told, and why others do not. */
import { money, moneyOf, MoneyError, show } from '../kernel/money.ts';
import type { AgentName, ToolName } from '../kernel/ids.ts';
import { orNear } from '../kernel/mistakes.ts';
import { ROLES, type Role } from '../kernel/nouns.ts';
import type { Rule, Written } from '../kernel/rules.ts';
import { PARAMETERS, Supplier, Values, WEEKDAYS, type ParameterName } from '../kernel/template.ts';
import type { ToolEntry } from '../kernel/tool-entry.ts';

/** What rules are made on: what there is to name. */
export interface Ground {
  readonly currency: string;
  readonly agents: readonly AgentName[];
  readonly tools: readonly Pick<ToolEntry, 'name' | 'effect'>[];
}

/** What agents can be kept from: not what surfaces show to people. */
const ACTED = ['read', 'write', 'outbound', 'irreversible'];
const toolNames = ({ tools }: Ground): readonly ToolName[] => tools.filter(({ effect }) => ACTED.includes(effect)).map(({ name }) => name);

export function choicesOf(name: ParameterName, ground: Ground): readonly string[] {
  const { kind } = PARAMETERS[name];
  if (kind === 'role') return ROLES;
  if (kind === 'agent') return ground.agents;
  if (kind === 'tool') return toolNames(ground);
  return kind === 'weekdays' ? WEEKDAYS : [];
}

export interface Filling {
  readonly values: Values;
  readonly written: Rule['with']; // the same, as it is written alike everywhere
  readonly problems: readonly { readonly blank: string; readonly what: string }[];
}

/** Every blank of a template, filled by what somebody wrote. */
export function filling(takes: readonly ParameterName[], given: Rule['with'], ground: Ground): Filling {
  const problems = Object.keys(given)
    .filter((name) => !takes.some((one) => one === name))
    .map((blank) => ({ blank, what: `\`${blank}\` is no blank of this template; ${orNear(blank, takes)}.` }));
  const values: Record<string, unknown> = {};
  const written: Record<string, Written> = {};
  for (const name of takes) {
    const word = given[name];
    const filled = word === undefined ? { problem: `\`${name}\` is missing: ${PARAMETERS[name].says}.` } : fill(name, word, ground);
    if ('problem' in filled) problems.push({ blank: name, what: filled.problem });
    else {
      values[name] = filled.value;
      written[name] = filled.written;
    }
  }
  return { values: Values.parse(values), written, problems };
}

type Filled = { readonly value: string | number | readonly string[]; readonly written: Written } | { readonly problem: string };

function fill(name: ParameterName, word: Written, ground: Ground): Filled {
  const parameter = PARAMETERS[name];
  const text = typeof word === 'string' || typeof word === 'number' ? String(word).trim() : undefined;
  const refused = (what: string): Filled => ({ problem: `\`${name}\` is \`${Array.isArray(word) ? word.join(', ') : String(word)}\`: ${what}` });
  if (parameter.kind === 'weekdays') return fillDays(word, refused);
  if (text === undefined) return refused(`write one value: ${parameter.says}.`);
  if (parameter.kind === 'money') return fillMoney(text, ground.currency, refused);
  if (parameter.kind === 'whole') {
    const number = /^\d{1,4}$/.test(text) ? Number(text) : Number.NaN;
    if (number >= parameter.min && number <= parameter.max) return { value: number, written: number };
    return refused(`write a whole number from ${parameter.min} to ${parameter.max}.`);
  }
  if (parameter.kind === 'supplier') {
    const supplier = Supplier.safeParse(text);
    return supplier.success ? { value: supplier.data, written: text } : refused(`${supplier.error.issues[0]?.message ?? 'it is no id'}.`);
  }
  const among = choicesOf(name, ground);
  const known = among.find((one) => one === text);
  if (known === undefined) return refused(`there is no ${parameter.kind} of that name; ${orNear(text, among)}.`);
  return { value: known, written: known };
}

/** `500`, `500.00` or `500.00 EUR`; more than nothing. */
function fillMoney(text: string, currency: string, refused: (what: string) => Filled): Filled {
  const [amount = '', code = currency, ...more] = text.split(' ');
  if (code !== currency || more.length > 0) return refused(`amounts here are in ${currency}; write it like 500.00.`);
  try {
    const { minor } = moneyOf(amount, currency);
    if (minor < 1 || minor > MOST_MINOR) return refused(`write an amount above zero and of at most ${show(money(MOST_MINOR, currency))}.`);
    return { value: minor, written: show(money(minor, currency)).replaceAll(',', '') };
  } catch (error) {
    if (error instanceof MoneyError) return refused('it is no amount; write it like 500.00.');
    throw error;
  }
}
const MOST_MINOR = 1_000_000_000_000; // with a thousand such sums a total is still exact

function fillDays(word: Written, refused: (what: string) => Filled): Filled {
  const words = Array.isArray(word) ? word : typeof word === 'string' ? word.split(/[,\s]+/).filter((one) => one !== '') : [];
  const days = WEEKDAYS.filter((day) => words.includes(day));
  const unknown = words.find((one) => !WEEKDAYS.some((day) => day === one));
  if (unknown !== undefined) return refused(`\`${unknown}\` is no day of the week; ${orNear(unknown, WEEKDAYS)}.`);
  if (days.length === 0) return refused('name one day of the week or more.');
  return { value: days, written: days };
}

const ROLE: Readonly<Partial<Record<Role, string>>> = { owner: 'the owner', manager: 'a manager' };
const OF_ROLE: Readonly<Partial<Record<Role, string>>> = { owner: 'the owners', manager: 'the managers' }; // after `2 of`

/** A value in a sentence. */
export function filledIn(name: string, { amount, role, weekdays, ...plain }: Values, { currency }: Ground): string {
  if (name === 'amount') return amount === undefined ? '…' : show(money(amount, currency));
  if (name === 'role') return role === undefined ? '…' : ((plain.count === undefined ? ROLE : OF_ROLE)[role] ?? role);
  if (name === 'weekdays') return inWords((weekdays ?? []).map((day) => `${day[0]?.toUpperCase() ?? ''}${day.slice(1)}`));
  return String(Object.entries(plain).find(([one]) => one === name)?.[1] ?? '…');
}

const inWords = (all: readonly string[]): string => (all.length < 2 ? all.join('') : `${all.slice(0, -1).join(', ')} and ${all.at(-1) ?? ''}`);
