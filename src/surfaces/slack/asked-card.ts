/** What a person was asked or is told, in a direct message to them: whether they take a shift, what they are to see to, what changed on their rota. */
import type { types } from '@slack/bolt';
import type { SlackMessage } from '../../client.ts';
import { ACTIONS, type Content } from './card.ts';
import { cut, escaped, plain } from './text.ts';

type Asked = Extract<SlackMessage['says'], { kind: 'consent' | 'duty' }>;

export const ASKED_ACTIONS = { give: 'charter_consent_give', refuse: 'charter_consent_refuse', done: 'charter_task_done' } as const;

const ANSWERED = { given: 'You take it.', refused: 'You said no. It has no consequence for you.' } as const;

/** Buttons stand there until it is answered, for whoever was asked. */
export function askedContent(says: Asked): Content {
  const { title, what, standing, buttons } = says.kind === 'consent' ? consent(says.asked) : duty(says.asked);
  const open = standing === undefined;
  const elements = buttons.map(({ action, label, style }): types.Button => {
    const button = { type: 'button', action_id: action, text: plain(label, 75), value: JSON.stringify({ key: says.asked.key }) } as const;
    return style === undefined ? button : { ...button, style };
  });
  return {
    text: escaped(cut(`${title} ${what[0] ?? ''}${open ? '' : `: ${standing}`}`, 1_000)),
    blocks: [
      { type: 'header', text: plain(title, 150) },
      { type: 'section', text: plain(what.join('\n'), 3_000) },
      ...(open ? [] : [{ type: 'section', text: plain(standing, 3_000) } as const]),
      ...(open && says.me.person === says.asked.person ? [{ type: 'actions', elements } as const] : []),
    ],
  };
}

/** What changed without their word being needed: nothing is asked. */
export function toldContent({ told: { key, what } }: Extract<SlackMessage['says'], { kind: 'told' }>, inbox: string): Content {
  const [title, more] = ['Your shifts changed.', 'Your word was not needed for it. If it cannot be so, speak with whoever plans the rota.'];
  const open: types.Button = { type: 'button', action_id: ACTIONS.open, text: plain('Why, in the inbox', 75), url: `${inbox}/tasks/${key}` };
  return {
    text: escaped(cut(`${title} ${what}`, 1_000)),
    blocks: [
      { type: 'header', text: plain(title, 150) },
      { type: 'section', text: plain(`${what}.\n${more}`, 3_000) },
      { type: 'actions', elements: [open] },
    ],
  };
}

interface Parts {
  readonly title: string;
  readonly what: readonly string[];
  readonly standing: string | undefined; // once it is answered
  readonly buttons: readonly { readonly action: string; readonly label: string; readonly style?: 'primary' }[];
}

const consent = ({ what, answerBy, state }: Extract<Asked, { kind: 'consent' }>['asked']): Parts => ({
  title: 'Would you take this shift?',
  what: [`${what}.`, `Answer by ${answerBy}. Nobody can answer for you, and a no has no consequence for you.`],
  standing: state === 'asked' ? undefined : ANSWERED[state],
  buttons: [
    { action: ASKED_ACTIONS.give, label: 'I take it', style: 'primary' },
    { action: ASKED_ACTIONS.refuse, label: 'No' },
  ],
});

const duty = ({ title, due, obligation, done }: Extract<Asked, { kind: 'duty' }>['asked']): Parts => ({
  title: 'You are asked to see to this.',
  what: [title, `By ${due}, for the obligation ${obligation}. What shows that it is met is filed as evidence, and looked at by a second person.`],
  standing: done === null ? undefined : `Done on ${done}.`,
  buttons: [{ action: ASKED_ACTIONS.done, label: 'Done', style: 'primary' }],
});
