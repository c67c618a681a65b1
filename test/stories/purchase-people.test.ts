/** 红色团购 and its people: a tap instead of words, 撤销, who leaves and who takes over, what waits, what is kept about somebody. */
import { expect } from 'vitest';
import { read, story, type Chat } from '../chat.ts';
import { opened, quoted } from './a-purchase.ts';
import { fileWithout, send } from './a-roster.ts';

const MINUTE = 60_000;
const later = (chat: Chat, ms = MINUTE) => chat.at(new Date(chat.now().getTime() + ms));
const last = (chat: Chat, who: string) => chat.inbox(who).map(read).at(-1) ?? '';
const pledges = async ({ db, corp }: Chat) =>
  (await db.client.groupPledge.findMany({ where: { purchase: { corp } }, orderBy: [{ at: 'asc' }, { id: 'asc' }] })).map(
    ({ quantity, tolerance, state }) => [quantity, tolerance, state],
  );

story(
  '撤销 takes back a pledge, a change of it, a 退出, a quote, a wish and a rating, for as long as nothing followed',
  async (chat) => {
    await chat.say('worker.a', '我们想一起买灭火器');
    expect(read(await chat.say('worker.a', '确认'))).toContain('点错了就马上说“撤销”');
    expect(read(await chat.say('worker.a', '撤销'))).toContain('不再记您想一起买“灭火器”');
    expect(read(await chat.say('general.a', '大家想买什么'))).toContain('现在没有等着办的');

    await quoted(chat);
    expect(read(await chat.say('general.a', '撤销'))).toContain(
      '已撤销乐清百货的这次报价。\nG-2026-0001 的报价：\n1. 永嘉劳保 46元，无关联',
    );
    await chat.say('general.a', '报价 G-2026-0001 永嘉劳保 47元 有关联');
    expect(read(await chat.say('general.a', '撤销'))).toContain('1. 永嘉劳保 46元，无关联');
    await chat.say('general.a', '报价 G-2026-0001 乐清百货 48元 无关联');
    for (const words of ['开团 G-2026-0001', '永嘉劳保', '45元', '11月27日17:00', '确认']) await chat.say('general.a', words);

    await chat.say('worker.a', '报名 G-2026-0001 60箱');
    expect(read(await chat.say('worker.a', '撤销'))).toContain('力西特电气没有报G-2026-0001“手套”');
    expect(await pledges(chat)).toEqual([]);
    await chat.say('worker.a', '报名 G-2026-0001 60箱 可多5');
    await later(chat);
    await chat.say('owner.c', '报名 G-2026-0001 50箱');
    await later(chat);
    await chat.say('worker.a', '报名 G-2026-0001 600箱');
    expect(read(await chat.say('worker.a', '撤销'))).toContain('还是原来的60箱');
    await chat.say('worker.a', '退出 G-2026-0001');
    await chat.say('worker.a', '确认');
    expect(read(await chat.say('worker.a', '撤销'))).toContain('还在G-2026-0001“手套”里，60箱，次序不变');
    expect(await pledges(chat)).toEqual([
      [60, 5, 'PLEDGED'],
      [50, 0, 'PLEDGED'],
    ]);

    await chat.at(new Date('2026-11-27T16:59:00+08:00'));
    await chat.say('owner.c', '报名 G-2026-0001 55箱');
    await chat.at(new Date('2026-11-27T17:00:00+08:00'));
    expect(read(await chat.say('owner.c', '撤销'))).toContain('后来又变过，不能撤销');
    await chat.say('owner.c', '退出 G-2026-0001');
    await chat.say('owner.c', '确认');
    expect(read(await chat.say('owner.c', '撤销'))).toContain('不能撤销');
  },
);

