/** 预存与入账: one side books, the other confirms, and only then it counts; balances, vouchers and the open ledger. */
import { expect } from 'vitest';
import { read, story, TOWN, type Chat } from '../chat.ts';
import { ledger } from '../ledger.ts';

/** The cashier books, the enterprise's owner confirms. */
export async function booked(chat: Chat, words: string, confirmer: string): Promise<void> {
  await chat.press('cashier.a', await chat.say('cashier.a', words), '确认');
  await chat.press(confirmer, chat.newest(confirmer), '确认');
}

story('the cashier books a deposit, the enterprise confirms it, both get the receipt with its lock date', async (chat) => {
  const asked = await chat.say('cashier.a', '登记入账 力西特电气 20000元');
  expect(read(asked)).toBe(
    '请核对存入的钱\n谁出的钱：力西特电气\n金额：20,000元\n来源：企业预存\n[确认] [改谁出的钱] [改金额] [改来源] [取消]',
  );
  expect(read(await chat.press('cashier.a', asked, '确认'))).toBe(
    '已登记 D-2026-0001\n力西特电气企业预存20,000元\n等力西特电气（蔡总、林书记）确认，确认了才入账、发收据。\n(已登记)',
  );
  expect((await chat.say('secretary.a', '公积金余额')).text).toContain('力西特电气本金0元');
  expect((await chat.say('cashier.a', '出纳待办')).text).toBe('1. D-2026-0001 力西特电气企业预存20,000元，等对方确认');

  const card = chat.newest('supervisor.a');
  expect(read(card)).toContain('请确认这笔钱 D-2026-0001\n来源：企业预存\n金额：20,000元\n出钱的：力西特电气');
  const receipt = await chat.press('supervisor.a', card, '确认');
  expect(read(receipt)).toBe(
    '收据 D-2026-0001\n金额：20,000元\n来源：企业预存\n出钱的：力西特电气\n入账：瞿溪街道党工委公积金\n凭证：P-2026-0001\n锁定到：2027年11月24日\n年底按星级和绩效给本金计奖励；锁定期内可以提前退存，只退本金，不含奖励。\n四项原则：企业预存、财政补助、项目管理、放大使用。\n(已入账)',
  );
  expect(read(chat.newest('cashier.a'))).toContain('收据 D-2026-0001');
  // Pressed again by whom it was stamped for, said again by the same: it stays one.
  expect((await chat.say('secretary.a', '确认入账 D-2026-0001')).text).toBe('D-2026-0001 已经是“已入账”，不用再办。');
  expect((await chat.say('secretary.a', '公积金余额')).text).toContain('力西特电气本金20,000元');
  expect((await chat.say('secretary.b', '公积金余额')).text).toContain('明视眼镜本金0元');
  expect(await ledger(chat.db, chat.corp)).toMatchInlineSnapshot(`
    "2026-11-24 P-2026-0001 入账｜力西特电气企业预存20,000元｜外部 20,000元 → 企业预存·力西特电气 20,000元
    余额｜企业预存·力西特电气 20,000元，外部 -20,000元"
  `);
});

story('a cashier says it as cashiers do', async (chat) => {
  for (const words of [
    '力西特电气存5万',
    '企业预存 力西特电气 五万元',
    '登记预存 力西特电气 50000元',
    '力西特电气预存了5万元',
    '收到力西特电气50000元',
    '入账 力西特电气 50000',
  ]) {
    expect(read(await chat.say('cashier.a', words)), words).toContain('谁出的钱：力西特电气\n金额：50,000元\n来源：企业预存');
    await chat.say('cashier.a', '取消');
  }
});

