/** 转人工: a queue, somebody who takes one from it, words carried between two, and the bot silent until it is handed back. */
import { expect, test } from 'vitest';
import { carried, toBot } from '../../src/bot/relay.ts';
import { createCatalogue } from '../../src/bot/catalogue.ts';
import { overdue } from '../../src/handoff/rules.ts';
import { MODULES } from '../../src/modules.ts';
import { ALLIANCE, openChat, read, START, story, type Chat } from '../chat.ts';

const minutes = (n: number) => new Date(START.getTime() + n * 60_000);

story('转人工: told the place, taken from a card, both talk, handed back', async (chat) => {
  await chat.say('worker.a', '呃那个啥 电话13800001234');
  const called = await chat.say('worker.a', '就是那个嘛');
  expect(read(called)).toContain('这件事我请人来和您说：已经告诉值班的1位同志，您排在第一位。');
  const card = chat.newest('hotline.a');
  expect(read(card)).toBe(
    ['有人转人工', '李师傅（力西特电气）', '之前说的：呃那个啥 电话138****1234；就是那个嘛', '[接待]'].join('\n'),
  );
  // Waiting, the bot still works.
  expect(read(await chat.say('worker.a', '看需求'))).toContain('现在没有待认领的');
  expect(read(await chat.say('worker.a', '转人工'))).toContain('已经在给您转人工了，您排在第一位');

  const taken = await chat.press('hotline.a', card, '接待');
  expect(read(taken)).toContain('您在接待李师傅（力西特电气）\n转人工中');
  expect(read(chat.newest('worker.a'))).toContain('【转人工中】叶同志（红色征集热线）来接待您了。');

  // Both doors are one conversation; what would otherwise be a request is carried on.
  expect(read(await chat.say('worker.a', '看需求'))).toBe('已转给叶同志（转人工中）');
  expect(read(chat.newest('hotline.a'))).toBe('【转人工中】李师傅：看需求');
  expect(read(await chat.say('hotline.a', '您好，哪里不顺？', 'app'))).toBe('已转给李师傅（转人工中）');
  expect(read(chat.newest('worker.a'))).toBe('【转人工中】叶同志：您好，哪里不顺？');
  expect(read(await chat.say('worker.a', '我电话13800001234', 'app'))).toContain('已转给叶同志');
  expect(read(chat.newest('hotline.a'))).toBe('【转人工中】李师傅：我电话13800001234');
  expect(read(await chat.say('worker.a', '确认'))).toContain('已转给叶同志');
  // What is meant for the bot.
  expect(read(await chat.say('hotline.a', '助手 看需求'))).toContain('现在没有待认领的');
  expect(read(await chat.say('worker.a', '助手，我的'))).toContain('您还没有报过需求');

  expect(read(await chat.say('hotline.a', '交回'))).toContain('已结束，李师傅（力西特电气）交回给我');
  expect(read(chat.newest('worker.a'))).toContain('叶同志结束了转人工，现在由我接着为您服务');
  expect(read(await chat.say('worker.a', '看需求'))).toContain('现在没有待认领的');
  expect(read(await chat.say('worker.a', '转告：还在吗'))).toContain('您现在没有在转人工');
  expect(read(await chat.say('worker.a', '我的资料'))).toContain('转人工：1次，说的话不保存');
  const kept = await chat.db.client.handoff.findMany({ where: { corp: chat.corp } });
  expect(kept.map(({ state, words }) => ({ state, words }))).toEqual([{ state: 'ENDED', words: null }]);
});

story('the same words said twice arrive twice', async (chat) => {
  await chat.say('worker.a', '转人工：工资没发');
  await chat.press('hotline.a', chat.newest('hotline.a'), '接待');
  await chat.say('hotline.a', '好的');
  await chat.say('hotline.a', '好的');
  expect(chat.inbox('worker.a').filter(({ text }) => text === '【转人工中】叶同志：好的')).toHaveLength(2);
});

