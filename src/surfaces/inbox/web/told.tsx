/** What the signed-in person is told of their own shifts: what changed without their word being needed. */
import { Anchor, Paper, Stack, Text, Title } from '@mantine/core';
import { Link } from '@tanstack/react-router';
import { useTold } from './data.ts';
import { Days } from './prose.tsx';
import type { Me } from './words.ts';

export function Told({ me }: { me: Me }) {
  const told = useTold(me);
  if (told.length === 0) return null;
  return (
    <Paper withBorder p="sm" mb="md" component="section" aria-labelledby="told">
      <Title order={2} size="h5" id="told">
        Your shifts changed
      </Title>
      <Stack gap={4}>
        {told.map(({ key, what }) => (
          <Text key={key} style={{ overflowWrap: 'anywhere' }}>
            <Days text={`${what}.`} />{' '}
            <Anchor component={Link} to={`/tasks/${key}`}>
              Why
            </Anchor>
          </Text>
        ))}
      </Stack>
      <Text size="sm" c="dimmed">
        Your word was not needed for it. If it cannot be so, speak with whoever plans the rota.
      </Text>
    </Paper>
  );
}
