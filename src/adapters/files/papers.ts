/** The organization's folders as `Papers`: records and inbox come in, outbox goes out. */
import type { Dropped, Papers } from '../../activities/housekeeping.ts';
import { troubleOf, type Trouble } from '../../kernel/trouble.ts';
import type { BoundRegister } from '../postgres/domain.ts';
import { sqlOf } from '../postgres/store.ts';
import { endBase } from '../postgres/base.ts';
import { awaitsFiling, filedBy, handedAgain, noteHanded, recordsOnFile } from '../postgres/files.ts';
import { describeRecord, fileRecord, reassess } from '../postgres/intake.ts';
import { dueForCutoff, markWritten, takeEach, unwritten } from '../postgres/outbox.ts';
import { financeReads } from '../postgres/finance.ts';
import type { Database } from '../postgres/client.ts';
import { cutoffPassed, leavesOn } from '../../domains/finance/due.ts';
import { recordFile } from './ingest.ts';
import { OutboxError, writeOnce } from './outbox.ts';
import { watchFolders, type Sight } from './sight.ts';

/** @param folders where records are dropped; @param outbox where payment files go */
export function filePapers(db: Database, folders: readonly string[], outbox: string, registers: readonly BoundRegister[]): Papers {
  const watched = watchFolders(folders);
  const based = new Set<string>(); // organizations whose first records are in; bounded by the number of organizations
  return {
    async dropped(org) {
      const { fresh, troubles } = await watched.look(await db.tx(org, (sql) => handedAgain(sql, org)));
      return { files: fresh.map((sight) => droppedOf(sight, registers)), troubles };
    },
    handed: (tx, digest, by, at) => noteHanded(sqlOf(tx), tx.org, digest, by, at),
    filedBy: (tx, digest) => filedBy(sqlOf(tx), tx.org, digest),
    async endBase(tx, at) {
      if (!based.has(tx.org) && (await endBase(sqlOf(tx), tx.org, at))) based.add(tx.org);
    },
    describe: async (tx, digest, said, by, at) => ({ ...(await describeRecord(sqlOf(tx), tx.org, digest, said, by, at, registers)), settled: [] }),
    list: (tx, digest) => recordsOnFile(sqlOf(tx), tx.org, digest ?? ''),
    registers: registers.map(({ register }) => register),
    reassess: (tx) => reassess(sqlOf(tx), tx.org, null),
    async takeDue(tx, now, at) {
      const sql = sqlOf(tx);
      const { cutoff } = await financeReads(sql, tx.org).settings();
      return takeEach(sql, tx.org, await dueForCutoff(sql, tx.org, now.date, cutoffPassed(now, cutoff), leavesOn(now, cutoff)), at);
    },
    async writeOut(org) {
      const troubles: Trouble[] = [];
      for (const { name, content } of await db.tx(org, (sql) => unwritten(sql, org))) {
        try {
          await writeOnce(outbox, name, content);
        } catch (error) {
          if (!(error instanceof OutboxError)) throw error; // the folder itself: no other file would fare better
          troubles.push(troubleOf(name, error));
          continue;
        }
        await db.tx(org, (sql) => markWritten(sql, org, name));
      }
      return troubles;
    },
  };
}

const KNOWN = { state: 'known', reason: '', domains: [], settled: [] } as const;

const droppedOf = ({ path, name, digest, kept }: Sight, registers: readonly BoundRegister[]): Dropped => ({
  name,
  digest,
  kept,
  async file(tx, at) {
    if (!(await awaitsFiling(sqlOf(tx), tx.org, digest))) return KNOWN;
    const file = await recordFile(path);
    if (file.digest !== digest) throw new RangeError(`\`${name}\` changed while it was read; it is read again`);
    const { state, reason, domains, settled } = await fileRecord(sqlOf(tx), tx.org, file, at, registers);
    return {
      state,
      reason,
      domains,
      settled: settled.map(({ payment, line, file: left }) => ({
        payment,
        file: left,
        reference: line.reference,
        booked: line.booked,
        returned: line.returned,
      })),
    };
  },
});
