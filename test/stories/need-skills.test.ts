/** Who can do what, and where: said in a sentence, and needs find them by it (rules.md row 50). */
import { expect } from 'vitest';
import { ALLIANCE, read, story, type Chat } from '../chat.ts';

async function published(chat: Chat, no: string, words: string, by = 'worker.a', secretary = 'secretary.a'): Promise<void> {
  await chat.press(by, await chat.say(by, `我要报个需求：${words}`), '确认');
  await chat.say(secretary, `通过 ${no}`);
}

const digest = (chat: Chat, who: string) =>
  chat
    .inbox(who)
    .flatMap(({ text }) => (text?.startsWith('您身边有') ? [text] : []))
    .at(-1);

story('skills and a place: said, seen, dropped, taken back; never by words that only sound like it', async (chat) => {
  expect((await chat.say('member.c', '我会电工和急救，在瞿溪')).text).toContain('记下了：您会电工、急救，常在瞿溪。');
  expect((await chat.say('member.b', '我会开叉车在食堂')).text).toContain('记下了：您会开叉车，常在食堂。');
  expect((await chat.say('member.c', '@党建助手 我会焊接', ALLIANCE)).text).toContain('您会电工、急救、焊接，常在瞿溪');
  expect((await chat.say('member.c', '撤销')).text).toBe('已撤销，现在记着：会电工、急救，常在瞿溪。');
  expect((await chat.say('member.c', '我在郭溪')).text).toContain('常在郭溪');
  expect((await chat.say('member.c', '我不会急救了')).text).toContain('好的，现在记着：会电工，常在郭溪。');
  expect((await chat.say('member.c', '我不会开车了')).text).toContain('没有记着“开车”');
  expect((await chat.say('member.c', '我的技能')).text).toContain('您会电工，常在郭溪。');
  expect((await chat.say('member.c', '我的资料')).text).toContain('您说过：会电工，常在郭溪');
  for (const words of ['我会尽快办', '我会来', '我在办了', '我在开会']) await chat.say('member.c', words);
  expect((await chat.say('member.c', '我的技能')).text).toContain('您会电工，常在郭溪。');
  expect((await chat.say('member.c', '登记技能')).text).toContain('请说“我会电工”');
  expect((await chat.say('member.c', '清空我的技能')).text).toContain('现在记着：什么都没有');
  expect((await chat.say('member.c', '看需求 我会的')).text).toContain('还不知道您会什么');
});

story(
  'the digest: what one can do comes first, from another branch of the county too; other skills are left out',
  async (chat) => {
    await chat.say('member.c', '我会电工');
    await published(chat, 'C-2026-0001', '缺两名电工');
    await published(chat, 'C-2026-0002', '缺党课老师');
    await published(chat, 'C-2026-0003', '缺焊工', 'member.c', 'secretary.b');
    await published(chat, 'C-2026-0004', '找一位焊工修货架', 'supervisor.d', 'secretary.b');
    await published(chat, 'C-2026-0005', '食堂要灭蚊', 'supervisor.d', 'secretary.b');
    await chat.at(new Date('2026-11-25T08:30:00+08:00'));
    expect(digest(chat, 'member.c')?.split('\n').slice(0, 3)).toEqual([
      '您身边有2条新需求等人认领：',
      '1. 缺两名电工（力西特电气，C-2026-0001）（您会这个）',
      expect.stringContaining('食堂要灭蚊'),
    ]);
    expect(digest(chat, 'member.a')).toContain('您身边有2条新需求');
    expect(read(await chat.say('member.c', '看需求 我会的'))).toContain('1. 缺两名电工');
    expect(read(await chat.say('member.c', '看需求 我会的'))).not.toContain('党课');
  },
);

story('what presses is told at once to whoever can do it, at night too', async (chat) => {
  await chat.say('member.c', '我会电工');
  await chat.at(new Date('2026-11-24T22:00:00+08:00'));
  await published(chat, 'C-2026-0001', '特急，配电房要一名电工');
  expect(chat.newest('member.c').text).toContain('有件急事要人帮忙：【特急】配电房要一名电工');
  expect(chat.inbox('member.a')).toEqual([]);
  await published(chat, 'C-2026-0002', '很急，仓库进水了');
  expect(chat.newest('member.a').text).toContain('仓库进水了');
  expect(chat.inbox('member.c')).toHaveLength(1);
});
