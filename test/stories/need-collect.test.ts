/** 座谈, 征求意见, 民意测评: several needs in one message, each under its own number (checklist D2). */
import { expect } from 'vitest';
import { read, story } from '../chat.ts';

story(
  '都通过: everything in the list just shown, named and confirmed; what another decided meanwhile says so, the rest goes on',
  async (chat) => {
    for (const words of ['车间缺急救培训', '食堂太挤', '缺党课老师', '宿舍水管漏水'])
      await chat.press('worker.a', await chat.say('worker.a', `我要报个需求：${words}`), '确认');
    // Nothing was shown yet, so it is.
    expect((await chat.say('secretary.a', '都通过吧')).text).toContain('4. 宿舍水管漏水');
    expect(read(await chat.say('secretary.a', '那就都过'))).toContain(
      '要通过，对吗？\n编号：C-2026-0001、C-2026-0002、C-2026-0003、C-2026-0004',
    );
    await chat.say('secretary.a', '取消');
    expect((await chat.say('secretary.a', '退回2：写清楚几点')).text).toContain('C-2026-0002 已退回补正');
    await chat.say('secretary.a', '待我审核');
    const asked = await chat.say('secretary.a', '全部批了');
    await chat.say('worker.a', '撤回 C-2026-0003');
    await chat.say('worker.a', '确认');
    const done = read(await chat.press('secretary.a', asked, '确认'));
    expect(done).toMatch(/^看这里\n/u);
    expect(done).toContain('C-2026-0001 已通过');
    expect(done).toContain('C-2026-0003 已被报的人撤回');
    expect(done).toContain('C-2026-0004 已通过');
    // Whoever reviews nothing hears who does; and no list of another kind is approved.
    expect((await chat.say('worker.a', '全部通过')).text).toContain('审核');
    await chat.say('secretary.a', '看需求');
    expect((await chat.say('secretary.a', '都通过')).text).toContain('没有等您审核的');
  },
);

story('a meeting’s needs in one message: checked as a list, each its own number and the channel on the record', async (chat) => {
  const card = await chat.say('secretary.a', '座谈会收集：1.缺两名焊工 2.食堂中午太挤；3、特急，配电房漏水');
  expect(read(card)).toBe(
    '请核对收集的需求\n方式：组织座谈\n类别：C类（本单位）\n内容：1. 缺两名焊工\n2. 食堂中午太挤\n3. 特急，配电房漏水\n[确认] [改方式] [改内容] [改类别] [取消]',
  );
  const entered = await chat.press('secretary.a', card, '确认');
  expect(read(entered)).toContain(
    '已建单3条：\n1. C-2026-0001 缺两名焊工，要2人 · 会焊工\n2. C-2026-0002 食堂中午太挤\n3. C-2026-0003 【特急】配电房漏水\n就由您审核',
  );
  expect(chat.inbox('secretary.a')).toEqual([]);
  expect((await chat.say('secretary.a', '通过1和2')).text).toContain('C-2026-0002 已通过');
  expect((await chat.say('member.a', 'C-2026-0001 到哪了')).text).toContain('来源：组织座谈　谁的：党员');
  expect(read(await chat.say('member.a', '看需求 座谈'))).toContain('2. 缺两名焊工');
  expect((await chat.say('secretary.a', '待我审核')).text).toContain('C-2026-0003');
});

story('the way is asked when it was not said; corrected like any value; twins are pointed out', async (chat) => {
  await chat.press('worker.a', await chat.say('worker.a', '我要报个需求：食堂中午太挤'), '确认');
  const way = await chat.say('town.a', '收集需求');
  expect(read(way)).toContain('[征求意见]');
  await chat.press('town.a', way, '民意测评');
  expect(read(await chat.say('town.a', '1. 夜班没有公交 1. 又一条'))).toContain('内容：1. 夜班没有公交 1. 又一条');
  const card = await chat.say('town.a', '内容改成一、夜班没有公交 二、宿舍没有热水');
  expect(read(card)).toContain('内容：1. 夜班没有公交\n2. 宿舍没有热水');
  expect(read(await chat.say('town.a', '确认'))).toContain('已建单2条：\n1. B-2026-0001 夜班没有公交');
  expect(read(chat.newest('town.b'))).toContain('来源：民意测评');

  const again = await chat.say('secretary.a', '征求意见收集：1.食堂中午太挤了 2.缺党课老师');
  expect(read(again)).toContain('第1条和 C-2026-0001 很像：食堂中午太挤');
});

story('too many, twice the same, nothing, or not entitled: one sentence, and nothing is entered', async (chat) => {
  const many = Array.from({ length: 13 }, (_, i) => `${i + 1}.第${i + 1}件事`).join(' ');
  expect((await chat.say('secretary.a', `座谈会收集：${many}`)).text).toContain('一次最多12条，您写了13条');
  expect((await chat.say('secretary.a', '1.缺焊工 2.缺焊工')).text).toContain('“缺焊工”写了两遍');
  await chat.say('secretary.a', '取消');
  expect((await chat.say('worker.a', '座谈会收集：1.缺焊工 2.缺电工')).text).toContain('您自己有需要，说“报需求”就行');
  expect(await chat.db.client.need.count({ where: { corp: chat.corp } })).toBe(0);
});
