/** What else may become of an application: over the line, returned, refused, objected to, handed on, changed, withdrawn. */
import { expect } from 'vitest';
import { RENEW } from '../../src/wecom/sender.ts';
import { read, story, type Chat } from '../chat.ts';
import { ledger } from '../ledger.ts';

const DECEMBER = (day: number, time = '09:00') => new Date(`2026-12-${String(day).padStart(2, '0')}T${time}:00+08:00`);

async function confirmed(chat: Chat, who: string, words: string) {
  await chat.say(who, words);
  return read(await chat.say(who, '确认'));
}

/** Fiscal money in the town's fund, principal of 力西特, stars for two branches. */
async function funded(chat: Chat, { principal = '2000元', fiscal = '50000元', stars = '三星' } = {}): Promise<void> {
  await chat.press('cashier.a', await chat.say('cashier.a', `登记财政补助 区财政局 ${fiscal}`), '确认');
  await chat.press('town.a', chat.newest('town.a'), '确认');
  await chat.press('cashier.a', await chat.say('cashier.a', `登记入账 力西特电气 ${principal}`), '确认');
  await chat.press('supervisor.a', chat.newest('supervisor.a'), '确认');
  await chat.press('cashier.a', await chat.say('cashier.a', '登记入账 明视眼镜 1000元'), '确认');
  await chat.press('supervisor.b', chat.newest('supervisor.b'), '确认');
  for (const branch of ['力西特党支部', '明视眼镜党支部'])
    await confirmed(chat, 'county.a', `调整星级 ${branch} ${stars}：示范带动`);
}

async function filled(chat: Chat, budget: string, who = 'secretary.a') {
  await chat.say(who, '申请公积金：重阳慰问老党员');
  for (const words of ['走访慰问', '12月20日', '瞿溪敬老院', '30人', budget]) await chat.say(who, words);
  return chat.say(who, '11月20日支委会，5人全票同意');
}

/** A second time: what was said the last time stands there, and the budget is corrected. @returns the card to confirm */
async function filledAgain(chat: Chat, budget: string, who = 'secretary.a') {
  for (const words of ['申请公积金：重阳慰问老党员', '12月20日', '11月22日支委会通过']) await chat.say(who, words);
  return chat.say(who, `预算改成${budget}`);
}

/** At once, but for the cards that are renewed on the way: none outlives its code. */
async function until(chat: Chat, moment: Date): Promise<void> {
  const { client } = chat.db;
  const renewal = { corp: chat.corp, name: RENEW, deadAt: null, dueAt: { gt: chat.now(), lt: moment } };
  for (let next; (next = await client.job.findFirst({ where: renewal, orderBy: { dueAt: 'asc' } }));) await chat.at(next.dueAt);
  await chat.at(moment);
}

async function applied(chat: Chat, budget = '慰问品2600', who = 'secretary.a') {
  return chat.press(who, await filled(chat, budget, who), '确认');
}

async function onNotice(chat: Chat, budget?: string): Promise<void> {
  await applied(chat, budget);
  expect(read(await chat.say('town.a', '同意 F-2026-0001'))).toContain('初审通过');
}

story('over the line there are ways on: 改额, 先用本金, 分期, 排队, each exact', async (chat) => {
  await funded(chat);
  expect(read(await filled(chat, '慰问品9000'))).toContain(
    '预算合计9,000元，还差1,800元。现在可用7,200元：自有2,000元，额度或补助5,200元',
  );
  const ways = await chat.say('secretary.a', '确认');
  expect(read(ways)).toContain('F-2026-0001 还差1,800元，怎么办？');
  expect(read(ways)).toContain('[改额] [先用本金] [分期] [联盟共担] [排队]');
  expect(read(await chat.press('secretary.a', ways, '分期'))).toContain(
    '重阳慰问老党员，申请7,200元（自有2,000元，占用额度5,200元）',
  );
  expect((await chat.say('secretary.a', '我的申请到哪了')).text).toContain(
    'F-2026-0002 重阳慰问老党员，1,800元：排队等资金，第1位',
  );
  expect(await confirmed(chat, 'secretary.a', '撤回 F-2026-0001')).toContain('占用的额度和资金都放回去了');
  expect(chat.newest('secretary.a').text).toContain('排到了：F-2026-0002');
});

