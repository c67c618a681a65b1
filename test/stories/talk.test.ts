/** What the engine does when people don't follow the script. */
import { expect } from 'vitest';
import { ALLIANCE, read, story } from '../chat.ts';

story('a matter put aside for another one is kept, and 继续 takes it up again', async (chat) => {
  await chat.say('member.a', '我要报个需求：车间缺急救培训');
  expect((await chat.say('member.a', '看需求')).text).toContain('（刚才那件事还没办完，说“继续”接着办');
  expect(read(await chat.say('member.a', '继续'))).toContain('内容：车间缺急救培训');
  await chat.say('member.a', '我要报个需求：食堂中午排队太长');
  expect((await chat.say('member.a', '取消')).text).toContain('已取消');
  expect(read(await chat.say('member.a', '继续'))).toContain('内容：车间缺急救培训');
  expect((await chat.say('member.a', '确认')).text).toContain('已建单 C-2026-0001\n车间缺急救培训');
  expect((await chat.say('member.a', '继续')).text).toBe('没有放着没办完的事。说“帮助”看我能做什么。');
});

story('after a long pause the open question is a draft: what is typed then starts something new', async (chat) => {
  await chat.say('worker.a', '我要报个需求：车间缺急救培训');
  await chat.at(new Date(chat.now().getTime() + 31 * 60_000));
  expect((await chat.say('worker.a', '确认')).text).toContain('有一件事还放着没办完，说“继续”接着办');
  expect(read(await chat.say('worker.a', '继续'))).toContain('内容：车间缺急救培训');
  expect((await chat.say('worker.a', '确认')).text).toContain('已建单');
});

story('why, wait, thanks, once more, won’t say', async (chat) => {
  await chat.say('worker.a', '报需求');
  expect((await chat.say('worker.a', '为什么')).text).toContain('一句话说清要什么');
  for (const words of ['等等', '算了先放着', '收到']) expect((await chat.say('worker.a', words)).text).toContain('我等您');
  expect((await chat.say('worker.a', '谢谢')).text).toMatch(/^不客气。\n请用一句话说说需要什么/);
  expect((await chat.say('worker.a', '不想说')).text).toContain('内容是必须的');
  expect((await chat.say('worker.a', '再说一遍')).text).toContain('请用一句话说说需要什么');
  await chat.say('worker.a', '车间缺急救培训');
  expect(read(await chat.say('worker.a', '为什么'))).toContain('核对好了再提交');
  expect((await chat.say('worker.a', '可以')).text).toContain('已建单');
  expect((await chat.say('worker.a', '再说一遍')).text).toContain('已建单 C-2026-0001');
  expect((await chat.say('worker.a', '谢谢！')).text).toBe('不客气，有事随时叫我。');
});

story('不是X是Y, 不要X, 改成Y', async (chat) => {
  await chat.say('worker.a', '我要报个需求：车间缺电工');
  expect(read(await chat.say('worker.a', '不是电工是焊工'))).toContain('内容：车间缺焊工');
  expect(read(await chat.say('worker.a', '不是C是B'))).toContain('类别：B类（本镇街）');
  expect(read(await chat.say('worker.a', '改成A类'))).toContain('类别：A类（全县）');
  const left = await chat.say('worker.a', '不要A');
  expect(read(left)).toContain('[C类（本单位）] [B类（本镇街）] [取消]');
  expect(read(await chat.press('worker.a', left, 'B类（本镇街）'))).toContain('类别：B类（本镇街）');
  expect((await chat.say('worker.a', '确认')).text).toContain('已建单 B-2026-0001');
});

story('several requests in one message: done in order, failures told apart, asked back where needed', async (chat) => {
  for (const words of ['车间缺急救培训', '食堂中午排队太长', '缺党课老师']) {
    await chat.say('worker.a', `我要报个需求：${words}`);
    await chat.say('worker.a', '确认');
  }
  const both = await chat.say('secretary.a', '通过 C-2026-0001；通过 C-2026-0009；退回 C-2026-0002');
  expect(both.text).toContain('1. C-2026-0001 已通过');
  expect(both.text).toContain('2. 没有找到 C-2026-0009');
  expect(both.text).toContain('3. 退回 C-2026-0002 的理由是？');
  expect((await chat.say('secretary.a', '写清是哪个食堂')).text).toContain('C-2026-0002 已退回补正');

  const queued = await chat.say('secretary.a', '我要报个需求：缺会议室。另外通过C-2026-0003');
  expect(read(queued)).toContain('请核对需求\n内容：缺会议室');
  const then = await chat.press('secretary.a', queued, '确认');
  expect(read(then)).toContain('1. 已建单 C-2026-0004');
  expect(read(then)).toContain('2. C-2026-0003 已通过');
  const rows = await chat.db.client.audit.findMany({ where: { corp: chat.corp, personId: { not: null } } });
  expect(rows.filter(({ intent, outcome }) => intent === 'approval.approve' && outcome === 'done')).toHaveLength(2);
});

