/** `desired/compliance.yaml`: how closely obligations are watched. */
import { z } from 'zod';

export const ComplianceSettings = z.strictObject({
  // Seconds from a card to a vote below which half of a role's votes count as unread. Left out, nobody's time is looked at.
  rubber_stamp_seconds: z.int().min(1).max(3_600).optional(),
});
export type ComplianceSettings = z.infer<typeof ComplianceSettings>;
