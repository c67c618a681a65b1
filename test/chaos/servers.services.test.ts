/** What the bot stands on is killed; and many press at once. */
import { approvalRace } from '../../bench/race.ts';
import { CI } from '../../bench/sizes.ts';
import { chaos, kill } from './chaos.ts';

chaos('exactly once, however often the database is killed', kill('database'));
chaos('exactly once, however often Redis is killed', kill('redis'));
chaos('exactly once, however often Redis forgets', kill('flush'));
chaos('of many who decide at once one wins, and the others hear who', (services, seed) =>
  approvalRace({ services, seed, ...CI.race }),
);
