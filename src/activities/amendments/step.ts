/** What the workflow of an amendment does next. Ids and states only: it travels through Temporal. */
import { z } from 'zod';
import { AmendmentState, type Amendment } from '../../kernel/amendment.ts';
import { millis, type Times } from '../../kernel/time.ts';

export const AmendmentStep = z.discriminatedUnion('next', [
  z.strictObject({ next: z.literal('wait'), waitMs: z.int().min(0) }),
  z.strictObject({ next: z.literal('closed'), state: AmendmentState }),
]);
export type AmendmentStep = z.infer<typeof AmendmentStep>;

export const stepOf = ({ state, expiresAt }: Pick<Amendment, 'state' | 'expiresAt'>, { wall }: Times): AmendmentStep =>
  state === 'open' || state === 'checking' ? { next: 'wait', waitMs: Math.max(0, millis(expiresAt) - millis(wall)) } : { next: 'closed', state };
