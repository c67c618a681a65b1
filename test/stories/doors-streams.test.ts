/** Answers that take long: a stream is opened, tells how far it is, and is finished by whoever is asked next. */
import { setTimeout as sleep } from 'node:timers/promises';
import { expect, vi } from 'vitest';
import { defineIntent } from '../../src/bot/intent.ts';
import { defineModule } from '../../src/bot/module.ts';
import { text } from '../../src/bot/slots/text.ts';
import { createVault } from '../../src/kernel/vault.ts';
import { MODULES } from '../../src/modules.ts';
import { anybody } from '../../src/people/index.ts';
import { streamIdOf } from '../../src/wecom/aibot.ts';
import { ALLIANCE, story, type Chat } from '../chat.ts';

/** What 慢慢算 waits for. */
let gate: Promise<void> = Promise.resolve();

const slow = defineModule({
  name: 'slow',
  title: '慢的事',
  intents: [
    defineIntent({
      name: 'slow.count',
      title: '慢慢算',
      help: '“慢慢算”',
      says: ['慢慢算'],
      matches: [/^慢慢算$/u],
      who: anybody,
      where: 'anywhere',
      slots: {},
      reads: true,
      run: async () => {
        await gate;
        return { text: '算好了' };
      },
    }),
    defineIntent({
      name: 'slow.write',
      title: '慢慢写',
      help: '“慢慢写 什么”',
      says: ['慢慢写 一句话'],
      matches: [/^慢慢写 ?(?<words>.+)$/u],
      who: anybody,
      where: 'anywhere',
      slots: { words: text('内容', '写什么？', { max: 100 }) },
      run: async (ctx, said) => {
        ctx.record('写');
        return {
          card: { title: '写好了', quote: said.words, buttons: [{ text: '看需求', tap: { intent: 'need.query', said: {} } }] },
        };
      },
    }),
  ],
});
const MODULES_AND_SLOW = [...MODULES, slow];
const IMPATIENT = { patienceMs: 60 };

function held(): () => void {
  let open = (): void => {};
  gate = new Promise((resolve) => (open = resolve));
  return open;
}

/** A busy machine takes its time. */
const until = (holds: () => unknown) =>
  vi.waitFor(async () => expect(await holds()).toBeTruthy(), { timeout: 15_000, interval: 10 });
const entryKey = (chat: Chat, msgid: string) => `stream:${chat.corp}:${streamIdOf(msgid)}`;
const opened = (chat: Chat, msgid: string) => until(() => chat.state.get(entryKey(chat, msgid)));
/** Keeps the person's conversation, as an earlier message of theirs would. */
const busy = ({ state, corp }: Chat, session: string) => {
  const open = held();
  const passed = gate;
  const done = state.lock(`turn:session:${corp}:${session}`, { ttlMs: 15_000, waitMs: 1_000 }, () => passed);
  return { open, done };
};
const refreshes = ({ wecom }: Chat) => wecom.wire.filter(({ what }) => what === '刷新流式消息');
const frames = (chat: Chat) => [
  ...new Set(
    refreshes(chat).map(({ answered }) => (JSON.parse(answered.clear) as { stream: { content: string } }).stream.content),
  ),
];

story(
  'a long question opens a stream that says how far it is, and a refresh finishes it',
  async (chat) => {
    const open = held();
    const saying = chat.say('worker.a', '慢慢算');
    await until(() => frames(chat).includes('正在查找…'));
    open();
    const bubble = await saying;
    expect(bubble).toMatchObject({ text: '算好了', stream: { finish: true } });
    expect(frames(chat).slice(-2)).toEqual(['正在查找…', '算好了']);
  },
  MODULES_AND_SLOW,
  IMPATIENT,
);

story(
  'on another replica, repeated, and written once: the same stream, the buttons as words',
  async (chat) => {
    const { open, done } = busy(chat, 'worker.a');
    const saying = chat.say('worker.a', '慢慢写 一句话', 'bot', { msgid: 'one' });
    await until(() => refreshes(chat).length > 1);
    const again = chat.wecom.say('worker.a', '慢慢写 一句话', 'bot', { msgid: 'one' });
    await until(() => chat.wecom.wire.filter(({ what }) => what.endsWith('慢慢写 一句话')).length > 1);
    open();
    const [bubble, repeat] = await Promise.all([saying, again, done]);
    expect(bubble).toMatchObject({ stream: { id: streamIdOf('one'), finish: true } });
    expect(bubble.text).toBe('写好了\n一句话\n可以回复：“看需求”');
    expect(repeat.status).toBe(200);
    // A step in between is seen when a refresh falls into it; in their order, and nothing else is.
    const steps = frames(chat);
    const all = ['正在排队…', '正在核对身份…', '正在保存…', bubble.text];
    expect(steps).toEqual(all.filter((step, at) => at === 0 || at === all.length - 1 || steps.some((each) => each === step)));
    expect(await chat.db.client.audit.count({ where: { corp: chat.corp, intent: 'slow.write' } })).toBe(1);
  },
  MODULES_AND_SLOW,
  { ...IMPATIENT, replicas: 2 },
);