story('a list is answered in any way, several of it at once, confirmed once', async (chat) => {
  for (const words of ['车间缺急救培训', '食堂中午排队太长', '缺党课老师']) {
    await chat.say('worker.a', `我要报个需求：${words}`);
    await chat.say('worker.a', '确认');
  }
  expect(read(await chat.say('worker.a', '我的'))).toContain('几条一起撤说“撤回1和3”');
  // 3 is the oldest, for the newest stands first.
  expect(read(await chat.say('worker.a', 'C'))).toContain('C-2026-0001 车间缺急救培训');
  expect(read(await chat.say('worker.a', '第一个'))).toContain('C-2026-0003 缺党课老师');
  const asked = await chat.say('worker.a', '撤回1和3');
  expect(read(asked)).toContain('编号：C-2026-0003、C-2026-0001');
  expect(read(asked)).toContain('缺党课老师\n车间缺急救培训');
  const done = read(await chat.press('worker.a', asked, '确认'));
  expect(done).toContain('1. C-2026-0003 已撤回');
  expect(done).toContain('2. C-2026-0001 已撤回');
  const states = await chat.db.client.need.findMany({ where: { corp: chat.corp }, orderBy: { no: 'asc' } });
  expect(states.map(({ state }) => state)).toEqual(['WITHDRAWN', 'PENDING', 'WITHDRAWN']);
  // Each has an act of its own: the last is taken back.
  expect(read(await chat.say('worker.a', '撤销'))).toContain('已撤销：C-2026-0001 没有撤回');

  await chat.say('secretary.a', '待我审核');
  const both = read(await chat.say('secretary.a', '通过A和B'));
  expect(both).toContain('1. C-2026-0001 已通过');
  expect(both).toContain('2. C-2026-0002 已通过');
  expect(both.match(/点错了/gu)).toHaveLength(1);
  await chat.say('member.a', '看需求');
  expect(read(await chat.say('member.a', '认领'))).toContain('要认领哪一条');
  const claimed = read(await chat.say('member.a', '①、②'));
  expect(claimed).toContain('1. 您认领了');
  expect(claimed).toContain('2. 您认领了');
});

story('several at once: a place that is not there changes nothing', async (chat) => {
  await chat.say('worker.a', '我要报个需求：车间缺急救培训');
  await chat.say('worker.a', '确认');
  await chat.say('worker.a', '我的');
  expect(read(await chat.say('worker.a', '撤回1和7'))).toContain('没有第7条');
  expect(read(await chat.say('worker.a', '撤回1和1'))).toContain('编号：C-2026-0001');
  await chat.say('worker.a', '取消');
  expect((await chat.db.client.need.findFirstOrThrow({ where: { corp: chat.corp } })).state).toBe('PENDING');
});

story('help is of six lines at most, what waits for this person first; the rest on demand', async (chat) => {
  const lines = (words: string) => words.split('\n').filter((line) => line !== '' && !line.startsWith('['));
  for (const who of ['worker.a', 'member.a', 'secretary.a', 'town.a', 'county.a', 'hotline.a']) {
    expect(lines(read(await chat.say(who, '我能做什么'))).slice(1).length).toBeLessThanOrEqual(6);
  }
  await chat.say('worker.a', '我要报个需求：车间缺急救培训');
  expect(read(await chat.say('worker.a', '帮助'))).toContain('“报需求”还没办完：说“继续”');
  await chat.say('worker.a', '确认');
  expect(read(await chat.say('secretary.a', '帮助'))).toMatch(/^我能帮您办这些\n有1条需求等您审核：说“待我审核”/u);
  await chat.say('secretary.a', '退回 C-2026-0001：写清哪个车间');
  expect(read(await chat.say('worker.a', '帮助'))).toContain('您报的C-2026-0001被退回了：说“补正 C-2026-0001：新的内容”');
  await chat.say('worker.a', '转人工');
  const desk = read(await chat.say('hotline.a', '帮助'));
  expect(desk).toContain('有1位在等人工：说“接待”');
  expect(lines(desk).slice(1)).toHaveLength(6);
  expect(read(await chat.say('worker.a', '@党建助手 帮助', ALLIANCE))).not.toContain('退回');
  expect(read(await chat.say('county.a', '全部功能'))).toContain('改参数');
  expect(read(await chat.say('worker.a', '全部功能'))).not.toContain('改参数');
});

story('为什么是这个数: the rule and the rows behind the figures said last', async (chat) => {
  expect(read(await chat.say('worker.a', '为什么是这个数'))).toContain('我刚才没有说到要算的数');
  await chat.say('worker.a', '我要报个需求：车间缺急救培训');
  await chat.say('worker.a', '确认');
  expect(read(await chat.say('worker.a', '为什么是这个数'))).toBe(
    '审核时限是2个工作日（参数“审核时限”，县里定）：从今天10:00的下一个工作日数起，双休和法定假日不算，数到第2个工作日下班，就是11月26日17:30。',
  );
  await chat.say('worker.a', '找 急救');
  expect(read(await chat.say('worker.a', '这个数怎么来的'))).toContain('找到1条：编号、内容、单位里每个词都有的才算');
});

story('not understood twice: somebody is called; very long and empty messages', async (chat) => {
  expect(read(await chat.say('worker.a', '呃那个啥'))).toContain('没听明白，请换个说法');
  expect(read(await chat.say('worker.a', '就是那个嘛'))).toContain('这件事我请人来和您说');
  expect((await chat.say('worker.a', '报'.repeat(3000))).text).toContain('这段话有3000个字，太长了');
  expect(read(await chat.say('worker.a', '@党建助手   ', ALLIANCE))).toContain('我能帮您办这些');
});
