/** The arguments as fields; what they become is a new proposal that others decide. */
import { Alert, Button, Group, JsonInput, Stack, Text, Textarea, TextInput } from '@mantine/core';
import { useState } from 'react';
import type { TaskCard } from '../../../client.ts';
import { fieldLabel, fieldText, fieldValue } from '../../../kernel/fields.ts';
import { Money } from '../../../kernel/money.ts';
import { saysTooLittle } from '../../../kernel/seen.ts';
import { api } from './api.ts';
import { useDeed, type Done } from './deed.ts';
import { visible } from '../../visible.ts';
import { Prose } from './prose.tsx';
import { seenOf } from './words.ts';

type Args = TaskCard['args'];
type Value = Args[string];

interface EditFormProps {
  readonly task: TaskCard; // as it was shown
  readonly changed: boolean; // since then: it cannot be sent
  readonly done: (done: Done) => void;
}

export function EditForm({ task, changed, done }: EditFormProps) {
  const [texts, setTexts] = useState(() => Object.fromEntries(Object.entries(task.args).map(([name, value]) => [name, fieldText(value)])));
  const [reason, setReason] = useState('');
  const edit = useDeed(async () => {
    const args = Object.fromEntries(Object.entries(task.args).map(([name, before]) => [name, fieldValue(texts[name] ?? '', before)]));
    return api.edit(task.id, { args, reason, ...seenOf(task) });
  }, done);
  const short = saysTooLittle(reason);
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault();
        if (!short && !changed) edit.mutate();
      }}
    >
      <Stack>
        <Text size="sm">Votes on this task become void. What you write is judged as your own request: others decide it.</Text>
        {Object.entries(task.args).map(([name, before], n) => (
          <Field key={name} name={name} before={before} text={texts[name] ?? ''} first={n === 0} change={(text) => setTexts({ ...texts, [name]: text })} />
        ))}
        <Textarea
          label="Why? Who decides it reads this."
          required
          value={reason}
          onChange={(event) => setReason(event.currentTarget.value)}
          maxLength={2_000}
        />
        {edit.error && (
          <Alert color="red">
            <Prose text={edit.error.message} />
          </Alert>
        )}
        <Group justify="flex-end">
          <Button type="submit" disabled={short || changed} loading={edit.isPending}>
            Propose
          </Button>
        </Group>
      </Stack>
    </form>
  );
}

interface FieldProps {
  readonly name: string;
  readonly before: Value;
  readonly text: string;
  readonly first: boolean;
  readonly change: (text: string) => void;
}

function Field({ name, before, text, first, change }: FieldProps) {
  const amount = Money.safeParse(before);
  const hides = visible(text) !== text ? `It holds what cannot be seen: ${visible(text)}` : undefined;
  const common = { label: visible(fieldLabel(name, before)), description: hides, value: text, 'data-autofocus': first ? true : undefined };
  if (typeof before === 'string' || amount.success) return <TextInput {...common} onChange={(event) => change(event.currentTarget.value)} />;
  return <JsonInput {...common} onChange={change} autosize />;
}
