/** The supplier register: master data, kept by staff. */
import { z } from 'zod';
import { defineRegister } from '../../../kernel/register.ts';
import { SupplierEntry } from '../records.ts';

const text = z.string();
const Row = z.strictObject({
  id: text,
  name: text,
  vat: text,
  iban: text,
  bic: text.optional(),
  street: text,
  number: text,
  postcode: text,
  town: text,
  country: text,
  since: text.optional(),
  account_since: text.optional(),
  registered_by: text.optional(),
  budget_line: text,
  status: SupplierEntry.shape.status.default('active'),
});

export const suppliers = defineRegister({
  name: 'suppliers',
  domain: 'finance',
  title: 'the supplier register',
  columns: {
    id: { about: 'our number for the supplier, such as S-001', also: ['supplier', 'supplier number', 'number of supplier', 'lieferant', 'lieferantennummer'] },
    name: { about: 'its name', also: ['company', 'firma', 'supplier name', 'lieferantenname'] },
    vat: { about: 'its VAT id', also: ['vat id', 'vat number', 'ust-id', 'ustid', 'ust-idnr'] },
    iban: { about: 'the account that is paid', also: ['account', 'konto', 'bank account'] },
    bic: { about: "its bank's BIC, where one is needed", also: ['swift'], optional: true },
    street: { about: 'street', also: ['strasse', 'straße'] },
    number: { about: 'house number', also: ['house number', 'hausnummer', 'no'] },
    postcode: { about: 'postal code', also: ['zip', 'plz', 'postal code'] },
    town: { about: 'town', also: ['city', 'ort'] },
    country: { about: 'country, two letters', also: ['land'] },
    since: { about: 'when it was registered, YYYY-MM-DD; read in the first records alone', also: ['registered', 'seit'], optional: true },
    account_since: {
      about: 'since when the account stands, YYYY-MM-DD; read in the first records alone',
      also: ['account since', 'konto seit'],
      optional: true,
    },
    registered_by: {
      about: 'who registered it, a person of people.yaml; read in the first records alone',
      also: ['registered by', 'angelegt von'],
      optional: true,
    },
    budget_line: { about: 'the budget line that its bills draw on', also: ['budget', 'budget line', 'kostenstelle'] },
    status: { about: 'active or blocked; active where it is not said', also: [], optional: true },
  },
  row: Row.transform(({ street, number, postcode, town, country, account_since, registered_by, budget_line, bic, ...rest }): z.input<typeof SupplierEntry> => ({
    ...rest,
    bic: bic ?? null,
    address: { street, number, postcode, town, country },
    accountSince: account_since,
    registeredBy: registered_by,
    budgetLine: budget_line,
  })).pipe(SupplierEntry),
});
