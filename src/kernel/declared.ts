/** What people allow in figures, roles and terms: declared in files, ratified by owners. What holds is the narrower of the two. */
import { z } from 'zod';
import { Domain, DOMAINS } from './ids.ts';
import { Currency, show } from './money.ts';
import { Role } from './nouns.ts';
import { narrowerTerms, termDifferences, Terms, type TermDifference } from './terms.ts';

const Minor = z.int().min(0);
/** What the gate's facts compare with, in minor units of the currency, and days. */
export const Limits = z.strictObject({
  currency: Currency,
  supplier_month: Minor, // of a supplier that has none of its own
  suppliers: z.record(z.string(), Minor),
  budgets: z.record(z.string(), Minor), // by line, a month
  new_supplier_days: z.int().min(0),
  account_change_days: z.int().min(0),
});
export type Limits = z.infer<typeof Limits>;

/** What a person may have an agent do for them: for one call, a business day, and, where it is said, a calendar month over all agents. */
const Authority = z.strictObject({ perCall: Minor, perDay: Minor, perMonth: Minor.exactOptional() });
type Authority = z.infer<typeof Authority>;

export const Grant = z.strictObject({ roles: z.array(Role), authority: z.partialRecord(Domain, Authority) });
export type Grant = z.infer<typeof Grant>;

/** By person; of whom nothing is said here has nothing. */
export const Grants = z.record(z.string(), Grant);
export type Grants = z.infer<typeof Grants>;

export const Declared = z.strictObject({ limits: Limits, grants: Grants, terms: Terms });
export type Declared = z.infer<typeof Declared>;

const NOTHING: Grant = { roles: [], authority: {} };

/** For each figure the stricter of the two, and only roles, authority and budgets that are in both. Amounts of two currencies have nothing in common. */
export function narrower(one: Declared, other: Declared): Declared {
  const [a, b] = [one.limits, other.limits];
  const comparable = a.currency === b.currency;
  const least = (x: number | undefined, y: number | undefined): number => (comparable ? Math.min(x ?? 0, y ?? 0) : 0);
  const suppliers = [...new Set([...Object.keys(a.suppliers), ...Object.keys(b.suppliers)])];
  const lines = Object.keys(a.budgets).filter((line) => line in b.budgets);
  return {
    limits: {
      currency: a.currency,
      supplier_month: least(a.supplier_month, b.supplier_month),
      suppliers: Object.fromEntries(suppliers.map((id) => [id, least(a.suppliers[id] ?? a.supplier_month, b.suppliers[id] ?? b.supplier_month)])),
      budgets: Object.fromEntries(lines.map((line) => [line, least(a.budgets[line], b.budgets[line])])),
      new_supplier_days: Math.max(a.new_supplier_days, b.new_supplier_days), // so long people are asked: longer is stricter
      account_change_days: Math.max(a.account_change_days, b.account_change_days),
    },
    grants: Object.fromEntries(
      Object.entries(one.grants).map(([person, grant]) => [person, commonGrant(grant, other.grants[person] ?? NOTHING, comparable)] as const),
    ),
    terms: narrowerTerms(one.terms, other.terms, comparable),
  };
}

const commonGrant = (one: Grant, other: Grant, comparable: boolean): Grant => ({
  roles: one.roles.filter((role) => other.roles.includes(role)),
  authority: Object.fromEntries(
    DOMAINS.flatMap((domain) => {
      const [a, b] = [one.authority[domain], other.authority[domain]];
      return a && b && comparable ? [[domain, lesser(a, b)] as const] : [];
    }),
  ),
});

function lesser(a: Authority, b: Authority): Authority {
  const month = [a.perMonth, b.perMonth].filter((minor) => minor !== undefined);
  return { perCall: Math.min(a.perCall, b.perCall), perDay: Math.min(a.perDay, b.perDay), ...(month.length === 0 ? {} : { perMonth: Math.min(...month) }) };
}

/** One difference, in words that name no more than ids. */
export type Difference = TermDifference | (Omit<TermDifference, 'what'> & { readonly what: 'limit' | 'grant' });

/** What a declaration is held against: a bundle of before terms were ratified has none. */
export type Before = Pick<Declared, 'limits' | 'grants'> & { readonly terms?: Terms | undefined };

