/** The check that counts: of the bundle as it was stored, whatever the files say by now. */
import { ExaminedPart, UNEXAMINED, type Findings } from '../../kernel/amendment.ts';
import type { AmendmentId, OrgId } from '../../kernel/ids.ts';
import { digestOf, type Bundle } from '../../gate/constitution.ts';
import { digest } from '../../kernel/digest.ts';
import { found, record, type World } from '../world.ts';
import { closeAmendment } from './close.ts';
import { historyOf } from './history.ts';
import { stepOf, type AmendmentStep } from './step.ts';

/** Examined once; asked again, it finds what it found. @throws StageError `not_found` */
export async function checkAmendment(world: World, org: OrgId, id: AmendmentId): Promise<AmendmentStep> {
  const read = await world.store.tx(org, async (tx) => {
    const { amendment } = found(await world.amendments.find(tx, id), `amendment \`${id}\``);
    if (amendment.state !== 'checking') return { step: stepOf(amendment, await tx.times()) };
    return { amendment, stored: await world.amendments.stored(tx, id), inForce: await world.amendments.inForce(tx) };
  });
  if (!read.amendment) return read.step;
  const findings = await findingsOf(world, org, read);
  return world.store.tx(org, async (tx) => {
    await tx.lock([`amendment/${id}`]);
    const onFile = found(await world.amendments.find(tx, id), `amendment \`${id}\``);
    const times = await tx.times();
    if (onFile.amendment.state !== 'checking') return stepOf(onFile.amendment, times);
    const checked = await record(world, tx, {
      org,
      type: 'amendment.checked',
      key: [id],
      causes: [onFile.event],
      correlation: id,
      times,
      groups: {
        decision: {
          subject: 'organization',
          value: {
            amendment: id,
            digest: onFile.amendment.digest,
            problems: findings.problems,
            changes: findings.changes.length,
            verdicts: findings.replay?.changed ?? 0,
          },
        },
      },
    });
    await world.amendments.keepChecked(tx, id, findings, checked);
    if (findings.problems.length > 0) return closeAmendment(world, tx, { ...onFile, checked }, times, 'refused', []);
    await world.amendments.move(tx, id, 'open', times.wall);
    return stepOf({ ...onFile.amendment, state: 'open' }, times);
  });
}

type Read = {
  readonly stored: Awaited<ReturnType<World['amendments']['stored']>>;
  readonly inForce: Awaited<ReturnType<World['amendments']['inForce']>>;
  readonly amendment: NonNullable<Awaited<ReturnType<World['amendments']['find']>>>['amendment'];
};

async function findingsOf(world: World, org: OrgId, { amendment, stored, inForce }: Read): Promise<Findings> {
  const nothing: Findings = { ...UNEXAMINED, digest: amendment.digest };
  if (amendment.content.kind === 'level') return nothing; // what it rests on was counted from our own rows when it was proposed
  const { bundle, cases } = found(stored, `bundle of \`${amendment.id}\``);
  if (digestOf(bundle) !== amendment.digest) return { ...nothing, problems: ['The stored bundle is not the one that was proposed; propose it anew.'] };
  const { currency } = world.settings(org);
  const history = await historyOf(world, org);
  const parts: readonly ExaminedPart[] = inForce && sameRules(inForce.bundle, bundle) ? ['replay'] : ExaminedPart.options;
  return (await world.drafts.examine({ draft: bundle, inForce: inForce?.bundle ?? null, cases, besides: [], ...history, currency, parts })).findings;
}

/** Where limits, grants or agents alone are others, the articles are those that were proved and tried when they were ratified. */
const sameRules = (inForce: Bundle, draft: Bundle): boolean => rulesOf(inForce) === rulesOf(draft);
const rulesOf = ({ schema, articles, invariants = {}, tools }: Bundle) => digest({ schema, articles, invariants, tools });
