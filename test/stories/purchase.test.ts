/** 红色团购, through the encrypted doors. */
import { expect } from 'vitest';
import { MODULES } from '../../src/modules.ts';
import { ALLIANCE, read, story as tell, type Chat } from '../chat.ts';
import { opened, quoted } from './a-purchase.ts';

/** With a way into the group of the alliance. */
const story = (name: string, told: (chat: Chat) => Promise<void>) =>
  tell(name, told, MODULES, { webhooks: { wrDemoAlliance: 'key-alliance' } });

const at = (words: string) => new Date(`2026-${words}:00+08:00`);

const texts = (chat: Chat, who: string) => chat.inbox(who).map((bubble) => read(bubble));
const last = (chat: Chat, who: string) => texts(chat, who).at(-1) ?? '';

story('goods that may be the same are shown before they stand apart: one press joins them', async (chat) => {
  await chat.say('worker.a', '我们想一起买劳保手套');
  await chat.say('worker.a', '确认');
  const card = await chat.say('supervisor.b', '想一起买 手套，50箱');
  expect(read(card)).toContain('联盟里已有1家想买“劳保手套”。是同一样就点下面的');
  expect(read(await chat.press('supervisor.b', card, '就是劳保手套'))).toContain('大概数量：50箱');
  expect(read(await chat.say('supervisor.b', '确认'))).toContain('想一起买“劳保手套”。联盟里现在2家想买');
  expect(read(await chat.say('general.a', '看看大家都想买什么'))).toContain('1. 劳保手套：2家，约50箱');
  expect(read(await chat.say('general.a', '我们想一起买手套'))).toContain('秘书长要开团，说“询价 手套”');
});

