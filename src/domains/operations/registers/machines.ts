/** Machines and their last service, as read from their meters. */
import { z } from 'zod';
import { defineRegister } from '../../../kernel/register.ts';
import { Machine } from '../records.ts';

const Whole = z.string().regex(/^\d+$/, 'is no whole number').transform(Number);

export const machines = defineRegister<Machine>({
  name: 'machines',
  domain: 'operations',
  title: 'the machine register',
  columns: {
    machine: { about: 'the code of the machine', also: ['maschine', 'maschinennummer', 'machine number'] },
    site: { about: 'where it stands', also: ['location', 'standort'] },
    last_service: { about: 'when it was last serviced, YYYY-MM-DD', also: ['last service', 'serviced', 'letzte wartung', 'wartung am'] },
    hours: { about: 'hours run since then', also: ['running hours', 'betriebsstunden', 'stunden'] },
    state: { about: 'running or blocked', also: ['status', 'zustand'] },
  },
  row: z
    .strictObject({ machine: z.string(), site: z.string(), last_service: z.string(), hours: Whole, state: z.string() })
    .transform(({ last_service, ...row }) => ({ ...row, lastService: last_service }))
    .pipe(Machine),
});
