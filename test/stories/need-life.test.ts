/** 集体认领, 动员与兜底, 跟单, 评价, 整改与退出: the rest of a need's life, on a moved clock. */
import { randomBytes } from 'node:crypto';
import { expect } from 'vitest';
import { read, START, story, type Chat } from '../chat.ts';

const PNG = Buffer.concat([Buffer.from('89504e470d0a1a0a', 'hex'), randomBytes(64)]);
const DAY_MS = 24 * 3_600_000;
/** Ten in the morning so many days after the story began. */
const after = (days: number) => new Date(START.getTime() + days * DAY_MS);

/** C-2026-0001, open for everybody. */
async function published(chat: Chat, words = '车间缺急救培训'): Promise<void> {
  await chat.press('worker.a', await chat.say('worker.a', `我要报个需求：${words}`), '确认');
  await chat.press('secretary.a', chat.newest('secretary.a'), '通过');
}

/** C-2026-0001, done and waiting for the stars. */
async function delivered(chat: Chat): Promise<void> {
  await published(chat);
  await chat.say('member.a', '认领 C-2026-0001');
  await chat.say('member.a', 'C-2026-0001 进展：老师请好了');
  await chat.press('member.a', await chat.say('member.a', 'C-2026-0001 办完了：六十个人都学会了'), '企业增效益');
}

/** Everything that came to their app, the morning's digest among it. */
const told = (chat: Chat, userId: string) => chat.inbox(userId).map(read).join('\n');
const state = async ({ db, corp }: Chat) => (await db.client.need.findFirst({ where: { corp, no: 'C-2026-0001' } }))?.state;

story(
  '从认领到反馈记录: begun, told with a picture, delivered, five stars by one tap, the whole life in one record',
  async (chat) => {
    await published(chat);
    expect(read(await chat.say('member.a', '认领 C-2026-0001'))).toContain('开工说“开工 C-2026-0001”');
    expect((await chat.say('member.a', '开工 C-2026-0001')).text).toContain('C-2026-0001 开工了');
    expect(chat.newest('worker.a').text).toContain('有进展：开工了');
    await chat.say('member.a', { image: PNG });
    expect((await chat.say('member.a', 'C-2026-0001 进展：装好了两盏，还差一盏')).text).toContain('照片1张');
    expect((await chat.say('member.b', 'C-2026-0001 进展：我也去了')).text).toContain('是陈同志在办，进展由他们来报');
    expect((await chat.say('worker.a', 'C-2026-0001 到哪了')).text).toContain('最近：装好了两盏，还差一盏');

    const asked = await chat.say('member.a', 'C-2026-0001 办完了：三盏都亮了');
    expect(read(asked)).toContain('这件事主要好在哪里？');
    expect((await chat.press('member.a', asked, '企业增效益')).card?.main_title?.title ?? '').not.toBe('');
    const card = chat.newest('worker.a');
    expect(read(card)).toBe(
      'C-2026-0001 办完了，请您评价\n12月1日17:30前没有评，就由审核的人核验\n办的人：陈同志\n结果：三盏都亮了\n车间缺急救培训\n[5分] [4分] [3分] [2分] [1分]',
    );
    expect(read(await chat.press('worker.a', card, '5分'))).toContain('谢谢您评了5分');
    expect((await chat.say('worker.a', '评价 C-2026-0001 1分')).text).toContain('您已经评过5分');
    expect(chat.newest('member.a').text).toContain('办结了，报的人评了5分');
    expect((await chat.say('member.b', 'C-2026-0001 反馈记录')).text).toContain('评价：报的人已经评价');
    const record = (await chat.say('member.a', 'C-2026-0001 反馈记录')).text ?? '';
    for (const part of [
      '建单：力西特电气 李师傅',
      '审核通过：林书记',
      '认领：陈同志',
      '装好了两盏，还差一盏（照片1张）',
      '企业增效益',
      '评价：5分',
      '现在：已完成',
    ])
      expect(record).toContain(part);
  },
);

