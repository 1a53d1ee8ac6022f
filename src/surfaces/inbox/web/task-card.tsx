/** One task as a person decides it: what, why, before and after, who else, until when. Every value is text. */
import { Alert, Badge, Code, Group, List, Paper, Progress, Stack, Table, Text, Title } from '@mantine/core';
import type { TaskCard as Task } from '../../../client.ts';
import { became, paymentSays } from '../../became.ts';
import { endedBecause, progress } from '../../counted.ts';
import { EVIDENCE, evidence } from '../../evidence.ts';
import { sentence, spokenOf } from '../../prose.ts';
import { visible } from '../../visible.ts';
import { Buttons } from './buttons.tsx';
import { Chain } from './chain.tsx';
import { useWhy, type Here } from './data.ts';
import type { Deed } from './deeds.tsx';
import { Days, Prose, Value } from './prose.tsx';
import { byTheWall, clock, headline, left, pressing, secondStepSays, whyNot, type Named } from './words.ts';

const UTC = 'UTC'; // until the organization's zone is known

export function TaskCard({ task, here, open }: { task: Task; here: Here; open: (deed: Deed) => void }) {
  const { me, place, named } = here;
  const zone = place?.zone ?? UTC;
  const not = whyNot(task, me, named);
  const own = secondStepSays(task, me);
  return (
    <Paper component="article" withBorder p="md" aria-labelledby="what">
      <Stack gap="md">
        <Group justify="space-between" align="flex-start" gap="xs">
          <Title order={2} size="h3" id="what" style={{ overflowWrap: 'anywhere', flex: '1 1 16rem' }}>
            <Days text={headline(task)} />
          </Title>
          <Badge variant="light" size="lg" style={{ flex: 'none' }} data-testid="state">
            {became(task)}
          </Badge>
        </Group>
        {pressing(task, me) !== undefined && (
          <Alert color="yellow" variant="light">
            {pressing(task, me)}.
          </Alert>
        )}
        {own !== undefined && (
          <Alert color="yellow" variant="light" title="Your own request" data-testid="second-step">
            <Prose text={own} />
          </Alert>
        )}
        {task.payment && (
          <Text size="sm">
            The payment: <Prose text={`${paymentSays(task.payment)}.`} />
          </Text>
        )}
        <Asked task={task} zone={zone} business={place?.business} named={named} />
        <Difference task={task} />
        <Why task={task} />
        <Quorum task={task} named={named} />
        {task.waits && <Buttons task={task} me={me} not={not} open={open} />}
        <details>
          <summary>The arguments that will execute</summary>
          <Code block style={{ whiteSpace: 'pre-wrap', overflowWrap: 'anywhere' }}>
            {`${task.tool}\n${visible(JSON.stringify(task.args, null, 2))}`}
          </Code>
        </details>
        <Causes id={task.id} zone={zone} decided={task.outcome !== null} />
        <Text size="xs" c="dimmed" style={{ overflowWrap: 'anywhere' }}>
          {task.id}
        </Text>
      </Stack>
    </Paper>
  );
}

interface AskedProps {
  readonly task: Task;
  readonly zone: string;
  readonly business: string | undefined;
  readonly named: Named;
}

function Asked({ task, zone, business, named }: AskedProps) {
  const forWhom = task.requester === null ? 'in a review' : `for ${named(task.requester)}`;
  return (
    <div>
      <Text>
        <Prose text={`${sentence(spokenOf(task.agent))} asks, ${forWhom}: ${task.rationale}`} />
      </Text>
      <Text size="sm" c="dimmed">
        Asked {clock(task.createdAt, zone)}
        {task.waits && task.expiresAt !== null ? '.' : `${byTheWall(business, Date.now())}.`}
        {task.waits &&
          task.expiresAt !== null &&
          ` Refused if nobody decides by ${clock(task.expiresAt, zone)}, ${left(task.expiresAt, Date.now())}${byTheWall(business, Date.now())}.`}
      </Text>
    </div>
  );
}

