/** What went wrong when people used the fund as people do: no dead end, nothing lost, nothing told to the wrong ones. */
import { expect } from 'vitest';
import { MODULES } from '../../src/modules.ts';
import { createRouter, type Router } from '../../src/nlu/router.ts';
import { read, story, type Chat } from '../chat.ts';
import { ledger } from '../ledger.ts';

const DECEMBER = (day: number, time = '09:00') => new Date(`2026-12-${String(day).padStart(2, '0')}T${time}:00+08:00`);

let trained: Router | undefined;
const router = () => (trained ??= createRouter());
/** With ears for free words. */
const heard = (name: string, tell: (chat: Chat) => Promise<void>) => story(name, tell, MODULES, { router });

async function confirmed(chat: Chat, who: string, words: string) {
  await chat.say(who, words);
  return read(await chat.say(who, '确认'));
}

/** Booked by the cashier, confirmed by the other side. */
async function booked(chat: Chat, words: string, other: string) {
  await chat.press('cashier.a', await chat.say('cashier.a', words), '确认');
  return read(await chat.press(other, chat.newest(other), '确认'));
}

/** Fiscal money, principal of 力西特 and, for a complete group of supervisors, of 明视眼镜. */
async function funded(chat: Chat, { principal = '2000元', fiscal = '50000元' } = {}): Promise<void> {
  await booked(chat, `登记财政补助 区财政局 ${fiscal}`, 'town.a');
  await booked(chat, `登记入账 力西特电气 ${principal}`, 'supervisor.a');
  await booked(chat, '登记入账 明视眼镜 1000元', 'supervisor.b');
  for (const branch of ['力西特党支部', '明视眼镜党支部']) await confirmed(chat, 'county.a', `调整星级 ${branch} 三星：示范带动`);
}

async function filled(chat: Chat, budget: string, who = 'secretary.a') {
  await chat.say(who, '申请公积金：重阳慰问老党员');
  for (const words of ['走访慰问', '12月20日', '瞿溪敬老院', '30人', budget]) await chat.say(who, words);
  return chat.say(who, '11月20日支委会，5人全票同意');
}

async function applied(chat: Chat, budget = '慰问品2600', who = 'secretary.a') {
  return chat.press(who, await filled(chat, budget, who), '确认');
}

/** From the application to the money on the branch's account. */
async function paid(chat: Chat, budget?: string): Promise<void> {
  await applied(chat, budget);
  await chat.say('town.a', '同意 F-2026-0001');
  await chat.moveTo(DECEMBER(2));
  await chat.say('town.b', '同意 F-2026-0001');
  expect(await confirmed(chat, 'cashier.a', '拨付 F-2026-0001')).toContain('F-2026-0001 已拨付');
}

story('paid and then called off: all of it comes back, and it counts neither for nor against the branch', async (chat) => {
  await funded(chat);
  await paid(chat);
  expect((await chat.say('secretary.a', '撤回 F-2026-0001'), read(await chat.say('secretary.a', '确认')))).toContain(
    '没花就写0元',
  );
  await chat.say('secretary.a', '结项 F-2026-0001');
  expect(read(await chat.say('secretary.a', '0元'))).toContain('活动为什么没有办');
  const card = await chat.say('secretary.a', '老人那边不方便接待，取消了');
  expect(read(card)).toContain('活动没有办，拨付的2,600元请全部退到公积金账户');
  expect(read(await chat.press('secretary.a', card, '确认'))).toContain('2,600元请退到公积金账户');
  expect(read(await chat.press('cashier.a', chat.newest('cashier.a'), '已收到'))).toContain('收到 F-2026-0001 的结余2,600元');
  expect(chat.newest('secretary.a').text).toContain('活动没有办，拨付的钱已全部退回，不计入绩效');
  expect((await chat.say('secretary.a', '我的信用额度')).text).toContain('近12个月结项0场（满12场封顶），按期0/0');
  expect(await ledger(chat.db, chat.corp)).toContain('企业预存·力西特电气 2,000元');
});

story('a refund that was approved and no longer reaches is turned down, and asked for anew', async (chat) => {
  await funded(chat);
  expect(await confirmed(chat, 'supervisor.a', '申请退存2000元')).toContain('T-2026-0001 已提交');
  expect(read(await chat.say('town.a', '同意 T-2026-0001'))).toContain('T-2026-0001 已通过');
  await paid(chat, '慰问品1500');
  const short = read(await chat.say('cashier.a', '已退款 T-2026-0001'));
  expect(short).toContain('现在只剩500元可退，比批准的少');
  expect(short).toContain('说“驳回 T-2026-0001”');
  expect(read(await chat.say('town.a', '驳回 T-2026-0001：本金用掉了一部分'))).toContain('T-2026-0001 已驳回');
  expect(await confirmed(chat, 'supervisor.a', '申请退存')).toContain('T-2026-0002 已提交：力西特电气 500元');
});

