/** Where a list was cut: how much of it is here, and the way to the rest. */
import { Button, Group, Text } from '@mantine/core';

interface MoreProps {
  readonly says: string | undefined; // nothing where the list is whole
  readonly hint?: string;
  readonly loading: boolean;
  readonly load: () => void;
}

export function More({ says, hint = '', loading, load }: MoreProps) {
  if (says === undefined) return null;
  return (
    <Group gap="xs" data-testid="more">
      <Text size="sm" role="status">
        {says}
        {hint}
      </Text>
      <Button size="compact-sm" variant="default" loading={loading} onClick={load}>
        Show the next
      </Button>
    </Group>
  );
}