/** Both values side by side where one replaces the other; what nothing on record is replaced by stands with what is asked. */
function Difference({ task: { card } }: { task: Task }) {
  const changes = card.some(({ before }) => before !== undefined);
  return (
    <Table withRowBorders aria-label="What is asked">
      {changes && (
        <Table.Thead>
          <Table.Tr>
            {['What', 'On record', 'Asked now'].map((title) => (
              <Table.Th key={title} scope="col" style={{ whiteSpace: 'nowrap' }}>
                {title}
              </Table.Th>
            ))}
          </Table.Tr>
        </Table.Thead>
      )}
      <Table.Tbody>
        {card.map((line, n) => (
          <Line key={n} line={line} beside={changes} />
        ))}
      </Table.Tbody>
    </Table>
  );
}

/** @param beside there is a column for what is on record */
function Line({ line: { label, value, before, prose }, beside }: { line: Task['card'][number]; beside: boolean }) {
  const said = (text: string) => (prose ? <Prose text={text} /> : <Value text={text} />);
  return (
    <Table.Tr>
      <Table.Th scope="row" w="6rem">
        {label}
      </Table.Th>
      {beside && <Table.Td style={{ overflowWrap: 'anywhere' }}>{before !== undefined && <del>{said(before)}</del>}</Table.Td>}
      <Table.Td style={{ overflowWrap: 'anywhere' }}>{before === undefined ? said(value) : <ins>{said(value)}</ins>}</Table.Td>
    </Table.Tr>
  );
}

function Why({ task: { decision } }: { task: Task }) {
  if (!decision || decision.articles.length + decision.why.length === 0) return null;
  const said = decision.why.filter((reason) => !decision.articles.some(({ title }) => title === reason)); // what the articles do not say already
  return (
    <section aria-labelledby="why">
      <Title order={3} size="h5" id="why">
        Why it is here
      </Title>
      <List size="sm" withPadding={false} spacing={4}>
        {decision.articles.map(({ id, article, title, source }) => (
          <List.Item key={id}>
            <strong>
              {article} {title}
            </strong>{' '}
            ({source})
          </List.Item>
        ))}
        {said.map((reason, n) => (
          <List.Item key={n}>
            <Prose text={reason} />
          </List.Item>
        ))}
      </List>
    </section>
  );
}

function Quorum({ task, named }: { task: Task; named: Named }) {
  if (!task.waits && task.votes.length === 0) return null;
  return (
    <section aria-labelledby="votes">
      <Title order={3} size="h5" id="votes">
        Votes
      </Title>
      <Stack gap={6}>
        {task.waits &&
          progress(task).map(({ role, have, quorum, says, may }) => (
            <div key={role}>
              <Text size="sm">
                {says}. {may.length > 0 ? `May vote: ${may.map(named).join(', ')}.` : 'Nobody is left who may.'}
              </Text>
              <Progress mt={4} value={(100 * have) / quorum} aria-label={`${role}: ${have} of ${quorum}`} />
            </div>
          ))}
        {endedBecause(task) !== undefined && <Text size="sm">It ended because {endedBecause(task)}.</Text>}
        {task.nudged.map(({ person, by }) => (
          <Text key={person} size="sm">
            {named(person)} was asked by name, by {named(by)}.
          </Text>
        ))}
        {task.votes.map(({ person, choice, reason, void: because, againOn, fourEyes }) => (
          <Text key={person} size="sm" td={because === null ? undefined : 'line-through'} style={{ overflowWrap: 'anywhere' }}>
            {named(person)}: {choice}
            <Prose text={`${reason === '' ? '' : `, ${reason}`}${againOn === null ? '' : `; may be asked again on ${againOn}`}`} />
            {fourEyes ? '' : ' (an own request: not four-eyes)'}
            <Prose text={because === null ? '' : ` (void: ${because})`} />
          </Text>
        ))}
      </Stack>
    </section>
  );
}

/** @param decided its events are all there: what will be proved of it is known */
function Causes({ id, zone, decided }: { id: string; zone: string; decided: boolean }) {
  const why = useWhy(id);
  return (
    <>
      <details>
        <summary>The chain of causes</summary>
        {why.data && <Chain events={why.data} zone={zone} />}
        {why.error && (
          <Text size="sm">
            <Prose text={why.error.message} />
          </Text>
        )}
      </details>
      {decided && why.data && (
        <details>
          <summary>The record of evidence</summary>
          <Text size="sm">{EVIDENCE}</Text>
          <Code block style={{ whiteSpace: 'pre-wrap', overflowWrap: 'anywhere' }}>
            {evidence(why.data)}
          </Code>
        </details>
      )}
    </>
  );
}
