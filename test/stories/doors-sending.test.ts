/** What leaves: cards with choices, cards for three days, limits, groups, and a WeCom that refuses. */
import { setTimeout as sleep } from 'node:timers/promises';
import { expect, vi } from 'vitest';
import { defineIntent } from '../../src/bot/intent.ts';
import { defineModule } from '../../src/bot/module.ts';
import type { Pick } from '../../src/bot/reply.ts';
import { text } from '../../src/bot/slots/text.ts';
import { tap } from '../../src/bot/tap.ts';
import { queueInto, queueTo, SEND, SEND_FILE, SEND_GROUP } from '../../src/bot/ctx.ts';
import { enqueueJobs } from '../../src/db/jobs.ts';
import type { Json } from '../../src/kernel/json.ts';
import { Unavailable } from '../../src/kernel/refusal.ts';
import { deadJobs, reviveJobs } from '../../src/jobs/store.ts';
import { MODULES } from '../../src/modules.ts';
import { anybody } from '../../src/people/index.ts';
import { RENEW } from '../../src/wecom/sender.ts';
import { withdrawUnsent } from '../../src/wecom/store.ts';
import { ALLIANCE, read, story, type Chat } from '../chat.ts';

const days: Pick = {
  slot: 'day',
  label: '日子',
  many: true,
  options: ['周一', '周二', '周三'].map((day) => ({ say: day, show: day })),
};
const MINUTE = 60_000;
const HOUR = 60 * MINUTE;

const survey = defineModule({
  name: 'survey',
  title: '问卷',
  intents: [
    defineIntent({
      name: 'survey.ask',
      title: '问一问',
      help: '“问一问”',
      says: ['问一问'],
      matches: [/^问一问$/u],
      who: anybody,
      where: 'anywhere',
      slots: {},
      reads: true,
      run: async () => ({ card: { title: '哪天方便', picks: [days], buttons: [{ text: '提交', tap: tap('survey.answer') }] } }),
    }),
    defineIntent({
      name: 'survey.answer',
      title: '答一答',
      help: '“答一答 周一”',
      says: ['答一答 周一'],
      matches: [/^答一答 (?<day>.+)$/u],
      who: anybody,
      where: 'anywhere',
      slots: { day: text('日子', '哪天？', { max: 100 }) },
      run: async (ctx, said) => {
        ctx.record('S', { day: said.day });
        return { text: `记下了：${said.day}` };
      },
    }),
    defineIntent({
      name: 'survey.many',
      title: '多发几条',
      help: '“多发几条”',
      says: ['多发几条'],
      matches: [/^多发几条$/u],
      who: anybody,
      where: 'anywhere',
      slots: {},
      run: async (ctx) => {
        for (let n = 1; n <= 45; n++) ctx.notify([{ userId: 'member.a' }], { text: `第${n}条` });
        return { text: '发了' };
      },
    }),
    defineIntent({
      name: 'survey.all',
      title: '告诉大家',
      help: '“告诉大家”',
      says: ['告诉大家'],
      matches: [/^告诉大家$/u],
      who: anybody,
      where: 'anywhere',
      slots: {},
      run: async (ctx) => {
        ctx.notify(
          ['member.a', 'member.b', 'member.c'].map((userId) => ({ userId })),
          { text: '开会' },
        );
        return { text: '告诉了' };
      },
    }),
    defineIntent({
      name: 'survey.long',
      title: '长话',
      help: '“长话”',
      says: ['长话'],
      matches: [/^长话$/u],
      who: anybody,
      where: 'anywhere',
      slots: {},
      run: async (ctx) => {
        ctx.notify([{ userId: 'member.a' }], { text: LONG });
        return { text: LONG };
      },
    }),
    defineIntent({
      name: 'survey.group',
      title: '说给群里',
      help: '“说给群里 话”',
      says: ['说给群里 话'],
      matches: [/^说给群里 (?<words>.+)$/u],
      who: anybody,
      where: 'anywhere',
      slots: { words: text('内容', '说什么？', { max: 400 }) },
      run: async (ctx, said) => {
        ctx.notifyGroup({ chat: 'wrDemoAlliance', text: said.words });
        return { text: '说了' };
      },
    }),
  ],
});
/** Each line fills more than half of an app message. */
const LONG = [1, 2, 3, 4].map((n) => `${n}${'长'.repeat(399)}`).join('\n');
const WITH_SURVEY = [...MODULES, survey];

