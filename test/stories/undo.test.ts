/** 撤销: what was done by mistake is taken back within two minutes, unless somebody went on from it. */
import { expect, test } from 'vitest';
import { createCatalogue } from '../../src/bot/catalogue.ts';
import { MODULES } from '../../src/modules.ts';
import { ALLIANCE, read, START, story, type Chat } from '../chat.ts';
import { opened, quoted } from './a-purchase.ts';

const seconds = (n: number) => new Date(START.getTime() + n * 1000);

async function published(chat: Chat): Promise<void> {
  await chat.say('worker.a', '我要报个需求：车间缺急救培训');
  await chat.say('worker.a', '确认');
  await chat.say('secretary.a', '通过 C-2026-0001');
}

const one = async (chat: Chat) => (await chat.db.client.need.findFirstOrThrow({ where: { corp: chat.corp } })).state;
const level = async (chat: Chat) => read(await chat.say('member.a', '我的提醒')).split('。')[0];
const bound = async (chat: Chat) => (await chat.db.client.groupBinding.findMany({ where: { corp: chat.corp } })).length;
const limit = async (chat: Chat) => read(await chat.say('worker.a', '参数 审核')).split('。')[0];
const supporters = async (chat: Chat) => {
  const { id } = await chat.db.client.need.findFirstOrThrow({ where: { corp: chat.corp } });
  return chat.db.client.needSupporter.count({ where: { needId: id } });
};

const pledges = async (chat: Chat) =>
  (await chat.db.client.groupPledge.findMany({ where: { purchase: { corp: chat.corp } } })).map(({ quantity, state, rating }) => [
    quantity,
    state,
    rating,
  ]);
const pledged = async (chat: Chat) => {
  await opened(chat);
  await chat.say('worker.a', '报名 G-2026-0001 100箱');
};
const settled = async (chat: Chat) => {
  await pledged(chat);
  await chat.at(new Date('2026-11-27T17:00:00+08:00'));
  for (const words of ['下单 G-2026-0001', '确认', '到货 G-2026-0001 100箱', '确认']) await chat.say('general.a', words);
};

const skills = async (chat: Chat) => read(await chat.say('member.c', '我的技能'));

type Slip = {
  before?: (chat: Chat) => Promise<unknown>;
  who: string;
  says: readonly string[];
  where?: typeof ALLIANCE;
  looks: (chat: Chat) => Promise<unknown>;
};

