/** What people see of what the house knows. */
import type { CaseTexts, Routine } from '../../src/kernel/cases.ts';

const look = 'sight.look';
const confidential = 'finance.list_invoices';
const internal = 'operations.list_stock';

/** Somebody who works here looks at something internal. */
export const routine: Routine = { sight: { classification: 'internal', holds: false, party: false } };

export const cases: CaseTexts = [
  { article: 'sight.house', name: 'what is internal everybody sees', tool: look, facts: {}, expect: 'permit' },
  { article: 'sight.house', name: 'what is public everybody sees', tool: look, facts: { sight: { classification: 'public' } }, expect: 'permit' },
  { article: 'sight.house', name: 'who has left sees nothing', tool: look, facts: { base: { person_active: false } }, expect: 'deny' },
  {
    article: 'sight.house',
    name: 'what is confidential an apprentice does not see',
    tool: look,
    facts: { sight: { classification: 'confidential' } },
    expect: 'deny',
  },
  {
    article: 'sight.house',
    name: 'what is restricted an apprentice does not see',
    tool: look,
    facts: { sight: { classification: 'restricted' } },
    expect: 'deny',
  },
  {
    article: 'sight.house',
    name: 'a class that is none is seen by nobody',
    tool: look,
    facts: { sight: { classification: 'secret', holds: true, party: true } },
    expect: 'deny',
  },
  { article: 'sight.house', name: 'a halt does not blind people', tool: look, facts: { base: { halted: true } }, expect: 'permit' },
  {
    article: 'sight.domain',
    name: 'who answers for it sees it',
    tool: look,
    facts: { sight: { classification: 'confidential', holds: true } },
    expect: 'permit',
  },
  {
    article: 'sight.domain',
    name: 'also where it is restricted',
    tool: look,
    facts: { sight: { classification: 'restricted', holds: true } },
    expect: 'permit',
  },
  {
    article: 'sight.domain',
    name: 'not once they have left',
    tool: look,
    facts: { base: { person_active: false }, sight: { classification: 'confidential', holds: true } },
    expect: 'deny',
  },
  {
    article: 'sight.party',
    name: 'who is asked about it sees it',
    tool: look,
    facts: { sight: { classification: 'confidential', party: true } },
    expect: 'permit',
  },
  {
    article: 'sight.party',
    name: 'also where it is restricted',
    tool: look,
    facts: { sight: { classification: 'restricted', party: true } },
    expect: 'permit',
  },
  {
    article: 'sight.party',
    name: 'not once they have left',
    tool: look,
    facts: { base: { person_active: false }, sight: { classification: 'confidential', party: true } },
    expect: 'deny',
  },
  {
    article: 'sight.read',
    name: 'an agent reads no bills for an apprentice',
    tool: confidential,
    facts: { base: { requester: 'greta', requester_may: false } },
    expect: 'deny',
  },
  {
    article: 'sight.read',
    name: 'it reads them for finance',
    tool: confidential,
    facts: { base: { requester: 'clara', requester_may: true } },
    expect: 'permit',
  },
  { article: 'sight.read', name: 'it reads them for the organization', tool: confidential, facts: { base: { requester_may: false } }, expect: 'permit' },
  {
    article: 'sight.read',
    name: 'what is internal it reads for anybody',
    tool: internal,
    facts: { base: { requester: 'greta', requester_may: false } },
    expect: 'permit',
  },
];
