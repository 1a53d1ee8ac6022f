/** What waits: the list, and the task that is looked at. */
import { Alert, Anchor, Box, Button, Checkbox, Group, SimpleGrid, Stack, Text, Title, UnstyledButton } from '@mantine/core';
import { useMediaQuery } from '@mantine/hooks';
import { Link, useNavigate, useParams } from '@tanstack/react-router';
import { useState, type ReactNode } from 'react';
import type { TaskCard as Task } from '../../../client.ts';
import { shelved } from '../../grouped.ts';
import { sentence, spokenOf } from '../../prose.ts';
import { OwnQuestions } from './asked.tsx';
import { Bulk, type Many } from './bulk.tsx';
import { useTask, useWaiting, type Here } from './data.ts';
import type { Done } from './deed.ts';
import { Deeds, type Begun, type Deed } from './deeds.tsx';
import { useKeys } from './keys.ts';
import { More } from './more.tsx';
import { Days, Prose } from './prose.tsx';
import { TaskCard } from './task-card.tsx';
import { Told } from './told.tsx';
import { askable, headline, left, pressing, waitsFor, whyNot } from './words.ts';

export function Waiting({ here }: { here: Here }) {
  const { id: named } = useParams({ strict: false });
  const wide = useMediaQuery('(min-width: 62em)', true, { getInitialValueInEffect: false });
  const waiting = useWaiting();
  const all = waiting.data?.tasks ?? [];
  const mine = all.filter((task) => waitsFor(task, here.me));
  const others = all.filter((task) => !mine.includes(task));
  const order = [...listed(mine), ...listed(others)];
  const [begun, setBegun] = useState<Place>(); // where the last deed was begun: the task stays there to be looked at, whatever its vote makes of the list
  const id = named ?? (wide ? (begun?.id ?? order[0]?.id) : undefined);
  const shown = useTask(id);
  const go = useGo(order, id, begun);
  const [last, setLast] = useState<Done>();
  useKeys({ j: () => go(1), k: () => go(-1) }); // here, and not on the card: it may still be loading
  if (waiting.error)
    return (
      <Alert color="red">
        <Prose text={waiting.error.message} />
      </Alert>
    );
  const list = (
    <div>
      <OwnQuestions me={here.me} />
      <Told me={here.me} />
      <More says={waiting.data?.says} loading={waiting.isFetchingNextPage} load={() => void waiting.fetchNextPage()} />
      <Lists mine={mine} others={others} here={here} selected={id} empty={waiting.isSuccess && all.length === 0} />
    </div>
  );
  const done = (result: Done) => {
    setLast(result);
    if (result.task.id !== id) go(result.task.id);
  };
  const looked = (
    <Stack gap="sm">
      <Box role="status">
        {last && last.task.id === id && (
          <Alert>
            <Prose text={last.message} />
          </Alert>
        )}
      </Box>
      {shown.data ? (
        <Looked key={id} task={shown.data} here={here} begin={() => setBegun({ id: shown.data.id, order: order.map((task) => task.id) })} done={done} />
      ) : (
        <Text>
          <Prose text={shown.error?.message ?? ''} />
        </Text>
      )}
    </Stack>
  );
  if (!wide)
    return id === undefined ? (
      list
    ) : (
      <Stack>
        <Anchor component={Link} to="/">
          Back to the list
        </Anchor>
        {looked}
      </Stack>
    );
  return (
    <SimpleGrid cols={2} spacing="lg" style={{ gridTemplateColumns: 'minmax(20rem, 2fr) 3fr', alignItems: 'start' }}>
      {list}
      {looked}
    </SimpleGrid>
  );
}

/** As they stand in the list: what is behind a group comes with its group. */
function listed(tasks: readonly Task[]): readonly Task[] {
  const { cards, groups } = shelved(tasks);
  return [...cards, ...groups.flatMap((group) => group.tasks)];
}

type Go = (to: string | 1 | -1) => void;

/** Where a task stood in the list. */
interface Place {
  readonly id: string;
  readonly order: readonly string[];
}

/** To a task, or the next or last one of the list: from where this one stood when something was done with it, else from where it stands. */
function useGo(order: readonly Task[], id: string | undefined, begun: Place | undefined): Go {
  const navigate = useNavigate();
  return (to) => {
    const now = order.map((task) => task.id);
    const next = typeof to === 'string' ? to : begun && begun.id === id ? beside(begun, now, to) : beside({ id: id ?? '', order: now }, now, to);
    if (next !== undefined) void navigate({ to: '/tasks/$id', params: { id: next } });
  };
}

/** The nearest in that direction that is still there. */
function beside({ id, order }: Place, now: readonly string[], step: 1 | -1): string | undefined {
  const at = order.indexOf(id);
  const ahead = step === 1 ? order.slice(at + 1) : order.slice(0, Math.max(at, 0)).reverse();
  return ahead.find((one) => now.includes(one));
}

interface LookedProps {
  readonly task: Task;
  readonly here: Here;
  readonly begin: () => void; // something is about to be done
  readonly done: (done: Done) => void;
}

