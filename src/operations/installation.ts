/** One organization, as the operations find it. */
import type { BoundPicture } from '../binding.ts';
import type { Digest } from '../kernel/digest.ts';
import type { Domain, OrgId, PersonId } from '../kernel/ids.ts';
import type { RecordRow, SlackState } from '../client.ts';
import type { DeclaredFiles } from '../activities/declared-files.ts';
import type { Daily } from '../activities/clock.ts';
import type { Speaker } from '../activities/people.ts';
import type { World } from '../activities/world.ts';
import type { Views } from '../ports.ts';

/** What the operations need besides the world: this one organization's. */
export interface Installation {
  readonly world: World;
  readonly org: OrgId;
  readonly domains: readonly Domain[]; // that are reviewed
  readonly daily: Daily;
  readonly views: Views;
  readonly pictures: readonly BoundPicture[];
  scheduleReviews(): Promise<void>;
  /** What a review came to that was begun. */
  reviewed(domain: Domain, run: string): Promise<unknown>;
  addRecords(files: readonly { name: string; bytes: Buffer }[], by: Speaker | 'operator'): Promise<readonly RecordRow[]>;
  /** The first ratification, of the files as they are, by an owner. */
  begin(by: PersonId): Promise<Digest>;
  slackState(): SlackState;
  readonly files: DeclaredFiles;
}
