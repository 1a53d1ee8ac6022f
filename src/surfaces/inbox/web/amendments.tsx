/** What is to be in force instead of what is: the list, and the amendment that is looked at. A vote is on the digest that is shown. */
import { Alert, Badge, Box, Button, Code, Group, Paper, SimpleGrid, Stack, Text, Title, UnstyledButton } from '@mantine/core';
import { Link, useNavigate, useParams } from '@tanstack/react-router';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import type { AmendmentCard as Amendment } from '../../../client.ts';
import type { Change } from '../../../kernel/amendment.ts';
import { amendmentHeadline, amendmentSays, amendmentWhyNot } from '../../amendment-words.ts';
import { quotedLines } from '../../prose.ts';
import { api } from './api.ts';
import { useAmendments, type Here } from './data.ts';
import { Dialog } from './dialog.tsx';
import { useKeys } from './keys.ts';
import { Prose } from './prose.tsx';
import { VoteForm } from './vote-form.tsx';
import { clock, left } from './words.ts';

type Choice = 'approve' | 'decline';

export function Amendments({ here }: { here: Here }) {
  const { id: named } = useParams({ strict: false });
  const navigate = useNavigate();
  const amendments = useAmendments();
  const all = [...(amendments.data ?? [])].sort((a, b) => Number(b.closedAt === null) - Number(a.closedAt === null)); // what is open first
  const id = named ?? all[0]?.id;
  const shown = all.find((one) => one.id === id);
  const go = (step: 1 | -1) => {
    const next = all[Math.min(Math.max(all.findIndex((one) => one.id === id) + step, 0), all.length - 1)];
    if (next) void navigate({ to: '/amendments/$id', params: { id: next.id } });
  };
  useKeys({ j: () => go(1), k: () => go(-1) });
  if (amendments.error)
    return (
      <Alert color="red">
        <Prose text={amendments.error.message} />
      </Alert>
    );
  return (
    <SimpleGrid cols={{ base: 1, md: 2 }} spacing="lg">
      <Stack component="nav" aria-label="Amendments">
        <Title order={2} size="h4">
          Amendments
        </Title>
        {amendments.isSuccess && all.length === 0 && <Text>Nobody has proposed an amendment.</Text>}
        {all.map((one) => (
          <Item key={one.id} amendment={one} selected={one.id === id} here={here} />
        ))}
      </Stack>
      {shown && <Looked key={shown.id} amendment={shown} here={here} />}
    </SimpleGrid>
  );
}

function Item({ amendment, selected, here }: { amendment: Amendment; selected: boolean; here: Here }) {
  return (
    <UnstyledButton
      renderRoot={(props) => <Link {...props} to="/amendments/$id" params={{ id: amendment.id }} />}
      aria-current={selected ? 'true' : undefined}
      p="xs"
      style={{ borderRadius: 6, border: `1px solid var(--mantine-color-${selected ? 'blue-filled' : 'default-border'})` }}
    >
      <Text fw={600} size="sm" style={{ overflowWrap: 'anywhere' }}>
        {amendmentHeadline(amendment)}
      </Text>
      <Text size="xs" c="dimmed" lineClamp={2}>
        <Prose text={`${amendment.state}. ${here.named(amendment.proposedBy)}: ${amendment.reason}`} />
      </Text>
    </UnstyledButton>
  );
}

function Looked({ amendment, here }: { amendment: Amendment; here: Here }) {
  const [choice, setChoice] = useState<Choice>();
  const [told, setTold] = useState<string>();
  const not = amendmentWhyNot(amendment, here.me.person, here.named);
  const open = (one: Choice) => not === undefined && setChoice(one);
  useKeys({ a: () => open('approve'), d: () => open('decline') });
  return (
    <Paper component="article" withBorder p="md" aria-labelledby="what">
      <Stack gap="md">
        <Box role="status">
          {told !== undefined && (
            <Alert>
              <Prose text={told} />
            </Alert>
          )}
        </Box>
        <Group justify="space-between" align="flex-start">
          <Title order={2} size="h3" id="what" style={{ overflowWrap: 'anywhere', flex: '1 1 16rem' }}>
            {amendmentHeadline(amendment)}
          </Title>
          <Badge variant="light" size="lg" data-testid="state">
            {amendment.state}
          </Badge>
        </Group>
        <Text style={{ overflowWrap: 'anywhere' }}>
          {here.named(amendment.proposedBy)} proposes it: <Prose text={amendment.reason} />
        </Text>
        <Code block tabIndex={0} style={{ whiteSpace: 'pre-wrap', overflowWrap: 'anywhere' }}>
          {quotedLines(amendmentSays(amendment)).join('\n')}
        </Code>
        <Articles changes={amendment.findings?.changes ?? []} />
        <Votes amendment={amendment} here={here} />
        <Group gap="xs">
          <Button onClick={() => open('approve')} disabled={not !== undefined} aria-describedby="not">
            Approve
          </Button>
          <Button onClick={() => open('decline')} disabled={not !== undefined} aria-describedby="not" variant="default">
            Decline
          </Button>
        </Group>
        <Text size="sm" id="not">
          <Prose text={not ?? ''} />
        </Text>
        <Text size="xs" c="dimmed" style={{ overflowWrap: 'anywhere' }}>
          {amendment.id}. What is voted on: {amendment.digest}
        </Text>
      </Stack>
      <Vote amendment={amendment} choice={choice} close={() => setChoice(undefined)} done={setTold} />
    </Paper>
  );
}

/** Rules are said in words; whoever wants to read what they are made of opens it. */
function Articles({ changes }: { changes: readonly Change[] }) {
  const lines = changes.flatMap(({ cedar = [] }) => cedar);
  if (lines.length === 0) return null;
  return (
    <Box component="details">
      <summary>The rules as articles</summary>
      <Code block tabIndex={0} style={{ whiteSpace: 'pre-wrap', overflowWrap: 'anywhere' }}>
        {quotedLines(lines).join('\n')}
      </Code>
    </Box>
  );
}

function Votes({ amendment: { state, quorum, may, votes, expiresAt }, here }: { amendment: Amendment; here: Here }) {
  return (
    <div>
      {state === 'open' && (
        <Text size="sm">
          It needs {quorum} of the owners: {may.map(here.named).join(', ') || 'nobody is left'}. By the real clock, until{' '}
          {clock(expiresAt, here.place?.zone ?? 'UTC')}, {left(expiresAt, Date.now())}.
        </Text>
      )}
      {votes.map(({ person, choice, reason }) => (
        <Text key={person} size="sm" style={{ overflowWrap: 'anywhere' }}>
          {here.named(person)}: {choice}
          <Prose text={reason === '' ? '' : `, ${reason}`} />
        </Text>
      ))}
    </div>
  );
}

interface VoteProps {
  readonly amendment: Amendment;
  readonly choice: Choice | undefined;
  readonly close: () => void;
  readonly done: (told: string) => void;
}

function Vote({ amendment: { id, digest }, choice, close, done }: VoteProps) {
  const queries = useQueryClient();
  const vote = useMutation({
    mutationFn: (reason: string) => api.ratify(id, { digest, choice: choice ?? 'decline', reason }),
    onSuccess: ({ message }) => {
      close();
      done(message);
    },
    onSettled: () => queries.invalidateQueries(),
  });
  return (
    <Dialog title={choice === 'approve' ? 'Approve this?' : 'Decline this'} opened={choice !== undefined} close={close}>
      {choice && <VoteForm key={choice} choice={choice} why="Why?" error={vote.error} pending={vote.isPending} send={vote.mutate} />}
    </Dialog>
  );
}
