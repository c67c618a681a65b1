/** What nobody but those concerned may read of a need, and what must not happen by a slip. */
import { randomBytes } from 'node:crypto';
import { expect } from 'vitest';
import { ALLIANCE, read, story, type Chat } from '../chat.ts';

const picture = () => Buffer.concat([Buffer.from('89504e470d0a1a0a', 'hex'), randomBytes(500)]);

async function published(chat: Chat): Promise<void> {
  await chat.press('worker.a', await chat.say('worker.a', '我要报个需求：车间缺急救培训'), '确认');
  await chat.press('secretary.a', chat.newest('secretary.a'), '通过');
}

story('a phone said in a need or in its progress is masked before anybody reads it', async (chat) => {
  const asked = await chat.say('worker.a', '@党建助手 报需求：食堂要个微波炉，找王姐13800138000', ALLIANCE);
  expect(read(asked)).toContain('食堂要个微波炉，找王姐138****8000');
  await chat.press('worker.a', asked, '确认');
  await chat.press('secretary.a', chat.newest('secretary.a'), '通过');
  await chat.say('member.a', '认领 C-2026-0001');
  expect((await chat.say('member.a', 'C-2026-0001 进展：打了13900001111问过')).text).toMatch(/打了139\S+1111问过/u);
  expect(chat.newest('worker.a').text).toContain('打了139****1111问过');
  const record = (await chat.say('member.b', '@党建助手 C-2026-0001 反馈记录', ALLIANCE)).text;
  expect(record).toMatch(/打了139\S+1111问过/u);
  expect(record).not.toMatch(/1[3-9]\d{9}/u);
  await chat.say('worker.a', '修改 C-2026-0001 内容改成要个微波炉，找13800138000');
  expect(read(await chat.say('worker.a', '确认'))).toMatch(/要个微波炉，找138\S+8000/u);
});

story('the same picture twice is one; a picture of the progress can be looked at by whoever may read the need', async (chat) => {
  const image = picture();
  await chat.say('worker.a', { image });
  await chat.say('worker.a', { image });
  const asked = await chat.say('worker.a', '报需求：车间缺急救培训');
  expect(read(asked)).toContain('会附上您发的照片1张');
  await chat.press('worker.a', asked, '确认');
  await chat.press('secretary.a', chat.newest('secretary.a'), '通过');
  await chat.say('member.a', '认领 C-2026-0001');
  await chat.say('member.a', { image: picture() });
  expect((await chat.say('member.a', 'C-2026-0001 进展：装了一半')).text).toContain('照片1张');
  expect((await chat.say('worker.a', '看照片 C-2026-0001')).text).toContain('C-2026-0001 的照片2张');
});

story('what is over is not said to be claimed by whoever claimed it once', async (chat) => {
  await published(chat);
  await chat.say('member.a', '认领 C-2026-0001');
  await chat.say('worker.a', 'C-2026-0001 不需要了');
  expect((await chat.say('member.a', '认领 C-2026-0001')).text).toContain('C-2026-0001 已撤回，不用再认领');
});

story('不需要了 said by mistake is taken back like any 撤回', async (chat) => {
  await published(chat);
  await chat.say('member.a', '认领 C-2026-0001');
  expect(read(await chat.say('worker.a', 'C-2026-0001 不需要了'))).toContain('撤销');
  expect((await chat.say('worker.a', '撤销')).text).toContain('C-2026-0001 没有撤回，现在已由陈同志认领');
  expect(chat.newest('member.a').text).toContain('点错了，照旧办');
  await chat.say('worker.a', 'C-2026-0001 还需要');
  expect((await chat.say('worker.a', '撤销')).text).toContain('只记了“还需要”，不用撤销');
});

story('整改 by anybody but its author: a reason is asked for, the author is told, and nobody reads it twice', async (chat) => {
  await published(chat);
  await chat.say('member.a', '认领 C-2026-0001');
  await chat.say('member.a', 'C-2026-0001 办完了：课上完了');
  await chat.say('member.a', '组织增活力');
  expect((await chat.say('secretary.a', '核验 C-2026-0001 要整改')).text).toContain('要整改什么？');
  expect(read(await chat.say('secretary.a', '只来了一半人'))).toContain('转整改\n只来了一半人');
  expect(chat.newest('worker.a').text).toContain('C-2026-0001“车间缺急救培训”要整改：只来了一半人');
  await chat.say('secretary.a', '退出 C-2026-0001：还是没有来');
  await chat.say('secretary.a', '确认');
  await chat.say('member.a', '申诉 C-2026-0001：课是补过的');
  await chat.say('member.a', '确认');
  const before = chat.inbox('member.a').length;
  await chat.say('county.a', '裁定 C-2026-0001 恢复整改：有签到表');
  await chat.say('county.a', '确认');
  expect(
    chat
      .inbox('member.a')
      .slice(before)
      .map(({ text = '' }) => text.split('。')[0]),
  ).toEqual(['C-2026-0001“车间缺急救培训”要整改：申诉成立，恢复整改：有签到表']);
});

story('a caller who wants no name is anonymous however the agent writes it', async (chat) => {
  const asked = await chat.say('hotline.a', '来电 13700002222 刘姐 食堂不干净，不想留名');
  expect(read(asked)).toContain('匿名：匿名');
  await chat.press('hotline.a', asked, '确认');
  const look = (await chat.say('hotline.a', '看来电号码 A-2026-0001')).text;
  expect(look).toContain('13700002222');
  expect(look).not.toContain('刘姐');
});

story('figures are of the place that was named, or of none', async (chat) => {
  const told = async (who: string, words: string) => read(await chat.say(who, words));
  expect(await told('county.a', '瞿溪的需求数据')).toContain('瞿溪街道党工委 全部');
  expect(await told('county.a', '看看郭溪上个月的完成率')).toContain('郭溪街道党工委 2026年10月');
  expect(await told('town.a', '郭溪街道需求数据')).toContain('郭溪街道党工委的数据不在您的范围里');
  expect(await told('county.a', '需求数据 2025年第9季度')).toContain('没看懂“2025年第9季度”');
  await chat.say('county.a', '取消');
  expect(await told('county.a', '今年完成率')).toContain('瓯海区 2026年');
  expect(await told('secretary.a', '需求数据')).toContain('力西特党支部 全部');
});
