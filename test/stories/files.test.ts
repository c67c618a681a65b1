/** Files the bot sends: into the person's own chat with the app, once, whatever happens on the way. */
import { expect } from 'vitest';
import type { Utterance } from '../../src/playground/wecom.ts';
import { ALLIANCE, read, sheetsOf, story, type Chat } from '../chat.ts';
import { opened } from './a-purchase.ts';

const MINUTE = 60_000;
const later = (chat: Chat, ms = MINUTE) => chat.at(new Date(chat.now().getTime() + ms));
const files = (chat: Chat, who: string) => chat.inbox(who).filter(({ file }) => file);
/** Those that were taken: a token that Redis keeps by its own clock is refused first. */
const calls = (chat: Chat, path: string) =>
  chat.wecom.wire.filter((each) => each.path === `/cgi-bin/${path}` && !/"errcode":4[02]0(?:14|01)/u.test(each.answered.clear));
const audited = (chat: Chat) =>
  chat.db.client.audit.findMany({
    where: { corp: chat.corp, intent: { in: ['groupbuy.join.export', 'groupbuy.join.pickup'] }, outcome: 'done' },
    select: { subject: true, change: true, personId: true },
    orderBy: { id: 'asc' },
  });

async function pledged(chat: Chat): Promise<void> {
  await opened(chat);
  await chat.say('worker.a', '报名 G-2026-0001 80箱 可多10 不超45元');
  await later(chat);
  await chat.say('supervisor.b', '报名 G-2026-0001 65箱');
}

story(
  'the organiser gets everybody’s pledges as Excel, a firm its own, nobody else anything; each leaves its row',
  async (chat) => {
    await pledged(chat);
    expect(read(await chat.say('general.a', '导出G-2026-0001报名表', 'app'))).toBe(
      'G-2026-0001“手套”的报名表：2家，接龙中。里面有企业的数量和价格，请不要转到群里。',
    );
    const [whole] = files(chat, 'general.a');
    expect(whole?.file?.name).toBe('G-2026-0001报名表.xlsx');
    const { 报名表: rows = [], 算账: account = [] } = await sheetsOf(chat, whole!);
    expect(rows.map((row) => row.slice(0, 8))).toEqual([
      ['次序', '企业', '报的人', '报名时间', '情况', '数量（箱）', '可多（箱）', '最高价（元）'],
      [1, '力西特电气', '李师傅', '2026-11-24 10:00', '已报', 80, 10, 45],
      [2, '明视眼镜', '谢总', '2026-11-24 10:01', '已报', 65, 0, null],
    ]);
    expect(account.flat()).toContain('第1轮：2家报145箱，可多10箱，每件10箱，整件订150箱；按这个数量每箱45元，都在最高价以内。');

    await chat.say('worker.a', '导出报名表 G-2026-0001', 'app');
    const own = await sheetsOf(chat, files(chat, 'worker.a')[0]!);
    expect(Object.keys(own)).toEqual(['报名表']);
    expect(own['报名表']?.map((row) => row[1])).toEqual(['企业', '力西特电气']);
    expect(read(await chat.say('owner.c', '导出 G-2026-0001 报名表', 'app'))).toContain('您单位没有报');
    expect(read(await chat.say('member.a', '导出 G-2026-0001 报名表', 'app'))).toContain('团购由联盟里的企业和秘书长看');
    expect(read(await chat.say('worker.a', '导出取货单 G-2026-0001', 'app'))).toContain('成团以后才有取货单');
    expect([files(chat, 'owner.c'), files(chat, 'member.a')]).toEqual([[], []]);
    expect((await audited(chat)).map(({ subject, change }) => [subject, change])).toEqual([
      ['G-2026-0001', { exported: '报名表', rows: 2 }],
      ['G-2026-0001', { exported: '报名表', rows: 1 }],
    ]);
  },
);

story('the pick-up list: what each firm takes and pays, before and after it came', async (chat) => {
  await pledged(chat);
  await chat.at(new Date('2026-11-27T17:00:00+08:00'));
  await chat.say('general.a', '下单 G-2026-0001');
  await chat.say('general.a', '确认');
  await chat.say('general.a', '到货 G-2026-0001 148箱');
  await chat.say('general.a', '确认');
  expect(read(await chat.say('general.a', '导出取货单', 'app'))).toContain('的取货单：2家。里面有');
  const { 取货单: rows = [] } = await sheetsOf(chat, files(chat, 'general.a')[0]!);
  expect(rows).toEqual([
    ['序号', '企业', '联系人', '分到（箱）', '到货应提（箱）', '应付（元）', '签收'],
    [1, '力西特电气', '李师傅', 85, 84, 3780, null],
    [2, '明视眼镜', '谢总', 65, 64, 2880, null],
  ]);
});

