/** The register of obligations: by law and by contract. */
import { z } from 'zod';
import { defineRegister } from '../../../kernel/register.ts';
import { Obligation } from '../records.ts';

const Days = z.string().regex(/^\d+$/, 'is no number of days').transform(Number);

export const obligations = defineRegister<Obligation>({
  name: 'obligations',
  domain: 'compliance',
  title: 'the register of obligations',
  columns: {
    id: { about: 'its number', also: ['obligation', 'pflicht', 'nummer', 'nr'] },
    title: { about: 'what is to be done', also: ['name', 'titel', 'bezeichnung', 'was'] },
    source: { about: 'the law with its section, or the contract', also: ['law', 'gesetz', 'quelle', 'rechtsgrundlage', 'grundlage'] },
    party: { about: 'to whom it is owed', also: ['authority', 'behörde', 'gegenüber', 'stelle'] },
    due: { about: 'by when, YYYY-MM-DD', also: ['due date', 'deadline', 'frist', 'fällig', 'fällig am'] },
    notice_days: { about: 'so many days before, somebody is asked', also: ['notice', 'notice days', 'vorlauf', 'vorlauf tage'] },
    responsible: { about: 'who sees to it, a person of people.yaml', also: ['person', 'verantwortlich', 'zuständig'] },
    evidence: { about: 'the kind of evidence that shows it', also: ['nachweis', 'proof'] },
    consequence: { about: 'what follows where it is not done', also: ['folge', 'sanktion'], optional: true },
  },
  row: z
    .strictObject({
      id: z.string(),
      title: z.string(),
      source: z.string(),
      party: z.string(),
      due: z.string(),
      notice_days: Days,
      responsible: z.string(),
      evidence: z.string(),
      consequence: z.string().default(''),
    })
    .transform(({ notice_days, ...row }) => ({ ...row, noticeDays: notice_days }))
    .pipe(Obligation),
});
