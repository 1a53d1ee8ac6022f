/** What a person does with a task. Each is one POST that names it; what did not count says why. */
import { Alert, Text, TextInput } from '@mantine/core';
import { useState } from 'react';
import type { TaskCard } from '../../../client.ts';
import { CHANGED } from '../../../kernel/seen.ts';
import { LocalDate } from '../../../kernel/time.ts';
import { api } from './api.ts';
import type { Here } from './data.ts';
import { useDeed, type Done } from './deed.ts';
import { Dialog } from './dialog.tsx';
import { EditForm } from './edit-form.tsx';
import { Nudge } from './nudge.tsx';
import { Days } from './prose.tsx';
import { Respond } from './respond.tsx';
import { VoteForm } from './vote-form.tsx';
import { changedSince, headline, seenOf } from './words.ts';

export type Deed = 'approve' | 'decline' | 'edit' | 'respond' | 'nudge';

const TITLES: Readonly<Record<Deed, string>> = {
  approve: 'Approve this?',
  decline: 'Decline this',
  edit: 'Propose your own version',
  respond: 'Ask the agent',
  nudge: 'Ask somebody by name',
};

/** What a person is about to do with a task, as the task was when they began: they read that one, and the stream goes on beneath. */
export interface Begun {
  readonly deed: Deed;
  readonly shown: TaskCard;
}

interface DeedsProps {
  readonly begun: Begun | undefined;
  readonly now: TaskCard; // the same task, as it is by now
  readonly here: Here;
  readonly close: () => void;
  readonly done: (done: Done) => void;
}

export function Deeds({ begun, now, here, close, done }: DeedsProps) {
  const after = (result: Done) => {
    close();
    done(result);
  };
  return (
    <Dialog title={begun ? TITLES[begun.deed] : ''} opened={begun !== undefined} close={close}>
      {begun && <Doing begun={begun} now={now} here={here} done={after} />}
    </Dialog>
  );
}

function Doing({ begun: { deed, shown }, now, here, done }: { begun: Begun; now: TaskCard; here: Here; done: (done: Done) => void }) {
  const changed = deed !== 'respond' && deed !== 'nudge' && changedSince(shown, now); // a word to somebody decides nothing
  return (
    <>
      <Text fw={600} style={{ overflowWrap: 'anywhere' }}>
        <Days text={headline(shown)} />
      </Text>
      {changed && (
        <Alert color="red" role="alert">
          {CHANGED} Nothing was sent.
        </Alert>
      )}
      {(deed === 'approve' || deed === 'decline') && <Vote task={shown} choice={deed} changed={changed} done={done} />}
      {deed === 'edit' && <EditForm task={shown} changed={changed} done={done} />}
      {deed === 'respond' && <Respond task={shown} />}
      {deed === 'nudge' && <Nudge task={now} me={here.me} named={here.named} done={done} />}
    </>
  );
}

interface VoteProps {
  readonly task: TaskCard; // as it was shown
  readonly choice: 'approve' | 'decline';
  readonly changed: boolean;
  readonly done: (done: Done) => void;
}

function Vote({ task, choice, changed, done }: VoteProps) {
  const [again, setAgain] = useState('');
  const day = LocalDate.safeParse(again);
  const vote = useDeed((reason: string) => api.decide(task.id, { choice, reason, ...seenOf(task), ...(day.success ? { againOn: day.data } : {}) }), done);
  return (
    <VoteForm choice={choice} why="Why? The agent reads it." changed={changed} error={vote.error} pending={vote.isPending} send={vote.mutate}>
      {choice === 'decline' && (
        <TextInput
          type="date"
          label="Ask again on"
          description="Leave it empty, and it is asked again only when a fact that it rests on changes."
          value={again}
          onChange={(event) => setAgain(event.currentTarget.value)}
        />
      )}
    </VoteForm>
  );
}