story('money that comes in moves the queue at once', async (chat) => {
  await funded(chat, { fiscal: '1000元' });
  await filled(chat, '慰问品6000');
  await chat.say('secretary.a', '确认');
  expect((await chat.say('secretary.a', 'F-2026-0001 排队')).text).toContain('现在第1位');
  await booked(chat, '登记财政补助 区财政局 20000元', 'town.a');
  expect(chat.newest('secretary.a').text).toContain('排到了：F-2026-0001');
});

story('联盟共担 asks for what is short now: nothing when the money has come, and nobody may bear a whole', async (chat) => {
  await funded(chat, { fiscal: '1000元' });
  await filled(chat, '慰问品6000');
  await chat.say('secretary.a', '确认');
  await booked(chat, '登记财政补助 区财政局 20000元', 'town.a');
  expect(read(await chat.say('secretary.a', 'F-2026-0001 联盟共担 明视眼镜党支部'))).toContain('F-2026-0001 已提交');
  await filled(chat, '慰问品900', 'secretary.b');
  await chat.say('secretary.b', '取消');
});

story('a budget that is changed to more than there is ends in buttons that work', async (chat) => {
  await funded(chat);
  await applied(chat);
  await chat.say('town.a', '退回 F-2026-0001：预算重列');
  await chat.say('secretary.a', '补正 F-2026-0001：预算改成慰问品9000');
  const ways = await chat.say('secretary.a', '确认');
  expect(read(ways)).toContain('F-2026-0001 还差1,800元，怎么办？');
  expect(read(await chat.press('secretary.a', ways, '改额'))).toContain('F-2026-0001 已提交');
});

story('what is returned, and what is objected to, is not forgotten', async (chat) => {
  await funded(chat);
  await applied(chat);
  await chat.say('town.a', '退回 F-2026-0001：预算重列');
  await chat.moveTo(DECEMBER(2, '10:00'));
  expect(chat.inbox('secretary.a').some(({ text = '' }) => text.startsWith('提醒：F-2026-0001'))).toBe(true);
  expect(chat.inbox('county.a').some(({ text = '' }) => text.includes('F-2026-0001') && text.includes('超过时限'))).toBe(true);
});

story('an objection waits for its ruling, and whoever rules is reminded', async (chat) => {
  await funded(chat);
  await applied(chat);
  await chat.say('town.a', '同意 F-2026-0001');
  await chat.say('member.c', '异议 F-2026-0001：去年慰问只花了1800元');
  await chat.say('member.c', '不署名');
  await chat.say('member.c', '确认');
  await chat.moveTo(DECEMBER(2, '10:00'));
  expect(
    chat.inbox('town.a').some(({ text = '' }) => text.startsWith('提醒：F-2026-0001') && text.includes('有异议，核查中')),
  ).toBe(true);
});

story('a deposit that was reversed locks nothing, and seats nobody among the depositors', async (chat) => {
  await booked(chat, '登记入账 力西特电气 2000元', 'supervisor.a');
  await booked(chat, '登记入账 明视眼镜 1000元', 'supervisor.b');
  expect((await chat.say('cashier.a', '监督小组')).text).toContain('组成齐全');
  await chat.say('cashier.a', '冲正 P-2026-0002：打错了');
  await chat.say('cashier.a', '确认');
  expect((await chat.say('cashier.a', '监督小组')).text).toContain('预存企业代表要2人，现在1人');
});

story('a second instalment pays for the lines that the first does not', async (chat) => {
  await funded(chat);
  await filled(chat, '党群活动：租车7200元；教育培训：教材1800元');
  const ways = await chat.say('secretary.a', '确认');
  expect(read(await chat.press('secretary.a', ways, '分期'))).toContain('第二期 F-2026-0002 1,800元排在第1位');
  const [second] = await chat.db.client.fundApplication.findMany({ where: { corp: chat.corp, no: 'F-2026-0002' } });
  expect(second?.budgetTotal).toBe(1800_00n);
  expect(second?.budget).toEqual([{ category: 'TRAINING', what: '教材', amount: '180000' }]);
});