story('several wait: each has a place, whoever leaves makes room, one agent takes one at a time', async (chat) => {
  await chat.say('worker.a', '转人工：工资没发');
  const card = chat.newest('hotline.a');
  expect(read(await chat.say('member.a', '转人工'))).toContain('您前面还有1位');
  expect(read(await chat.say('secretary.a', '我要人工服务'))).toContain('您前面还有2位');
  expect(read(await chat.say('member.a', '人工排队'))).toContain('您前面还有1位');
  const line = read(await chat.say('hotline.a', '谁在排队'));
  expect(line).toContain('1. 李师傅（力西特电气）：工资没发\n2. 陈同志（力西特党支部）\n3. 林书记（力西特党支部）');
  expect(read(await chat.say('worker.a', '退出排队'))).toContain('已退出排队');
  expect(read(await chat.say('secretary.a', '人工排队'))).toContain('您前面还有1位');
  expect(read(chat.inbox('hotline.a').find(({ id }) => id === card.id)!)).toContain('李师傅不用等了');
  expect(read(await chat.say('hotline.a', '接待'))).toContain('您在接待陈同志');
  expect(read(await chat.say('hotline.a', '接待'))).toContain('您正在接待陈同志（力西特党支部），先说“结束人工”');
  expect(read(await chat.say('member.a', '结束人工'))).toContain('转人工结束了');
  expect(read(chat.newest('hotline.a'))).toContain('陈同志（力西特党支部）结束了转人工');
  expect(read(await chat.say('hotline.a', '接待下一位'))).toContain('您在接待林书记');
  await chat.say('hotline.a', '结束人工');
  expect(read(await chat.say('hotline.a', '接待'))).toBe('现在没有人在排队。');
  expect(read(await chat.say('worker.a', '接待'))).toContain('接待转人工要由红色征集热线的坐席来办');
  expect(read(await chat.say('worker.a', '结束人工'))).toContain('您现在没有在转人工');
});

story('two press 接待 at once: one has them, the other reads who', async (chat) => {
  await chat.db.client.standing.create({
    data: {
      id: `${chat.corp}:extra`,
      personId: `${chat.corp}:person9`,
      organisationId: `${chat.corp}:hotline`,
      role: 'HOTLINE_AGENT',
      since: chat.now(),
    },
  });
  await chat.at(minutes(1));
  await chat.say('worker.a', '转人工');
  const [one, other] = [chat.newest('hotline.a'), chat.newest('twonew.a')];
  const both = await Promise.all([chat.wecom.press('hotline.a', one.id, '接待'), chat.wecom.press('twonew.a', other.id, '接待')]);
  await chat.settle();
  expect(both.every(({ status }) => status === 200)).toBe(true);
  const read2 = [...chat.inbox('hotline.a'), ...chat.inbox('twonew.a')].map(read).join('\n');
  expect(read2.match(/您在接待李师傅/gu)).toHaveLength(1);
  expect(read2).toMatch(/已经由.{1,3}接待了，不用再接|已由.{1,3}接待/u);
});

story(
  'nobody comes: told once, then ended; an agent who is silent loses them to the queue, a person who is silent ends it',
  async (chat) => {
    await chat.say('worker.a', '转人工');
    await chat.at(minutes(14));
    expect(read(chat.newest('hotline.a'))).toContain('[接待]');
    const before = chat.inbox('worker.a').length;
    await chat.at(minutes(15));
    expect(read(chat.newest('worker.a'))).toContain('等了15分钟，还没有人接。您不用守着');
    await chat.at(minutes(60));
    expect(chat.inbox('worker.a')).toHaveLength(before + 1);

    await chat.press('hotline.a', chat.newest('hotline.a'), '接待');
    await chat.say('worker.a', '在吗');
    await chat.at(minutes(69));
    await chat.say('worker.a', '有人吗');
    await chat.at(minutes(78));
    expect(read(chat.newest('worker.a'))).not.toContain('放回');
    await chat.at(minutes(79));
    expect(read(chat.newest('worker.a'))).toContain('叶同志有一会儿没回话了，我把您放回排队的最前面');
    expect(chat.inbox('hotline.a').map(read).join('\n')).toContain('等您回话超过10分钟，已放回排队的最前面');
    const fresh = chat.inbox('hotline.a').findLast(({ card }) => card?.button_list);
    if (!fresh) throw new Error('no fresh card');
    await chat.press('hotline.a', fresh, '接待');
    await chat.say('hotline.a', '抱歉，久等了');
    await chat.at(minutes(89));
    expect(read(chat.newest('worker.a'))).toContain('10分钟没有人说话，转人工结束了');
    expect(read(await chat.say('worker.a', '看需求'))).toContain('现在没有待认领的');

    await chat.say('worker.a', '转人工');
    await chat.at(minutes(89 + 24 * 60));
    await chat.at(minutes(90 + 24 * 60));
    expect(read(chat.newest('worker.a'))).toContain('一直没有人接，排队到时结束了');
  },
);

story(
  'where the county has no agent its administrator is called, and where it has neither people are told whom to see',
  async (chat) => {
    const end = (role: string) =>
      chat.db.client.standing.updateMany({ where: { role, person: { corp: chat.corp } }, data: { until: chat.now() } });
    await end('HOTLINE_AGENT');
    await chat.at(minutes(1));
    await chat.say('worker.a', '转人工');
    expect(read(chat.newest('county.a'))).toContain('有人转人工\n李师傅（力西特电气）');
    await chat.say('worker.a', '退出排队');
    await end('ADMINISTRATOR');
    await chat.at(minutes(2));
    expect(read(await chat.say('worker.a', '转人工'))).toContain('现在没有人能接。请直接打电话或当面找您单位的党支部书记');
  },
);