story('先用本金 takes no credit; 排队 waits for the line; a second draft names its place', async (chat) => {
  await funded(chat);
  await filled(chat, '慰问品9000');
  await chat.say('secretary.a', '确认');
  expect(read(await chat.say('secretary.a', 'F-2026-0001 先用本金'))).toContain('申请2,000元（自有2,000元，占用额度0元）');
  await filledAgain(chat, '慰问品6000');
  await chat.say('secretary.a', '确认');
  expect((await chat.say('secretary.a', 'F-2026-0002 排队')).text).toContain('F-2026-0002 已排队，现在第1位');
  await filledAgain(chat, '慰问品7000');
  await chat.say('secretary.a', '确认');
  expect(read(await chat.say('secretary.a', 'F-2026-0003 改额'))).toContain('申请5,200元（自有0元，占用额度5,200元）');
});

story('whoever waits for common money comes before whoever asks later; the own money is nobody else’s', async (chat) => {
  await funded(chat, { fiscal: '3000元' });
  await filled(chat, '慰问品6000');
  await chat.say('secretary.a', '确认');
  expect((await chat.say('secretary.a', 'F-2026-0001 排队')).text).toContain('现在第1位');

  const later = read(await filled(chat, '慰问品2000', 'secretary.b'));
  expect(later).toContain(
    '还差1,000元。现在可用1,000元：自有1,000元，额度或补助0元。前面有1个申请在排队等钱，公用的钱先给它们。',
  );
  const ways = await chat.say('secretary.b', '确认');
  expect(read(ways)).toContain(
    'F-2026-0002 还差1,000元，怎么办？\n填好的都留着。现在可用1,000元，申请2,000元。前面有1个申请在排队',
  );
  expect(read(await chat.press('secretary.b', ways, '排队'))).toContain('F-2026-0002 已排队，现在第2位');

  await chat.press('cashier.a', await chat.say('cashier.a', '登记财政补助 区财政局 1500元'), '确认');
  await chat.press('town.a', chat.newest('town.a'), '确认');
  await chat.moveTo(DECEMBER(1, '09:30'));
  expect((await chat.say('secretary.a', '我的申请到哪了')).text).toContain('F-2026-0001 重阳慰问老党员，6,000元：待初审');
  expect((await chat.say('secretary.b', '我的申请到哪了')).text).toContain('2,000元：待初审');
});

story('联盟共担: another branch bears the rest from its own money and line, or does not', async (chat) => {
  await funded(chat);
  await filled(chat, '慰问品9000');
  await chat.say('secretary.a', '确认');
  expect((await chat.say('secretary.a', 'F-2026-0001 联盟共担 明视眼镜党支部')).text).toContain(
    '已请明视眼镜党支部（黄书记）分担1,800元',
  );
  expect((await chat.say('secretary.b', '不共担 F-2026-0001')).text).toContain('您不共担 F-2026-0001');
  expect((await chat.say('secretary.b', '同意共担 F-2026-0001')).text).toContain('现在没有请您共担');
  await chat.say('secretary.a', 'F-2026-0001 联盟共担 明视眼镜党支部');
  expect(read(await chat.press('secretary.b', chat.newest('secretary.b'), '同意共担'))).toContain('F-2026-0002 已提交');
  expect((await chat.say('secretary.b', '我的申请到哪了')).text).toContain('F-2026-0002 重阳慰问老党员，1,800元：待初审');
  expect((await chat.say('secretary.a', '我的申请到哪了')).text).toContain('F-2026-0001 重阳慰问老党员，7,200元：待初审');
});

