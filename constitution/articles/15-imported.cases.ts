/** Tools that are not our own. */
import type { CaseTexts, Routine } from '../../src/kernel/cases.ts';

const read = 'imported.any_read';
const write = 'imported.any_write';
const send = 'imported.any_outbound';
const commit = 'imported.any_irreversible';

/** What the person asked for, with values of their own or of records, after text of strangers was read. */
export const routine: Routine = { imported: { classified: true, untrusted_read: true, asked_for: true, private_out: false, stranger: false } };

export const cases: CaseTexts = [
  {
    article: 'imported.unclassified',
    name: 'a tool that changed its description is not even read with',
    tool: read,
    facts: { imported: { classified: false } },
    expect: 'deny',
  },
  { article: 'imported.unclassified', name: 'nor does anything', tool: commit, facts: { imported: { classified: false } }, expect: 'deny' },
  { article: 'imported.unclassified', name: 'one that was classified is read with', tool: read, facts: {}, expect: 'permit' },
  { article: 'imported.unasked', name: 'what nobody asked for needs a person', tool: write, facts: { imported: { asked_for: false } }, expect: 'escalate' },
  {
    article: 'imported.unasked',
    name: 'a manager lifts it',
    tool: write,
    facts: { imported: { asked_for: false }, base: { approvals: { manager: 1 } } },
    expect: 'permit',
  },
  {
    article: 'imported.unasked',
    name: 'before any text of strangers was read, nobody could have asked for it but the person',
    tool: write,
    facts: { imported: { asked_for: false, untrusted_read: false } },
    expect: 'permit',
  },
  {
    article: 'imported.unasked',
    name: 'what only a stranger asks to have read needs a person',
    tool: read,
    facts: { imported: { asked_for: false } },
    expect: 'escalate',
  },
  { article: 'imported.unasked', name: 'what was asked for is sent', tool: send, facts: {}, expect: 'permit' },
  {
    article: 'imported.untrusted',
    name: 'a day that only a stranger named needs a person',
    tool: write,
    facts: { base: { untrusted: ['date'] } },
    expect: 'escalate',
  },
  { article: 'imported.untrusted', name: 'words of a stranger need a person', tool: write, facts: { base: { untrusted: ['free_text'] } }, expect: 'escalate' },
  { article: 'imported.untrusted', name: 'a stranger’s amount needs a person', tool: write, facts: { base: { untrusted: ['amount'] } }, expect: 'escalate' },
  {
    article: 'imported.untrusted',
    name: 'a manager lifts it where nothing leaves',
    tool: write,
    facts: { base: { untrusted: ['identifier'], approvals: { manager: 1 } } },
    expect: 'permit',
  },
  { article: 'imported.untrusted', name: 'reads may follow what they found', tool: read, facts: { base: { untrusted: ['identifier'] } }, expect: 'permit' },
  {
    article: 'imported.private',
    name: 'a private value in a message needs an owner',
    tool: send,
    facts: { imported: { private_out: true } },
    expect: 'escalate',
  },
  { article: 'imported.private', name: 'and in what is looked up', tool: read, facts: { imported: { private_out: true } }, expect: 'escalate' },
  {
    article: 'imported.private',
    name: 'an owner lifts it',
    tool: send,
    facts: { imported: { private_out: true }, base: { approvals: { owner: 1 } } },
    expect: 'permit',
  },
  {
    article: 'imported.leak',
    name: 'nobody lifts what a stranger asks to be told',
    tool: send,
    facts: {
      imported: { private_out: true, stranger: true, asked_for: false },
      base: { untrusted: ['recipient'], approvals: { owner: 9, manager: 9 } },
    },
    expect: 'deny',
  },
  {
    article: 'imported.private',
    name: 'where the person asked for the message, people decide',
    tool: send,
    facts: { imported: { private_out: true, stranger: true, asked_for: true } },
    expect: 'escalate',
  },
  {
    article: 'imported.leak',
    name: 'with approvals it goes to whom the person asked to be told',
    tool: send,
    facts: { imported: { private_out: true, stranger: true }, base: { approvals: { owner: 1 } } },
    expect: 'permit',
  },
];
