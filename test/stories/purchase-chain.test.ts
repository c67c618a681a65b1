/** A chain of 200 firms buys in one group, and all of them say what they want in the last second. */
import { setTimeout as sleep } from 'node:timers/promises';
import { expect, vi } from 'vitest';
import { SEND } from '../../src/bot/ctx.ts';
import { allocate, type Bid } from '../../src/purchase/rules.ts';
import type { Chat as Where } from '../../src/playground/wecom.ts';
import { ALLIANCE, read, story, type Chat } from '../chat.ts';

vi.setConfig({ testTimeout: 240_000 });

const FIRMS = 200;
const AT_ONCE = 20;
const IN_TIME = FIRMS - AT_ONCE;
const account = (n: number) => `chain.${n}`;
const firm = (n: number) => `链上${n + 1}号厂`;
const numbers = Array.from({ length: FIRMS }, (_, n) => n);
const newcomers = numbers.map((n) => ({ id: account(n), name: `甲${n}号`, title: firm(n) }));

/** Firms with one worker each, all in the demo alliance. */
async function chain(chat: Chat): Promise<void> {
  const { corp, db } = chat;
  const since = chat.now();
  const id = (kind: string, n: number) => `${corp}:chain-${kind}${n}`;
  await db.client.organisation.createMany({
    data: numbers.map((n) => ({
      id: id('firm', n),
      corp,
      code: `chain${n}`,
      name: firm(n),
      shortName: firm(n),
      kind: 'ENTERPRISE',
      parentId: `${corp}:town1`,
    })),
  });
  await db.client.membership.createMany({
    data: numbers.map((n) => ({
      id: id('member', n),
      allianceId: `${corp}:alliance`,
      enterpriseId: id('firm', n),
      kind: 'AFFILIATE',
      position: 'SUPPORTING',
      since,
    })),
  });
  await db.client.person.createMany({
    data: numbers.map((n) => ({ id: id('person', n), corp, userId: account(n), userKey: account(n), name: `甲${n}号` })),
  });
  await db.client.standing.createMany({
    data: numbers.map((n) => ({
      id: id('standing', n),
      personId: id('person', n),
      organisationId: id('firm', n),
      role: 'OWNER',
      since,
    })),
  });
}

/** What firm n says: amounts of 3 to 20 boxes, every third takes more, every seventh has a ceiling. */
function wish(n: number): { words: string; bid: Bid } {
  const quantity = 3 + ((n * 7) % 18);
  const tolerance = n % 3 === 0 ? 1 + (n % 5) : 0;
  const yuan = n % 7 === 0 ? 39 + (n % 6) : undefined;
  const words = `报名 G-2026-0001 ${quantity}箱${tolerance ? ` 可多${tolerance}` : ''}${yuan ? ` 不超${yuan}元` : ''}`;
  return { words, bid: { firm: account(n), quantity, tolerance, ceiling: yuan === undefined ? undefined : BigInt(yuan * 100) } };
}

async function opened(chat: Chat): Promise<void> {
  for (const words of ['询价 手套', '箱', '24箱', '1200箱', '确认']) await chat.say('general.a', words);
  for (const quote of ['永嘉劳保 46元', '瑞安手套厂 50元', '乐清百货 48元'])
    await chat.say('general.a', `报价 G-2026-0001 ${quote} 无关联`);
  for (const words of ['开团 G-2026-0001', '永嘉劳保', '1200箱起45元，1800箱起42元，2400箱起40元', '11月27日17:00', '确认'])
    await chat.say('general.a', words);
}

/** Whose words are saved. */
async function pledgedBy({ corp, db }: Chat): Promise<Set<string>> {
  const found = await db.client.groupPledge.findMany({ where: { purchase: { corp } }, select: { enterpriseId: true } });
  return new Set(found.map(({ enterpriseId }) => enterpriseId));
}

/** What firms say to `where`. `again`: once more, but only where nothing came back, as people do; whatever reached the bot has to be carried out. */
function voices(chat: Chat, where: Where): { say: (n: number) => Promise<void>; again: (n: number) => Promise<void> } {
  const statuses = new Map<number, number>();
  const mention = where === 'app' ? '' : '@党建助手 ';
  const say = async (n: number) => {
    const { status } = await chat.wecom.say(account(n), mention + wish(n).words, where);
    statuses.set(n, status);
  };
  return { say, again: async (n) => (statuses.get(n) === 0 ? say(n) : undefined) };
}

/** WeCom hangs up after its 5 s, the bot goes on: waits until all is done, said and sent, on a machine of any speed. */
async function carriedOut(chat: Chat, who: readonly number[], again: (n: number) => Promise<void>): Promise<void> {
  const { corp, db } = chat;
  await vi.waitFor(
    async () => {
      const done = await pledgedBy(chat);
      const missing = who.filter((n) => !done.has(`${corp}:chain-firm${n}`));
      for (const n of missing) await again(n);
      expect(missing).toEqual([]);
    },
    { timeout: 120_000, interval: 6_000 },
  );
  await chat.service.idle();
  await chat.settle();
  const unsent = () => db.client.job.count({ where: { corp, name: SEND } });
  while ((await unsent()) > 0) await chat.at(new Date(chat.now().getTime() + 60_000));
}