story('sums are said with the comma they are shown with', async (chat) => {
  await funded(chat);
  await applied(chat);
  expect(read(await chat.say('town.a', '拟补助 F-2026-0001 2,000元'))).toContain('金额：2,000元');
  await chat.say('town.a', '确认');
  await chat.moveTo(DECEMBER(2));
  await chat.say('town.b', '同意 F-2026-0001');
  expect(read(await chat.say('cashier.a', '拨付 F-2026-0001 1,800元'))).toContain('拨付1,800元');
});

story('a number that was not read is shown how, by the letter that is asked for', async (chat) => {
  await chat.say('secretary.a', '补正申请');
  expect(read(await chat.say('secretary.a', '就上次那个'))).toContain('编号应像 F-2026-0001');
});

story('加签 asks one more and takes the decision from nobody: both have to agree', async (chat) => {
  await funded(chat);
  await applied(chat);
  await chat.say('town.a', '同意 F-2026-0001');
  await chat.moveTo(DECEMBER(2));
  expect((await chat.say('town.a', '加签 F-2026-0001 给郑海燕')).text).toContain('郑同志同意了才能拨付');
  expect((await chat.say('town.a', '同意 F-2026-0001')).text).toContain('有加签，还要一位同意，已请郑同志');
  expect(read(await chat.say('town.b', '同意 F-2026-0001'))).toContain('终审通过');
});

story('what was booked wrong is taken back by who booked it, and nobody confirms it any more', async (chat) => {
  expect(await confirmed(chat, 'supervisor.a', '预存公积金5000元')).toContain('已登记 D-2026-0001');
  expect((await chat.say('cashier.a', '撤回 D-2026-0001')).text).toContain('由登记的人撤回');
  expect((await chat.say('supervisor.a', '撤回 D-2026-0001')).text).toContain('已撤回，没有入账');
  expect(read(chat.newest('cashier.a'))).toContain('撤回，不用再办');
  expect((await chat.say('cashier.a', '确认入账 D-2026-0001')).text).toContain('已经是“已撤回”');
  expect((await chat.say('cashier.a', '出纳待办')).text).toContain('没有等您办的');
});

story('where a town has nobody to confirm a deposit the county is asked', async (chat) => {
  expect(await confirmed(chat, 'owner.c', '预存30000元')).toContain('等县级组织部门、两新工委（王同志、徐同志）确认');
  expect(read(await chat.press('county.a', chat.newest('county.a'), '确认'))).toContain('收据 D-2026-0001');
  expect(read(chat.newest('owner.c'))).toContain('收据 D-2026-0001');
});

story('who gives money of their own gets the receipt, with what it may be spent on', async (chat) => {
  await chat.say('worker.a', '我自愿赞助100元');
  await chat.say('worker.a', '限定用途改成培训');
  await chat.say('worker.a', '确认');
  await chat.press('cashier.a', chat.newest('cashier.a'), '确认');
  expect(read(chat.newest('worker.a'))).toContain('收据 D-2026-0001\n金额：100元');
  expect(read(chat.newest('worker.a'))).toContain('限定用途：教育培训');
  await booked(chat, '登记入账 力西特电气 2000元', 'supervisor.a');
  expect((await chat.say('secretary.a', '公积金余额')).text).toContain('自愿赞助0元（另有限教育培训100元）');
});

story('before a deposit is confirmed whoever paid reads who is waited for', async (chat) => {
  await confirmed(chat, 'supervisor.a', '预存公积金5000元');
  expect((await chat.say('supervisor.a', '我们存的钱到账了没')).text).toBe(
    'D-2026-0001 力西特电气企业预存5,000元：待对方确认，等出纳（潘同志）确认，确认了才入账。',
  );
  expect((await chat.say('owner.d', 'D-2026-0001这笔钱哪来的')).text).toContain('不是您单位的');
});

story('nobody reads what is another branch’s before it is public, not on a card to confirm either', async (chat) => {
  await funded(chat);
  await applied(chat);
  for (const words of ['撤回 F-2026-0001', '补正 F-2026-0001：人数改成20人', '结项 F-2026-0001']) {
    const said = read(await chat.say('secretary.b', words));
    expect(said).toContain('只有它的书记能办');
    expect(said).not.toContain('重阳');
  }
});

