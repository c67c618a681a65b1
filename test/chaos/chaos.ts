/** A kill or a race over a Postgres and a Redis of its own. The larger sizes, and one seed again: `npm run chaos`. */
import { test } from 'vitest';
import type { Result, Strike } from '../../bench/house.ts';
import { exactlyOnceKill } from '../../bench/kill.ts';
import { CI } from '../../bench/sizes.ts';
import { startServices, type Services } from '../../bench/world.ts';

const seed = Math.floor(Math.random() * 2 ** 31);
const timeout = 10 * 60_000;

type Run = (services: Services, seed: number) => Promise<Result>;

export const kill =
  (strike: Strike): Run =>
  (services, seed) =>
    exactlyOnceKill({ services, strike, seed, ...(strike === 'bot' ? CI.bot : CI.servers) });

export function chaos(name: string, run: Run): void {
  test(`${name} (seed ${seed})`, { timeout }, async ({ expect, onTestFinished }) => {
    const services = await startServices();
    onTestFinished(() => services.stop());
    const { figures, defects } = await run(services, seed);
    console.log(name, figures);
    expect(defects).toEqual([]);
  });
}
