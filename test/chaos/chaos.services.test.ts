/** Kills and races over a real Postgres and Redis. The larger sizes, and one seed again: `npm run chaos`. */
import { afterAll, beforeAll, expect, test } from 'vitest';
import { STRIKES } from '../../bench/house.ts';
import { exactlyOnceKill } from '../../bench/kill.ts';
import { outboxKill } from '../../bench/outbox.ts';
import { approvalRace } from '../../bench/race.ts';
import { CI } from '../../bench/sizes.ts';
import { startServices, type Services } from '../../bench/world.ts';

const seed = Math.floor(Math.random() * 2 ** 31);
const timeout = 10 * 60_000;

let services: Services;
beforeAll(async () => {
  services = await startServices();
});
afterAll(() => services.stop());

for (const strike of STRIKES) {
  const size = strike === 'bot' ? CI.bot : CI.servers;
  test(`exactly once, however often this ends: ${strike} (seed ${seed})`, { timeout }, async () => {
    const { figures, defects } = await exactlyOnceKill({ services, strike, seed, ...size });
    console.log(strike, figures);
    expect(defects).toEqual([]);
  });
}

test(`each card once, however often its sender is killed (seed ${seed})`, { timeout }, async () => {
  const { figures, defects } = await outboxKill({ services, seed, ...CI.outbox });
  console.log(figures);
  expect(defects).toEqual([]);
});

test(`of many who decide at once one wins, and the others hear who (seed ${seed})`, { timeout }, async () => {
  const { figures, defects } = await approvalRace({ services, seed, ...CI.race });
  console.log(figures);
  expect(defects).toEqual([]);
});