story('退回补正 keeps number and place, 驳回 ends it, each with its reason; only what is missing is asked', async (chat) => {
  await funded(chat);
  await applied(chat);
  expect(read(await chat.say('town.a', '退回 F-2026-0001：慰问品写清品名'))).toContain('已退回补正');
  expect(chat.newest('secretary.a').text).toContain('理由：慰问品写清品名\n请在12月1日17:30前说“补正 F-2026-0001');
  expect((await chat.say('secretary.b', '补正 F-2026-0001：预算改成慰问品2000')).text).toContain('只有它的书记能办');
  expect(await confirmed(chat, 'secretary.a', '补正 F-2026-0001：预算改成米油1500、水果500')).toContain('申请2,000元');
  const again = chat.newest('town.a');
  expect(read(again)).toContain('米油1500元、水果500元');
  await chat.press('town.a', again, '驳回');
  expect((await chat.say('town.a', '已有街道统一慰问', 'app')).text).toContain('F-2026-0001 已驳回');
  expect(chat.newest('secretary.a').text).toContain('被张同志驳回');
  expect((await chat.say('town.b', '同意 F-2026-0001')).text).toContain('F-2026-0001 现在是“已驳回”');
  expect((await chat.say('secretary.a', '我的申请到哪了')).text).toContain('已驳回，理由：已有街道统一慰问');
});

story('what is said too early answers its own question', async (chat) => {
  await funded(chat);
  await chat.say('secretary.a', '申请公积金：重阳慰问老党员');
  expect((await chat.say('secretary.a', '12月20号下午')).text ?? read(chat.newest('secretary.a', 'bot'))).toContain('什么形式');
  expect(read(await chat.say('secretary.a', '走访慰问'))).toContain('在哪里办？');
  expect(read(await chat.say('secretary.a', '30人'))).toContain('在哪里办？');
  expect(read(await chat.say('secretary.a', '瞿溪敬老院'))).toContain('预算怎么列');
  await chat.say('secretary.a', '慰问品2600');
  // No approval of anything: it is what the minutes say.
  expect(read(await chat.say('secretary.a', '全部同意'))).toContain('请核对活动项目书和预算');
});

story('bad budgets get a reason and a way out, and nothing is sent', async (chat) => {
  await funded(chat);
  await chat.say('secretary.a', '申请公积金：学习');
  for (const words of ['党课', '12月20日', '会议室', '30人']) await chat.say('secretary.a', words);
  const said = async (words: string) => read(await chat.say('secretary.a', words));
  expect(await said('租车1200、餐费600，合计2000')).toContain('预算各行加起来是1,800元，您写的合计是2,000元，对不上');
  expect(await said('租车-1200')).toContain('的金额没看懂');
  expect(await said('租车0元')).toContain('金额要大于0');
  expect(await said('租车1.234元')).toContain('的金额没看懂');
  expect(await said('租车1000000000元')).toContain('超过一次最多能申请的');
  expect(await said('租车')).toContain('请写“用途+金额”');
  expect(await said('租车壹仟贰佰元整、教材0.5万元')).toContain('哪次会议通过的');
  expect((await chat.say('secretary.a', '我的申请到哪了')).text).toContain('还没有申请过公积金');
  expect((await chat.say('member.a', '申请公积金：学习')).text).toContain('公积金由党组织书记申请');
});

