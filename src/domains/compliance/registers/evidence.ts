/** The register of evidence, as staff keep it. */
import { z } from 'zod';
import { defineRegister } from '../../../kernel/register.ts';
import { Evidence } from '../records.ts';

export const evidenceRegister = defineRegister<Evidence>({
  name: 'evidence',
  domain: 'compliance',
  title: 'the register of evidence',
  columns: {
    id: { about: 'its number', also: ['nummer', 'nr'] },
    obligation: { about: 'the number of the obligation', also: ['pflicht'] },
    kind: { about: 'its kind, as the obligation asks for it', also: ['art', 'type'] },
    document: { about: 'where the document lies', also: ['dokument', 'file', 'ablage'] },
    valid_from: { about: 'the first day it covers, YYYY-MM-DD', also: ['from', 'von', 'gültig ab'] },
    valid_until: { about: 'the last day it covers, YYYY-MM-DD', also: ['until', 'bis', 'gültig bis'] },
    filed_by: { about: 'who filed it', also: ['by', 'von wem', 'abgelegt von'] },
  },
  row: z
    .strictObject({
      id: z.string(),
      obligation: z.string(),
      kind: z.string(),
      document: z.string(),
      valid_from: z.string(),
      valid_until: z.string(),
      filed_by: z.string(),
    })
    .transform(({ valid_from, valid_until, filed_by, ...row }) => ({ ...row, from: valid_from, until: valid_until, filedBy: filed_by }))
    .pipe(Evidence),
});
