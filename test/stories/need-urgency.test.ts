/** 改急缓: how pressing a need is, is its reviewers' word, under review and afterwards. */
import { expect } from 'vitest';
import { read, story, TOWN, type Chat } from '../chat.ts';

async function reported(chat: Chat, words: string, by = 'worker.a'): Promise<void> {
  await chat.press(by, await chat.say(by, `我要报个需求：${words}`), '确认');
}

const needOf = ({ db, corp }: Chat, no = 'C-2026-0001') =>
  db.client.need.findUniqueOrThrow({ where: { corp_no: { corp, no } }, select: { urgency: true, state: true, reviewDue: true } });

story(
  'lowered by a button on the review card: the author reads it plainly, and the new card goes on from there',
  async (chat) => {
    await reported(chat, '很急，食堂想换菜单');
    const card = chat.newest('secretary.a');
    expect(read(card)).toContain('【急】很急，食堂想换菜单');
    const asked = await chat.press('secretary.a', card, '改急缓');
    expect(read(asked)).toBe('C-2026-0001 有多急？\n[普通] [急] [特急] [取消]');
    const done = await chat.press('secretary.a', asked, '普通');
    expect(read(done)).toContain('C-2026-0001 改为“普通”');
    expect(read(done)).toContain('最晚11月26日17:30前答复，审核的卡片重新发了。也告诉了李师傅。');
    expect(chat.newest('worker.a').text).toBe(
      '您报的需求 C-2026-0001“很急，食堂想换菜单”：林书记把它从“急”改为“普通”，最晚11月26日17:30前答复您。',
    );
    const again = chat.newest('secretary.a');
    expect(read(again)).toContain('请审核需求 C-2026-0001');
    expect(read(again)).not.toContain('【急】');
    await chat.press('secretary.a', again, '通过');
    expect(await needOf(chat)).toMatchObject({ state: 'OPEN', urgency: 'NORMAL' });
    // What does not press calls nobody.
    expect(chat.inbox('member.a')).toEqual([]);
  },
);

story('raised to 特急: reviewed within a working day, and a limit once told is never put off', async (chat) => {
  await reported(chat, '配电房要一名电工');
  expect((await needOf(chat)).reviewDue).toEqual(new Date('2026-11-26T17:30:00+08:00'));
  expect(read(await chat.say('secretary.a', '把C-2026-0001改为特急'))).toContain('最晚11月25日17:30前答复');
  expect(chat.newest('worker.a').text).toContain('从“普通”改为“特急”，最晚11月25日17:30前答复您');
  await chat.say('secretary.a', 'C-2026-0001 不急');
  await chat.say('secretary.a', '待我审核');
  expect(read(await chat.say('secretary.a', '1改成急件'))).toContain('C-2026-0001 改为“急”');
  await chat.say('secretary.a', '第1条改为普通');
  expect(await needOf(chat)).toMatchObject({ urgency: 'NORMAL', reviewDue: new Date('2026-11-25T17:30:00+08:00') });
  // The reminder is that of the new limit, and comes once.
  await chat.moveTo(new Date('2026-11-25T17:00:00+08:00'));
  expect(chat.inbox('secretary.a').filter(({ text }) => text?.startsWith('提醒：'))).toHaveLength(1);
});

story('B: the other officers read who changed it; whoever is second reads that it is so already', async (chat) => {
  await chat.say('worker.a', '我要报个需求：园区缺公共充电桩');
  await chat.say('worker.a', '类别改成B');
  await chat.say('worker.a', '确认');
  const old = chat.newest('town.b');
  expect(read(await chat.say('town.a', '加急 B-2026-0001'))).toContain('B-2026-0001 改为“急”');
  expect(read(chat.inbox('town.b').find(({ id }) => id === old.id)!)).toContain('已由张同志改为“急”，请看新的卡片');
  expect(read(chat.newest('town.b'))).toContain('【急】园区缺公共充电桩');
  expect((await chat.say('town.b', 'B-2026-0001 加急')).text).toBe('B-2026-0001 现在就是“急”，不用改。');
  // Said in a group it is done in the own chat.
  expect((await chat.say('town.b', '@党建助手 B-2026-0001 不急', TOWN)).text).toContain('只在私聊里办');
  expect(chat.inbox('town.b').some((each) => read(each).includes('B-2026-0001 改为“普通”'))).toBe(true);
});