story(
  'nobody claims: the branch, its members, the alliance, and on day 16 the library’s owner, who hands it to a member',
  async (chat) => {
    await published(chat);
    await chat.at(after(7));
    expect(told(chat, 'secretary.a')).toContain('还没有人认领。请动员支部的党员认领');
    await chat.at(after(10));
    expect(told(chat, 'member.b')).toContain('能帮上忙的请认领');
    await chat.at(after(13));
    expect(told(chat, 'general.a')).toContain('请看看联盟里谁能办');
    expect(await state(chat)).toBe('OPEN');
    await chat.at(after(16));
    expect(await state(chat)).toBe('CLAIMED');
    expect(told(chat, 'secretary.a')).toContain('按规定由力西特党支部接。现在记在林书记名下');
    expect(told(chat, 'worker.a')).toContain('已由力西特党支部（林书记）接下来办');
    await chat.say('secretary.a', '指派 C-2026-0001 给 周晓燕');
    expect((await chat.say('secretary.a', '确认')).text).toContain('C-2026-0001 已交给周同志');
    expect(chat.newest('member.b').text).toContain('林书记把需求 C-2026-0001');
    expect((await chat.say('member.b', '开工 C-2026-0001')).text).toContain('开工了');
  },
);

story('claimed and never begun: open again after the limit; begun and silent: reminded, then open again', async (chat) => {
  await published(chat);
  await chat.say('member.a', '认领 C-2026-0001');
  await chat.at(after(8));
  expect(await state(chat)).toBe('OPEN');
  expect(told(chat, 'member.a')).toContain('一直没有开工，重新开放认领了');
  await chat.say('member.b', '认领 C-2026-0001');
  await chat.say('member.b', '开工 C-2026-0001');
  await chat.at(after(23));
  expect(told(chat, 'member.b')).toContain('15天没有进展了');
  await chat.say('member.b', 'C-2026-0001 进展：在约老师');
  await chat.at(after(38));
  await chat.at(after(53));
  expect(await state(chat)).toBe('UNDERWAY');
  await chat.at(after(68));
  expect(await state(chat)).toBe('OPEN');
  expect(told(chat, 'member.b')).toContain('提醒了2次还没有进展');
});

story(
  '集体认领: the branch takes it, members join until it is whole; a member alone cannot speak for the branch',
  async (chat) => {
    await published(chat);
    expect((await chat.say('member.a', '我们支部认领 C-2026-0001')).text).toContain('代表力西特党支部认领要由书记来办');
    await chat.say('secretary.a', '我们支部认领 C-2026-0001 要3人');
    expect(read(await chat.say('secretary.a', '确认'))).toContain('C-2026-0001 集体认领，还差2人');
    expect((await chat.say('member.c', '认领 C-2026-0001')).text).toContain('已由力西特党支部（林书记牵头）');
    expect(read(await chat.say('member.a', '接龙 C-2026-0001'))).toContain('还差1人');
    expect((await chat.say('member.a', '接龙 C-2026-0001')).text).toContain('您已经接龙参加');
    expect(read(await chat.say('member.b', '接龙 C-2026-0001'))).toContain('集体认领成了');
    expect(chat.newest('worker.a').text).toContain('由力西特党支部（林书记牵头）集体认领，3人到齐了');
    expect((await chat.say('member.c', '接龙 C-2026-0001')).text).toContain('不在凑人');
    expect((await chat.say('member.b', 'C-2026-0001 进展：分头去请老师')).text).toContain('记下了');
  },
);

story('一个人干不了: the person stays first; too few come and it is open again', async (chat) => {
  await published(chat);
  await chat.say('member.a', '认领 C-2026-0001');
  expect(read(await chat.say('member.a', 'C-2026-0001 一个人干不了 要4人'))).toContain('还差3人');
  await chat.say('member.c', '接龙 C-2026-0001');
  await chat.at(after(3));
  expect(await state(chat)).toBe('OPEN');
  // The digest of the same minute may come before it or after.
  expect(chat.inbox('member.a').map(({ text }) => text)).toContainEqual(expect.stringContaining('没有凑够人（2/4）'));
});

story('the last place of a collective claim, wanted by two at once, goes to one', async (chat) => {
  await published(chat);
  await chat.say('secretary.a', '我们支部认领 C-2026-0001 要2人');
  await chat.say('secretary.a', '确认');
  const said = await Promise.all(['member.a', 'member.b'].map((who) => chat.wecom.say(who, '接龙 C-2026-0001', 'bot')));
  await chat.settle();
  const words = said.map(({ bubbles }) => bubbles.map(read).join());
  expect(words.filter((each) => each.includes('集体认领成了'))).toHaveLength(1);
  expect(words.filter((each) => each.includes('不在凑人'))).toHaveLength(1);
});

