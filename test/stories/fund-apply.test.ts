/** 公积金申请: project book and budget, 初审, 公示, 终审, 拨付, 结项, through the encrypted doors. */
import { expect } from 'vitest';
import { read, story, TOWN, type Chat } from '../chat.ts';
import { ledger } from '../ledger.ts';

/** Fiscal money in the town's fund, principal of 力西特, and stars for both branches. */
export async function funded(chat: Chat, { principal = '2000元', fiscal = '50000元', stars = '三星' } = {}): Promise<void> {
  await chat.say('town.a', '@党建助手 绑定本群 瞿溪街道党工委', TOWN);
  await chat.say('town.a', '@党建助手 确认', TOWN);
  await chat.press('cashier.a', await chat.say('cashier.a', `登记财政补助 区财政局 ${fiscal}`), '确认');
  await chat.press('town.a', chat.newest('town.a'), '确认');
  await chat.press('cashier.a', await chat.say('cashier.a', `登记入账 力西特电气 ${principal}`), '确认');
  await chat.press('supervisor.a', chat.newest('supervisor.a'), '确认');
  await chat.press('cashier.a', await chat.say('cashier.a', '登记入账 明视眼镜 1000元'), '确认');
  await chat.press('supervisor.b', chat.newest('supervisor.b'), '确认');
  for (const branch of ['力西特党支部', '明视眼镜党支部']) {
    await chat.say('county.a', `调整星级 ${branch} ${stars}：示范带动`);
    await chat.say('county.a', '确认');
  }
}

/** F-2026-0001 of 力西特, as it is said. @returns the card to confirm */
export async function filled(chat: Chat, budget = '租车1200、餐费600；教育培训：教材800，合计2600', who = 'secretary.a') {
  await chat.say(who, '申请公积金：重阳慰问老党员');
  await chat.say(who, '走访慰问');
  await chat.say(who, '12月20日');
  await chat.say(who, '瞿溪敬老院');
  await chat.say(who, '30人');
  await chat.say(who, budget);
  return chat.say(who, '11月20日支委会，5人全票同意');
}

export async function applied(chat: Chat, budget?: string, who?: string) {
  return chat.press(who ?? 'secretary.a', await filled(chat, budget, who), '确认');
}

const DECEMBER = (day: number, time = '09:00') => new Date(`2026-12-${String(day).padStart(2, '0')}T${time}:00+08:00`);

/** Reviewed, public, and the publicity over without an objection. */
export async function cleared(chat: Chat): Promise<void> {
  await applied(chat);
  await chat.press('town.a', chat.newest('town.a'), '同意');
  await chat.at(DECEMBER(2));
}

async function pictures(chat: Chat, who: string): Promise<void> {
  for (const n of [1, 2, 3]) {
    const image = Buffer.from(`\x89PNG\r\n\x1a\n${who}${n} as long as a picture`, 'latin1');
    await chat.say(who, { image });
  }
}

