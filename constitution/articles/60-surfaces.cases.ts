/** What is said outside, to whom. */
import type { CaseTexts, Routine } from '../../src/kernel/cases.ts';

const reply = 'message.send_reply';
const show = 'message.show_task';

/** An answer to a person who is linked, about nothing that is confidential. */
export const routine: Routine = { message: { direct: true, house: true, linked: true, classification: 'internal' } };

export const cases: CaseTexts = [
  { article: 'surfaces.speak', name: 'a linked person is answered', tool: reply, facts: {}, expect: 'permit' },
  { article: 'surfaces.speak', name: 'who is not linked is told nothing', tool: reply, facts: { message: { linked: false } }, expect: 'deny' },
  { article: 'surfaces.speak', name: 'who has left is told nothing', tool: show, facts: { base: { person_active: false } }, expect: 'deny' },
  { article: 'surfaces.speak', name: 'an agent that is not ratified says nothing', tool: reply, facts: { base: { tool_granted: false } }, expect: 'deny' },
  { article: 'override.halt', name: 'a halt stops a reply', tool: reply, facts: { base: { halted: true } }, expect: 'deny' },
  { article: 'override.halt', name: 'a halt does not blind people', tool: show, facts: { base: { halted: true } }, expect: 'permit' },
  {
    article: 'surfaces.channel',
    name: 'what is internal is said in a channel',
    tool: reply,
    facts: { message: { direct: false, classification: 'internal' } },
    expect: 'permit',
  },
  {
    article: 'surfaces.channel',
    name: 'what is confidential is not',
    tool: reply,
    facts: { message: { direct: false, classification: 'confidential' } },
    expect: 'deny',
  },
  {
    article: 'surfaces.house',
    name: 'a guest who reads along hears nothing internal',
    tool: reply,
    facts: { message: { direct: false, house: false, classification: 'internal' } },
    expect: 'deny',
  },
  {
    article: 'surfaces.house',
    name: 'what is public everybody may hear',
    tool: reply,
    facts: { message: { direct: false, house: false, classification: 'public' } },
    expect: 'permit',
  },
  { article: 'surfaces.channel', name: 'one person may hear it', tool: reply, facts: { message: { classification: 'confidential' } }, expect: 'permit' },
  {
    article: 'surfaces.restricted',
    name: 'what is confidential reaches one person',
    tool: show,
    facts: { message: { classification: 'confidential' } },
    expect: 'permit',
  },
  {
    article: 'surfaces.restricted',
    name: 'what is restricted reaches nobody',
    tool: reply,
    facts: { message: { classification: 'restricted' } },
    expect: 'deny',
  },
  {
    article: 'surfaces.restricted',
    name: 'a class that is none is the highest',
    tool: reply,
    facts: { message: { classification: 'secret' } },
    expect: 'deny',
  },
  { article: 'surfaces.private', name: 'a card reaches one person', tool: show, facts: {}, expect: 'permit' },
  {
    article: 'surfaces.private',
    name: 'a channel is shown no card',
    tool: show,
    facts: { message: { direct: false, classification: 'public' } },
    expect: 'deny',
  },
];