story(
  '200 firms at the closing second: one consistent result, which the printed calculation explains',
  async (chat) => {
    await chain(chat);
    await opened(chat);
    const close = new Date('2026-11-27T17:00:00+08:00');
    await chat.at(new Date(close.getTime() - 1000));
    const { say, again } = voices(chat, ALLIANCE);
    // As many at once as one embedded database carries out within WeCom's patience; the clock stands in the last second.
    for (let n = 0; n < IN_TIME; n += AT_ONCE) await Promise.all(numbers.slice(n, Math.min(n + AT_ONCE, IN_TIME)).map(say));
    const unheard = async () => {
      const done = await pledgedBy(chat);
      return numbers.slice(0, IN_TIME).filter((n) => !done.has(`${chat.corp}:chain-firm${n}`));
    };
    for (const n of await unheard()) await again(n);
    await vi.waitFor(async () => expect(await unheard()).toEqual([]), { timeout: 60_000, interval: 500 });
    // The close falls among the last of them.
    const [early, late] = [numbers.slice(IN_TIME, IN_TIME + AT_ONCE / 2), numbers.slice(IN_TIME + AT_ONCE / 2)];
    await Promise.all([...early.map(say), chat.at(close), ...late.map(say)]);
    await carriedOut(chat, numbers, again);

    const { client } = chat.db;
    const purchase = await client.groupPurchase.findFirstOrThrow({ where: { corp: chat.corp } });
    const pledges = await client.groupPledge.findMany({
      where: { purchaseId: purchase.id },
      orderBy: [{ at: 'asc' }, { id: 'asc' }],
    });
    expect(pledges).toHaveLength(FIRMS);
    expect(purchase.state).toBe('FORMED');
    // Everybody is either in the calculation or waits; what the database holds is what the rules say of those that are in.
    const inTime = pledges.filter(({ state }) => state === 'PLEDGED');
    expect(inTime.length).toBeGreaterThanOrEqual(IN_TIME);
    const bids = inTime.map(({ enterpriseId: firm, quantity, tolerance, ceilingFen }) => ({
      firm,
      quantity,
      tolerance,
      ceiling: ceilingFen ?? undefined,
    }));
    const terms = {
      packSize: 24,
      minimum: 1200,
      tiers: [
        { from: 1200, fen: 4500n },
        { from: 1800, fen: 4200n },
        { from: 2400, fen: 4000n },
      ],
      urgent: false,
    };
    const result = allocate(terms, bids);
    expect(inTime.map(({ allocated }) => allocated)).toEqual(result.shares.map(({ units }) => units));
    expect([purchase.packs, purchase.priceFen]).toEqual([result.packs, result.price]);
    const told = Array.from(
      { length: FIRMS },
      (_, n) => chat.inbox(account(n)).filter((bubble) => bubble.text?.includes('已成团')).length,
    );
    expect(told.reduce((sum, times) => sum + times, 0)).toBe(inTime.length);
    expect(Math.max(...told)).toBe(1);

    const printed = read(await chat.say('general.a', '算账 G-2026-0001'));
    expect(printed).toMatch(/第1轮：\d+家报\d+箱，可多\d+箱，每件24箱，整件订\d+箱/u);
    expect(printed).toContain(`结果：${result.packs}件${result.packed}箱，不低于起订量1200箱，成团`);
  },
  undefined,
  { webhooks: { [ALLIANCE.group]: 'key-chain' }, newcomers },
);

const BURST = 100;

story(
  'a burst of 100 at once behind one slow unit of work: every one is in, in a place of its own, and reads so',
  async (chat) => {
    await chain(chat);
    await opened(chat);
    // The embedded database carries out one after the other: in the middle of the burst everybody else stands in line.
    const slow = () => chat.db.transaction((tx) => tx.$queryRaw`SELECT 1`.then(() => sleep(4_000)));
    const { say, again } = voices(chat, 'app');
    const said = numbers.slice(0, BURST).map(say);
    await sleep(500);
    await slow();
    await Promise.all(said);
    await carriedOut(chat, numbers.slice(0, BURST), again);
    const heard = numbers.slice(0, BURST).map((n) => chat.inbox(account(n)).map(read).join('\n'));
    expect(heard.filter((text) => !text.includes('报上了') || text.includes('开小差'))).toEqual([]);
    const places = heard.map((text) => Number(/第(\d+)位/u.exec(text)?.[1])).toSorted((a, b) => a - b);
    expect(places).toEqual(numbers.slice(1, BURST + 1));
    expect(await chat.db.client.groupPledge.count({ where: { purchase: { corp: chat.corp } } })).toBe(BURST);
  },
  undefined,
  { newcomers, patienceMs: 1_000 },
);
