/** 合并: a duplicate goes into the need it repeats, and nobody who asked for it is lost. */
import { expect } from 'vitest';
import { ALLIANCE, read, story, type Chat } from '../chat.ts';

async function reported(chat: Chat, words: string, as: string): Promise<void> {
  await chat.say(as, `我要报个需求：${words}`);
  await chat.say(as, '确认');
}

async function published(chat: Chat, words: string, as: string): Promise<void> {
  await reported(chat, words, as);
  await chat.press('secretary.a', chat.newest('secretary.a'), '通过');
}

story(
  '合并: both are shown before it is done; the author follows the main one, and the card of the review is stamped',
  async (chat) => {
    await published(chat, '二号车间缺急救培训', 'worker.a');
    await reported(chat, '想学心肺复苏', 'member.b');
    expect((await chat.say('member.a', '跟进 C-2026-0002')).text).toContain('好的，C-2026-0002有进展我告诉您');
    const review = chat.newest('secretary.a');

    const card = await chat.say('secretary.a', '合并 C-2026-0002 到 C-2026-0001');
    expect(read(card)).toContain('请核对合并，办了不能拆开');
    expect(read(card)).toContain('重复的：C-2026-0002“想学心肺复苏”（待审，在力西特党支部）');
    expect(read(card)).toContain('并到：C-2026-0001“二号车间缺急救培训”（待认领）');
    expect(read(await chat.press('secretary.a', card, '确认'))).toContain('已合并');
    expect(chat.newest('member.b').text).toBe(
      '需求 C-2026-0002“想学心肺复苏”和 C-2026-0001“二号车间缺急救培训”是同一件事，已由林书记并到 C-2026-0001 一起办。您已在跟进 C-2026-0001，有进展我告诉您。',
    );
    expect(chat.newest('member.a').text).toContain('需求 C-2026-0002和 C-2026-0001“二号车间缺急救培训”是同一件事');
    expect(read(chat.inbox('secretary.a').find(({ id }) => id === review.id)!)).toContain('已由林书记并入 C-2026-0001，不用再审');

    expect((await chat.say('member.b', 'C-2026-0002 到哪了')).text).toContain('和 C-2026-0001 是同一件事，并到那一条一起办');
    expect((await chat.say('worker.a', 'C-2026-0002 到哪了')).text).toContain('还没有公开');
    expect((await chat.say('member.a', '认领 C-2026-0002')).text).toBe(
      'C-2026-0002 已并入 C-2026-0001，请说“认领 C-2026-0001”。',
    );
    expect((await chat.say('member.a', '跟进 C-2026-0002')).text).toContain('请说“跟进 C-2026-0001”');
    expect((await chat.say('member.b', '撤回 C-2026-0002')).text).toBe('C-2026-0002 已并入 C-2026-0001，不用再撤。');
    expect((await chat.say('secretary.a', '通过 C-2026-0002')).text).toBe('C-2026-0002 已并入 C-2026-0001，不用再审。');
    expect((await chat.say('member.b', '我的')).text).toContain('C-2026-0002 想学心肺复苏：已并入 C-2026-0001');

    await chat.say('member.c', '认领 C-2026-0001');
    for (const follower of ['member.b', 'member.a']) {
      expect(chat.newest(follower).text).toContain('需求 C-2026-0001“二号车间缺急救培训”已由吴同志（明视眼镜党支部）认领');
    }
  },
);

story('合并: what was public stays to be read, and says where it went', async (chat) => {
  await published(chat, '二号车间缺急救培训', 'worker.a');
  await published(chat, '想学心肺复苏', 'member.b');
  await chat.press('secretary.a', await chat.say('secretary.a', '把C-2026-0002并到C-2026-0001'), '确认');
  expect((await chat.say('member.c', '@党建助手 C-2026-0002 到哪了', ALLIANCE)).text).toContain('和 C-2026-0001 是同一件事');
  expect(read(await chat.say('member.a', '看需求'))).not.toContain('心肺复苏');
});

story('合并: who may not, and what may not, is said with the reason', async (chat) => {
  await published(chat, '二号车间缺急救培训', 'worker.a');
  await reported(chat, '想学心肺复苏', 'member.b');
  expect((await chat.say('member.a', '合并 C-2026-0002 到 C-2026-0001')).text).toContain('C类由所在党支部书记');
  expect((await chat.say('secretary.b', '合并 C-2026-0002 到 C-2026-0001')).text).toBe(
    'C-2026-0002 由力西特党支部（林书记）审核，您的身份不能合并它。',
  );
  expect((await chat.say('secretary.a', '合并 C-2026-0002 到 C-2026-0002')).text).toContain('不能并到它自己');
  expect((await chat.say('secretary.a', '合并 C-2026-0002 到 C-2026-0009')).text).toContain('没有找到 C-2026-0009');

  await chat.say('member.a', '认领 C-2026-0001');
  expect((await chat.say('secretary.a', '合并 C-2026-0001 到 C-2026-0002')).text).toBe(
    'C-2026-0001 已经有人认领在办，不能并走。可以反过来，说“合并 C-2026-0002 到 C-2026-0001”，让重复的那条并到它。',
  );
  await chat.say('member.b', '撤回 C-2026-0002');
  await chat.say('member.b', '确认');
  await reported(chat, '食堂中午排队太长', 'worker.a');
  expect((await chat.say('secretary.a', '合并 C-2026-0003 到 C-2026-0002')).text).toContain('现在是“已撤回”，不能再并到它上面');
  expect((await chat.say('secretary.a', '合并 C-2026-0002 到 C-2026-0003')).text).toBe(
    'C-2026-0002 现在是“已撤回”，不用再合并。',
  );

  await reported(chat, '缺消防器材', 'member.c');
  expect((await chat.say('secretary.a', '合并 C-2026-0003 到 C-2026-0004')).text).toBe(
    'C-2026-0004 由明视眼镜党支部（黄书记）审核，您的身份不能合并它。',
  );
});

story('合并: of two reviewers at once, in both directions, one is done and the other is told', async (chat) => {
  for (const words of ['二号车间缺急救培训', '想学心肺复苏']) {
    await chat.say('worker.a', `我要报个需求：${words}`);
    await chat.say('worker.a', '类别改成B');
    await chat.say('worker.a', '确认');
  }
  const one = await chat.say('town.a', '合并 B-2026-0002 到 B-2026-0001');
  const other = await chat.say('town.b', '合并 B-2026-0001 到 B-2026-0002');
  const answers = await Promise.all([chat.press('town.a', one, '确认'), chat.press('town.b', other, '确认')]);
  const told = answers.map(read).join('\n');
  expect(told).toContain('已合并');
  expect(told).toMatch(/不用再合并|不能再并到它上面/u);
  expect(await chat.db.client.need.count({ where: { corp: chat.corp, state: 'MERGED' } })).toBe(1);
});
