/**
 * Texts -> Constitution: articles in Cedar, checked before anything rests on them, sliced per tool so that a decision costs
 * the same from ten articles to ten thousand.
 */
import { createRequire } from 'node:module';
import { setFlagsFromString } from 'node:v8';
import type * as Cedar from '@cedar-policy/cedar-wasm/nodejs';
import type { Grants, Limits } from '../kernel/declared.ts';
import type { Rule } from '../kernel/rules.ts';
import type { Terms } from '../kernel/terms.ts';
import { digest, type Digest } from '../kernel/digest.ts';
import { kept } from '../kernel/kept.ts';
import type { ToolName } from '../kernel/ids.ts';
import type { FactSheet } from '../kernel/facts.ts';
import type { ToolEntry } from '../kernel/tool-entry.ts';
import { ROLES, type Cited } from '../kernel/nouns.ts';
import { asksEverybody, escalationOf, escalationWords, isObserved, type EscalationClause } from './lint.ts';

export interface Bundle {
  readonly schema: string; // Cedar, without what the tools declare
  readonly articles: Readonly<Record<string, string>>; // by file name
  readonly invariants?: Readonly<Record<string, string>> | undefined; // by file name: what must hold under the articles, whatever they say
  readonly tools: readonly ToolEntry[];
  readonly agents: readonly unknown[]; // purposes, tools, authority and limits of the agents: part of what is ratified
  readonly quorum?: number | undefined; // owners who must vote for an amendment; 1 where it is not said
  readonly limits?: Limits | undefined; // of the organization: what is declared beyond them does not hold
  readonly grants?: Grants | undefined; // roles and authority of people, likewise
  readonly terms?: Terms | undefined; // what else the outcome hangs on, likewise
  readonly rules?: readonly Rule[] | undefined; // that the organization made from templates; their articles stand among the others
}

export interface Article extends Cited {
  readonly effect: 'permit' | 'forbid';
  readonly escalate: EscalationClause | null;
  readonly asks: string | null; // the same in words
  readonly observes: boolean; // `@mode("observe")`: what it says is kept, and stands against nothing
  readonly words: string | null; // what was compared, with figures: see `spoken`
  readonly text: string;
}

/** The part of the constitution that can apply to one tool, loaded into the engine under its digest. */
export interface Slice {
  readonly tool: ToolEntry;
  readonly digest: Digest;
  readonly policies: Readonly<Record<string, string>>;
  readonly schema: Cedar.Schema;
  readonly everybody: boolean; // the schema has a fact for articles that wait for everybody
  readonly observing: Slice | null; // the same as if the articles were in force that are only observed; null where none is
}

export interface Constitution {
  readonly digest: Digest;
  readonly articles: ReadonlyMap<string, Article>;
  readonly invariants: ReadonlyMap<string, Article>; // never asked when a call is judged
  readonly slices: ReadonlyMap<ToolName, Slice>;
  /** The digest of what can apply to a tool; of an unknown tool, that of nothing. */
  slice(tool: ToolName): Digest;
}

/** Articles that must not be put in force. */
export class ConstitutionError extends Error {
  override readonly name = 'ConstitutionError';
  readonly code = 'rejected';
  constructor(readonly problems: readonly string[]) {
    super(`The constitution is rejected; mend these and try again:\n${problems.map((problem) => `- ${problem}`).join('\n')}`);
  }
}

type Engine = typeof Cedar;
const require = createRequire(import.meta.url);
const MODULE = '@cedar-policy/cedar-wasm/nodejs';
let engine: Engine | undefined;
let loaded = new Set<Digest>();

/**
 * V8 inlines calls into wasm, and of a function that returns a reference, as Cedar's do, it cannot leave the inlined call again: where
 * it has to deoptimize meanwhile the whole process ends (Node 20, "Fatal error in , line 0: unreachable code").
 */
setFlagsFromString('--no-turbo-inline-js-wasm-calls');

/** The engine of this thread. */
export function cedar(): Engine {
  const instance: Engine = engine ?? require(MODULE);
  engine = instance;
  return instance;
}

/** After any throw the instance is not to be trusted: the next call gets a new one. */
export function replaceEngine(): void {
  Reflect.deleteProperty(require.cache, require.resolve(MODULE));
  engine = undefined;
  loaded = new Set();
}

