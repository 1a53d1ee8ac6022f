/** Buttons and forms: each press is one operation of the client, as the person behind the link. Whoever may not is told who may. */
import type { AckFn, App, ViewResponseAction, ViewSubmitAction, webApi } from '@slack/bolt';
import { z } from 'zod';
import type { Caller, Client, TaskCard } from '../../client.ts';
import { notOffered } from '../../kernel/answers.ts';
import type { Answer } from '../../kernel/nouns.ts';
import { failed, type Trouble } from '../api/problems.ts';
import { whyNot } from '../inbox/web/words.ts';
import { ACTIONS } from './card.ts';
import type { Directory } from './directory.ts';
import { AGAIN, badReason, declineForm, edited, editForm, FORMS, Pressed, submitted, type Form } from './modals.ts';
import { cut, escaped } from './text.ts';

const FORM_MS = 2_300; // Slack closes a form's window of answers after three seconds

export interface Presses extends Trouble {
  readonly client: Client;
  readonly web: Pick<webApi.WebClient, 'views' | 'chat'>;
  readonly directory: Directory;
  /** Something was decided: cards are looked at now. */
  readonly stirred: () => void;
}

const Press = z.object({
  user: z.object({ id: z.string(), team_id: z.string().optional() }),
  team: z.object({ id: z.string() }).nullish(),
  channel: z.object({ id: z.string() }),
  trigger_id: z.string(),
  actions: z.array(z.object({ value: z.string().max(2_000) })).min(1),
});

export interface Who {
  readonly team: string;
  readonly user: string;
}

export interface Pressing<P = Pressed> extends Who {
  readonly pressed: P;
  readonly channel: string;
  readonly trigger: string;
}

/** @throws ZodError where it is no press of ours */
export function pressing<P>(body: unknown, about: z.ZodType<P>): Pressing<P> {
  const { user, team, channel, trigger_id, actions } = Press.parse(body);
  const pressed = about.parse(JSON.parse(actions[0]?.value ?? ''));
  return { pressed, user: user.id, team: user.team_id ?? team?.id ?? '', channel: channel.id, trigger: trigger_id };
}

export function listen(app: App, presses: Presses): void {
  app.action(ACTIONS.open, ({ ack }) => ack());
  const on = (action: string, work: (press: Pressing) => Promise<string | undefined>) =>
    app.action(action, async ({ ack, body }) => {
      await ack();
      const press = pressing(body, Pressed);
      const told = await attempt(presses, () => work(press));
      if (told !== undefined) await tell(presses, press.channel, press.user, told);
      presses.stirred();
    });
  on(ACTIONS.approve, (press) => approve(presses, press));
  on(ACTIONS.decline, (press) => openForm(presses, press, (task) => declineForm(press.pressed, task)));
  on(ACTIONS.edit, (press) => openForm(presses, press, (task) => editForm(press.pressed, task), 'edit'));
  app.view<ViewSubmitAction>(FORMS.decline, ({ ack, body }) => answered(presses, ack, submitted(body, Pressed), (form) => decline(presses, form)));
  app.view<ViewSubmitAction>(FORMS.edit, ({ ack, body }) => answered(presses, ack, submitted(body, Pressed), (form) => edit(presses, form)));
}

/** The person behind a user. Slack is asked first: a guest, a stranger or a bot is nobody's word. @throws Refused */
export async function callerOf({ directory }: Presses, { team, user }: Who): Promise<Caller> {
  const standing = await directory.standing(team, user).catch(() => {
    throw new Refused('Slack does not say just now who you are, so nothing was done. Try again in a moment.');
  });
  if (standing !== 'member') throw new Refused('You have no authority here, so nothing was done. Ask a member of this organization.');
  return { kind: 'slack', team, user };
}

/** Told to the person as it is. */
class Refused extends Error {
  override readonly name = 'Refused';
}

export async function attempt(presses: Presses, work: () => Promise<string | undefined>): Promise<string | undefined> {
  try {
    return await work();
  } catch (error) {
    if (error instanceof Refused) return error.message;
    return (await failed(error, 'slack', presses)).body.detail;
  }
}