story(
  'an objection without a name stops the clock; a ruling takes effect with a supervisor; 维持 goes on where it stopped',
  async (chat) => {
    await funded(chat);
    await onNotice(chat);
    await until(chat, new Date('2026-11-26T10:00:00+08:00'));
    expect((await chat.say('worker.a', '异议 F-2026-0001：人数不对')).text ?? '').toBe('');
    await chat.say('worker.a', '不署名');
    expect(read(await chat.say('worker.a', '确认'))).toContain('异议已收下，F-2026-0001 的公示暂停核查。您没有署名');
    const card = chat.newest('town.a');
    expect(read(card)).toContain('提出的人：不署名');
    expect(JSON.stringify(await chat.db.client.fundObjection.findMany())).not.toContain('李大勇');
    expect((await chat.say('secretary.a', '我的申请到哪了')).text).toContain('有异议，核查中');
    expect(await confirmed(chat, 'town.a', '裁定 F-2026-0001 维持：签到表核实无误')).toContain('中一位附署，附署后生效');
    expect((await chat.say('town.b', '同意 F-2026-0001')).text).toContain('有异议，核查中');
    await chat.say('member.c', '异议 F-2026-0001：慰问品太贵');
    await chat.say('member.c', '署名');
    await chat.say('member.c', '确认');
    const before = chat.inbox('town.a').length;
    await confirmed(chat, 'town.b', '交接给 黄丽华');
    expect(read(chat.newest('secretary.b'))).toMatch(
      /^F-2026-0001 有异议，请裁定\n党组织：力西特党支部\n提出的人：不署名、吴同志（.+）\n时限：.+\n人数不对\n慰问品太贵\n/u,
    );
    expect(chat.inbox('town.a')).toHaveLength(before);
    expect((await chat.say('worker.a', '我的异议到哪了')).text).toBe('1. F-2026-0001：正在核查，12月3日17:30前裁定');
    expect((await chat.say('member.a', '我的异议')).text).toContain('您没有提过异议');
    // Of the applying branch: steps aside.
    expect((await chat.say('supervisor.c', '附署裁定 F-2026-0001')).text).toContain('按规定要回避');
    await until(chat, DECEMBER(3));
    expect((await chat.say('supervisor.d', '附署裁定 F-2026-0001')).text).toContain(
      '裁定生效：F-2026-0001 现在是“公示中”，到12月8日24:00',
    );
    expect((await chat.say('worker.a', '我的异议')).text).toBe('1. F-2026-0001：已裁定，维持。理由：签到表核实无误');
    await until(chat, DECEMBER(9));
    expect(read(chat.newest('town.a'))).toContain('请终审 F-2026-0001');
  },
);

story('24:00 of the last day still counts, a moment later does not; who objected may take it back', async (chat) => {
  await funded(chat);
  await onNotice(chat);
  await until(chat, new Date('2026-12-01T23:59:00+08:00'));
  await chat.say('member.c', '异议 F-2026-0001：人数不对');
  await chat.say('member.c', '署名');
  await until(chat, new Date('2026-12-02T00:00:00+08:00'));
  expect(read(await chat.say('member.c', '确认'))).toContain('裁定后告诉您');
  expect((await chat.say('member.b', '撤回异议 F-2026-0001')).text).toContain('没有您提的');
  expect((await chat.say('member.c', '撤回异议 F-2026-0001')).text).toContain('公示接着进行，到12月3日24:00');
  await until(chat, new Date('2026-12-04T00:00:01+08:00'));
  await chat.say('member.b', '异议 F-2026-0001：太贵');
  await chat.say('member.b', '署名');
  expect(read(await chat.say('member.b', '确认'))).toContain('公示期内才能提异议');
});

