/** A word to the agent about a task. It decides nothing: the task waits on, and the answer stands here. */
import { Alert, Button, Group, Loader, Stack, Text, Textarea } from '@mantine/core';
import { useMutation, useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import type { TaskCard } from '../../../client.ts';
import { spokenOf } from '../../prose.ts';
import { api } from './api.ts';
import { Prose } from './prose.tsx';

const LOOK_MS = 1_000;

export function Respond({ task }: { task: TaskCard }) {
  const [text, setText] = useState('');
  const said = useMutation({ mutationFn: () => api.respond(task.id, { text, message: crypto.randomUUID() }) });
  const turn = said.data?.turn;
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault();
        said.mutate();
      }}
    >
      <Stack>
        <Text size="sm">The task waits on. What you write here are your own words to {spokenOf(task.agent)}.</Text>
        <Textarea
          label="Your question, or what it should do instead"
          required
          value={text}
          onChange={(event) => setText(event.currentTarget.value)}
          maxLength={8_000}
          data-autofocus
        />
        {said.error && (
          <Alert color="red">
            <Prose text={said.error.message} />
          </Alert>
        )}
        {turn !== undefined && <Answer turn={turn} />}
        <Group justify="flex-end">
          <Button type="submit" disabled={text.trim() === ''} loading={said.isPending}>
            Send
          </Button>
        </Group>
      </Stack>
    </form>
  );
}

function Answer({ turn }: { turn: string }) {
  const { data, error } = useQuery({
    queryKey: ['answer', turn],
    queryFn: () => api.answer(turn),
    refetchInterval: ({ state }) => (state.data?.state === 'waiting' ? LOOK_MS : false),
  });
  if (error)
    return (
      <Alert color="red">
        <Prose text={error.message} />
      </Alert>
    );
  if (!data || data.state === 'waiting') return <Loader size="sm" aria-label="The agent thinks" />;
  return (
    <Text role="status" style={{ whiteSpace: 'pre-wrap', overflowWrap: 'anywhere' }}>
      <Prose text={data.answer ?? ''} />
    </Text>
  );
}
