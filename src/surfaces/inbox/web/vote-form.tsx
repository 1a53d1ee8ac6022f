/** A word and its reason, as every vote asks for them: a decline without a reason cannot be sent. */
import { Alert, Button, Group, Stack, Text, Textarea } from '@mantine/core';
import { useState, type ReactNode } from 'react';
import { saysTooLittle, SHORTEST_REASON } from '../../../kernel/seen.ts';
import { Prose } from './prose.tsx';

interface VoteFormProps {
  readonly choice: 'approve' | 'decline';
  readonly why: string; // what a decline is asked
  readonly changed?: boolean; // since it was shown: it cannot be sent
  readonly error: Error | null;
  readonly pending: boolean;
  readonly send: (reason: string) => void;
  readonly children?: ReactNode; // further fields
}

export function VoteForm({ choice, why, changed = false, error, pending, send, children }: VoteFormProps) {
  const [reason, setReason] = useState('');
  const declines = choice === 'decline';
  const short = declines && saysTooLittle(reason);
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault();
        if (!short && !changed) send(reason);
      }}
    >
      <Stack>
        <Textarea
          label={declines ? why : 'A note, if you like'}
          required={declines}
          value={reason}
          onChange={(event) => setReason(event.currentTarget.value)}
          maxLength={2_000}
          autosize
          minRows={2}
          data-autofocus={declines ? true : undefined}
        />
        {children}
        {error && (
          <Alert color="red">
            <Prose text={error.message} />
          </Alert>
        )}
        <Group justify="flex-end">
          {short && <Text size="sm">At least {SHORTEST_REASON} characters.</Text>}
          <Button type="submit" disabled={short || changed} loading={pending} data-autofocus={declines ? undefined : true}>
            {declines ? 'Decline' : 'Approve'}
          </Button>
        </Group>
      </Stack>
    </form>
  );
}
