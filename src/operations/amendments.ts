/** The operations about what is in force, and how it changes. */
import { blame } from '../activities/amendments/blame.ts';
import { handbook } from '../activities/amendments/handbook.ts';
import { lowerLevel } from '../activities/amendments/level.ts';
import { checkDraft, proposeConstitution, proposeLevel } from '../activities/amendments/propose.ts';
import { requireOwner } from '../activities/tokens.ts';
import type { AmendmentOnFile } from '../activities/amendments/ports.ts';
import { voteOnAmendment } from '../activities/amendments/vote.ts';
import type { Tx } from '../activities/ports.ts';
import type { World } from '../activities/world.ts';
import { weekReport } from '../activities/weeks.ts';
import { ClientError, type AmendmentCard, type Client } from '../client.ts';
import type { amendmentInputs } from '../client-amendments.ts';
import { digestOf } from '../gate/constitution.ts';
import { AgentName, type AmendmentId, type OrgId, type PersonId } from '../kernel/ids.ts';
import { nearest, UnknownNameError } from '../kernel/nearest.ts';
import type { Sight } from '../activities/sight.ts';
import type { Findings } from '../kernel/amendment.ts';
import type { Callers } from './callers.ts';
import type { Installation } from './installation.ts';
import { seenTool, sightFor } from './seeing.ts';
import { woken } from './woken.ts';

export function amendmentOperations(installation: Installation, callers: Callers): Pick<Client, keyof typeof amendmentInputs> {
  const { world, org } = installation;
  const { person, known } = callers;
  const proposed = async (id: AmendmentId): Promise<AmendmentCard> => {
    await woken(world.orchestrator.wakeAmendment(org, id));
    return cardNamed(world, org, id);
  };
  return {
    async constitution_show(caller) {
      await known(caller);
      const { digest, articles } = world.constitution(org);
      const inForce = await world.store.tx(org, (tx) => world.amendments.inForce(tx));
      return {
        digest,
        draft: digestOf((await world.drafts.read()).bundle) !== digest,
        quorum: inForce?.bundle.quorum ?? 1,
        articles: [...articles.values()].map(({ id, article, title, source, effect, asks, observes }) => ({
          id,
          article,
          title,
          source,
          effect,
          asks,
          observes,
        })),
      };
    },
    async constitution_check(caller, which) {
      const sight = await sightFor(installation, callers, caller);
      const { bundle, inForce, findings } = await checkDraft(world, org, which);
      return { ...asSeen(world, sight, findings), inForce: inForce?.digest ?? null, draft: digestOf(bundle), currency: world.settings(org).currency };
    },
    async constitution_history(caller) {
      await known(caller);
      return world.store.tx(org, async (tx) => {
        const all = (await world.amendments.all(tx)).map(({ amendment }) => amendment);
        return (await world.amendments.ratifications(tx)).map(({ digest, by, at }) => {
          const amendment = all.find((one) => one.digest === digest && one.state === 'ratified');
          return { digest, by, at, amendment: amendment?.id ?? null, changes: amendment?.findings?.changes ?? [] };
        });
      });
    },
    constitution_explain: async (caller) => (await known(caller), handbook(world, org)),
    constitution_blame: async (caller, { article }) => (await known(caller), blame(world, org, article)),
    amend: async (caller, { reason }) => proposed(await proposeConstitution(world, await person(caller), reason)),
    async amendments(caller, { all }) {
      const sight = await sightFor(installation, callers, caller);
      return world.store.tx(org, async (tx) => {
        const rows = (await world.amendments.all(tx)).filter(({ amendment }) => all || amendment.closedAt === null);
        const cards: AmendmentCard[] = [];
        for (const row of rows) cards.push(cardFor(world, sight, await cardOf(world, tx, row)));
        return cards;
      });
    },
    amendment: async (caller, { id }) => cardFor(world, await sightFor(installation, callers, caller), await cardNamed(world, org, id)),
    async ratify(caller, { amendment: named, digest: seen, choice = 'approve', reason = '' }) {
      const inForce = await world.store.tx(org, (tx) => world.amendments.inForce(tx));
      if (!inForce && caller.kind === 'operator') throw new ClientError('owner_needed', 3, FIRST_WORD); // nobody's word begins nothing
      const speaker = await person(caller);
      requireOwner(speaker, 'ratify');
      if (!inForce)
        return {
          constitution: await installation.begin(speaker.person),
          counted: true,
          message: 'The constitution of the files is in force.',
          amendment: null,
        };
      const { id } = named === undefined ? await onlyOpen(world, org) : await cardNamed(world, org, named);
      const result = await voteOnAmendment(world, speaker, id, { choice, reason, seen: seen ?? null });
      if (result.counted) await woken(world.orchestrator.wakeAmendment(org, id));
      const message = result.counted ? `Your vote to ${choice} counts.` : result.what;
      return { constitution: inForce.digest, counted: result.counted, message, amendment: await cardNamed(world, org, id) };
    },
    levels: async (caller) => (await known(caller), world.store.tx(org, (tx) => world.amendments.levels(tx))),
    async week_report(caller, { week }) {
      const sight = await sightFor(installation, callers, caller);
      const { rows, more, ...report } = await weekReport(world, org, week);
      const seen = rows.filter(({ tool, parties }) => sight.sees({ ...seenTool(world, tool), parties }));
      return { ...report, rows: seen, more: more + rows.length - seen.length };
    },
    level_raise: async (caller, { agent, to, reason }) =>
      proposed(await proposeLevel(world, await person(caller), await agentNamed(world, org, agent), to, reason)),
    async level_lower(caller, { agent, to, reason }) {
      const speaker = await person(caller);
      const name = await agentNamed(world, org, agent);
      return { agent: name, ...(await lowerLevel(world, speaker, name, to, reason)) };
    },
  };
}