const calls = ({ wecom }: Chat, path: string) => wecom.wire.filter((each) => each.path.endsWith(path));
const later = (chat: Chat, ms: number) => chat.at(new Date(chat.now().getTime() + ms));
/** As long as a code lives, nearly; a call that broke off meanwhile is tried again. */
const threeDays = async (chat: Chat) => {
  await later(chat, 71 * HOUR);
  await later(chat, MINUTE);
};
const reported = async (chat: Chat) => chat.press('worker.a', await chat.say('worker.a', '我要报个需求：车间缺急救培训'), '确认');
const stopped = ({ logged }: Chat) => logged.filter((line) => line.includes('sending stopped')).length;

for (const where of ['bot', 'app'] as const) {
  story(
    `at the ${where}: boxes ticked come with the press, and the card is dead afterwards`,
    async (chat) => {
      const card = await chat.say('worker.a', '问一问', where);
      expect(card.card?.card_type).toBe('vote_interaction');
      const pressed = await chat.press('worker.a', card, '提交', { picked: { day: ['周一', '周三'] } });
      expect(pressed.card).toMatchObject({ card_type: 'vote_interaction', checkbox: { disable: true }, replace_text: '已处理' });
      expect(await chat.db.client.audit.findFirst({ where: { corp: chat.corp, intent: 'survey.answer' } })).toMatchObject({
        change: { day: '周一、周三' },
      });
      expect((await chat.wecom.press('worker.a', card.id, '提交')).refused).toContain('没有能按的');
    },
    WITH_SURVEY,
  );
}

story('a card that is still open is replaced before its code dies; the old one says so, the fresh one works', async (chat) => {
  await reported(chat);
  const old = chat.newest('secretary.a');
  await threeDays(chat);
  const cards = chat.inbox('secretary.a').filter(({ kind }) => kind === 'card');
  expect(cards).toHaveLength(2);
  expect(read(cards[0]!)).toContain('已换成新的一张');
  expect(read(cards[0]!)).toContain('(已处理)');
  const stale = await chat.press('secretary.a', old, '通过', { stale: true });
  expect(read(stale)).toContain('已经换成新的一张，请按新的那张');
  expect((await chat.say('worker.a', 'C-2026-0001 到哪了')).text).toContain('待审');
  await threeDays(chat);
  const fresh = chat.newest('secretary.a');
  expect(chat.inbox('secretary.a').filter(({ kind }) => kind === 'card')).toHaveLength(3);
  expect(read(await chat.press('secretary.a', fresh, '通过'))).toContain('已通过');
  await threeDays(chat);
  expect(chat.inbox('secretary.a').filter(({ kind }) => kind === 'card')).toHaveLength(3);
});

story('WeCom is too busy to grey a card that was replaced: it is greyed a little later, and replaced once', async (chat) => {
  await reported(chat);
  chat.wecom.fault({ api: 'message/update_template_card', errcode: -1, times: 1 });
  await later(chat, 49 * HOUR);
  await later(chat, MINUTE);
  const cards = chat.inbox('secretary.a').filter(({ kind }) => kind === 'card');
  expect(cards.map((card) => read(card).includes('已换成新的一张'))).toEqual([true, false]);
});

story('the database is away in the moment in which a card has left: its code is kept all the same', async (chat) => {
  const { client } = chat.db;
  const name = `away_${chat.corp}`;
  await client.$executeRawUnsafe(
    `CREATE FUNCTION ${name}() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RAISE EXCEPTION 'away'; END $$`,
  );
  await client.$executeRawUnsafe(
    `CREATE TRIGGER ${name} BEFORE INSERT ON sent_card FOR EACH ROW WHEN (NEW.corp = '${chat.corp}') EXECUTE FUNCTION ${name}()`,
  );
  const reporting = reported(chat);
  await vi.waitUntil(() => chat.inbox('secretary.a').length > 0, { timeout: 20_000 });
  await client.$executeRawUnsafe(`DROP TRIGGER ${name} ON sent_card`);
  await client.$executeRawUnsafe(`DROP FUNCTION ${name}`);
  await reporting;
  // Whoever else holds the card sees what was decided without it.
  await chat.say('secretary.a', '通过 C-2026-0001');
  expect(read(chat.newest('secretary.a'))).toContain('(已处理)');
  const sends = chat.wecom.wire.filter(({ path, asked }) => path.endsWith('/message/send') && asked.clear.includes('请审核需求'));
  expect(sends).toHaveLength(1);
});

