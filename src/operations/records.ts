/** The papers of the organization, and the clock of an example. */
import type { RecordOnFile } from '../activities/housekeeping.ts';
import { describeFile } from '../activities/records.ts';
import { ClientError, type Client, type RecordRow } from '../client.ts';
import { UnknownNameError } from '../kernel/nearest.ts';
import { advanceClock } from './advance-clock.ts';
import type { Callers } from './callers.ts';
import type { Installation } from './installation.ts';
import { asLongAs } from './named.ts';
import { seenFile, sightFor } from './seeing.ts';

const MOST_SHOWN = 50; // rows of a described table: a screen or two, and the rest is counted

export const recordRow = ({ digest, name, kind, state, reason, mapping, filedBy }: RecordOnFile): RecordRow => ({
  id: digest,
  name,
  kind,
  state,
  reason,
  filedBy,
  register: mapping?.register ?? null,
  mapping: mapping?.columns ?? {},
  ignored: mapping?.ignored ?? [],
});

type OfRecords = Pick<Client, 'add_records' | 'records' | 'describe_record' | 'advance_clock'>;

export function recordOperations(installation: Installation, who: Callers): OfRecords {
  const { person, known, orOperator } = who;
  const { world, org } = installation;
  return {
    async add_records(caller, { files }) {
      const by = await orOperator(caller);
      return installation.addRecords(
        files.map(({ name, base64 }) => ({ name, bytes: Buffer.from(base64, 'base64') })),
        by,
      );
    },
    async records(caller, { state }) {
      const sight = await sightFor(installation, who, caller);
      const rows = (await world.store.tx(org, (tx) => world.papers.list(tx))).filter((row) => state === null || row.state === state).map(recordRow);
      return rows.filter((row) => sight.sees(seenFile(world, row)));
    },
    async describe_record(caller, { id, ...said }) {
      const asker = await person(caller);
      const names = world.papers.registers.map(({ name }) => name);
      if (!names.includes(said.register)) throw new UnknownNameError('register', said.register, names, null);
      const [only, ...more] = await world.store.tx(org, (tx) => world.papers.list(tx, id));
      if (more.length > 0) throw new ClientError('file_unknown', 2, `\`${id}\` fits several files; write more of it. See \`charter records list\`.`);
      if (!only)
        throw new UnknownNameError(
          'file',
          id,
          asLongAs(
            id,
            (await world.store.tx(org, (tx) => world.papers.list(tx))).map(({ digest }) => digest),
          ),
          'charter records list',
        );
      const { state, reason, rows } = await describeFile(world, asker, only.digest, said);
      const register = world.papers.registers.find(({ name }) => name === said.register);
      return {
        filed: state === 'filed',
        reason,
        columns: Object.fromEntries(Object.entries(register?.columns ?? {}).map(([column, { about }]) => [column, about])),
        rows: rows.slice(0, MOST_SHOWN),
        more: Math.max(0, rows.length - MOST_SHOWN),
      };
    },
    async advance_clock(caller, { ms }) {
      const by = await known(caller);
      if (!world.settings(org).example)
        throw new ClientError(
          'not_an_example',
          3,
          'Only an example has a clock of its own, and an organization is one from its first start or never; `npm start` brings one up to try things out.',
        );
      const advanced = await advanceClock(installation, ms, by);
      await installation.scheduleReviews();
      return advanced;
    },
  };
}
