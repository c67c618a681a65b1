/** Which statements are prepared by name. */
import { expect, test } from 'vitest';
import { statementNames } from '../../src/db/db.ts';

const often = (names: ReturnType<typeof statementNames>, sql: string, args: readonly unknown[] = [1]) =>
  Array.from({ length: 4 }, () => names({ sql, args }));

test('a statement is named from its third time on, by its text alone', () => {
  const [first, second, third, fourth] = often(statementNames(), 'SELECT $1');
  expect([first, second]).toEqual(['', '']);
  expect(third).toMatch(/^[0-9a-f]{32}$/);
  expect(fourth).toBe(third);
  expect(often(statementNames(), 'SELECT $1')[3]).toBe(third);
  expect(often(statementNames(), 'SELECT $1 + 1')[3]).not.toBe(third);
});

test('what has no parameters may be several statements, and has no name', () => {
  expect(often(statementNames(), 'SELECT 1; SELECT 2', [])).toEqual(['', '', '', '']);
});

test('statements beyond what a connection should keep stay without a name', () => {
  const names = statementNames();
  for (let n = 0; n < 1_000; n++) names({ sql: `SELECT $1 + ${n}`, args: [1] });
  expect(often(names, 'SELECT $1 + 0')[3]).not.toBe('');
  expect(often(names, 'SELECT $1 + 999')[3]).toBe('');
});
