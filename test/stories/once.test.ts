/** What arrives twice happens once; what was acknowledged survives; a button that is not yours does nothing. */
import { expect } from 'vitest';
import { defineIntent } from '../../src/bot/intent.ts';
import { defineModule } from '../../src/bot/module.ts';
import { text } from '../../src/bot/slots/text.ts';
import { MODULES } from '../../src/modules.ts';
import { anybody } from '../../src/people/index.ts';
import { ALLIANCE, read, story, type Chat } from '../chat.ts';

async function countNeeds({ db, corp }: Chat): Promise<number> {
  return db.client.need.count({ where: { corp } });
}

story('the same bytes, the same message, the same press: one need and one answer', async (chat) => {
  const asked = await chat.say('worker.a', '我要报个需求：车间缺急救培训', 'bot', { msgid: 'one' });
  const repeat = await chat.say('worker.a', '我要报个需求：车间缺急救培训', 'bot', { msgid: 'one' });
  expect(read(repeat)).toBe(read(asked));
  const first = await chat.press('worker.a', asked, '确认', { msgid: 'two' });
  const second = await chat.press('worker.a', asked, '确认', { msgid: 'two', stale: true });
  const third = await chat.press('worker.a', asked, '确认', { msgid: 'three', stale: true });
  expect(read(second)).toBe(read(first));
  expect(read(third)).toBe(read(first));
  const last = chat.wecom.wire.filter((record) => record.direction === 'to-bot').at(-1)!;
  expect((await chat.wecom.redeliver(last.id)).status).toBe(200);
  expect(await countNeeds(chat)).toBe(1);
});

story('with everything in memory lost a repeat still gets the same answer', async (chat) => {
  const asked = await chat.say('worker.a', '我要报个需求：车间缺急救培训');
  const first = await chat.press('worker.a', asked, '确认', { msgid: 'two' });
  for (const key of ['session', 'answer:session']) await chat.state.delete(`${key}:${chat.corp}:worker.a`);
  await chat.state.delete(`answer:session:${chat.corp}:worker.a:two`);
  expect(read(await chat.press('worker.a', asked, '确认', { msgid: 'two', stale: true }))).toBe(read(first));
  expect(read(await chat.press('worker.a', asked, '确认', { msgid: 'three', stale: true }))).toBe(read(first));
  expect(await countNeeds(chat)).toBe(1);
});

story('with everything in memory lost a repeat is reminded of the matter left open as the first was', async (chat) => {
  await chat.press('worker.a', await chat.say('worker.a', '我要报个需求：车间缺急救培训'), '确认');
  await chat.press('secretary.a', chat.newest('secretary.a'), '通过');
  await chat.say('member.a', '我要报个需求：食堂中午排队太长');
  const first = read(await chat.say('member.a', '认领 C-2026-0001', 'app', { msgid: 'two' }));
  expect(first).toContain('还没办完');
  for (const key of ['session', 'answer:session']) await chat.state.delete(`${key}:${chat.corp}:member.a`);
  await chat.state.delete(`answer:session:${chat.corp}:member.a:two`);
  expect(read(await chat.say('member.a', '认领 C-2026-0001', 'app', { msgid: 'two' }))).toBe(first);
});

story('确认 after something that was only looked up has nothing to confirm', async (chat) => {
  await chat.say('worker.a', '查找', 'app');
  expect(read(await chat.say('worker.a', '食堂', 'app'))).toContain('没有找到“食堂”');
  expect(read(await chat.say('worker.a', '确认', 'app'))).toContain('现在没有正在办的事');
});

story('确认 said twice gets the same answer twice; after anything else there is nothing to confirm', async (chat) => {
  await chat.say('worker.a', '我要报个需求：车间缺急救培训');
  const first = read(await chat.say('worker.a', '确认', 'app'));
  expect(first).toContain('已建单');
  expect(read(await chat.say('worker.a', '确认', 'app'))).toBe(first);
  expect(read(await chat.say('worker.a', '确认', 'app'))).toContain('现在没有正在办的事');
  await chat.say('worker.a', '看需求', 'app');
  expect(read(await chat.say('worker.a', '确认', 'app'))).toContain('现在没有正在办的事');
  expect(await countNeeds(chat)).toBe(1);
});

let tries = 0;
/** Fails the first time it is carried out, and by no fault of who said it. */
const failing = defineModule({
  name: 'failing',
  title: '会出错的事',
  intents: [
    defineIntent({
      name: 'failing.write',
      title: '试着写',
      help: '“试着写 什么”',
      says: ['试着写 一句话'],
      matches: [/^试着写 ?(?<words>.+)$/u],
      who: anybody,
      where: 'anywhere',
      slots: { words: text('内容', '写什么？', { max: 100 }) },
      confirm: '请核对要写的',
      run: async (ctx) => {
        tries++;
        if (tries === 1) throw new Error('a fault of our own');
        ctx.record('写');
        return { text: '写好了' };
      },
    }),
  ],
});