story(
  '45 messages to one person: 25 in the first minute, the rest in order in the next, none lost',
  async (chat) => {
    await chat.say('worker.a', '多发几条');
    expect(chat.inbox('member.a')).toHaveLength(25);
    await later(chat, 59_000);
    expect(chat.inbox('member.a')).toHaveLength(25);
    await later(chat, MINUTE);
    expect(chat.inbox('member.a').map(({ text: words }) => words)).toEqual(Array.from({ length: 45 }, (_, n) => `第${n + 1}条`));
  },
  WITH_SURVEY,
);

story(
  'what is too long for one app message comes in several, whole and in order, once',
  async (chat) => {
    chat.wecom.fault({ api: 'message/send', errcode: -1, times: 1 });
    await chat.wecom.say('worker.a', '长话', 'app');
    await chat.settle();
    await later(chat, MINUTE);
    for (const reader of ['worker.a', 'member.a']) {
      const words = chat.inbox(reader).flatMap(({ from, text: part = '' }) => (from === reader ? [] : [part]));
      expect(words.map((part) => part[0])).toEqual(['1', '2', '3', '4']);
      expect(words.join('\n')).toBe(LONG);
    }
  },
  WITH_SURVEY,
);

story(
  'a message that WeCom puts off is not overtaken by the next',
  async (chat) => {
    chat.wecom.fault({ api: 'message/send', errcode: 45009, times: 1 });
    await chat.say('worker.a', '多发几条');
    expect(chat.inbox('member.a')).toHaveLength(0);
    await later(chat, MINUTE);
    await later(chat, MINUTE);
    await later(chat, MINUTE);
    expect(chat.inbox('member.a').map(({ text: words }) => words)).toEqual(Array.from({ length: 45 }, (_, n) => `第${n + 1}条`));
  },
  WITH_SURVEY,
);

story(
  'words into a group go through its robot, twenty a minute, with no mark-up of anybody’s making',
  async (chat) => {
    await Promise.all(Array.from({ length: 25 }, (_, n) => chat.wecom.say('worker.a', `说给群里 <@all> 第${n}句`, 'app')));
    await chat.settle();
    const robot = () => chat.wecom.bubbles('worker.a', ALLIANCE).filter(({ from }) => from === 'robot');
    expect(robot()).toHaveLength(20);
    expect(robot()[0]?.text).toContain('＜@all>');
    await later(chat, MINUTE);
    expect(robot()).toHaveLength(25);
  },
  WITH_SURVEY,
  { webhooks: { wrDemoAlliance: 'robot-key' } },
);

story(
  'words too long for one message come into a group in several, each once, whatever fails between them',
  async (chat) => {
    const lines = Array.from({ length: 70 }, (_, n) => `第${n + 1}行：${'公示的内容写在这里，大家都能看到。'.repeat(2)}`);
    const payload = { chat: ALLIANCE.group, text: lines.join('\n'), mention: 'worker.a' };
    // Two sorts of trouble: the robot's limit in the middle, and an answer that does not come.
    await Promise.all(Array.from({ length: 17 }, (_, n) => chat.wecom.say('member.b', `说给群里 第${n}句`, 'app')));
    await chat.settle();
    await enqueueJobs(chat.db.client, chat.corp, chat.now(), [
      { id: `${chat.corp}-long`, name: SEND_GROUP, payload, dueAt: chat.now(), queue: queueInto(ALLIANCE.group) },
    ]);
    await chat.settle();
    chat.wecom.fault({ api: 'webhook/send', errcode: 45009, times: 1 });
    for (let n = 0; n < 4; n++) await later(chat, MINUTE);
    const robot = chat.wecom.bubbles('worker.a', ALLIANCE).filter(({ from, text }) => from === 'robot' && text?.includes('行：'));
    expect(robot.length).toBeGreaterThan(3);
    expect(robot.map(({ text: words = '' }) => words.replace(/^@\S+\s*/u, '')).join('\n')).toBe(lines.join('\n'));
    const mentioned = calls(chat, 'webhook/send').filter(({ asked }) => asked.clear.includes('"mentioned_list"'));
    expect(mentioned).toHaveLength(1);
  },
  WITH_SURVEY,
  { webhooks: { wrDemoAlliance: 'robot-key' } },
);