/** A draft is everybody's to read; the decisions that it would change are told one by one to those who may see each. */
export const asSeen = (world: World, sight: Sight, { replay, ...findings }: Findings): Findings => ({
  ...findings,
  replay: replay && { ...replay, shown: replay.shown.filter(({ tool, people }) => sight.sees({ ...seenTool(world, tool), parties: people })) },
});
export const cardFor = (world: World, sight: Sight, card: AmendmentCard): AmendmentCard => ({
  ...card,
  findings: card.findings && asSeen(world, sight, card.findings),
});

const FIRST_WORD =
  'Nothing is in force here yet, and an owner begins it with a token of their own. Issue the first one with `charter people token OWNER`; OWNER exchanges it with `charter people token OWNER --as OWNER`, and says `charter constitution ratify --as OWNER`.';

async function agentNamed(world: World, org: OrgId, given: string): Promise<AgentName> {
  const known = (await world.store.tx(org, (tx) => world.amendments.levels(tx))).map(({ agent }) => agent);
  const found = known.find((agent) => agent === given);
  if (!found) throw new UnknownNameError('agent', given, known, 'charter level show');
  return AgentName.parse(found);
}

export async function amendmentCards(world: World, tx: Tx): Promise<readonly AmendmentCard[]> {
  const cards: AmendmentCard[] = [];
  for (const row of await world.amendments.all(tx)) cards.push(await cardOf(world, tx, row));
  return cards;
}

/** Those that wait for this very person. */
export const amendmentsFor = async (world: World, tx: Tx, person: PersonId): Promise<readonly AmendmentCard[]> =>
  (await amendmentCards(world, tx)).filter(({ may }) => may.includes(person));

export async function cardNamed(world: World, org: OrgId, given: string): Promise<AmendmentCard> {
  const wanted = given.startsWith('amd-') ? given : `amd-${given}`;
  return world.store.tx(org, async (tx) => {
    const all = await world.amendments.all(tx);
    const [only, ...more] = all.filter(({ amendment }) => amendment.id.startsWith(wanted));
    if (only && more.length === 0) return cardOf(world, tx, only);
    const near = nearest(
      given,
      all.map(({ amendment }) => amendment.id),
    );
    throw new ClientError(
      'amendment_unknown',
      2,
      `${only ? `\`${given}\` fits several amendments; write more of it` : `There is no amendment \`${given}\``}${near.length > 0 ? `. Near: ${near.join(', ')}` : ''}. See \`charter constitution show --amendments\`.`,
    );
  });
}

async function onlyOpen(world: World, org: OrgId): Promise<Pick<AmendmentCard, 'id'>> {
  const [only, ...more] = await world.store.tx(org, (tx) => world.amendments.open(tx));
  if (only && more.length === 0) return { id: only };
  throw new ClientError(
    'amendment_missing',
    2,
    only
      ? `Several amendments are open; say which: ${[only, ...more].join(', ')}.`
      : 'No amendment is open. Look at the draft with `charter constitution diff`, and propose it: `charter constitution amend --reason "…"`.',
  );
}

async function cardOf(world: World, tx: Tx, { amendment }: AmendmentOnFile): Promise<AmendmentCard> {
  const { content, org, ...rest } = amendment;
  const votes = await world.amendments.votes(tx, amendment.id);
  const owners = amendment.state === 'open' ? await world.amendments.owners(tx) : [];
  return {
    ...rest,
    kind: 'amendment',
    what: content.kind,
    level: content.kind === 'level' ? content.change : null,
    votes: votes.map(({ vote: { person, choice, reason } }) => ({ person, choice, reason })),
    may: owners.filter((owner) => !votes.some(({ vote }) => vote.person === owner)),
    currency: world.settings(org).currency,
  };
}
