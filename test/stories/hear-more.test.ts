/** Rules quoted, long words drafted, a model that obeys attackers, and ten ways to begin each matter. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createCatalogue } from '../../src/bot/catalogue.ts';
import { understandText } from '../../src/bot/understand.ts';
import { createLog } from '../../src/kernel/log.ts';
import { createAdviser } from '../../src/llm/adviser.ts';
import { createModel } from '../../src/llm/model.ts';
import { MODULES } from '../../src/modules.ts';
import { createRouter, type Router } from '../../src/nlu/router.ts';
import { read, START, story, type Chat } from '../chat.ts';
import { obey, readAttacks } from '../llm/attacks.ts';
import { inRoles, ROLES } from '../people/in-roles.ts';
import { hanging, saying, startEndpoint, type Endpoint } from '../llm/endpoint.ts';

let trained: Router | undefined;
const router = () => (trained ??= createRouter());
let endpoint: Endpoint;
beforeAll(async () => {
  router();
  endpoint = await startEndpoint(hanging);
});
afterAll(() => endpoint.close());

const heard = (name: string, tell: (chat: Chat) => Promise<void>) => story(name, tell, MODULES, { router });
/** The real client, asked over HTTP. */
const advised = (name: string, tell: (chat: Chat) => Promise<void>) =>
  story(name, tell, MODULES, {
    router,
    adviser: {
      advise: (asked) => adviser().advise(asked),
      draft: (asked) => adviser().draft(asked),
    },
  });
const adviser = () =>
  createAdviser(
    createModel({
      baseUrl: endpoint.baseUrl,
      model: 'any',
      log: createLog('silent'),
      clock: () => START,
      budget: { chooseMs: 20_000, draftMs: 20_000, dailyCalls: 100_000 },
    }),
  );

heard('numbers are asked for in free words: the whole, a comparison, and what is counted elsewhere', async (chat) => {
  const told = async (words: string) => read(await chat.say('county.a', words));
  expect(await told('化解率现在到多少了')).toContain('瓯海区 全部\n公开0条');
  expect(await told('上季度需求办结几单')).toContain('瓯海区 2026年第三季度');
  expect(await told('我们县这个季度做得怎么样')).toContain('瓯海区 2026年第四季度');
  expect(await told('这个星期解决了多少问题')).toContain('瓯海区 全部\n公开0条');
  expect(await told('五星支部有几个')).toContain('别的统计请先找');
  expect(await told('哪个支部认领最多')).toContain('瓯海区下面2个单位 全部，按完成率从高到低：\n1. ');
  expect(await told('全市党建公积金一共筹了多少钱')).toContain('公积金');
  await chat.press('cashier.a', await chat.say('cashier.a', '登记财政补助 区财政局 50000元'), '确认');
  await chat.press('town.a', chat.newest('town.a'), '确认');
  expect(read(await chat.say('member.c', '这个月公积金支出明细拉一下'))).toContain('公积金2026年11月（到现在）\n进账：50,000元');
  expect(await told('今年到现在总共几家企业参加过红色团购')).toContain('团购成效');
});

heard(
  'a rule is quoted with clause, version and the number in force; what is not written is said so, with a person to ask',
  async (chat) => {
    const quoted = (await chat.say('worker.a', '规定 需求多久能审核')).text ?? '';
    expect(quoted).toContain('在2个工作日内审核');
    expect(quoted).toContain('——《党建需求库规定》第1.3条，2026年11月试行');
    expect((await chat.say('member.a', '候补是啥意思')).text).toContain('第1.5条');
    expect((await chat.say('worker.a', '查规定')).text).toContain('想查哪一条规定');
    const none = await chat.say('worker.a', '食堂几点开饭');
    expect(read(none)).toContain('没有规定');
    expect(read(none)).toContain('我不猜');
    expect(read(none)).toContain('[转人工]');
    const which = await chat.say('worker.a', '规定 谁可以看到我的手机号码');
    expect(read(which)).toContain('您问的是哪一条？');
    expect(read(await chat.press('worker.a', which, '第2.4条'))).toContain('——《党建助手使用规定》第2.4条');
  },
);

