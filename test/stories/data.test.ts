/** What is found by whom, what is told of oneself, and what is not kept. */
import { expect } from 'vitest';
import { asSystem } from '../../src/bot/system.ts';
import { arrangeNotices } from '../../src/notices/index.ts';
import { createIds } from '../../src/kernel/ids.ts';
import { createVault } from '../../src/kernel/vault.ts';
import { exportRoster } from '../../src/people/index.ts';
import { readWorkbook, writeRoster } from '../../src/people/roster/workbook.ts';
import { ALLIANCE, read, story, type Chat } from '../chat.ts';

const PHONE = '13800135678';

async function reported(chat: Chat, words: string, as = 'worker.a'): Promise<void> {
  await chat.say(as, `我要报个需求：${words}`);
  await chat.say(as, '确认');
}

async function published(chat: Chat, words: string, as = 'worker.a'): Promise<void> {
  await reported(chat, words, as);
  await chat.press('secretary.a', chat.newest('secretary.a'), '通过');
}

story('找: by number, words and place, and on from the list', async (chat) => {
  await published(chat, '厂区充电桩不够用');
  await published(chat, '宿舍充电桩总跳闸');
  expect((await chat.say('member.a', '找 充电桩')).text).toBe(
    '1. 宿舍充电桩总跳闸（力西特电气，C-2026-0002）：待认领\n2. 厂区充电桩不够用（力西特电气，C-2026-0001）：待认领\n说“1到哪了”看进展，待认领的党员可以说“认领1”。',
  );
  expect((await chat.say('member.a', '2到哪了')).text).toContain('C-2026-0001 厂区充电桩不够用');
  expect(read(await chat.say('member.a', '认领2'))).toContain('您认领了 C-2026-0001');
  expect((await chat.say('member.a', '搜 c20260002')).text).toContain('1. 宿舍充电桩总跳闸');
  expect((await chat.say('member.a', '找 瞿溪 力西特公司 跳闸')).text).toContain('1. 宿舍充电桩总跳闸');
  expect((await chat.say('member.a', '找 瞿溪 五金')).text).toBe('单位：宏泰五金');
  expect((await chat.say('member.a', '找 游泳池')).text).toContain('没有找到“游泳池”');
  expect((await chat.say('member.a', '找 力%特')).text).toContain('没有找到“力%特');
});

story('找: what is not public is found by its author and its reviewers, in their own chat only', async (chat) => {
  await reported(chat, '食堂中午排队太长');
  for (const person of ['member.a', 'secretary.b', 'town.a']) {
    expect((await chat.say(person, '找 食堂')).text).toContain('没有找到');
  }
  for (const person of ['worker.a', 'secretary.a']) {
    expect((await chat.say(person, '找 食堂')).text).toContain('C-2026-0001）：待审');
    expect((await chat.say(person, '@党建助手 找 食堂', ALLIANCE)).text).toContain('群里只找公开的，私聊我也许能找到更多');
  }
});

story('找 and 看需求 by words: characters stand side by side, and a need leaves the board with its words', async (chat) => {
  await published(chat, '电工房要装充电桩，焊工培训室要通风');
  for (const found of ['充电桩', '装充电桩', '焊工 通风', '焊工培训室', '电工房']) {
    expect(read(await chat.say('member.a', `看需求 ${found}`)), found).toContain('电工房要装充电桩');
    expect((await chat.say('member.b', `找 ${found}`)).text, found).toContain('电工房要装充电桩');
  }
  // Each pair stands in it, the word does not.
  for (const missed of ['焊工房', '培训充电', '工培训房']) {
    expect((await chat.say('member.a', `看需求 ${missed}`)).text, missed).toContain('现在没有待认领的');
    expect((await chat.say('member.b', `找 ${missed}`)).text, missed).toContain('没有找到');
  }
  await chat.say('member.a', '认领 C-2026-0001');
  expect((await chat.say('member.b', '看需求 充电桩')).text).toContain('现在没有待认领的');
  expect((await chat.say('member.b', '找 充电桩')).text).toContain('电工房要装充电桩');
});

