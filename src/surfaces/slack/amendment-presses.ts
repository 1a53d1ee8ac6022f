/** Buttons and forms of amendments: a vote is on the digest that was shown, as the owner behind the link. */
import type { App, types, ViewSubmitAction } from '@slack/bolt';
import { z } from 'zod';
import { Digest } from '../../kernel/digest.ts';
import { amendmentHeadline, amendmentWhyNot } from '../amendment-words.ts';
import { AMENDMENT_ACTIONS } from './amendment-card.ts';
import { badReason, form, reasonInput, submitted } from './modals.ts';
import { answered, attempt, callerOf, pressing, tell, type Outcome, type Presses, type Pressing } from './presses.ts';

export const AMENDMENT_FORM = 'charter_amendment_form';

/** What a press is about: the amendment, and the digest that was shown. */
const Shown = z.object({ amendment: z.string().min(3).max(60), digest: Digest });
const Voting = Shown.extend({ choice: z.enum(['approve', 'decline']) });
type Voting = z.infer<typeof Voting>;

export function listenToAmendments(app: App, presses: Presses): void {
  for (const choice of ['approve', 'decline'] as const)
    app.action(AMENDMENT_ACTIONS[choice], async ({ ack, body }) => {
      await ack();
      const press = pressing(body, Shown);
      const told = await attempt(presses, () => ask(presses, press, { ...press.pressed, choice }));
      if (told !== undefined) await tell(presses, press.channel, press.user, told);
      presses.stirred();
    });
  app.view<ViewSubmitAction>(AMENDMENT_FORM, ({ ack, body }) => answered(presses, ack, submitted(body, Voting), (filled) => vote(presses, filled)));
}

/** The form opens for owners who may vote; the others are told who may. */
async function ask(presses: Presses, press: Pressing<z.infer<typeof Shown>>, voting: Voting): Promise<string | undefined> {
  const { client, web } = presses;
  const caller = await callerOf(presses, press);
  const [amendment, me, people] = await Promise.all([client.amendment(caller, { id: voting.amendment }), client.me(caller, {}), client.people(caller, {})]);
  const why = amendmentWhyNot(amendment, me.person, (person) => people.find(({ id }) => id === person)?.name ?? person);
  if (why !== undefined) return why;
  const [title, label, optional] = voting.choice === 'approve' ? (['Approve', 'A note, if you like', true] as const) : (['Decline', 'Why?', false] as const);
  const about: types.SectionBlock = {
    type: 'section',
    text: { type: 'plain_text', text: `${amendmentHeadline(amendment)}. What is voted on: ${voting.digest}`, emoji: false },
  };
  await web.views.open({ trigger_id: press.trigger, view: form(AMENDMENT_FORM, title, voting, title, [about, { ...reasonInput(label), optional }]) });
  return undefined;
}

async function vote(presses: Presses, filled: ReturnType<typeof submitted<Voting>>): Promise<Outcome> {
  const { pressed, reason } = filled;
  const short = pressed.choice === 'decline' ? badReason(reason) : undefined;
  if (short !== undefined) return { errors: { reason: short } };
  const caller = await callerOf(presses, filled);
  return { told: (await presses.client.ratify(caller, { ...pressed, reason })).message };
}
