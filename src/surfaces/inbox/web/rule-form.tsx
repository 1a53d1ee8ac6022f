/** The blanks of a template as fields, each of its kind. */
import { Button, Checkbox, Group, NativeSelect, Paper, Stack, Switch, Text, TextInput } from '@mantine/core';
import { useState } from 'react';
import type { Input } from '../../../client.ts';
import type { ParameterCard, RuleCard, TemplateCard, Written } from '../../../kernel/rules.ts';

interface RuleFormProps {
  readonly template: TemplateCard;
  readonly rule: RuleCard | undefined; // that is changed
  readonly edited: () => void;
  readonly preview: (change: Input<'rule_preview'>['change']) => void;
}

export function RuleForm({ template, rule, edited, preview }: RuleFormProps) {
  const { parameters, title, says, id } = template;
  const [blanks, setBlanks] = useState<Record<string, Written>>(() => Object.fromEntries(parameters.map((one) => [one.name, beginsAs(one, rule)])));
  const [observe, setObserve] = useState(rule?.observe ?? false);
  const empty = parameters.some(({ name }) => isEmpty(blanks[name]));
  const change = (name: string, value: Written) => {
    setBlanks({ ...blanks, [name]: value });
    edited();
  };
  return (
    <Paper
      component="form"
      withBorder
      p="md"
      aria-label="The rule"
      onSubmit={(event: React.FormEvent) => {
        event.preventDefault();
        if (empty) return;
        const filled = { template: id, with: blanks, observe };
        preview(rule ? { kind: 'change', rule: { ...filled, id: rule.id } } : { kind: 'add', rule: filled });
      }}
    >
      <Stack>
        <Text fw={600} style={{ overflowWrap: 'anywhere' }}>
          {title.replace(/\{(\w+)\}/g, (_all, name: string) => shownIn(blanks[name]))}
        </Text>
        <Text size="sm" c="dimmed">
          {says}
        </Text>
        {parameters.map((one, n) => (
          <Blank
            key={one.name}
            parameter={one}
            first={n === 0 && rule !== undefined}
            value={blanks[one.name] ?? ''}
            change={(value) => change(one.name, value)}
          />
        ))}
        <Switch
          label="Only try it out"
          description="What it would say is kept, week by week; it stands against nothing yet."
          checked={observe}
          onChange={(event) => {
            setObserve(event.currentTarget.checked);
            edited();
          }}
        />
        <Group justify="flex-end">
          <Button type="submit" disabled={empty}>
            Preview
          </Button>
        </Group>
      </Stack>
    </Paper>
  );
}

const isEmpty = (value: Written | undefined): boolean => value === undefined || value === '' || (Array.isArray(value) && value.length === 0);
const shownIn = (value: Written | undefined): string => (isEmpty(value) ? '…' : Array.isArray(value) ? value.join(', ') : String(value));

/** As the rule has it; else what most people choose first. */
function beginsAs({ name, kind, choices, min }: ParameterCard, rule: RuleCard | undefined): Written {
  const before = rule?.with[name];
  if (before !== undefined) return Array.isArray(before) || typeof before === 'string' ? before : String(before);
  if (kind === 'weekdays') return [];
  if (kind === 'role') return choices[0] ?? '';
  return name === 'count' ? String(min ?? 1) : '';
}

interface BlankProps {
  readonly parameter: ParameterCard;
  readonly value: Written;
  readonly first: boolean; // where writing begins: the form lies below the list
  readonly change: (value: Written) => void;
}

function Blank({ parameter, value, first, change }: BlankProps) {
  const { kind, label, says, choices, min, max } = parameter;
  const text = typeof value === 'string' ? value : '';
  const common = { label, description: says, required: true };
  if (kind === 'weekdays')
    return (
      <Checkbox.Group {...common} value={Array.isArray(value) ? value : []} onChange={change}>
        <Group gap="sm" mt="xs">
          {choices.map((day) => (
            <Checkbox key={day} value={day} label={`${day[0]?.toUpperCase() ?? ''}${day.slice(1)}`} />
          ))}
        </Group>
      </Checkbox.Group>
    );
  if (choices.length > 0)
    return (
      <NativeSelect {...common} autoFocus={first} value={text} onChange={(event) => change(event.currentTarget.value)}>
        {text === '' && <option value="">Choose …</option>}
        {choices.map((choice) => (
          <option key={choice} value={choice}>
            {choice}
          </option>
        ))}
      </NativeSelect>
    );
  const whole = kind === 'whole' ? { type: 'number', min: min ?? undefined, max: max ?? undefined, step: 1 } : {};
  return (
    <TextInput
      {...common}
      {...whole}
      autoFocus={first}
      inputMode={kind === 'money' ? 'decimal' : undefined}
      value={text}
      maxLength={60}
      onChange={(event) => change(event.currentTarget.value)}
    />
  );
}
