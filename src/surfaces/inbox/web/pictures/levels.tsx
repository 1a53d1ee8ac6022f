/** Money over time beside its floor: booked days as a line, expected ones dashed, the floor as a line of its own. */
import { ScrollArea, Stack, Table, Text, Title } from '@mantine/core';
import { useMediaQuery } from '@mantine/hooks';
import { scaleLinear, scaleUtc } from 'd3-scale';
import { line } from 'd3-shape';
import { show } from '../../../../kernel/money.ts';
import type { Picture } from '../../../../kernel/picture.ts';

type Level = Extract<Picture, { kind: 'levels' }>['levels'][number];
type Point = Level['points'][number];

const [WIDE, NARROW, HEIGHT] = [720, 380, 260]; // of the drawing's own units; it grows and shrinks with the page, and its words with it
const EDGE = { left: 84, right: 12, top: 12, bottom: 28 };

export function Levels({ levels, today }: { levels: readonly Level[]; today: string }) {
  return (
    <Stack gap="xl">
      {levels.map((level) => (
        <section key={level.name} aria-labelledby={`level-${level.name}`}>
          <Title order={3} size="h5" id={`level-${level.name}`}>
            {level.name}
          </Title>
          <Text size="sm">{summary(level)}</Text>
          <Drawing level={level} today={today} />
          <AsTable level={level} />
        </section>
      ))}
    </Stack>
  );
}

/** What the drawing shows, in a sentence. */
export function summary({ points, floor, currency }: Level): string {
  const booked = points.filter(({ expected }) => !expected).at(-1);
  const lowest = points
    .filter(({ expected }) => expected)
    .reduce<Point | undefined>((low, point) => (low && low.minor <= point.minor ? low : point), undefined);
  if (!booked) return 'No statement shows it yet.';
  const parts = [`${show({ minor: booked.minor, currency })} on ${booked.on}`];
  if (lowest) parts.push(`${show({ minor: lowest.minor, currency })} expected on ${lowest.on}`);
  if (floor !== null) parts.push(`floor ${show({ minor: floor, currency })}${(lowest ?? booked).minor < floor ? ': it falls below' : ''}`);
  return `${parts.join('; ')}.`;
}

function Drawing({ level, today }: { level: Level; today: string }) {
  const { points, floor, currency } = level;
  const width = useMediaQuery('(min-width: 40em)', true, { getInitialValueInEffect: false }) ? WIDE : NARROW;
  const [first, last] = [points[0], points.at(-1)];
  if (!first || !last) return null;
  const values = [...points.map(({ minor }) => minor), ...(floor === null ? [] : [floor]), 0];
  const x = scaleUtc([new Date(first.on), new Date(last.on)], [EDGE.left, width - EDGE.right]);
  const y = scaleLinear([Math.min(...values), Math.max(...values)], [HEIGHT - EDGE.bottom, EDGE.top]).nice();
  const path = line<Point>(
    ({ on }) => x(new Date(on)),
    ({ minor }) => y(minor),
  );
  const booked = points.filter(({ expected }) => !expected);
  const expected = points.slice(Math.max(0, booked.length - 1)); // it goes on where the booked line ends
  return (
    <svg viewBox={`0 0 ${width} ${HEIGHT}`} role="img" aria-label={`${level.name}: ${summary(level)}`} style={{ width: '100%', maxWidth: 960, height: 'auto' }}>
      {y.ticks(5).map((tick) => (
        <g key={tick}>
          <line x1={EDGE.left} x2={width - EDGE.right} y1={y(tick)} y2={y(tick)} stroke="var(--mantine-color-default-border)" />
          <text x={EDGE.left - 8} y={y(tick)} dy="0.32em" textAnchor="end" fontSize={11} fill="var(--mantine-color-text)">
            {show({ minor: tick, currency }).replace(/\.\d+ /, ' ')}
          </text>
        </g>
      ))}
      {x.ticks(width === WIDE ? 6 : 3).map((tick) => (
        <text key={tick.getTime()} x={x(tick)} y={HEIGHT - 8} textAnchor="middle" fontSize={11} fill="var(--mantine-color-text)">
          {DAY.format(tick)}
        </text>
      ))}
      <line
        x1={x(new Date(today))}
        x2={x(new Date(today))}
        y1={EDGE.top}
        y2={HEIGHT - EDGE.bottom}
        stroke="var(--mantine-color-dimmed)"
        strokeDasharray="2 4"
      />
      {floor !== null && (
        <g>
          <line
            x1={EDGE.left}
            x2={width - EDGE.right}
            y1={y(floor)}
            y2={y(floor)}
            stroke="var(--mantine-color-red-filled)"
            strokeDasharray="8 4"
            strokeWidth={1.5}
          />
          <text x={width - EDGE.right} y={y(floor) - 5} textAnchor="end" fontSize={11} fill="var(--mantine-color-text)">
            floor
          </text>
        </g>
      )}
      <path d={path(booked) ?? ''} fill="none" stroke="var(--mantine-primary-color-filled)" strokeWidth={2} />
      <path d={path(expected) ?? ''} fill="none" stroke="var(--mantine-primary-color-filled)" strokeWidth={2} strokeDasharray="4 4" />
    </svg>
  );
}

const DAY = new Intl.DateTimeFormat('en-GB', { timeZone: 'UTC', day: 'numeric', month: 'short' });

function AsTable({ level: { points, currency } }: { level: Level }) {
  return (
    <details>
      <summary>As a table</summary>
      <ScrollArea.Autosize mah={320} viewportProps={{ tabIndex: 0 }}>
        <Table>
          <Table.Thead>
            <Table.Tr>
              <Table.Th scope="col">Day</Table.Th>
              <Table.Th scope="col">Balance</Table.Th>
              <Table.Th scope="col">By</Table.Th>
            </Table.Tr>
          </Table.Thead>
          <Table.Tbody>
            {points.map(({ on, minor, expected }) => (
              <Table.Tr key={on}>
                <Table.Th scope="row">{on}</Table.Th>
                <Table.Td>{show({ minor, currency })}</Table.Td>
                <Table.Td>{expected ? 'instructed payments' : 'statement'}</Table.Td>
              </Table.Tr>
            ))}
          </Table.Tbody>
        </Table>
      </ScrollArea.Autosize>
    </details>
  );
}
