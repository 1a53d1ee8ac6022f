/** One person asked by name to decide a task, of those who may: it makes nobody eligible, and whoever else may decide it still may. */
import { Alert, Button, Group, NativeSelect, Stack, Text } from '@mantine/core';
import { useState } from 'react';
import type { TaskCard } from '../../../client.ts';
import { api } from './api.ts';
import { useDeed, type Done } from './deed.ts';
import { Prose } from './prose.tsx';
import { askable, type Me, type Named } from './words.ts';

interface NudgeProps {
  readonly task: TaskCard; // as it is by now: who may decide it changes with each vote
  readonly me: Me;
  readonly named: Named;
  readonly done: (done: Done) => void;
}

export function Nudge({ task, me, named, done }: NudgeProps) {
  const people = askable(task, me);
  const [picked, setPicked] = useState('');
  const to = people.find((person) => person === picked) ?? people[0];
  const nudge = useDeed((person: string) => api.nudge(task.id, { to: person }), done);
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault();
        if (to !== undefined) nudge.mutate(to);
      }}
    >
      <Stack>
        <Text size="sm">They see it among their own cards at once, with your name. Everybody else who may decide it still may.</Text>
        <NativeSelect
          label="Whom"
          data={people.map((person) => ({ value: person, label: named(person) }))}
          value={to ?? ''}
          onChange={(event) => setPicked(event.currentTarget.value)}
          data-autofocus
        />
        {nudge.error && (
          <Alert color="red">
            <Prose text={nudge.error.message} />
          </Alert>
        )}
        <Group justify="flex-end">
          <Button type="submit" disabled={to === undefined} loading={nudge.isPending}>
            Ask
          </Button>
        </Group>
      </Stack>
    </form>
  );
}
