/** The constraints, each at its bound and beyond it. */
import type { CaseTexts } from '../../src/kernel/cases.ts';
import type { JsonObject, Verdict } from '../../src/kernel/nouns.ts';

const get = 'finance.get_invoice';
const hold = 'finance.hold_invoice';
const pay = 'finance.pay_invoice';
const remind = 'finance.send_reminder';
/** What each domain does, on facts under which it needs nobody. */
const acts = { finance: pay, staffing: 'staffing.ask_consent', compliance: 'compliance.hold', operations: 'operations.reorder_stock' } as const;
const standing = (['finance', 'staffing', 'compliance', 'operations'] as const).flatMap((domain): CaseTexts => {
  const of = (name: string, base: JsonObject, expect: Verdict) => ({
    article: `authority.standing.${domain}`,
    name,
    tool: acts[domain],
    facts: { base: { requester: 'ana', ...base } },
    expect,
  });
  return [
    of(`who answers for ${domain} acts in it`, { requester_may: true }, 'permit'),
    of(`who does not needs the word of ${domain}`, { requester_may: false }, 'escalate'),
    of(`${domain} gives it`, { requester_may: false, approvals: { [domain]: 1 } }, 'permit'),
    of('where nobody asked, nobody needs standing', { requester: null, requester_may: false }, 'permit'),
    of('another role does not', { requester_may: false, approvals: { manager: 1 } }, 'escalate'),
  ];
});

export const cases: CaseTexts = [
  { article: 'override.halt', name: 'what is not halted runs', tool: pay, facts: { base: { halted: false } }, expect: 'permit' },
  { article: 'override.halt', name: 'a halt stops a payment', tool: pay, facts: { base: { halted: true } }, expect: 'deny' },
  { article: 'override.halt', name: 'a halt stops a read', tool: get, facts: { base: { halted: true } }, expect: 'deny' },
  {
    article: 'override.halt',
    name: 'nobody votes a halt away',
    tool: pay,
    facts: { base: { halted: true, approvals: { owner: 9, finance: 9, manager: 9 } } },
    expect: 'deny',
  },
  { article: 'replication.chain', name: 'three hops are the most', tool: pay, facts: { base: { chain_length: 3 } }, expect: 'permit' },
  { article: 'replication.chain', name: 'a fourth hop is one too many', tool: pay, facts: { base: { chain_length: 4 } }, expect: 'deny' },
  {
    article: 'replication.rate.agent',
    name: 'the 120th proposal of a minute is made',
    tool: hold,
    facts: { base: { calls_last_minute_agent: 119 } },
    expect: 'permit',
  },
  { article: 'replication.rate.agent', name: 'the 121st is not', tool: hold, facts: { base: { calls_last_minute_agent: 120 } }, expect: 'deny' },
  {
    article: 'replication.rate.person',
    name: 'the 30th proposal of a minute for one person is made',
    tool: hold,
    facts: { base: { calls_last_minute_person: 29 } },
    expect: 'permit',
  },
  { article: 'replication.rate.person', name: 'the 31st is not', tool: hold, facts: { base: { calls_last_minute_person: 30 } }, expect: 'deny' },
  { article: 'exfiltration.outbound', name: 'what is vouched for leaves the house', tool: remind, facts: { base: { untrusted: [] } }, expect: 'permit' },
  {
    article: 'exfiltration.outbound',
    name: 'an invoice number from outside alone keeps nothing in',
    tool: remind,
    facts: { base: { untrusted: ['identifier'] } },
    expect: 'permit',
  },
  {
    article: 'exfiltration.outbound',
    name: 'a destination that only an outsider named needs the owner',
    tool: remind,
    facts: { base: { untrusted: ['destination'] } },
    expect: 'escalate',
  },
  {
    article: 'exfiltration.outbound',
    name: 'a recipient that only an outsider named needs the owner',
    tool: remind,
    facts: { base: { untrusted: ['recipient'] } },
    expect: 'escalate',
  },
  {
    article: 'exfiltration.outbound',
    name: 'words that an outsider wrote need the owner',
    tool: remind,
    facts: { base: { untrusted: ['free_text'] } },
    expect: 'escalate',
  },
  {
    article: 'exfiltration.outbound',
    name: 'the owner lets it go',
    tool: remind,
    facts: { base: { untrusted: ['destination'], approvals: { owner: 1 } } },
    expect: 'permit',
  },
  { article: 'authority.level', name: 'at level act nobody is asked', tool: hold, facts: { base: { level: 'act' } }, expect: 'permit' },
  { article: 'authority.level', name: 'at level ask a manager is', tool: hold, facts: { base: { level: 'ask' } }, expect: 'escalate' },
  { article: 'authority.level', name: 'a manager answers', tool: hold, facts: { base: { level: 'ask', approvals: { manager: 1 } } }, expect: 'permit' },
  {
    article: 'authority.untrusted',
    name: 'words from outside move nothing, and stop nothing',
    tool: pay,
    facts: { base: { untrusted: ['free_text'] } },
    expect: 'permit',
  },
  {
    article: 'authority.untrusted',
    name: 'an amount that only an outsider named needs finance',
    tool: pay,
    facts: { base: { untrusted: ['amount'] } },
    expect: 'escalate',
  },
  {
    article: 'authority.untrusted',
    name: 'an account that only an outsider named needs finance',
    tool: pay,
    facts: { base: { untrusted: ['account'] } },
    expect: 'escalate',
  },
  {
    article: 'authority.untrusted',
    name: 'a recipient that only an outsider named needs finance',
    tool: pay,
    facts: { base: { untrusted: ['recipient'] } },
    expect: 'escalate',
  },
  {
    article: 'authority.untrusted',
    name: 'a destination that only an outsider named needs finance',
    tool: pay,
    facts: { base: { untrusted: ['destination'] } },
    expect: 'escalate',
  },
  {
    article: 'authority.untrusted',
    name: 'an invoice that only an outsider named needs finance',
    tool: pay,
    facts: { base: { untrusted: ['identifier'] } },
    expect: 'escalate',
  },
  {
    article: 'authority.untrusted',
    name: 'finance vouches for it',
    tool: pay,
    facts: { base: { untrusted: ['amount'], approvals: { finance: 1 } } },
    expect: 'permit',
  },
  { article: 'authority.own', name: 'another person may approve', tool: pay, facts: { base: { requester: 'ana', approved_by: ['ben'] } }, expect: 'permit' },
  {
    article: 'authority.own',
    name: 'nobody approves what they asked for',
    tool: pay,
    facts: { base: { requester: 'ana', approved_by: ['ana'] } },
    expect: 'deny',
  },
  {
    article: 'authority.own',
    name: 'but a sole approver in a second step',
    tool: pay,
    facts: { base: { requester: 'ana', approved_by: ['ana'], requester_is_sole: true } },
    expect: 'permit',
  },
  { article: 'authority.own', name: 'nor together with others', tool: pay, facts: { base: { requester: 'ana', approved_by: ['ben', 'ana'] } }, expect: 'deny' },
  ...standing,
];
