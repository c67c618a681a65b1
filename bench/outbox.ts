/**
 * outbox-kill (design/bars.md, Reliability): cards wait in the outbox while the bot that sends them is killed. Each is seen once by
 * the simulated WeCom, and none is left.
 */
import { queueTo, SEND, type Notice } from '../src/bot/ctx.ts';
import { enqueueJobs } from '../src/db/jobs.ts';
import { createIds } from '../src/kernel/ids.ts';
import { createChance, openHouse, type Result } from './house.ts';
import { CORP, type Extra, type Services } from './world.ts';

type Options = {
  services: Pick<Services, 'postgres' | 'redis'>;
  seed: number;
  cards: number;
  kills: number;
  log?: (words: string) => void;
};

/** Few enough each that no limit of WeCom's makes them wait (protocol D.11). */
const CARDS_EACH = 5;

export async function outboxKill({ services, seed, cards, kills, log = () => {} }: Options): Promise<Result> {
  const readers = Array.from({ length: Math.ceil(cards / CARDS_EACH) }, (_, n): Extra => ({
    userId: `reader${n}`,
    name: `读${n}`,
    role: 'PARTY_MEMBER',
    organisation: 'branch1',
  }));
  const house = await openHouse(services, readers);
  try {
    const chance = createChance(seed);
    const id = createIds(() => new Date());
    const seen = () => readers.reduce((sum, { userId }) => sum + (house.arrivals.get(userId)?.length ?? 0), 0);
    const startedAt = performance.now();
    const now = new Date();
    const jobs = Array.from({ length: cards }, (_, n) => {
      const to = readers[Math.floor(n / CARDS_EACH)]!.userId;
      const notice: Notice = {
        to,
        message: { card: { title: `第${n}张卡片`, buttons: [{ text: '帮助', tap: { intent: 'help', said: {} } }] } },
      };
      return { id: id(), name: SEND, payload: notice, dueAt: now, queue: queueTo(to) };
    });
    await enqueueJobs(house.db.client, CORP, now, jobs);
    for (let n = 0; n < kills; n++) {
      const moment = Math.floor(((n + 0.2 + 0.6 * chance()) / kills) * cards);
      while (seen() < moment) await new Promise((resolve) => setTimeout(resolve, 2));
      await house.strike('bot', 0);
      log(`kill ${n + 1} of ${kills} at card ${seen()}`);
    }
    const left = await house.drained(240);
    const defects: string[] = left > 0 ? [`stuck: ${left} cards never left`] : [];
    const lines = readers.flatMap(({ userId }) => (house.arrivals.get(userId) ?? []).flatMap(({ words }) => words.split('\n')));
    for (let n = 0; n < cards; n++) {
      const times = lines.filter((line) => line === `第${n}张卡片`).length;
      if (times !== 1) defects.push(`${times === 0 ? 'lost' : 'double'}: ${times} × card ${n}`);
    }
    const kept = await house.db.client.sentCard.count({ where: { corp: CORP } });
    if (kept !== cards) defects.push(`${kept} cards are remembered as sent, not ${cards}`);
    defects.push(...house.wecom.violations.map(({ where, words }) => `violation at ${where}: ${words}`));
    const again = readers.flatMap(({ userId }) => house.arrivals.get(userId) ?? []).filter((each) => each.again).length;
    const seconds = Math.round((performance.now() - startedAt) / 1000);
    return { figures: { seed, cards, kills, suppressed: again, seconds, defects: defects.length }, defects };
  } finally {
    await house.close();
  }
}