/** Makes sure that the engine holds a slice; it keeps what it is given for ever, so each goes in once. */
export function load(slice: Slice): void {
  if (loaded.has(slice.digest)) return;
  const results = [cedar().preparsePolicySet(slice.digest, { staticPolicies: { ...slice.policies } }), cedar().preparseSchema(slice.digest, slice.schema)];
  for (const result of results) if (result.type === 'failure') throw new ConstitutionError(result.errors.map((error) => error.message));
  loaded.add(slice.digest);
}

const MOST_PARSED = 2_000; // texts: some constitutions, and the drafts of a day. A constitution is compiled again and again: as a draft, in force, with a case's tools

/** One policy's text as Cedar's JSON. */
export const policyJson = kept(MOST_PARSED, (text: string) => cedar().policyToJson(text));
const schemaJson = kept(MOST_PARSED, (text: string) => cedar().schemaToJson(text));

const wholeSchema = ({ schema, tools, articles }: Bundle): string => {
  const everybody = asksEverybody(articles);
  return [schema, ...(everybody ? [UNANIMOUS] : []), declared(schema, tools, everybody)].join('\n');
};

const UNANIMOUS = `type Unanimous = { ${ROLES.map((role) => `${role}: Bool`).join(', ')} };`; // whether everybody who is eligible in a role approved

/** What people vote on and warrants name. Nothing is parsed for it: a draft of any kind has one. */
export const digestOf = (bundle: Bundle): Digest =>
  digest({
    schema: wholeSchema(bundle),
    articles: bundle.articles,
    tools: bundle.tools,
    agents: bundle.agents,
    ...(bundle.invariants === undefined ? {} : { invariants: bundle.invariants }),
    ...(bundle.quorum === undefined ? {} : { quorum: bundle.quorum }),
    ...(bundle.limits === undefined ? {} : { limits: bundle.limits }),
    ...(bundle.grants === undefined ? {} : { grants: bundle.grants }),
    ...(bundle.terms === undefined ? {} : { terms: bundle.terms }),
    ...(bundle.rules === undefined ? {} : { rules: bundle.rules }),
  });

/** @throws ConstitutionError with every problem found */
export function compile(bundle: Bundle): Constitution {
  const problems: string[] = [];
  const articles = new Map<string, Article>();
  for (const [file, text] of Object.entries(bundle.articles).sort()) readArticles(file, text, articles, problems);
  const invariants = new Map<string, Article>();
  for (const [file, text] of Object.entries(bundle.invariants ?? {}).sort()) readArticles(file, text, invariants, problems);
  for (const { id, effect, observes } of invariants.values()) {
    if (effect !== 'forbid') problems.push(`invariants: \`${id}\` permits; an invariant is a forbid`);
    if (observes) problems.push(`invariants: \`${id}\` has @mode; an invariant is proved and never asked`);
  }
  for (const id of invariants.keys()) if (articles.has(id)) problems.push(`invariants: @id \`${id}\` is an article's`);
  const [schema, everybody] = [wholeSchema(bundle), asksEverybody(bundle.articles)];
  const policies = Object.fromEntries([...articles, ...invariants].map(([id, { text }]) => [id, text]));
  if (problems.length === 0) validate(schema, everybody, policies, problems, (id, byte) => placeOf(bundle, policies[id] ?? '', byte));
  if (problems.length > 0) throw new ConstitutionError(problems);
  const slices = slice(schema, everybody, bundle.tools, articles);
  return {
    digest: digestOf(bundle),
    articles,
    invariants,
    slices,
    slice: (tool) => slices.get(tool)?.digest ?? digest({ tool: null }),
  };
}

function readArticles(file: string, text: string, articles: Map<string, Article>, problems: string[]): void {
  const parts = cedar().policySetTextToParts(text);
  if (parts.type === 'failure') {
    problems.push(
      ...parts.errors.map((error) => `${file}:${place(text, error.sourceLocations?.[0]?.start)} ${error.message}${error.help ? ` (${error.help})` : ''}`),
    );
    return;
  }
  if (parts.policy_templates.length > 0) problems.push(`${file}: templates have no place in the constitution`);
  for (const policy of parts.policies) {
    const parsed = policyJson(policy);
    if (parsed.type === 'failure') {
      problems.push(`${file}: ${parsed.errors[0]?.message ?? 'unreadable'}`);
      continue;
    }
    const { id = '', article = '', title = '', source = '', words = null } = parsed.json.annotations ?? {};
    if (!id || !article || !title || !source) problems.push(`${file}: an article lacks @id, @article, @title or @source: ${policy.slice(0, 60)}`);
    if (articles.has(id)) problems.push(`${file}: @id \`${id}\` is used twice`);
    const problem = (what: string) => problems.push(`${file}: \`${id}\` ${what}`);
    const escalate = escalationOf(parsed.json, problem);
    const observes = isObserved(parsed.json, problem);
    const { effect } = parsed.json;
    articles.set(id, { id, article, title, source, effect, escalate, asks: escalate && escalationWords(escalate), observes, words, text: policy });
  }
}