/** @param before null: there was nothing */
export function differences(before: Before | null, after: Declared): readonly Difference[] {
  const people = [...new Set([...Object.keys(before?.grants ?? {}), ...Object.keys(after.grants)])].sort();
  const { currency } = after.limits;
  return [
    ...limitDifferences(before?.limits ?? null, after.limits),
    ...people.flatMap((person) => grantDifferences(person, before, after)),
    ...termDifferences(before?.terms, after.terms, before?.limits.currency ?? currency, currency),
  ];
}

/** Whether a change is of what organizations declare, and not of articles, tools or agents. */
export const isDeclared = ({ what }: { readonly what: string }): boolean => what === 'limit' || what === 'grant' || what === 'term';

function limitDifferences(before: Limits | null, after: Limits): readonly Difference[] {
  const was = before?.currency ?? after.currency;
  const figure = (name: string, label: string, old: number | undefined, now: number | undefined): Difference[] => {
    if (old === now && was === after.currency) return [];
    const how = old === undefined ? 'added' : now === undefined ? 'removed' : 'changed';
    return [{ what: 'limit', name, how, words: `${label} ${arrow(old, was, now, after.currency)} a month` }];
  };
  const days = (name: string, label: string, old: number | undefined, now: number): Difference[] =>
    old === now
      ? []
      : [{ what: 'limit', name, how: old === undefined ? 'added' : 'changed', words: `${label} ${old === undefined ? now : `${old} -> ${now}`} days` }];
  const keys = (one: 'suppliers' | 'budgets') => [...new Set([...Object.keys(before?.[one] ?? {}), ...Object.keys(after[one])])].sort();
  return [
    ...figure('supplier_month', 'any supplier', before?.supplier_month, after.supplier_month),
    ...keys('suppliers').flatMap((id) => figure(`supplier/${id}`, `supplier \`${id}\``, before?.suppliers[id], after.suppliers[id])),
    ...keys('budgets').flatMap((line) => figure(`budget/${line}`, `budget \`${line}\``, before?.budgets[line], after.budgets[line])),
    ...days('new_supplier_days', 'a supplier is new for', before?.new_supplier_days, after.new_supplier_days),
    ...days('account_change_days', 'a changed account is new for', before?.account_change_days, after.account_change_days),
  ];
}

/** `4,000.00 -> 9,000.00 EUR` */
function arrow(old: number | undefined, was: string, now: number | undefined, is: string): string {
  const told = (minor: number | undefined, currency: string) => (minor === undefined ? 'none' : show({ minor, currency }));
  const left = old !== undefined && now !== undefined && was === is ? told(old, was).slice(0, -was.length - 1) : told(old, was);
  return `${left} -> ${told(now, is)}`;
}

function grantDifferences(person: string, before: Before | null, after: Declared): readonly Difference[] {
  const [old, now] = [before?.grants[person] ?? NOTHING, after.grants[person] ?? NOTHING];
  const [was, is] = [before?.limits.currency ?? after.limits.currency, after.limits.currency];
  const told = (how: Difference['how'], words: string): Difference => ({ what: 'grant', name: person, how, words: `${person} ${words}` });
  return [
    ...now.roles.filter((role) => !old.roles.includes(role)).map((role) => told('added', `gains the role \`${role}\``)),
    ...old.roles.filter((role) => !now.roles.includes(role)).map((role) => told('removed', `loses the role \`${role}\``)),
    ...DOMAINS.flatMap((domain) => {
      const [a, b] = [old.authority[domain], now.authority[domain]];
      if (!a && !b) return [];
      if (!a || !b) return [told(a ? 'removed' : 'added', `${a ? 'loses' : 'gains'} authority in ${domain}${b ? `: ${perCallAndDay(b, is)}` : ''}`)];
      const parts = (
        [
          ['a call', a.perCall, b.perCall],
          ['a day', a.perDay, b.perDay],
          ['a month', a.perMonth, b.perMonth],
        ] as const
      ).flatMap(([per, x, y]) => (x === y && (was === is || x === undefined) ? [] : [`${arrow(x, was, y, is)} ${per}`]));
      return parts.length === 0 ? [] : [told('changed', `in ${domain}: ${parts.join(', ')}`)];
    }),
  ];
}

const perCallAndDay = ({ perCall, perDay, perMonth }: Authority, currency: string): string =>
  `${show({ minor: perCall, currency })} a call, ${show({ minor: perDay, currency })} a day${perMonth === undefined ? '' : `, ${show({ minor: perMonth, currency })} a month`}`;
