/** No false success, no false failure, no act by a question, nothing in a group that a group may not read. */
import { expect } from 'vitest';
import { ALLIANCE, read, story, type Chat } from '../chat.ts';

async function reported(chat: Chat, words = '车间缺急救培训'): Promise<void> {
  await chat.say('worker.a', `我要报个需求：${words}`);
  await chat.say('worker.a', '确认');
}

async function published(chat: Chat, words?: string): Promise<void> {
  await reported(chat, words);
  await chat.press('secretary.a', chat.newest('secretary.a'), '通过');
}

const states = async ({ db, corp }: Chat) =>
  (await db.client.need.findMany({ where: { corp }, orderBy: { no: 'asc' } })).map(({ no, state }) => `${no} ${state}`);

story('memory lost right after the commit: what is done is said to be done', async (chat) => {
  const card = await chat.say('worker.a', '我要报个需求：车间缺急救培训');
  const setAll = chat.state.setAll.bind(chat.state);
  chat.state.setAll = () => Promise.reject(new Error('gone'));
  const opened = await chat.press('worker.a', card, '确认');
  chat.state.setAll = setAll;
  expect(read(opened)).toContain('已建单 C-2026-0001');
  expect(await states(chat)).toEqual(['C-2026-0001 PENDING']);
});

story('a question is not an order', async (chat) => {
  await reported(chat);
  expect((await chat.say('secretary.a', 'C-2026-0001通过了？')).text).toContain('待审');
  expect((await chat.say('secretary.a', 'C-2026-0001审核通过了吗')).text).toContain('待审');
  await chat.say('secretary.a', '通过C-2026-0001？');
  expect(await states(chat)).toEqual(['C-2026-0001 PENDING']);
  await chat.say('secretary.a', '通过C-2026-0001。');
  expect(await states(chat)).toEqual(['C-2026-0001 OPEN']);
  await chat.say('member.a', '认领C-2026-0001？');
  expect(await states(chat)).toEqual(['C-2026-0001 OPEN']);
});

story('a number that was asked for is the answer, not another matter', async (chat) => {
  await published(chat);
  expect((await chat.say('member.a', '认领')).text).toContain('要认领哪一条');
  expect((await chat.say('member.a', 'C-2026-0001')).text).toContain('您认领了 C-2026-0001');
  await reported(chat, '食堂中午排队太长');
  expect((await chat.say('secretary.a', '退回', 'app')).text).toContain('要退回哪一条');
  expect((await chat.say('secretary.a', 'C-2026-0002', 'app')).text).toContain('退回 C-2026-0002 的理由是？');
  expect((await chat.say('secretary.a', '编号应该是C-2026-0001', 'app')).text).toContain('C-2026-0002 已退回补正\n');
  expect(await states(chat)).toEqual(['C-2026-0001 CLAIMED', 'C-2026-0002 RETURNED']);
});

story('free words stay what they are, even when they look like a correction or the same order', async (chat) => {
  await chat.say('worker.a', '报需求');
  expect(read(await chat.say('worker.a', '修改内容审核制度，想请专家来指导'))).toContain('修改内容审核制度，想请专家来指导');
  await chat.say('worker.a', '确认');
  await chat.say('secretary.a', '退回 C-2026-0001', 'app');
  expect((await chat.say('secretary.a', '不同意', 'app')).text).toContain('理由：不同意');
});

story('what may be done is asked again at the moment of doing it', async (chat) => {
  const { db, corp } = chat;
  const card = await chat.say('worker.a', '我要报个需求：车间缺急救培训');
  await db.client.standing.updateMany({
    where: { organisationId: `${corp}:enterprise1`, role: 'WORKER' },
    data: { until: chat.now() },
  });
  expect(read(await chat.press('worker.a', card, '确认'))).toContain('您现在的身份不能报需求');
  await db.client.person.updateMany({ where: { corp, userKey: 'member.a' }, data: { active: false } });
  expect((await chat.say('member.a', '报需求')).text).toContain('您还不在党建助手的名册里');
  await db.client.organisation.updateMany({ where: { id: `${corp}:branch2` }, data: { active: false } });
  expect((await chat.say('member.c', '认领 C-2026-0001')).text).toContain('认领需求要由党员来办');
  expect((await chat.say('member.c', '帮助')).text).toContain('您的身份还没有登记');
  expect((await chat.say('member.c', '随便说说')).text).toContain('您的身份还没有登记');
  expect(await states(chat)).toEqual([]);
});

