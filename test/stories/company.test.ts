/** A need in company: twins found before they are filed, taken back, followed, helped with, searched for. */
import { expect } from 'vitest';
import { read, story, type Chat } from '../chat.ts';

async function reported(chat: Chat, words: string, as = 'worker.a'): Promise<void> {
  await chat.say(as, `我要报个需求：${words}`);
  await chat.say(as, '确认');
}

async function published(chat: Chat, words: string): Promise<void> {
  await reported(chat, words);
  await chat.press('secretary.a', chat.newest('secretary.a'), '通过');
}

story('a twin is shown before it is filed: follow it, or confirm all the same', async (chat) => {
  await published(chat, '二号车间缺急救培训');
  const card = await chat.say('member.b', '我要报个需求：车间缺急救培训');
  expect(read(card)).toContain('有一条很像：C-2026-0001“二号车间缺急救培训”（待认领）。是同一件事就点“跟进它”，不是就确认。');
  expect(read(card)).toContain('[确认] [改内容] [改类别] [取消] [跟进它]');
  const followed = await chat.press('member.b', card, '跟进它');
  expect(read(followed)).toContain('C-2026-0001“二号车间缺急救培训”有进展我告诉您。现在：待认领。');
  await chat.say('member.a', '认领 C-2026-0001');
  expect(chat.newest('member.b').text).toContain('已由陈同志（力西特党支部）认领');

  const again = await chat.say('member.c', '我要报个需求：食堂中午排队太长');
  expect(read(again)).not.toContain('很像');
  const twin = await chat.say('member.b', '我要报个需求：一号车间缺急救培训');
  expect(read(await chat.press('member.b', twin, '确认'))).toContain('已建单 C-2026-0002');
});

story('a need under review is not shown to strangers, even as a twin', async (chat) => {
  await reported(chat, '车间缺急救培训');
  const card = await chat.say('member.b', '我要报个需求：车间缺急救培训了');
  expect(read(card)).toContain('有一条很像：C-2026-0001（待审，在力西特党支部）');
});

story('撤回: by its owner only, at any time; the reviewer’s card is stamped, whoever worked on it hears so', async (chat) => {
  await reported(chat, '车间缺急救培训');
  expect((await chat.say('member.a', '撤回 C-2026-0001')).text).toBe('C-2026-0001 不是您报的，只有报的人能撤回。');
  expect((await chat.say('member.a', '确认')).text).toContain('现在没有正在办的事');

  const card = await chat.say('worker.a', '撤回');
  expect(read(card)).toContain('编号：C-2026-0001');
  expect(read(card)).toContain('车间缺急救培训');
  expect(read(await chat.press('worker.a', card, '确认'))).toContain('C-2026-0001 已撤回');
  expect(read(chat.newest('secretary.a'))).toContain('已由李师傅撤回，不用再审');
  expect((await chat.say('secretary.a', '通过 C-2026-0001')).text).toBe('C-2026-0001 已被报的人撤回，不用再审。');

  await published(chat, '食堂中午排队太长');
  await chat.say('member.a', '认领 C-2026-0002');
  await chat.say('worker.a', '把C-2026-0002撤回来');
  await chat.say('worker.a', '确认');
  expect(chat.newest('member.a').text).toContain('需求 C-2026-0002“食堂中午排队太长”已由李师傅撤回');
  expect((await chat.say('worker.a', '撤回C-2026-0002')).text).toContain('C-2026-0002 已经撤回了');
});

story('who comes second may help, wait, or follow', async (chat) => {
  await published(chat, '车间缺急救培训');
  expect((await chat.say('member.b', '协办 C-2026-0001')).text).toContain('还没有人认领。您可以直接说“认领 C-2026-0001”');
  await chat.say('member.a', '认领 C-2026-0001');
  expect((await chat.say('member.b', '认领 C-2026-0001')).text).toContain(
    '您可以说“协办 C-2026-0001”一起办，“候补 C-2026-0001”等着接手',
  );
  expect((await chat.say('member.b', '协办 C-2026-0001')).text).toContain('您协办 C-2026-0001');
  expect(chat.newest('member.a').text).toContain('周同志想协办您认领的 C-2026-0001');
  expect((await chat.say('member.b', '协办 C-2026-0001')).text).toContain('您已经在协办');
  expect((await chat.say('member.c', '候补 C-2026-0001')).text).toContain('认领的人办不了时，我先问您');
  expect((await chat.say('worker.a', '候补 C-2026-0001')).text).toContain('协办和候补要由党员来');
  expect((await chat.say('worker.a', '跟进 C-2026-0001')).text).toContain('有进展我告诉您');
});

story('我的 on one page, with numbers to go on from', async (chat) => {
  expect((await chat.say('member.a', '我的')).text).toContain('您还没有报过需求');
  await reported(chat, '缺党课老师', 'member.a');
  await published(chat, '车间缺急救培训');
  await chat.say('member.a', '认领 C-2026-0002');
  expect((await chat.say('member.a', '我的')).text).toBe(
    '您报的：\n1. C-2026-0001 缺党课老师：待审，在力西特党支部\n您认领的：\n2. C-2026-0002 车间缺急救培训：已由陈同志认领\n看进展说序号；要撤回自己报的，说“撤回1”，几条一起撤说“撤回1和3”。',
  );
  expect(read(await chat.say('member.a', '撤回1'))).toContain('编号：C-2026-0001');
});

story('the board by class, place and words', async (chat) => {
  await published(chat, '缺会电工的师傅');
  await published(chat, '食堂中午排队太长');
  expect(read(await chat.say('member.a', '看需求 会电工'))).toContain('1. 缺会电工的师傅');
  expect(read(await chat.say('member.a', '看需求 C 瞿溪 食堂'))).toContain('1. 食堂中午排队太长');
  expect((await chat.say('member.a', '看需求 郭溪')).text).toContain('现在没有待认领的“郭溪”需求');
});