story('找 a person: by who reviews there and the county, never in a group', async (chat) => {
  for (const person of ['secretary.a', 'town.a', 'county.a']) {
    expect((await chat.say(person, '查找 李大勇')).text).toBe('人：李大勇（力西特电气职工）');
  }
  for (const person of ['secretary.b', 'member.a', 'general.a', 'hotline.a']) {
    expect((await chat.say(person, '查找 李大勇')).text).toContain('没有找到');
  }
  expect((await chat.say('secretary.a', '@党建助手 找 李大勇', ALLIANCE)).text).toContain('没有找到');
});

story('more than fit come on the next page', async (chat) => {
  for (let n = 1; n <= 9; n++) await reported(chat, `第${n}车间${'缺少修理更换清扫检查'[n]}灯`);
  expect((await chat.say('worker.a', '找 车间')).text).toContain('还有更多，说“下一页”接着看');
  expect((await chat.say('worker.a', '下一页')).text).toMatch(/^1\. 第1车间/);
});

story('a phone tail: by the hotline and the administrator, with an audit row each time', async (chat) => {
  await withPhone(chat, 'worker.a');
  expect((await chat.say('secretary.a', '找 5678')).text).toContain('只有系统管理员和热线坐席能办');
  for (const person of ['hotline.a', 'county.a']) {
    expect((await chat.say(person, '找 5678')).text).toBe('尾号5678：\n李大勇（力西特电气职工）\n这次查看已经记录。');
  }
  expect((await chat.say('hotline.a', '查尾号0000')).text).toContain('名册里没有尾号0000的手机号');
  const rows = await chat.db.client.audit.findMany({ where: { corp: chat.corp, intent: 'phone.tail', outcome: 'done' } });
  expect(rows.map(({ change }) => JSON.stringify(change)).sort()).toEqual([
    ...Array(2).fill(`{"looked":["${chat.corp}:person0"]}`),
    '{"looked":[]}',
  ]);
});

story('我的资料: what is stored of oneself, the phone masked, in one’s own chat only', async (chat) => {
  await withPhone(chat, 'member.a');
  await published(chat, '厂区充电桩不够用');
  await reported(chat, '缺党课老师', 'member.a');
  await chat.say('member.a', '认领 C-2026-0001');
  expect((await chat.say('member.a', '我的资料')).text).toBe(
    '姓名：陈志远\n账号：member.a\n手机：尾号5678\n身份：力西特党支部党员，2026-11-24起\n需求：报过1条，认领1条\n要全部内容，说“导出我的资料”；哪里不对，说“资料有误：……”。',
  );
  expect((await chat.say('worker.a', '我的资料')).text).toContain('手机：没有登记');
  const pointer = await chat.say('member.a', '@党建助手 我的资料', ALLIANCE);
  expect(read(pointer)).not.toContain('陈志远');
  expect(chat.newest('member.a').text).toContain('姓名：陈志远');
});

story('导出我的资料: all of it, in as many messages as it takes, even at night', async (chat) => {
  await reported(chat, '缺党课老师', 'member.a');
  await chat.say('member.a', '撤回');
  await chat.say('member.a', '确认');
  const short = (await chat.say('member.a', '导出我的资料')).text ?? '';
  expect(short).toContain('需求：报过1条，认领0条\nC-2026-0001 缺党课老师：已撤回\n您办过的事留有记录');
  expect(short).not.toContain('第1条');

  for (let n = 2; n <= 6; n++)
    await reported(chat, `${'甲乙丙丁戊己庚'[n]}${'一二三四五六七八九十'[n]!.repeat(150)}`, 'member.a');
  await chat.at(new Date('2026-11-24T23:00:00+08:00'));
  const before = chat.inbox('member.a').length;
  expect((await chat.say('member.a', '导出我的资料')).text).toContain('（第1条，共2条）\n姓名：陈志远');
  const [rest, ...none] = chat.inbox('member.a').slice(before);
  expect(rest?.text).toContain('（第2条，共2条）\n');
  expect(rest?.text).toContain('您办过的事留有记录');
  expect(none).toEqual([]);
});

