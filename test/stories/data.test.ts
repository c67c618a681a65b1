/** What is found by whom, what is told of oneself, and what is not kept. */
import { expect } from 'vitest';
import { asSystem } from '../../src/bot/system.ts';
import { createIds } from '../../src/kernel/ids.ts';
import { createVault } from '../../src/kernel/vault.ts';
import { exportRoster } from '../../src/people/index.ts';
import { readWorkbook, writeWorkbook } from '../../src/people/roster/workbook.ts';
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
  expect((await chat.say('member.a', '找 100%_')).text).toContain('没有找到“100%');
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

story('找 a person: by who reviews there and the county, never in a group', async (chat) => {
  for (const person of ['secretary.a', 'town.a', 'county.a']) {
    expect((await chat.say(person, '查找 李大勇')).text).toBe('人：李大勇（力西特电气职工）');
  }
  for (const person of ['secretary.b', 'member.a', 'general.a', 'hotline.a']) {
    expect((await chat.say(person, '查找 李大勇')).text).toContain('没有找到');
  }
  expect((await chat.say('secretary.a', '@党建助手 找 李大勇', ALLIANCE)).text).toContain('没有找到');
});

story('more than fit are counted', async (chat) => {
  for (let n = 1; n <= 9; n++) await reported(chat, `第${n}车间${'缺少修理更换清扫检查'[n]}灯`);
  expect((await chat.say('worker.a', '找 车间')).text).toContain('还有1条，请加个词再找。');
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
    '{"looked":[]}',
    ...Array(2).fill(`{"looked":["${chat.corp}:person0"]}`),
  ]);
});

/** Gives one person a phone, as a roster file does. */
async function withPhone(chat: Chat, userId: string): Promise<void> {
  const frame = { db: chat.db, corp: chat.corp, vault: createVault(), now: chat.now(), id: createIds(chat.now) };
  const { lines } = await readWorkbook(await asSystem(frame, 'test', exportRoster));
  const cells = (rows: readonly { cells: Readonly<Record<string, string | undefined>> }[]) =>
    rows.map((row) => row.cells as Record<string, string>);
  const people = cells(lines.people).map((row) => ({ ...row, phone: row['account'] === userId ? PHONE : null }));
  const parts = { organisations: cells(lines.organisations), people, standings: cells(lines.standings) };
  const file = await writeWorkbook(parts, { notes: false });
  await chat.wecom.say('county.a', { file }, 'bot');
  await chat.settle();
  await chat.say('county.a', '确认导入 R-2026-0001');
}