story('放弃: who stands by is asked first', async (chat) => {
  await published(chat);
  await chat.say('member.a', '认领 C-2026-0001');
  await chat.say('member.b', '候补 C-2026-0001');
  await chat.say('member.a', '放弃 C-2026-0001：要出差三个月');
  expect((await chat.say('member.a', '确认')).text).toContain('重新开放认领');
  expect(chat.newest('member.b').text).toContain('您候补的 C-2026-0001');
  expect(chat.newest('worker.a').text).toContain('陈同志办不了（要出差三个月）');
  expect(read(await chat.say('member.b', '认领 C-2026-0001'))).toContain('您认领了 C-2026-0001');
});

story('silence: the secretary verifies, once; the author’s stars come too late', async (chat) => {
  await delivered(chat);
  await chat.at(after(8));
  const card = chat.inbox('secretary.a').findLast((each) => read(each).includes('请核验需求 C-2026-0001'));
  if (!card) throw new Error('nobody was asked to verify');
  expect((await chat.press('secretary.a', card, '办好了')).kind).toBe('card');
  expect(await state(chat)).toBe('DONE');
  expect((await chat.say('worker.a', '评价 C-2026-0001 5分')).text).toContain('现在是“已完成”');
  expect((await chat.say('secretary.a', '核验 C-2026-0001 办好了')).text).toContain('现在是“已完成”，不用核验');
});

story(
  'rated badly, mended and verified: the stars of before stand in the record as what was to be mended, not as its rating',
  async (chat) => {
    await delivered(chat);
    await chat.press('worker.a', chat.newest('worker.a'), '1分');
    await chat.press('member.a', await chat.say('member.a', 'C-2026-0001 办完了：又补了一次课'), '企业增效益');
    expect((await chat.say('secretary.a', '核验 C-2026-0001 办好了')).text).toContain('已经办结');
    const record = (await chat.say('worker.a', 'C-2026-0001 反馈记录')).text ?? '';
    expect(record).toContain('要整改：报的人不满意');
    expect(record).not.toContain('评价：1分');
    expect((await chat.say('worker.a', '评价 C-2026-0001 四星')).text).toContain('现在是“已完成”');
  },
);

story(
  'stars given by mistake are taken back: nothing was counted, nobody is sent to mend, the rating is asked for again',
  async (chat) => {
    await delivered(chat);
    await chat.press('worker.a', chat.newest('worker.a'), '1分');
    expect(await state(chat)).toBe('RECTIFYING');
    const again = await chat.say('worker.a', '点错了');
    expect(read(again)).toContain('已撤销，请重新评价 C-2026-0001\n');
    expect(read(again)).toContain('[5分] [4分] [3分] [2分] [1分]');
    expect(chat.newest('member.a').text).toContain('的评价点错撤销了，不用整改，等报的人重新评价');
    expect(await state(chat)).toBe('DELIVERED');
    expect((await chat.say('member.b', 'C-2026-0001 反馈记录')).text).not.toContain('整改');
    expect(read(await chat.press('worker.a', again, '5分'))).toContain('谢谢您评了5分');
    const solved = () => chat.db.client.starEvidence.count({ where: { corp: chat.corp, item: 'NEED_SOLVED' } });
    expect(await solved()).toBe(1);
    await chat.say('worker.a', '撤销');
    expect([await solved(), await state(chat)]).toEqual([0, 'DELIVERED']);
    // Silence after it goes the way of silence.
    await chat.at(after(8));
    expect(chat.inbox('secretary.a').some((each) => read(each).includes('请核验需求 C-2026-0001'))).toBe(true);
  },
);

story('a 整改 that has begun is not taken back with the stars', async (chat) => {
  await delivered(chat);
  await chat.press('worker.a', chat.newest('worker.a'), '2分');
  await chat.say('member.a', 'C-2026-0001 进展：又约了老师');
  expect((await chat.say('worker.a', '撤销')).text).toContain('后来又变过，不能撤销评价');
});