story('a ruling that adjusts the sum makes it public anew; one that ends it frees the money', async (chat) => {
  await funded(chat);
  await onNotice(chat);
  await chat.say('member.c', '异议 F-2026-0001：太贵');
  await chat.say('member.c', '署名');
  await chat.say('member.c', '确认');
  await chat.say('town.a', '裁定 F-2026-0001 调整金额：超标准部分核减');
  expect(read(await chat.say('town.a', '1800元'))).toContain('调整为：1,800元');
  expect(read(await chat.say('town.a', '确认'))).toContain('已作裁定：调整金额');
  expect((await chat.say('supervisor.d', '附署裁定 F-2026-0001')).text).toContain('公示中');
  expect(chat.newest('member.c').text).toContain('的异议已裁定：调整金额为1,800元');
  await chat.say('member.c', '异议 F-2026-0001：还是贵');
  await chat.say('member.c', '署名');
  await chat.say('member.c', '确认');
  expect(await confirmed(chat, 'town.b', '裁定 F-2026-0001 调整为1,900元：核减')).toContain('裁定只能往下调');
  await chat.say('town.b', '取消');
  expect(await confirmed(chat, 'town.b', '裁定 F-2026-0001 终止：活动不办了')).toContain('终止');
  expect((await chat.say('supervisor.e', '附署裁定 F-2026-0001')).text).toContain('因异议终止');
  expect((await chat.say('secretary.a', '公积金余额')).text).toContain('占用：0元');
  expect(await ledger(chat.db, chat.corp)).toMatchInlineSnapshot(`
    "2026-11-24 P-2026-0001 入账｜区财政局财政补助50,000元｜外部 50,000元 → 财政补助 50,000元
    2026-11-24 P-2026-0002 入账｜力西特电气企业预存2,000元｜外部 2,000元 → 企业预存·力西特电气 2,000元
    2026-11-24 P-2026-0003 入账｜明视眼镜企业预存1,000元｜外部 1,000元 → 企业预存·明视眼镜 1,000元
    2026-11-24 P-2026-0004 占用｜力西特党支部“重阳慰问老党员”拟补助｜企业预存·力西特电气 2,000元，财政补助 600元 → 占用F-2026-0001（企业预存·力西特电气） 2,000元，占用F-2026-0001（财政补助） 600元
    2026-11-24 P-2026-0005 解除占用｜F-2026-0001 裁定调整，解除占用｜占用F-2026-0001（企业预存·力西特电气） 2,000元，占用F-2026-0001（财政补助） 600元 → 企业预存·力西特电气 2,000元，财政补助 600元
    2026-11-24 P-2026-0006 占用｜力西特党支部“重阳慰问老党员”拟补助｜企业预存·力西特电气 1,800元 → 占用F-2026-0001（企业预存·力西特电气） 1,800元
    2026-11-24 P-2026-0007 解除占用｜F-2026-0001 裁定终止，解除占用｜占用F-2026-0001（企业预存·力西特电气） 1,800元 → 企业预存·力西特电气 1,800元
    余额｜企业预存·力西特电气 2,000元，企业预存·明视眼镜 1,000元，外部 -53,000元，财政补助 50,000元"
  `);
});

story('over the county sum two approve; 加签, 转办; who decides stays apart from who pays', async (chat) => {
  await funded(chat, { stars: '五星' });
  await applied(chat, '慰问品6000');
  expect((await chat.say('town.a', '转办 F-2026-0001 给陈志远')).text).toContain('陈志远不能审批这一笔。能办的还有：');
  expect((await chat.say('town.a', '转办 F-2026-0001 给郑海燕')).text).toContain('已转给郑同志办');
  expect((await chat.say('town.a', '同意 F-2026-0001')).text).toContain('现在由瞿溪街道党工委（郑同志）办，您不能办');
  await chat.say('town.b', '拟补助 F-2026-0001 5500元');
  expect(read(await chat.say('town.b', '确认'))).toContain('拟补助5,500元');
  await until(chat, DECEMBER(2));
  expect((await chat.say('town.a', '加签 F-2026-0001 给郑海燕')).text).toContain('已请郑同志加签');
  expect((await chat.say('town.b', '同意 F-2026-0001')).text).toContain('还要一位同意，已请张同志');
  expect((await chat.say('town.b', '同意 F-2026-0001')).text).toContain('现在由瞿溪街道党工委（张同志）办');
  expect(read(await chat.say('town.a', '同意 F-2026-0001'))).toContain('终审通过');
  expect((await chat.say('town.a', '拨付 F-2026-0001')).text).toContain('由公积金的出纳办');
  expect(await confirmed(chat, 'cashier.a', '拨付 F-2026-0001 5000元')).toContain('F-2026-0001 已拨付');
  expect((await chat.say('secretary.a', '催办 F-2026-0001')).text).toContain('现在不用催别人');
});

story('催办 reaches who holds it, once a day; reminders before and after the limit', async (chat) => {
  await funded(chat);
  await applied(chat);
  expect((await chat.say('secretary.a', '催办 F-2026-0001')).text).toContain('已提醒瞿溪街道党工委（张同志、郑同志）');
  expect(chat.newest('town.b').text).toContain('林书记催办：F-2026-0001');
  expect((await chat.say('secretary.a', '催办 F-2026-0001')).text).toContain('刚催过，11月25日10:00以后才能再催');
  await until(chat, new Date('2026-11-26T09:30:00+08:00'));
  expect(chat.newest('town.a').text).toContain('还在等您办，请在11月27日17:30前办');
  await until(chat, new Date('2026-11-28T09:30:00+08:00'));
  expect(chat.newest('county.a').text).toContain('已经超过时限');
});

