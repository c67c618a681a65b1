/** The bot is killed: what it was told, and what it was sending. */
import { outboxKill } from '../../bench/outbox.ts';
import { CI } from '../../bench/sizes.ts';
import { chaos, kill } from './chaos.ts';

chaos('exactly once, however often the bot is killed', kill('bot'));
chaos('each card once, however often its sender is killed', (services, seed) => outboxKill({ services, seed, ...CI.outbox }));
