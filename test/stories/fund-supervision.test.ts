/** 监督小组: complete or no payment; the half-yearly report with its sample; findings, 整改, closed or raised. */
import { expect } from 'vitest';
import { read, START, story, type Chat } from '../chat.ts';

async function booked(chat: Chat, words: string, confirmer: string): Promise<void> {
  await chat.press('cashier.a', await chat.say('cashier.a', words), '确认');
  await chat.press(confirmer, chat.newest(confirmer), '确认');
}

story('the group is complete once both enterprises have paid in; who else looks is told where', async (chat) => {
  await booked(chat, '登记入账 力西特电气 5000元', 'secretary.a');
  expect((await chat.say('supervisor.c', '监督小组')).text).toBe(
    '瞿溪街道党工委公积金监督小组：蔡同志（预存企业代表）、谢同志（其他）、胡同志（党员代表）、朱同志（党员代表）、方同志（党员代表）\n组成不完整：预存企业代表要2人，现在1人。补齐以前只收不付。\n还没有半年报告，1月和7月各一次。',
  );
  await booked(chat, '登记入账 明视眼镜 5000元', 'secretary.b');
  expect((await chat.say('county.a', '公积金余额')).text).toBe(
    '全县有1个党建公积金，共筹集10,000元：\n瞿溪街道党工委：筹集10,000元，可动10,000元，占用0元，支出0元\n四项原则：企业预存、财政补助、项目管理、放大使用。',
  );
  expect((await chat.say('town.a', '监督小组')).text).toContain('组成齐全，可以拨款。');
  expect((await chat.say('worker.a', '监督小组')).text).toContain('公开的总账可以说“公积金台账”看');
});

story('January: the report is drafted with a sample, a finding is put right and closed, the report is filed', async (chat) => {
  await booked(chat, '登记入账 力西特电气 5000元', 'secretary.a');
  await booked(chat, '登记入账 明视眼镜 6000元', 'secretary.b');
  for (let i = 1; i <= 5; i++) await booked(chat, `登记群团联筹 区总工会 ${i}00元`, 'town.a');
  await chat.at(new Date('2027-01-04T09:00:00+08:00'));
  const asked = chat.newest('supervisor.c');
  expect(read(asked)).toMatch(/^2026年下半年监督报告，请在1月20日17:30前提交\n共7张凭证，抽到2张：P-2026-000\d、P-2026-000\d。/);
  const seen = await chat.press('supervisor.c', asked, '看抽到的凭证');
  expect(read(seen)).toMatch(/2026年下半年报告要在1月20日17:30前提交：7张凭证抽2张（抽样种子 \w+，可以重抽核对）\nP-2026-000\d/);

  expect((await chat.say('town.a', '发现问题 P-2026-0002：金额不对')).text).toContain('由公积金监督小组办');
  await chat.say('supervisor.c', '发现问题 P-2026-0002：回单没有盖章');
  expect(read(await chat.say('supervisor.c', '确认'))).toContain(
    '已提出 J-2027-0001，潘同志、张同志、郑同志要在1月25日17:30前整改',
  );
  await chat.press('cashier.a', chat.newest('cashier.a'), '答复整改');
  expect((await chat.say('cashier.a', '已补盖章回单', 'app')).text).toContain('J-2027-0001 的整改已交监督小组复核');
  expect((await chat.say('town.a', '整改 J-2027-0001：再答一次')).text).toContain('这一步不用办');
  const review = chat.newest('supervisor.d');
  expect(read(review)).toContain('请复核整改 J-2027-0001\n关于：P-2026-0002\n问题：回单没有盖章\n整改：已补盖章回单');
  expect(read(await chat.press('supervisor.d', review, '销号'))).toContain('J-2027-0001 已销号。');
  expect((await chat.say('supervisor.e', '销号 J-2027-0001')).text).toContain('J-2027-0001 现在是“已销号”');

  const report = await chat.say('supervisor.c', '提交监督报告：账实相符');
  expect(read(report)).toContain('瞿溪街道党工委公积金2026年下半年监督报告');
  expect(read(await chat.press('supervisor.c', report, '确认'))).toContain('监督小组意见：账实相符');
  expect(chat.newest('county.a').text).toContain('J-2027-0001 P-2026-0002：回单没有盖章（已销号：已补盖章回单）');
  expect((await chat.say('supervisor.d', '提交监督报告：再交一次')).text).toContain('现在没有要提交的监督报告');
});

story('what is not put right in time goes to the county by itself; a poor answer is raised by the group', async (chat) => {
  await booked(chat, '登记入账 力西特电气 5000元', 'secretary.a');
  for (const what of ['没有回单', '收据没发']) {
    await chat.say('supervisor.c', `发现问题 P-2026-0001：${what}`);
    await chat.say('supervisor.c', '确认');
  }
  await chat.say('town.b', '整改 J-2026-0002：以后注意');
  expect(read(await chat.say('supervisor.c', '上报 J-2026-0002'))).toBe('J-2026-0002 已上报县级：王同志、徐同志。');
  expect(chat.newest('twonew.a').text).toContain('J-2026-0002 P-2026-0001：收据没发（已上报县级：以后注意）');
  // In steps, as a clock does: a card that waits is replaced before its 72 hours are over.
  for (let step = 1; step <= 7; step++) await chat.at(new Date(START.getTime() + step * 71 * 3_600_000));
  await chat.at(new Date('2026-12-15T17:00:00+08:00'));
  expect(chat.newest('county.a').text).toContain('J-2026-0002');
  await chat.at(new Date('2026-12-16T09:00:00+08:00'));
  expect(chat.newest('county.a').text).toContain('J-2026-0001（P-2026-0001：没有回单）过了整改期限没有答复，已自动上报县级');
});

story('at night the books are reconciled: what does not agree is told to the administrator, once a night', async (chat) => {
  await booked(chat, '登记入账 力西特电气 5000元', 'secretary.a');
  await chat.at(new Date('2026-11-25T03:30:00+08:00'));
  expect(chat.inbox('county.a')).toEqual([]);
  const where = { corp_no: { corp: chat.corp, no: 'D-2026-0001' } };
  await chat.db.client.fundDeposit.update({ where, data: { amount: 5_000_01n } });
  await chat.at(new Date('2026-11-26T03:30:00+08:00'));
  expect(chat.newest('county.a').text).toBe(
    '夜间对账发现1处不符，请联系维护人员，处理前先不要拨款：\nfund.deposits-booked: D-2026-0001 is CONFIRMED, and its voucher says otherwise',
  );
  await chat.db.client.fundDeposit.update({ where, data: { amount: 5_000_00n } });
});