story(
  'with everything in memory lost, what was written is found again, and what was not is said to be over',
  async (chat) => {
    const { open, done } = busy(chat, 'wrDemoAlliance:worker.a');
    const writing = chat.say('worker.a', '@党建助手 慢慢写 一句话', ALLIANCE, { msgid: 'kept' });
    await opened(chat, 'kept');
    // As soon as it is answered, every refresh finds nothing in the state.
    const get = chat.state.get.bind(chat.state);
    chat.state.get = async (key) => {
      const value = await get(key);
      return key.startsWith('stream:') && value?.includes('"answer"') ? undefined : value;
    };
    open();
    await done;
    expect((await writing).text).toContain('写好了');
    chat.state.get = get;

    const again = held();
    const counting = chat.say('worker.a', '慢慢算', 'bot', { msgid: 'lost' });
    await opened(chat, 'lost');
    await chat.state.delete(entryKey(chat, 'lost'));
    expect((await counting).text).toContain('这条回复已经结束了');
    await until(async () => (await chat.state.get(entryKey(chat, 'lost'))) !== undefined);
    again();
    await chat.service.idle();
    await chat.settle();
    expect(chat.newest('worker.a').text).toBe('算好了');
  },
  MODULES_AND_SLOW,
  IMPATIENT,
);

story(
  'the worker died: the stream ends with the truth instead of turning for six minutes',
  async (chat) => {
    const open = held();
    const saying = chat.say('worker.a', '慢慢算', 'bot', { msgid: 'dead' });
    const key = entryKey(chat, 'dead');
    await opened(chat, 'dead');
    const vault = createVault();
    const entry = JSON.parse(vault.open((await chat.state.get(key)) ?? '')) as { beat: number };
    await chat.state.set(key, vault.seal(JSON.stringify({ ...entry, beat: entry.beat - 16_000 })), 60_000);
    expect((await saying).text).toContain('没有办成，也没有保存');
    open();
    await chat.service.idle();
  },
  MODULES_AND_SLOW,
  IMPATIENT,
);

story(
  'a worker given up for dead that goes on all the same carries nothing out: what the person read stays true',
  async (chat) => {
    const { open, done } = busy(chat, 'worker.a');
    const saying = chat.say('worker.a', '慢慢写 一句话', 'bot', { msgid: 'stalled' });
    const key = entryKey(chat, 'stalled');
    await opened(chat, 'stalled');
    const vault = createVault();
    // No sign of life reaches the state any more.
    const set = chat.state.set.bind(chat.state);
    chat.state.set = async (name, value, ttlMs) => (name === key ? undefined : set(name, value, ttlMs));
    const entry = JSON.parse(vault.open((await chat.state.get(key)) ?? '')) as { beat: number };
    await set(key, vault.seal(JSON.stringify({ ...entry, beat: entry.beat - 16_000 })), 60_000);
    expect((await saying).text).toContain('没有办成，也没有保存');
    open();
    await done;
    await chat.service.idle();
    expect(await chat.db.client.audit.count({ where: { corp: chat.corp, intent: 'slow.write' } })).toBe(0);
    expect((await chat.say('worker.a', '慢慢写 一句话')).card?.main_title?.title).toBe('写好了');
  },
  MODULES_AND_SLOW,
  { patienceMs: 1_000 },
);

story(
  'while the database is away a refresh goes on turning instead of ending without the answer',
  async (chat) => {
    const open = held();
    const saying = chat.say('worker.a', '慢慢算', 'bot', { msgid: 'away' });
    await opened(chat, 'away');
    const recall = vi.spyOn(chat.service.bot, 'recall').mockRejectedValue(new Error('the database is away'));
    await until(() => recall.mock.calls.length > 2);
    expect(refreshes(chat).every(({ status }) => status === 200)).toBe(true);
    open();
    expect((await saying).text).toBe('算好了');
  },
  MODULES_AND_SLOW,
  IMPATIENT,
);

