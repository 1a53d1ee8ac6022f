/** What there is to look at: one picture at a time, drawn, and said again in a table for whoever would rather read. */
import { Alert, Loader, Stack, Tabs, Text, Title } from '@mantine/core';
import { useNavigate, useParams } from '@tanstack/react-router';
import type { Outputs } from '../../../client.ts';
import { useNames, usePicture, usePictures } from './data.ts';
import { Bars } from './pictures/bars.tsx';
import { Grid } from './pictures/grid.tsx';
import { Levels } from './pictures/levels.tsx';
import { Prose } from './prose.tsx';

export function Pictures() {
  const navigate = useNavigate();
  const { name } = useParams({ strict: false });
  const pictures = usePictures();
  const selected = name ?? pictures.data?.[0]?.name;
  const shown = usePicture(selected);
  if (pictures.error)
    return (
      <Alert color="red">
        <Prose text={pictures.error.message} />
      </Alert>
    );
  if (pictures.data?.length === 0) return <Text>There is nothing to look at yet.</Text>;
  return (
    <Stack>
      <Title order={2} size="h4">
        Pictures
      </Title>
      <Tabs value={selected ?? null} onChange={(to) => to !== null && void navigate({ to: '/pictures/$name', params: { name: to } })}>
        <Tabs.List style={{ flexWrap: 'nowrap', overflowX: 'auto', overflowY: 'hidden' }}>
          {pictures.data?.map((picture) => (
            <Tabs.Tab key={picture.name} value={picture.name}>
              {picture.title}
            </Tabs.Tab>
          ))}
        </Tabs.List>
        {pictures.data?.map((picture) => (
          <Tabs.Panel key={picture.name} value={picture.name} pt="md">
            {picture.name === selected && (shown.data ? <Shown of={shown.data} /> : shown.isPending ? <Loader aria-label="Loading" /> : null)}
          </Tabs.Panel>
        ))}
      </Tabs>
      {shown.error && (
        <Alert color="red">
          <Prose text={shown.error.message} />
        </Alert>
      )}
    </Stack>
  );
}

function Shown({ of: { says, asOf, picture } }: { of: Outputs['picture'] }) {
  const named = useNames();
  return (
    <Stack gap="md">
      <Text size="sm" c="dimmed">
        <Prose text={`${says} As of ${asOf}.`} />
      </Text>
      {picture.kind === 'levels' && <Levels levels={picture.levels} today={asOf} />}
      {picture.kind === 'bars' && <Bars bars={picture.bars} />}
      {picture.kind === 'grid' && <Grid columns={picture.columns} rows={picture.rows} named={named} />}
    </Stack>
  );
}
