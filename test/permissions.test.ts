/** Who may do what: the printed table is the declared one, and nobody without a standing may do anything. */
import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { permissions } from '../tools/permissions.ts';

test('docs/permissions.md is what the intents say', () => {
  expect(readFileSync(new URL('../docs/permissions.md', import.meta.url), 'utf8')).toBe(permissions());
});
