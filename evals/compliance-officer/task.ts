/** The workshop's obligations and their evidence, and what the compliance officer makes of them. */
import { withLines, withRows } from '../../src/evaluate/rows.ts';
import { perKind } from '../../src/evaluate/score.ts';
import { review } from '../../src/evaluate/solve.ts';
import { defineEval, type Files } from '../../src/kernel/evals.ts';

/** The equipment was tested and the dust measured in time, and both can be shown. */
const clean = (example: Files): Files =>
  withRows(example, 'records/registers/evidence.csv', [
    'EV-101,OB-03,electrical_test,archive/2026/electrical.pdf,2026-02-10,2028-02-10,viktor',
    'EV-102,OB-08,dust_measurement,archive/2026/dust.pdf,2026-02-16,2029-02-16,viktor',
  ]);

const STATEMENT = 'records/bank/operating-2026-02-28.xml';
/** A debit to a supplier's account on record, of which nothing was decided here. */
const STRAY = `      <Ntry>
        <NtryRef>OPR-0099</NtryRef><Amt Ccy="EUR">480.00</Amt><CdtDbtInd>DBIT</CdtDbtInd><Sts><Cd>BOOK</Cd></Sts>
        <BookgDt><Dt>2026-02-27</Dt></BookgDt><ValDt><Dt>2026-02-27</Dt></ValDt>
        <AcctSvcrRef>OPR-0099</AcctSvcrRef>
        <BkTxCd><Domn><Cd>PMNT</Cd><Fmly><Cd>ICDT</Cd><SubFmlyCd>ESCT</SubFmlyCd></Fmly></Domn></BkTxCd>
        <NtryDtls><TxDtls>
          <Refs><EndToEndId>NOTPROVIDED</EndToEndId></Refs>
          <RltdPties><Cdtr><Pty><Nm>Thüringer Holzhandel GmbH</Nm></Pty></Cdtr><CdtrAcct><Id><IBAN>DE51820511173097531246</IBAN></Id></CdtrAcct></RltdPties>
          <RmtInf><Ustrd>boards, by telephone</Ustrd></RmtInf>
        </TxDtls></NtryDtls>
      </Ntry>
    </Stmt>`;

/** What the workshop has none of: an obligation within its notice, and money that left without a warrant. */
const plant = (example: Files): Files =>
  withLines(
    withRows(example, 'records/registers/obligations.csv', [
      'OB-50,Fire doors inspected,ASR A1.7 section 10,fire authority,2026-03-09,14,paul,fire_door_check,insurer may refuse',
    ]),
    STATEMENT,
    [
      [closing('78922.65'), closing('78442.65')],
      ['    </Stmt>', STRAY],
    ],
  );
const closing = (amount: string): string =>
  `      <Bal><Tp><CdOrPrtry><Cd>CLBD</Cd></CdOrPrtry></Tp><Amt Ccy="EUR">${amount}</Amt><CdtDbtInd>CRDT</CdtDbtInd><Dt><Dt>2026-02-28</Dt></Dt></Bal>`;

export const task = defineEval({
  agent: 'compliance-officer',
  dataset: new URL('./dataset.json', import.meta.url),
  plant,
  clean,
  solver: review,
  scorer: perKind,
});
