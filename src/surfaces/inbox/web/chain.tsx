/** The chain of causes, drawn: an event a row, a dot in its lane, and a line from each cause to what it led to. */
import { Box, Group, Text } from '@mantine/core';
import type { Outputs } from '../../../client.ts';
import { quoted } from '../../prose.ts';
import { Prose } from './prose.tsx';
import { clock } from './words.ts';

const ROW = 64; // pixels; two lines of text, and one of its time
const LANE = 22;

interface Dot {
  readonly x: number;
  readonly y: number;
}

/** Where each event goes: below its causes, in the lane of the first of them where that lane is free. */
export function place(events: Outputs['why']): ReadonlyMap<string, Dot> {
  const last: string[] = []; // the event at the end of each lane
  return new Map(
    events.map(({ id, causes }, row) => {
      const continued = last.findIndex((end) => causes.includes(end));
      const lane = continued >= 0 ? continued : last.length;
      last[lane] = id;
      return [id, { x: LANE / 2 + lane * LANE, y: ROW / 2 + row * ROW }] as const;
    }),
  );
}

/** Straight to the next row; round what stands between otherwise. */
function line(from: Dot, to: Dot): string {
  const bend = (to.y - from.y) / 2;
  const aside = from.x === to.x && to.y - from.y > ROW ? LANE / 2 : 0;
  return `M${from.x} ${from.y} C${from.x + aside} ${from.y + bend}, ${to.x + aside} ${to.y - bend}, ${to.x} ${to.y}`;
}

export function Chain({ events, zone }: { events: Outputs['why']; zone: string }) {
  const dots = place(events);
  const width = LANE + Math.max(...[...dots.values()].map(({ x }) => x));
  return (
    <Group gap="xs" wrap="nowrap" align="flex-start">
      <svg width={width} height={events.length * ROW} role="img" aria-label={`${events.length} events and their causes`} style={{ flex: 'none' }}>
        {events.flatMap(({ id, causes }) =>
          causes.map((cause) => {
            const [from, to] = [dots.get(cause), dots.get(id)];
            return from && to ? <path key={`${cause} ${id}`} d={line(from, to)} fill="none" stroke="var(--mantine-color-dimmed)" strokeWidth={1.5} /> : null;
          }),
        )}
        {[...dots].map(([id, { x, y }]) => (
          <circle key={id} cx={x} cy={y} r={5} fill="var(--mantine-primary-color-filled)" />
        ))}
      </svg>
      <Box component="ol" m={0} p={0} style={{ listStyle: 'none', minWidth: 0, flex: 1 }}>
        {events.map(({ id, says, business, erased }) => (
          <Box component="li" key={id} h={ROW} style={{ display: 'flex', flexDirection: 'column', justifyContent: 'center' }}>
            <Text size="sm" lineClamp={2} title={quoted(says)}>
              <Prose text={`${says}${erased.length > 0 ? ` (erased: ${erased.join(', ')})` : ''}`} />
            </Text>
            <Text size="xs" c="dimmed">
              {clock(business, zone)}
            </Text>
          </Box>
        ))}
      </Box>
    </Group>
  );
}