story('资料有误: to the administrators, or to the secretary where there is none', async (chat) => {
  expect((await chat.say('worker.a', '资料有误：手机号换了')).text).toBe(
    '已转给系统管理员王同志核对：“手机号换了”。改好以后，说“我的资料”就能看到。',
  );
  expect(chat.newest('county.a').text).toContain('李大勇（力西特电气职工）说自己的资料有误：手机号换了');
  await chat.db.client.standing.updateMany({
    where: { role: 'ADMINISTRATOR', person: { corp: chat.corp } },
    data: { until: chat.now() },
  });
  expect((await chat.say('worker.a', '我的资料不对')).text).toContain('哪里不对，应该是什么');
  expect((await chat.say('worker.a', '名字写错了')).text).toContain('已转给林书记核对');
  expect(chat.newest('secretary.a').text).toContain('说自己的资料有误：名字写错了');
  expect((await chat.say('general.a', '资料有误：不是秘书长')).text).toContain('请当面告诉您单位的党支部书记');
});

story('留存: what is past its days is deleted at night and counted; the audit stays whole', async (chat) => {
  await withPhone(chat, 'worker.a');
  await published(chat, '厂区充电桩不够用');
  await chat.wecom.say('worker.a', { image: PNG }, 'bot');
  await chat.wecom.botEvent('worker.a', 'brand_new_event', {});
  await chat.say('worker.a', '嗯嗯啊啊');
  await chat.settle();
  const { client } = chat.db;
  const of = { where: { corp: chat.corp } };
  const left = async () => [await client.receipt.count(of), await client.sentCard.count(of), await client.photo.count(of)];
  const plans = () => client.$queryRaw`SELECT no FROM roster_import WHERE corp = ${chat.corp} AND plan IS NOT NULL`;
  const [receipts = 0, cards = 0] = await left();
  expect(receipts).toBeGreaterThan(3);
  expect(cards).toBeGreaterThan(0);
  const audited = await client.audit.count(of);

  await chat.at(new Date('2026-11-25T03:30:00+08:00'));
  expect(await left()).toEqual([receipts, cards, 1]);
  expect(await plans()).toHaveLength(1);

  await chat.at(new Date('2026-12-25T04:00:00+08:00'));
  expect(await left()).toEqual([0, cards, 0]);
  expect(await plans()).toEqual([]);
  await chat.at(new Date('2027-02-23T04:00:00+08:00'));
  expect(await left()).toEqual([0, 0, 0]);

  expect(await client.audit.count(of)).toBeGreaterThan(audited);
  const nights = await client.audit.findMany({
    where: { corp: chat.corp, intent: 'data.retention', outcome: 'done' },
    orderBy: { at: 'asc' },
  });
  expect(nights.map(({ change }) => change)).toContainEqual({ events: 1, misses: 1, receipts, cards: 0, plans: 1, photos: 1 });
});

/** A picture of one point. */
const PNG = Buffer.from(
  'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==',
  'base64',
);

/** Gives one person a phone, as a roster file does. */
async function withPhone(chat: Chat, userId: string): Promise<void> {
  const frame = {
    db: chat.db,
    corp: chat.corp,
    vault: createVault(),
    arrange: arrangeNotices,
    now: chat.now(),
    id: createIds(() => chat.now()),
  };
  const { lines } = await readWorkbook(await asSystem(frame, 'test', exportRoster));
  const cells = (rows: readonly { cells: Readonly<Record<string, string | undefined>> }[]) =>
    rows.map((row) => row.cells as Record<string, string>);
  const people = cells(lines.people).map((row) => ({ ...row, phone: row['account'] === userId ? PHONE : null }));
  const parts = { organisations: cells(lines.organisations), people, standings: cells(lines.standings) };
  const file = await writeRoster(parts, { notes: false });
  await chat.wecom.say('county.a', { file }, 'bot');
  await chat.settle();
  await chat.say('county.a', '确认导入 R-2026-0001');
}
