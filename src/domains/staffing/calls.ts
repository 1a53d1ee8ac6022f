/** The arguments of the calls that change the rota, and the changes that they are. */
import type { z } from 'zod';
import { PersonId } from '../../kernel/ids.ts';
import type { Change } from './changes.ts';
import { Skill, Slot } from './records.ts';

export const AssignInput = Slot.extend({ skill: Skill, person: PersonId });
export const SwapInput = Slot.extend({ from: PersonId, to: PersonId, back: Slot.nullable() });
export const ConsentInput = Slot.extend({ skill: Skill, person: PersonId, instead_of: PersonId.nullable(), gives: Slot.nullable() });

export const assigning = (duty: z.output<typeof AssignInput>): Change => ({ kind: 'assign', duty });
export const swapping = ({ from, to, back, ...slot }: z.output<typeof SwapInput>): Change => ({ kind: 'swap', slot, from, to, back });
/** The change that a person is asked about. */
export const asking = ({ instead_of, gives, ...duty }: z.output<typeof ConsentInput>): Change => {
  const { site, day, shift, person } = duty;
  return instead_of === null ? { kind: 'assign', duty } : { kind: 'swap', slot: { site, day, shift }, from: instead_of, to: person, back: gives };
};

/** Any call that changes the rota, by its arguments. @throws ZodError */
export const changing = (args: unknown): Change => {
  const swap = SwapInput.safeParse(args);
  return swap.success ? swapping(swap.data) : assigning(AssignInput.parse(args));
};
