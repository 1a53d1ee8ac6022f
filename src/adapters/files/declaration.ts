/** The organization's files -> what of them is ratified, and back: how settings and minor units are the same thing. */
import type { FinanceSettings } from '../../domains/finance/settings.ts';
import type { Declared } from '../../kernel/declared.ts';
import { decimal, moneyOf } from '../../kernel/money.ts';
import { Role } from '../../kernel/nouns.ts';
import { Overrides } from '../../kernel/overrides.ts';
import type { Terms } from '../../kernel/terms.ts';
import type { Organization } from './organization.ts';

/** What of an organization is ratified beside its articles, in minor units. Of people without role and authority, only who manages them. */
export function declarationOf(
  organization: Pick<Organization, 'currency' | 'finance' | 'people' | 'example' | 'service' | 'calendar' | 'interests' | 'overrides'>,
): Declared {
  const { currency, finance, people, example, service, calendar, interests, overrides } = organization;
  const minor = (amount: string) => moneyOf(amount, currency).minor;
  const granted = people.filter(({ roles, authority }) => roles.length > 0 || Object.keys(authority).length > 0);
  return {
    limits: {
      currency,
      supplier_month: minor(finance.supplier_month_limit),
      suppliers: Object.fromEntries(Object.entries(finance.supplier_limits).map(([supplier, amount]) => [supplier, minor(amount)])),
      budgets: Object.fromEntries(finance.budgets.map(({ line, month }) => [line, minor(month)])),
      new_supplier_days: finance.new_supplier_days,
      account_change_days: finance.account_change_days,
    },
    grants: Object.fromEntries(
      granted.map(({ id, roles, authority }) => [
        id,
        {
          roles: Role.options.filter((role) => roles.includes(role)), // in one order: another one in the file is no change
          authority: Object.fromEntries(
            Object.entries(authority).map(([domain, { per_call, per_day, per_month }]) => [
              domain,
              { perCall: minor(per_call), perDay: minor(per_day), ...(per_month === undefined ? {} : { perMonth: minor(per_month) }) },
            ]),
          ),
        },
      ]),
    ),
    terms: termsOf(
      finance,
      currency,
      example,
      Object.fromEntries(people.flatMap(({ id, manager }) => (manager === undefined ? [] : [[id, manager] as const]))),
      { service, calendar, interests: interests.length === 0 ? undefined : [...interests], overrides: overridesOf(overrides, minor) },
    ),
  };
}

/** The part of the finance settings that is ratified. */
export type RatifiedSettings = Pick<FinanceSettings, 'tolerance' | 'accounts'>;

function overridesOf(declared: Organization['overrides'], minor: (amount: string) => number): Overrides | undefined {
  if (declared.length === 0) return undefined;
  const figure = (name: 'perCall' | 'perDay' | 'perMonth', amount: string | undefined) => (amount === undefined ? {} : { [name]: minor(amount) });
  return Overrides.parse([
    declared.map(({ per_call, per_day, per_month, ...scope }) => ({
      ...scope,
      ...figure('perCall', per_call),
      ...figure('perDay', per_day),
      ...figure('perMonth', per_month),
    })),
  ]);
}

/** What may be left out of the files. */
export type OptionalTerms = { readonly [T in 'service' | 'calendar' | 'interests' | 'overrides']: Terms[T] | undefined };

/** @param managers by person */
export function termsOf(
  { tolerance, accounts }: RatifiedSettings,
  currency: string,
  example: boolean,
  managers: Terms['managers'],
  { service, calendar, interests, overrides }: OptionalTerms,
): Terms {
  const minor = (amount: string) => moneyOf(amount, currency).minor;
  return {
    example,
    tolerance: { price_percent: tolerance.price_percent, amount: minor(tolerance.amount) },
    accounts: Object.fromEntries(accounts.map(({ iban, floor, ...account }) => [iban, { ...account, floor: minor(floor) }])),
    managers,
    ...(service ? { service } : {}),
    ...(calendar ? { calendar } : {}),
    ...(interests ? { interests } : {}),
    ...(overrides ? { overrides } : {}),
  };
}

/** As the finance settings write it. */
export function settingsOf({ tolerance, accounts }: Terms, currency: string) {
  const written = (minor: number) => decimal({ minor, currency });
  return {
    tolerance: { ...tolerance, amount: written(tolerance.amount) },
    accounts: Object.entries(accounts).map(([iban, { floor, ...account }]) => ({ iban, ...account, floor: written(floor) })),
  };
}