story('from a wish to the settled account: firms buy, a ceiling releases one, a latecomer waits and moves up', async (chat) => {
  expect(read(await chat.say('worker.a', '我们想一起买手套'))).toContain('买什么：手套');
  expect(read(await chat.say('worker.a', '确认'))).toContain('联盟里现在1家想买');
  await chat.say('supervisor.b', '想一起买 手套，50箱');
  expect(read(await chat.say('supervisor.b', '确认'))).toContain('联盟里现在2家想买');
  expect(last(chat, 'general.a')).toContain('现在2家想买，合计约50箱。要办，说“询价 手套”');
  expect(read(await chat.say('general.a', '大家想买什么'))).toContain('1. 手套：2家，约50箱');

  await opened(chat);
  expect(last(chat, 'worker.a')).toContain(
    '您想一起买的G-2026-0001“手套”开团了：100箱起每箱45元，200箱起每箱42元，整件10箱，100箱起订，11月27日17:00截单',
  );
  expect(read(await chat.say('worker.a', '我们想一起买手套'))).not.toContain('记下了');
  await chat.say('worker.a', '取消');

  const group = await chat.say('worker.a', '@党建助手 报名G-2026-0001 80箱 可多10 不超45元', ALLIANCE);
  expect(group.text).toBe('G-2026-0001“手套”报上了：力西特电气第1位，80箱。其余的私信给您了。\n点错了就马上说“@党建助手 撤销”。');
  expect(last(chat, 'worker.a')).toContain('80箱，可多10箱，最高45元。11月27日17:00截单前随时可以改');
  expect(read(await chat.say('supervisor.b', '接龙 65箱'))).toContain('明视眼镜第2位，65箱，不多要，不限最高价');
  expect(read(await chat.say('owner.c', '报名 G-2026-0001 30箱 不超40元'))).toContain('华丰皮革第3位');
  expect(read(await chat.say('worker.a', '报名 G-2026-0001 82箱 可多10 不超45元'))).toContain('改好了：力西特电气第1位，82箱');
  expect(read(await chat.say('worker.a', '看团 G-2026-0001'))).toContain('力西特电气：报82箱，可多10箱，最高45元。');
  const mine = await chat.say('worker.a', '我们报的团');
  expect(read(mine)).toMatch(/^1\. G-2026-0001“手套”[^]*力西特电气：报82箱，可多10箱，最高45元。$/);
  for (const words of ['我报了多少', '手套我们报了几箱']) expect(read(await chat.say('worker.a', words))).toBe(read(mine));
  expect(read(await chat.say('worker.a', '1'))).toContain('供应商');
  for (const words of ['还能不能买', '我来晚了还能买手套吗', '有什么团可以报'])
    expect(read(await chat.say('worker.a', words))).toMatch(/^1\. G-2026-0001“手套”/);

  await chat.at(at('11-27T17:00'));
  expect(last(chat, 'worker.a')).toContain(
    '力西特电气分到85箱，每箱45元，合计3,825元（比您报的82箱多，是在您说的可多之内补满整件）',
  );
  expect(last(chat, 'owner.c')).toContain('您的最高价40元低于成交的每箱45元，所以没给您单位买，不用花钱');
  expect(last(chat, 'general.a')).toContain(
    '第1轮：3家报177箱，可多10箱，每件10箱，整件订180箱；按这个数量每箱45元，1家的最高价低于它，退出来再算。\n第2轮：2家报147箱，可多10箱，每件10箱，整件订150箱；按这个数量每箱45元，都在最高价以内。\n补满整件多出3箱，按各家可多的比例分，零头给余数大的，一样大给先报的。\n结果：15件150箱，不低于起订量100箱，成团，每箱45元，合计6,750元。',
  );
  expect(read(chat.newest('worker.a', ALLIANCE))).toBe(
    'G-2026-0001“手套”成团了：2家共150箱，每箱45元，比3家报价的中位数（每箱48元）共省450元。各家分到多少已经私信。',
  );

  expect(read(await chat.say('supervisor.b', '报名 G-2026-0001 70箱'))).toContain('已经截单，明视眼镜报的65箱不能再改');
  expect(read(await chat.say('owner.d', '报名 G-2026-0001 65箱'))).toContain('宏泰五金排候补第1位');
  await chat.say('supervisor.b', '退出 G-2026-0001');
  expect(read(await chat.say('supervisor.b', '确认'))).toContain('明视眼镜退出了');
  expect(last(chat, 'owner.d')).toContain('宏泰五金分到65箱，每箱45元');

  await chat.say('general.a', '下单 G-2026-0001');
  expect(read(await chat.say('general.a', '确认'))).toContain('永嘉劳保 150箱，每箱45元，合计6,750元');
  expect(read(await chat.say('worker.a', '退出 G-2026-0001'))).not.toContain('退出了');
  expect(read(await chat.say('worker.a', '确认'))).toContain('不能退了');
  await chat.say('general.a', '到货 G-2026-0001 148箱');
  expect(read(await chat.say('general.a', '确认'))).toContain('比订的150箱少2箱，已按比例分');
  expect(last(chat, 'worker.a')).toContain('请力西特电气来提84箱。订了85箱，供应商少送，按比例分到84箱，少的不收钱');
  expect(read(await chat.say('general.a', '提货单 G-2026-0001'))).toContain('1. 力西特电气 82+10 ≤45元→84 3,780元');
  await chat.say('general.a', '结算 G-2026-0001');
  expect(read(await chat.say('general.a', '确认'))).toContain('2家，148箱×45元＝6,660元，比3家报价的中位数（每箱48元）共省444元');
  expect(last(chat, 'worker.a')).toContain('力西特电气实收84箱×45元＝3,780元');
  expect(read(await chat.say('worker.a', '评价 G-2026-0001 5分 手套结实'))).toContain('平均5.0分');
  expect(read(await chat.say('general.a', '团购成效'))).toContain(
    '2026年第四季度：\n电气产业链党建联盟 1个团，2家，15件，省444元',
  );
});