function Looked({ task, here, begin, done }: LookedProps) {
  const [begun, setBegun] = useState<Begun>();
  const may = whyNot(task, here.me, here.named) === undefined;
  const open = (one: Deed) => {
    if (!opens(one, task, may, here)) return;
    begin();
    setBegun({ deed: one, shown: task });
  };
  useKeys({ a: () => open('approve'), d: () => open('decline'), e: () => open('edit'), r: () => open('respond'), n: () => open('nudge') });
  return (
    <>
      <TaskCard task={task} here={here} open={open} />
      <Deeds begun={begun} now={task} here={here} close={() => setBegun(undefined)} done={done} />
    </>
  );
}

/** Whether there is anything to do there; the buttons say why not. @param may whether this person decides it */
function opens(deed: Deed, task: Task, may: boolean, here: Here): boolean {
  if (deed === 'nudge') return askable(task, here.me).length > 0;
  if (deed === 'respond') return task.waits && task.answers.includes(deed);
  return may && (deed !== 'edit' || task.answers.includes(deed));
}

interface ListsProps {
  readonly mine: readonly Task[];
  readonly others: readonly Task[];
  readonly here: Here;
  readonly selected: string | undefined;
  readonly empty: boolean;
}

function Lists({ mine, others, here, selected, empty }: ListsProps) {
  const [picked, setPicked] = useState<ReadonlySet<string>>(new Set());
  const [many, setMany] = useState<Many>();
  const tasks = mine.filter(({ id }) => picked.has(id));
  const pick = (id: string) => setPicked((before) => new Set(before.has(id) ? [...before].filter((one) => one !== id) : [...before, id]));
  return (
    <Stack component="nav" aria-label="Tasks">
      <Title order={2} size="h4">
        Waits for you ({mine.length})
      </Title>
      {tasks.length > 0 && (
        <Group gap="xs">
          <Button size="compact-sm" onClick={() => setMany({ choice: 'approve', tasks })}>
            Approve {tasks.length} …
          </Button>
          <Button size="compact-sm" variant="default" onClick={() => setMany({ choice: 'decline', tasks })}>
            Decline {tasks.length} …
          </Button>
        </Group>
      )}
      {empty && <Text>Nothing waits for people.</Text>}
      <Shelves
        tasks={mine}
        selected={selected}
        one={(task) => (
          <Group key={task.id} wrap="nowrap" gap="xs">
            <Checkbox aria-label={`Select ${headline(task)}`} checked={picked.has(task.id)} onChange={() => pick(task.id)} />
            <Item task={task} selected={task.id === selected} why={task.decision?.why[0]} here={here} />
          </Group>
        )}
      />
      {others.length > 0 && (
        <Title order={2} size="h4">
          Waits for others ({others.length})
        </Title>
      )}
      <Shelves
        tasks={others}
        selected={selected}
        one={(task) => <Item key={task.id} task={task} selected={task.id === selected} why={whyNot(task, here.me, here.named)} here={here} />}
      />
      <Bulk
        many={many}
        now={[...mine, ...others]}
        close={() => {
          setMany(undefined);
          setPicked(new Set());
        }}
      />
    </Stack>
  );
}

/** Cards, and one card for all the rest of an agent: opened, it is a list like any other. */
function Shelves({ tasks, selected, one }: { tasks: readonly Task[]; selected: string | undefined; one: (task: Task) => ReactNode }) {
  const { cards, groups } = shelved(tasks);
  return (
    <>
      {cards.map(one)}
      {groups.map(({ agent, says, tasks: of }) => (
        <Shelf key={agent} says={says} selected={of.some(({ id }) => id === selected)} list={() => of.map(one)} />
      ))}
    </>
  );
}

/** What is behind a group is laid out when it is opened: it may be hundreds. */
function Shelf({ says, selected, list }: { says: string; selected: boolean; list: () => ReactNode }) {
  const [opened, setOpened] = useState(false);
  return (
    <details data-testid="group" open={selected || undefined} onToggle={(event) => setOpened(event.currentTarget.open)}>
      <summary>{says}</summary>
      {(selected || opened) && <Stack mt="xs">{list()}</Stack>}
    </details>
  );
}

function Item({ task, selected, why, here }: { task: Task; selected: boolean; why: string | undefined; here: Here }) {
  return (
    <UnstyledButton
      renderRoot={(props) => <Link {...props} to="/tasks/$id" params={{ id: task.id }} />}
      aria-current={selected ? 'true' : undefined}
      p="xs"
      w="100%"
      style={{ borderRadius: 6, minWidth: 0, border: `1px solid var(--mantine-color-${selected ? 'blue-filled' : 'default-border'})` }}
    >
      <Text fw={600} size="sm" style={{ overflowWrap: 'anywhere' }}>
        <Days text={headline(task)} />
      </Text>
      {pressing(task, here.me) !== undefined && (
        <Text size="xs" fw={600}>
          {pressing(task, here.me)}
        </Text>
      )}
      <Text size="xs" c="dimmed" lineClamp={2}>
        <Prose
          text={`${sentence(spokenOf(task.agent))}${task.expiresAt === null ? '' : `, expires ${left(task.expiresAt, Date.now())}`}${why === undefined ? '' : `. ${why}`}`}
        />
      </Text>
    </UnstyledButton>
  );
}
