/** Reads an organization's directory. Everything is checked, every problem is told with its place, and nothing half starts. */
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import type { FinanceSettings } from '../../domains/finance/settings.ts';
import { digest, type Digest } from '../../kernel/digest.ts';
import { AgentName, Domain, DOMAINS, OrgId, PersonId, ToolName } from '../../kernel/ids.ts';
import type { Manifest } from '../../kernel/manifest.ts';
import { Interest } from '../../kernel/interests.ts';
import { Currency } from '../../kernel/money.ts';
import { JsonObject, Level, Role } from '../../kernel/nouns.ts';
import { ServiceTerms } from '../../kernel/service-terms.ts';
import { Text } from '../../kernel/text.ts';
import { SlackSettings, TimeOfDay } from '../../kernel/slack.ts';
import { WorkCalendar } from '../../kernel/working-days.ts';
import { LocalDate } from '../../kernel/time.ts';
import { crossChecks } from './cross-checks.ts';
import { DESIRED } from './desired.ts';
import { readManifests } from './manifests.ts';
import { readYaml, type Read } from './yaml.ts';

const Zone = z
  .string()
  .refine((zone) => Intl.supportedValuesOf('timeZone').includes(zone) || zone === 'UTC', 'is no time zone; write one such as "Europe/Berlin"');
const Amount = z.string().regex(/^\d+(\.\d{1,2})?$/, 'is no amount; write "2500.00", in quotes');
/** How people's attention is spent: new cards for a person in a day, and days of quiet after a card that nobody decided. */
const InboxSettings = z.strictObject({ cards_per_day: z.int().min(1).max(200).default(12), quiet_days: z.int().min(1).max(366).default(14) });
const Address = z.strictObject({ street: z.string(), number: z.string(), postcode: z.string(), town: z.string(), country: z.string().length(2) });

const Start = z
  .string()
  .regex(/^\d{4}-\d{2}-\d{2}T([01]\d|2[0-3]):[0-5]\d$/, 'is no local time; write "2026-03-02T07:00"')
  .refine((start) => LocalDate.safeParse(start.slice(0, 10)).success, 'is no day of the calendar; write "2026-03-02T07:00"');
const KnownCurrency = Currency.refine((code) => Intl.supportedValuesOf('currency').includes(code), 'is no currency of ISO 4217; write one such as EUR');

export const OrganizationFile = z.strictObject({
  id: OrgId,
  name: Text.min(1),
  zone: Zone,
  currency: KnownCurrency,
  address: Address,
  sites: z.array(z.string()).min(1),
  example: z.boolean().default(false), // lets the operator's tokens vote, and the business clock be advanced
  clock: z.strictObject({ start: Start }).optional(),
  since: LocalDate.optional(),
  levels: z.record(AgentName, Level),
  reviews: z.partialRecord(Domain, z.strictObject({ at: z.array(TimeOfDay).min(1).max(24) })),
  model: z.strictObject({ month: Amount }),
  inbox: InboxSettings.prefault({}),
  amendments: z.strictObject({ owners: z.int().min(1).max(9) }).default({ owners: 1 }), // who must vote; a change is itself one
  slack: SlackSettings.prefault({}),
  service: ServiceTerms.optional(), // what runtimes of others may; without it, as usual
  calendar: WorkCalendar.optional(), // which days are worked; without it nobody knows, and what looks at it is denied
});

const Person = z.strictObject({
  id: PersonId,
  name: Text.min(1),
  roles: z.array(Role),
  manager: PersonId.optional(),
  site: z.string().optional(),
  status: z.enum(['active', 'left', 'guest']).default('active'),
  authority: z.partialRecord(Domain, z.strictObject({ per_call: Amount, per_day: Amount, per_month: Amount.optional() })).default({}),
  slack: z.string().optional(),
  email: z.string().optional(),
});
/** One statement about a person, a role or a tool. */
const OverrideLine = z
  .strictObject({
    person: PersonId.exactOptional(),
    role: Role.exactOptional(),
    tool: ToolName.exactOptional(),
    granted: z.boolean().exactOptional(),
    per_call: Amount.exactOptional(),
    per_day: Amount.exactOptional(),
    per_month: Amount.exactOptional(),
  })
  .refine(({ person, role }) => person === undefined || role === undefined, 'is about a person or a role, not both; write two')
  .refine(({ person, role, tool }) => (person ?? role ?? tool) !== undefined, 'is about nobody; name a `person`, a `role` or a `tool`')
  .refine(({ granted, per_call, per_day, per_month }) => (granted ?? per_call ?? per_day ?? per_month) !== undefined, 'says nothing; give `granted`, `per_call`, `per_day` or `per_month`'); // prettier-ignore

export const PeopleFile = z.strictObject({
  people: z.array(Person).min(1),
  overrides: z.array(OverrideLine).max(500).default([]), // in the place of what is granted usually: see `kernel/overrides.ts`
  interests: z.array(Interest).max(500).default([]), // who is tied to which supplier, and who is whose family
});

export interface Organization extends z.infer<typeof OrganizationFile> {
  readonly people: readonly z.infer<typeof Person>[];
  readonly interests: readonly Interest[];
  readonly overrides: readonly z.infer<typeof OverrideLine>[];
  readonly finance: FinanceSettings;
  readonly desired: Readonly<Partial<Record<Domain, JsonObject>>>; // of each domain, as declared
  readonly manifests: readonly Manifest[]; // of tools that are not our own
  readonly digest: Digest; // of the files as read
}

/** The declared organization cannot be read; nothing starts. */
export class OrganizationError extends Error {
  override readonly name = 'OrganizationError';
  readonly code = 'invalid';
  constructor(readonly problems: readonly string[]) {
    super(problems.join('\n'));
  }
}

/** @throws OrganizationError with every problem: file, line, value, what to do */
export async function loadOrganization(dir: string): Promise<Organization> {
  const problems: string[] = [];
  const organization = await readYaml(dir, 'organization.yaml', OrganizationFile, problems);
  const people = await readYaml(dir, 'people.yaml', PeopleFile, problems);
  const finance = await readYaml(dir, 'desired/finance.yaml', DESIRED.finance, problems);
  const others = await readOthers(dir, problems);
  const manifests = await readManifests(dir, problems);
  problems.push(...crossChecks(organization, people, finance, manifests));
  if (problems.length > 0 || !organization || !people || !finance) throw new OrganizationError(problems);
  return {
    ...organization.value,
    people: people.value.people,
    interests: people.value.interests,
    overrides: people.value.overrides,
    finance: finance.value,
    desired: { ...Object.fromEntries(others.map(({ domain, read }) => [domain, JsonObject.parse(read.value)])), finance: JsonObject.parse(finance.value) },
    manifests: manifests.map(({ value }) => value),
    digest: digest([organization.text, people.text, finance.text, ...[...others.map(({ read }) => read), ...manifests].map(({ text }) => text)]),
  };
}

/** What is declared for the other domains; one that the organization leaves to people has no file. */
async function readOthers(dir: string, problems: string[]) {
  const found: { readonly domain: Domain; readonly read: Read<unknown> }[] = [];
  for (const domain of DOMAINS) {
    const schema: z.ZodType | undefined = domain === 'finance' ? undefined : DESIRED[domain];
    if (!schema || !existsSync(join(dir, `desired/${domain}.yaml`))) continue;
    const read = await readYaml(dir, `desired/${domain}.yaml`, schema, problems);
    if (read) found.push({ domain, read });
  }
  return found;
}