story('an enterprise announces, the cashier confirms; other sources are confirmed by a second pair of eyes', async (chat) => {
  await chat.press('secretary.b', await chat.say('secretary.b', '预存公积金1.5万'), '确认');
  expect((await chat.say('secretary.b', '确认入账 D-2026-0001')).text).toBe('D-2026-0001 由出纳确认，登记的人自己不能确认。');
  expect((await chat.say('secretary.b', '确认到账')).text).toContain('没有等您确认的入账');
  expect((await chat.say('cashier.a', '拨付 ')).text).toContain('没有等您拨付的申请');
  const waiting = await chat.say('cashier.a', '确认到账');
  expect(read(waiting)).toContain('请确认到账 D-2026-0001\n来源：企业预存\n金额：15,000元');
  await chat.press('cashier.a', waiting, '确认');
  await booked(chat, '登记财政补助 区财政局 50000元', 'town.a');
  await booked(chat, '登记党费返还 力西特党支部 1234.56元', 'secretary.a');
  await booked(chat, '登记群团联筹 区总工会 8000元', 'town.b');
  const card = await chat.say('member.c', '自愿赞助500元');
  expect(read(card)).toContain('谁出的钱：吴建军\n金额：500元\n来源：自愿赞助');
  expect(read(await chat.say('member.c', '来源改成企业预存'))).toContain('来源：企业预存');
  expect(read(await chat.say('member.c', '确认'))).toContain('这里只能替自己单位或自己存');
  await chat.say('member.c', '来源改成赞助');
  await chat.say('member.c', '限定用途改成教育培训');
  await chat.say('member.c', '确认');
  await chat.press('cashier.a', chat.newest('cashier.a'), '确认');
  expect((await chat.say('supervisor.c', '公积金余额')).text).toMatchInlineSnapshot(`
    "瞿溪街道党工委公积金：可动74,734.56元，占用0元，累计支出0元
    企业预存：15,000元
    财政补助：50,000元
    党费返还：1,234.56元
    群团联筹：8,000元
    自愿赞助：500元（限教育培训500元）
    四项原则：企业预存、财政补助、项目管理、放大使用。"
  `);
  expect((await chat.say('worker.a', '公积金台账')).text).toMatchInlineSnapshot(`
    "瞿溪街道党工委公积金台账
    企业预存：15,000元
    财政补助：50,000元
    党费返还：1,234.56元
    群团联筹：8,000元
    自愿赞助：500元（限教育培训500元）
    支出：阵地建设0元、党群活动0元、教育培训0元、其他支出0元
    放大倍数：还没有支出
    最近的凭证：
    P-2026-0001 今天10:00 入账：外部15,000元 → 企业预存15,000元（D-2026-0001）
    P-2026-0002 今天10:00 入账：外部50,000元 → 财政补助50,000元（D-2026-0002）
    P-2026-0003 今天10:00 入账：外部1,234.56元 → 党费返还1,234.56元（D-2026-0003）
    P-2026-0004 今天10:00 入账：外部8,000元 → 群团联筹8,000元（D-2026-0004）
    P-2026-0005 今天10:00 入账：外部500元 → 自愿赞助500元（D-2026-0005）
    四项原则：企业预存、财政补助、项目管理、放大使用。"
  `);
  expect((await chat.say('secretary.a', '这笔怎么来的 D-2026-0003')).text).toBe(
    'D-2026-0003 的来龙去脉：\nP-2026-0003 今天10:00 入账：外部1,234.56元 → 党费返还（力西特党支部）1,234.56元（力西特党支部党费返还1,234.56元）',
  );
  expect((await chat.say('secretary.b', '这笔怎么来的 D-2026-0003')).text).toContain('D-2026-0003 不是您单位的');
  expect(await ledger(chat.db, chat.corp)).toMatchInlineSnapshot(`
    "2026-11-24 P-2026-0001 入账｜明视眼镜企业预存15,000元｜外部 15,000元 → 企业预存·明视眼镜 15,000元
    2026-11-24 P-2026-0002 入账｜区财政局财政补助50,000元｜外部 50,000元 → 财政补助 50,000元
    2026-11-24 P-2026-0003 入账｜力西特党支部党费返还1,234.56元｜外部 1,234.56元 → 党费返还·力西特党支部 1,234.56元
    2026-11-24 P-2026-0004 入账｜区总工会群团联筹8,000元｜外部 8,000元 → 群团联筹 8,000元
    2026-11-24 P-2026-0005 入账｜吴建军自愿赞助500元，限用于教育培训｜外部 500元 → 自愿赞助（限教育培训） 500元
    余额｜企业预存·明视眼镜 15,000元，党费返还·力西特党支部 1,234.56元，外部 -74,734.56元，群团联筹 8,000元，自愿赞助（限教育培训） 500元，财政补助 50,000元"
  `);
});

story('an enterprise spelt by ear is asked for, never guessed', async (chat) => {
  await chat.say('cashier.a', '登记预存：利西特 2万');
  const asked = read(await chat.say('cashier.a', '确认'));
  expect(asked).toContain('名册里没有找到“利西特”。您说的是不是“力西特党支部”或“力西特电气”？');
  expect(await chat.db.client.fundDeposit.count({ where: { corp: chat.corp } })).toBe(0);
  await chat.say('cashier.a', '改谁出的钱 力西特电气');
  expect(read(await chat.say('cashier.a', '确认'))).toContain('力西特电气企业预存20,000元');
});

