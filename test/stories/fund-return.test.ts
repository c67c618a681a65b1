/** 年度返还、退存、信用额度: what a depositor gets back, and who must say so. */
import { expect } from 'vitest';
import { read, START, story, type Chat } from '../chat.ts';
import { ledger } from '../ledger.ts';

async function booked(chat: Chat, words: string, confirmer: string): Promise<void> {
  await chat.press('cashier.a', await chat.say('cashier.a', words), '确认');
  await chat.press(confirmer, chat.newest(confirmer), '确认');
}

/** Stars in force for a branch. */
async function rated({ db, corp }: Chat, branch: string, stars: number): Promise<void> {
  const organisationId = `${corp}:${branch}`;
  const row = { year: 2026, score: 900, stars, state: 'EFFECTIVE', proposedAt: START, proposerId: 'system', since: START };
  await db.client.starRating.create({ data: { ...row, id: `${organisationId}:rated`, corp, organisationId } });
}

story('年度返还: simulated, run once by the town, pro rata where fiscal money is short, told to each depositor', async (chat) => {
  await rated(chat, 'branch1', 5);
  await rated(chat, 'branch2', 2);
  await booked(chat, '登记入账 力西特电气 20000元', 'secretary.a');
  await booked(chat, '登记入账 明视眼镜 10000元', 'secretary.b');
  await booked(chat, '登记财政补助 区财政局 999.99元', 'town.a');
  expect((await chat.say('secretary.a', '年度返还测算')).text).toMatchInlineSnapshot(`
    "瞿溪街道党工委公积金2026年度返还：2家预存企业，奖励共1,440元，可动财政补助999.99元
    财政补助差440.01元，按比例发放，缺口向预存企业公开。
    力西特电气：本金20,000元；五星，绩效0.3，奖励1,200元，财政补助不够，按比例实发833.33元
    这是测算，以年终办理时为准。
    四项原则：企业预存、财政补助、项目管理、放大使用。"
  `);
  await chat.say('town.a', '办理2026年度返还');
  expect(read(await chat.say('town.a', '确认'))).toContain('2026年还没有结束');
  await chat.say('town.a', '取消');

  await chat.at(new Date('2027-01-05T10:00:00+08:00'));
  expect((await chat.say('cashier.a', '办理2026年度返还')).text).toContain('由镇街党（工）委的组织干部办');
  const asked = await chat.say('town.a', '办理2026年度返还');
  expect(read(asked)).toContain('财政补助差');
  expect(read(await chat.press('town.a', asked, '确认'))).toMatchInlineSnapshot(`
    "办好了
    瞿溪街道党工委公积金2026年度返还：2家预存企业，奖励共1,440元，可动财政补助999.99元
    财政补助差440.01元，按比例发放，缺口向预存企业公开。
    力西特电气：本金20,000元；五星，绩效0.3，奖励1,200元，财政补助不够，按比例实发833.33元
    明视眼镜：本金10,000元；二星，绩效0.3，奖励240元，财政补助不够，按比例实发166.66元
    凭证 P-2027-0001。
    (已处理)"
  `);
  expect(chat.newest('secretary.b').text).toMatchInlineSnapshot(`
    "2026年度返还对账单
    明视眼镜：本金10,000元；二星，绩效0.3，奖励240元，财政补助不够，按比例实发166.66元
    本金加奖励现有10,166.66元。凭证 P-2027-0001。
    四项原则：企业预存、财政补助、项目管理、放大使用。"
  `);
  await chat.say('town.b', '办理2026年度返还');
  expect(read(await chat.say('town.b', '确认'))).toContain('2026年度返还已经办过了，一年只办一次。');
  expect(await ledger(chat.db, chat.corp)).toMatchInlineSnapshot(`
    "2026-11-24 P-2026-0001 入账｜力西特电气企业预存20,000元｜外部 20,000元 → 企业预存·力西特电气 20,000元
    2026-11-24 P-2026-0002 入账｜明视眼镜企业预存10,000元｜外部 10,000元 → 企业预存·明视眼镜 10,000元
    2026-11-24 P-2026-0003 入账｜区财政局财政补助999.99元｜外部 999.99元 → 财政补助 999.99元
    2027-01-05 P-2027-0001 奖励｜2026年度奖励｜财政补助 999.99元 → 企业预存·力西特电气 833.33元，企业预存·明视眼镜 166.66元
    余额｜企业预存·力西特电气 20,833.33元，企业预存·明视眼镜 10,166.66元，外部 -30,999.99元"
  `);
});

