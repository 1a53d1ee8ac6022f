/** Who put an article where it stands: each change of its text that came into force, the newest first. */
import { articleIn } from '../../gate/constitution.ts';
import { lineDiff } from '../../gate/compare.ts';
import type { Digest } from '../../kernel/digest.ts';
import type { AmendmentId, OrgId } from '../../kernel/ids.ts';
import { UnknownNameError } from '../../kernel/nearest.ts';
import type { Instant } from '../../kernel/time.ts';
import type { Tx } from '../ports.ts';
import type { World } from '../world.ts';

export interface ArticleChange {
  readonly how: 'added' | 'changed' | 'removed';
  readonly at: Instant;
  readonly by: string; // the person whose word began it, or who proposed the amendment
  readonly amendment: AmendmentId | null; // null: the first ratification
  readonly reason: string;
  readonly voted: readonly string[]; // for it
  readonly lines: readonly string[]; // `- ` and `+ `
}

interface Version {
  readonly digest: Digest;
  readonly at: Instant;
  readonly by: string;
  readonly amendment: AmendmentId | null;
  readonly reason: string;
}

/** @throws UnknownNameError where no article of that id was ever in force */
export function blame(world: World, org: OrgId, article: string): Promise<readonly ArticleChange[]> {
  return world.store.tx(org, async (tx) => {
    const texts = await world.amendments.textsWith(tx, article);
    const changes: ArticleChange[] = [];
    let before: string | undefined;
    for (const { digest, ...version } of await versions(world, tx)) {
      const file = texts.get(digest);
      const now = file === undefined ? undefined : articleIn(file, article);
      if (now !== before) {
        const how = before === undefined ? 'added' : now === undefined ? 'removed' : 'changed';
        const voted = version.amendment === null ? [version.by] : await votersFor(world, tx, version.amendment);
        changes.unshift({ ...version, how, voted, lines: lineDiff(before ?? '', now ?? '') });
      }
      before = now;
    }
    if (changes.length > 0) return changes;
    throw new UnknownNameError('article', article, [...world.constitution(org).articles.keys()], 'charter constitution show --json');
  });
}

const votersFor = async (world: World, tx: Tx, id: AmendmentId): Promise<readonly string[]> =>
  (await world.amendments.votes(tx, id)).flatMap(({ vote }) => (vote.choice === 'approve' ? [vote.person] : []));

/** What was in force, in its order: a bundle that came back by an amendment stands there twice. */
async function versions(world: World, tx: Tx): Promise<readonly Version[]> {
  const amended = (await world.amendments.all(tx)).flatMap(({ amendment: { id, digest, state, content, closedAt, reason, proposedBy } }): Version[] =>
    state === 'ratified' && content.kind === 'constitution' && closedAt !== null ? [{ digest, at: closedAt, by: proposedBy, amendment: id, reason }] : [],
  );
  const first = (await world.amendments.ratifications(tx))
    .filter(({ digest }) => !amended.some((one) => one.digest === digest))
    .map(({ digest, by, at }): Version => ({ digest, at, by, amendment: null, reason: 'what was in force first' }));
  return [...first, ...amended].sort((a, b) => (a.at < b.at ? -1 : a.at > b.at ? 1 : 0));
}