story('what comes next is one tap: 下单, 导出, 评价, and the answer to a price that rose, each once', async (chat) => {
  await opened(chat);
  const joined = await chat.say('worker.a', '报名 G-2026-0001 100箱', 'app');
  await chat.settle();
  const card = joined.card ? joined : chat.newest('worker.a');
  expect(read(card)).toContain('[看团] [退出]');
  await chat.say('supervisor.b', '报名 G-2026-0001 100箱');
  await chat.at(new Date('2026-11-27T17:00:00+08:00'));
  expect(last(chat, 'general.a')).toContain('[下单] [名单] [导出报名表]');
  await chat.say('general.a', '涨价 G-2026-0001 44元');
  await chat.say('general.a', '确认');
  const asked = chat.newest('worker.a');
  expect(read(asked)).toContain('价格从每箱42元变成每箱44元');
  expect(read(await chat.press('worker.a', asked, '同意'))).toContain('力西特电气同意每箱44元');
  await chat.at(new Date('2026-11-30T08:00:00+08:00'));
  const silent = chat.inbox('supervisor.b').find((bubble) => read(bubble).includes('价格涨了'));
  expect(silent && read(silent)).toContain('(已处理)');
  await chat.say('general.a', '下单 G-2026-0001');
  await chat.say('general.a', '确认');
  await chat.say('general.a', '到货 G-2026-0001 100箱');
  await chat.say('general.a', '确认');
  const arrived = chat.inbox('worker.a').findLast((bubble) => read(bubble).includes('到货了'));
  if (!arrived) return expect.fail('no card');
  await chat.press('worker.a', arrived, '评价');
  expect(read(await chat.say('worker.a', '4分', 'app'))).toContain('记下了4分');
  expect(read(await chat.say('worker.a', '撤销', 'app'))).toContain('没有您的评价');
});

story(
  'who leaves: pledges and purchases go on in other hands, which read so; nobody left is said to the organiser',
  async (chat) => {
    await opened(chat);
    await chat.say('worker.a', '报名 G-2026-0001 60箱');
    await chat.say('owner.c', '报名 G-2026-0001 50箱');
    await send(chat, 'county.a', await fileWithout(chat, ['worker.a', 'owner.c', 'general.a']));
    await later(chat);
    await chat.say('county.a', '确认导入 R-2026-0001');
    await later(chat);
    expect(chat.inbox('supervisor.a').map(read).join('\n')).toContain(
      '力西特电气在G-2026-0001“手套”里报的60箱，报的人已不在岗，现在由您接着管',
    );
    const told = chat.inbox('first.a').map(read).join('\n');
    expect(told).toContain('华丰皮革在G-2026-0001“手套”里报的50箱，报的人已不在岗，这家企业没有别人在名册里');
    expect(told).toContain('G-2026-0001“手套”原来办的人已不在岗，现在由您接着办');
    await chat.at(new Date('2026-11-27T17:00:00+08:00'));
    expect(last(chat, 'supervisor.a')).toContain('力西特电气分到');
    expect(last(chat, 'first.a')).toContain('已成团');
  },
);

story('help says what waits, and 我的资料 what is kept of the purchases', async (chat) => {
  expect(read(await chat.say('worker.a', '我的资料'))).not.toContain('团购：');
  await opened(chat);
  await chat.say('worker.a', '报名 G-2026-0001 100箱');
  await chat.say('supervisor.b', '报名 G-2026-0001 50箱');
  expect(read(await chat.say('general.a', '帮助'))).not.toContain('等您下单');
  await chat.at(new Date('2026-11-27T17:00:00+08:00'));
  expect(read(await chat.say('general.a', '帮助'))).toContain('G-2026-0001“手套”成团了，等您下单：说“下单 G-2026-0001”');
  await chat.say('general.a', '涨价 G-2026-0001 44元');
  await chat.say('general.a', '确认');
  await chat.say('general.a', '涨价 G-2026-0001 47元');
  await chat.say('general.a', '确认');
  expect(read(await chat.say('worker.a', '帮助'))).toMatch(/涨价了，等您答复：说“同意涨价 G-2026-0001”/u);
  expect(read(await chat.say('worker.a', '我的资料'))).toContain('团购：替单位报过1个团，评价0次');
  expect(read(await chat.say('general.a', '我的资料'))).toContain('办过1个');
  await chat.say('worker.a', '导出我的资料');
  expect(chat.inbox('worker.a').map(read).join('\n') + read(chat.newest('worker.a', 'bot'))).toContain(
    'G-2026-0001 手套：替力西特电气报100箱',
  );
});
