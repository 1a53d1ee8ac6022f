/** Several decisions, one by one down the same way, after their count is confirmed. What was skipped says why. */
import { Alert, Button, Group, List, Stack, Text, Textarea } from '@mantine/core';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import type { TaskCard } from '../../../client.ts';
import { CHANGED, saysTooLittle } from '../../../kernel/seen.ts';
import { api } from './api.ts';
import { Dialog } from './dialog.tsx';
import { Days, Prose } from './prose.tsx';
import { changedSince, headline, seenOf } from './words.ts';

export interface Many {
  readonly choice: 'approve' | 'decline';
  readonly tasks: readonly TaskCard[]; // as they were when the dialog opened: what is read there is what is decided
}

interface Report {
  readonly counted: number;
  readonly skipped: readonly { readonly task: TaskCard; readonly why: string }[];
}

async function oneByOne({ choice, tasks }: Many, reason: string, changed: (task: TaskCard) => boolean): Promise<Report> {
  let counted = 0;
  const skipped: { task: TaskCard; why: string }[] = [];
  for (const task of tasks) {
    const result = changed(task)
      ? { counted: false, message: CHANGED }
      : await api.decide(task.id, { choice, reason, ...seenOf(task) }).catch((error: Error) => ({ counted: false, message: error.message }));
    if (result.counted) counted++;
    else skipped.push({ task, why: result.message });
  }
  return { counted, skipped };
}

interface BulkProps {
  readonly many: Many | undefined;
  readonly now: readonly TaskCard[]; // what waits by now
  readonly close: () => void;
}

export function Bulk({ many, now, close }: BulkProps) {
  return (
    <Dialog title={many ? `${many.choice === 'approve' ? 'Approve' : 'Decline'} ${many.tasks.length} tasks?` : ''} opened={many !== undefined} close={close}>
      {many && <Confirm many={many} now={now} close={close} />}
    </Dialog>
  );
}

function Confirm({ many, now, close }: BulkProps & { many: Many }) {
  const [reason, setReason] = useState('');
  const queries = useQueryClient();
  const changed = (task: TaskCard) => now.some((one) => one.id === task.id && changedSince(task, one));
  const run = useMutation({ mutationFn: () => oneByOne(many, reason, changed), onSettled: () => queries.invalidateQueries() });
  const short = many.choice === 'decline' && saysTooLittle(reason);
  if (run.data) return <Told report={run.data} of={many.tasks.length} close={close} />;
  return (
    <Stack>
      <List size="sm">
        {many.tasks.map((task) => (
          <List.Item key={task.id}>
            <Days text={headline(task)} />
            {changed(task) && (
              <Text size="sm" fw={600} role="alert">
                {CHANGED} It will be skipped.
              </Text>
            )}
          </List.Item>
        ))}
      </List>
      <Textarea
        label={many.choice === 'decline' ? 'Why? The agent reads it.' : 'A note, if you like'}
        required={many.choice === 'decline'}
        value={reason}
        onChange={(event) => setReason(event.currentTarget.value)}
        maxLength={2_000}
      />
      <Group justify="flex-end">
        <Button disabled={short} loading={run.isPending} onClick={() => run.mutate()}>
          {many.choice === 'approve' ? 'Approve' : 'Decline'} {many.tasks.length}
        </Button>
      </Group>
    </Stack>
  );
}

function Told({ report: { counted, skipped }, of, close }: { report: Report; of: number; close: () => void }) {
  return (
    <Stack>
      <Text role="status">
        {counted} of {of} counted{skipped.length > 0 ? `, ${skipped.length} skipped:` : '.'}
      </Text>
      {skipped.map(({ task, why }) => (
        <Alert key={task.id} color="yellow" title={<Days text={headline(task)} />}>
          <Prose text={why} />
        </Alert>
      ))}
      <Group justify="flex-end">
        <Button onClick={close}>Close</Button>
      </Group>
    </Stack>
  );
}
