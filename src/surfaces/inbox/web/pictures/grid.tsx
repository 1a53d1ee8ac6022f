/** Who is where: a row a person, a column a day. What is wrong stands there as a word, not as a colour alone. */
import { Table, Text } from '@mantine/core';
import type { Picture } from '../../../../kernel/picture.ts';

type Shape = Extract<Picture, { kind: 'grid' }>;
type Cell = Shape['rows'][number]['cells'][number][number];

const TONES: Readonly<Record<Cell['tone'], string | undefined>> = {
  plain: undefined,
  off: 'var(--mantine-color-default-hover)',
  short: 'var(--mantine-color-yellow-light)',
  clash: 'var(--mantine-color-red-light)',
};

const STAYS = { position: 'sticky', left: 0, whiteSpace: 'nowrap', background: 'var(--mantine-color-body)' } as const; // beside whatever is scrolled to

/** @param named what a row is called, by its name in the picture */
export function Grid({ columns, rows, named }: Pick<Shape, 'columns' | 'rows'> & { named: (name: string) => string }) {
  return (
    <Table.ScrollContainer minWidth={600} scrollAreaProps={{ viewportProps: { tabIndex: 0 } }}>
      <Table withColumnBorders withTableBorder>
        <Table.Thead>
          <Table.Tr>
            <Table.Td style={STAYS} />
            {columns.map(({ title, note }) => (
              <Table.Th key={title} scope="col" style={{ whiteSpace: 'nowrap' }}>
                {title}
                <Text size="xs" fw={400}>
                  {note}
                </Text>
              </Table.Th>
            ))}
          </Table.Tr>
        </Table.Thead>
        <Table.Tbody>
          {rows.map(({ name, cells }) => (
            <Table.Tr key={name}>
              <Table.Th scope="row" style={STAYS}>
                {named(name)}
              </Table.Th>
              {cells.map((cell, n) => (
                <Table.Td key={n} p={2}>
                  {cell.map(({ text, tone, mark }, one) => (
                    <Text key={one} size="xs" px={4} style={{ background: TONES[tone], borderRadius: 3, whiteSpace: 'nowrap' }}>
                      {text}
                      {mark === '' ? '' : ` (${mark})`}
                    </Text>
                  ))}
                </Table.Td>
              ))}
            </Table.Tr>
          ))}
        </Table.Tbody>
      </Table>
    </Table.ScrollContainer>
  );
}