/** One article's text in a file of articles, by its id; undefined where it is not there. */
export function articleIn(file: string, id: string): string | undefined {
  const parts = cedar().policySetTextToParts(file);
  if (parts.type === 'failure') return undefined;
  return parts.policies.find((text) => {
    const parsed = policyJson(text);
    return parsed.type === 'success' && parsed.json.annotations?.['id'] === id;
  });
}

/** A group that no tool is in yet gets a tool for the time of validation, so that articles about it are checked all the same. */
function standIns(schema: string, everybody: boolean): string {
  const whole = schemaJson(schema);
  if (whole.type === 'failure') return ''; // validation reports it
  const actions = Object.entries(whole.json['']?.actions ?? {});
  const peopled = new Set(actions.flatMap(([, action]) => (action.memberOf ?? []).map(({ id }) => id)));
  const empty = actions.filter(([id, action]) => (action.appliesTo?.principalTypes ?? []).length === 0 && !peopled.has(id));
  return empty
    .map(
      ([id]) =>
        `action "none.in_${id}" in ["${id}"] appliesTo { principal: [Agent], resource: [Records], context: { base: Base${everybody ? WITH_UNANIMOUS : ''} } };`,
    )
    .join('\n');
}

function validate(
  schema: string,
  everybody: boolean,
  policies: Record<string, string>,
  problems: string[],
  placed: (id: string, byte: number) => string,
): void {
  const result = cedar().validate({
    schema: `${schema}\n${standIns(schema, everybody)}`,
    policies: { staticPolicies: policies },
    validationSettings: { mode: 'strict' },
  });
  if (result.type === 'failure') problems.push(...result.errors.map((error) => error.message));
  else {
    const told = new Set<string>(); // one fault is found again for each tool that the article is about
    for (const { policyId, error } of [...result.validationErrors, ...result.validationWarnings]) {
      const at = placed(policyId, error.sourceLocations?.[0]?.start ?? 0);
      if (!told.has(at)) problems.push(`${at} \`${policyId}\`: ${error.message}${error.help ? ` (${error.help})` : ''}`);
      told.add(at);
    }
  }
}

/** `20-finance.cedar:12:3`: a byte of a policy, in the file that it stands in. */
function placeOf({ articles, invariants }: Bundle, policy: string, byte: number): string {
  const [file, text] = Object.entries({ ...articles, ...invariants }).find(([, all]) => all.includes(policy)) ?? ['', policy];
  return `${file}:${place(text, Buffer.byteLength(text.slice(0, text.indexOf(policy))) + byte)}`;
}

/** Byte offset -> `line:column`; Cedar counts bytes, editors count characters. */
function place(text: string, byte = 0): string {
  const lines = Buffer.from(text).subarray(0, byte).toString().split('\n');
  return `${lines.length}:${(lines.at(-1) ?? '').length + 1}`;
}

const CEDAR = { bool: 'Bool', long: 'Long', text: 'String', texts: 'Set<String>' } as const;
const typeOf = ({ name }: FactSheet): string => `${name.replace(/(^|_)([a-z])/g, (_all, _gap, letter: string) => letter.toUpperCase())}Facts`;

/** The schema of what the tools declare: what they act on, their fact sheets with the groups about them, and the tools as actions. */
function declared(schema: string, tools: readonly ToolEntry[], everybody: boolean): string {
  const sheets = new Map(tools.flatMap(({ facts }) => (facts ? [[facts.name, facts] as const] : [])));
  const types = new Set(tools.map(({ resourceType }) => resourceType).filter((type) => !new RegExp(`^entity ${type}\\b`, 'm').test(schema)));
  return [
    ...[...types].sort().map((type) => `entity ${type};`),
    ...[...sheets.values()].map((sheet) => {
      const fields = Object.entries(sheet.fields)
        .map(([field, kind]) => `${field}: ${CEDAR[kind]}`)
        .sort(); // a stored bundle keeps no order of keys
      return `type ${typeOf(sheet)} = { ${fields.join(', ')} };`;
    }),
    ...[...new Set([...sheets.values()].map(({ group }) => group))]
      .filter((group) => !new RegExp(`^action "${group}"`, 'm').test(schema))
      .sort()
      .map((group) => `action "${group}" in ["Act"];`),
    ...tools.map((tool) => actionOf(tool, everybody)),
  ].join('\n');
}