story(
  'without a robot: the answer that a message there allows, once; then a dead letter that somebody sees',
  async (chat) => {
    await chat.say('worker.a', '@党建助手 看需求', ALLIANCE);
    await chat.say('worker.a', '说给群里 [点我](http://evil.example) *好*');
    expect(chat.newest('worker.a', ALLIANCE).text).toBe('[点我] (http://evil.example) \\*好\\*');
    await chat.say('worker.a', '说给群里 再说一句');
    expect(calls(chat, 'aibot/response')).toHaveLength(1);
    expect(chat.logged.filter((line) => line.includes('"end":"dead"'))).toHaveLength(1);
    expect(await chat.service.metrics.text()).toContain('job_dead{name="notice.group"} 1');

    const rows = await chat.db.client.job.findMany({ where: { corp: chat.corp }, select: { id: true } });
    const dead = (await deadJobs(chat.db.client, 1_000)).filter(({ id }) => rows.some((row) => row.id === id));
    expect(dead[0]).toMatchObject({ name: 'notice.group', attempts: 1, lastError: 'wecom: no way into this group' });
    await chat.say('worker.a', '@党建助手 看需求', ALLIANCE);
    expect(await reviveJobs(chat.db.client, chat.now(), dead[0]?.id)).toBe(1);
    await chat.settle();
    expect(chat.newest('worker.a', ALLIANCE).text).toBe('再说一句');
  },
  WITH_SURVEY,
);

story(
  'the answer that a group allows is not used up by a try that WeCom was too busy for',
  async (chat) => {
    await chat.say('worker.a', '@党建助手 看需求', ALLIANCE);
    chat.wecom.fault({ api: 'aibot/response', errcode: -1, times: 1 });
    await chat.say('worker.a', '说给群里 话');
    await later(chat, MINUTE);
    expect(chat.newest('worker.a', ALLIANCE).text).toBe('话');
    expect(calls(chat, 'aibot/response')).toHaveLength(2);
  },
  WITH_SURVEY,
);

story(
  'an answer that no longer gets into its group reaches the one who asked in the app',
  async (chat) => {
    for (const robbed of [true, false]) {
      const held = chat.db.transaction(async (tx) => {
        await tx.$executeRaw`LOCK TABLE need IN ACCESS EXCLUSIVE MODE`;
        await sleep(900);
      });
      await sleep(50);
      const saying = chat.wecom.say('worker.a', '@党建助手 我要报个需求：车间缺急救培训', ALLIANCE);
      // Its one answer is gone, or is refused.
      if (robbed) await vi.waitUntil(() => chat.state.get(`response:${chat.corp}:${ALLIANCE.group}`));
      if (robbed) await chat.state.delete(`response:${chat.corp}:${ALLIANCE.group}`);
      else chat.wecom.fault({ api: 'aibot/response', errcode: 93001, times: 1 });
      await saying;
      await held;
      await vi.waitFor(async () => {
        await chat.settle();
        expect(chat.inbox('worker.a')).toHaveLength(robbed ? 1 : 2);
      }, 5_000);
      expect(chat.newest('worker.a').text).toMatch(/^群里发不进去，所以发到这里：\n请核对需求\n[^@]*可以回复：“确认”、[^@]*$/u);
    }
    expect(await chat.db.client.job.count({ where: { corp: chat.corp, deadAt: { not: null } } })).toBe(0);
  },
  MODULES,
  { answerMs: 300 },
);

story(
  'the answer that a group allows dies after its hour',
  async (chat) => {
    await chat.say('worker.a', '@党建助手 看需求', ALLIANCE);
    await later(chat, HOUR);
    await chat.say('worker.a', '说给群里 话');
    expect(calls(chat, 'aibot/response')).toHaveLength(0);
  },
  WITH_SURVEY,
);

for (const errcode of [60020, 43012, 40056]) {
  story(`${errcode}: sending stops, the operator reads why, no try is lost, and nothing is sent twice`, async (chat) => {
    chat.wecom.fault({ api: 'message/send', errcode, times: 2 });
    await reported(chat);
    expect(chat.inbox('secretary.a')).toHaveLength(0);
    expect([stopped(chat), calls(chat, 'message/send').length]).toEqual([1, 1]);
    await later(chat, MINUTE);
    expect([stopped(chat), calls(chat, 'message/send').length]).toEqual([2, 2]);
    const figures = await chat.service.metrics.text();
    expect(figures).toContain('job_ends_total{name="notice.send",end="waiting"} 2');
    expect(figures).not.toContain('job_ends_total{name="notice.send",end="done"}');
    expect(
      await chat.db.client.job.findMany({ where: { corp: chat.corp, name: 'notice.send' }, select: { attempts: true } }),
    ).toEqual([{ attempts: 0 }]);
    await later(chat, MINUTE);
    expect(read(chat.newest('secretary.a'))).toContain('请审核需求 C-2026-0001');
    expect(chat.inbox('secretary.a')).toHaveLength(1);
  });
}

