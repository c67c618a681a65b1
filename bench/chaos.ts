/** `npm run chaos [-- --ci] [--seed n] [--only kill|race]`: the reliability checks of design/bars.md that kill and race, with their figures. */
import { parseArgs } from 'node:util';
import { exactlyOnceKill } from './kill.ts';
import { approvalRace } from './race.ts';
import { CI, FULL } from './sizes.ts';
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
  for (const [name, run] of Object.entries({
    kill: () => exactlyOnceKill({ services, seed, ...size, log: console.log }),
    race: () => approvalRace({ services, seed, ...size, log: console.log }),
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
