/** 委托, 交接 and 绑定本群, through the encrypted doors. */
import { expect } from 'vitest';
import { ALLIANCE, read, story, TOWN, type Chat } from '../chat.ts';

const later = (chat: Chat, minutes = 1) => chat.at(new Date(chat.now().getTime() + minutes * 60_000));

async function reported(chat: Chat, as: string, words: string): Promise<void> {
  await chat.press(as, await chat.say(as, `我要报个需求：${words}`), '确认');
}

async function confirmed(chat: Chat, as: string, words: string): Promise<string> {
  return read(await chat.press(as, await chat.say(as, words), '确认'));
}

story('谁是书记: of each place one belongs to, and the level above where the office is empty', async (chat) => {
  expect((await chat.say('worker.a', '谁是书记')).text).toContain('力西特党支部书记：林国强\n在企业微信里搜名字');
  const { db, corp } = chat;
  await db.client.standing.updateMany({
    where: { organisation: { corp, code: 'branch1' }, role: 'PARTY_SECRETARY' },
    data: { until: new Date(chat.now().getTime() - 1) },
  });
  await chat.at(new Date(chat.now().getTime() + 60_000));
  expect((await chat.say('worker.a', '我们书记是谁')).text).toContain(
    '力西特党支部没有登记书记，请找瞿溪街道党工委组织干部：张文斌、郑海燕',
  );
});

story(
  'the secretary lends the office until a day; both act in it; records say in whose place; it ends by itself',
  async (chat) => {
    await reported(chat, 'worker.a', '车间缺急救培训');
    const card = await chat.say('secretary.a', '委托 周晓燕 到11月26日');
    expect(read(card)).toBe('请核对委托\n受托人：周晓燕\n委托到：2026年11月26日\n[确认] [改受托人] [改委托到] [取消]');
    expect(read(await chat.press('secretary.a', card, '确认'))).toBe(
      '已委托\n周晓燕（受林国强委托）\n身份：力西特党支部书记\n到期：11月26日23:59自动收回，也可以随时说“收回委托”。\n(已委托)',
    );
    expect(chat.inbox('member.b').some(({ text }) => text?.includes('您办的事会记作“周晓燕（受林国强委托）”'))).toBe(true);
    await later(chat);
    expect((await chat.say('member.b', '我的身份')).text).toBe(
      '周晓燕，您现在的身份：\n1. 力西特党支部党员\n2. 力西特党支部书记（受林书记委托）',
    );
    expect((await chat.say('secretary.a', '我的身份')).text).toContain(
      '力西特党支部书记：周晓燕（受林国强委托），到11月26日23:59',
    );

    expect(read(chat.newest('member.b'))).toContain('请审核需求 C-2026-0001');
    expect(read(await chat.press('member.b', chat.newest('member.b'), '通过'))).toContain('C-2026-0001 已通过');
    expect(chat.newest('worker.a').text).toContain('已由周同志（受林书记委托）审核通过');
    expect(read(chat.newest('secretary.a'))).toContain('已由周同志（受林书记委托）在今天10:01通过');
    expect((await chat.say('secretary.a', '通过 C-2026-0001')).text).toContain(
      'C-2026-0001 已由周同志（受林书记委托）在今天10:01审核通过',
    );

    await reported(chat, 'worker.a', '食堂太挤');
    expect(read(chat.newest('secretary.a'))).toContain('请审核需求 C-2026-0002');
    expect(read(chat.newest('member.b'))).toContain('请审核需求 C-2026-0002');
    await chat.at(new Date('2026-11-27T00:00:00+08:00'));
    expect((await chat.say('member.b', '通过 C-2026-0002')).text).toMatch(/^审核需求要由有权限的人来办/);
  },
);

story('a loan is taken back; what cannot be lent, and to whom not', async (chat) => {
  expect((await chat.say('member.a', '委托 周晓燕 到11月30日')).text).toContain('您现在没有可以委托的职务');
  expect((await chat.say('secretary.a', '委托 周晓燕 到11月31日')).text).toContain('没看懂“11月31日”');
  expect(read(await chat.say('secretary.a', '6天后'))).toContain('委托到：2026年11月30日');
  await chat.say('secretary.a', '取消');
  for (const [words, why] of [
    ['委托 吴建军 到11月30日', '“吴建军”不在力西特党支部，也不在它的上下级组织'],
    ['委托 林国强 到11月30日', '这个身份本来就是林国强的'],
    ['委托 孙明 到11月30日', '名册里没有找到“孙明”。请核对姓名'],
    ['委托 周小燕 到11月30日', '名册里没有找到“周小燕”。您说的是不是周晓燕？是的话请用这个名字再说一遍'],
    ['委托 周晓燕 到2028-01-01', '委托最长一年'],
    ['收回委托', '“力西特党支部书记”现在没有委托给别人'],
  ] as const) {
    const first = await chat.say('secretary.a', words);
    const last = first.kind === 'card' ? await chat.say('secretary.a', '确认') : first;
    expect(read(last), words).toContain(why);
    await chat.say('secretary.a', '取消');
  }
  expect(await confirmed(chat, 'secretary.a', '委托 周晓燕 到11月30日')).toContain('已委托');
  await chat.say('secretary.a', '委托 陈志远 到11月30日');
  expect(read(await chat.say('secretary.a', '确认'))).toContain('力西特党支部书记已经委托给周晓燕，到11月30日23:59');
  await chat.say('secretary.a', '取消');
  await later(chat);
  expect((await chat.say('member.b', '委托 陈志远 到11月30日')).text).toContain('您现在没有可以委托的职务');
  expect((await chat.say('secretary.a', '收回委托')).text).toContain('周晓燕不再代办“力西特党支部书记”');
  expect(chat.newest('member.b').text).toContain('林国强已收回“力西特党支部书记”的委托');
  await later(chat);
  expect((await chat.say('member.b', '我的身份')).text).toBe('周晓燕，您现在的身份：\n1. 力西特党支部党员');
});