story('a wrong sum is disputed and booked again; a voucher booked wrongly is reversed, never changed', async (chat) => {
  await chat.press('cashier.a', await chat.say('cashier.a', '登记预存：明视眼镜 1.5万'), '确认');
  expect((await chat.say('secretary.a', '入账不符 D-2026-0001：不是我们的钱')).text).toContain('由明视眼镜确认');
  await chat.press('secretary.b', chat.newest('secretary.b'), '不符');
  expect((await chat.say('secretary.b', '只打了一万二', 'app')).text).toContain('D-2026-0001 已标为不符');
  expect(chat.newest('cashier.a').text).toBe(
    'D-2026-0001（明视眼镜企业预存15,000元）黄书记说不符：只打了一万二。没有入账，请核对后重新登记。',
  );
  await booked(chat, '登记预存：明视眼镜 1.2万', 'secretary.b');
  const asked = await chat.say('cashier.a', '冲正 P-2026-0001：打到了别的账户');
  expect(read(asked)).toContain('P-2026-0001 今天10:00 入账：外部12,000元 → 企业预存（明视眼镜）12,000元');
  expect(read(await chat.press('cashier.a', asked, '确认'))).toContain('新凭证 P-2026-0002，原因：打到了别的账户');
  expect(chat.newest('town.a').text).toContain('已由潘同志冲正');
  await chat.say('cashier.a', '冲正 P-2026-0001：再来一次');
  expect(read(await chat.say('cashier.a', '确认'))).toContain('P-2026-0001 已经由 P-2026-0002 冲正过了，不用再冲。');
  expect((await chat.say('secretary.b', '公积金余额')).text).toContain('明视眼镜本金0元');
});

story("sums that are none, too small, or somebody else's fund; the balance is told in private only", async (chat) => {
  expect((await chat.say('cashier.a', '登记一笔钱')).text).toContain('谁出的钱？预存说企业名称');
  expect((await chat.say('cashier.a', '力西特')).text).toContain('多少钱？');
  for (const [said, told] of [
    ['-5000', '金额要大于0元'],
    ['0', '金额要大于0元'],
    ['12.345元', '最小到分'],
    ['1e9', '没看懂“1e9”'],
    ['200000000元', '金额最多100,000,000元'],
    ['三四千', '金额要一个确定的数'],
  ] as const)
    expect((await chat.say('cashier.a', said)).text).toContain(told);
  expect(read(await chat.say('cashier.a', '伍仟元整'))).toContain('金额：5,000元');
  await chat.say('cashier.a', '取消');
  await chat.say('cashier.a', '登记入账 力西特电气 499.99元');
  expect(read(await chat.say('cashier.a', '确认'))).toContain('企业预存每次不少于500元');
  await chat.say('cashier.a', '登记入账 华丰皮革 5000元');
  expect(read(await chat.say('cashier.a', '确认'))).toContain('华丰皮革不在瞿溪街道党工委下面');
  expect((await chat.say('secretary.a', '公积金余额')).text).toContain('还没有开户');
  expect((await chat.say('worker.a', '公积金余额')).text).toContain('余额只给党组织书记、企业主');
  expect((await chat.say('town.a', '登记入账 力西特电气 5000元')).text).toContain('到账由出纳登记');
  await booked(chat, '登记入账 力西特电气 5000元', 'secretary.a');
  expect((await chat.say('secretary.a', '@党建助手 公积金余额', TOWN)).text).toContain('私');
  expect(chat.newest('secretary.a').text).toContain('力西特电气本金5,000元');
});

story('the balance of a day that is past', async (chat) => {
  await booked(chat, '登记入账 力西特电气 5000元', 'secretary.a');
  await chat.at(new Date('2026-12-03T09:30:00+08:00'));
  await booked(chat, '登记入账 力西特电气 700.50元', 'secretary.a');
  expect((await chat.say('secretary.a', '2026年11月底余额')).text).toContain('截至2026年11月30日）\n自有：力西特电气本金5,000元');
  expect((await chat.say('secretary.a', '公积金余额')).text).toContain('力西特电气本金5,700.50元');
  expect((await chat.say('secretary.a', '十一月底余额')).text).toContain('截至2026年11月30日）');
  expect((await chat.say('secretary.a', '2026年12月底余额')).text).toContain('2026年12月31日还没有到');
});