story(
  '45009 is the whole app’s: WeCom is left alone by everybody for a minute, then everything arrives once',
  async (chat) => {
    chat.wecom.fault({ api: 'message/send', errcode: 45009, times: 1 });
    await reported(chat);
    await chat.say('worker.a', '告诉大家');
    expect([stopped(chat), calls(chat, 'message/send').length]).toEqual([1, 1]);
    await later(chat, MINUTE);
    for (const reader of ['secretary.a', 'member.a', 'member.b', 'member.c']) expect(chat.inbox(reader)).toHaveLength(1);
    expect(calls(chat, 'message/send')).toHaveLength(5);
  },
  WITH_SURVEY,
);

story('who is no longer in the address book is noticed, and no fresh card is meant for them', async (chat) => {
  chat.wecom.fault({ api: 'message/send', errcode: 81013, times: 1 });
  await reported(chat);
  expect(await chat.service.metrics.text()).toContain('wecom_unreachable_total 1');
  expect(chat.logged.filter((line) => line.includes('recipient unreachable'))).toHaveLength(1);
  expect(await chat.db.client.job.count({ where: { corp: chat.corp, name: { in: [SEND, RENEW] } } })).toBe(0);
});

story('a card that is out is not sent again when its sender died before it could say so', async (chat) => {
  await reported(chat);
  const [{ taskId = '' } = {}] = chat.inbox('secretary.a');
  const { card } = await chat.db.client.sentCard.findFirstOrThrow({ where: { corp: chat.corp, taskId } });
  const payload = { to: 'secretary.a', message: { card } } as Json;
  await enqueueJobs(chat.db.client, chat.corp, chat.now(), [
    { id: taskId, name: SEND, payload, dueAt: chat.now(), queue: queueTo('secretary.a') },
  ]);
  await chat.settle();
  expect(calls(chat, 'message/send')).toHaveLength(1);
  expect(await chat.db.client.job.count({ where: { id: taskId } })).toBe(0);
});

story('a press: its own answer changes the card, brings a code for one more change, and a repeat gets the same', async (chat) => {
  const sent = () => chat.db.client.sentCard.findFirstOrThrow({ where: { corp: chat.corp, userId: 'secretary.a' } });
  await reported(chat);
  const card = chat.newest('secretary.a');
  const before = await sent();
  await chat.press('secretary.a', card, '退回');
  const pressed = chat.wecom.wire.findLast(({ door, asked }) => door === 'app' && asked.clear.includes('ResponseCode'));
  const { responseCode } = await sent();
  expect(responseCode).not.toBe(before.responseCode);
  expect(pressed?.asked.clear).toContain(`<ResponseCode><![CDATA[${responseCode}]]>`);
  await chat.say('secretary.a', '通过 C-2026-0001');
  expect(calls(chat, 'update_template_card').map(({ asked }) => asked.clear.includes(responseCode ?? ''))).toEqual([true]);
  expect(await sent()).toMatchObject({ stampedAt: chat.now(), responseCode: null });
  await chat.wecom.redeliver(pressed?.id ?? '');
  const again = chat.wecom.wire.findLast(({ asked }) => asked.clear === pressed?.asked.clear);
  expect(again?.id).not.toBe(pressed?.id);
  expect(again?.answered.clear).toBe(pressed?.answered.clear);
});

story('the card that was pressed is changed by its answer alone', async (chat) => {
  await reported(chat);
  await chat.press('secretary.a', chat.newest('secretary.a'), '通过');
  await later(chat, 10_000);
  expect(calls(chat, 'update_template_card')).toHaveLength(0);
  expect(await chat.db.client.sentCard.count({ where: { corp: chat.corp, stampedAt: { not: null } } })).toBe(1);
});

story('whoever decided by a card and got no answer finds it stamped like the others', async (chat) => {
  await reported(chat);
  const card = chat.newest('secretary.a');
  const { client } = chat.db;
  // After the decision is committed, the answer cannot be made any more.
  const { bot } = chat.service;
  const kept = bot.handle.bind(bot);
  const handle = vi.spyOn(bot, 'handle').mockImplementationOnce(async (incoming) => {
    await kept(incoming);
    throw new Unavailable('away');
  });
  await chat.wecom.press('secretary.a', card.id, '通过');
  handle.mockRestore();
  await chat.settle();
  expect(await client.need.count({ where: { corp: chat.corp, state: 'OPEN' } })).toBe(1);
  expect(chat.wecom.bubbles('secretary.a', 'app').find(({ id }) => id === card.id)?.card?.replace_text).toBeUndefined();
  await later(chat, 10_000);
  expect(chat.wecom.bubbles('secretary.a', 'app').find(({ id }) => id === card.id)?.card?.replace_text).toBe('已处理');
});