async function approve(presses: Presses, press: Pressing): Promise<string> {
  const caller = await callerOf(presses, press);
  return (await presses.client.decide(caller, { ...press.pressed, choice: 'approve', reason: '' })).message;
}

/** A form opens for whoever may decide; the others are told why not. */
async function openForm(
  presses: Presses,
  press: Pressing,
  form: (task: TaskCard) => ReturnType<typeof editForm>,
  answer?: Answer,
): Promise<string | undefined> {
  const { client, web } = presses;
  const caller = await callerOf(presses, press);
  const [task, me, people] = await Promise.all([client.task(caller, { id: press.pressed.id }), client.me(caller, {}), client.people(caller, {})]);
  const why = whyNot(task, me, (person) => people.find(({ id }) => id === person)?.name ?? person);
  if (why !== undefined) return why;
  if (answer && !task.answers.includes(answer)) return notOffered(task.tool, answer, task.answers);
  const view = form(task);
  if (!view) return 'This is too long for a form here; edit it in the inbox.';
  await web.views.open({ trigger_id: press.trigger, view });
  return undefined;
}

export type Outcome = { readonly told: string } | { readonly errors: Record<string, string> };

async function decline(presses: Presses, form: Form): Promise<Outcome> {
  const short = badReason(form.reason);
  if (short !== undefined) return { errors: { reason: short } };
  const caller = await callerOf(presses, form);
  const vote = { ...form.pressed, choice: 'decline', reason: form.reason } as const;
  return { told: (await presses.client.decide(caller, form.againOn === null ? vote : { ...vote, againOn: form.againOn })).message };
}

async function edit(presses: Presses, form: Form): Promise<Outcome> {
  const short = badReason(form.reason);
  if (short !== undefined) return { errors: { reason: short } };
  const caller = await callerOf(presses, form);
  const task = await presses.client.task(caller, { id: form.pressed.id });
  if (task.decision?.material !== form.pressed.seen) return { told: 'A fact that matters changed since it was shown; read it again.' };
  const read = edited(task, form.texts);
  if ('problem' in read) return { errors: { [read.field]: read.problem } };
  return { told: (await presses.client.edit(caller, { id: task.id, args: read.args, reason: form.reason })).message };
}

/** What is wrong stands in the form; what takes longer than Slack waits is told afterwards. */
export async function answered<F extends Who>(presses: Presses, ack: AckFn<ViewResponseAction>, form: F, work: (form: F) => Promise<Outcome>): Promise<void> {
  const working = work(form).catch(async (error: unknown): Promise<Outcome> => {
    const { type, detail } = error instanceof Refused ? { type: '', detail: error.message } : (await failed(error, 'slack', presses)).body;
    return { errors: { [type === 'charter:day_invalid' ? AGAIN : 'reason']: cut(detail, 150) } };
  });
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<'late'>((resolve) => (timer = setTimeout(() => resolve('late'), FORM_MS)));
  const first = await Promise.race([working, late]);
  clearTimeout(timer);
  if (first !== 'late' && 'errors' in first) return ack({ response_action: 'errors', errors: first.errors });
  await ack();
  const outcome = await working;
  await tell(presses, form.user, form.user, 'told' in outcome ? outcome.told : Object.values(outcome.errors).join(' '));
  presses.stirred();
}

/** For this person's eyes; if it does not reach them, the card shows what was decided all the same. */
export async function tell({ web, log }: Presses, channel: string, user: string, said: string): Promise<void> {
  const text = escaped(cut(said, 2_000));
  try {
    if (channel === user) await web.chat.postMessage({ channel: user, text, parse: 'none', link_names: false, unfurl_links: false, unfurl_media: false });
    else await web.chat.postEphemeral({ channel, user, text, parse: 'none', link_names: false });
  } catch (error) {
    log({ err: error }, 'Slack did not take a word about a press');
  }
}
