/** CAMT.053, the bank's statement (ISO 20022, camt.053.001.02 to .08), read and, for the example bank, written. */
import { digestBytes } from '../../../kernel/digest.ts';
import { add, decimal, moneyOf, show, type Money } from '../../../kernel/money.ts';
import { LocalDate } from '../../../kernel/time.ts';
import { Iban, type Statement, type StatementLine } from '../records.ts';
import { cut, escape, FormatError, need, needNode, nodes, readXml, text, verbatim, type XmlNode } from './xml.ts';

/** All statements of a file. One that does not add up has `problems`. @throws FormatError */
export function parseCamt053(xml: string): readonly Statement[] {
  const report = needNode(readXml(xml, 'Document'), 'BkToCstmrStmt', 'CAMT.053');
  const source = digestBytes(xml);
  return nodes(report, 'Stmt').map((statement) => parseStatement(statement, source));
}

function parseStatement(statement: XmlNode, source: Statement['source']): Statement {
  const id = need(statement, 'Id', 'statement');
  const where = `statement \`${id}\``;
  const account = Iban.safeParse(need(statement, 'Acct.Id.IBAN', where));
  if (!account.success)
    throw new FormatError('field_invalid', `${where}: the account \`${need(statement, 'Acct.Id.IBAN', where)}\` is no IBAN with right check digits.`);
  const opening = balance(statement, ['OPBD', 'PRCD'], where);
  const closing = balance(statement, ['CLBD'], where);
  const lines = nodes(statement, 'Ntry').flatMap((entry, n) => (booked(entry) ? parseEntry(entry, account.data, `${where}, entry ${n + 1}`) : []));
  const total = lines.map(({ amount }) => amount).reduce(add, opening.amount);
  const problems =
    total.minor === closing.amount.minor ? [] : [`${where} does not add up: opening and lines make ${show(total)}, it closes with ${show(closing.amount)}`];
  const from = date(text(statement, 'FrToDt.FrDtTm') ?? opening.date, where);
  return {
    id,
    account: account.data,
    from,
    to: date(text(statement, 'FrToDt.ToDtTm') ?? closing.date, where),
    opening: opening.amount,
    closing: closing.amount,
    lines,
    problems,
    source,
  };
}

const booked = (entry: XmlNode): boolean => (text(entry, 'Sts.Cd') ?? text(entry, 'Sts')) === 'BOOK';

function balance(statement: XmlNode, kinds: readonly string[], where: string): { readonly amount: Money; readonly date: string } {
  const found = nodes(statement, 'Bal').find((one) => kinds.includes(text(one, 'Tp.CdOrPrtry.Cd') ?? ''));
  if (!found) throw new FormatError('field_missing', `${where}: there is no balance of kind ${kinds.join(' or ')}.`);
  return { amount: signed(found, where), date: text(found, 'Dt.Dt') ?? need(found, 'Dt.DtTm', where) };
}

function signed(node: XmlNode, where: string): Money {
  const currency = need(node, 'Amt.@Ccy', where);
  const amount = moneyOf(need(node, 'Amt', where), currency);
  return need(node, 'CdtDbtInd', where) === 'DBIT' ? { ...amount, minor: -amount.minor } : amount;
}

/** One line per transaction of an entry; a batch without details is one line. */
function parseEntry(entry: XmlNode, account: Iban, where: string): StatementLine[] {
  const whole = signed(entry, where);
  const reference = text(entry, 'AcctSvcrRef') ?? text(entry, 'NtryRef') ?? '';
  if (reference === '') throw new FormatError('field_missing', `${where}: neither \`AcctSvcrRef\` nor \`NtryRef\` names it.`);
  const day = date(text(entry, 'BookgDt.Dt') ?? need(entry, 'BookgDt.DtTm', where), where);
  const details = nodes(entry, 'NtryDtls.TxDtls');
  const many = details.length > 1;
  const line = (detail: XmlNode, n: number): StatementLine => {
    const other = whole.minor < 0 ? 'Cdtr' : 'Dbtr';
    const endToEnd = text(detail, 'Refs.EndToEndId');
    return {
      account,
      reference: many ? `${reference}/${n + 1}` : reference,
      booked: day,
      amount: many ? signedDetail(detail, whole, where) : whole,
      counterparty: text(detail, `RltdPties.${other}.Pty.Nm`) ?? text(detail, `RltdPties.${other}.Nm`) ?? '',
      counterpartyIban: text(detail, `RltdPties.${other}Acct.Id.IBAN`) ?? null,
      endToEndId: endToEnd === undefined || endToEnd === 'NOTPROVIDED' ? null : endToEnd,
      returned: returnReason(detail),
      remittance:
        nodes(detail, 'RmtInf.Ustrd')
          .map((part) => verbatim(part) ?? '')
          .join(' ') ||
        (text(entry, 'AddtlNtryInf') ?? ''),
    };
  };
  return details.length === 0 ? [line(entry, 0)] : details.map(line);
}

