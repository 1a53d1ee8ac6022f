import { z } from 'zod';
import { defineWriteTool } from '../../../kernel/define.ts';
import { LocalDate } from '../../../kernel/time.ts';
import { evidence } from '../facts.ts';
import type { ComplianceWrites } from '../ports.ts';
import { ObligationId } from '../records.ts';

/** Files what shows that an obligation is met. */
export const fileEvidence = defineWriteTool<ComplianceWrites>()({
  name: 'compliance.file_evidence',
  summary: 'File a document as evidence that an obligation is met from one day to another',
  classification: 'internal',
  effect: 'write',
  input: z.strictObject({ obligation: ObligationId, kind: z.string().min(1).max(60), document: z.string().min(1).max(200), from: LocalDate, until: LocalDate }),
  output: z.strictObject({ obligation: ObligationId }),
  governs: { obligation: 'identifier', document: 'free_text' },
  facts: evidence,
  resource: { type: 'Obligation', argument: 'obligation' },
  compensation: { tool: null, why: 'What was filed stays on file. Take it out of the register of evidence, and file the register anew.' },
  answers: ['edit', 'respond'],
  card: ({ obligation, kind, document, from, until }, onRecord) => [
    { label: 'File', value: `${kind}: ${document}` },
    { label: 'For', value: onRecord['obligation'] ?? obligation },
    { label: 'Covers', value: `${from} to ${until}`, ...(onRecord['covered'] === undefined ? {} : { before: `until ${onRecord['covered']}` }) },
  ],
  run: async ({ obligation, ...filed }, compliance, { proposal }) => {
    await compliance.fileEvidence({ key: proposal, obligation, ...filed });
    return { obligation };
  },
});
