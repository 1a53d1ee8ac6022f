/** What was decided, found by what stands on it. `/decided?text=…` begins with a search. */
import { Alert, Anchor, Badge, Group, Stack, Text, TextInput, Title } from '@mantine/core';
import { useDebouncedValue } from '@mantine/hooks';
import { Link } from '@tanstack/react-router';
import { useState } from 'react';
import { became } from '../../became.ts';
import { sentence, spokenOf } from '../../prose.ts';
import { useDecided, type Here } from './data.ts';
import { More } from './more.tsx';
import { Days, Prose } from './prose.tsx';
import { clock, headline } from './words.ts';

export function Decided({ here }: { here: Here }) {
  const [text, setText] = useState(() => new URLSearchParams(location.search).get('text') ?? '');
  const [searched] = useDebouncedValue(text, 200);
  const found = useDecided(searched);
  return (
    <Stack maw="50rem">
      <Title order={2} size="h4">
        Decided
      </Title>
      <TextInput
        type="search"
        label="Search"
        description="A supplier, an invoice, an amount, an account, an outcome"
        value={text}
        onChange={(event) => setText(event.currentTarget.value)}
      />
      {found.error && (
        <Alert color="red">
          <Prose text={found.error.message} />
        </Alert>
      )}
      {found.data?.tasks.length === 0 && <Text>Nothing that was decided has this on it.</Text>}
      {found.data?.tasks.map((task) => (
        <Group key={task.id} justify="space-between" wrap="nowrap" align="flex-start">
          <div style={{ minWidth: 0 }}>
            <Anchor component={Link} to={`/tasks/${task.id}`} style={{ overflowWrap: 'anywhere' }}>
              <Days text={headline(task)} />
            </Anchor>
            <Text size="xs" c="dimmed">
              {sentence(spokenOf(task.agent))}, asked {clock(task.createdAt, here.place?.zone ?? 'UTC')}
              {task.votes.map(({ person, choice }) => `; ${here.named(person)}: ${choice}`).join('')}
            </Text>
          </div>
          <Badge variant="light" style={{ flex: 'none' }}>
            {became(task)}
          </Badge>
        </Group>
      ))}
      <More says={found.data?.says} hint=" Narrow the search, or go on." loading={found.isFetchingNextPage} load={() => void found.fetchNextPage()} />
    </Stack>
  );
}
