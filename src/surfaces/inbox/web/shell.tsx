/** What surrounds every view: who is signed in, how much waits for them, whether something is halted, and the keys. */
import { DEVELOPMENT_MARK } from '../../development-mark.ts';
import { Alert, Anchor, AppShell, Badge, Box, Button, Code, Group, Kbd, Loader, Stack, Table, Text, Title } from '@mantine/core';
import { useQueryClient } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { useEffect, useState, type ReactNode } from 'react';
import { api } from './api.ts';
import { signedOut, useAmendments, useMe, useOwn, useNames, usePlace, useStream, useWaiting, type Here } from './data.ts';
import { Dialog } from './dialog.tsx';
import { useKeys } from './keys.ts';
import { Prose } from './prose.tsx';
import { badge, type Me } from './words.ts';

export function Shell({ view, refused }: { view: (here: Here) => ReactNode; refused: string | undefined }) {
  const me = useMe();
  if (me.isPending) return <Loader m="xl" aria-label="Loading" />;
  if (me.data && !signedOut(me.error)) return <SignedIn me={me.data} view={view} />;
  return <SignIn why={signedOut(me.error) ? refused : me.error?.message} />;
}

function SignIn({ why }: { why: string | undefined }) {
  return (
    <Stack component="main" m="xl" maw="36rem">
      <Title order={1} size="h2">
        Charter inbox
      </Title>
      {why !== undefined && (
        <Alert color="red">
          <Prose text={why} />
        </Alert>
      )}
      <Text>Nobody is signed in. Where Charter runs, ask for a link and open it here; it works once, for five minutes:</Text>
      <Code block>npx charter inbox open --as NAME</Code>
    </Stack>
  );
}

function SignedIn({ me, view }: { me: Me; view: (here: Here) => ReactNode }) {
  const overtaken = useStream();
  const [help, setHelp] = useState(false);
  useKeys({ '?': () => setHelp(true) });
  const place = usePlace().data;
  const here: Here = { me, place, named: useNames() };
  const own = useOwn(me);
  const count = badge(useWaiting().data?.tasks ?? [], me) + own.consents.length + own.duties.length;
  const amendments = (useAmendments(me.roles.includes('owner')).data ?? []).filter(({ state, may }) => state === 'open' && may.includes(me.person)).length;
  const all = count + amendments;
  useEffect(() => {
    document.title = `${all > 0 ? `(${all}) ` : ''}Charter inbox`;
  }, [all]);
  return (
    <AppShell padding="md">
      <AppShell.Header p="xs" pos="static">
        <Header me={me} organization={place?.name ?? ''} count={count} amendments={amendments} />
      </AppShell.Header>
      <AppShell.Main>
        {place?.development && (
          <Alert color="grape" variant="filled" mb="md" role="status" data-testid="development">
            {DEVELOPMENT_MARK}
          </Alert>
        )}
        {place && place.halted.length > 0 && (
          <Alert color="red" variant="filled" mb="md" role="alert" title="Halted">
            <Prose text={`Nothing new begins for ${place.halted.join(', ')}. Resume it with \`npx charter resume\`.`} />
          </Alert>
        )}
        {overtaken && (
          <Alert color="yellow" mb="md" role="alert">
            More pages of the inbox are open than can be kept fresh at once. This one shows what was there before; look at it again, or load it anew.
          </Alert>
        )}
        {view(here)}
      </AppShell.Main>
      <Help opened={help} close={() => setHelp(false)} />
    </AppShell>
  );
}

/** How many of something wait for this person. */
function Count({ of, name }: { of: number; name: string }) {
  if (of === 0) return null;
  return (
    <Badge component="span" circle={of < 10} data-testid={name} aria-label={`${of} wait for you`}>
      {of}
    </Badge>
  );
}

const COUNTED = { display: 'inline-flex', alignItems: 'center', gap: 4 } as const;

interface HeaderProps {
  readonly me: Me;
  readonly organization: string;
  readonly count: number;
  readonly amendments: number;
}

function Header({ me, organization, count, amendments }: HeaderProps) {
  const queries = useQueryClient();
  return (
    <Group justify="space-between" gap="xs">
      <Title order={1} size="h4">
        {organization}
      </Title>
      <Group component="nav" aria-label="Views" gap="sm" flex="1 1 auto">
        <Anchor component={Link} to="/" style={COUNTED}>
          Waiting
          <Count of={count} name="badge" />
        </Anchor>
        <Anchor component={Link} to="/decided">
          Decided
        </Anchor>
        <Anchor component={Link} to="/amendments" style={COUNTED}>
          Amendments
          <Count of={amendments} name="amendments-badge" />
        </Anchor>
        <Anchor component={Link} to="/rules">
          Rules
        </Anchor>
        <Anchor component={Link} to="/pictures">
          Pictures
        </Anchor>
      </Group>
      <Group gap="sm">
        <Text size="sm">
          {me.name}{' '}
          <Box visibleFrom="xs" component="span">
            ({me.roles.join(', ') || 'no role'})
          </Box>
        </Text>
        <Button size="compact-sm" variant="default" onClick={() => void api.signOut().then(() => queries.resetQueries())}>
          Sign out
        </Button>
      </Group>
    </Group>
  );
}

const KEYS = [
  ['j', 'the next task'],
  ['k', 'the one before'],
  ['a', 'approve'],
  ['d', 'decline, with a reason'],
  ['e', 'edit: propose your own version'],
  ['r', 'respond: ask the agent'],
  ['n', 'ask somebody by name to decide it'],
  ['o', 'to what you are asked yourself; Enter answers, Tab goes on'],
  ['?', 'this'],
] as const;

function Help({ opened, close }: { opened: boolean; close: () => void }) {
  return (
    <Dialog title="Keys" opened={opened} close={close}>
      <Table>
        <Table.Tbody>
          {KEYS.map(([key, does]) => (
            <Table.Tr key={key}>
              <Table.Td>
                <Kbd>{key}</Kbd>
              </Table.Td>
              <Table.Td>{does}</Table.Td>
            </Table.Tr>
          ))}
        </Table.Tbody>
      </Table>
    </Dialog>
  );
}