story('差评 → 整改 → again bad → 退出, with a public reason', async (chat) => {
  await delivered(chat);
  expect(read(await chat.press('worker.a', chat.newest('worker.a'), '1分'))).toContain('转整改');
  expect(chat.newest('member.a').text).toContain('要整改：报的人不满意');
  expect((await chat.say('secretary.a', '退出 C-2026-0001：没办成')).kind).toBe('card');
  await chat.say('secretary.a', '取消');
  await chat.press('member.a', await chat.say('member.a', 'C-2026-0001 办完了：又补了一次课'), '企业增效益');
  await chat.press('worker.a', chat.newest('worker.a'), '2分');
  await chat.at(after(30));
  expect(told(chat, 'secretary.a')).toContain('整改到期了还没有交');
  await chat.say('secretary.a', '退出 C-2026-0001：补了两次课还是没人会');
  expect((await chat.say('secretary.a', '确认')).text).toContain('已退出需求库');
  expect(chat.newest('worker.a').text).toContain('原因：补了两次课还是没人会');
  expect((await chat.say('member.c', 'C-2026-0001 到哪了')).text).toContain('已退出需求库，原因：补了两次课还是没人会');
});

story('候补: asked first whenever the need is open again, and not only after 放弃', async (chat) => {
  await published(chat);
  await chat.say('member.a', '认领 C-2026-0001');
  await chat.say('member.b', '候补 C-2026-0001');
  await chat.at(after(8));
  expect(await state(chat)).toBe('OPEN');
  expect(told(chat, 'member.b')).toContain('您候补的 C-2026-0001“车间缺急救培训”现在没有人办了');
});

story('a collective claim that never became whole goes on where the need stood: it does not begin anew', async (chat) => {
  await published(chat);
  await chat.at(after(7));
  await chat.at(after(10));
  await chat.at(after(13));
  await chat.say('secretary.a', '我们支部认领 C-2026-0001 要3人');
  await chat.say('secretary.a', '确认');
  await chat.at(after(16));
  expect(await state(chat)).toBe('OPEN');
  await chat.at(after(19));
  expect(await state(chat)).toBe('CLAIMED');
  expect(told(chat, 'secretary.a')).toContain('按规定由力西特党支部接');
});

story(
  'what fell to the library’s owner stays with them: asked again, the level above told, never open to nobody',
  async (chat) => {
    await published(chat);
    for (const day of [7, 10, 13, 16]) await chat.at(after(day));
    expect(await state(chat)).toBe('CLAIMED');
    await chat.at(after(24));
    expect(await state(chat)).toBe('CLAIMED');
    const late = 'C-2026-0001“车间缺急救培训”没人认领，按规定由力西特党支部接，还没有开工';
    expect(told(chat, 'secretary.a')).toContain(`${late}。请说“开工 C-2026-0001”，或说“指派 C-2026-0001 给 姓名”`);
    expect(told(chat, 'town.a')).toContain(`需求 ${late}，请督促一下。`);
    // Handed on, a member has the usual limits, and it is open again after them.
    await chat.say('secretary.a', '指派 C-2026-0001 给 陈志远');
    await chat.say('secretary.a', '确认');
    await chat.at(after(34));
    expect(await state(chat)).toBe('OPEN');
  },
);

story('a circle in which nobody is left costs no days; without a secretary the town has it in the end', async (chat) => {
  await published(chat);
  await chat.db.client.person.updateMany({ where: { corp: chat.corp, userKey: 'secretary.a' }, data: { active: false } });
  await chat.at(after(7));
  expect(told(chat, 'member.b')).toContain('能帮上忙的请认领');
  await chat.at(after(10));
  expect(told(chat, 'general.a')).toContain('请看看联盟里谁能办');
  await chat.at(after(13));
  expect(await state(chat)).toBe('CLAIMED');
  expect(told(chat, 'town.a')).toContain('按规定由瞿溪街道党工委接');
  const [owner = ''] = /记在(.)同志名下/u.exec(told(chat, 'town.a'))?.slice(1) ?? [];
  const holder = owner === '张' ? 'town.a' : 'town.b';
  await chat.say(holder, '指派 C-2026-0001 给 周晓燕');
  expect((await chat.say(holder, '确认')).text).toContain('C-2026-0001 已交给周同志');
});

story('nobody rates and the secretary has left: the next level verifies', async (chat) => {
  await delivered(chat);
  await chat.db.client.person.updateMany({ where: { corp: chat.corp, userKey: 'secretary.a' }, data: { active: false } });
  await chat.at(after(8));
  const card = chat.inbox('town.a').findLast((each) => read(each).includes('请核验需求 C-2026-0001'));
  if (!card) throw new Error('nobody was asked to verify');
  await chat.press('town.a', card, '办好了');
  expect(await state(chat)).toBe('DONE');
});
