/** 保鲜, 重开, 动员: what happens to a need that nobody takes in hand, on a moved clock. */
import { expect } from 'vitest';
import { read, START, story, type Chat } from '../chat.ts';

const DAY_MS = 24 * 3_600_000;
/** Ten in the morning so many days after the story began. */
const after = (days: number) => new Date(START.getTime() + days * DAY_MS);

/** C-2026-0001, open for everybody. */
async function published(chat: Chat, words = '车间缺急救培训'): Promise<void> {
  await chat.press('worker.a', await chat.say('worker.a', `我要报个需求：${words}`), '确认');
  await chat.press('secretary.a', chat.newest('secretary.a'), '通过');
}

const told = (chat: Chat, userId: string) => chat.inbox(userId).map(read).join('\n');
const state = async ({ db, corp }: Chat, no = 'C-2026-0001') => (await db.client.need.findFirst({ where: { corp, no } }))?.state;
const asked = (chat: Chat, userId: string) => {
  const card = chat.inbox(userId).findLast((each) => read(each).startsWith('C-2026-0001 还需要吗'));
  if (!card) throw new Error(`${userId} was not asked`);
  return card;
};

story(
  '还需要吗: asked after thirty days, counted anew after yes, over after a week of silence, open again for a reason',
  async (chat) => {
    await published(chat);
    await chat.at(after(29));
    expect(told(chat, 'worker.a')).not.toContain('还需要吗');
    await chat.at(after(30));
    expect(read(asked(chat, 'worker.a'))).toBe(
      'C-2026-0001 还需要吗\n30天没有人过问了\n来自：力西特电气\n车间缺急救培训\n还需要就从现在重新算；7天没有答复就记为过期。\n[还需要] [不需要了]',
    );
    // Nobody else may say so, and what is still wanted counts from now.
    const other = await chat.say('member.c', '还需要 C-2026-0001');
    expect(other.text).toContain('不是您报的，由报的人、审核的人或当地的需求项目搜索员来说');
    expect(read(await chat.press('worker.a', asked(chat, 'worker.a'), '还需要'))).toContain('记下了，从现在重新算。现在：');
    await chat.at(after(59));
    expect(chat.inbox('worker.a').filter((each) => read(each).startsWith('C-2026-0001 还需要吗'))).toEqual([]);
    await chat.at(after(60));
    expect(chat.inbox('worker.a').filter((each) => read(each).startsWith('C-2026-0001 还需要吗'))).toHaveLength(1);
    await chat.at(after(66));
    expect(await state(chat)).not.toBe('EXPIRED');
    await chat.at(after(67));
    expect(await state(chat)).toBe('EXPIRED');
    expect(chat.newest('worker.a').text).toContain('7天没有答复，已记为过期。还需要的话，30天内说“重开 C-2026-0001：原因”');
    expect(told(chat, 'secretary.a')).toContain('已记为过期');
    expect((await chat.say('member.a', '认领 C-2026-0001')).text).toContain('C-2026-0001 已过期，不用再认领');
    expect((await chat.say('member.a', 'C-2026-0001 到哪了')).text).toContain(
      '已过期：还需要的话，报的人说“重开 C-2026-0001：原因”',
    );
    expect((await chat.say('worker.a', '还需要 C-2026-0001')).text).toContain('说“重开 C-2026-0001：原因”');

    expect(read(await chat.say('worker.a', '重开 C-2026-0001：又来了一批新员工'))).toContain('重开后重新等党员认领');
    expect(read(await chat.say('worker.a', '确认'))).toContain('C-2026-0001 已重开');
    expect(chat.newest('secretary.a').text).toContain('重开了：又来了一批新员工');
    expect(read(await chat.say('member.a', '认领 C-2026-0001'))).toContain('您认领了 C-2026-0001');
    expect((await chat.say('member.a', 'C-2026-0001 反馈记录')).text).toContain('重开：又来了一批新员工');
  },
);

story(
  '不需要了: the author takes it back, a reviewer or the town’s scout lets it expire, and a claimed one is not theirs to end',
  async (chat) => {
    await published(chat);
    await published(chat, '仓库要装消防栓');
    await published(chat, '食堂要换油烟机');
    expect(read(await chat.say('worker.a', 'C-2026-0001 不需要了'))).toContain('C-2026-0001 已撤回');
    expect(read(await chat.say('scout.a', 'C-2026-0002 不需要了'))).toContain('C-2026-0002 已过期');
    expect(chat.newest('worker.a').text).toContain('核实说不需要了，已记为过期');
    await chat.say('member.a', '认领 C-2026-0003');
    await chat.say('member.a', '开工 C-2026-0003');
    expect((await chat.say('secretary.a', 'C-2026-0003 不需要了')).text).toContain('不能由您记为不需要，请和报的人李师傅商量');
    expect(await state(chat, 'C-2026-0003')).toBe('UNDERWAY');
  },
);