heard('what was told in free words is not asked for again, and is confirmed', async (chat) => {
  const booked = await chat.say('cashier.a', '力西特今天转进来3万块预存款，帮记一下账');
  expect(read(booked)).toContain('谁出的钱：力西特\n金额：30,000元\n来源：企业预存');
  expect(read(await chat.press('cashier.a', booked, '确认'))).toContain('力西特电气企业预存30,000元');
  await chat.press('supervisor.a', chat.newest('supervisor.a'), '确认');
  expect(read(await chat.say('worker.a', '我个人想捐888块给公积金'))).toContain('金额：888元\n来源：自愿赞助');
  await chat.say('worker.a', '取消');

  expect(read(await chat.say('secretary.a', '想搞一次红色研学，25个人，12月10号去平阳凤卧，想用公积金'))).toContain('什么形式？');
  expect(read(await chat.say('secretary.a', '外出学习'))).toContain('在哪里办？');
  expect(read(await chat.say('secretary.a', '平阳凤卧'))).toContain('预算怎么列？');
  await chat.say('secretary.a', '大巴2000，午餐25人每人30');
  const applied = await chat.say('secretary.a', '11月20号支委会，全票同意');
  expect(read(applied)).toContain('内容：红色研学，去平阳凤卧\n形式：外出学习\n时间：2026年12月10日');
  expect(read(applied)).toContain('人数：25人');
  expect(read(applied)).toContain('预算合计2,750元');
  await chat.press('secretary.a', applied, '确认');
  await chat.press('town.a', chat.newest('town.a'), '同意');
  expect(read(await chat.say('member.a', '公示的F-2026-0001我有意见，饭钱太高了'))).toContain('要署名吗');
  expect(read(await chat.say('member.a', '不署名'))).toContain('理由：饭钱太高了');
  expect(read(await chat.say('secretary.a', '昨天我们账上还有多少公积金'))).toContain('截至2026年11月23日');
});

heard('a call told in one breath: the number, who called and what they want are taken apart', async (chat) => {
  const call = await chat.say('hotline.a', '138 5877 1234 瞿溪王师傅打来，说他们车间空调坏了半个月热得要死');
  expect(read(call)).toContain('来电号码：138****1234');
  expect(read(call)).toContain('内容：他们车间空调坏了半个月热得要死');
  expect(read(call)).toContain('来电人：瞿溪王师傅');
  expect(read(await chat.press('hotline.a', call, '确认'))).toContain(
    '请念给来电人：“您反映的他们车间空调坏了半个月热得要死已经登记',
  );
  await chat.say('worker.a', '我要报个需求：车间缺急救培训');
  await chat.say('worker.a', '确认');
  expect(read(await chat.say('worker.a', '那个事有人管了吗'))).toContain('您报的：\n1. C-2026-0001');
});

heard('the number in a rule follows the county', async (chat) => {
  await chat.say('twonew.a', '审核时限改4天');
  await chat.say('twonew.a', '确认');
  await chat.at(new Date(START.getTime() + 24 * 3_600_000));
  expect((await chat.say('worker.a', '规定 需求多久能审核')).text).toContain('在4个工作日内审核');
});

heard('a question about the rules inside a form is answered, and the form waits', async (chat) => {
  await chat.say('worker.a', '我要报个需求：车间缺急救培训');
  const answer = await chat.say('worker.a', '没人认领的需求怎么处理');
  expect(answer.text).toContain('第1.6条');
  expect(read(await chat.say('worker.a', '继续'))).toContain('内容：车间缺急救培训');
});

const TOLD =
  '书记您好，我是二车间的老王，在厂里干了十一年了，先说一声大家都挺好的，今年订单也还可以。上个月我们组长调走了以后班次排得乱，大家有点意见，不过这个已经跟厂里说了，不用您操心。我今天主要想反映的是：我们车间一共六十多个人，没有一个人学过急救，上礼拜有个师傅中暑倒下去大家都慌了手脚，希望能请医院的老师来教一次急救。另外食堂的菜有点咸，这个是顺带一提的，不重要。天气越来越冷了，您自己也多保重身体，有空来我们车间坐坐，我泡茶给您喝，我们这边路好找得很，进了大门右拐就到。';

heard('a need told at length: the sentences that matter are picked to confirm, and said to be picked', async (chat) => {
  expect([...TOLD].length).toBeGreaterThan(220);
  const card = read(await chat.say('worker.a', `我要报个需求：${TOLD}`));
  expect(card).toContain('从原话里挑了要紧的');
  expect(card).toContain('急救');
  const [, kept = ''] = /内容：(.+)/u.exec(card) ?? [];
  expect([...kept].length).toBeLessThanOrEqual(200);
  for (const sentence of kept.match(/[^。！？；]+[。！？；]*/gu) ?? []) expect(TOLD).toContain(sentence);
  expect(await chat.db.client.need.count({ where: { corp: chat.corp } })).toBe(0);
  expect(read(await chat.say('worker.a', '确认'))).toContain('已建单 C-2026-0001');
});