story(
  'a decision without an answer, taken back at once: its late stamp touches none of the cards that came anew',
  async (chat) => {
    await reported(chat);
    const card = chat.newest('secretary.a');
    const { bot } = chat.service;
    const kept = bot.handle.bind(bot);
    const handle = vi.spyOn(bot, 'handle').mockImplementationOnce(async (incoming) => {
      await kept(incoming);
      throw new Unavailable('away');
    });
    await chat.wecom.press('secretary.a', card.id, '通过');
    handle.mockRestore();
    await chat.settle();
    await chat.say('secretary.a', '撤销');
    const anew = chat.newest('secretary.a');
    expect(read(anew)).toContain('请审核需求 C-2026-0001');
    await later(chat, 10_000);
    expect(chat.wecom.bubbles('secretary.a', 'app').find(({ id }) => id === anew.id)?.card?.replace_text).toBeUndefined();
    expect(read(await chat.press('secretary.a', chat.newest('secretary.a'), '通过'))).toContain('已通过');
  },
);

story('the database is away when a card of the app is pressed: the presser is told once, with one number', async (chat) => {
  await reported(chat);
  const { client } = chat.db;
  const away = () => Promise.reject(new Error('away')) as never;
  const spy = vi.spyOn(client.sentCard, 'updateMany').mockImplementationOnce(away).mockImplementationOnce(away);
  const card = chat.newest('secretary.a');
  await chat.wecom.press('secretary.a', card.id, '通过');
  const pressed = chat.wecom.wire.findLast(({ what }) => what.includes('按「通过」'));
  expect(pressed).toMatchObject({ status: 200, answered: { clear: 'success' } });
  await chat.wecom.redeliver(pressed?.id ?? '');
  spy.mockRestore();
  const told = chat.inbox('secretary.a').filter(({ text: words }) => words?.includes('不知道办成没有（编号'));
  expect(told).toHaveLength(1);
  expect(read(await chat.press('secretary.a', card, '通过'))).toContain('已通过');
});

story('a code that died is not tried: the card that is still out there says so when it is pressed', async (chat) => {
  await reported(chat);
  const card = chat.newest('secretary.a');
  const { client } = chat.db;
  await client.sentCard.updateMany({ where: { corp: chat.corp }, data: { codeAt: new Date(chat.now().getTime() - 73 * HOUR) } });
  await chat.say('worker.a', '撤回 C-2026-0001');
  await chat.say('worker.a', '确认');
  expect(calls(chat, 'update_template_card')).toHaveLength(0);
  expect(read(await chat.press('secretary.a', card, '通过'))).toContain('已被报的人撤回');
});

story('files count among the messages of a minute to one person', async (chat) => {
  const now = chat.now();
  const file = (n: number) => ({
    to: 'member.a',
    file: { name: `第${n}份`, sheets: [{ title: '表', headers: ['一'], rows: [['一']] }] },
  });
  const jobs = Array.from({ length: 26 }, (_, n) => ({
    id: `${chat.corp}-${n + 10}`,
    name: SEND_FILE,
    payload: file(n) as Json,
    dueAt: now,
    queue: queueTo('member.a'),
  }));
  await enqueueJobs(chat.db.client, chat.corp, now, jobs);
  await chat.settle();
  expect(chat.inbox('member.a')).toHaveLength(25);
  await later(chat, MINUTE);
  expect(chat.inbox('member.a')).toHaveLength(26);
});

story(
  'a card whose sender died with it in hand may be out: it is not taken back but sent to its end and then greyed',
  async (chat) => {
    const { db, corp } = chat;
    const now = chat.now();
    const past = new Date(now.getTime() - 60_000);
    const waiting = { corp, name: SEND, dueAt: past, createdAt: past };
    const notice = (to: string) => ({ to, key: 'matter', message: { card: { title: '一张卡片' } } });
    await db.client.job.createMany({
      data: [
        { ...waiting, id: `${corp}-never`, key: 'matter:member.a', payload: notice('member.a') },
        {
          ...waiting,
          id: `${corp}-dead`,
          key: 'matter:member.b',
          payload: notice('member.b'),
          attempts: 1,
          lease: 'dead',
          freeAt: past,
        },
      ],
    });
    expect(await withdrawUnsent(db.client, corp, 'matter')).toBe(1);
    const left = await db.client.job.findMany({ where: { corp, name: SEND }, select: { key: true } });
    expect(left).toEqual([{ key: 'matter:member.b' }]);
    await db.client.job.deleteMany({ where: { corp, name: SEND } });
  },
);

