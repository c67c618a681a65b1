/**
 * approval-race (design/bars.md, Reliability): two to sixteen officers decide one need at once, by card or in words; then a stale
 * card is pressed. One of them wins, everybody else hears who, and every press has its audit row.
 */
import { setTimeout as sleep } from 'node:timers/promises';
import type { Said } from '../src/playground/wecom.ts';
import { createChance, openHouse, type Chance, type House, type Result } from './house.ts';
import { wordsOf } from './words.ts';
import { CORP, type Extra, type Services } from './world.ts';

type Options = { services: Pick<Services, 'postgres' | 'redis'>; seed: number; rounds: number; log?: (words: string) => void };

/** Each with a surname of their own, which is all that losers are told. */
const SURNAMES = [...'赵钱孙李周吴郑王冯陈褚卫蒋沈韩杨'];
const TOWNS = Array.from({ length: 15 }, (_, n) => ({ name: `street${n + 2}`, officers: SURNAMES.slice(0, n + 2) }));
const PEOPLE: readonly Extra[] = TOWNS.flatMap(({ name, officers }): Extra[] => [
  { userId: `scout.${name}`, name: '金探', role: 'SCOUT', organisation: name },
  ...officers.map((surname, n): Extra => ({
    userId: `o${n}.${name}`,
    name: `${surname}干`,
    role: 'SUPERIOR_OFFICER',
    organisation: name,
  })),
]);

type Press = { readonly userId: string; readonly surname: string; readonly rejects: boolean; readonly words: string };

export async function approvalRace({ services, seed, rounds, log = () => {} }: Options): Promise<Result> {
  const house = await openHouse(
    services,
    PEOPLE,
    TOWNS.map(({ name }) => ({ id: name, like: 'town1' })),
  );
  try {
    const defects: string[] = [];
    const chances = createChance(seed);
    const startedAt = performance.now();
    let left = rounds;
    let presses = 0;
    await Promise.all(
      TOWNS.map(async ({ name, officers }) => {
        const chance = createChance(chances.below(2 ** 32));
        while (left-- > 0) {
          presses += officers.length + 1;
          defects.push(...(await round(house, name, officers, chance)));
          if (left > 0 && left % 100 === 0) log(`${left} rounds left, ${Math.round((performance.now() - startedAt) / 1000)} s`);
        }
      }),
    );
    const seconds = Math.round((performance.now() - startedAt) / 1000);
    const undelivered = await house.drained(240);
    if (undelivered > 0) defects.push(`stuck: ${undelivered} messages never left`);
    for (const { name, lastError } of await house.db.client.job.findMany({ where: { deadAt: { not: null } } }))
      defects.push(`dead letter: ${name} ${lastError}`);
    defects.push(
      ...(await house.checks()),
      ...house.wecom.violations.map(({ where, words }) => `violation at ${where}: ${words}`),
    );
    for (const [words, times] of house.errors) log(`logged ${times} ×: ${words}`);
    return { figures: { seed, rounds, presses, seconds, defects: defects.length }, defects };
  } finally {
    await house.close();
  }
}

async function round(
  { wecom, db, cardCalled }: House,
  town: string,
  officers: readonly string[],
  chance: Chance,
): Promise<string[]> {
  const author = `scout.${town}`;
  await wecom.say(author, '报需求：消防演练', 'bot');
  const no = /已建单 (B-\d{4}-\d{4,})/.exec(shown(await wecom.say(author, '确认', 'bot')))?.[1];
  if (no === undefined) return [`${town}: nothing was opened`];
  const pressers = officers.map((surname, n) => ({ surname, userId: `o${n}.${town}` }));
  const cards = await Promise.all(pressers.map(({ userId }) => reviewCard(userId)));
  const reason = '请写清楚时间';

  const answers = await Promise.all(
    pressers.map(async ({ userId, surname }, n): Promise<Press> => {
      const card = cards[n] ?? '';
      const way = chance.one(['press', 'press', 'say', 'say reject', 'press reject'] as const);
      switch (way) {
        case 'press':
          return { userId, surname, rejects: false, words: shown(await wecom.press(userId, card, '通过', { stale: true })) };
        case 'say':
          return {
            userId,
            surname,
            rejects: false,
            words: shown(await wecom.say(userId, `通过 ${no}`, chance.one(['bot', 'app']))),
          };
        case 'say reject':
          return { userId, surname, rejects: true, words: shown(await wecom.say(userId, `退回 ${no}：${reason}`, 'bot')) };
        case 'press reject':
          await wecom.press(userId, card, '退回', { stale: true });
          return { userId, surname, rejects: true, words: shown(await wecom.say(userId, reason, chance.one(['bot', 'app']))) };
      }
    }),
  );
  const wins = answers.filter(({ words, rejects }) => words.includes(rejects ? `${no} 已退回补正` : `${no} 已通过`));
  const [winner] = wins;
  if (!winner || wins.length > 1)
    return [`${no}: ${wins.length} winners: ${answers.map(({ words }) => words.replaceAll('\n', ' / ')).join(' | ')}`];

  const late = chance.below(pressers.length);
  const stale = shown(await wecom.press(pressers[late]?.userId ?? '', cards[late] ?? '', '通过', { stale: true }));
  const told = new RegExp(`${no} 已由${winner.surname}同志在.+${winner.rejects ? '退回补正' : '审核通过'}。`);
  const defects = [...answers.filter((answer) => answer !== winner).map(({ words }) => words), stale]
    .filter((words) => !told.test(words))
    .map((words) => `${no} was decided by ${winner.surname}, but somebody was told: ${words.replaceAll('\n', ' / ')}`);

  const { client } = db;
  const need = await client.need.findUniqueOrThrow({ where: { corp_no: { corp: CORP, no } } });
  const state = winner.rejects ? 'RETURNED' : 'OPEN';
  if (need.state !== state || need.deciderStandingId !== `${CORP}:${winner.userId}:0`)
    defects.push(`${no} is ${need.state} by ${need.deciderStandingId}, not ${state} by ${winner.userId}`);
  const rows = await client.audit.findMany({ where: { corp: CORP, subject: no, intent: { startsWith: 'approval.' } } });
  const outcomes = rows.map(({ personId, outcome }) => `${personId} ${outcome}`).sort();
  const expected = [
    ...answers.map((answer) => [answer.userId, answer === winner ? 'done' : 'need.decided']),
    [pressers[late]?.userId, 'need.decided'],
  ]
    .map(([userId, outcome]) => `${CORP}:${userId} ${outcome}`)
    .sort();
  if (outcomes.join() !== expected.join()) defects.push(`${no}: audit rows ${outcomes.join()}, not ${expected.join()}`);
  return defects;

  async function reviewCard(userId: string): Promise<string> {
    for (const until = performance.now() + 150_000; performance.now() < until; await sleep(50)) {
      const found = cardCalled(userId, `请审核需求 ${no}`);
      if (found) return found.id;
    }
    throw new Error(`${userId} never got the card of ${no}`);
  }
}

/** What the person read at once. */
function shown({ bubbles, refused }: Said): string {
  return bubbles.map(({ text, card }) => text ?? wordsOf(card)).join('\n') + (refused ?? '');
}