story('in a group one person’s press of a shared board changes nobody else’s, and party status stays out', async (chat) => {
  for (let i = 1; i <= 6; i++) {
    await chat.at(new Date(chat.now().getTime() + 60_000));
    await published(chat, `第${i}件事`);
  }
  const board = await chat.say('member.a', '@党建助手 看需求', ALLIANCE);
  await chat.press('member.b', board, '下一页');
  expect(read(chat.newest('member.a', ALLIANCE))).toContain('1. 第6件事');
  await chat.press('worker.a', board, '认领1', { stale: true });
  expect(read(chat.newest('member.a', ALLIANCE))).toContain('1. 第6件事');
  expect(read(await chat.press('member.a', board, '认领1', { stale: true }))).toContain('您认领了 C-2026-0006');

  const moved = await chat.say('supervisor.c', '@党建助手 我要报个需求：缺党课老师', ALLIANCE).catch(() => undefined);
  if (moved) expect(read(moved)).not.toContain('党员');
});

story('the last page is the last, and a list takes the place of the one before', async (chat) => {
  for (let i = 1; i <= 6; i++) {
    await chat.at(new Date(chat.now().getTime() + 60_000));
    await published(chat, `第${i}件事`);
  }
  await chat.say('member.a', '看需求');
  expect(read(await chat.say('member.a', '下一页'))).toContain('1. 第1件事');
  expect(read(await chat.say('member.a', '下一页'))).toContain('没听明白');
  await chat.say('member.a', '看需求');
  await chat.say('member.a', '看看B类需求清单');
  expect(read(await chat.say('member.a', '下一页'))).toContain('没听明白');
  expect((await chat.say('member.a', '认领第一条')).text).toContain('不知道您说的是哪一条');
});

story('a repeat of a refusal is a refusal, and of a typed answer the same answer, with all memory lost', async (chat) => {
  await published(chat);
  await chat.say('member.a', '认领 C-2026-0001');
  const refused = await chat.say('member.b', '认领 C-2026-0001', 'bot', { msgid: 'late' });
  const forget = async (user: string, message: string) => {
    await chat.state.delete(`session:${chat.corp}:${user}`);
    await chat.state.delete(`answer:session:${chat.corp}:${user}:${message}`);
  };
  await forget('member.b', 'late');
  expect(read(await chat.say('member.b', '认领 C-2026-0001', 'bot', { msgid: 'late' }))).toBe(read(refused));

  await reported(chat, '食堂中午排队太长');
  await chat.say('secretary.a', '退回 C-2026-0002');
  const typed = await chat.say('secretary.a', '请写清楚', 'bot', { msgid: 'typed' });
  await forget('secretary.a', 'typed');
  expect(read(await chat.say('secretary.a', '请写清楚', 'bot', { msgid: 'typed' }))).toBe(read(typed));
});

story('待我审核 lists what waits, and several are done in one sentence', async (chat) => {
  await reported(chat);
  await reported(chat, '食堂中午排队太长');
  const list = await chat.say('secretary.a', '待我审核的');
  expect(list.text).toContain('1. 车间缺急救培训（力西特电气，C-2026-0001），11月26日17:30前');
  const done = await chat.say('secretary.a', '通过1；退回2：写清是哪个食堂');
  expect(done.text).toContain('1. C-2026-0001 已通过');
  expect(done.text).toContain('2. C-2026-0002 已退回补正');
  expect((await chat.say('secretary.a', '待我审核')).text).toBe('没有等您审核的，都办完了。');
  expect((await chat.say('secretary.b', '待我审核')).text).toBe('没有等您审核的，都办完了。');
});

story('people say it their own way', async (chat) => {
  expect(read(await chat.say('worker.a', '需求：车间缺急救培训'))).toContain('请核对需求');
  expect(read(await chat.say('worker.a', '内容不对'))).toContain('请用一句话说说需要什么');
  expect(read(await chat.say('worker.a', '三号车间缺急救培训'))).toContain('三号车间');
  expect(read(await chat.say('worker.a', '改成四号车间缺急救培训'))).toContain('四号车间');
  expect(read(await chat.say('worker.a', '不对'))).toContain('要改，说“内容改成……”这样的话');
  expect((await chat.say('worker.a', '提交吧')).text).toContain('已建单 C-2026-0001');
  expect((await chat.say('secretary.a', '请通过 C-2026-0001，谢谢')).text).toContain('C-2026-0001 已通过');
  expect(read(await chat.say('member.a', '看需求'))).toContain('[认领1]');
  expect((await chat.say('member.a', '认领第一条')).text).toContain('您认领了 C-2026-0001');
  expect((await chat.say('scout.a', '报需求：瞿溪缺夜间公交')).kind).toBe('card');
  expect(read(await chat.say('scout.a', '随便哪个'))).toContain('没有“随便哪个”这个身份');
  expect(read(await chat.say('scout.a', '党员'))).toContain('身份：明视眼镜党支部党员');
});

story('a confirmation pressed after a long pause is still its owner’s', async (chat) => {
  const card = await chat.say('worker.a', '我要报个需求：车间缺急救培训');
  await chat.at(new Date(chat.now().getTime() + 45 * 60_000));
  expect(read(await chat.press('worker.a', card, '确认'))).toContain('已建单 C-2026-0001');
});