/** One slip for every intent that can be taken back; `looks` is the same before it and after 撤销, and differs in between. */
const SLIPS: Readonly<Record<string, Slip>> = {
  'need.create': {
    who: 'worker.a',
    says: ['我要报个需求：食堂中午排队太长', '确认'],
    looks: (chat) => chat.db.client.need.count({ where: { corp: chat.corp, state: { not: 'WITHDRAWN' } } }),
  },
  'need.rate': {
    before: async (chat) => {
      await published(chat);
      await chat.say('member.a', '认领 C-2026-0001');
      await chat.press('member.a', await chat.say('member.a', 'C-2026-0001 办完了：都学会了'), '企业增效益');
    },
    who: 'worker.a',
    says: ['评价 C-2026-0001 5分'],
    looks: one,
  },
  'approval.approve': {
    before: async (chat) => {
      await chat.say('worker.a', '我要报个需求：车间缺急救培训');
      await chat.say('worker.a', '确认');
    },
    who: 'secretary.a',
    says: ['通过 C-2026-0001'],
    looks: one,
  },
  'approval.reject': {
    before: async (chat) => {
      await chat.say('worker.a', '我要报个需求：车间缺急救培训');
      await chat.say('worker.a', '确认');
    },
    who: 'secretary.a',
    says: ['退回 C-2026-0001：写清楚是哪个车间'],
    looks: one,
  },
  'need.urgency': {
    before: async (chat) => {
      await chat.say('worker.a', '我要报个需求：很急，仓库进水了');
      await chat.say('worker.a', '确认');
    },
    who: 'secretary.a',
    says: ['改急缓 C-2026-0001', '特急'],
    looks: async (chat) => {
      const { urgency, reviewDue } = await chat.db.client.need.findFirstOrThrow({ where: { corp: chat.corp } });
      return [urgency, reviewDue];
    },
  },
  'need.claim': { before: published, who: 'member.a', says: ['认领 C-2026-0001'], looks: one },
  'need.fresh': { before: published, who: 'worker.a', says: ['C-2026-0001 不需要了'], looks: one },
  'need.withdraw': { before: published, who: 'worker.a', says: ['撤回 C-2026-0001', '确认'], looks: one },
  'need.follow': { before: published, who: 'member.b', says: ['跟进 C-2026-0001'], looks: supporters },
  'need.assist': {
    before: async (chat) => {
      await published(chat);
      await chat.say('member.a', '认领 C-2026-0001');
    },
    who: 'member.b',
    says: ['协办 C-2026-0001'],
    looks: supporters,
  },
  'need.standby': {
    before: async (chat) => {
      await published(chat);
      await chat.say('member.a', '认领 C-2026-0001');
    },
    who: 'member.b',
    says: ['候补 C-2026-0001'],
    looks: supporters,
  },
  'notice.less': { who: 'member.a', says: ['少发点'], looks: level },
  'notice.mute': { who: 'member.a', says: ['别发了'], looks: level },
  'notice.restore': { before: (chat) => chat.say('member.a', '别发了'), who: 'member.a', says: ['恢复提醒'], looks: level },
  'group.bind': {
    who: 'general.a',
    says: ['绑定本群 电气产业链党建联盟', '确认'],
    where: ALLIANCE,
    looks: bound,
  },
  'group.unbind': {
    before: async (chat) => {
      await chat.say('general.a', '@党建助手 绑定本群 电气产业链党建联盟', ALLIANCE);
      await chat.say('general.a', '@党建助手 确认', ALLIANCE);
    },
    who: 'general.a',
    says: ['解绑本群', '确认'],
    where: ALLIANCE,
    looks: bound,
  },
  'parameter.set': { who: 'twonew.a', says: ['审核时限改5天', '确认'], looks: limit },
  'cards.off': {
    who: 'worker.a',
    says: ['我看不到卡片'],
    looks: (chat) => chat.db.client.person.count({ where: { corp: chat.corp, textOnly: true } }),
  },
  'cards.on': {
    before: (chat) => chat.say('worker.a', '我看不到卡片'),
    who: 'worker.a',
    says: ['恢复卡片'],
    looks: (chat) => chat.db.client.person.count({ where: { corp: chat.corp, textOnly: true } }),
  },
  'ability.add': { who: 'member.c', says: ['我会电工'], looks: skills },
  'ability.drop': {
    before: (chat) => chat.say('member.c', '我会电工'),
    who: 'member.c',
    says: ['我不会电工了'],
    looks: skills,
  },
  'groupbuy.create': {
    who: 'worker.a',
    says: ['我们想一起买灭火器', '确认'],
    looks: (chat) => chat.db.client.groupDemand.count({ where: { corp: chat.corp } }),
  },
  'groupbuy.create.quote': {
    before: quoted,
    who: 'general.a',
    says: ['报价 G-2026-0001 平阳劳保 44元 无关联'],
    looks: (chat) => chat.db.client.groupQuote.count({ where: { purchase: { corp: chat.corp }, withdrawnAt: null } }),
  },
  'groupbuy.join': { before: pledged, who: 'worker.a', says: ['报名 G-2026-0001 120箱'], looks: pledges },
  'groupbuy.join.leave': { before: pledged, who: 'worker.a', says: ['退出 G-2026-0001', '确认'], looks: pledges },
  'groupbuy.join.rate': { before: settled, who: 'worker.a', says: ['评价 G-2026-0001 5分'], looks: pledges },
};