const WITH_UNANIMOUS = ', unanimous: Unanimous';

/** A tool as an action of the schema, in the groups that articles speak of. */
function actionOf({ name, effect, facts, resourceType, domain, classification, imported }: ToolEntry, everybody: boolean): string {
  const ofEffect = {
    read: ['Read'],
    write: [],
    outbound: ['Outbound'],
    irreversible: ['Irreversible'],
    reply: ['Reply'],
    show: ['Show'],
    look: ['Look'],
    consult: ['Consult'],
  }[effect];
  const ofClass = classification === 'confidential' ? ['Confidential'] : classification === 'restricted' ? ['Restricted'] : [];
  const ofDomain = domain === null ? [] : [domain[0]?.toUpperCase() + domain.slice(1), ...(facts ? [facts.group] : [])];
  const ofImported = imported === undefined ? [] : [effect === 'read' ? 'Imported' : 'ImportedAct'];
  const groups = effect === 'read' ? [...ofImported, ...ofEffect, ...ofClass] : [...ofImported, ...ofDomain, ...ofEffect];
  const fields = `${everybody ? WITH_UNANIMOUS : ''}${facts ? `, ${facts.name}: ${typeOf(facts)}` : ''}`;
  return `action "${name}" in [${groups.map((group) => `"${group}"`).join(', ')}] appliesTo { principal: [Agent], resource: [${resourceType}], context: { base: Base${fields} } };`;
}

interface ActionJson {
  readonly memberOf?: readonly { readonly id: string }[];
}

/** A tool and the groups that it is in, as its slice knows them. */
export const actionsAbove = ({ schema }: Slice): readonly string[] => (typeof schema === 'string' ? [] : Object.keys(schema['']?.actions ?? {}));

function slice(schemaText: string, everybody: boolean, tools: readonly ToolEntry[], articles: ReadonlyMap<string, Article>): ReadonlyMap<ToolName, Slice> {
  const whole = schemaJson(schemaText);
  if (whole.type === 'failure') throw new ConstitutionError(whole.errors.map((error) => error.message));
  const namespace = whole.json[''];
  if (!namespace) throw new ConstitutionError(['the schema has no actions']);
  const actions: Readonly<Record<string, ActionJson>> = namespace.actions;
  const above = (id: string): readonly string[] => [id, ...(actions[id]?.memberOf ?? []).flatMap((parent) => above(parent.id))];
  const scoped = [...articles.values()].map((article) => ({ ...article, appliesTo: scopeOf(article.text) }));
  const textsOf = (some: readonly Pick<Article, 'id' | 'text'>[]) => Object.fromEntries(some.map(({ id, text }) => [id, text]));
  return new Map(
    tools.map((tool) => {
      const reach = new Set(above(tool.name));
      const about = scoped.filter(({ appliesTo }) => appliesTo(reach));
      const inForce = about.filter(({ observes }) => !observes);
      const schema = { '': { ...namespace, actions: Object.fromEntries(Object.entries(namespace.actions).filter(([id]) => reach.has(id))) } };
      const of = (policies: Slice['policies'], observing: Slice | null): Slice => {
        return { tool, policies, schema, everybody, observing, digest: digest({ tool: judgedAs(tool), policies, schema }) };
      };
      return [tool.name, of(textsOf(inForce), inForce.length === about.length ? null : of(textsOf(about), null))];
    }),
  );
}

/** What of a tool a verdict can hang on. What people may answer besides their vote is no part of it, and voids no vote. */
const judgedAs = ({ answers, ...tool }: ToolEntry): Omit<ToolEntry, 'answers'> => tool;

/** Whether a policy's scope can hold for an action with these ancestors. In doubt it can. Parsed once, asked for each tool. */
export function scopeOf(text: string): (reach: ReadonlySet<string>) => boolean {
  const always = (): boolean => true;
  const parsed = policyJson(text);
  if (parsed.type === 'failure') return always;
  const { action } = parsed.json;
  if (action.op === 'All') return always;
  const named = 'entities' in action ? action.entities : 'entity' in action ? [action.entity] : undefined;
  return named === undefined ? always : (reach) => named.some((entity) => !('id' in entity) || reach.has(entity.id));
}