/** The reason of a return, as code and words: `AC04 account closed`. */
function returnReason(detail: XmlNode): string | null {
  const code = text(detail, 'RtrInf.Rsn.Cd');
  return code === undefined ? null : [code, ...nodes(detail, 'RtrInf.AddtlInf').map((part) => verbatim(part) ?? '')].join(' ');
}

function signedDetail(detail: XmlNode, whole: Money, where: string): Money {
  const decimalText = text(detail, 'Amt') ?? need(detail, 'AmtDtls.TxAmt.Amt', where);
  const amount = moneyOf(decimalText, whole.currency);
  return whole.minor < 0 ? { ...amount, minor: -amount.minor } : amount;
}

function date(value: string, where: string): LocalDate {
  const parsed = LocalDate.safeParse(value.slice(0, 10));
  if (!parsed.success) throw new FormatError('field_invalid', `${where}: \`${value}\` is no date.`);
  return parsed.data;
}

/** A statement as a bank would send it: camt.053.001.08. */
export function writeCamt053(statement: Omit<Statement, 'problems' | 'source'>, createdAt: string): string {
  const { id, account, from, to, opening, closing, lines } = statement;
  return `<?xml version="1.0" encoding="UTF-8"?>
<Document xmlns="urn:iso:std:iso:20022:tech:xsd:camt.053.001.08">
  <BkToCstmrStmt>
    <GrpHdr><MsgId>${escape(id)}</MsgId><CreDtTm>${createdAt}</CreDtTm></GrpHdr>
    <Stmt>
      <Id>${escape(id)}</Id>
      <CreDtTm>${createdAt}</CreDtTm>
      <FrToDt><FrDtTm>${from}T00:00:00Z</FrDtTm><ToDtTm>${to}T23:59:59Z</ToDtTm></FrToDt>
      <Acct><Id><IBAN>${account}</IBAN></Id><Ccy>${opening.currency}</Ccy></Acct>
${writeBalance('OPBD', opening, from)}
${writeBalance('CLBD', closing, to)}
${lines.map(writeEntry).join('\n')}
    </Stmt>
  </BkToCstmrStmt>
</Document>
`.replace(/\n\n+/g, '\n');
}

const sign = ({ minor }: Money): string => (minor < 0 ? 'DBIT' : 'CRDT');
const amountOf = (amount: Money): string =>
  `<Amt Ccy="${amount.currency}">${decimal({ ...amount, minor: Math.abs(amount.minor) })}</Amt><CdtDbtInd>${sign(amount)}</CdtDbtInd>`;
const writeBalance = (kind: string, amount: Money, day: string): string =>
  `      <Bal><Tp><CdOrPrtry><Cd>${kind}</Cd></CdOrPrtry></Tp>${amountOf(amount)}<Dt><Dt>${day}</Dt></Dt></Bal>`;

function writeEntry(line: StatementLine): string {
  const other = line.amount.minor < 0 ? 'Cdtr' : 'Dbtr';
  const iban = line.counterpartyIban === null ? '' : `<${other}Acct><Id><IBAN>${line.counterpartyIban}</IBAN></Id></${other}Acct>`;
  const family = line.amount.minor < 0 ? 'ICDT' : 'RCDT';
  return `      <Ntry>
        <NtryRef>${escape(line.reference)}</NtryRef>${amountOf(line.amount)}<Sts><Cd>BOOK</Cd></Sts>
        <BookgDt><Dt>${line.booked}</Dt></BookgDt><ValDt><Dt>${line.booked}</Dt></ValDt>
        <AcctSvcrRef>${escape(line.reference)}</AcctSvcrRef>
        <BkTxCd><Domn><Cd>PMNT</Cd><Fmly><Cd>${family}</Cd><SubFmlyCd>ESCT</SubFmlyCd></Fmly></Domn></BkTxCd>
        <NtryDtls><TxDtls>
          <Refs><EndToEndId>${escape(line.endToEndId ?? 'NOTPROVIDED')}</EndToEndId></Refs>
          <RltdPties><${other}><Pty><Nm>${escape(cut(line.counterparty, 140))}</Nm></Pty></${other}>${iban}</RltdPties>
          <RmtInf><Ustrd>${escape(cut(line.remittance, 140))}</Ustrd></RmtInf>${writeReturn(line.returned)}
        </TxDtls></NtryDtls>
      </Ntry>`;
}

function writeReturn(returned: string | null): string {
  if (returned === null) return '';
  const [code = '', ...words] = returned.split(' ');
  return `<RtrInf><Rsn><Cd>${escape(code)}</Cd></Rsn><AddtlInf>${escape(cut(words.join(' '), 105))}</AddtlInf></RtrInf>`;
}
