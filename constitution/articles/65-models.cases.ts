/** What models are told. */
import type { CaseTexts, Routine } from '../../src/kernel/cases.ts';

const ask = 'model.ask';

export const routine: Routine = { prompt: { destination: 'models.example', local: false, encrypted: true, classification: 'internal', kinds: [] } };

export const cases: CaseTexts = [
  { article: 'models.ask', name: 'an agent asks its model', tool: ask, facts: {}, expect: 'permit' },
  { article: 'models.ask', name: 'not for somebody who left', tool: ask, facts: { base: { person_active: false } }, expect: 'deny' },
  { article: 'models.ask', name: 'not an agent that nobody ratified', tool: ask, facts: { base: { tool_granted: false } }, expect: 'deny' },
  { article: 'models.restricted', name: 'what is confidential is told', tool: ask, facts: { prompt: { classification: 'confidential' } }, expect: 'permit' },
  { article: 'models.restricted', name: 'what is public is told', tool: ask, facts: { prompt: { classification: 'public' } }, expect: 'permit' },
  { article: 'models.restricted', name: 'what is restricted is not', tool: ask, facts: { prompt: { classification: 'restricted' } }, expect: 'deny' },
  { article: 'models.restricted', name: 'nor on this machine', tool: ask, facts: { prompt: { local: true, classification: 'restricted' } }, expect: 'deny' },
  { article: 'models.kinds', name: 'no sensitive value is needed', tool: ask, facts: { prompt: { kinds: [] } }, expect: 'permit' },
  { article: 'models.kinds', name: 'bank details are not told', tool: ask, facts: { prompt: { kinds: ['bank_details'] } }, expect: 'deny' },
  { article: 'models.kinds', name: 'wages are not told', tool: ask, facts: { prompt: { kinds: ['wages'] } }, expect: 'deny' },
  { article: 'models.kinds', name: 'health is not told', tool: ask, facts: { prompt: { kinds: ['health'] } }, expect: 'deny' },
  { article: 'models.open', name: 'what is encrypted may be internal', tool: ask, facts: { prompt: { encrypted: true } }, expect: 'permit' },
  { article: 'models.open', name: 'what is not may not', tool: ask, facts: { prompt: { encrypted: false } }, expect: 'deny' },
  {
    article: 'models.open',
    name: 'what is public may be read by anybody',
    tool: ask,
    facts: { prompt: { encrypted: false, classification: 'public' } },
    expect: 'permit',
  },
];