story(
  'too few: extended once by three days, everybody told, then 流团 at no cost; opened again the pledges still count',
  async (chat) => {
    await opened(chat);
    await chat.say('worker.a', '报名 G-2026-0001 60箱');
    expect(read(await chat.say('worker.a', '看团购'))).toContain(
      '▓▓▓▓▓▓░░░░ 1家报了60箱，还差40箱成团，再有1家就够，11月27日17:00截单',
    );
    await chat.at(at('11-27T17:00'));
    expect(last(chat, 'worker.a')).toContain('不到起订量100箱，自动延期一次到11月30日17:00');
    await chat.at(at('11-30T17:00'));
    expect(last(chat, 'worker.a')).toContain('流团了，谁都不用花钱');
    expect(read(await chat.say('owner.c', '报名 G-2026-0001 50箱'))).toContain('现在是“已流团”，报不了名了');
    await chat.say('general.a', '重新开团 G-2026-0001');
    await chat.say('general.a', '永嘉劳保');
    await chat.say('general.a', '45元');
    await chat.say('general.a', '12月3日17:00');
    await chat.say('general.a', '确认');
    expect(read(await chat.say('owner.c', '报名 G-2026-0001 40箱'))).toContain('华丰皮革第2位');
    await chat.at(at('12-03T17:00'));
    expect(last(chat, 'worker.a')).toContain('力西特电气分到60箱');
  },
);

story('what does not fit gets a sentence and changes nothing', async (chat) => {
  expect(read(await chat.say('worker.a', '接龙 30箱'))).toContain('现在没有正在接龙的团');
  await quoted(chat);
  expect(read(await chat.say('general.a', '询价 手套'))).not.toContain('已建团');
  await chat.say('general.a', '取消');
  expect(read(await chat.say('worker.a', '报名 G-2026-0001 30箱'))).toContain('现在是“询价中”，报不了名了');
  await chat.say('general.a', '开团 G-2026-0001');
  await chat.say('general.a', '永嘉劳保');
  expect(read(await chat.say('general.a', '100箱起45元，200箱起46元'))).toContain('阶梯价要买得越多越便宜');
  await chat.say('general.a', '100箱起45元，200箱起42元');
  expect(read(await chat.say('general.a', '昨天'))).toMatch(/截单时间/u);
  await chat.say('general.a', '11月27日17:00');
  await chat.say('general.a', '确认');
  const said = async (words: string, who = 'worker.a') => read(await chat.say(who, words));
  expect(await said('报名 G-2026-0001 30吨')).toContain('按“箱”算，您说的数量是“30吨”');
  expect(await said('报名 G-2026-0001 0箱')).toContain('数量至少1箱');
  expect(await said('报名 G-2026-0001 9999999箱')).toContain('请核对是不是多打了0');
  expect(await said('报名 G-2026-0001 1.5箱')).toContain('数量要是整数箱');
  expect(await said('报名 G-2026-0009 10箱')).toContain('没有找到团购 G-2026-0009');
  expect(await said('报名 G-2026-0001 10箱', 'member.a')).toContain('团购由企业的人来报');
  expect(await said('名单 G-2026-0001')).toContain('这一步由联盟秘书长来办');
  expect(await said('退出 G-2026-0001').then(() => said('确认'))).toContain('没有报');
  expect(await chat.db.client.groupPledge.count({ where: { purchase: { corp: chat.corp } } })).toBe(0);
});

story('two people of one firm share its one pledge; a firm outside the alliance is told whom to ask', async (chat) => {
  await opened(chat);
  await chat.say('worker.a', '报名 G-2026-0001 30箱');
  expect(read(await chat.say('secretary.a', '报名 G-2026-0001 40箱'))).toContain('改好了：力西特电气第1位，40箱');
  expect(last(chat, 'worker.a')).toContain('力西特电气的报名由林书记改成了40箱');
  await chat.say('general.a', '退出联盟 宏泰五金');
  expect(read(await chat.say('general.a', '确认'))).toContain('宏泰五金已退出');
  await chat.at(new Date(chat.now().getTime() + 60_000));
  expect(read(await chat.say('owner.d', '报名 G-2026-0001 30箱'))).toContain('宏泰五金不在这个联盟里');
  await chat.say('general.a', '加入联盟 宏泰五金 上游');
  expect(read(await chat.say('general.a', '确认'))).toContain('还没建党组织，算加盟单位');
  expect(read(await chat.say('general.a', '联盟成员'))).toContain('牵头1家，参与2家，加盟1家，共4家');
  expect(read(await chat.say('owner.d', '报名 G-2026-0001 30箱'))).toContain('宏泰五金第2位');
  expect(read(await chat.say('owner.d', '名单 G-2026-0001'))).toContain('秘书长');
  const shown = read(await chat.say('owner.d', '看团 G-2026-0001'));
  expect(shown).toContain('宏泰五金：报30箱');
  expect(shown).not.toContain('力西特');
});

