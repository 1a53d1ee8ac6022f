/** What the schema of one file cannot tell: names that are declared elsewhere, what must be there once, and amounts that the currency can express. */
import { readdirSync } from 'node:fs';
import type { z } from 'zod';
import type { PersonId } from '../../kernel/ids.ts';
import type { FinanceSettings } from '../../domains/finance/settings.ts';
import { moneyOf } from '../../kernel/money.ts';
import { importedName, type Manifest } from '../../kernel/manifest.ts';
import { orNear } from '../../kernel/mistakes.ts';
import type { OrganizationFile, PeopleFile } from './organization.ts';

const AGENTS = new URL('../../../agents/', import.meta.url); // a folder for each, by its name

/** A file as it was read; `line` is that of a path in it, or of the nearest thing above it. */
export interface Checked<T> {
  readonly file: string;
  readonly value: T;
  readonly line: (path: readonly PropertyKey[]) => number;
}
type Path = readonly PropertyKey[];
type People = z.infer<typeof PeopleFile>['people'];

const placed = (file: Checked<unknown>, path: Path, text: string): string => `${file.file}:${file.line(path)}: ${text}`;

/** @returns every problem with its place; of a file that could not be read, nothing is said */
export function crossChecks(
  organization: Checked<z.infer<typeof OrganizationFile>> | undefined,
  people: Checked<z.infer<typeof PeopleFile>> | undefined,
  finance: Checked<FinanceSettings> | undefined,
  manifests: readonly Checked<Manifest>[],
): readonly string[] {
  return [
    ...manifests.flatMap(grantProblems),
    ...(organization ? agentProblems(organization) : []),
    ...(organization ? failOpenProblems(organization, manifests) : []),
    ...(people ? peopleProblems(people, organization?.value.sites) : []),
    ...(people ? namedProblems(people) : []),
    ...(finance ? financeProblems(finance) : []),
    ...(organization ? amountProblems(organization.value.currency, organization, people, finance) : []),
  ];
}

function agentProblems(organization: Checked<z.infer<typeof OrganizationFile>>): string[] {
  const agents = readdirSync(AGENTS);
  const { levels, slack, clock, example } = organization.value;
  const named: readonly (readonly [Path, string])[] = [
    ...Object.keys(levels).map((agent) => [['levels', agent], agent] as const),
    ...Object.entries(slack.channels).map(([channel, agent]) => [['slack', 'channels', channel], agent] as const),
    ...Object.entries(slack.aliases).map(([alias, agent]) => [['slack', 'aliases', alias], agent] as const),
  ];
  const unknown = named.filter(([, agent]) => !agents.includes(agent));
  return [
    ...unknown.map(([path, agent]) => placed(organization, path, `\`${agent}\` is no agent; ${orNear(agent, agents)}.`)),
    ...(clock && !example
      ? [placed(organization, ['clock'], '`clock` is for an example alone; take it out, and business goes by the clock on the wall.')]
      : []),
  ];
}

/** What goes on without the gate reads, and nothing else: a tool of a manifest whose effect is `read`. */
function failOpenProblems(organization: Checked<z.infer<typeof OrganizationFile>>, manifests: readonly Checked<Manifest>[]): string[] {
  const reads = manifests.flatMap(({ value: { server, tools } }) =>
    tools.flatMap(({ name, effect }) => (effect === 'read' ? [importedName(server, name)] : [])),
  );
  return (organization.value.service?.fail_open ?? []).flatMap((tool, n) => {
    const told = reads.length > 0 ? orNear(tool, reads) : 'import one first: `charter tools import`';
    return reads.includes(tool) ? [] : [placed(organization, ['service', 'fail_open', n], `\`${tool}\` is no tool of tools/*.yaml that only reads; ${told}.`)];
  });
}

/** Imported tools are for agents that there are. */
function grantProblems(manifest: Checked<Manifest>): string[] {
  const agents = readdirSync(AGENTS);
  return manifest.value.agents.flatMap((agent, n) =>
    agents.includes(agent) ? [] : [placed(manifest, ['agents', n], `\`${agent}\` is no agent; ${orNear(agent, agents)}.`)],
  );
}

function peopleProblems(people: Checked<z.infer<typeof PeopleFile>>, sites: readonly string[] | undefined): string[] {
  const all = people.value.people;
  const ids = all.map(({ id }) => id);
  const problems = all.flatMap((person, n) => {
    const at = (field: string, text: string) => placed(people, ['people', n, field], text);
    const { id, manager, site } = person;
    return [
      ...(ids.indexOf(id) === n ? [] : [at('id', `\`${id}\` is there twice; give each person an id of their own.`)]),
      ...(manager !== undefined && !ids.includes(manager)
        ? [at('manager', `manager \`${manager}\` is not in people.yaml. Add that person, or ${orNear(manager, ids)}.`)]
        : []),
      ...(sites && site !== undefined && !sites.includes(site) ? [at('site', `\`${site}\` is no site of organization.yaml; ${orNear(site, sites)}.`)] : []),
      ...circleProblem(all, n).map((text) => at('manager', text)),
    ];
  });
  const owned = all.some(({ roles, status }) => roles.includes('owner') && status === 'active');
  return owned ? problems : [...problems, `${people.file}:1: nobody active has the role \`owner\`; give it to whoever answers for the organization.`];
}

