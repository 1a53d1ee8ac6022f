/** What else the gate's outcome hangs on: whether operator's tokens count, how far a bill may differ, which accounts are ours, who manages whom, what other runtimes may, which days are worked, who is tied to whom, and whose limits are others. */
import { z } from 'zod';
import { show } from './money.ts';
import { Interest, interestDifferences, narrowerInterests } from './interests.ts';
import { narrowerOverrides, overrideDifferences, Overrides } from './overrides.ts';
import { narrowerService, serviceDifferences, ServiceTerms } from './service-terms.ts';
import { calendarDifferences, narrowerCalendar, WorkCalendar } from './working-days.ts';

const Minor = z.int().min(0);
const Percent = z.string().regex(/^\d{1,3}(\.\d{1,9})?$/);
const Account = z.strictObject({ name: z.string(), bic: z.string().optional(), floor: Minor, pays_suppliers: z.boolean() });

/** Amounts are in minor units of the currency of the limits beside it. */
export const Terms = z.strictObject({
  example: z.boolean(), // tokens that the operator issued count as votes, and the business clock is moved by hand
  tolerance: z.strictObject({ price_percent: Percent, amount: Minor }), // of the three-way match
  accounts: z.record(z.string(), Account), // by IBAN
  managers: z.record(z.string(), z.string()), // of each person who has one
  service: ServiceTerms.exactOptional(), // each left out where nobody said anything: a digest of before stays
  calendar: WorkCalendar.exactOptional(),
  interests: z.array(Interest).exactOptional(),
  overrides: Overrides.exactOptional(),
});
export type Terms = z.infer<typeof Terms>;
type Account = z.infer<typeof Account>;

/** What is in both, and of two figures the stricter; names are those of the first. @param comparable whether both are in one currency */
export function narrowerTerms(one: Terms, other: Terms, comparable: boolean): Terms {
  const [a, b] = [one.tolerance, other.tolerance];
  const service = narrowerService(one.service, other.service);
  const calendar = narrowerCalendar(one.calendar, other.calendar);
  const interests = narrowerInterests(one.interests, other.interests);
  const overrides = narrowerOverrides(one.overrides, other.overrides, comparable);
  return {
    ...(service ? { service } : {}),
    ...(calendar ? { calendar } : {}),
    ...(interests ? { interests } : {}),
    ...(overrides ? { overrides } : {}),
    example: one.example && other.example,
    tolerance: {
      price_percent: Number(a.price_percent) <= Number(b.price_percent) ? a.price_percent : b.price_percent,
      amount: comparable ? Math.min(a.amount, b.amount) : 0,
    },
    accounts: Object.fromEntries(
      Object.entries(one.accounts).flatMap(([iban, account]) => {
        const known = other.accounts[iban];
        if (!known) return [];
        const stricter = { floor: Math.max(account.floor, known.floor), pays_suppliers: account.pays_suppliers && known.pays_suppliers };
        return [[iban, { ...account, ...stricter }] as const];
      }),
    ),
    managers: Object.fromEntries(Object.entries(one.managers).filter(([person, manager]) => other.managers[person] === manager)),
  };
}

/** One difference, in words that name no more than ids. */
export interface TermDifference {
  readonly what: 'term';
  readonly name: string;
  readonly how: 'added' | 'removed' | 'changed';
  readonly words: string;
}

/** @param before undefined: nobody had said anything; @param was the currency of before, @param is the currency of after */
export function termDifferences(before: Terms | undefined, after: Terms, was: string, is: string): readonly TermDifference[] {
  const told = (name: string, how: TermDifference['how'], words: string): TermDifference => ({ what: 'term', name, how, words });
  const changed = (name: string, label: string, old: string | undefined, now: string, unit = ''): TermDifference[] =>
    old === now ? [] : [told(name, old === undefined ? 'added' : 'changed', `${label} ${old === undefined ? '' : `${old} -> `}${now}${unit}`)];
  const money = (minor: number | undefined, currency: string) => (minor === undefined ? undefined : show({ minor, currency }));
  const example = (before?.example ?? false) === after.example ? [] : [exampleDifference(after.example)];
  const keys = (part: 'accounts' | 'managers') => [...new Set([...Object.keys(before?.[part] ?? {}), ...Object.keys(after[part])])].sort();
  return [
    ...example,
    ...changed('tolerance/price', 'a price may be above the order’s by', before?.tolerance.price_percent, after.tolerance.price_percent, ' percent'),
    ...changed('tolerance/amount', 'a bill may be above its order by', money(before?.tolerance.amount, was), money(after.tolerance.amount, is) ?? ''),
    ...keys('accounts').flatMap((iban) => accountDifferences(iban, before?.accounts[iban], after.accounts[iban], was, is)),
    ...keys('managers').flatMap((person) => {
      const [old, now] = [before?.managers[person], after.managers[person]];
      if (old === now) return [];
      return [told(`manager/${person}`, old === undefined ? 'added' : now === undefined ? 'removed' : 'changed', managed(person, old, now))];
    }),
    ...[
      ...serviceDifferences(before?.service, after.service),
      ...calendarDifferences(before?.calendar, after.calendar),
      ...interestDifferences(before?.interests, after.interests),
      ...overrideDifferences(before?.overrides, after.overrides, is),
    ].map(({ name, how, words }) => told(name, how, words)),
  ];
}

const exampleDifference = (is: boolean): TermDifference => ({
  what: 'term',
  name: 'example',
  how: is ? 'added' : 'removed',
  words: is
    ? 'it becomes an example: tokens that the operator issued count as votes, and the clock is moved by hand'
    : 'it is an example no more: tokens that the operator issued do not count as votes',
});

const managed = (person: string, old: string | undefined, now: string | undefined): string =>
  now === undefined
    ? `${person} is managed by nobody, no more by \`${old}\``
    : `${person} is managed by ${old === undefined ? '' : `\`${old}\` -> `}\`${now}\``;

function accountDifferences(iban: string, old: Account | undefined, now: Account | undefined, was: string, is: string): readonly TermDifference[] {
  const told = (how: TermDifference['how'], words: string): TermDifference => ({
    what: 'term',
    name: `account/${iban}`,
    how,
    words: `account ${iban} ${words}`,
  });
  if (!now) return [told('removed', 'is ours no more')];
  const [before, after] = [old && show({ minor: old.floor, currency: was }), show({ minor: now.floor, currency: is })];
  if (!old) return [told('added', `is ours: \`${now.name}\`, kept above ${after}, ${now.pays_suppliers ? 'pays suppliers' : 'pays no suppliers'}`)];
  return [
    ...(before === after ? [] : [told('changed', `is kept above ${before} -> ${after}`)]),
    ...(old.pays_suppliers === now.pays_suppliers ? [] : [told('changed', now.pays_suppliers ? 'pays suppliers' : 'pays suppliers no more')]),
    ...(old.name === now.name ? [] : [told('changed', `is called \`${old.name}\` -> \`${now.name}\``)]),
    ...(old.bic === now.bic ? [] : [told('changed', `is at \`${old.bic ?? 'no BIC'}\` -> \`${now.bic ?? 'no BIC'}\``)]),
  ];
}