story(
  'of many slow questions at once two stand open, so that the phone lets the next one through; the rest is sent when it is ready',
  async (chat) => {
    const open = held();
    const asked = [1, 2, 3, 4].map(() => chat.wecom.say('worker.a', '慢慢算', 'bot'));
    const apart = '还在办，办好后马上发给您，不用等在这里。';
    const bubbles = () => chat.wecom.bubbles('worker.a', 'bot');
    await until(() => bubbles().filter(({ text: words }) => words === apart).length === 2);
    open();
    expect((await Promise.all(asked)).map(({ refused }) => refused)).toEqual([undefined, undefined, undefined, undefined]);
    await chat.service.idle();
    await chat.settle();
    expect(bubbles().filter(({ text: words }) => words === '算好了')).toHaveLength(2);
    expect(chat.inbox('worker.a').map(({ text: words }) => words)).toEqual(['算好了', '算好了']);
  },
  MODULES_AND_SLOW,
  IMPATIENT,
);

story(
  'a stream that has ended makes room for the next',
  async (chat) => {
    for (let n = 0; n < 3; n++) {
      const open = held();
      const saying = chat.say('worker.a', '慢慢算', 'bot', { msgid: `${n}` });
      await opened(chat, `${n}`);
      open();
      expect(await saying).toMatchObject({ text: '算好了', stream: { finish: true } });
    }
  },
  MODULES_AND_SLOW,
  IMPATIENT,
);

story(
  'as many open streams as there may be; one message more is answered apart when it is ready',
  async (chat) => {
    const open = held();
    // The phone itself holds back a fourth; a bot may not rely on it.
    const hidden = chat.wecom.openId('worker.a').toLowerCase();
    for (const n of [0, 1]) await chat.state.add(`stream-open:${chat.corp}:${hidden}:${n}`, 'other', 60_000);
    const fourth = await chat.say(chat.wecom.openId('worker.a'), '慢慢算');
    expect(fourth).toMatchObject({ text: '还在办，办好后马上发给您，不用等在这里。', stream: { finish: true } });
    // Should its process be killed, the person reads that it broke off.
    await chat.at(new Date(chat.now().getTime() + 91_000));
    expect(chat.newest('worker.a').text).toContain('处理到一半断了');
    open();
    await chat.service.idle();
    await chat.settle();
    expect(chat.newest('worker.a').text).toBe('算好了');
  },
  MODULES_AND_SLOW,
  IMPATIENT,
);

story(
  'too late for the stream: into the group by the one answer its message allows',
  async (chat) => {
    const open = held();
    const saying = chat.say('worker.a', '@党建助手 慢慢算', ALLIANCE, { msgid: 'late' });
    await until(() => refreshes(chat).length > 0);
    await chat.at(new Date(chat.now().getTime() + 331_000));
    const bubble = await saying;
    expect(bubble.stream?.finish).toBe(true);
    open();
    await chat.service.idle();
    await chat.settle();
    expect(chat.newest('worker.a', ALLIANCE).text).toContain('算好了');
  },
  MODULES_AND_SLOW,
  IMPATIENT,
);

story(
  'the app has no streams: what takes long is taken at once and sent when it is ready, once',
  async (chat) => {
    const open = held();
    const twice = await Promise.all([1, 2].map(() => chat.wecom.say('worker.a', '慢慢算', 'app', { msgid: '77' })));
    expect(twice.map(({ status, bubbles }) => [status, bubbles.length])).toEqual([
      [200, 0],
      [200, 0],
    ]);
    open();
    await chat.service.idle();
    await chat.settle();
    expect(chat.inbox('worker.a').map(({ text: words }) => words)).toEqual(['慢慢算', '算好了']);
  },
  MODULES_AND_SLOW,
  IMPATIENT,
);

story(
  'WeCom hung up before it heard of the stream: nobody refreshes it, so the answer is sent',
  async (chat) => {
    const open = held();
    expect((await chat.wecom.say('worker.a', '慢慢算', 'bot')).status).toBe(0);
    // By now the stream is open.
    await sleep(600);
    open();
    await vi.waitFor(async () => {
      await chat.settle();
      expect(chat.newest('worker.a').text).toBe('算好了');
    }, 5_000);
  },
  MODULES_AND_SLOW,
  { patienceMs: 600, answerMs: 300 },
);

story(
  'an answer that was announced for later and never comes: the person reads so and what to do',
  async (chat) => {
    const open = held();
    expect((await chat.wecom.say('worker.a', '慢慢算', 'app')).bubbles).toEqual([]);
    await chat.at(new Date(chat.now().getTime() + 91_000));
    expect(chat.newest('worker.a').text).toContain('处理到一半断了，不知道办成没有');
    open();
    await chat.service.idle();
    await chat.settle();
    expect(chat.newest('worker.a').text).toBe('算好了');
  },
  MODULES_AND_SLOW,
  IMPATIENT,
);