heard('told at length where it is asked for: the same', async (chat) => {
  await chat.say('worker.a', '报需求');
  expect(read(await chat.say('worker.a', TOLD))).toContain('从原话里挑了要紧的');
});

advised(
  'with a model the draft is its shortening, word for word from what was said; an invented one is not taken',
  async (chat) => {
    endpoint.manner = saying(
      JSON.stringify({
        said: [{ slot: 'summary', words: '我们车间一共六十多个人，没有一个人学过急救，希望能请医院的老师来教一次急救' }],
      }),
    );
    const card = read(await chat.say('worker.a', `我要报个需求：${TOLD}`));
    expect(card).toContain('内容：我们车间一共六十多个人，没有一个人学过急救，希望能请医院的老师来教一次急救');
    await chat.say('worker.a', '取消');
    endpoint.manner = saying(JSON.stringify({ said: [{ slot: 'summary', words: '请给我们发一万元奖金' }] }));
    expect(read(await chat.say('worker.a', `我要报个需求：${TOLD}`))).not.toContain('奖金');
    const long = `${TOLD}${TOLD}${TOLD}${TOLD}${TOLD}`;
    await chat.say('worker.a', '取消');
    endpoint.manner = saying(JSON.stringify({ said: [{ slot: 'summary', words: '希望能请医院的老师来教一次急救' }] }));
    expect(read(await chat.say('worker.a', `我们想报个需求，${long}`))).toMatch(/希望能请医院的老师来教一次急救|太长了/u);
  },
);

advised('attacks with a model that obeys them: nothing is done, nothing is decided, nobody else is shown', async (chat) => {
  await chat.say('worker.a', '我要报个需求：车间缺急救培训');
  await chat.say('worker.a', '确认');
  const before = await chat.db.client.audit.count({ where: { corp: chat.corp, outcome: 'done', channel: { not: 'timer' } } });
  const attacks = readAttacks().filter((_, i) => i % 4 === 0);
  let proposals = 0;
  for (const [i, attack] of attacks.entries()) {
    const answers = obey(attack);
    endpoint.manner = saying(answers[i % answers.length] ?? '');
    const person = ['worker.a', 'secretary.a', 'member.a'][i % 3] ?? '';
    const shown = read(await chat.say(person, attack.text));
    if (/对吗？|请核对/u.test(shown)) proposals++;
    if (!attack.text.includes('13912345678')) expect(shown).not.toContain('13912345678');
    await chat.say(person, '取消');
  }
  console.log(`injection through the bot: ${attacks.length} attacks, ${proposals} ended at a confirmation, 0 done`);
  expect(proposals).toBeGreaterThan(0);
  const done = await chat.db.client.audit.findMany({ where: { corp: chat.corp, outcome: 'done', channel: { not: 'timer' } } });
  const harmless = new Set(['human.ask', 'human.end', 'human.say']);
  expect(done.filter(({ intent }) => !harmless.has(intent)).length).toBe(before);
  const needs = await chat.db.client.need.findMany({ where: { corp: chat.corp } });
  expect(needs.map(({ state }) => state)).toEqual(['PENDING']);
});

