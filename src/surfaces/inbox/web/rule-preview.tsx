/** What a change of a rule comes to, and the button that puts it to the vote. What is proposed is what is shown. */
import { Alert, Anchor, Button, Group, List, Loader, Paper, Stack, Text, Textarea } from '@mantine/core';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { Link, useNavigate } from '@tanstack/react-router';
import { useEffect, useRef, useState } from 'react';
import type { Input, RulePreview } from '../../../client.ts';
import type { ChangedVerdict } from '../../../kernel/amendment.ts';
import { show } from '../../../kernel/money.ts';
import { saysTooLittle } from '../../../kernel/seen.ts';
import { changesInWords, replayInWords } from '../../amendment-words.ts';
import { api } from './api.ts';
import type { Here } from './data.ts';
import { Prose } from './prose.tsx';

type Change = Input<'rule_preview'>['change'];

export function RulePreviewed({ change, here }: { change: Change; here: Here }) {
  const { mutate, data, error } = useMutation({ mutationFn: api.previewRule });
  const box = useRef<HTMLDivElement>(null);
  useEffect(() => mutate(change), [mutate, change]);
  useEffect(() => {
    if (change.kind === 'remove') box.current?.focus(); // it lies below the list, where that is long
  }, [change]);
  return (
    <Paper component="section" withBorder p="md" aria-label="Preview" ref={box} tabIndex={-1}>
      <Stack>
        <div role="status">
          {!data && !error && (
            <Group gap="xs">
              <Loader size="sm" aria-hidden />
              <Text size="sm">Last month’s decisions are judged again …</Text>
            </Group>
          )}
          {data && data.report.problems.length === 0 && (
            <Text fw={600} style={{ overflowWrap: 'anywhere' }}>
              {data.removes ? 'No more: ' : ''}
              {data.rule.words}.
            </Text>
          )}
        </div>
        {error && (
          <Alert color="red">
            {error.message.split('\n').map((line, n) => (
              <Text key={n} size="sm">
                <Prose text={line} />
              </Text>
            ))}
          </Alert>
        )}
        {data && <Comes preview={data} here={here} />}
        {data && data.report.problems.length === 0 && <Propose change={change} preview={data} here={here} />}
      </Stack>
    </Paper>
  );
}

function Comes({ preview: { rule, report, since }, here }: { preview: RulePreview; here: Here }) {
  const others = report.changes.filter(({ what, name }) => what !== 'rule' || name !== rule.id);
  const [counted = 'Nothing is in force yet, so nothing was decided.'] = replayInWords(report.replay, report.currency);
  if (report.problems.length > 0)
    return (
      <Alert color="red" title="It is refused; what is in force runs on">
        {report.problems.map((problem) => (
          <Text key={problem} size="sm">
            <Prose text={problem} />
          </Text>
        ))}
      </Alert>
    );
  const { shown = [], changed = 0 } = report.replay ?? {};
  return (
    <>
      <Text size="sm">
        <Prose text={`Since ${since}: ${counted}`} />
      </Text>
      {shown.length > 0 && (
        <List size="sm" aria-label="Decisions that would be others" spacing={4} style={{ maxHeight: '22rem', overflowY: 'auto' }} tabIndex={0}>
          {shown.map((one) => (
            <Other key={one.proposal} one={one} currency={report.currency} here={here} />
          ))}
        </List>
      )}
      {changed > shown.length && <Text size="sm">Of {changed - shown.length} more you are told no more than that.</Text>}
      {others.length > 0 && (
        <Alert color="yellow" title="The files hold other changes, which go to the vote with it">
          {changesInWords(others).map((line, n) => (
            <Text key={n} size="sm" style={{ overflowWrap: 'anywhere' }}>
              {line}
            </Text>
          ))}
        </Alert>
      )}
    </>
  );
}

const SAYS = { permit: 'permitted', escalate: 'asked of people', deny: 'denied' } as const;

function Other({ one: { proposal, tool, subject, minor, people, was, becomes }, currency, here }: { one: ChangedVerdict; currency: string; here: Here }) {
  return (
    <List.Item style={{ overflowWrap: 'anywhere' }}>
      {SAYS[was]}, would be <strong>{SAYS[becomes]}</strong>:{' '}
      <Anchor size="sm" renderRoot={(props) => <Link {...props} to="/tasks/$id" params={{ id: proposal }} />}>
        {tool} {subject}
      </Anchor>
      {minor === null ? '' : `, ${show({ minor, currency })}`}
      {people.length === 0 ? '' : `, ${people.map(here.named).join(', ')}`}
    </List.Item>
  );
}

function Propose({ change, preview, here }: { change: Change; preview: RulePreview; here: Here }) {
  const [reason, setReason] = useState('');
  const queries = useQueryClient();
  const navigate = useNavigate();
  const propose = useMutation({
    mutationFn: () => api.proposeRule({ change, reason, draft: preview.report.draft }),
    onSuccess: ({ amendment }) => void (amendment && navigate({ to: '/amendments/$id', params: { id: amendment.id } })),
    onSettled: () => queries.invalidateQueries(),
  });
  const owner = here.me.roles.includes('owner');
  const short = saysTooLittle(reason);
  if (!owner) return <Text size="sm">An owner proposes it: nobody else may. Show them this preview.</Text>;
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault();
        if (!short) propose.mutate();
      }}
    >
      <Stack>
        <Textarea label="Why? Whoever votes reads this." required value={reason} onChange={(event) => setReason(event.currentTarget.value)} maxLength={2_000} />
        {propose.error && (
          <Alert color="red">
            <Prose text={propose.error.message} />
          </Alert>
        )}
        <Group justify="flex-end">
          <Button type="submit" disabled={short} loading={propose.isPending}>
            Propose to the owners
          </Button>
        </Group>
      </Stack>
    </form>
  );
}
