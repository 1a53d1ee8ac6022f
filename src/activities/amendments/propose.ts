/** A person with the role owner wants something else in force. Agents have no way here: no tool leads to it. */
import { digestOf } from '../../gate/constitution.ts';
import { ExaminedPart, UNEXAMINED, type Amendment, type Findings } from '../../kernel/amendment.ts';
import { digest } from '../../kernel/digest.ts';
import { deriveId, type AgentName, type AmendmentId, type OrgId } from '../../kernel/ids.ts';
import type { RuleChange } from '../../kernel/rules.ts';
import { Level } from '../../kernel/nouns.ts';
import { instant, millis } from '../../kernel/time.ts';
import type { Speaker } from '../people.ts';
import type { Tx } from '../ports.ts';
import { requireOwner } from '../tokens.ts';
import { record, type World } from '../world.ts';
import { declare } from './declared.ts';
import { historyOf } from './history.ts';
import type { AmendmentOnFile } from './ports.ts';

const LIFE_MS = 14 * 86_400_000; // of an open amendment; a proposal's card lies no longer either

/** The draft cannot be proposed as it is. */
export class AmendmentError extends Error {
  override readonly name = 'AmendmentError';
  constructor(
    readonly code: 'draft_refused' | 'nothing_changed' | 'already_open' | 'too_few_owners' | 'not_ratified' | 'not_raised' | 'nothing_shown' | 'agent_unknown',
    message: string,
  ) {
    super(message);
  }
}

export type Look = NonNullable<Parameters<typeof historyOf>[2]> & { readonly parts?: readonly ExaminedPart[] };

/** What stands in the files now, examined; nothing is kept of it. @param change of a rule, as if it stood in them @throws RuleError */
export async function checkDraft(world: World, org: OrgId, { parts = ExaminedPart.options, ...which }: Look = {}, change?: RuleChange) {
  const read = await world.drafts.read(change);
  const { bundle, problems } = read;
  const besides = read.made.map(({ cases }) => cases);
  const inForce = await world.store.tx(org, (tx) => world.amendments.inForce(tx));
  const history = await historyOf(world, org, which);
  const refused: Findings = { ...UNEXAMINED, problems: [...problems] };
  const { currency } = world.settings(org);
  const { findings, cases } =
    problems.length > 0
      ? { findings: refused, cases: [] }
      : await world.drafts.examine({ draft: bundle, inForce: inForce?.bundle ?? null, cases: null, besides, ...history, currency, parts });
  return { ...read, inForce, findings, cases };
}

/**
 * Puts the draft of the files to the vote, as it is now.
 * @throws AuthorityError `role_missing`; AmendmentError
 */
export async function proposeConstitution(world: World, speaker: Speaker, reason: string): Promise<AmendmentId> {
  requireOwner(speaker, 'propose an amendment');
  const { bundle, inForce, findings, cases } = await checkDraft(world, speaker.org, { parts: [] }); // the check that counts is made of what is stored
  if (!inForce) throw new AmendmentError('not_ratified', 'Nothing is in force yet that could be amended: `charter constitution ratify --as OWNER` begins it.');
  if (findings.problems.length > 0)
    throw new AmendmentError('draft_refused', `The draft cannot be put to the vote:\n${findings.problems.map((problem) => `- ${problem}`).join('\n')}`);
  const made = digestOf(bundle);
  if (made === inForce.digest) throw new AmendmentError('nothing_changed', 'The files say what is in force; there is nothing to amend.');
  const content: Amendment['content'] = { kind: 'constitution', base: inForce.digest };
  return world.store.tx(speaker.org, (tx) =>
    propose(world, tx, speaker, { content, digest: made, reason, quorum: inForce.bundle.quorum ?? 1 }, { bundle, cases }),
  );
}

/**
 * Asks for a higher level of an agent, citing what it did at its present one.
 * @throws AuthorityError `role_missing`; AmendmentError
 */
export async function proposeLevel(world: World, speaker: Speaker, agent: AgentName, to: Level, reason: string): Promise<AmendmentId> {
  requireOwner(speaker, "raise an agent's level");
  return world.store.tx(speaker.org, async (tx) => {
    const inForce = await world.amendments.inForce(tx);
    if (!inForce) throw new AmendmentError('not_ratified', 'Nothing is ratified yet: `charter constitution ratify --as OWNER` comes first.');
    const from = await world.amendments.level(tx, agent);
    if (!from) throw new AmendmentError('agent_unknown', `There is no agent \`${agent}\`; see \`charter level show\`.`);
    if (Level.options.indexOf(to) <= Level.options.indexOf(from))
      throw new AmendmentError('not_raised', `\`${agent}\` is at \`${from}\`; \`${to}\` is no higher. To lower it: \`charter level lower ${agent} ${to}\`.`);
    const evidence = await world.amendments.evidence(tx, agent, from, world.settings(speaker.org).currency);
    if (evidence.proposals === 0)
      throw new AmendmentError(
        'nothing_shown',
        `\`${agent}\` has done nothing at \`${from}\` yet that could be cited. Let it review first: \`charter review DOMAIN\`.`,
      );
    const change = { agent, from, to, evidence };
    return propose(world, tx, speaker, { content: { kind: 'level', change }, digest: digest(change), reason, quorum: inForce.bundle.quorum ?? 1 }, null);
  });
}

type Wanted = Pick<Amendment, 'content' | 'digest' | 'reason' | 'quorum'>;

async function propose(world: World, tx: Tx, speaker: Speaker, wanted: Wanted, stored: Parameters<World['amendments']['add']>[2]): Promise<AmendmentId> {
  await tx.lock(['amendments']);
  const owners = await world.amendments.owners(tx);
  if (owners.length < wanted.quorum)
    throw new AmendmentError(
      'too_few_owners',
      `An amendment needs ${wanted.quorum} owners; active are ${owners.join(', ') || 'none'}. Give another person the role in people.yaml.`,
    );
  const { times: attempts, open } = await world.amendments.before(tx, wanted.digest);
  if (open) throw new AmendmentError('already_open', `This very amendment is open already: \`${open}\`.`);
  const times = await tx.times();
  const id = deriveId('amd', [tx.org, wanted.digest, attempts]);
  const event = await record(world, tx, {
    org: tx.org,
    type: 'amendment.proposed',
    key: [id],
    causes: [],
    correlation: id,
    times,
    groups: {
      actor: { subject: `person/${speaker.person}`, value: { person: speaker.person, credential: speaker.token } },
      payload: { subject: 'organization', value: { amendment: id, digest: wanted.digest, reason: wanted.reason, content: wanted.content } },
    },
  });
  const amendment: Amendment = {
    ...wanted,
    id,
    org: tx.org,
    proposedBy: speaker.person,
    state: 'checking',
    findings: null,
    createdAt: times.wall,
    closedAt: null,
    expiresAt: instant(millis(times.wall) + LIFE_MS),
  };
  const row: AmendmentOnFile = { amendment, event, checked: null };
  await world.amendments.add(tx, row, stored);
  if (stored) await declare(world, tx, stored.bundle, wanted.digest);
  return id;
}
