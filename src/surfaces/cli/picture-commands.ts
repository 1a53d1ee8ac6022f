/** Pictures on a terminal: the same data as in the inbox, in lines. */
import type { Command } from 'commander';
import { show } from '../../kernel/money.ts';
import type { Picture } from '../../kernel/picture.ts';
import type { Call } from './human-commands.ts';
import { plain } from './render.ts';
import type { Shared } from './shared.ts';

export function pictureCommands(program: Command, { print }: Shared, call: Call): void {
  program
    .command('picture [name]')
    .description('what there is to look at: cash, stock, the rota; the inbox draws it')
    .action(async (name: string | undefined) => {
      if (name === undefined) {
        const titles = await call('pictures', {});
        print(titles, titles.map((one) => `${one.name.padEnd(20)} ${one.title}. ${one.says}`).join('\n'));
        return;
      }
      const found = await call('picture', { name });
      print(found, [`${found.title}, as of ${found.asOf}`, ...lines(found.picture)].join('\n'));
    });
}

function lines(picture: Picture): string[] {
  if (picture.kind === 'levels') return picture.levels.flatMap(levelLines);
  if (picture.kind === 'bars') return picture.bars.map(barLine);
  return picture.rows.map(({ name, cells }) => {
    const told = cells.flatMap((cell, n) => (cell.length === 0 ? [] : [`${picture.columns[n]?.title ?? ''} ${cell.map(cellText).join(' + ')}`]));
    return `${plain(name)}: ${told.join('; ') || 'nothing'}`;
  });
}

type Cell = Extract<Picture, { kind: 'grid' }>['rows'][number]['cells'][number][number];

const cellText = ({ text, mark }: Cell): string => plain(mark === '' ? text : `${text} (${mark})`);

type Level = Extract<Picture, { kind: 'levels' }>['levels'][number];
type Bar = Extract<Picture, { kind: 'bars' }>['bars'][number];

const WIDE = 40; // characters of a bar

const blocks = (part: number, whole: number): string => '█'.repeat(Math.max(0, Math.min(WIDE, Math.round((WIDE * part) / Math.max(1, whole)))));

function levelLines({ name, points, floor, currency }: Level): string[] {
  const most = Math.max(floor ?? 0, ...points.map(({ minor }) => minor));
  const head = `${plain(name)}${floor === null ? '' : `, floor ${show({ minor: floor, currency })}`}`;
  return [
    head,
    ...points.map(
      ({ on, minor, expected }) =>
        `  ${on} ${expected ? '~' : ' '}${show({ minor, currency }).padStart(16)} ${blocks(minor, most)}${floor !== null && minor < floor ? ' below the floor' : ''}`,
    ),
  ];
}

function barLine({ name, where, have, coming, minimum, target, unit }: Bar): string {
  const there =
    have === null ? 'not counted' : `${have} ${unit}${coming > 0 ? ` +${coming}` : ''} of ${minimum} to ${target}${have < minimum ? ', short' : ''}`;
  return `${`${plain(name)} at ${where}`.padEnd(36)} ${blocks(have ?? 0, target).padEnd(WIDE)} ${there}`;
}
