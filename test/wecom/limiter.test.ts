import { expect, test } from 'vitest';
import { createMemoryState } from '../../src/state/memory.ts';
import { createLimiter, NotNow, PERSON_LIMITS, ROBOT_LIMITS } from '../../src/wecom/limiter.ts';

/** Two replicas, one state; everything that waits is tried again when it was told to. */
async function send(count: number, limits: typeof PERSON_LIMITS): Promise<number[]> {
  let now = 0;
  const clock = () => new Date(now);
  const state = createMemoryState({ clock });
  const replicas = [createLimiter({ state, clock }), createLimiter({ state, clock })];
  const sent: number[] = [];
  for (let n = 0; n < count;) {
    try {
      await replicas[n % 2]!.take('a', limits);
      sent.push(now);
      n++;
      now += 100;
    } catch (error) {
      expect(error).toBeInstanceOf(NotNow);
      now += (error as NotNow).waitMs;
    }
  }
  return sent;
}

test.each([
  [1_100, PERSON_LIMITS],
  [200, ROBOT_LIMITS],
])('%i sent: never more than allowed in any window, and no longer than needed', async (count, limits) => {
  const sent = await send(count, limits);
  for (const { count: most, ms } of limits) {
    for (const [n, at] of sent.entries())
      expect(sent.slice(n).filter((other) => other < at + ms).length).toBeLessThanOrEqual(most);
  }
  const slowest = Math.max(...limits.map(({ count: most, ms }) => Math.ceil(count / most) * ms));
  expect(sent.at(-1)).toBeLessThan(slowest);
});

test('one place at a time for many at once; another key is free', async () => {
  const clock = () => new Date(0);
  const limiter = createLimiter({ state: createMemoryState({ clock }), clock });
  const taken = await Promise.allSettled(Array.from({ length: 50 }, () => limiter.take('a', ROBOT_LIMITS)));
  expect(taken.filter(({ status }) => status === 'fulfilled')).toHaveLength(20);
  await limiter.take('b', ROBOT_LIMITS);
});

test('when everybody’s memory is lost, what one sent itself still counts', async () => {
  const clock = () => new Date(0);
  const state = createMemoryState({ clock });
  const limiter = createLimiter({ state, clock });
  const taken = async () =>
    (await Promise.allSettled(Array.from({ length: 15 }, () => limiter.take('a', ROBOT_LIMITS)))).filter(
      ({ status }) => status === 'fulfilled',
    ).length;
  expect(await taken()).toBe(15);
  await state.close();
  expect(await taken()).toBe(5);
});
