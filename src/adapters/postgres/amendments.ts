/** Amendments and their votes, as rows. */
import { z } from 'zod';
import type { AmendmentOnFile, Amendments, AmendmentVoteRow } from '../../activities/amendments/ports.ts';
import type { Tx } from '../../activities/ports.ts';
import { AmendmentState, AmendmentVote, CaseFile, Findings, LevelChange } from '../../kernel/amendment.ts';
import { Digest } from '../../kernel/digest.ts';
import { AmendmentId, EventId, OrgId, PersonId } from '../../kernel/ids.ts';
import { Role } from '../../kernel/nouns.ts';
import { instant } from '../../kernel/time.ts';
import { StoredTexts, inForceRows } from './in-force.ts';
import type { Sql } from './client.ts';

const MOST = 200; // amendments of one answer

const Time = z.date().transform((at) => instant(at.getTime()));
const Row = z.object({
  org: OrgId,
  id: AmendmentId,
  content: z.union([z.strictObject({ kind: z.literal('constitution'), base: Digest }), z.strictObject({ kind: z.literal('level'), change: LevelChange })]),
  digest: Digest,
  proposed_by: PersonId,
  reason: z.string(),
  quorum: z.int(),
  state: AmendmentState,
  findings: Findings.nullable(),
  event: EventId,
  checked: EventId.nullable(),
  expires_at: Time,
  created_at: Time,
  closed_at: Time.nullable(),
});

const AMENDMENT =
  'select org, id, content, digest, proposed_by, reason, quorum, state, findings, event, checked, expires_at, created_at, closed_at from amendment';

function onFile(raw: unknown): AmendmentOnFile {
  const { event, checked, proposed_by, expires_at, created_at, closed_at, ...row } = Row.parse(raw);
  return { event, checked, amendment: { ...row, proposedBy: proposed_by, expiresAt: expires_at, createdAt: created_at, closedAt: closed_at } };
}

export const amendmentRows = (sqlOf: (tx: Tx) => Sql): Amendments => ({ ...proposals(sqlOf), ...ballots(sqlOf), ...inForceRows(sqlOf) });

type Proposals = Pick<Amendments, 'find' | 'before' | 'add' | 'stored' | 'keepChecked' | 'move' | 'weighed' | 'open' | 'stuck' | 'all'>;

function proposals(sqlOf: (tx: Tx) => Sql): Proposals {
  const ids = async (tx: Tx, where: string): Promise<AmendmentId[]> =>
    (await sqlOf(tx)<{ id: string }>(`select id from amendment a where a.org = $1 and ${where} order by a.created_at, a.id limit ${MOST}`, [tx.org])).map(
      ({ id }) => AmendmentId.parse(id),
    );
  return {
    async find(tx, id) {
      const [row] = await sqlOf(tx)(`${AMENDMENT} where org = $1 and id = $2`, [tx.org, id]);
      return row && onFile(row);
    },
    async before(tx, digest) {
      const rows = await sqlOf(tx)<{ id: string; open: boolean }>(
        `select id, state in ('checking', 'open') open from amendment where org = $1 and digest = $2`,
        [tx.org, digest],
      );
      const open = rows.find((row) => row.open);
      return { times: rows.length, open: open ? AmendmentId.parse(open.id) : null };
    },
    async add(tx, { amendment: a, event }, stored) {
      const [bundle, cases] = stored ? [JSON.stringify(stored.bundle), JSON.stringify(stored.cases)] : [null, null];
      await sqlOf(tx)(
        `insert into amendment (org, id, kind, digest, content, bundle, cases, proposed_by, reason, quorum, state, event, expires_at, created_at)
         values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14)`,
        [
          tx.org,
          a.id,
          a.content.kind,
          a.digest,
          JSON.stringify(a.content),
          bundle,
          cases,
          a.proposedBy,
          a.reason,
          a.quorum,
          a.state,
          event,
          a.expiresAt,
          a.createdAt,
        ],
      );
    },
    async stored(tx, id) {
      const [row] = await sqlOf(tx)<{ bundle: unknown; cases: unknown }>(
        'select bundle, cases from amendment where org = $1 and id = $2 and bundle is not null',
        [tx.org, id],
      );
      return row && { bundle: StoredTexts.parse(row.bundle), cases: z.array(CaseFile).parse(row.cases) };
    },
    async keepChecked(tx, id, findings, event) {
      await sqlOf(tx)('update amendment set findings = $3, checked = $4 where org = $1 and id = $2', [tx.org, id, JSON.stringify(findings), event]);
    },
    async move(tx, id, state, at) {
      await sqlOf(tx)(
        `update amendment set state = $3, closed_at = case when $3 in ('checking', 'open') then null else $4::timestamptz end where org = $1 and id = $2`,
        [tx.org, id, state, at],
      );
    },
    async weighed(tx, id, at) {
      await sqlOf(tx)('update amendment set weighed_at = $3 where org = $1 and id = $2', [tx.org, id, at]);
    },
    open: (tx) => ids(tx, `a.state in ('checking', 'open')`),
    stuck: (tx) =>
      ids(
        tx,
        `((a.state = 'checking' and a.created_at < now() - interval '3 minutes') or (a.state = 'open' and (a.expires_at < now()
          or (a.weighed_at is null and a.created_at < now() - interval '3 minutes')
          or exists (select 1 from amendment_vote v where v.org = a.org and v.amendment = a.id and v.at > a.weighed_at and v.at < now() - interval '3 seconds'))))`,
      ),
    all: async (tx) => (await sqlOf(tx)(`${AMENDMENT} where org = $1 order by created_at desc, id limit ${MOST}`, [tx.org])).map(onFile),
  };
}

const VOTES = `
select v.amendment, v.person, v.digest, v.choice, v.reason, v.credential, v.at, v.attestation, v.event, coalesce(p.status = 'active', false) active,
  coalesce(p.roles, '{}') roles, coalesce(t.person = v.person and t.revoked_at is null and t.expires_at > now(), false) "credentialValid", coalesce(t.issued_by, '') "issuedBy", coalesce(t.issuers, '{}') issuers
from amendment_vote v left join person p on p.org = v.org and p.person = v.person left join token t on t.org = v.org and t.token = v.credential
where v.org = $1 and v.amendment = $2 order by v.at, v.person`;

const VoteRow = z.object({
  ...AmendmentVote.shape,
  at: Time,
  attestation: z.string(),
  event: EventId,
  active: z.boolean(),
  roles: z.array(Role),
  credentialValid: z.boolean(),
  issuedBy: z.string(),
  issuers: z.array(z.string()),
});

function ballots(sqlOf: (tx: Tx) => Sql): Pick<Amendments, 'votes' | 'addVote'> {
  return {
    async votes(tx, id) {
      return (await sqlOf(tx)(VOTES, [tx.org, id])).map((raw): AmendmentVoteRow => {
        const { attestation, event, active, roles, credentialValid, issuedBy, issuers, ...vote } = VoteRow.parse(raw);
        return { vote, attestation, event, active, roles, credentialValid, issuedBy, issuers };
      });
    },
    async addVote(tx, vote, attestation, event) {
      await sqlOf(tx)(
        'insert into amendment_vote (org, amendment, person, digest, choice, reason, credential, attestation, event, at) values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)',
        [tx.org, vote.amendment, vote.person, vote.digest, vote.choice, vote.reason, vote.credential, attestation, event, vote.at],
      );
    },
  };
}