story(
  'what was told to have failed is not carried out by a repeat of it that comes later, and may be said again',
  async (chat) => {
    tries = 0;
    const written = () => chat.db.client.audit.count({ where: { corp: chat.corp, intent: 'failing.write', outcome: 'done' } });
    await chat.say('worker.a', '试着写 一句话');
    const told = read(await chat.say('worker.a', '确认', 'bot', { msgid: 'one' }));
    expect(told).toContain('没有办成，也没有保存');
    await chat.state.delete(`answer:session:${chat.corp}:worker.a:one`);
    expect(read(await chat.say('worker.a', '确认', 'bot', { msgid: 'one' }))).toBe(told);
    expect([tries, await written()]).toEqual([1, 0]);
    expect(read(await chat.say('worker.a', '确认', 'bot', { msgid: 'two' }))).toContain('写好了');
    expect([tries, await written()]).toEqual([2, 1]);
  },
  [...MODULES, failing],
);

story('two at once: one claim wins, the other hears who', async (chat) => {
  await chat.press('worker.a', await chat.say('worker.a', '我要报个需求：车间缺急救培训'), '确认');
  await chat.press('secretary.a', chat.newest('secretary.a'), '通过');
  const members = ['member.a', 'member.b', 'member.c', 'secretary.b'];
  const said = await Promise.all(members.map((member) => chat.say(member, '认领 C-2026-0001')));
  const won = said.filter((bubble) => bubble.text?.includes('您认领了'));
  const lost = said.filter((bubble) => /已由\S+在今天10:00认领了/.test(bubble.text ?? ''));
  expect([won.length, lost.length]).toEqual([1, 3]);
});

story('a card of the group pressed by somebody else changes nothing, and only for them', async (chat) => {
  const asked = await chat.say('worker.a', '@党建助手 我要报个需求：车间缺急救培训', ALLIANCE);
  const foreign = await chat.press('member.a', asked, '确认');
  expect(read(foreign)).toContain('这张卡片不是您的');
  expect(read(chat.newest('worker.a', ALLIANCE))).toContain('[确认]');
  expect(await countNeeds(chat)).toBe(0);
  expect(read(await chat.press('worker.a', asked, '确认'))).toContain('已建单');
});

story('the card of an earlier request confirms that one, never a newer one', async (chat) => {
  const old = await chat.say('worker.a', '我要报个需求：车间缺急救培训');
  await chat.say('worker.a', '我要报个需求：食堂中午排队太长');
  const opened = read(await chat.press('worker.a', old, '确认'));
  expect(opened).toContain('车间缺急救培训');
  expect(opened).not.toContain('食堂');
  expect(read(await chat.press('worker.a', old, '确认', { stale: true }))).toBe(opened);
  expect(await countNeeds(chat)).toBe(1);
  await chat.say('worker.a', '继续');
  expect((await chat.say('worker.a', '确认')).text).toContain('食堂中午排队太长');
});

story('a wandering person: other matters in between, and nonsense at the confirmation', async (chat) => {
  await chat.say('member.a', '我要报个需求：车间缺急救培训');
  expect((await chat.say('member.a', '看需求')).text).toContain('现在没有待认领的需求');
  expect(read(await chat.say('member.a', '嗯嗯啊啊'))).toContain('请核对需求');
  expect((await chat.say('member.a', '好的')).text).toContain('已建单');
});

story('people are known by their id without case, and single chat and app are one conversation', async (chat) => {
  expect((await chat.say('Worker.A', '报需求')).text).toContain('请用一句话说说');
  expect(read(await chat.say('worker.a', '车间缺急救培训', 'app'))).toContain('请核对需求');
  expect((await chat.say('worker.a', '确认')).text).toContain('已建单');
});

story('who opens the chat is welcomed with what they may do', async (chat) => {
  const welcomed = async (userId: string) => read((await chat.wecom.enter(userId)).bubbles.at(-1)!);
  expect(await welcomed('worker.a')).toContain('我能帮您办这些');
  expect(await welcomed('outsider.a')).toContain('您还不在党建助手的名册里');
});

story('the URL check answers the plain echo at both doors', async (chat) => {
  for (const door of ['bot', 'app'] as const) expect(await chat.wecom.verifyUrl(door)).toMatchObject({ ok: true, status: 200 });
  expect(await chat.wecom.verifyUrl('bot', { token: 'wrong' })).toMatchObject({ ok: false, status: 401 });
});

story('forged, aged, foreign and replayed callbacks are refused and change nothing', async (chat) => {
  const words = '我要报个需求：车间缺急救培训';
  const now = Math.floor(chat.now().getTime() / 1000);
  const said = async (options: Parameters<Chat['wecom']['say']>[3], where: 'bot' | 'app' = 'bot') =>
    (await chat.wecom.say('worker.a', words, where, options)).status;
  expect(await said({ signature: '0'.repeat(40) })).toBe(401);
  expect(await said({ token: 'another' })).toBe(401);
  expect(await said({ receiveId: 'wwAnotherCorp' })).toBe(401);
  expect(await said({ receiveId: 'wwAnotherCorp' }, 'app')).toBe(401);
  expect(await said({ timestamp: now - 301 })).toBe(401);
  expect(await said({ timestamp: now + 301 })).toBe(401);
  expect(await said({ timestamp: now - 299 })).toBe(200);
  expect(await said({ nonce: 'n1' })).toBe(200);
  expect(await said({ nonce: 'n1', msgid: 'other' })).toBe(401);
  expect(await countNeeds(chat)).toBe(0);
});
