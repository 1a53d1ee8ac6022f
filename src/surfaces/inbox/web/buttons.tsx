/** What a person may do with a task that waits. A button that is off says why below them: for this person, or for everybody. */
import { Button, Group, Kbd, Text } from '@mantine/core';
import type { TaskCard as Task } from '../../../client.ts';
import { withheld } from '../../../kernel/answers.ts';
import type { Deed } from './deeds.tsx';
import { Prose } from './prose.tsx';
import { askable, type Me } from './words.ts';

interface ButtonsProps {
  readonly task: Task;
  readonly me: Me;
  readonly not: string | undefined; // why this person does not decide it
  readonly open: (deed: Deed) => void;
}

export function Buttons({ task, me, not, open }: ButtonsProps) {
  const { tool, answers } = task;
  const off = not !== undefined;
  const nobody = askable(task, me).length === 0;
  const deeds = [
    { deed: 'approve', says: 'Approve', key: 'a', off, why: 'not' },
    { deed: 'decline', says: 'Decline', key: 'd', off, why: 'not' },
    { deed: 'edit', says: 'Edit', key: 'e', off: off || !answers.includes('edit'), why: 'not withheld' },
    { deed: 'respond', says: 'Respond', key: 'r', off: !answers.includes('respond'), why: 'withheld' },
    { deed: 'nudge', says: 'Ask by name', key: 'n', off: nobody, why: 'named' },
  ] as const;
  return (
    <div>
      <Group gap="xs">
        {deeds.map((one) => (
          <Button
            key={one.deed}
            onClick={() => open(one.deed)}
            disabled={one.off}
            aria-describedby={one.why}
            variant={one.deed === 'approve' ? 'filled' : 'default'}
            rightSection={<Key name={one.key} />}
          >
            {one.says}
          </Button>
        ))}
      </Group>
      <Said id="not" text={not ?? ''} />
      <Said id="withheld" text={withheld(tool, answers).join(' ')} />
      <Said id="named" text={nobody ? 'Nobody else is left to ask by name: who may decide it was asked, or is you.' : ''} />
    </div>
  );
}

const Said = ({ id, text }: { id: string; text: string }) => (
  <Text size="sm" id={id} mt={text === '' ? 0 : 4} style={{ overflowWrap: 'anywhere' }}>
    <Prose text={text} />
  </Text>
);

/** Shown where there are keys to press. */
const Key = ({ name }: { name: string }) => (
  <Kbd size="xs" visibleFrom="sm" aria-hidden>
    {name}
  </Kbd>
);
