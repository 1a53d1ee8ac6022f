/** A link of one person where another is signed in: nobody becomes somebody else by a link that they were sent. */
import { Alert, Button, Group, Stack, Text, Title } from '@mantine/core';
import { useMutation } from '@tanstack/react-query';
import type { Arrival } from './first.ts';
import { Prose } from './prose.tsx';

export function SomebodyElse({ of: { why, instead } }: { of: Extract<Arrival, { kind: 'other' }> }) {
  const change = useMutation({ mutationFn: instead, onSuccess: () => location.reload() });
  return (
    <Stack component="main" m="xl" maw="36rem">
      <Title order={1} size="h2">
        Somebody else is signed in
      </Title>
      <Text>
        <Prose text={why} /> Whatever is decided in this browser afterwards is decided in that person’s name. If you did not ask for the link, stay as you are.
      </Text>
      {change.error && (
        <Alert color="red" role="alert">
          <Prose text={change.error.message} />
        </Alert>
      )}
      <Group>
        <Button autoFocus disabled={change.isPending} onClick={() => location.reload()}>
          Stay as it is
        </Button>
        <Button variant="default" loading={change.isPending} onClick={() => change.mutate()}>
          End that session, and use the link
        </Button>
      </Group>
    </Stack>
  );
}