story('while the budget is asked for it may be called by its name', async (chat) => {
  await booked(chat, '登记入账 力西特电气 2000元', 'supervisor.a');
  await chat.say('secretary.a', '申请公积金：重阳慰问老党员');
  for (const words of ['走访慰问', '12月20日', '瞿溪敬老院', '三十来个']) await chat.say('secretary.a', words);
  expect(read(await chat.say('secretary.a', '大概四五千'))).toContain('要一个确定的数');
  await chat.say('secretary.a', '预算改成慰问品2000.005');
  await chat.say('secretary.a', '预算改成大巴壹仟捌佰元、饭费500');
  expect(read(await chat.say('secretary.a', '11月20日支委会，5人全票同意'))).toContain('党群活动：大巴1800元、饭费500元');
  expect(read(await chat.say('secretary.a', '时间改到12月22号'))).toContain('时间：2026年12月22日');
  expect(read(await chat.say('secretary.a', '那就28人'))).toContain('人数：28人');
});

heard('more about the matter that is open is no new matter', async (chat) => {
  await booked(chat, '登记入账 力西特电气 2000元', 'supervisor.a');
  await chat.say('secretary.a', '申请公积金：红色研学');
  await chat.say('secretary.a', '参观学习');
  expect(read(await chat.say('secretary.a', '大巴两千，饭费25人每人40，门票每人30'))).toContain('时间请说日期');
  expect(read(await chat.say('secretary.a', '为啥要填这个'))).toContain('时间是“申请公积金”要用到的');
});

story('a number of another kind is not what was meant by 催一下; a sum is corrected in a word', async (chat) => {
  await confirmed(chat, 'secretary.a', '预存公积金5000元');
  expect((await chat.say('secretary.a', '催一下')).text).toContain('催哪一笔？');
  await chat.say('owner.d', '预存300元');
  expect(read(await chat.say('owner.d', '那就五百'))).toContain('金额：500元');
  expect((await chat.say('cashier.a', '同意 F-2026-0001')).text).toBe(
    '公积金申请由上级党组织审批。想知道办到哪了，请书记说“我的申请到哪了”。',
  );
});

story('what is in people’s mouths: rulings that wait, half a question, a plan that fell through', async (chat) => {
  await funded(chat);
  await applied(chat);
  await chat.say('town.a', '同意 F-2026-0001');
  await chat.say('member.c', '异议 F-2026-0001：饭钱太贵');
  await chat.say('member.c', '不想写名字');
  await chat.say('member.c', '确认');
  expect((await chat.say('town.a', '待我审核')).text).toContain('有异议，说“裁定 F-2026-0001”');
  expect(read(await chat.say('member.c', '算了，我不提异议了，撤回异议'))).toContain('您的异议已撤回');
  expect((await chat.say('secretary.a', '钱到账了没')).text).toContain('公示中');
  expect((await chat.say('secretary.a', '再搞5场活动能涨多少额度')).text).toContain('再办5场并按期结项');
  expect((await chat.say('member.a', '公积金都花哪去了')).text).toContain('公积金台账');
  expect(read(await chat.say('supervisor.b', '我要把存的钱退出来'))).toContain('请核对退存申请');
  expect(read(await chat.say('county.a', '把明视眼镜党支部调成2星，理由是活动少'))).toContain('星级：二星\n理由：活动少');
  expect(read(await chat.say('cashier.a', '工会给了3000，只能搞培训用'))).toContain('来源：群团联筹\n限定用途：教育培训');
  expect(read(await chat.say('cashier.a', '力西特电气的两万块到账了'))).toContain(
    '谁出的钱：力西特电气\n金额：20,000元\n来源：企业预存',
  );
  expect(read(await chat.say('secretary.a', '这个活动不办了，撤回F-2026-0001'))).toContain('请核对要撤回的申请');
  expect((await chat.say('secretary.a', '结项')).text).toContain('现在没有等结项的申请');
});

story('whose deposit is reversed is told, once', async (chat) => {
  await booked(chat, '登记入账 明视眼镜 1000元', 'supervisor.b');
  await confirmed(chat, 'cashier.a', '冲正 P-2026-0001：打错了');
  for (const who of ['secretary.b', 'supervisor.b'])
    expect(chat.inbox(who).filter(({ text = '' }) => text.includes('已由潘同志冲正')).length).toBe(1);
});

story('stars in people’s mouths', async (chat) => {
  expect((await chat.say('secretary.a', '差多少分能上四星')).text).toContain('最省力的办法');
  expect((await chat.say('member.a', '咱支部离三星还差多少')).text).toContain('最省力的办法');
  expect(read(await chat.say('town.a', '给力西特党支部记两次主题党日，11月签到表'))).toContain('次数：2次\n依据：11月签到表');
  expect(read(await chat.say('secretary.a', '我不服这个星级，少记了两次党课'))).toContain('理由：少记了两次党课');
});
