/** 季度检查 on a moved clock: A and B whole, C by a sample that can be drawn again, 差 into 整改. */
import { expect } from 'vitest';
import { read, story } from '../chat.ts';
import { library } from '../library.ts';

const OPENS = new Date('2027-01-01T09:00:00+08:00');

story('the quarter’s inspection of a library of 500', async (chat) => {
  await library(chat);
  await chat.settle();
  await chat.at(OPENS);
  const told = chat.newest('county.a').text ?? '';
  expect(told).toContain('2026年第四季度的检查开始了，请在1月20日17:30前做完。');
  expect(told).toContain('A类60条、B类140条全部检查；C类从300条里抽60条，没查过的加倍，种子 ');
  expect(told).toContain('您这边有130条');
  expect(chat.newest('twonew.a').text).toContain('您这边有130条');

  // Told once, however often the morning comes.
  await chat.at(new Date('2027-01-02T09:00:00+08:00'));
  expect(await chat.db.client.inspectionPlan.count({ where: { corp: chat.corp } })).toBe(1);
  const again = read(await chat.say('twonew.a', '重放抽样'));
  expect(again).toContain('2026年第四季度C类抽样：总体300条（没查过的300条，加倍），抽60条。');
  expect(again).toContain('按同一个种子重抽，60条全部一样。');
  expect(read(await chat.say('twonew.a', '重放抽样 2025年第一季度'))).toContain('没有开过检查');

  expect(read(await chat.say('county.a', '检查清单'))).toContain('1. A-2026-0001 第0件事，1月20日17:30前');
  expect(read(await chat.say('county.a', '检查1 好 95'))).toBe('A-2026-0001 评为“好”，95分。这个季度还有259条，说“检查清单”看。');
  expect(read(await chat.say('twonew.a', '检查 A-2026-0001 差 40：没人来'))).toContain('已由王建平检查过，好，95分，不用再查');
  expect(read(await chat.say('twonew.a', '检查 A-2026-0002 18 20 19 18 20'))).toContain('评为“好”，95分');
  expect(read(await chat.say('county.a', '检查 A-2026-0003 好 50'))).toContain('50分按规定是“差”');
  expect(read(await chat.say('county.a', '检查 A-2026-0003 差 40'))).toContain('评“差”要写明差在哪里');
  expect(read(await chat.say('county.a', '检查 A-2026-0003 好 101'))).toContain('总分满分100分');
  expect(read(await chat.say('worker.a', '检查 A-2026-0003 好 95'))).toContain('季度检查由县级组织部门和两新工委来办');
  const drawn = await chat.db.client.inspection.findMany({
    where: { needId: { startsWith: chat.corp } },
    select: { needId: true },
  });
  const left = await chat.db.client.need.findFirstOrThrow({
    where: { corp: chat.corp, id: { notIn: drawn.map((each) => each.needId) } },
  });
  expect(read(await chat.say('county.a', `检查 ${left.no} 好 95`))).toContain('不在检查清单里');

  // 差: back to whoever did it, with a limit; and out of the library when that changes nothing.
  const poor = read(await chat.say('county.a', '检查 A-2026-0003 4 10 8 12 6：灯还是不亮'));
  expect(poor).toContain('A-2026-0003 评为“差”，40分，转整改。\n季度检查40分：灯还是不亮');
  expect(chat.newest('member.a').text).toContain('A-2026-0003“第2件事”要整改：季度检查40分：灯还是不亮');
  await chat.say('county.a', '退出 A-2026-0003：整改以后灯还是不亮');
  expect(read(await chat.say('county.a', '确认'))).toContain('A-2026-0003 已退出需求库，原因公开');
  expect(read(await chat.say('member.b', 'A-2026-0003 反馈记录'))).toContain('原因：整改以后灯还是不亮');

  // By selections and buttons, one need after the other.
  const form = await chat.say('county.a', '下一条检查');
  expect(read(form)).toContain('检查 A-2026-0005\n1月20日17:30前 来自：区委组织部 现在：已完成 办的人：陈同志 第4件事');
  const picked = { genuine: 'FULL', progress: 'GOOD', effect: 'FAIR' };
  const opinion = await chat.press('county.a', form, '下一步', { picked });
  expect(read(opinion)).toContain('A-2026-0005“评价”打几分？');
  const kept = await chat.press('county.a', opinion, '20分');
  expect(read(kept)).toContain('A-2026-0005“记录齐全”打几分？');
  const scored = await chat.press('county.a', kept, '16分');
  expect(read(scored)).toBe('A-2026-0005 检查好了\nA-2026-0005 评为“好”，84分。这个季度还有256条，说“检查清单”看。\n[下一条]');
  expect(read(await chat.press('county.a', scored, '下一条'))).toContain('检查 A-2026-0007');
  expect(read(await chat.say('twonew.a', '逐项打分 A-2026-0005'))).toContain('“需求真实”打几分？');

  // What left the library meanwhile is neither to be inspected nor missing.
  const gone = { corp: chat.corp, no: 'A-2026-0007' };
  await chat.db.client.need.updateMany({ where: gone, data: { state: 'EXPIRED', claimantId: null } });
  expect(read(await chat.say('county.a', '检查 A-2026-0007 好 95'))).toContain('现在是“已过期”，不用检查了，也不算没查');

  await chat.at(new Date('2027-01-19T09:00:00+08:00'));
  expect(chat.inbox('twonew.a').map(read).join('\n')).toContain('2026年第四季度的检查还有255条没做');
});
