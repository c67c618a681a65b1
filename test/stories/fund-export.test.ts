/** 导出公积金台账: the open ledger as Excel, without names unless somebody who reads them all asks. */
import { expect } from 'vitest';
import { read, sheetsOf, story, type Chat } from '../chat.ts';

async function booked(chat: Chat, words: string, confirmer: string): Promise<void> {
  await chat.press('cashier.a', await chat.say('cashier.a', words), '确认');
  await chat.press(confirmer, chat.newest(confirmer), '确认');
}

const exported = async (chat: Chat, who: string) => {
  const found = chat.inbox(who).findLast(({ file }) => file);
  return { name: found?.file?.name, sheets: found ? await sheetsOf(chat, found) : {} };
};

story('a month of the ledger: masked for everybody, with names for who watches the fund, each logged', async (chat) => {
  await booked(chat, '登记入账 力西特电气 20000元', 'supervisor.a');
  await chat.at(new Date('2026-12-02T09:00:00+08:00'));
  await booked(chat, '登记财政补助 区财政局 50000元', 'town.a');

  expect(read(await chat.say('member.a', '导出公积金台账 2026年11月', 'app'))).toBe(
    '瞿溪街道党工委公积金2026年11月台账：1张凭证。没有写单位名称。',
  );
  const open = await exported(chat, 'member.a');
  expect(open.name).toBe('瞿溪街道党工委公积金台账2026年11月.xlsx');
  expect(open.sheets['凭证']).toEqual([
    ['凭证号', '时间', '业务', '账户', '收（元）', '付（元）', '关于'],
    ['P-2026-0001', '2026-11-24 10:00', '入账', '外部', null, 20000, 'D-2026-0001'],
    ['P-2026-0001', '2026-11-24 10:00', '入账', '企业预存', 20000, null, 'D-2026-0001'],
  ]);
  expect(JSON.stringify(open.sheets)).not.toContain('力西特');
  expect(open.sheets['汇总']?.slice(0, 3)).toEqual([
    ['项目', '期初（元）', '本期（元）', '期末（元）'],
    ['企业预存', 0, 20000, 20000],
    ['财政补助', 0, 0, 0],
  ]);
  expect(open.sheets['汇总']?.flat()).toContain('四项原则：企业预存、财政补助、项目管理、放大使用。');

  await chat.say('supervisor.c', '导出公积金台账', 'app');
  expect((await exported(chat, 'supervisor.c')).sheets['汇总']?.slice(1, 3)).toEqual([
    ['企业预存', 20000, 0, 20000],
    ['财政补助', 0, 50000, 50000],
  ]);
  expect(read(await chat.say('secretary.a', '导出公积金台账 2026年 带名称', 'app'))).toContain('带名称的台账只给出纳');
  expect(read(await chat.say('supervisor.c', '导出公积金台账 2026年 带名称', 'app'))).toContain(
    '2026年台账：2张凭证。里面有单位名称',
  );
  const named = (await exported(chat, 'supervisor.c')).sheets['凭证'] ?? [];
  expect(named[2]).toEqual([
    'P-2026-0001',
    '2026-11-24 10:00',
    '入账',
    '企业预存（力西特电气）',
    20000,
    null,
    'D-2026-0001',
    '力西特电气企业预存20,000元',
    null,
  ]);
  expect(read(await chat.say('member.a', '导出公积金台账 2027年1月', 'app'))).toContain('2027年1月还没有到');
  await chat.say('member.a', '取消', 'app');

  const rows = await chat.db.client.audit.findMany({
    where: { corp: chat.corp, intent: 'fund.balance.export' },
    orderBy: { id: 'asc' },
    select: { outcome: true, change: true },
  });
  expect(rows.map(({ outcome, change }) => [outcome, (change as { named?: boolean } | null)?.named])).toEqual([
    ['done', false],
    ['done', false],
    ['fund.names', undefined],
    ['done', true],
  ]);
});