story('the whole way: applied, reviewed, public, approved, paid, settled with something left, rated', async (chat) => {
  await funded(chat);
  const card = await filled(chat);
  expect(read(card)).toMatchInlineSnapshot(`
    "请核对活动项目书和预算
    内容：重阳慰问老党员
    形式：走访慰问
    时间：2026年12月20日
    地点：瞿溪敬老院
    人数：30人
    会议记录：11月20日支委会，5人全票同意
    预算合计2,600元。现在可用2,600元：自有2,000元，额度或补助600元。
    预算：党群活动：租车1200元、餐费600元；教育培训：教材800元
    [确认] [改内容] [改形式] [改时间] [改地点] [取消]"
  `);
  expect(read(await chat.press('secretary.a', card, '确认'))).toMatchInlineSnapshot(`
    "F-2026-0001 已提交
    重阳慰问老党员，申请2,600元（自有2,000元，占用额度600元）。
    现在由瞿溪街道党工委（张同志、郑同志）初审，最晚11月27日17:30前答复。
    说“我的申请到哪了”随时可以看。
    (已提交)"
  `);

  const review = chat.newest('town.a');
  expect(read(review)).toMatchInlineSnapshot(`
    "请初审 F-2026-0001
    党组织：力西特党支部
    申请：2,600元
    其中用额度：600元，批后还剩4,600元
    近一年：办结0次，按期0/0
    看一看：绿 没有发现异常
    请在此前办：11月27日17:30
    内容：重阳慰问老党员；形式：走访慰问；时间：2026年12月20日；地点：瞿溪敬老院；人数：30人。
    预算2,600元：党群活动：租车1200元、餐费600元；教育培训：教材800元。
    会议记录：11月20日支委会，5人全票同意
    [同意] [退回补正] [驳回] [转办]"
  `);
  expect((await chat.say('town.b', '待我审核')).text).toContain('初审 重阳慰问老党员，2,600元（力西特党支部，F-2026-0001）');
  expect(read(await chat.press('town.a', review, '同意'))).toContain('拟补助2,600元，公示到12月1日24:00');
  expect(read(chat.newest('town.b'))).toContain('已由张同志在今天10:00初审通过');
  expect(chat.newest('member.a', TOWN).text).toMatchInlineSnapshot(
    `"【公积金公示】F-2026-0001 力西特党支部：重阳慰问老党员，2026-12-20，瞿溪敬老院，拟补助2,600元。公示到12月1日24:00。说“公示 F-2026-0001”看预算；有异议请私聊我说“异议 F-2026-0001：理由”，可以不署名。"`,
  );
  expect((await chat.say('member.a', '@党建助手 看公示', TOWN)).text).toContain(
    'F-2026-0001“重阳慰问老党员”（力西特党支部）拟补助2,600元，到12月1日24:00',
  );
  expect((await chat.say('member.c', '公示 F-2026-0001')).text).toContain('党群活动：租车1200元、餐费600元；教育培训：教材800元');
  expect((await chat.say('secretary.a', '我的申请到哪了')).text).toContain(
    'F-2026-0001 重阳慰问老党员，2,600元：公示中，12月1日24:00前',
  );

  await chat.at(DECEMBER(2));
  expect(read(await chat.press('town.b', chat.newest('town.b'), '同意'))).toContain('终审通过');
  const pay = chat.newest('cashier.a');
  expect(read(pay)).toContain('请拨付 F-2026-0001\n党组织：力西特党支部\n金额：2,600元');
  expect((await chat.say('cashier.a', '待付款')).text).toMatchInlineSnapshot(
    `"1. F-2026-0001 拨付力西特党支部“重阳慰问老党员”2,600元，12月9日17:30前：说“拨付 F-2026-0001”"`,
  );
  expect(read(await chat.say('cashier.a', '拨付1'))).toContain('终审同意2,600元，拨付2,600元');
  await chat.say('cashier.a', '取消');
  expect(read(await chat.say('cashier.a', '帮助'))).toContain('有1笔公积金等您办：说“出纳待办”');
  expect(read(await chat.say('town.a', '出纳待办'))).toContain('请找所在镇街的出纳');
  const confirm = await chat.press('cashier.a', pay, '拨付');
  expect(read(confirm)).toContain('终审同意2,600元，拨付2,600元');
  expect((await chat.say('cashier.a', '确认', 'app')).text).toContain('F-2026-0001 已拨付');
  expect(read(await chat.say('cashier.a', '拨付 F-2026-0001'))).toContain(
    '现在是“已拨付，待结项”。终审通过、还没有拨付的才能拨付',
  );

  await chat.at(DECEMBER(21));
  const early = await chat.say('secretary.a', '结项 F-2026-0001');
  expect(read(early)).toContain('实际花了多少');
  await chat.say('secretary.a', '3000元');
  await chat.say('secretary.a', '28人');
  await chat.say('secretary.a', '老党员很高兴');
  expect(read(await chat.say('secretary.a', '确认'))).toContain('多花的要在花之前另外申请');
  await settled(chat, '2400元');
  expect(read(chat.newest('cashier.a'))).toContain('请确认退回的结余 F-2026-0001\n党组织：力西特党支部\n结余：200元');
  expect((await chat.say('cashier.a', '有什么要我付的')).text).toMatchInlineSnapshot(
    `"1. F-2026-0001 力西特党支部“重阳慰问老党员”的结余200元，到账了说“收到结余 F-2026-0001”"`,
  );
  expect(read(await chat.press('cashier.a', chat.newest('cashier.a'), '已收到'))).toContain('放回原来的来源');
  expect((await chat.say('cashier.a', '出纳待办')).text).toContain('没有等您办的');
  expect((await chat.say('cashier.a', '收到结余 F-2026-0001')).text).toContain('没有等退回的结余');
  expect(chat.newest('secretary.a').text).toContain('按期结项，绩效和星级都记上了');
  expect((await chat.say('town.a', '活动评价 F-2026-0001 5分')).text).toContain('评价5分');
  expect((await chat.say('secretary.a', 'F-2026-0001 到哪了')).text).toMatchInlineSnapshot(`
    "F-2026-0001 重阳慰问老党员，2,600元：已结项
    11月24日10:00 张同志初审通过
    12月2日09:00 郑同志终审同意
    12月2日09:00 潘同志拨付"
  `);
  expect(await ledger(chat.db, chat.corp)).toMatchInlineSnapshot(`
    "2026-11-24 P-2026-0001 入账｜区财政局财政补助50,000元｜外部 50,000元 → 财政补助 50,000元
    2026-11-24 P-2026-0002 入账｜力西特电气企业预存2,000元｜外部 2,000元 → 企业预存·力西特电气 2,000元
    2026-11-24 P-2026-0003 入账｜明视眼镜企业预存1,000元｜外部 1,000元 → 企业预存·明视眼镜 1,000元
    2026-11-24 P-2026-0004 占用｜力西特党支部“重阳慰问老党员”拟补助｜企业预存·力西特电气 2,000元，财政补助 600元 → 占用F-2026-0001（企业预存·力西特电气） 2,000元，占用F-2026-0001（财政补助） 600元
    2026-12-02 P-2026-0005 拨付｜力西特党支部“重阳慰问老党员”｜占用F-2026-0001（企业预存·力西特电气） 2,000元，占用F-2026-0001（财政补助） 600元 → 力西特党支部党群活动（企业预存·力西特电气） 1,800元，力西特党支部教育培训（企业预存·力西特电气） 200元，力西特党支部教育培训（财政补助） 600元
    2026-12-21 P-2026-0006 结余退回｜力西特党支部“重阳慰问老党员”结余退回｜力西特党支部教育培训（财政补助） 200元 → 财政补助 200元
    余额｜企业预存·明视眼镜 1,000元，力西特党支部党群活动（企业预存·力西特电气） 1,800元，力西特党支部教育培训（企业预存·力西特电气） 200元，力西特党支部教育培训（财政补助） 400元，外部 -53,000元，财政补助 49,600元"
  `);
  expect((await chat.say('secretary.a', '今年公积金花了多少')).text).toMatchInlineSnapshot(`
    "瞿溪街道党工委公积金2026年（到现在）
    进账：53,000元（已减去退给企业的）
    支出：2,400元，其中党群活动1,800元、教育培训600元
    您单位办活动用了：2,400元
    这段时间最近的凭证：
    P-2026-0002 11月24日10:00 入账：外部2,000元 → 企业预存2,000元（D-2026-0002）
    P-2026-0003 11月24日10:00 入账：外部1,000元 → 企业预存1,000元（D-2026-0003）
    P-2026-0004 11月24日10:00 占用：企业预存2,000元、财政补助600元 → 占用F-2026-0001的财政补助600元、占用F-2026-0001的企业预存2,000元（F-2026-0001）
    P-2026-0005 12月2日09:00 拨付：占用F-2026-0001的企业预存2,000元、占用F-2026-0001的财政补助600元 → 教育培训支出（企业预存）200元、教育培训支出（财政补助）600元、党群活动支出（企业预存）1,800元（F-2026-0001）
    P-2026-0006 今天09:00 结余退回：教育培训支出（财政补助）200元 → 财政补助200元（F-2026-0001）"
  `);
  expect((await chat.say('secretary.b', '今年花了多少钱')).text).toContain('您单位办活动用了：0元');
  expect((await chat.say('secretary.a', '@党建助手 公积金12月花在哪了', TOWN)).text).not.toContain('您单位');
  expect((await chat.say('member.c', '公积金11月花在哪了')).text).toMatchInlineSnapshot(`
    "瞿溪街道党工委公积金2026年11月
    进账：53,000元（已减去退给企业的）
    支出：0元
    这段时间最近的凭证：
    P-2026-0001 11月24日10:00 入账：外部50,000元 → 财政补助50,000元（D-2026-0001）
    P-2026-0002 11月24日10:00 入账：外部2,000元 → 企业预存2,000元（D-2026-0002）
    P-2026-0003 11月24日10:00 入账：外部1,000元 → 企业预存1,000元（D-2026-0003）
    P-2026-0004 11月24日10:00 占用：企业预存2,000元、财政补助600元 → 占用F-2026-0001的财政补助600元、占用F-2026-0001的企业预存2,000元（F-2026-0001）"
  `);
  expect(read(await chat.say('member.c', '公积金这个月的支出'))).toContain('公积金2026年12月');
  expect(read(await chat.say('member.c', '公积金明年花了多少'))).toContain('没看懂“明年”');
});