story('another sum or purpose goes back to the first review; another place does not; withdrawn money is free', async (chat) => {
  await funded(chat);
  await onNotice(chat);
  expect(await confirmed(chat, 'secretary.a', '变更 F-2026-0001：地点改成瞿溪街道文化中心')).toContain('不影响现在的步骤');
  await chat.say('secretary.a', '变更 F-2026-0001：预算改成慰问品3000');
  expect(read(await chat.say('secretary.a', '确认'))).toContain('F-2026-0001 已提交');
  expect((await chat.say('secretary.a', '公积金余额')).text).toContain('占用：0元');
  expect(read(await chat.say('town.a', '同意 F-2026-0001'))).toContain('拟补助3,000元');
  expect(await confirmed(chat, 'secretary.a', '撤回 F-2026-0001')).toContain('已撤回');
  expect(await confirmed(chat, 'secretary.a', '撤回 F-2026-0001')).toContain('不能再撤回');
});

story('a lower star honours what is reserved, and counts for what is new', async (chat) => {
  await funded(chat);
  await applied(chat, '慰问品7000');
  await confirmed(chat, 'county.a', '调整星级 力西特党支部 无星：连续两季度没有组织生活');
  expect(read(await chat.say('town.a', '同意 F-2026-0001'))).toContain('拟补助7,000元');
  expect(read(await filledAgain(chat, '慰问品100'))).toContain('还差100元。现在可用0元');
});

story('rules are quoted with chapter and version; a revision leaves old applications theirs', async (chat) => {
  await funded(chat);
  await applied(chat);
  expect((await chat.say('worker.a', '公积金能买什么')).text).toContain(
    '《党建公积金规范》第二章 使用范围（第1版）：只用于党建活动的四类支出',
  );
  expect((await chat.say('worker.a', '公积金审批程序')).text).toContain('第四章 审批程序（第1版）');
  await chat.say('county.a', '修订公积金规范 使用范围：只用于党建活动，不得购买烟酒');
  expect(read(await chat.say('county.a', '确认'))).toContain('现在是第2版');
  expect((await chat.say('worker.a', '公积金能买什么')).text).toContain('第二章 使用范围（第2版）：只用于党建活动，不得购买烟酒');
  expect((await chat.say('secretary.a', 'F-2026-0001 按哪版规范')).text).toContain('F-2026-0001 按第1版办');
});

story('the secretary is replaced midway: the rights move, the number stays', async (chat) => {
  await funded(chat);
  await applied(chat);
  await chat.say('town.a', '退回 F-2026-0001：写清品名');
  await confirmed(chat, 'secretary.a', '交接给 周晓燕');
  expect(
    chat
      .inbox('member.b')
      .map(({ text }) => text)
      .join('|'),
  ).toContain(
    '您接手的公积金申请有1笔在办：\nF-2026-0001 重阳慰问老党员，2,600元：已退回，等补正，在力西特党支部（周书记），12月1日17:30前，理由：写清品名',
  );
  await until(chat, new Date('2026-11-24T10:01:00+08:00'));
  expect((await chat.say('secretary.a', '撤回 F-2026-0001')).text).toContain('公积金由党组织书记申请');
  expect(await confirmed(chat, 'member.b', '补正 F-2026-0001：预算改成米油2000')).toContain('F-2026-0001 已提交');
  expect((await chat.say('member.b', '我的申请到哪了')).text).toContain('F-2026-0001');
});

