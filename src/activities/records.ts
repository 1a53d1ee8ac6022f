/** Files that nobody recognises: a person says what they hold, and they are filed like any other. */
import { digest, type Digest } from '../kernel/digest.ts';
import type { PersonId } from '../kernel/ids.ts';
import { eventId } from '../ledger/seal.ts';
import { reviewed, type Described, type DescribedFile } from './housekeeping.ts';
import { AuthorityError, type Speaker } from './people.ts';
import { beginReview } from './triggers.ts';
import { record, type World } from './world.ts';

/** @throws AuthorityError `role_missing` unless the speaker answers for the register's domain, or owns the organization */
export async function describeFile(world: World, speaker: Speaker, bytes: Digest, said: Described): Promise<DescribedFile> {
  const register = world.papers.registers.find(({ name }) => name === said.register);
  if (register && !speaker.roles.includes(register.domain) && !speaker.roles.includes('owner'))
    throw new AuthorityError('role_missing', `\`${speaker.person}\` may not keep ${register.title}; it takes the role \`${register.domain}\` or \`owner\`.`);
  const filed = await world.store.tx(speaker.org, async (tx) => {
    await tx.lock([`record/${bytes}`]);
    const times = await tx.times();
    const result = await world.papers.describe(tx, bytes, said, speaker.person, times.wall);
    if (result.state !== 'filed') return result;
    await record(world, tx, {
      org: tx.org,
      type: 'records.described',
      key: [bytes],
      causes: [eventId({ org: tx.org, type: 'records.filed', key: [bytes] })],
      correlation: `file/${bytes.slice(0, 16)}`,
      times,
      groups: { actor: by(speaker.person), payload: { subject: 'organization', value: { digest: bytes, register: said.register, said: digest({ ...said }) } } },
    });
    return result;
  });
  for (const domain of reviewed(world, filed.domains))
    await beginReview(world, speaker.org, domain, `described-${bytes.slice(0, 16)}`, {
      kind: 'records',
      by: speaker.person,
      causes: [eventId({ org: speaker.org, type: 'records.described', key: [bytes] })],
    });
  return filed;
}

const by = (person: PersonId) => ({ subject: `person/${person}`, value: { person } });
