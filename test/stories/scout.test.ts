/** 搜索员: tips with evidence, taken into the library or not; the month's count; visits (rules.md 1.6). */
import { randomBytes } from 'node:crypto';
import { expect } from 'vitest';
import { read, story, TOWN, type Chat } from '../chat.ts';

const PNG = Buffer.concat([Buffer.from('89504e470d0a1a0a', 'hex'), randomBytes(500)]);

async function told(chat: Chat, words: string): Promise<void> {
  await chat.press('scout.a', await chat.say('scout.a', `线索：${words}，依据：老板当面说的`), '确认');
}

story(
  'a tip with evidence goes to who reviews the library; taken in, it is a public need of the scout’s channel',
  async (chat) => {
    const asked = await chat.say('scout.a', '线索：力西特电气缺两名焊工');
    expect(asked.text).toContain('有什么依据？');
    const card = await chat.say('scout.a', '老板当面说的');
    expect(read(card)).toContain('请核对线索\n内容：力西特电气缺两名焊工\n依据：老板当面说的');
    const taken = await chat.press('scout.a', card, '确认');
    expect(read(taken)).toContain(
      '已收下线索 X-2026-0001\n力西特电气缺两名焊工\n由力西特党支部（林书记）看，最晚11月26日17:30前答复',
    );
    const shown = chat.newest('secretary.a');
    expect(read(shown)).toBe(
      '请看线索 X-2026-0001\n建议类别：C类（本单位）\n来自：力西特电气\n搜索员：金同志\n请在此前办：11月26日17:30\n力西特电气缺两名焊工\n依据：老板当面说的\n[采纳] [无效]',
    );
    expect((await chat.say('secretary.a', '待我审核')).text).toContain(
      '1. 线索：力西特电气缺两名焊工（力西特电气，X-2026-0001）',
    );
    expect(read(await chat.press('secretary.a', shown, '采纳'))).toContain('X-2026-0001 已采纳\n需求编号：C-2026-0001');
    expect(chat.newest('scout.a').text).toContain('算一条有效线索');
    expect(chat.newest('supervisor.a').text).toContain('搜索员金同志替力西特电气报了一条需求 C-2026-0001');
    const need = await chat.say('member.a', 'C-2026-0001 到哪了');
    expect(need.text).toContain('要2人 · 会焊工');
    expect(need.text).toContain('来源：搜索员　谁的：企业\n待认领');
    expect(read(await chat.say('member.a', '看需求 搜索员'))).toContain('1. 力西特电气缺两名焊工');
    expect((await chat.say('secretary.a', '采纳 X-2026-0001')).text).toContain('线索 X-2026-0001 已经看过了');
    expect((await chat.say('scout.a', '我的')).text).toContain('C-2026-0001 力西特电气缺两名焊工：待认领');
  },
);

story('a photo is evidence, before the words or after; without either nothing is filed', async (chat) => {
  await chat.say('scout.a', '报线索');
  await chat.say('scout.a', '明视眼镜车间照明坏了');
  const card = await chat.say('scout.a', '有照片');
  expect(read(await chat.press('scout.a', card, '确认'))).toContain('还没有收到照片');
  await chat.say('scout.a', { image: PNG });
  expect(read(await chat.say('scout.a', '确认'))).toContain('已收下线索 X-2026-0001');
  expect(read(chat.newest('secretary.b'))).toContain('依据：见照片（照片1张）');

  await chat.say('scout.a', { image: PNG });
  const second = await chat.say('scout.a', '线索：村口没有路灯');
  expect(read(second)).toContain('依据：见照片');
  expect(read(second)).toContain('会附上照片1张。');
  await chat.press('scout.a', second, '确认');
  // No enterprise is named: the town it is in decides.
  expect(read(chat.newest('town.a'))).toContain('请看线索 X-2026-0002\n建议类别：B类（本镇街）');
  await chat.press('town.a', chat.newest('town.a'), '采纳');
  expect(await chat.db.client.needPhoto.count({ where: { corp: chat.corp } })).toBe(1);
});

story('duplicates are shown before filing and to who reviews; the very same is refused', async (chat) => {
  await chat.press('worker.a', await chat.say('worker.a', '我要报个需求：车间缺两名焊工'), '确认');
  const card = await chat.say('scout.a', '线索：力西特电气车间缺两名焊工，依据：看到招工启事');
  expect(read(card)).toContain('有很像的：C-2026-0001 车间缺两名焊工');
  await chat.press('scout.a', card, '确认');
  expect(read(chat.newest('secretary.a'))).toContain('有很像的：C-2026-0001');
  await chat.say('scout.a', '线索：力西特电气车间缺两名焊工，依据：老板说的');
  expect(read(await chat.say('scout.a', '确认'))).toContain('这条线索已经报过了，是 X-2026-0001');
});