story('a dead token, a limit and no answer: the card arrives once all the same', async (chat) => {
  for (const errcode of [42001, 40014, 45009] as const) chat.wecom.fault({ api: 'message/send', errcode, times: 1 });
  await reported(chat);
  await later(chat, MINUTE);
  await later(chat, MINUTE);
  expect(chat.inbox('secretary.a')).toHaveLength(1);
  chat.wecom.fault({ api: 'message/update_template_card', errcode: 'timeout', times: 1 });
  chat.wecom.forgetTokens();
  expect(read(await chat.press('secretary.a', chat.newest('secretary.a'), '通过'))).toContain('已通过');
  await later(chat, MINUTE);
  expect(chat.newest('worker.a').text).toContain('审核通过');
});

story(
  'WeCom hung up before the answer was ready: it comes through the app all the same, into a group through its robot',
  async (chat) => {
    for (const [where, words] of [
      ['app', '看需求'],
      [ALLIANCE, '@党建助手 看需求'],
    ] as const) {
      const held = chat.db.transaction(async (tx) => {
        await tx.$executeRaw`LOCK TABLE need IN ACCESS EXCLUSIVE MODE`;
        await sleep(900);
      });
      await sleep(50);
      await chat.wecom.say('worker.a', words, where);
      await held;
      await vi.waitFor(async () => {
        await chat.settle();
        expect(chat.newest('worker.a', where).text).toContain('需求');
      }, 5_000);
    }
    expect(chat.newest('worker.a', ALLIANCE).from).toBe('robot');
    expect(calls(chat, 'webhook/send')[0]?.asked.clear).toContain('"mentioned_list":["worker.a"]');
  },
  MODULES,
  { webhooks: { [ALLIANCE.group]: 'key-alliance' }, answerMs: 300 },
);

story(
  'WeCom hung up on a message that is answered by a card: the card comes once, however often the message does',
  async (chat) => {
    const held = chat.db.transaction(async (tx) => {
      await tx.$executeRaw`LOCK TABLE need IN ACCESS EXCLUSIVE MODE`;
      await sleep(900);
    });
    await sleep(50);
    const msgid = '4711';
    await chat.wecom.say('worker.a', '我要报个需求：车间缺急救培训', 'app', { msgid });
    await held;
    await vi.waitFor(async () => {
      await chat.settle();
      expect(chat.newest('worker.a').card).toBeDefined();
    }, 5_000);
    await chat.wecom.say('worker.a', '我要报个需求：车间缺急救培训', 'app', { msgid });
    await chat.service.idle();
    await chat.settle();
    expect(chat.inbox('worker.a').filter(({ card }) => card)).toHaveLength(1);
  },
  MODULES,
  { answerMs: 300 },
);

story('callbacks forged, aged, repeated, delayed and reordered by the network', async (chat) => {
  const words = '我要报个需求：车间缺急救培训';
  for (const callbacks of ['forge', 'age'] as const) {
    chat.wecom.fault({ callbacks, times: 1 });
    expect((await chat.wecom.say('worker.a', words, 'bot')).status).toBe(401);
  }
  chat.wecom.fault({ callbacks: 'repeat', times: 3 });
  const card = await chat.say('worker.a', words);
  expect(read(await chat.press('worker.a', card, '确认'))).toContain('已建单 C-2026-0001');
  await chat.say('worker.a', '帮助');
  expect(await chat.db.client.need.count({ where: { corp: chat.corp } })).toBe(1);
  chat.wecom.fault({ callbacks: 'delay', ms: 30, times: 1 });
  chat.wecom.fault({ callbacks: 'reorder', times: 1 });
  const asked = await Promise.all([chat.wecom.say('member.a', '看需求', 'bot'), chat.wecom.say('member.b', '看需求', 'bot')]);
  expect(asked.map(({ status }) => status)).toEqual([200, 200]);
  expect(await chat.service.metrics.text()).toMatch(/wecom_callback_repeats_total\{door="bot"\} 6/);
});

story(
  'two replicas: each of a person’s messages in its turn, each once',
  async (chat) => {
    const people = ['worker.a', 'member.a', 'member.b', 'member.c', 'secretary.b'];
    await Promise.all(
      people.map(async (userId) => {
        for (const [n, words] of ['报需求', `${userId}缺一台打印机`, '类别改成B', '确认'].entries()) {
          const msgid = `m${people.indexOf(userId)}-${n}`;
          const deliveries = await Promise.all([0, 1].map(() => chat.wecom.say(userId, words, 'bot', { msgid })));
          expect(deliveries.map(({ status }) => status)).toEqual([200, 200]);
        }
      }),
    );
    const needs = await chat.db.client.need.findMany({ where: { corp: chat.corp }, select: { no: true, summary: true } });
    expect(needs.map(({ summary }) => summary).sort()).toEqual(people.map((userId) => `${userId}缺一台打印机`).sort());
    expect(needs.map(({ no }) => no).sort()).toEqual(people.map((_, n) => `B-2026-000${n + 1}`));
  },
  MODULES,
  { replicas: 2 },
);

