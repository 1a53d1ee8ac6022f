/** What the grants give, and where they end. */
import type { CaseTexts } from '../../src/kernel/cases.ts';

const get = 'finance.get_invoice';
const pay = 'finance.pay_invoice';

export const cases: CaseTexts = [
  { article: 'grant.read', name: 'a granted read is permitted', tool: get, facts: {}, expect: 'permit' },
  { article: 'grant.read', name: 'a read that was not granted is denied', tool: get, facts: { base: { tool_granted: false } }, expect: 'deny' },
  { article: 'grant.read', name: 'nobody reads for a person who has left', tool: get, facts: { base: { person_active: false } }, expect: 'deny' },
  { article: 'grant.act', name: 'a granted action is permitted', tool: pay, facts: {}, expect: 'permit' },
  { article: 'grant.act', name: 'an action that was not granted is denied', tool: pay, facts: { base: { tool_granted: false } }, expect: 'deny' },
  { article: 'grant.act', name: 'nobody acts for a person who has left', tool: pay, facts: { base: { person_active: false } }, expect: 'deny' },
];
