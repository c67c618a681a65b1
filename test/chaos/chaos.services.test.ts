/** Kills and races over a real Postgres and Redis. The larger sizes, and one seed again: `npm run chaos`. */
import { test } from 'vitest';
import type { Result, Strike } from '../../bench/house.ts';
import { exactlyOnceKill } from '../../bench/kill.ts';
import { outboxKill } from '../../bench/outbox.ts';
import { approvalRace } from '../../bench/race.ts';
import { CI } from '../../bench/sizes.ts';
import { startServices, type Services } from '../../bench/world.ts';

const seed = Math.floor(Math.random() * 2 ** 31);
const timeout = 10 * 60_000;

type Run = (services: Services) => Promise<Result>;

const kill =
  (strike: Strike): Run =>
  (services) =>
    exactlyOnceKill({ services, strike, seed, ...(strike === 'bot' ? CI.bot : CI.servers) });

/** Each with a Postgres and a Redis of its own. */
function chaos(name: string, run: Run): void {
  test(`${name} (seed ${seed})`, { timeout }, async ({ expect, onTestFinished }) => {
    const services = await startServices();
    onTestFinished(() => services.stop());
    const { figures, defects } = await run(services);
    console.log(name, figures);
    expect(defects).toEqual([]);
  });
}

chaos('exactly once, however often the bot is killed', kill('bot'));
chaos('exactly once, however often the database is killed', kill('database'));
chaos('exactly once, however often Redis is killed', kill('redis'));
chaos('exactly once, however often Redis forgets', kill('flush'));
chaos('each card once, however often its sender is killed', (services) => outboxKill({ services, seed, ...CI.outbox }));
chaos('of many who decide at once one wins, and the others hear who', (services) => approvalRace({ services, seed, ...CI.race }));