story('two officers at once: one wins, the other hears who; twice at once is once', async (chat) => {
  await funded(chat);
  for (let round = 1; round <= 8; round++) {
    await chat.press('secretary.a', await (round === 1 ? filled : filledAgain)(chat, '慰问品100'), '确认');
    const no = `F-2026-${String(round).padStart(4, '0')}`;
    const said = await Promise.all(
      ['town.a', 'town.b', 'town.a'].map(async (who, i) =>
        (await chat.wecom.say(who, round % 2 && i === 1 ? `驳回 ${no}：不办了` : `同意 ${no}`, i === 2 ? 'app' : 'bot')).bubbles
          .map((bubble) => read(bubble))
          .join('\n'),
      ),
    );
    await chat.settle();
    const { state } = await chat.db.client.fundApplication.findFirstOrThrow({ where: { corp: chat.corp, no } });
    expect(['ON_NOTICE', 'REJECTED']).toContain(state);
    expect(said.filter((words) => /初审通过\n|已驳回\n理由/u.test(words)).length).toBeLessThanOrEqual(1);
    expect(said.some((words) => new RegExp(`${no} 已由[张郑]同志在今天10:00(?:初审通过|驳回)`, 'u').test(words))).toBe(true);
    const decisions = await chat.db.client.fundDecision.count({ where: { application: { corp: chat.corp, no } } });
    expect(decisions).toBe(1);
  }
});

story(
  'whoever belongs to the applying branch steps aside; nobody left: the county decides at once, and a cashier is asked for',
  async (chat) => {
    await funded(chat);
    const { client } = chat.db;
    const place = async (code: string) => client.organisation.findFirstOrThrow({ where: { corp: chat.corp, code } });
    const join = async (userId: string, code: string, role: string) => {
      const { id: personId } = await client.person.findFirstOrThrow({ where: { corp: chat.corp, userId } });
      const { id: organisationId } = await place(code);
      await client.standing.create({
        data: { id: `${chat.corp}:${userId}:${code}`, personId, organisationId, role, since: chat.now() },
      });
    };
    await join('town.a', 'branch1', 'PARTY_MEMBER');
    await chat.at(new Date('2026-11-24T10:01:00+08:00'));
    await applied(chat);
    expect(read(chat.newest('town.b'))).toContain('黄 1位审批人要回避');
    expect((await chat.say('town.a', '同意 F-2026-0001')).text).toContain(
      '按规定要回避，由别的同志来审批。现在由瞿溪街道党工委（郑同志）来办',
    );
    await join('town.b', 'branch1', 'PARTY_MEMBER');
    await join('cashier.a', 'enterprise1', 'WORKER');
    await chat.at(new Date('2026-11-24T10:02:00+08:00'));
    expect(await confirmed(chat, 'secretary.a', '补正 F-2026-0001：人数改成20人')).toContain(
      '现在由瓯海区（王同志、徐同志）初审',
    );
    expect(read(await chat.press('county.a', chat.newest('county.a'), '同意'))).toContain('初审通过');
    await until(chat, DECEMBER(2));
    expect(read(await chat.press('twonew.a', chat.newest('twonew.a'), '同意'))).toContain('终审通过');
    expect(chat.newest('town.b').text).toContain('没有能拨付的出纳');
    expect((await chat.say('secretary.a', '我的申请到哪了')).text).toContain(
      '待拨付，在瞿溪街道党工委（暂时没有人能办，已请上级安排）',
    );
    expect((await chat.say('cashier.a', '拨付 F-2026-0001')).text).toContain('您属于申请的这个单位，按规定要回避');
  },
);

story('not settled in time: reminded before, and nothing new may be asked for after', async (chat) => {
  await funded(chat);
  expect(await confirmed(chat, 'county.a', '结项期限改7天')).toContain('结项期限');
  await onNotice(chat);
  await until(chat, DECEMBER(2));
  await chat.say('town.a', '同意 F-2026-0001');
  expect(await confirmed(chat, 'cashier.a', '拨付 F-2026-0001')).toContain('已拨付');
  await until(chat, DECEMBER(21, '09:30'));
  expect(chat.newest('secretary.a').text).toContain('请在12月27日24:00前结项');
  await until(chat, DECEMBER(29));
  expect(read(await chat.say('secretary.a', '申请公积金：再办一次'))).toContain('已经过了结项期限，先结项才能再申请');
});
