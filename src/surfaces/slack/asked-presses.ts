/** Buttons of what a person was asked: each press is that person's own word, by the way that the command line takes. */
import type { App } from '@slack/bolt';
import { z } from 'zod';
import type { Caller, Client } from '../../client.ts';
import { ASKED_ACTIONS } from './asked-card.ts';
import { attempt, callerOf, pressing, tell, type Presses } from './presses.ts';

const Asked = z.object({ key: z.string().min(3).max(60) });

export function listenToAsked(app: App, presses: Presses): void {
  const on = (action: string, work: (client: Client, caller: Caller, id: string) => Promise<string>): void =>
    app.action(action, async ({ ack, body }) => {
      await ack();
      const press = pressing(body, Asked);
      const told = await attempt(presses, async () => work(presses.client, await callerOf(presses, press), press.pressed.key));
      if (told !== undefined) await tell(presses, press.channel, press.user, told);
      presses.stirred();
    });
  on(ASKED_ACTIONS.give, async (client, caller, id) => `You take it: ${(await client.answer_consent(caller, { id, word: 'given' })).what}.`);
  on(ASKED_ACTIONS.refuse, async (client, caller, id) => `You said no to ${(await client.answer_consent(caller, { id, word: 'refused' })).what}.`);
  on(ASKED_ACTIONS.done, async (client, caller, id) => `Done: ${(await client.finish_task(caller, { id })).title}.`);
}