story(
  'two messages of one person at once over four replicas: both are answered, one after the other',
  async (chat) => {
    // Between reading a conversation and writing it back there is time for the other one.
    const get = chat.state.get.bind(chat.state);
    chat.state.get = async (key) => {
      const value = await get(key);
      await sleep(30);
      return value;
    };
    for (let round = 0; round < 5; round++) {
      await chat.say('worker.a', '我要报个需求：车间缺急救培训');
      const both = await Promise.all(
        ['内容改为食堂中午排队太长', '类别改成B'].map((words) => chat.wecom.say('worker.a', words, 'bot')),
      );
      expect(both.map(({ status }) => status)).toEqual([200, 200]);
      expect(
        both.map(({ bubbles }) => read(bubbles[0]!)).filter((shown) => shown.includes('食堂') && shown.includes('B类')),
      ).toHaveLength(1);
      expect(read(await chat.say('worker.a', '确认'))).toContain(`已建单 B-2026-000${round + 1}\n食堂中午排队太长`);
    }
  },
  MODULES,
  { replicas: 4 },
);

story('with the memory gone people read that nothing was saved, instead of nothing', async (chat) => {
  const [add, lock] = [chat.state.add.bind(chat.state), chat.state.lock.bind(chat.state)];
  const gone = () => Promise.reject(new Unavailable('redis'));
  Object.assign(chat.state, { add: gone, lock: gone });
  for (const where of ['bot', 'app'] as const)
    expect((await chat.wecom.say('worker.a', '我要报个需求：车间缺急救培训', where)).bubbles[0]?.text).toContain('系统开小差了');
  Object.assign(chat.state, { add, lock });
  expect(read(await chat.say('worker.a', '我要报个需求：车间缺急救培训'))).toContain('请核对需求');
});

story(
  'with the memory gone a press on a card with choices, a hidden sender and an opened chat are answered too',
  async (chat) => {
    const before = { ...chat.state };
    const card = await chat.say('worker.a', '问一问');
    const gone = () => Promise.reject(new Unavailable('redis'));
    Object.assign(chat.state, { add: gone, lock: gone, get: gone, set: gone });
    const hidden = chat.wecom.openId('worker.a');
    for (const presser of ['worker.a', hidden]) {
      const pressed = await chat.wecom.press(presser, card.id, '提交', { picked: { day: ['周一'] }, stale: true });
      expect(read(pressed.bubbles[0]!)).toContain('系统开小差了');
    }
    expect((await chat.wecom.say(hidden, '问一问', 'bot')).bubbles[0]?.text).toContain('系统开小差了');
    expect(await chat.wecom.appEvent('worker.a', 'enter_agent')).toEqual({ status: 200, bubbles: [] });
    Object.assign(chat.state, before, { set: gone });
    // It cannot be remembered, and is shown all the same.
    expect((await chat.say('worker.a', '问一问')).card?.card_type).toBe('vote_interaction');
    Object.assign(chat.state, before);
  },
  WITH_SURVEY,
);

story(
  'what people write into a need stays words wherever it is read: no element, no link, no mark-up, no mention',
  async (chat) => {
    const evil =
      ']]></Content><MsgType><![CDATA[news]]> <a href="http://evil.example">点</a> [点](http://evil.example) **粗** <@all>';
    await chat.say('worker.a', `我要报个需求：车间缺急救培训${evil}`, 'app');
    await chat.say('worker.a', '确认', 'app');
    const card = chat.newest('secretary.a');
    expect(card.card?.quote_area?.quote_text).toContain(evil);
    await chat.press('secretary.a', card, '通过');
    const told = [chat.newest('worker.a').text, (await chat.say('worker.a', 'C-2026-0001 到哪了', 'app')).text];
    for (const words of told) expect(words).toMatch(/\]\]>＜\/Content>.*＜a href/);
    const marked = (await chat.say('worker.a', 'C-2026-0001 到哪了')).text ?? '';
    expect(marked).toContain('[点] (http://evil.example) \\*\\*粗\\*\\* ＜@all>');
  },
);
