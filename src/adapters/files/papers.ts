/** The organization's folders as `Papers`: records and inbox come in, outbox goes out. */
import type { Dropped, Papers } from '../../activities/housekeeping.ts';
import type { BoundRegister } from '../postgres/domain.ts';
import { sqlOf } from '../postgres/store.ts';
import { endBase } from '../postgres/base.ts';
import { filedBy, handedAgain, noteHanded, recordsOnFile } from '../postgres/files.ts';
import { describeRecord, fileRecord, reassess } from '../postgres/intake.ts';
import { dueForCutoff, markWritten, takeForFile, unwritten } from '../postgres/outbox.ts';
import { financeReads } from '../postgres/finance.ts';
import type { Database } from '../postgres/client.ts';
import { cutoffPassed, leavesOn } from '../../domains/finance/due.ts';
import { recordFiles, type RecordFile } from './ingest.ts';
import { writeOnce } from './outbox.ts';

/** @param folders where records are dropped; @param outbox where payment files go */
export function filePapers(db: Database, folders: readonly string[], outbox: string, registers: readonly BoundRegister[]): Papers {
  const seen = new Set<string>(); // digests that this process filed or found on file; bounded by the number of record files
  const based = new Set<string>(); // organizations whose first records are in; bounded by the number of organizations
  return {
    async dropped(org) {
      const all = await Promise.all(folders.map((folder) => recordFiles(folder)));
      const again = await db.tx(org, (sql) => handedAgain(sql, org));
      return all
        .flat()
        .filter(({ digest }) => !seen.has(digest) || again.includes(digest))
        .map((file) => droppedOf(file, seen, registers));
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
      const due = await dueForCutoff(sql, tx.org, now.date, cutoffPassed(now, cutoff), leavesOn(now, cutoff));
      const files = [];
      for (const one of due) files.push(await takeForFile(sql, tx.org, one, at));
      return files.filter((file) => file !== undefined);
    },
    async writeOut(org) {
      for (const { name, content } of await db.tx(org, (sql) => unwritten(sql, org))) {
        await writeOnce(outbox, name, content);
        await db.tx(org, (sql) => markWritten(sql, org, name));
      }
    },
  };
}

const droppedOf = (file: RecordFile, seen: Set<string>, registers: readonly BoundRegister[]): Dropped => ({
  name: file.name,
  digest: file.digest,
  async file(tx, at) {
    const { state, reason, domains, settled } = await fileRecord(sqlOf(tx), tx.org, file, at, registers);
    seen.add(file.digest);
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
