/** 提醒: what reaches whom and when, through the encrypted doors. */
import { expect } from 'vitest';
import { asSystem } from '../../src/bot/system.ts';
import { defineModule } from '../../src/bot/module.ts';
import { defineIntent } from '../../src/bot/intent.ts';
import { sure } from '../../src/bot/pattern.ts';
import { createIds } from '../../src/kernel/ids.ts';
import { createVault } from '../../src/kernel/vault.ts';
import { MODULES } from '../../src/modules.ts';
import { arrangeNotices } from '../../src/notices/index.ts';
import { anybody } from '../../src/people/index.ts';
import { ALLIANCE, read, story, type Chat } from '../chat.ts';

const at = (chat: Chat, moment: string) => chat.at(new Date(`2026-11-${moment}:00+08:00`));

async function reported(chat: Chat, words = '车间缺急救培训'): Promise<void> {
  await chat.press('worker.a', await chat.say('worker.a', `我要报个需求：${words}`), '确认');
}

async function published(chat: Chat, no: string, words?: string): Promise<void> {
  await reported(chat, words);
  await chat.say('secretary.a', `通过 ${no}`);
}

function set(chat: Chat, key: string, value: number) {
  return chat.db.client.parameter.create({
    data: { id: `${chat.corp}:${key}:${value}`, corp: chat.corp, key, value, since: chat.now() },
  });
}

story('at 22:00 who talks is answered, everybody else hears of it at 08:00', async (chat) => {
  await at(chat, '24T22:00');
  expect(read(await chat.say('worker.a', '@党建助手 我要报个需求：车间缺急救培训', ALLIANCE))).toContain('请核对需求');
  expect(read(await chat.say('worker.a', '@党建助手 确认', ALLIANCE))).toContain('已建单 C-2026-0001');
  expect((await chat.say('secretary.a', '@党建助手 退回 C-2026-0001', ALLIANCE)).text).toContain('只在私聊里办');
  expect(chat.inbox('secretary.a').map(read)).toEqual([expect.stringContaining('退回 C-2026-0001 的理由是？')]);
  await chat.say('secretary.a', '取消', 'app');

  await at(chat, '25T07:59');
  expect(
    chat
      .inbox('secretary.a')
      .map(read)
      .filter((words) => words.includes('请审核')),
  ).toEqual([]);
  await at(chat, '25T08:00');
  expect(read(chat.newest('secretary.a'))).toContain('请审核需求 C-2026-0001');
});

story('decided before the morning: the held card never leaves, the author reads how it ended at 08:00', async (chat) => {
  await at(chat, '24T22:00');
  await reported(chat);
  expect(read(await chat.say('secretary.a', '通过 C-2026-0001'))).toContain('C-2026-0001 已通过');
  expect(chat.inbox('worker.a').filter(({ text }) => text?.startsWith('好消息'))).toEqual([]);
  await at(chat, '25T08:00');
  expect(chat.newest('worker.a').text).toMatch(/^好消息/);
  expect(chat.inbox('secretary.a').filter((bubble) => read(bubble).includes('请审核需求'))).toEqual([]);
  expect(await chat.db.client.job.count({ where: { corp: chat.corp, name: 'notice.send' } })).toBe(0);
});

story('what a timer tells at night waits for the morning too', async (chat) => {
  await reported(chat);
  await at(chat, '24T22:00');
  await chat.say('secretary.a', '委托 周晓燕 到11月30日');
  expect(read(await chat.say('secretary.a', '确认'))).toContain('委托');
  expect(chat.inbox('member.b')).toEqual([]);
  await at(chat, '25T08:00');
  expect(chat.inbox('member.b').map(read)).toContainEqual(expect.stringContaining('请审核需求 C-2026-0001'));
});

story('a card that was there before the night is stamped at night', async (chat) => {
  await chat.say('worker.a', '我要报个需求：园区缺公共充电桩');
  await chat.say('worker.a', '类别改成B');
  await chat.say('worker.a', '确认');
  await at(chat, '24T23:30');
  await chat.press('town.b', chat.newest('town.b'), '通过');
  expect(read(chat.newest('town.a'))).toContain('已由郑同志在今天23:30通过');
});

