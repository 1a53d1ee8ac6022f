import { defineAgent } from '../../src/kernel/define.ts';
import { askConsent } from '../../src/domains/staffing/tools/ask-consent.ts';
import { assignShift } from '../../src/domains/staffing/tools/assign-shift.ts';
import { decideLeave } from '../../src/domains/staffing/tools/decide-leave.ts';
import {
  findRemedy,
  getLeave,
  listAbsences,
  listCandidates,
  listCertificates,
  listLeave,
  listRota,
  listStaff,
} from '../../src/domains/staffing/tools/reads.ts';
import { swapShift } from '../../src/domains/staffing/tools/swap-shift.ts';
import { playbook } from './playbook.ts';
import { questions } from './questions.ts';

/** Keeps the rota whole: by the smallest change, and with the word of those whom it concerns. */
export const agent = defineAgent({
  name: 'scheduler',
  domain: 'staffing',
  purpose: 'Have every shift covered by people who may and can work it, change as little as possible, and ask those whom a change concerns.',
  owner: 'staffing',
  reads: [listRota, listAbsences, listStaff, listCertificates, listLeave, getLeave, listCandidates, findRemedy],
  proposes: [assignShift, swapShift, askConsent, decideLeave],
  authority: { perCall: { minor: 0, currency: 'EUR' }, perDay: { minor: 0, currency: 'EUR' } }, // it moves no money
  limits: { turns: 8, tokens: 60_000, money: { minor: 1_000, currency: 'EUR' } },
  playbook,
  questions,
});