async function settled(chat: Chat, spent: string, who = 'secretary.a', no = 'F-2026-0001') {
  await pictures(chat, who);
  await chat.say(who, `结项 ${no}`);
  await chat.say(who, spent);
  await chat.say(who, '28人');
  await chat.say(who, '老党员很高兴');
  return chat.say(who, '确认');
}

story(
  'a bare number shows what may be read of it; 批了没; 帮我催一下 means the one just sent in; the county reads what is on notice',
  async (chat) => {
    await funded(chat);
    await applied(chat);
    expect(read(await chat.say('secretary.a', 'F-2026-0001'))).toContain('待初审，在瞿溪街道党工委（张同志、郑同志）');
    expect(read(await chat.say('secretary.a', '报上去的钱批了没'))).toContain('F-2026-0001 重阳慰问老党员，2,600元：待初审');
    expect(read(await chat.say('secretary.a', '帮我催一下'))).toContain('已提醒瞿溪街道党工委（张同志、郑同志）');
    expect(read(chat.newest('town.a'))).toContain('催办：F-2026-0001“重阳慰问老党员”');
    expect(read(await chat.say('member.a', 'F-2026-0001'))).toContain('F-2026-0001 还没有公示');
    expect(read(await chat.say('secretary.b', 'F-2026-0001'))).toContain('F-2026-0001 还没有公示');
    expect(read(await chat.say('town.a', '通过 F-2026-0001'))).toContain('初审通过');
    expect(read(await chat.say('member.a', 'F-2026-0001'))).toContain('拟补助2,600元，公示到12月1日24:00');
    expect(read(await chat.say('county.a', '看公示'))).toContain('F-2026-0001“重阳慰问老党员”');
    expect(read(await chat.say('owner.c', '看公示'))).toContain('现在没有正在公示的');
    expect(read(await chat.say('owner.c', 'F-2026-0001'))).toContain('您不在这个范围里');
    expect(read(await chat.say('cashier.a', 'D-2026-0001'))).toContain('D-2026-0001 的来龙去脉：');
    expect(read(await chat.say('member.a', '认领 F-2026-0001'))).toContain('F-2026-0001 是 F 开头的，这里要 A、B、C 开头的编号');
  },
);