story('the superior lends for somebody below, nobody else does', async (chat) => {
  expect(await confirmed(chat, 'town.a', '把林国强的工作委托给周晓燕到11月30日')).toContain('周晓燕（受林国强委托）');
  expect(chat.newest('secretary.a').text).toContain('张文斌（瞿溪街道党工委组织干部）把您的“力西特党支部书记”委托给了周晓燕');
  await chat.say('secretary.b', '把林国强的工作委托给周晓燕到11月30日');
  expect(read(await chat.say('secretary.b', '确认'))).toContain('“林国强”没有归您管的职务，只能由本人或上级来办');
  await chat.say('secretary.b', '取消');
  await chat.say('town.b', '把张文斌的工作交接给林国强');
  expect(read(await chat.say('town.b', '确认'))).toContain('“张文斌”没有归您管的职务');
});

story('hand-over: office, claims and reviews go to the successor, both are told, a loan ends', async (chat) => {
  await reported(chat, 'worker.a', '车间缺急救培训');
  await chat.press('secretary.a', chat.newest('secretary.a'), '通过');
  await chat.say('secretary.a', '认领 C-2026-0001');
  await reported(chat, 'secretary.a', '缺党课老师');
  await chat.say('secretary.a', '退回 C-2026-0002：写清楚人数');
  await reported(chat, 'worker.a', '食堂太挤');
  await confirmed(chat, 'secretary.a', '委托 陈志远 到11月30日');
  await later(chat);

  expect(await confirmed(chat, 'secretary.a', '交接给 周晓燕')).toContain('力西特党支部书记：林国强 → 周晓燕');
  const inbox = chat.inbox('member.b').map(read);
  expect(inbox[0]).toContain('林国强把“力西特党支部书记”交接给您，从现在起由您负责');
  expect(inbox.some((words) => words.includes('请审核需求 C-2026-0003'))).toBe(true);
  expect(inbox.at(-1)).toContain('交接给您的需求有2条：C-2026-0001、C-2026-0002');
  await later(chat);
  expect((await chat.say('worker.a', 'C-2026-0001 到哪了')).text).toContain('已由周书记');
  expect((await chat.say('member.b', '通过 C-2026-0003')).text).toContain('已通过');
  expect((await chat.say('secretary.a', '通过 C-2026-0003')).text).not.toContain('已通过');
  expect((await chat.say('member.a', '我的身份')).text).toBe('陈志远，您现在的身份：\n1. 力西特党支部党员');
});

story('a group is bound once, by whoever answers for the organisation, and gives nobody a right', async (chat) => {
  const bind = (as: string, words: string, where = TOWN) => chat.say(as, `@党建助手 ${words}`, where);
  expect((await chat.say('town.a', '绑定本群 瞿溪街道党工委')).text).toContain('“绑定本群”要在那个群里办');
  await chat.say('town.a', '取消');
  expect((await bind('member.a', '绑定本群 瞿溪街道党工委')).text).toContain('绑定群要由这个组织的负责人或上级来办');
  await bind('secretary.a', '绑定本群 瞿溪街道党工委');
  expect(read(await bind('secretary.a', '确认'))).toContain('瞿溪街道党工委的群要由它的负责人或上级来办，您的身份不能办');
  await bind('secretary.a', '取消');

  const card = await bind('town.a', '绑定本群 瞿溪街道党工委');
  expect(read(card)).toContain('组织：瞿溪街道党工委');
  expect(read(await chat.press('town.a', card, '确认'))).toContain('本群已绑定瞿溪街道党工委');
  const [row] = await chat.db.client.groupBinding.findMany({ where: { corp: chat.corp } });
  expect(row).toMatchObject({ chatId: 'wrDemoTown', organisationId: `${chat.corp}:town1` });
  expect((await bind('member.a', '通过 C-2026-0001')).text).toContain('审核需求要由有权限的人来办');

  await bind('town.b', '绑定本群 力西特党支部');
  expect(read(await bind('town.b', '确认'))).toContain('本群已经绑定瞿溪街道党工委了，每个群只绑定一次');
  await bind('town.b', '取消');
  await chat.say('town.b', '@党建助手 解绑本群', TOWN);
  expect(read(await bind('town.b', '确认'))).toContain('本群已和瞿溪街道党工委解绑');
  await bind('town.b', '解绑本群');
  expect(read(await bind('town.b', '确认'))).toContain('本群没有绑定过组织');
  await bind('town.b', '取消');

  await bind('general.a', '本群绑定电气产业链党建联盟', ALLIANCE);
  expect(read(await bind('general.a', '确认', ALLIANCE))).toContain('本群已绑定电气产业链党建联盟');
});
