/** Invoices that arrived on paper, by mail or from another program: what a person, or a list, says of them. Text from outside, like any invoice. */
import { z } from 'zod';
import { digest } from '../../../kernel/digest.ts';
import { add, Currency, moneyOf, show } from '../../../kernel/money.ts';
import { AmountCell, DayCell, defineRegister } from '../../../kernel/register.ts';
import { priceOf } from '../price.ts';
import { Iban, InvoiceId, SupplierId, type Invoice } from '../records.ts';

const Row = z.strictObject({
  supplier: SupplierId,
  number: z.string().min(1).max(60),
  issued: DayCell,
  due: DayCell,
  order: z.string().max(60).optional(),
  description: z.string().max(500).optional(),
  net: AmountCell,
  tax: AmountCell,
  total: AmountCell,
  currency: Currency,
  iban: z
    .string()
    .transform((text) => text.replaceAll(' ', ''))
    .pipe(Iban),
});

export const invoices = defineRegister<Invoice>({
  name: 'invoices',
  domain: 'finance',
  title: 'a list of supplier invoices',
  columns: {
    supplier: { about: 'our number for the supplier, such as S-001', also: ['supplier id', 'supplier number', 'lieferant', 'lieferantennummer', 'kreditor'] },
    number: { about: "the invoice's number", also: ['invoice', 'invoice number', 'rechnungsnummer', 'rechnung', 'belegnummer'] },
    issued: { about: 'its date, YYYY-MM-DD', also: ['date', 'invoice date', 'datum', 'rechnungsdatum'] },
    due: { about: 'when it is due, YYYY-MM-DD', also: ['due date', 'payable by', 'fällig', 'fälligkeit', 'fällig am'] },
    order: { about: 'our purchase order that it quotes, if any', also: ['order number', 'purchase order', 'bestellung', 'bestellnummer'], optional: true },
    description: { about: 'what is billed, in words', also: ['text', 'bezeichnung', 'beschreibung'], optional: true },
    net: { about: 'net amount, such as 1000.00', also: ['net amount', 'netto', 'nettobetrag'] },
    tax: { about: 'tax, such as 190.00', also: ['vat', 'tax amount', 'mwst', 'ust', 'steuer'] },
    total: { about: 'what is to be paid, such as 1190.00', also: ['amount', 'gross', 'brutto', 'bruttobetrag', 'betrag', 'payable'] },
    currency: { about: 'currency, three letters', also: ['währung', 'whg'] },
    iban: { about: 'the account that it asks to be paid to', also: ['account', 'konto', 'bank account'] },
  },
  row: Row.transform((row): Invoice => {
    const [net, tax, total] = [moneyOf(row.net, row.currency), moneyOf(row.tax, row.currency), moneyOf(row.total, row.currency)];
    const sum = add(net, tax);
    const line = { item: '', description: row.description ?? '', quantity: '1', unit: 'C62', price: priceOf(net), net };
    return {
      id: InvoiceId.parse(`${row.supplier}:${row.number}`),
      supplier: row.supplier,
      number: row.number,
      issued: row.issued,
      due: row.due,
      order: row.order ?? null,
      lines: [line],
      net,
      tax,
      total,
      charges: null,
      iban: row.iban,
      discount: null,
      note: '',
      problems: sum.minor === total.minor ? [] : [`net and tax make ${show(sum)}, the payable amount says ${show(total)}`],
      source: digest(row),
    };
  }),
});