/** Said by nobody in prompts/phrases. */
const STARTS: Readonly<Record<string, readonly string[]>> = {
  'need.create': [
    '我要报个需求：三号楼电梯老卡人',
    '报需求',
    '想请上面帮我们组织一场消防演练，我们自己搞不来',
    '车间里夏天热得受不了，能不能帮忙解决一下降温',
    '厂门口公交车站太远了，工人下夜班回不去，希望能加一班',
    '我们年轻职工多，想有人牵头办个相亲会',
    '提个需求，宿舍楼没有充电桩',
    '小孩放暑假没地方去，厂里能不能办个托管班',
    '登记一条需求：缺个懂外贸英语的老师来讲课',
    '反映个困难，我们这边用电老是跳闸影响生产',
  ],
  'need.query': [
    '看需求',
    '现在有哪些需求可以领',
    '看看还有什么没人认领的',
    '有啥需求我能帮上忙的，列出来看看',
    '需求库里有什么',
    '查一下B类需求',
    '把没人接的单子发我看看',
    '最近大家都报了哪些需求',
    '我想看看咱们这边的需求清单',
    '还有没有没认领的需求',
  ],
  'need.claim': [
    '认领 C-2026-0001',
    'C-2026-0001 我来',
    '这条C20260001我包了',
    '我认领C-2026-0001这条',
    'C-2026-0001交给我吧，我会弄',
    '我来认领C-2026-0001',
    '点单C-2026-0001',
    'C-2026-0001这个活我接了',
    '那个C-2026-0001归我',
    'C-2026-0001算我的，我去办',
  ],
  'approval.approve': [
    '通过 C-2026-0001',
    '同意C-2026-0001',
    'C-2026-0001同意',
    '批准C-2026-0001',
    'C-2026-0001没问题，准了',
    'C-2026-0001可以，同意通过',
    '审核通过C-2026-0001',
    '我同意C-2026-0001这条',
    'C-2026-0001批了吧',
    'C-2026-0001看过了，同意',
  ],
  'approval.reject': [
    '退回 C-2026-0001：写清楚哪个车间',
    '驳回C-2026-0001',
    '不同意C-2026-0001',
    'C-2026-0001不通过',
    'C-2026-0001退回去重新写',
    '打回C-2026-0001',
    'C-2026-0001不能批，材料不全',
    'C-2026-0001这个不行，退回',
    '不予通过C-2026-0001',
    'C-2026-0001驳回，理由不充分',
  ],
  'human.ask': [
    '转人工',
    '我要找人工',
    '找个真人跟我说',
    '人工客服',
    '能不能让人来跟我说',
    '有没有活人',
    '人工服务',
    '帮我转人工',
    '叫个人来',
    '找客服',
  ],
  'need.claim_collective': [
    '我们支部认领C-2026-0001',
    'C-2026-0001我们支部包了',
    '以支部名义认领C-2026-0001',
    '我们党小组一起来办C-2026-0001',
    'C-2026-0001由我们支部集体认领',
    '集体认领C-2026-0001',
    '联盟来认领C-2026-0001吧',
    'C-2026-0001这条我们小组接了',
    '我代表支部把C-2026-0001接下来',
    '咱们支部一块儿干C-2026-0001这条',
  ],
  'need.progress': [
    'C-2026-0001进展：老师请到了',
    '汇报进展 C-2026-0001 已经开了第一次课',
    'C-2026-0001今天去看过了，下周能修好',
    'C-2026-0001办完了',
    '跟单C-2026-0001：材料都买齐了',
    'C-2026-0001搞定了，灯都换好了',
    '说下C-2026-0001的情况，已经联系好医院',
    'C-2026-0001开工了',
    '我们昨天去C-2026-0001那家看过，设备明天到',
    '更新一下C-2026-0001，已完成一半',
  ],
  'need.rate': [
    '评价 C-2026-0001 5分',
    'C-2026-0001我很满意，给五星',
    '给C-2026-0001打4分',
    'C-2026-0001办得不好，2分',
    '评分C-2026-0001三星',
    'C-2026-0001这次办得真不错，满分',
    '对C-2026-0001不满意，灯还是坏的',
    'C-2026-0001评价一下，4星',
    'C-2026-0001给个好评',
    '给C-2026-0001评五分，来得快',
  ],
  'fund.balance': [
    '公积金余额',
    '我们公积金还剩多少',
    '查一下公积金',
    '公积金账上还有几块钱',
    '我们支部公积金还能用多少',
    '看看我们厂公积金余额',
    '公积金额度还剩多少',
    '我的信用额度',
    '公积金池子里现在有多少钱',
    '帮我看看公积金还够不够办活动',
  ],
  'fund.deposit': [
    '预存公积金2万元',
    '我们厂想存两万到公积金',
    '存公积金一万五',
    '我个人赞助500元给公积金',
    '公积金再存3万',
    '今天往公积金打了2万，登记一下',
    '我们公司打算预存5万块党建公积金',
    '登记入账 力西特电气 20000元',
    '总工会给公积金拨了8000，入一下账',
    '想往公积金里放一万块钱',
  ],
  'fund.apply': [
    '申请公积金',
    '申请公积金办急救培训，3000元',
    '我们支部想申请3000块公积金办个党课',
    '想用公积金搞一次消防演练',
    '公积金申请：红色观影，预算2000',
    '打算申领公积金办个技能比武',
    '申请一笔公积金，给职工办急救课',
    '支部想办重走红军路活动，申请公积金五千',
    '能不能从公积金里申请四千办读书会',
    '要申请公积金，主题党日用',
  ],
  'notice.view': [
    '看公示',
    '现在有哪些公示',
    '公积金公示在哪里看',
    '这个月公示了什么',
    '查看公示',
    '最近公示的活动有哪些',
    '公示名单发我看看',
    '想看一下正在公示的申请',
    'F-2026-0001的公示给我看看',
    '有没有什么在公示',
  ],
  'notice.object': [
    '提异议 F-2026-0001：预算太高',
    '我对F-2026-0001的公示有意见',
    'F-2026-0001这笔钱有问题，我要举报',
    '公示的F-2026-0001我有异议',
    '我要对公示提异议',
    '反对F-2026-0001，去年办过一样的',
    'F-2026-0001公示我不服，要求核查',
    '对F-2026-0001提出异议，人数不实',
    '我想匿名对F-2026-0001提异议',
    '举报F-2026-0001虚报人数',
  ],
  'groupbuy.create': [
    '我们想一起买手套',
    '想联合几家一起买劳保鞋',
    '能不能统一采购一批纸箱',
    '打包带能不能大家拼着买',
    '想发起红色团购买切削液',
    '开个团买灭火器',
    '几家厂合起来买焊条便宜点',
    '有没有人一起团安全帽',
    '我们想团购一批口罩',
    '想和别的厂一起订防暑药',
  ],
  'groupbuy.join': [
    '报名G-2026-0001 30箱',
    'G-2026-0001我们要20箱',
    '手套那个团算我们厂30箱',
    '跟团G-2026-0001，10箱',
    '接龙 65箱',
    '我们也参加G-2026-0001，50箱',
    'G-2026-0001加我们15箱',
    '团购手套我们报40箱',
    '看团购',
    'G-2026-0001给我们留25箱',
  ],
  'hotline.relay': [
    '来电登记',
    '来电：明视眼镜王总说宿舍没热水，电话13800138000',
    '热线接到一个电话，说厂门口路灯坏了',
    '刚才有人打热线反映食堂太贵',
    '值班接到来电，华丰皮革想要个会计老师',
    '有个企业打电话来说缺电工，帮他登记',
    '接到热线：职工反映没有充电桩',
    '代一位来电的老板报个需求，想办消防培训',
    '热线来电，对方姓李，说孩子没地方托管',
    '电话里有个女工反映厕所灯坏了，录一下',
  ],
  'policy.ask': [
    '规定 没人认领怎么办',
    '一个人最多能认领几条',
    '什么情况会退出需求库',
    '热线回访是怎么规定的',
    '需求多久能审核',
    '什么是A类需求',
    '别人先认领了我还能参加吗',
    '认领了没时间做怎么办',
    '没人认领的需求怎么处理',
    '出差了谁替我审批',
  ],
  'fund.rules': [
    '公积金能买什么',
    '公示要几天',
    '公积金能不能买酒',
    '异议要在几天内提',
    '年底返还怎么算',
    '谁可以申请公积金',
    '存进去的钱什么时候能退',
    '公积金规范',
    '公积金审批程序',
    '信用额度是怎么算的',
  ],
};

