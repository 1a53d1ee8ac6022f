/** What a person does with a task. Each is one POST that names it; what did not count says why. */
import { Alert, Button, Group, Modal, Stack, Text, Textarea } from '@mantine/core';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useState, type ReactNode } from 'react';
import type { TaskCard } from '../../../client.ts';
import { api } from './api.ts';
import { EditForm } from './edit-form.tsx';
import { Respond } from './respond.tsx';
import { headline } from './words.ts';

export type Deed = 'approve' | 'decline' | 'edit' | 'respond';
export const SHORTEST_REASON = 5; // characters; the server refuses less

export interface Done {
  readonly message: string;
  readonly task: TaskCard; // what to look at next
}

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

/** A dialog; its styles stand in our own sheets, so scrolling is not locked by one that is made on the way. */
export function Dialog({ title, opened, close, children }: { title: string; opened: boolean; close: () => void; children: ReactNode }) {
  return (
    <Modal opened={opened} onClose={close} title={title} lockScroll={false} transitionProps={{ duration: 0 }} closeButtonProps={{ 'aria-label': 'Close' }}>
      <Stack>{children}</Stack>
    </Modal>
  );
}

function Vote({ task, choice, done }: { task: TaskCard; choice: 'approve' | 'decline'; done: (done: Done) => void }) {
  const [reason, setReason] = useState('');
  const vote = useDeed(() => api.decide(task.id, { choice, reason, ...(task.decision ? { seen: task.decision.material } : {}) }), done);
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

/** Runs one deed; whatever came of it, every view reads again. */
export function useDeed<T extends Done>(run: () => Promise<T>, done: (result: T) => void) {
  const queries = useQueryClient();
  return useMutation({ mutationFn: run, onSuccess: done, onSettled: () => queries.invalidateQueries() });
}