story('a price that rises after the close needs every firm again; who is silent is out; the supplier may leave', async (chat) => {
  await opened(chat);
  await chat.say('worker.a', '报名 G-2026-0001 100箱 不超46元');
  await chat.say('supervisor.b', '报名 G-2026-0001 50箱');
  await chat.say('owner.c', '报名 G-2026-0001 50箱');
  await chat.at(at('11-27T17:00'));
  expect(last(chat, 'worker.a')).toContain('每箱42元');
  await chat.say('general.a', '涨价 G-2026-0001 44元');
  expect(read(await chat.say('general.a', '确认'))).toContain('已问各家同不同意每箱44元');
  expect(last(chat, 'owner.c')).toContain('价格从每箱42元变成每箱44元，华丰皮革的50箱要2,200元');
  expect(read(await chat.say('worker.a', '同意涨价 G-2026-0001'))).toContain('力西特电气同意每箱44元。等别家');
  expect(read(await chat.say('supervisor.b', '不同意涨价 G-2026-0001'))).toContain('明视眼镜不要了');
  await chat.at(at('11-30T08:00'));
  expect(last(chat, 'general.a')).toContain('重新算过');
  const pledges = await chat.db.client.groupPledge.findMany({
    where: { purchase: { corp: chat.corp } },
    orderBy: [{ at: 'asc' }, { id: 'asc' }],
  });
  expect(pledges.map(({ state, allocated }) => [state, allocated])).toEqual([
    ['PLEDGED', 100],
    ['LEFT', 0],
    ['LEFT', 0],
  ]);
  await chat.say('general.a', '供应商退出 G-2026-0001 永嘉劳保');
  expect(read(await chat.say('general.a', '确认'))).toContain('回到询价，报名都留着');
  await chat.say('general.a', '取消团购 G-2026-0001：供应商都涨价了');
  expect(read(await chat.say('general.a', '确认'))).toContain('已取消');
  expect(last(chat, 'worker.a')).toContain('取消了：供应商都涨价了。谁都不用花钱');
});

story('共抓: a window of hours, shared by need, and the gaps until none is left', async (chat) => {
  await opened(chat, { word: '紧急采购', closes: '24小时后', prices: '45元' });
  await chat.say('worker.a', '报名 G-2026-0001 64箱');
  await chat.say('supervisor.b', '报名 G-2026-0001 32箱');
  await chat.say('owner.c', '报名 G-2026-0001 9箱');
  await chat.at(new Date(chat.now().getTime() + 25 * 3_600_000));
  expect(last(chat, 'owner.c')).toContain('华丰皮革分到9箱');
  expect(last(chat, 'worker.a')).toContain(
    '力西特电气分到61箱，每箱45元，合计2,745元。您报了64箱，货不够，按各家的需要同比例减了',
  );
  await chat.say('general.a', '下单 G-2026-0001');
  await chat.say('general.a', '确认');
  await chat.say('general.a', '到货 G-2026-0001 100箱');
  await chat.say('general.a', '确认');
  const gaps = read(await chat.say('general.a', '缺口 G-2026-0001'));
  expect(gaps).toContain('还有2家缺：\n力西特电气 还缺3箱\n明视眼镜 还缺2箱');
  expect(gaps).toContain('没报的1家：宏泰五金');
  expect(read(await chat.say('worker.a', 'G-2026-0001 怎么算的'))).toContain('按各家报的需要同比例减，涉及2家');
});