story('afterwards by its library’s owner: who can do it is called at once, who works on it hears', async (chat) => {
  await chat.say('member.c', '我会电工');
  await reported(chat, '配电房要一名电工');
  await chat.say('secretary.a', '通过 C-2026-0001');
  expect(chat.inbox('member.c')).toEqual([]);
  const raised = await chat.say('secretary.a', '把C-2026-0001改成急件');
  expect(read(raised)).toContain('马上告诉了能办的党员。也告诉了李师傅。');
  expect(chat.newest('member.c').text).toContain('有件急事要人帮忙：【急】配电房要一名电工');
  expect(chat.newest('worker.a').text).toContain('林书记把它从“普通”改为“急”，照常往下办');
  expect(read(await chat.say('member.a', '看需求 急'))).toContain('配电房要一名电工');
  await chat.say('member.a', '认领 C-2026-0001');
  expect(read(await chat.say('secretary.a', '急件改成普通 C-2026-0001'))).toContain('改为“普通”');
  expect(chat.newest('member.a').text).toBe('您在办的 C-2026-0001“配电房要一名电工”：林书记把它从“急”改为“普通”。');
  expect(read(await chat.say('secretary.a', '撤销'))).toBe('已撤销：C-2026-0001 还是“急”，有关的人也知道了。');
  expect(chat.newest('worker.a').text).toContain('林书记刚才改急缓是点错了，还是“急”，照常往下办');
  expect(await needOf(chat)).toMatchObject({ urgency: 'URGENT', state: 'CLAIMED' });
});

story('who may not, what is over, what is no urgency: one sentence, and nothing changes', async (chat) => {
  await reported(chat, '很急，仓库进水了');
  expect((await chat.say('worker.a', 'C-2026-0001 不急')).text).toContain('需求急不急由审核的人定。是您自己报的，可以说“修改');
  expect((await chat.say('secretary.b', 'C-2026-0001 不急')).text).toBe(
    'C-2026-0001 急不急由力西特党支部（林书记）定，您的身份不能办。',
  );
  expect(read(await chat.say('secretary.a', '改急缓 C-2026-0009'))).toContain('C-2026-0009 有多急');
  expect((await chat.say('secretary.a', '普通')).text).toContain('没有找到 C-2026-0009');
  await chat.say('secretary.a', '改急缓 C-2026-0001');
  expect(read(await chat.say('secretary.a', '一点点'))).toContain('紧急程度可以选：1. 普通；2. 急；3. 特急。');
  await chat.say('secretary.a', '取消');
  await chat.say('secretary.a', '退回 C-2026-0001：哪个仓库');
  expect((await chat.say('secretary.a', 'C-2026-0001 不急')).text).toBe('C-2026-0001 被退回了，等报的人补正以后再改急缓。');
  await chat.say('worker.a', '撤回 C-2026-0001');
  await chat.say('worker.a', '确认');
  expect((await chat.say('secretary.a', 'C-2026-0001 特急')).text).toBe('C-2026-0001 现在是“已撤回”，不用再改急缓。');
  expect(await needOf(chat)).toMatchObject({ urgency: 'URGENT' });
});

story('taken back under review with its limit; not once somebody went on from it', async (chat) => {
  await reported(chat, '食堂想换菜单');
  const { reviewDue } = await needOf(chat);
  await chat.say('secretary.a', 'C-2026-0001 特急');
  expect(read(await chat.say('secretary.a', '撤销'))).toContain('已撤销：C-2026-0001 还是“普通”');
  expect(await needOf(chat)).toMatchObject({ urgency: 'NORMAL', reviewDue });
  expect(chat.newest('worker.a').text).toContain('还是“普通”，最晚11月26日17:30前答复您');
  await chat.say('secretary.a', 'C-2026-0001 特急');
  await chat.say('worker.a', '修改 C-2026-0001 紧急程度改成普通');
  await chat.say('worker.a', '确认');
  expect(read(await chat.say('secretary.a', '撤销'))).toContain('C-2026-0001 后来又变过，不能撤销');
});
