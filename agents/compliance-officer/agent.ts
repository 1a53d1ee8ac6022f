import { defineAgent } from '../../src/kernel/define.ts';
import { fileEvidence } from '../../src/domains/compliance/tools/file-evidence.ts';
import { hold, liftHold } from '../../src/domains/compliance/tools/hold.ts';
import { openTask } from '../../src/domains/compliance/tools/open-task.ts';
import { getHold, getObligation, listObligations, listTasks } from '../../src/domains/compliance/tools/reads.ts';
import { playbook } from './playbook.ts';
import { questions } from './questions.ts';
import { requests } from './requests.ts';

/** Sees to it that what is owed to others is done and can be shown. */
export const agent = defineAgent({
  name: 'compliance-officer',
  domain: 'compliance',
  purpose: 'Have every obligation met by its deadline and shown by evidence that counts; tell people what left without being decided here.',
  owner: 'compliance',
  reads: [listObligations, getObligation, listTasks, getHold],
  proposes: [openTask, fileEvidence, hold, liftHold],
  authority: { perCall: { minor: 0, currency: 'EUR' }, perDay: { minor: 0, currency: 'EUR' } }, // it moves no money
  limits: { turns: 8, tokens: 60_000, money: { minor: 1_000, currency: 'EUR' } },
  playbook,
  questions,
  requests,
});
