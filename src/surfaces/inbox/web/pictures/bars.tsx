/** How much there is beside a minimum and a target: a row an item, the bar and the same in words. */
import { Table } from '@mantine/core';
import { scaleLinear } from 'd3-scale';
import type { Picture } from '../../../../kernel/picture.ts';

type Bar = Extract<Picture, { kind: 'bars' }>['bars'][number];

const [WIDTH, HEIGHT] = [240, 22];
const NUMBERS: ReadonlySet<string> = new Set(['Minimum', 'Target']);

export function Bars({ bars }: { bars: readonly Bar[] }) {
  return (
    <Table.ScrollContainer minWidth={640} scrollAreaProps={{ viewportProps: { tabIndex: 0 } }}>
      <Table>
        <Table.Thead>
          <Table.Tr>
            {['What', 'Where', 'Against its minimum', 'There', 'Minimum', 'Target'].map((title) => (
              <Table.Th key={title} scope="col" ta={NUMBERS.has(title) ? 'right' : undefined}>
                {title}
              </Table.Th>
            ))}
          </Table.Tr>
        </Table.Thead>
        <Table.Tbody>
          {bars.map((bar) => (
            <Table.Tr key={`${bar.name}@${bar.where}`}>
              <Table.Th scope="row">{bar.name}</Table.Th>
              <Table.Td>{bar.where}</Table.Td>
              <Table.Td>
                <Drawing bar={bar} />
              </Table.Td>
              <Table.Td>{inWords(bar)}</Table.Td>
              <Table.Td ta="right">{bar.minimum}</Table.Td>
              <Table.Td ta="right">{bar.target}</Table.Td>
            </Table.Tr>
          ))}
        </Table.Tbody>
      </Table>
    </Table.ScrollContainer>
  );
}

/** `150: short, 500 coming`, `40`, `not counted`; there is never less than nothing */
export function inWords({ have, coming, minimum }: Bar): string {
  const more = coming > 0 ? `, ${coming} coming` : '';
  if (have === null) return `not counted${more}`;
  if (have < 0) return `to be counted: ${have} on record${more}`;
  return `${have}${have < minimum ? ': short' : ''}${more}`;
}

function Drawing({ bar }: { bar: Bar }) {
  const { have, coming, minimum, target } = bar;
  const x = scaleLinear([0, Math.max(1, target, (have ?? 0) + coming)], [0, WIDTH - 1]).clamp(true);
  const there = x(Math.max(0, have ?? 0));
  const short = have !== null && have < minimum;
  return (
    <svg
      viewBox={`0 0 ${WIDTH} ${HEIGHT}`}
      role="img"
      aria-label={`${bar.name}: ${inWords(bar)}`}
      style={{ width: WIDTH, minWidth: 120, maxWidth: '100%', height: HEIGHT, display: 'block' }}
    >
      <rect x={0} y={5} width={x(target)} height={12} rx={3} fill="var(--mantine-color-default-border)" />
      <rect x={there} y={7} width={x((have ?? 0) + coming) - there} height={8} fill="none" stroke="var(--mantine-primary-color-filled)" strokeDasharray="3 3" />
      <rect x={0} y={5} width={there} height={12} rx={3} fill={short ? 'var(--mantine-color-red-filled)' : 'var(--mantine-primary-color-filled)'} />
      <line x1={x(minimum)} x2={x(minimum)} y1={0} y2={HEIGHT} stroke="var(--mantine-color-text)" strokeWidth={2} />
    </svg>
  );
}