story('the county sets other quiet hours', async (chat) => {
  await set(chat, 'msg.quiet_from_h', 23);
  await set(chat, 'msg.quiet_to_h', 7);
  await at(chat, '24T22:00');
  await reported(chat);
  expect(read(chat.newest('secretary.a'))).toContain('请审核需求 C-2026-0001');
  await at(chat, '24T23:00');
  await reported(chat, '食堂中午排队太长');
  await at(chat, '25T06:59');
  expect(chat.inbox('secretary.a')).toHaveLength(1);
  await at(chat, '25T07:00');
  expect(read(chat.newest('secretary.a'))).toContain('请审核需求 C-2026-0002');
});

const alarm = defineIntent({
  name: 'alarm.raise',
  title: '告急',
  help: '“告急”',
  says: ['告急'],
  matches: [sure`告急`],
  who: anybody,
  where: 'anywhere',
  slots: {},
  run: (ctx) => {
    ctx.notify([{ userId: 'member.a' }], { text: '告急：请马上看' }, { urgent: true });
    ctx.notify([{ userId: 'member.b' }, ctx.actor], { text: '有人告急' });
    return Promise.resolve({ text: '已告诉他们。' });
  },
});

story(
  'what is urgent leaves at night, and what goes to the very person who is talking',
  async (chat) => {
    await at(chat, '24T22:00');
    await chat.say('worker.a', '告急');
    expect(chat.newest('member.a').text).toBe('告急：请马上看');
    expect(chat.newest('worker.a').text).toBe('有人告急');
    expect(chat.inbox('member.b')).toEqual([]);
    await at(chat, '25T08:00');
    expect(chat.newest('member.b').text).toBe('有人告急');
  },
  [...MODULES, defineModule({ name: 'alarm', title: '告急', intents: [alarm] })],
);

story('少发点, 别发了, 恢复提醒: approvals always come, the rest as one wishes', async (chat) => {
  expect((await chat.say('secretary.a', '我的提醒')).text).toContain('您现在收：全部提醒');
  expect((await chat.say('secretary.a', '别发了')).text).toContain('要您审核、要您答复的事照常发，不会漏');
  expect((await chat.say('secretary.a', '我的提醒')).text).toContain('您现在收：只提醒要您答复的事');
  await chat.say('worker.a', '免打扰');
  await published(chat, 'C-2026-0001');
  expect(read(chat.inbox('secretary.a').at(-1)!)).toContain('请审核需求 C-2026-0001');
  expect(chat.inbox('worker.a').filter(({ text }) => text?.startsWith('好消息'))).toEqual([]);
  const before = chat.inbox('secretary.a').length;
  await chat.say('member.a', '认领 C-2026-0001');
  expect(chat.inbox('secretary.a')).toHaveLength(before);

  await reported(chat, '食堂中午排队太长');
  await chat.say('secretary.a', '退回 C-2026-0002：请写清楚是哪个食堂');
  expect(chat.newest('worker.a').text).toContain('理由：请写清楚是哪个食堂');

  expect((await chat.say('worker.a', '少发点')).text).toContain('以后只发和您有关的');
  await published(chat, 'C-2026-0003', '缺党课老师');
  expect(chat.newest('worker.a').text).toMatch(/^好消息：您报的需求 C-2026-0003/);

  expect((await chat.say('secretary.a', '恢复提醒')).text).toContain('提醒都恢复了');
  await chat.say('member.a', '认领 C-2026-0003');
  expect(chat.newest('secretary.a').text).toContain('C-2026-0003“缺党课老师”已由陈同志');
});

const digests = (chat: Chat, userId: string) =>
  chat.inbox(userId).flatMap(({ text }) => (text?.includes('新需求等人认领') ? [text] : []));

