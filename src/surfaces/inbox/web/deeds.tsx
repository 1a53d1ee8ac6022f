/** What a person does with a task. Each is one POST that names it; what did not count says why. */
import { Text, TextInput } from '@mantine/core';
import { useState } from 'react';
import type { TaskCard } from '../../../client.ts';
import { LocalDate } from '../../../kernel/time.ts';
import { api } from './api.ts';
import { useDeed, type Done } from './deed.ts';
import { Dialog } from './dialog.tsx';
import { EditForm } from './edit-form.tsx';
import { Days } from './prose.tsx';
import { Respond } from './respond.tsx';
import { VoteForm } from './vote-form.tsx';
import { headline } from './words.ts';

export type Deed = 'approve' | 'decline' | 'edit' | 'respond';

const TITLES: Readonly<Record<Deed, string>> = {
  approve: 'Approve this?',
  decline: 'Decline this',
  edit: 'Propose your own version',
  respond: 'Ask the agent',
};

export function Deeds({ task, deed, close, done }: { task: TaskCard; deed: Deed | undefined; close: () => void; done: (done: Done) => void }) {
  const after = (result: Done) => {
    close();
    done(result);
  };
  return (
    <Dialog title={deed ? TITLES[deed] : ''} opened={deed !== undefined} close={close}>
      <Text fw={600} style={{ overflowWrap: 'anywhere' }}>
        <Days text={headline(task)} />
      </Text>
      {(deed === 'approve' || deed === 'decline') && <Vote key={deed} task={task} choice={deed} done={after} />}
      {deed === 'edit' && <EditForm task={task} done={after} />}
      {deed === 'respond' && <Respond task={task} />}
    </Dialog>
  );
}

function Vote({ task, choice, done }: { task: TaskCard; choice: 'approve' | 'decline'; done: (done: Done) => void }) {
  const [again, setAgain] = useState('');
  const day = LocalDate.safeParse(again);
  const seen = task.decision ? { seen: task.decision.material } : {};
  const vote = useDeed((reason: string) => api.decide(task.id, { choice, reason, ...seen, ...(day.success ? { againOn: day.data } : {}) }), done);
  return (
    <VoteForm choice={choice} why="Why? The agent reads it." error={vote.error} pending={vote.isPending} send={vote.mutate}>
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
