/**
 * What is said of one person, one role or one tool in the place of what is granted usually. For each figure the most specific
 * statement counts: person and tool, person, role and tool, role, tool. Of several that are as specific, the stricter one. They hold
 * for everybody alike: a role is a name here, and none is exempt.
 */
import { z } from 'zod';
import { PersonId, ToolName } from './ids.ts';
import { show } from './money.ts';
import { Role } from './nouns.ts';

const Minor = z.int().min(0);

/** Amounts in minor units of the organization's currency. */
export const Override = z.strictObject({
  person: PersonId.exactOptional(),
  role: Role.exactOptional(),
  tool: ToolName.exactOptional(),
  granted: z.boolean().exactOptional(), // false: not theirs to use; true: theirs again, where something less specific says no
  perCall: Minor.exactOptional(),
  perDay: Minor.exactOptional(),
  perMonth: Minor.exactOptional(), // of a person, over all agents
});
export type Override = z.infer<typeof Override>;

/** Lists of which each is resolved by itself; what holds is the least of what they come to. Files and ratification have one each. */
export const Overrides = z.array(z.array(Override)).min(1);
export type Overrides = z.infer<typeof Overrides>;

/** Whose call it is. Without a person, as where the organization itself asks, statements about tools alone apply. */
export interface Whose {
  readonly person: PersonId | null;
  readonly roles: readonly Role[];
  readonly tool: ToolName;
}

export interface Allowed {
  readonly granted: boolean;
  readonly perCall: number;
  readonly perDay: number;
  readonly perMonth: number;
}

const NO_LIMIT = Number.MAX_SAFE_INTEGER;
/** What binds the organization itself, which its agents' own limits bind. */
export const NO_LIMITS: Allowed = { granted: true, perCall: NO_LIMIT, perDay: NO_LIMIT, perMonth: NO_LIMIT };

/** How specific a statement is; 0 where it is about somebody or something else. */
export function specificity({ person, role, tool }: Override, whose: Whose): number {
  if (person !== undefined && person !== whose.person) return 0;
  if (role !== undefined && !whose.roles.includes(role)) return 0;
  if (tool !== undefined && tool !== whose.tool) return 0;
  if (person !== undefined) return tool === undefined ? 4 : 5;
  if (role !== undefined) return tool === undefined ? 2 : 3;
  return tool === undefined ? 0 : 1;
}

/**
 * What holds of a call. @param usual where nothing else is said
 * @param ratified roles by ratification: one that was taken away since narrows, and takes no override away that bound its holder
 */
export function allowed(usual: Allowed, overrides: Overrides | null, whose: Whose, ratified: readonly Role[] = whose.roles): Allowed {
  const each = (overrides ?? []).flatMap((list) => [ofList(usual, list, whose), ofList(usual, list, { ...whose, roles: ratified })]);
  return [usual, ...each].slice(each.length > 0 ? 1 : 0).reduce((a, b) => ({
    granted: a.granted && b.granted,
    perCall: Math.min(a.perCall, b.perCall),
    perDay: Math.min(a.perDay, b.perDay),
    perMonth: Math.min(a.perMonth, b.perMonth),
  }));
}

function ofList(usual: Allowed, list: readonly Override[], whose: Whose): Allowed {
  const applying = list.map((one) => ({ one, rank: specificity(one, whose) })).filter(({ rank }) => rank > 0);
  const said = <V>(of: (one: Override) => V | undefined): readonly V[] => {
    const stated = applying.flatMap(({ one, rank }) => {
      const value = of(one);
      return value === undefined ? [] : [{ value, rank }];
    });
    const most = Math.max(0, ...stated.map(({ rank }) => rank));
    return stated.filter(({ rank }) => rank === most).map(({ value }) => value);
  };
  const least = (figure: (typeof FIGURES)[number]): number => {
    const stated = said((one) => one[figure]);
    return stated.length === 0 ? usual[figure] : Math.min(...stated);
  };
  const grants = said((one) => one.granted);
  return {
    granted: grants.length === 0 ? usual.granted : grants.every(Boolean),
    perCall: least('perCall'),
    perDay: least('perDay'),
    perMonth: least('perMonth'),
  };
}

const FIGURES = ['perCall', 'perDay', 'perMonth'] as const;
const withoutAmounts = (one: Override): Override => ({
  ...one,
  ...Object.fromEntries(FIGURES.flatMap((figure) => (one[figure] === undefined ? [] : [[figure, 0]]))),
});

const keyOf = (one: unknown): string => JSON.stringify(one);

/** Both lists, each resolved by itself; one where they are the same. Where one side says nothing, its list is empty. @param comparable whether both are in one currency; else their amounts are nothing */
export function narrowerOverrides(one: Overrides | undefined, other: Overrides | undefined, comparable: boolean): Overrides | undefined {
  if (!one && !other) return undefined;
  const lists = [...(one ?? [[]]), ...(other ?? [[]])].map((list) => (comparable ? list : list.map(withoutAmounts)));
  return lists.filter((list, n) => lists.findIndex((first) => keyOf(first) === keyOf(list)) === n);
}

/** A difference, by name. */
export interface OverrideDifference {
  readonly name: string;
  readonly how: 'added' | 'removed';
  readonly words: string;
}

/** @param currency of the amounts after, as of those before: a change of currency is told with the limits */
export function overrideDifferences(before: Overrides | undefined, after: Overrides | undefined, currency: string): readonly OverrideDifference[] {
  const [old, now] = [distinct(before), distinct(after)];
  const missing = (from: ReadonlyMap<string, Override>, all: ReadonlyMap<string, Override>) => [...all].flatMap(([key, one]) => (from.has(key) ? [] : [one]));
  return [
    ...missing(old, now).map((one) => ({ name: `override/${scopeOf(one)}`, how: 'added' as const, words: inWords(one, currency) })),
    ...missing(now, old).map((one) => ({ name: `override/${scopeOf(one)}`, how: 'removed' as const, words: `no more: ${inWords(one, currency)}` })),
  ];
}

const distinct = (overrides: Overrides | undefined): ReadonlyMap<string, Override> => new Map((overrides ?? []).flat().map((one) => [keyOf(one), one]));

const scopeOf = ({ person, role, tool }: Override): string => [person, role && `role ${role}`, tool].filter((part) => part !== undefined).join(' ');

function inWords(one: Override, currency: string): string {
  const money = (minor: number | undefined, per: string) => (minor === undefined ? [] : [`${show({ minor, currency })} ${per}`]);
  const grant = one.granted === undefined ? [] : [one.granted ? 'granted' : 'not granted'];
  return `for ${scopeOf(one)}: ${[...grant, ...money(one.perCall, 'a call'), ...money(one.perDay, 'a day'), ...money(one.perMonth, 'a month')].join(', ')}`;
}
