import { expect, test } from 'vitest';
import { withoutRows, withRows } from '../../src/evaluate/rows.ts';

const files = new Map([['a.csv', 'id,what\n1,one\n12,twelve\n2,two\n']]);

test('rows are taken out by their first cell, and added at the end', () => {
  expect(withoutRows(files, 'a.csv', ['1']).get('a.csv')).toBe('id,what\n12,twelve\n2,two\n');
  expect(withRows(files, 'a.csv', ['3,three']).get('a.csv')).toBe('id,what\n1,one\n12,twelve\n2,two\n3,three\n');
  expect(files.get('a.csv')).toContain('1,one');
});

test('where there is nothing to take out, it says so', () => {
  expect(() => withoutRows(files, 'a.csv', ['1', '7'])).toThrow('no row `7`');
  expect(() => withRows(files, 'b.csv', [])).toThrow('no `b.csv`');
});