test('every intent that can be taken back is in the table', () => {
  const undoable = createCatalogue(MODULES).intents.filter(({ undo }) => undo);
  expect(Object.keys(SLIPS).sort()).toEqual(undoable.map(({ name }) => name).sort());
});

for (const [name, { before, who, says, where, looks }] of Object.entries(SLIPS)) {
  const say = (chat: Chat, words: string) => (where ? chat.say(who, `@党建助手 ${words}`, where) : chat.say(who, words));

  story(`${name}: taken back, once`, async (chat) => {
    await before?.(chat);
    await chat.at(seconds(60));
    const was = await looks(chat);
    let did = '';
    for (const words of says) did = read(await say(chat, words));
    expect(did).toContain(`点错了就马上说“${where ? '@党建助手 ' : ''}撤销”。`);
    expect(await looks(chat)).not.toEqual(was);
    await chat.at(seconds(60 + 120));
    expect(read(await say(chat, '撤销'))).toContain('已撤销');
    expect(await looks(chat)).toEqual(was);
    expect(read(await say(chat, '撤销'))).toContain('刚才那件事已经撤销了');
    expect(await looks(chat)).toEqual(was);
  });

  story(`${name}: too late, with what to do instead`, async (chat) => {
    await before?.(chat);
    await chat.at(seconds(60));
    for (const words of says) await say(chat, words);
    const after = await looks(chat);
    await chat.at(seconds(60 + 121));
    expect(read(await say(chat, '点错了'))).toMatch(/过了2分钟就不能撤销了。.{6,}/u);
    expect(await looks(chat)).toEqual(after);
  });
}

story('what somebody went on from stays, and says why', async (chat) => {
  await published(chat);
  await chat.say('member.a', '认领 C-2026-0001');
  expect(read(await chat.say('secretary.a', '撤销'))).toContain('C-2026-0001 后来又变过，不能撤销');
  await chat.say('member.b', '候补 C-2026-0001');
  expect(read(await chat.say('member.a', '撤销'))).toContain('已经有1位党员来协办、候补 C-2026-0001，不能直接撤销');
  expect(await one(chat)).toBe('CLAIMED');
  expect(read(await chat.say('town.a', '撤销'))).toContain('最近没有办过什么');
  await chat.say('worker.a', '我要报个需求：食堂中午排队太长');
  await chat.say('worker.a', '确认');
  await chat.say('secretary.a', '通过 C-2026-0002');
  expect(read(await chat.say('worker.a', '撤销'))).toContain('C-2026-0002 已经审过了，不能撤销。不要了就说“撤回 C-2026-0002”');
});

story('an undone decision is before every reviewer again; an undone claim tells who was told', async (chat) => {
  await published(chat);
  await chat.say('secretary.a', '撤销');
  expect(read(chat.newest('secretary.a'))).toContain('请审核需求 C-2026-0001');
  expect(read(chat.newest('worker.a'))).toContain('更正：您报的需求 C-2026-0001 刚才的“通过”是林书记点错了');
  await chat.press('secretary.a', chat.newest('secretary.a'), '通过');
  await chat.say('member.a', '认领 C-2026-0001');
  await chat.say('member.a', '撤销');
  expect(read(chat.newest('worker.a'))).toContain('点错撤销了，现在重新等党员认领');
  expect(read(await chat.say('member.c', '认领 C-2026-0001'))).toContain('您认领了 C-2026-0001');
});

story('with a question open 撤销 gives that up; the window is the county’s to set', async (chat) => {
  await published(chat);
  await chat.say('member.a', '认领 C-2026-0001');
  await chat.say('member.a', '报需求');
  expect(read(await chat.say('member.a', '撤销'))).toContain('已取消“报需求”');
  expect(read(await chat.say('member.a', '撤销'))).toContain('已撤销：C-2026-0001');
  await chat.say('twonew.a', '撤销时限改5分钟');
  await chat.say('twonew.a', '确认');
  await chat.say('member.a', '认领 C-2026-0001');
  await chat.at(seconds(299));
  expect(read(await chat.say('member.a', '撤销'))).toContain('已撤销');
});