story('a reviewer gets the needs of the library as Excel, without who reported them and with phones masked', async (chat) => {
  expect(read(await chat.say('secretary.a', '导出需求', 'app'))).toContain('还没有需求');
  for (const words of ['缺电工，联系13800138000', '食堂太挤'])
    await chat.press('worker.a', await chat.say('worker.a', `我要报个需求：${words}`), '确认');
  expect(read(await chat.say('worker.a', '导出需求', 'app'))).toContain('需求库由党支部书记、镇街和县级组织部门导出');
  expect(read(await chat.say('secretary.b', '导出需求', 'app'))).toContain('还没有需求');
  expect(read(await chat.say('secretary.a', '导出需求', 'app'))).toBe('您审核的需求库：2条。没有写谁报的，电话已遮住。');
  const { 需求: rows = [] } = await sheetsOf(chat, files(chat, 'secretary.a')[0]!);
  expect(rows.map((row) => [row[0], row[2], row[5]])).toEqual([
    ['编号', '内容', '现在'],
    ['C-2026-0001', '缺电工，联系138****8000', '待审，在力西特党支部'],
    ['C-2026-0002', '食堂太挤', '待审，在力西特党支部'],
  ]);
  expect(JSON.stringify(rows)).not.toContain('李');
});

story('the robot and a group cannot carry a file: it comes from the app, and both say so', async (chat) => {
  await pledged(chat);
  expect(read(await chat.say('general.a', '导出 G-2026-0001'))).toContain(
    '\n这里发不了文件，已发到“党建助手”的应用消息，请到那里打开。',
  );
  expect(files(chat, 'general.a')).toHaveLength(1);
  const inGroup = read(await chat.say('general.a', '@党建助手 导出 G-2026-0001', ALLIANCE));
  expect(inGroup).toContain('只在私聊里办');
  expect(inGroup).not.toContain('手套');
  expect(files(chat, 'general.a')).toHaveLength(2);
  expect(chat.inbox('general.a').map(read).at(-1)).toContain('的报名表：2家');
});

story('asked once and delivered twice by the network it comes once', async (chat) => {
  await pledged(chat);
  const said: Utterance = { text: '导出 G-2026-0001' };
  await chat.say('general.a', said, 'app', { msgid: '900001' });
  await chat.wecom.say('general.a', said, 'app', { msgid: '900001' });
  await chat.state.delete(`answer:session:${chat.corp}:general.a:900001`);
  await chat.wecom.say('general.a', said, 'app', { msgid: '900001' });
  await chat.settle();
  expect(files(chat, 'general.a')).toHaveLength(1);
  expect(await audited(chat)).toHaveLength(1);
});

story('no answer to the sending: the very same message goes out again, and one file arrives', async (chat) => {
  await pledged(chat);
  chat.wecom.fault({ api: 'message/send', errcode: 'timeout', times: 1 });
  await chat.say('general.a', '导出 G-2026-0001', 'app');
  await later(chat);
  await later(chat);
  expect(files(chat, 'general.a')).toHaveLength(1);
  expect(calls(chat, 'media/upload')).toHaveLength(1);
  expect(await chat.db.client.job.count({ where: { corp: chat.corp, name: 'notice.file' } })).toBe(0);
});

story('WeCom is busy for longer than it keeps an upload, and then denies one: it is made again and sent once', async (chat) => {
  await pledged(chat);
  chat.wecom.fault({ api: 'message/send', errcode: 45009, times: 1 });
  await chat.say('general.a', '导出 G-2026-0001', 'app');
  expect([files(chat, 'general.a').length, calls(chat, 'media/upload').length]).toEqual([0, 1]);
  chat.wecom.fault({ api: 'message/send', errcode: 40007, times: 1 });
  await later(chat, 71 * 60 * MINUTE);
  await later(chat);
  await later(chat);
  expect([files(chat, 'general.a').length, calls(chat, 'media/upload').length]).toEqual([1, 3]);
  expect((await sheetsOf(chat, files(chat, 'general.a')[0]!))['报名表']).toHaveLength(3);
});
