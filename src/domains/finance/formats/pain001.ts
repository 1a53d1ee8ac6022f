/** pain.001.001.09, our order to the bank (ISO 20022 customer credit transfer initiation; EPC132-08 for SEPA). */
import { decimal, sum } from '../../../kernel/money.ts';
import type { Address, Iban, Payment } from '../records.ts';
import { cut, escape } from './xml.ts';

export interface Transfer {
  readonly payment: Payment;
  readonly address: Address; // of the payee
  readonly invoiceNumber: string;
}

export interface PaymentFile {
  readonly messageId: string; // at most 35 characters, unique for us for ever
  readonly createdAt: string; // RFC 3339, on the business clock like the day of execution: the bank reads one beside the other
  readonly payer: { readonly name: string; readonly address: Address };
  readonly account: Iban;
  readonly executeOn: string;
  readonly transfers: readonly Transfer[];
}

const NAME = 70; // EPC132-08: names have at most 70 characters
const REMITTANCE = 140;

/** One file for one account, currency and day; outside of euro it asks for no SEPA transfer. Same input, same bytes. @throws MoneyError `currencies_differ` */
export function writePain001({ messageId, createdAt, payer, account, executeOn, transfers }: PaymentFile): string {
  const currency = transfers[0]?.payment.amount.currency ?? 'EUR';
  const control = decimal(
    sum(
      transfers.map(({ payment }) => payment.amount),
      currency,
    ),
  );
  return `<?xml version="1.0" encoding="UTF-8"?>
<Document xmlns="urn:iso:std:iso:20022:tech:xsd:pain.001.001.09">
  <CstmrCdtTrfInitn>
    <GrpHdr>
      <MsgId>${escape(messageId)}</MsgId>
      <CreDtTm>${createdAt}</CreDtTm>
      <NbOfTxs>${transfers.length}</NbOfTxs>
      <CtrlSum>${control}</CtrlSum>
      <InitgPty><Nm>${name(payer.name)}</Nm></InitgPty>
    </GrpHdr>
    <PmtInf>
      <PmtInfId>${escape(messageId)}</PmtInfId>
      <PmtMtd>TRF</PmtMtd>
      <BtchBookg>false</BtchBookg>
      <NbOfTxs>${transfers.length}</NbOfTxs>
      <CtrlSum>${control}</CtrlSum>
${currency === 'EUR' ? '      <PmtTpInf><SvcLvl><Cd>SEPA</Cd></SvcLvl></PmtTpInf>\n' : ''}      <ReqdExctnDt><Dt>${executeOn}</Dt></ReqdExctnDt>
      <Dbtr><Nm>${name(payer.name)}</Nm>${address(payer.address)}</Dbtr>
      <DbtrAcct><Id><IBAN>${account}</IBAN></Id></DbtrAcct>
      <DbtrAgt><FinInstnId><Othr><Id>NOTPROVIDED</Id></Othr></FinInstnId></DbtrAgt>
      <ChrgBr>${currency === 'EUR' ? 'SLEV' : 'SHAR'}</ChrgBr>
${transfers.map(transfer).join('\n')}
    </PmtInf>
  </CstmrCdtTrfInitn>
</Document>
`;
}

function transfer({ payment, address: payee, invoiceNumber }: Transfer): string {
  return `      <CdtTrfTxInf>
        <PmtId><InstrId>${payment.key}</InstrId><EndToEndId>${payment.key}</EndToEndId></PmtId>
        <Amt><InstdAmt Ccy="${payment.amount.currency}">${decimal(payment.amount)}</InstdAmt></Amt>
        <Cdtr><Nm>${name(payment.payeeName)}</Nm>${address(payee)}</Cdtr>
        <CdtrAcct><Id><IBAN>${payment.payee}</IBAN></Id></CdtrAcct>
        <RmtInf><Ustrd>${escape(cut(`Invoice ${invoiceNumber}`, REMITTANCE))}</Ustrd></RmtInf>
      </CdtTrfTxInf>`;
}

const name = (given: string): string => escape(cut(given, NAME));

/** Structured, as the scheme requires from November 2026 on: no free address lines. */
const address = ({ street, number, postcode, town, country }: Address): string =>
  `<PstlAdr><StrtNm>${escape(street)}</StrtNm><BldgNb>${escape(number)}</BldgNb><PstCd>${escape(postcode)}</PstCd><TwnNm>${escape(town)}</TwnNm><Ctry>${escape(country)}</Ctry></PstlAdr>`;
