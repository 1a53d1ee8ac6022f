/** What a person does with a task. Each is one POST that names it; what did not count says why. */
import { Alert, Button, Group, Stack, Text, Textarea, TextInput } from '@mantine/core';
import { useState } from 'react';
import type { TaskCard } from '../../../client.ts';
import { LocalDate } from '../../../kernel/time.ts';
import { api } from './api.ts';
import { SHORTEST_REASON, useDeed, type Done } from './deed.ts';
import { Dialog } from './dialog.tsx';
import { EditForm } from './edit-form.tsx';
import { Respond } from './respond.tsx';
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
        {headline(task)}
      </Text>
      {(deed === 'approve' || deed === 'decline') && <Vote key={deed} task={task} choice={deed} done={after} />}
      {deed === 'edit' && <EditForm task={task} done={after} />}
      {deed === 'respond' && <Respond task={task} />}
    </Dialog>
  );
}

function Vote({ task, choice, done }: { task: TaskCard; choice: 'approve' | 'decline'; done: (done: Done) => void }) {
  const [reason, setReason] = useState('');
  const [again, setAgain] = useState('');
  const day = LocalDate.safeParse(again);
  const vote = useDeed(
    () => api.decide(task.id, { choice, reason, ...(task.decision ? { seen: task.decision.material } : {}), ...(day.success ? { againOn: day.data } : {}) }),
    done,
  );
  const short = choice === 'decline' && reason.trim().length < SHORTEST_REASON;
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault();
        if (!short) vote.mutate();
      }}
    >
      <Stack>
        <Textarea
          label={choice === 'decline' ? 'Why? The agent reads it.' : 'A note, if you like'}
          required={choice === 'decline'}
          value={reason}
          onChange={(event) => setReason(event.currentTarget.value)}
          maxLength={2_000}
          autosize
          minRows={2}
          data-autofocus={choice === 'decline' ? true : undefined}
        />
        {choice === 'decline' && (
          <TextInput
            type="date"
            label="Ask again on"
            description="Leave it empty, and it is asked again only when a fact that it rests on changes."
            value={again}
            onChange={(event) => setAgain(event.currentTarget.value)}
          />
        )}
        {vote.error && <Alert color="red">{vote.error.message}</Alert>}
        <Group justify="flex-end">
          {short && <Text size="sm">At least {SHORTEST_REASON} characters.</Text>}
          <Button type="submit" disabled={short} loading={vote.isPending} data-autofocus={choice === 'approve' ? true : undefined}>
            {choice === 'approve' ? 'Approve' : 'Decline'}
          </Button>
        </Group>
      </Stack>
    </form>
  );
}
