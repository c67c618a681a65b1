import { expect, test } from 'vitest';
import { readTogether } from '../../src/db/read-together.ts';

test('whoever asks before a reading begins is served by it; whoever asks during it gets the next', async () => {
  const ends: (() => void)[] = [];
  let stands = 'before';
  let readings = 0;
  const read = readTogether(async () => {
    readings++;
    const found = stands;
    await new Promise<void>((resolve) => ends.push(resolve));
    return found;
  });
  const first = [read(), read()];
  await expect.poll(() => ends.length).toBe(1);
  stands = 'after';
  const second = [read(), read()];
  ends[0]?.();
  expect(await Promise.all(first)).toEqual(['before', 'before']);
  await expect.poll(() => ends.length).toBe(2);
  ends[1]?.();
  expect(await Promise.all(second)).toEqual(['after', 'after']);
  expect(readings).toBe(2);
});

test('a reading that failed fails for those it was for, not for the next', async () => {
  let isBroken = true;
  const read = readTogether(async () => {
    if (isBroken) throw new Error('gone');
    return 'found';
  });
  const failed = [read(), read()];
  expect((await Promise.allSettled(failed)).map(({ status }) => status)).toEqual(['rejected', 'rejected']);
  isBroken = false;
  expect(await read()).toBe('found');
});