story('asked for in a group it goes on in private; not understood twice in a group offers the button', async (chat) => {
  expect(read(await chat.say('worker.a', '@党建助手 转人工', ALLIANCE))).toContain('只在私聊里办');
  expect(read(chat.newest('worker.a'))).toContain('您排在第一位');
  await chat.say('worker.a', '退出排队');
  await chat.say('member.a', '@党建助手 呃那个啥', ALLIANCE);
  expect(read(await chat.say('member.a', '@党建助手 就是那个嘛', ALLIANCE))).toContain('[转人工]');
});

story('a form that was open waits until it is handed back, and who is called reads which it was', async (chat) => {
  await chat.say('worker.a', '报需求');
  await chat.say('worker.a', '转人工');
  expect(read(chat.newest('hotline.a'))).toContain('之前说的：（正在办“报需求”）');
  await chat.press('hotline.a', chat.newest('hotline.a'), '接待');
  await chat.say('worker.a', '不会填');
  await chat.say('hotline.a', '交回');
  expect(read(await chat.say('worker.a', '看需求'))).toContain('现在没有待认领的');
});

story('who leaves is waited for no more; whose agent leaves is in front of the queue again', async (chat) => {
  await chat.say('worker.a', '转人工');
  await chat.press('hotline.a', chat.newest('hotline.a'), '接待');
  await gone(chat, 'hotline.a');
  expect(read(chat.newest('worker.a'))).toContain('不在岗了，我把您放回排队的最前面');
  expect(read(chat.newest('county.a'))).toContain('有人转人工');
  await gone(chat, 'worker.a');
  const [row] = await chat.db.client.handoff.findMany({ where: { corp: chat.corp } });
  expect(row?.state).toBe('ENDED');
});

async function gone(chat: Chat, userId: string): Promise<void> {
  const person = await chat.db.client.person.findFirstOrThrow({ where: { corp: chat.corp, userId } });
  await chat.db.client.person.update({ where: { id: person.id }, data: { active: false } });
  const job = {
    id: `leave-${person.id.split('person')[1]}`,
    corp: chat.corp,
    name: 'people.leaver',
    payload: { person: person.id },
  };
  await chat.db.client.job.create({ data: { ...job, dueAt: chat.now(), createdAt: chat.now() } });
  await chat.at(new Date(chat.now().getTime() + 10_000));
}

test('memory may be lost in the middle of it', async () => {
  const { chat, close } = await openChat();
  try {
    await chat.say('worker.a', '转人工');
    await chat.press('hotline.a', chat.newest('hotline.a'), '接待');
    const key = `session:${chat.corp}:worker.a`;
    expect(await chat.state.deleteIf(key, (await chat.state.get(key)) ?? '')).toBe(true);
    expect(read(await chat.say('worker.a', '看需求'))).toContain('已转给叶同志');
  } finally {
    await close();
  }
});

test('what is carried on and what is not', () => {
  const catalogue = createCatalogue(MODULES);
  const relay = catalogue.relay!;
  const said = (words: string) => carried(words, catalogue, relay);
  expect(said('看需求')).toEqual({ do: 'start', intent: 'human.say', said: { words: '看需求' } });
  expect(said('')).toMatchObject({ intent: 'human.say', said: { words: '（发来一张图片，这里转不过去）' } });
  for (const words of ['结束人工', '交回', '退出排队']) expect(said(words)).toMatchObject({ intent: 'human.end' });
  for (const words of ['助手 看需求', '助手，看需求', '@党建助手 看需求', '助手']) expect(said(words)).toBeUndefined();
  expect(toBot('助手：看需求')).toBe('看需求');
  expect(said('助手机是什么')).toMatchObject({ intent: 'human.say' });
});

test.each([
  ['WAITING', 'PERSON', 14, 14, 'later'],
  ['WAITING', 'PERSON', 15, 15, 'tell'],
  ['WAITING', 'PERSON', 15, 24 * 60, 'expire'],
  ['SERVING', 'PERSON', 9, 9, 'later'],
  ['SERVING', 'PERSON', 10, 90, 'requeue'],
  ['SERVING', 'AGENT', 10, 90, 'end'],
  ['ENDED', 'AGENT', 999, 9999, 'later'],
] as const)('%s, touched by %s %i minutes ago, asked %i ago: %s', (state, touchedBy, touched, asked, expected) => {
  const ago = (n: number) => new Date(START.getTime() - n * 60_000);
  const limits = { 'hot.wait_min': 15, 'hot.expire_h': 24, 'hot.idle_min': 10 };
  expect(overdue({ state, touchedBy, touchedAt: ago(touched), askedAt: ago(asked) }, START, limits)).toBe(expected);
});