story('not valid, with the reason; the month’s count against the minimum; a reminder late in the month', async (chat) => {
  await told(chat, '力西特电气缺两名焊工');
  await told(chat, '力西特电气食堂太挤');
  await told(chat, '力西特电气宿舍没有热水');
  await chat.say('secretary.a', '采纳 X-2026-0001');
  const why = await chat.say('secretary.a', '线索无效 X-2026-0002');
  expect(why.text).toContain('驳回 X-2026-0002 的理由是？');
  expect(read(await chat.say('secretary.a', '已经扩建了'))).toContain('X-2026-0002 记为无效');
  expect(chat.newest('scout.a').text).toContain('被林书记记为无效。\n理由：已经扩建了');
  const mine = await chat.say('scout.a', '我的线索');
  expect(mine.text).toContain('这个月有效1条（每月至少2条，还差1条），待定1条，无效1条。');
  expect(mine.text).toContain('X-2026-0002 力西特电气食堂太挤：无效：已经扩建了');
  expect((await chat.say('scout.a', '为什么是这个数')).text).toContain('采纳进需求库的算有效');
  await chat.moveTo(new Date('2026-11-25T09:01:00+08:00'));
  expect(chat.newest('scout.a').text).toContain('这个月线索：有效1条（每月至少2条，还差1条）');
  await chat.say('secretary.a', '采纳 X-2026-0003');
  await chat.moveTo(new Date('2026-12-01T10:00:00+08:00'));
  expect((await chat.say('scout.a', '我的线索')).text).toContain('这个月有效0条');
});

story('采纳 and 无效 by mistake are taken back, as long as nobody did anything about the need', async (chat) => {
  await told(chat, '力西特电气缺两名焊工');
  expect(read(await chat.say('secretary.a', '采纳 X-2026-0001'))).toContain('点错了就马上说“撤销”');
  expect((await chat.say('secretary.a', '撤销')).text).toBe(
    '已撤销“采纳”：线索 X-2026-0001 回到待定，需求 C-2026-0001 已撤回，卡片重新发了，也告诉了金同志。',
  );
  expect(chat.newest('scout.a').text).toContain('更正：您报的线索 X-2026-0001 刚才的“采纳”是林书记点错了，已撤销，还在看。');
  expect(read(chat.newest('secretary.a'))).toContain('请看线索 X-2026-0001');
  expect((await chat.say('secretary.a', 'C-2026-0001 到哪了')).text).toContain('已撤回');
  await chat.say('secretary.a', '无效 X-2026-0001：看错了');
  expect((await chat.say('secretary.a', '撤销')).text).toContain('已撤销“无效”：线索 X-2026-0001 回到待定，卡片重新发了');
  expect((await chat.say('scout.a', '我的线索')).text).toContain('待定1条，无效0条');
  await chat.press('secretary.a', chat.newest('secretary.a'), '采纳');
  await chat.say('member.a', '认领 C-2026-0002');
  expect((await chat.say('secretary.a', '撤销')).text).toContain('线索 X-2026-0001 后来又变过，不能撤销');
});

story('visits: noted with the firm and a picture, counted by month', async (chat) => {
  await chat.say('scout.a', { image: PNG });
  expect((await chat.say('scout.a', '走访 宏泰五金：老板说招工难')).text).toContain('记下了：走访宏泰五金，照片1张。');
  await chat.say('scout.a', '走访了力西特电气，车间很挤');
  expect((await chat.say('scout.a', '走访 没有这家：什么')).text).toContain('名册里没有找到“没有这家”');
  expect((await chat.say('scout.a', '记走访')).text).toContain('走访了哪家单位');
  await chat.say('scout.a', '取消');
  const log = (await chat.say('scout.a', '走访记录')).text;
  expect(log).toContain('这个月走访2次，2家单位。');
  expect(log).toContain('宏泰五金：老板说招工难（照片1张）');
  await chat.say('scout.a', '走访照片 宏泰五金');
  expect(chat.newest('scout.a').file).toBeDefined();
  expect((await chat.say('town.a', '走访照片 力西特电气')).text).toContain('您能看的走访里，力西特电气没有照片');
  expect((await chat.say('worker.a', '走访照片 宏泰五金')).text).toContain('由去走访的搜索员和上级看');
});

story('how the scouts do is read by the town and the county above them', async (chat) => {
  await told(chat, '力西特电气缺两名焊工');
  await chat.press('secretary.a', chat.newest('secretary.a'), '采纳');
  await chat.say('scout.a', '走访 宏泰五金：老板说招工难');
  for (const who of ['town.a', 'county.a'])
    expect((await chat.say(who, '搜索员情况')).text).toMatch(
      /^搜索员\d+名，这个月有效线索没够的\d+名：\n[^]*有效1条（每月至少2条，还差1条），待定0条，无效0条，走访1次/u,
    );
  expect((await chat.say('scout.a', '搜索员情况')).text).toContain('您自己的说“我的线索”');
});

story('only scouts tell tips, only who reviews decides, and not in a group', async (chat) => {
  expect((await chat.say('worker.a', '线索：宏泰五金缺焊工')).text).toContain('线索和走访由需求项目搜索员来报');
  expect((await chat.say('scout.a', '@党建助手 我的线索', TOWN)).text).toContain('只在私聊里办');
  await told(chat, '力西特电气缺两名焊工');
  expect((await chat.say('secretary.b', '采纳 X-2026-0001')).text).toContain('由力西特党支部（林书记）看，您的身份不能办');
  expect((await chat.say('secretary.a', '采纳 X-2026-0009')).text).toContain('没有找到线索 X-2026-0009');
});