story('one digest a day of what is new in the own libraries; nothing when there is nothing', async (chat) => {
  for (let n = 1; n <= 6; n++) {
    await chat.at(new Date(chat.now().getTime() + 60_000));
    await published(chat, `C-2026-000${n}`, `第${n}件事`);
  }
  await chat.say('member.b', '认领 C-2026-0001');
  await chat.say('general.a', '报需求：全链缺焊工');
  await chat.say('general.a', '确认');
  await chat.say('twonew.a', '通过 A-2026-0001');
  await at(chat, '25T08:29');
  expect(digests(chat, 'member.a')).toEqual([]);
  await at(chat, '25T08:30');
  expect(digests(chat, 'member.a')).toEqual([
    [
      '您身边有6条新需求等人认领：',
      '1. 全链缺焊工（电气产业链党建联盟，A-2026-0001）',
      '2. 第6件事（力西特电气，C-2026-0006）',
      '3. 第5件事（力西特电气，C-2026-0005）',
      '4. 第4件事（力西特电气，C-2026-0004）',
      '5. 第3件事（力西特电气，C-2026-0003）',
      '还有1条，说“看需求”都能看到。',
      '想帮忙就说“认领 A-2026-0001”。不想每天收，说“少发点”。',
    ].join('\n'),
  ]);
  expect(digests(chat, 'member.c')).toEqual([expect.stringContaining('您身边有1条新需求')]);
  expect(digests(chat, 'worker.a')).toEqual([]);
  await at(chat, '25T12:00');
  await at(chat, '26T08:30');
  expect(digests(chat, 'member.a')).toHaveLength(1);
  await published(chat, 'C-2026-0007', '缺党课老师');
  await at(chat, '27T08:30');
  expect(digests(chat, 'member.a')).toEqual([expect.anything(), expect.stringContaining('1. 缺党课老师')]);
});

story('who wants less has no digest; who wants it back reads what came since', async (chat) => {
  await chat.say('member.a', '少发点');
  await chat.say('member.b', '别发了');
  await published(chat, 'C-2026-0001');
  await at(chat, '25T08:30');
  expect([...digests(chat, 'member.a'), ...digests(chat, 'member.b')]).toEqual([]);
  expect(digests(chat, 'supervisor.c')).toHaveLength(1);
  await chat.say('member.a', '恢复提醒');
  await at(chat, '26T08:30');
  expect(digests(chat, 'member.a')).toHaveLength(1);
  expect(digests(chat, 'supervisor.c')).toHaveLength(1);
});

story('several runners at once, days of downtime, a late night: still once a day and nothing lost', async (chat) => {
  const racing = (moment: string) => Promise.all([at(chat, moment), chat.settle(), chat.settle()]);
  await published(chat, 'C-2026-0001');
  await racing('27T22:00');
  await racing('28T08:00');
  expect(digests(chat, 'member.a')).toEqual([]);
  await racing('28T10:00');
  expect(digests(chat, 'member.a')).toHaveLength(1);
  await published(chat, 'C-2026-0002', '缺党课老师');
  await racing('28T20:00');
  await racing('30T08:10');
  expect(digests(chat, 'member.a')).toHaveLength(1);
  await racing('30T08:30');
  await racing('30T20:00');
  expect(digests(chat, 'member.a')).toEqual([expect.anything(), expect.stringContaining('1. 缺党课老师')]);
  const waiting = await chat.db.client.job.findMany({ where: { corp: chat.corp, name: 'notice.digest' } });
  expect(waiting.map(({ dueAt }) => dueAt)).toEqual([new Date('2026-12-01T08:30:00+08:00')]);
});

story('even when the job comes twice on one day nobody has two digests', async (chat) => {
  await published(chat, 'C-2026-0001');
  await at(chat, '25T08:30');
  await published(chat, 'C-2026-0002', '缺党课老师');
  await chat.db.client.job.updateMany({ where: { corp: chat.corp, name: 'notice.digest' }, data: { dueAt: chat.now() } });
  await at(chat, '25T09:00');
  expect(digests(chat, 'member.a')).toHaveLength(1);
  await at(chat, '26T08:30');
  expect(digests(chat, 'member.a')).toEqual([expect.anything(), expect.stringContaining('您身边有1条新需求')]);
});

story('the county sets another time for the digest', async (chat) => {
  await published(chat, 'C-2026-0001');
  await set(chat, 'msg.digest_h', 11);
  await at(chat, '25T08:30');
  await at(chat, '25T11:29');
  expect(digests(chat, 'member.a')).toEqual([]);
  await at(chat, '25T11:30');
  expect(digests(chat, 'member.a')).toHaveLength(1);
});

