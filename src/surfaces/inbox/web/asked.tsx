/** What the signed-in person was asked themselves: whether they take a shift, and what they are to see to. One press answers it. */
import { Alert, Box, Button, Group, Paper, Stack, Text, Title } from '@mantine/core';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { api } from './api.ts';
import { useOwn } from './data.ts';
import { useKeys } from './keys.ts';
import { Days, Prose } from './prose.tsx';
import type { Me } from './words.ts';

interface Question {
  readonly key: string;
  readonly title: string;
  readonly what: string;
  readonly until: string;
  readonly answers: readonly { readonly label: string; readonly send: () => Promise<string> }[];
}

type Own = ReturnType<typeof useOwn>;

const FIRST = 'own-questions';

const consent = ({ key, what, answerBy }: Own['consents'][number]): Question => ({
  key,
  title: 'Would you take this shift?',
  what,
  until: `Answer by ${answerBy}. Nobody can answer for you, and a no has no consequence for you.`,
  answers: [
    { label: 'I take it', send: async () => `You take it: ${(await api.answerConsent(key, 'given')).what}.` },
    { label: 'No', send: async () => `You said no to ${(await api.answerConsent(key, 'refused')).what}.` },
  ],
});

const duty = ({ key, title, due, obligation }: Own['duties'][number]): Question => ({
  key,
  title: 'You are asked to see to this.',
  what: title,
  until: `By ${due}, for the obligation ${obligation}. What shows that it is met is filed as evidence, and looked at by a second person.`,
  answers: [{ label: 'It is done', send: async () => `Done: ${(await api.finishDuty(key)).title}.` }],
});

export function OwnQuestions({ me }: { me: Me }) {
  const { consents, duties } = useOwn(me);
  const queries = useQueryClient();
  const answer = useMutation({ mutationFn: (send: () => Promise<string>) => send(), onSettled: () => queries.invalidateQueries() });
  useKeys({ o: () => document.querySelector<HTMLElement>(`[data-own="${FIRST}"] button`)?.focus() });
  const questions = [...consents.map(consent), ...duties.map(duty)];
  return (
    <Stack gap="xs" component="section" aria-label="You are asked yourself" data-own={FIRST} mb={questions.length > 0 ? 'md' : 0}>
      <Box role="status">
        {answer.data !== undefined && (
          <Alert>
            <Prose text={answer.data} />
          </Alert>
        )}
        {answer.error && (
          <Alert color="red">
            <Prose text={answer.error.message} />
          </Alert>
        )}
      </Box>
      {questions.map((question) => (
        <Card key={question.key} question={question} pending={answer.isPending} answer={answer.mutate} />
      ))}
    </Stack>
  );
}

interface CardProps {
  readonly question: Question;
  readonly pending: boolean;
  readonly answer: (send: () => Promise<string>) => void;
}

function Card({ question: { key, title, what, until, answers }, pending, answer }: CardProps) {
  return (
    <Paper withBorder p="sm" component="article" aria-labelledby={`own-${key}`}>
      <Title order={2} size="h5" id={`own-${key}`}>
        {title}
      </Title>
      <Text style={{ overflowWrap: 'anywhere' }}>
        <Days text={what} />
      </Text>
      <Text size="sm" c="dimmed">
        <Days text={until} />
      </Text>
      <Group gap="xs" mt="xs">
        {answers.map(({ label, send }, n) => (
          <Button key={label} size="compact-md" variant={n === 0 ? 'filled' : 'default'} disabled={pending} onClick={() => answer(send)}>
            {label}
          </Button>
        ))}
      </Group>
    </Paper>
  );
}