const hearing = () => ({ router: router(), now: START, person: inRoles(ROLES) });

describe('ten ways to begin each', () => {
  const catalogue = createCatalogue(MODULES);
  test.each(Object.entries(STARTS))('%s', (name, ways) => {
    const missed = ways.filter((words) => {
      const command = understandText(words, {}, catalogue, hearing());
      if (command.do === 'choose') return !command.intents.includes(name);
      return !(command.do === 'start' && (command.intent === name || command.intent.startsWith(`${name}.`)));
    });
    expect(missed).toEqual([]);
    const atOnce = ways.filter((words) => understandText(words, {}, catalogue, hearing()).do === 'start');
    expect(atOnce.length).toBeGreaterThanOrEqual(8);
  });
});

test.each([
  ['手套那个团算我们厂80箱 可多10箱', { quantity: '80箱', tolerance: '10' }],
  ['手套那个团可多10，我们厂要80箱，单价不超45元', { quantity: '80箱', tolerance: '10', ceiling: '45元' }],
  ['我们也参加G-2026-0001，50箱', { quantity: '50箱' }],
])('what a pledge says besides its quantity is heard in free words: %s', (words, said) => {
  const heardAs = understandText(words, {}, createCatalogue(MODULES), hearing());
  expect(heardAs).toMatchObject({ do: 'start', intent: 'groupbuy.join', said });
  if (!('tolerance' in said)) expect(heardAs).not.toHaveProperty('said.tolerance');
});