story('the author has left: the town’s scout and the reviewer are asked', async (chat) => {
  await published(chat);
  await chat.db.client.person.updateMany({ where: { corp: chat.corp, userKey: 'worker.a' }, data: { active: false } });
  await chat.at(after(30));
  expect(read(asked(chat, 'secretary.a'))).toContain('C-2026-0001 还需要吗');
  expect(read(await chat.press('scout.a', asked(chat, 'scout.a'), '还需要'))).toContain('C-2026-0001 还需要');
});

story(
  '重开: taken back and never published is reviewed again; done goes back for 整改; too late, merged and retired not at all',
  async (chat) => {
    await chat.press('worker.a', await chat.say('worker.a', '我要报个需求：车间缺急救培训'), '确认');
    await chat.say('worker.a', '撤回 C-2026-0001');
    await chat.say('worker.a', '确认');
    expect(read(await chat.say('member.a', '重开 C-2026-0001：我也要'))).toContain('C-2026-0001 不是您报的');
    await chat.say('worker.a', '重开 C-2026-0001：还是要办');
    expect(read(await chat.say('worker.a', '确认'))).toContain('现在由力西特党支部（林书记）审核');
    expect(await state(chat)).toBe('PENDING');
    await chat.press('secretary.a', chat.newest('secretary.a'), '通过');
    expect(read(await chat.say('worker.a', '重开 C-2026-0001：快一点'))).toContain('还没有结束，不用重开');

    await chat.say('member.a', '认领 C-2026-0001');
    await chat.press('member.a', await chat.say('member.a', 'C-2026-0001 办完了：六十个人都学会了'), '企业增效益');
    await chat.press('worker.a', chat.newest('worker.a'), '5分');
    await chat.say('worker.a', '重开 C-2026-0001：新来的二十个人没学');
    expect(read(await chat.say('worker.a', '确认'))).toContain('C-2026-0001 转整改');
    expect(chat.newest('member.a').text).toContain('要整改：办完后重开：新来的二十个人没学');
    await chat.press('member.a', await chat.say('member.a', 'C-2026-0001 办完了：补了一课'), '企业增效益');
    await chat.press('worker.a', chat.newest('worker.a'), '4分');
    await chat.at(after(32));
    expect(read(await chat.say('worker.a', '重开 C-2026-0001：又来了新人'))).toContain('结束已经超过30天，不能重开了');
  },
);

story('动员: a 党小组’s members are asked with their branch, and only the alliance the firm is in', async (chat) => {
  const { db, corp } = chat;
  const people = await db.client.person.findMany({ where: { corp, userKey: { in: ['member.b', 'cashier.a', 'town.b'] } } });
  const id = (userKey: string) => people.find((each) => each.userKey === userKey)?.id ?? '';
  await db.client.organisation.createMany({
    data: [
      { id: `${corp}:group1`, code: 'group1', name: '力西特第一党小组', kind: 'PARTY_GROUP', parentId: `${corp}:branch1` },
      {
        id: `${corp}:alliance2`,
        code: 'alliance2',
        name: '瓯海区眼镜产业链党建联盟',
        kind: 'ALLIANCE',
        parentId: `${corp}:county`,
      },
    ].map((each) => ({ ...each, corp, shortName: each.name })),
  });
  await db.client.standing.updateMany({
    where: { personId: id('member.b'), role: 'PARTY_MEMBER' },
    data: { organisationId: `${corp}:group1` },
  });
  await db.client.standing.create({
    data: {
      id: `${corp}:general2`,
      personId: id('town.b'),
      organisationId: `${corp}:alliance2`,
      role: 'SECRETARY_GENERAL',
      since: START,
    },
  });
  await published(chat);
  await chat.at(after(7));
  expect(told(chat, 'secretary.a')).toContain('请动员支部的党员认领');
  expect(told(chat, 'secretary.b')).not.toContain('动员');
  await chat.at(after(10));
  for (const member of ['member.a', 'member.b']) expect(told(chat, member)).toContain('能帮上忙的请认领');
  expect(told(chat, 'member.c')).not.toContain('能帮上忙的请认领');
  await chat.at(after(13));
  expect(told(chat, 'general.a')).toContain('请看看联盟里谁能办');
  expect(told(chat, 'town.b')).not.toContain('请看看联盟里谁能办');

  await chat.say('member.b', '我们小组认领 C-2026-0001 要2人');
  expect(read(await chat.say('member.b', '确认'))).toContain('力西特第一党小组（周同志牵头）');
  expect(read(await chat.say('member.a', '接龙 C-2026-0001'))).toContain('集体认领成了');
});
