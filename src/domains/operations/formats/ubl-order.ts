/** Our order to a supplier as UBL 2.1 (OASIS, ISO/IEC 19845). Same input, same bytes. */
import { decimal, money, type Money } from '../../../kernel/money.ts';

export interface OutgoingOrder {
  readonly number: string;
  readonly issued: string; // YYYY-MM-DD
  readonly expected: string;
  readonly buyer: { readonly name: string };
  readonly seller: { readonly name: string; readonly vat: string };
  readonly line: { readonly item: string; readonly name: string; readonly unit: string; readonly quantity: number; readonly price: Money };
}

/** Characters that XML 1.0 (section 2.2) cannot hold become the replacement character. */
const escape = (text: string): string =>
  text.replace(/[\u0000-\u0008\u000b\u000c\u000e-\u001f\ufffe\uffff]|\p{Surrogate}/gu, '\ufffd').replace(/[&<>"']/g, (mark) => `&#${mark.charCodeAt(0)};`);

const amount = (element: string, value: Money): string => `<cbc:${element} currencyID="${value.currency}">${decimal(value)}</cbc:${element}>`;
const party = (name: string, vat = ''): string =>
  `<cac:Party><cac:PartyName><cbc:Name>${escape(name)}</cbc:Name></cac:PartyName>${vat === '' ? '' : `<cac:PartyTaxScheme><cbc:CompanyID>${escape(vat)}</cbc:CompanyID><cac:TaxScheme><cbc:ID>VAT</cbc:ID></cac:TaxScheme></cac:PartyTaxScheme>`}</cac:Party>`;

export function writeUblOrder({ number, issued, expected, buyer, seller, line }: OutgoingOrder): string {
  const net = money(line.price.minor * line.quantity, line.price.currency);
  return `<?xml version="1.0" encoding="UTF-8"?>
<Order xmlns="urn:oasis:names:specification:ubl:schema:xsd:Order-2" xmlns:cac="urn:oasis:names:specification:ubl:schema:xsd:CommonAggregateComponents-2" xmlns:cbc="urn:oasis:names:specification:ubl:schema:xsd:CommonBasicComponents-2">
  <cbc:UBLVersionID>2.1</cbc:UBLVersionID>
  <cbc:ID>${escape(number)}</cbc:ID>
  <cbc:IssueDate>${issued}</cbc:IssueDate>
  <cbc:DocumentCurrencyCode>${net.currency}</cbc:DocumentCurrencyCode>
  <cac:BuyerCustomerParty>${party(buyer.name)}</cac:BuyerCustomerParty>
  <cac:SellerSupplierParty>${party(seller.name, seller.vat)}</cac:SellerSupplierParty>
  <cac:Delivery><cac:RequestedDeliveryPeriod><cbc:EndDate>${expected}</cbc:EndDate></cac:RequestedDeliveryPeriod></cac:Delivery>
  <cac:AnticipatedMonetaryTotal>${amount('PayableAmount', net)}</cac:AnticipatedMonetaryTotal>
  <cac:OrderLine><cac:LineItem>
    <cbc:ID>1</cbc:ID>
    <cbc:Quantity unitCode="${escape(line.unit)}">${line.quantity}</cbc:Quantity>
    ${amount('LineExtensionAmount', net)}
    <cac:Price>${amount('PriceAmount', line.price)}</cac:Price>
    <cac:Item><cbc:Name>${escape(line.name)}</cbc:Name><cac:BuyersItemIdentification><cbc:ID>${escape(line.item)}</cbc:ID></cac:BuyersItemIdentification></cac:Item>
  </cac:LineItem></cac:OrderLine>
</Order>
`;
}
