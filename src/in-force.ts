/** What is in force in this process: read from the organization's rows, changed by ratification alone. */
import { readFile } from 'node:fs/promises';
import { declarationOf } from './adapters/files/declaration.ts';
import { loadOrganization, OrganizationError } from './adapters/files/organization.ts';
import type { Database } from './adapters/postgres/client.ts';
import { ratifiedBundle } from './adapters/postgres/organizations.ts';
import { asRatified, draftBundle, readTexts, StoredBundle, type Texts } from './bundle.ts';
import { compile, digestOf, type Bundle, type Constitution } from './gate/constitution.ts';
import type { Ground } from './gate/blanks.ts';
import type { MadeRule } from './gate/rules.ts';
import type { Agent, AnyReadTool, AnyWriteTool } from './kernel/define.ts';
import type { AgentName } from './kernel/ids.ts';
import type { Parts } from './parts.ts';
import { agents as declaredAgents } from './registry.generated.ts';
import type { RuleChange, RuleId } from './kernel/rules.ts';
import { nameTaken, rulesOf, withRules } from './rules.ts';

export interface Draft {
  readonly bundle: StoredBundle & Bundle;
  readonly made: readonly MadeRule[]; // the organization's own rules, as they stand in it
  readonly changed: RuleId | null; // of these the one that a change was about
  readonly ground: Ground; // what rules may name
  readonly problems: Texts['problems']; // what of it could not be read
}

export interface Tools {
  readonly reads: readonly AnyReadTool[];
  readonly writes: readonly AnyWriteTool[];
}

export class InForce {
  constitution: Constitution | undefined;
  differs = false; // the files from what is ratified
  example: boolean | undefined; // as it holds; undefined before the first load
  readonly agents = new Map<AgentName, Agent>();
  readonly prompts = new Map<AgentName, string>();
  readonly #parts: Parts;
  readonly #db: Database;
  readonly #tools: Tools;

  constructor(parts: Parts, db: Database, tools: Tools) {
    [this.#parts, this.#db, this.#tools] = [parts, db, tools];
  }

  /** Reads what is ratified and makes it hold here. @returns whether anything is */
  async take(): Promise<boolean> {
    const { organization, log } = this.#parts;
    this.example = (await this.#row())?.example;
    const stored = await this.#db.tx(organization.id, (sql) => ratifiedBundle(sql, organization.id));
    if (!stored) return false;
    const bundle = StoredBundle.parse(stored.bundle);
    this.constitution = compile(bundle);
    const draft = digestOf((await this.draft()).bundle); // never parsed here: what nobody ratified cannot stop what runs
    this.differs = draft !== this.constitution.digest;
    if (this.differs) log.warn({ ratified: this.constitution.digest, draft }, 'the files differ from what is ratified; what is ratified runs on');
    for (const agent of declaredAgents) {
      const ratified = asRatified(agent, bundle);
      if (ratified) this.agents.set(agent.name, ratified);
      this.prompts.set(agent.name, await readFile(new URL(`../agents/${agent.name}/prompt.md`, import.meta.url), 'utf8'));
    }
    return true;
  }

  /** Puts in force here what another process ratified, or narrowed. */
  async refresh(): Promise<void> {
    const row = await this.#row();
    this.example = row?.example;
    if (row?.constitution && row.constitution !== this.constitution?.digest) await this.take();
  }

  async #row(): Promise<{ readonly constitution: string | null; readonly example: boolean } | undefined> {
    const { id } = this.#parts.organization;
    const [row] = await this.#db.tx(id, (sql) =>
      sql<{ constitution: string | null; example: boolean }>(
        `select constitution, coalesce((document ->> 'example')::boolean, false) example from organization where org = $1`,
        [id],
      ),
    );
    return row;
  }

  /** What the files and the code say now. @param change of a rule, as if it stood in them @throws RuleError */
  async draft(change?: RuleChange): Promise<Draft> {
    const texts = readTexts(this.#parts.constitution);
    const { organization, problems } = await organizationNow(this.#parts);
    const { reads, writes } = this.#tools;
    const base = draftBundle(declaredAgents, reads, writes, texts, organization.amendments.owners, declarationOf(organization), organization.manifests);
    const ground = { currency: organization.currency, agents: declaredAgents.map(({ name }) => name), tools: base.tools };
    const rules = await rulesOf(this.#parts.folder, ground, change);
    const example = organization.example && this.example === false ? [NEVER_AN_EXAMPLE] : [];
    const told = [...texts.problems, ...problems, ...rules.problems, ...nameTaken(base), ...example];
    return { bundle: withRules(base, rules.made), made: rules.made, changed: rules.changed, ground, problems: told };
  }
}

const NEVER_AN_EXAMPLE =
  'organization.yaml: `example` is `true`, and this organization was none: it does not become one, by no vote. Take the line out; `npm start` brings up an example beside it.';

/** The organization's files as they are now; where they cannot be read, as they were loaded, and why. */
async function organizationNow({ folder, organization, reread = () => loadOrganization(folder) }: Parts) {
  try {
    return { organization: await reread(), problems: [] };
  } catch (error) {
    if (error instanceof OrganizationError) return { organization, problems: error.problems };
    throw error;
  }
}
