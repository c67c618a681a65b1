/** Kills and races over a real Postgres and Redis. The larger sizes, and one seed again: `npm run chaos`. */
import { afterAll, beforeAll, expect, test } from 'vitest';
import { exactlyOnceKill } from '../../bench/kill.ts';
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

test(`exactly once, however often the bot is killed (seed ${seed})`, { timeout }, async () => {
  const { figures, defects } = await exactlyOnceKill({ services, seed, ...CI });
  console.log(figures);
  expect(defects).toEqual([]);
});

test(`of many who decide at once one wins, and the others hear who (seed ${seed})`, { timeout }, async () => {
  const { figures, defects } = await approvalRace({ services, seed, ...CI });
  console.log(figures);
  expect(defects).toEqual([]);
});