story('退存: asked, approved and paid by three people, without the reward while locked, once', async (chat) => {
  await rated(chat, 'branch1', 5);
  await booked(chat, '登记入账 力西特电气 20000元', 'secretary.a');
  await booked(chat, '登记入账 明视眼镜 10000元', 'secretary.b');
  await booked(chat, '登记财政补助 区财政局 50000元', 'town.a');
  await chat.at(new Date('2027-01-05T10:00:00+08:00'));
  await chat.say('town.a', '办理2026年度返还');
  await chat.say('town.a', '确认');
  const asked = await chat.say('secretary.a', '申请退存');
  expect(read(asked)).toContain(
    '力西特电气现在最多可退20,000元，没说金额就全部退。锁定期到2027年11月24日，现在退只退本金，不含奖励。',
  );
  await chat.say('secretary.a', '金额改成3万');
  expect(read(await chat.say('secretary.a', '确认'))).toContain('现在最多可退20,000元');
  await chat.say('secretary.a', '金额改成1.2万');
  expect(read(await chat.say('secretary.a', '确认'))).toContain(
    '退存申请 T-2027-0001 已提交：力西特电气 12,000元，由张同志、郑同志审批，最晚',
  );
  await chat.say('secretary.a', '申请退存');
  expect(read(await chat.say('secretary.a', '确认'))).toContain('已经有一笔退存 T-2027-0001（待审批）');
  await chat.say('secretary.a', '取消');
  expect((await chat.say('cashier.a', '已退款 T-2027-0001')).text).toContain('现在是“待审批”，不能退款');
  expect((await chat.say('town.b', '待我审批')).text).toContain('退存12,000元（力西特电气，T-2027-0001）');
  await chat.press('town.b', chat.newest('town.b'), '通过');
  expect((await chat.say('cashier.a', '出纳待办')).text).toContain('T-2027-0001 退给力西特电气');
  expect(read(await chat.press('cashier.a', chat.newest('cashier.a'), '已退款'))).toContain(
    '力西特电气退存12,000元，凭证 P-2027-0002。',
  );
  expect((await chat.say('cashier.a', '已退款 T-2027-0001')).text).toContain('现在是“已退款”，不能退款');

  await chat.say('town.a', '企业关停退存 明视眼镜');
  expect(read(await chat.say('town.a', '确认'))).toContain('T-2027-0002 已提交：明视眼镜 10,000元，由郑同志审批，最晚');
  expect((await chat.say('town.a', '通过 T-2027-0002')).text).toContain('申请的人自己不能审批');
  await chat.moveTo(new Date('2027-01-13T09:30:00+08:00'));
  const late = '明视眼镜的退存 T-2027-0002（10,000元）已经过了时限，现在“待审批”';
  expect(chat.inbox('town.b').map(({ text }) => text)).toContain(`${late}，请尽快办。`);
  expect(chat.inbox('county.a').map(({ text }) => text)).toContain(`${late}，请督办。`);
  await chat.say('town.b', '驳回 T-2027-0002：还没有注销证明');
  expect(chat.newest('secretary.b').text).toContain('退存 T-2027-0002 没有同意，理由：还没有注销证明');
  expect(await ledger(chat.db, chat.corp)).toMatchInlineSnapshot(`
    "2026-11-24 P-2026-0001 入账｜力西特电气企业预存20,000元｜外部 20,000元 → 企业预存·力西特电气 20,000元
    2026-11-24 P-2026-0002 入账｜明视眼镜企业预存10,000元｜外部 10,000元 → 企业预存·明视眼镜 10,000元
    2026-11-24 P-2026-0003 入账｜区财政局财政补助50,000元｜外部 50,000元 → 财政补助 50,000元
    2027-01-05 P-2027-0001 奖励｜2026年度奖励｜财政补助 1,200元 → 企业预存·力西特电气 1,200元
    2027-01-05 P-2027-0002 退存｜力西特电气退存12,000元｜企业预存·力西特电气 12,000元 → 外部 12,000元
    余额｜企业预存·力西特电气 9,200元，企业预存·明视眼镜 10,000元，外部 -68,000元，财政补助 48,800元"
  `);
});

story('我的信用额度: stars, line, factor, and what a few more activities would change', async (chat) => {
  await rated(chat, 'branch1', 3);
  await booked(chat, '登记入账 力西特电气 20000元', 'secretary.a');
  await booked(chat, '登记财政补助 区财政局 50000元', 'town.a');
  expect((await chat.say('secretary.a', '我的信用额度')).text).toMatchInlineSnapshot(`
    "力西特党支部 2026年信用额度（自有资金以外，今年还能用多少公共资金）
    三星，额度8,000元 × 系数0.65 − 已用和占用0元 = 还剩5,200元
    系数 = 0.5 + 0.5 × 绩效0.3：近12个月结项0场（满12场封顶），按期0/0
    公共资金现在可动50,000元，两者取小的一个。
    再办2场并按期结项，额度 +1,133.33元。
    依据：制度“返还额度”一章，说“公积金制度”可以看全文。"
  `);
  expect((await chat.say('secretary.a', '公积金余额')).text).toContain(
    '可用额度：5,200元（公共资金里今年还能用的），连自有一共可用25,200元',
  );
  expect((await chat.say('secretary.b', '再办3场额度多少')).text).toMatchInlineSnapshot(`
    "明视眼镜党支部 2026年信用额度（自有资金以外，今年还能用多少公共资金）
    无星，额度0元 × 系数0.65 − 已用和占用0元 = 还剩0元
    系数 = 0.5 + 0.5 × 绩效0.3：近12个月结项0场（满12场封顶），按期0/0
    没有预存：按活动实效和财政余额补助，现在最多650元（不超过可动财政补助50,000元的30%）。
    再办3场并按期结项，额度 +162.50元。
    依据：制度“返还额度”一章，说“公积金制度”可以看全文。"
  `);
  expect((await chat.say('cashier.a', '我的信用额度')).text).toContain('由党组织书记或企业主办');
});
