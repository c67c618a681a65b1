/** `npm run chaos [-- --ci] [--seed n] [--only bot|database|redis|flush|outbox|race|soak]`: the reliability checks of design/bars.md that kill and race, with their figures. */
import { parseArgs } from 'node:util';
import { STRIKES, type Result } from './house.ts';
import { exactlyOnceKill } from './kill.ts';
import { outboxKill } from './outbox.ts';
import { approvalRace } from './race.ts';
import { CI, FULL } from './sizes.ts';
import { soak } from './soak.ts';
import { startServices } from './world.ts';

const { values: flags } = parseArgs({
  options: { ci: { type: 'boolean', default: false }, seed: { type: 'string' }, only: { type: 'string' } },
});
const size = flags.ci ? CI : FULL;
const seed = flags.seed === undefined ? Math.floor(Math.random() * 2 ** 31) : Number(flags.seed);

const services = await startServices().catch((error: Error) => {
  console.error(error.message);
  process.exit(1);
});
try {
  const kills = STRIKES.map((strike): [string, () => Promise<Result>] => [
    strike,
    () => exactlyOnceKill({ services, strike, seed, ...(strike === 'bot' ? size.bot : size.servers), log: console.log }),
  ]);
  for (const [name, run] of Object.entries({
    ...Object.fromEntries(kills),
    outbox: () => outboxKill({ services, seed, ...size.outbox, log: console.log }),
    soak: () => soak({ services, ...size.soak, log: console.log }),
    race: () => approvalRace({ services, seed, ...size.race, log: console.log }),
  })) {
    if (flags.only !== undefined && flags.only !== name) continue;
    console.log(`${name}, seed ${seed}`);
    const { figures, defects } = await run();
    console.log(figures);
    for (const defect of defects) console.error(defect);
    if (defects.length > 0) process.exitCode = 1;
  }
} finally {
  await services.stop();
}
