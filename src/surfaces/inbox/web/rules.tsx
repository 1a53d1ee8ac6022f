/** Rules that the organization made for itself: the list in words, and a form that needs no Cedar. */
import { Alert, Badge, Box, Button, Code, Group, NativeSelect, Paper, SimpleGrid, Stack, Text, Title } from '@mantine/core';
import { useState } from 'react';
import type { Input } from '../../../client.ts';
import type { RuleCard, TemplateCard } from '../../../kernel/rules.ts';
import { useRules, useRuleTemplates, type Here } from './data.ts';
import { Prose } from './prose.tsx';
import { RuleForm } from './rule-form.tsx';
import { RulePreviewed } from './rule-preview.tsx';

type Change = Input<'rule_preview'>['change'];
/** What is being made: from a template, out of a rule that is there, or its removal. */
type Making = { readonly template: string; readonly rule: RuleCard | undefined };

export function Rules({ here }: { here: Here }) {
  const rules = useRules();
  const templates = useRuleTemplates();
  const [making, setMaking] = useState<Making>();
  const [change, setChange] = useState<Change>();
  const error = rules.error ?? templates.error;
  const begin = (next: Making | undefined) => {
    setMaking(next);
    setChange(undefined);
  };
  const template = templates.data?.find(({ id }) => id === making?.template);
  return (
    <SimpleGrid cols={{ base: 1, md: 2 }} spacing="lg">
      <Stack component="section" aria-label="Our rules">
        <Title order={2} size="h4">
          Our rules
        </Title>
        {error && (
          <Alert color="red">
            <Prose text={error.message} />
          </Alert>
        )}
        {rules.data?.rules.length === 0 && <Text>There are none yet besides those of the base. Make the first one from a template.</Text>}
        {rules.data?.rules.map((rule) => (
          <Ruled
            key={rule.id}
            rule={rule}
            edit={() => begin({ template: rule.template, rule })}
            remove={() => {
              setMaking(undefined);
              setChange({ kind: 'remove', id: rule.id });
            }}
          />
        ))}
        {rules.data?.problems.map((problem) => (
          <Alert key={problem} color="yellow">
            <Prose text={problem} />
          </Alert>
        ))}
      </Stack>
      <Stack component="section" aria-label={change?.kind === 'remove' ? 'Remove a rule' : 'Make a rule'}>
        <Title order={2} size="h4">
          {change?.kind === 'remove' ? 'Remove a rule' : making?.rule ? 'Change a rule' : 'Make a rule'}
        </Title>
        <Picker
          templates={templates.data ?? []}
          picked={making?.template ?? ''}
          pick={(id) => begin(id === '' ? undefined : { template: id, rule: undefined })}
        />
        {template && (
          <RuleForm
            key={`${template.id}/${making?.rule?.id ?? ''}`}
            template={template}
            rule={making?.rule}
            edited={() => setChange(undefined)}
            preview={setChange}
          />
        )}
        {change && <RulePreviewed key={JSON.stringify(change)} change={change} here={here} />}
      </Stack>
    </SimpleGrid>
  );
}

const DOMAIN: Readonly<Record<string, string>> = { any: 'any tool and agent' };

function Picker({ templates, picked, pick }: { templates: readonly TemplateCard[]; picked: string; pick: (id: string) => void }) {
  const domains = [...new Set(templates.map(({ domain }) => domain))];
  return (
    <NativeSelect label="What kind of rule?" value={picked} onChange={(event) => pick(event.currentTarget.value)}>
      <option value="">Choose a sentence …</option>
      {domains.map((domain) => (
        <optgroup key={domain} label={DOMAIN[domain] ?? domain}>
          {templates
            .filter((one) => one.domain === domain)
            .map(({ id, title }) => (
              <option key={id} value={id}>
                {title.replace(/\{(\w+)\}/g, '[$1]')}
              </option>
            ))}
        </optgroup>
      ))}
    </NativeSelect>
  );
}

function Ruled({ rule, edit, remove }: { rule: RuleCard; edit: () => void; remove: () => void }) {
  const { id, words, observe, stands, cedar } = rule;
  return (
    <Paper component="article" withBorder p="sm" aria-label={words}>
      <Stack gap="xs">
        <Text fw={600} style={{ overflowWrap: 'anywhere' }}>
          {words}
        </Text>
        <Group gap="xs">
          <Badge variant={stands === 'in force' ? 'light' : 'outline'}>{stands}</Badge>
          {observe && <Badge variant="light">only tried out</Badge>}
          <Text size="xs" c="dimmed">
            {id}
          </Text>
        </Group>
        <Box component="details">
          <summary>As an article</summary>
          <Code block tabIndex={0} style={{ whiteSpace: 'pre-wrap', overflowWrap: 'anywhere' }}>
            {cedar}
          </Code>
        </Box>
        {stands !== 'removed in the draft' && (
          <Group gap="xs">
            <Button size="compact-sm" variant="default" onClick={edit} aria-label={`Change: ${words}`}>
              Change
            </Button>
            <Button size="compact-sm" variant="default" onClick={remove} aria-label={`Remove: ${words}`}>
              Remove
            </Button>
          </Group>
        )}
      </Stack>
    </Paper>
  );
}