story('with three undecided a further card brings one line, at most once an hour; 待我审核 has as many', async (chat) => {
  const lines = () => chat.inbox('secretary.a').flatMap(({ text }) => (text?.startsWith('还有') ? [text] : []));
  for (let n = 1; n <= 3; n++) await reported(chat, `第${n}件事`);
  expect(lines()).toEqual([]);
  await reported(chat, '第4件事');
  expect(chat.inbox('secretary.a').slice(-2).map(read)).toEqual([
    expect.stringContaining('请审核需求 C-2026-0004'),
    '还有3条等您审核，说“待我审核”一起办。',
  ]);
  expect(read(await chat.say('secretary.a', '待我审核')).match(/C-2026/g)).toHaveLength(4);
  await reported(chat, '第5件事');
  expect(lines()).toHaveLength(1);
  await at(chat, '24T11:00');
  await reported(chat, '第6件事');
  expect(lines().at(-1)).toBe('还有5条等您审核，说“待我审核”一起办。');

  await at(chat, '24T22:00');
  await reported(chat, '第7件事');
  await reported(chat, '第8件事');
  await at(chat, '25T08:00');
  expect(lines()).toHaveLength(3);
  expect(lines().at(-1)).toBe('还有7条等您审核，说“待我审核”一起办。');
  for (let n = 1; n <= 6; n++) await chat.say('secretary.a', `通过 C-2026-000${n}`);
  await at(chat, '25T10:00');
  await reported(chat, '第9件事');
  expect(lines()).toHaveLength(3);
});

story('what a script tells at night waits for the morning too, and is left out where it is not welcome', async (chat) => {
  await chat.say('member.b', '别发了');
  await at(chat, '24T23:00');
  const frame = { db: chat.db, corp: chat.corp, vault: createVault(), arrange: arrangeNotices, now: chat.now() };
  const to = ['member.a', 'member.b'].map((userId) => ({ userId }));
  await asSystem({ ...frame, id: createIds(() => chat.now()) }, 'test', (ctx) => {
    ctx.notify(to, { text: '名册改了' });
    return Promise.resolve();
  });
  await chat.settle();
  expect(chat.inbox('member.a')).toHaveLength(0);
  await at(chat, '25T08:00');
  expect(chat.inbox('member.a').map(read)).toEqual(['名册改了']);
  expect(chat.inbox('member.b')).toHaveLength(0);
});

story('a timer whose lease was lost does nothing', async (chat) => {
  await reported(chat);
  await at(chat, '25T07:00');
  const [row] = await chat.db.client.job.findMany({ where: { corp: chat.corp, name: 'need.remind-reviewers' } });
  if (!row) throw new Error('nothing is due');
  const job = { ...row, payload: row.payload as { no: string; round: number } };
  const before = chat.inbox('secretary.a').length;
  expect(await chat.service.bot.runJob(job, 'somebody else’s')).toBe(false);
  await chat.settle();
  expect(chat.inbox('secretary.a')).toHaveLength(before);
  expect(await chat.db.client.job.count({ where: { corp: chat.corp, id: row.id } })).toBe(1);
  const audited = await chat.db.client.audit.count({ where: { corp: chat.corp, intent: 'need.remind-reviewers' } });
  expect(audited).toBe(0);
});

story('the card that was pressed is changed by the answer alone, the others by a stamp', async (chat) => {
  await chat.say('worker.a', '我要报个需求：车间缺急救培训');
  await chat.say('worker.a', '类别改成B');
  await chat.say('worker.a', '确认');
  const other = chat.newest('town.b');
  const pressed = chat.newest('town.a');
  await chat.press('town.a', pressed, '通过');
  const now = (userId: string, id: string) => read(chat.inbox(userId).find((bubble) => bubble.id === id)!);
  expect(now('town.a', pressed.id)).toContain('B-2026-0001 已通过');
  expect(now('town.b', other.id)).toContain('已由张同志在今天10:00通过');
  expect(chat.logged.join('')).not.toContain('a card could not be changed');
});
