/** An amendment as a card for one owner: what it changes in words, what it would have changed on record, and the digest that is voted on. */
import type { types } from '@slack/bolt';
import type { SlackMessage } from '../../client.ts';
import { amendmentHeadline, amendmentSays, amendmentWhyNot } from '../amendment-words.ts';
import { quoted, quotedLines } from '../prose.ts';
import { clock } from '../inbox/web/words.ts';
import type { Content } from './card.ts';
import { cut, escaped, pieces, plain } from './text.ts';

type Card = Extract<SlackMessage['says'], { kind: 'amendment' }>;

export const AMENDMENT_ACTIONS = { approve: 'charter_amendment_approve', decline: 'charter_amendment_decline' } as const;
const MOST_SECTIONS = 8; // of 2,900 characters; the inbox holds all of it

export function amendmentContent({ amendment, me, names }: Card, zone: string): Content {
  const named = (person: string): string => names[person] ?? person;
  const { id, digest, state, proposedBy, reason, quorum, may, votes, expiresAt } = amendment;
  const title = amendmentHeadline(amendment);
  const sections = pieces(quotedLines([`${named(proposedBy)} proposes it: ${reason}`, ...amendmentSays(amendment)]).join('\n'), 2_900);
  const open = state === 'open';
  const standing = [
    ...votes.map((vote) => `${named(vote.person)} voted to ${vote.choice} it${vote.reason === '' ? '' : `: ${vote.reason}`}.`),
    open
      ? `It needs ${quorum} of the owners: ${may.map(named).join(', ') || 'nobody is left'}. By the real clock, until ${clock(expiresAt, zone)}.`
      : (amendmentWhyNot(amendment, me.person, named) ?? ''),
  ];
  const value = JSON.stringify({ amendment: id, digest });
  const buttons: types.Button[] = [
    { type: 'button', action_id: AMENDMENT_ACTIONS.approve, style: 'primary', text: plain('Approve…', 75), value },
    { type: 'button', action_id: AMENDMENT_ACTIONS.decline, style: 'danger', text: plain('Decline…', 75), value },
  ];
  return {
    text: escaped(cut(`${title}: ${state}`, 1_000)),
    blocks: [
      { type: 'header', text: plain(title, 150) },
      ...sections.slice(0, MOST_SECTIONS).map((text): types.SectionBlock => ({ type: 'section', text: plain(text, 3_000) })),
      ...(sections.length > MOST_SECTIONS ? [{ type: 'section', text: plain('… and more, in the inbox.', 100) } as const] : []),
      { type: 'section', text: plain(quoted(standing.join('\n')), 3_000) },
      { type: 'context', elements: [plain(`${id}. What is voted on: ${digest}`, 2_000)] },
      ...(amendmentWhyNot(amendment, me.person, named) === undefined ? [{ type: 'actions', elements: buttons } as const] : []),
    ],
  };
}
