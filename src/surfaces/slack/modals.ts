/** The forms behind `Decline…` and `Edit…`, and what was written into them. */
import type { types } from '@slack/bolt';
import { z } from 'zod';
import { JsonArgs } from '../../kernel/text.ts';
import { LocalDate } from '../../kernel/time.ts';
import { Digest } from '../../kernel/digest.ts';
import { fieldLabel, fieldText, fieldValue } from '../../kernel/fields.ts';
import type { TaskCard } from '../../client.ts';
import { cut, plain } from './text.ts';

export const FORMS = { decline: 'charter_decline_form', edit: 'charter_edit_form' } as const;
const SHORTEST_REASON = 5; // characters; the server refuses less
const REASON = 'reason';
export const AGAIN = 'again_on';
const FIELD = 'value';
const MOST_TEXT = 3_000; // of one field, by Slack

/** What a press is about: the task, and the facts that were shown. */
export const Pressed = z.object({ id: z.string().min(3).max(60), seen: Digest });
export type Pressed = z.infer<typeof Pressed>;

const input = (id: string, label: string, initial?: string): types.InputBlock => ({
  type: 'input',
  block_id: id,
  label: plain(label, 2_000),
  element: { type: 'plain_text_input', action_id: FIELD, max_length: MOST_TEXT, multiline: id === REASON, ...(initial ? { initial_value: initial } : {}) },
});

export const form = (callback: string, title: string, pressed: object, submit: string, blocks: types.KnownBlock[]): types.ModalView => ({
  type: 'modal',
  callback_id: callback,
  private_metadata: JSON.stringify(pressed),
  title: plain(title, 24),
  submit: plain(submit, 24),
  close: plain('Back', 24),
  blocks,
});

export const reasonInput = (label: string): types.InputBlock => input(REASON, label);

/** A day is asked for where a review asked: what a person asked for comes back when that person asks again. */
export const declineForm = (pressed: Pressed, { requester }: TaskCard): types.ModalView =>
  form(FORMS.decline, 'Decline', pressed, 'Decline', [input(REASON, 'Why? The agent reads it.'), ...(requester === null ? [again] : [])]);

const again: types.InputBlock = {
  type: 'input',
  block_id: AGAIN,
  optional: true,
  label: plain('Ask again on', 2_000),
  hint: plain('Without a day it is asked again only when a fact that it rests on changes.', 2_000),
  element: { type: 'datepicker', action_id: FIELD },
};

/** @returns undefined where a value does not fit into a field of Slack: the inbox takes it */
export function editForm(pressed: Pressed, { args }: TaskCard): types.ModalView | undefined {
  const fields = Object.entries(args).map(([name, value]) => ({ name, value, text: fieldText(value) }));
  if (fields.some(({ text }) => text.length > MOST_TEXT) || fields.length > 40) return undefined;
  return form(FORMS.edit, 'Edit', pressed, 'Propose', [
    { type: 'section', text: plain('Votes on this task become void. What you write is judged as your own request: others decide it.', 3_000) },
    ...fields.map(({ name, value, text }) => input(`arg/${name}`, fieldLabel(name, value), text)),
    input(REASON, 'Why? Who decides it reads this.'),
  ]);
}

const Submitted = z.object({
  user: z.object({ id: z.string(), team_id: z.string().optional() }),
  team: z.object({ id: z.string() }).nullish(),
  view: z.object({
    callback_id: z.string(),
    private_metadata: z.string().max(MOST_TEXT),
    state: z.object({ values: z.record(z.string(), z.record(z.string(), z.object({ value: z.string().nullish(), selected_date: LocalDate.nullish() }))) }),
  }),
});

export interface Form<P = Pressed> {
  readonly pressed: P;
  readonly user: string;
  readonly team: string;
  readonly reason: string;
  readonly againOn: LocalDate | null;
  readonly texts: Readonly<Record<string, string>>; // of the arguments
}

/** @throws ZodError where it is no form of ours */
export function submitted<P>(body: unknown, about: z.ZodType<P>): Form<P> {
  const { user, team, view } = Submitted.parse(body);
  const texts = Object.entries(view.state.values).map(([block, fields]) => [block, fields[FIELD]?.value ?? ''] as const);
  return {
    pressed: about.parse(JSON.parse(view.private_metadata)),
    user: user.id,
    team: user.team_id ?? team?.id ?? '',
    reason: texts.find(([block]) => block === REASON)?.[1] ?? '',
    againOn: view.state.values[AGAIN]?.[FIELD]?.selected_date ?? null,
    texts: Object.fromEntries(texts.flatMap(([block, text]) => (block.startsWith('arg/') ? [[block.slice(4), text]] : []))),
  };
}

/** What is wrong with a reason; undefined where nothing is. */
export const badReason = (reason: string): string | undefined =>
  reason.trim().length < SHORTEST_REASON ? `A reason has at least ${SHORTEST_REASON} characters.` : undefined;

export type Edited = { readonly args: z.infer<typeof JsonArgs> } | { readonly field: string; readonly problem: string };

/** The arguments as they were written. */
export function edited({ args }: TaskCard, texts: Form['texts']): Edited {
  const read: Record<string, unknown> = {};
  for (const [name, before] of Object.entries(args)) {
    try {
      read[name] = fieldValue(texts[name] ?? '', before);
    } catch (error) {
      return { field: `arg/${name}`, problem: cut(error instanceof Error ? error.message : 'This cannot be read.', 150) };
    }
  }
  const whole = JsonArgs.safeParse(read);
  return whole.success ? { args: whole.data } : { field: REASON, problem: whole.error.issues[0]?.message ?? 'This cannot be kept.' };
}