/** Told once for each circle, at the first of its people. */
function circleProblem(people: People, n: number): string[] {
  const start = people[n];
  const chain = [start?.id];
  for (let now = start?.manager; now !== undefined && chain.length <= people.length; now = people.find(({ id }) => id === now)?.manager) {
    if (now === start?.id) {
      const first = chain.every((id) => people.findIndex((person) => person.id === id) >= n);
      const told = chain.length === 1 ? `\`${now}\` manages nobody else's asking but their own` : `\`${[...chain, now].join('` is managed by `')}\``;
      return first ? [`${told}: nobody answers for themselves. Take the line out where somebody has no manager.`] : [];
    }
    chain.push(now);
  }
  return [];
}

function financeProblems(finance: Checked<FinanceSettings>): string[] {
  const { accounts, budgets } = finance.value;
  const paying = accounts.flatMap(({ pays_suppliers }, n) => (pays_suppliers ? [n] : []));
  const twice = (what: 'accounts' | 'budgets', field: string, values: readonly string[]) =>
    values.flatMap((value, n) =>
      values.indexOf(value) === n ? [] : [placed(finance, [what, n, field], `\`${value}\` is there twice under \`${what}\`; take one of them out.`)],
    );
  const [, second] = paying;
  return [
    ...twice(
      'accounts',
      'iban',
      accounts.map(({ iban }) => iban),
    ),
    ...twice(
      'budgets',
      'line',
      budgets.map(({ line }) => line),
    ),
    ...(paying.length === 0
      ? [placed(finance, ['accounts'], '`accounts` has none with `pays_suppliers: true`; set it on the one that suppliers are paid from.')]
      : []),
    ...(second === undefined
      ? []
      : [
          placed(
            finance,
            ['accounts', second, 'pays_suppliers'],
            `\`${accounts[second]?.iban ?? ''}\` is the second account with \`pays_suppliers: true\`; leave it on one.`,
          ),
        ]),
  ];
}

const PERIODS = ['per_call', 'per_day', 'per_month'] as const;

/** Whoever is named in a register of interests or an override is one of the people: a slip would let somebody decide about their own. */
function namedProblems(people: Checked<z.infer<typeof PeopleFile>>): string[] {
  const known = people.value.people.map(({ id }) => id);
  const unknown = (path: Path, named: PersonId | undefined): string[] =>
    named === undefined || known.includes(named) ? [] : [placed(people, path, `\`${named}\` is not in people.yaml; ${orNear(named, known)}.`)];
  return [
    ...people.value.interests.flatMap((one, n) => [
      ...unknown(['interests', n, 'person'], one.person),
      ...('relative' in one ? unknown(['interests', n, 'relative'], one.relative) : []),
    ]),
    ...people.value.overrides.flatMap(({ person }, n) => unknown(['overrides', n, 'person'], person)),
  ];
}

function amountProblems(
  currency: string,
  organization: Checked<z.infer<typeof OrganizationFile>>,
  people: Checked<z.infer<typeof PeopleFile>> | undefined,
  finance: Checked<FinanceSettings> | undefined,
): string[] {
  const told = (file: Checked<unknown>, path: Path, amount: string): string[] => {
    try {
      moneyOf(amount, currency);
      return [];
    } catch (error) {
      return [placed(file, path, `\`${path.map(String).join('.')}\` is \`${amount}\`: ${error instanceof Error ? error.message : String(error)}`)];
    }
  };
  const { accounts = [], budgets = [], supplier_limits = {}, supplier_month_limit, tolerance } = finance?.value ?? {};
  const inFinance: readonly (readonly [Path, string])[] = [
    ...accounts.map(({ floor }, n) => [['accounts', n, 'floor'], floor] as const),
    ...budgets.map(({ month }, n) => [['budgets', n, 'month'], month] as const),
    ...Object.entries(supplier_limits).map(([supplier, amount]) => [['supplier_limits', supplier], amount] as const),
    ...(supplier_month_limit === undefined ? [] : [[['supplier_month_limit'], supplier_month_limit] as const]),
    ...(tolerance === undefined ? [] : [[['tolerance', 'amount'], tolerance.amount] as const]),
  ];
  return [
    ...told(organization, ['model', 'month'], organization.value.model.month),
    ...(finance ? inFinance.flatMap(([path, amount]) => told(finance, path, amount)) : []),
    ...(people?.value.people ?? []).flatMap(({ authority }, n) =>
      Object.entries(authority).flatMap(([domain, given]) =>
        PERIODS.flatMap((per) => (people && given[per] !== undefined ? told(people, ['people', n, 'authority', domain, per], given[per]) : [])),
      ),
    ),
    ...(people?.value.overrides ?? []).flatMap((given, n) =>
      PERIODS.flatMap((per) => (people && given[per] !== undefined ? told(people, ['overrides', n, per], given[per]) : [])),
    ),
  ];
}
