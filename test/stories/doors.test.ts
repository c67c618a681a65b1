/** Everything a person can send, press and open, through the encrypted doors. */
import { createHash, randomBytes } from 'node:crypto';
import { expect } from 'vitest';
import { createVault } from '../../src/kernel/vault.ts';
import { ALLIANCE, read, START, story, type Chat } from '../chat.ts';

const PNG = Buffer.concat([Buffer.from('89504e470d0a1a0a', 'hex'), randomBytes(5_000)]);
const JPEG = Buffer.concat([Buffer.from('ffd8ffe0', 'hex'), randomBytes(31)]);
const sha256 = (bytes: Uint8Array) => createHash('sha256').update(bytes).digest('hex');

/** C-2026-0001, public. */
async function published(chat: Chat): Promise<void> {
  await chat.press('worker.a', await chat.say('worker.a', '我要报个需求：车间缺急救培训'), '确认');
  await chat.press('secretary.a', chat.newest('secretary.a'), '通过');
}

async function photos({ db, corp }: Chat): Promise<string[]> {
  const rows = await db.client.photo.findMany({ where: { corp }, orderBy: { sha256: 'asc' } });
  for (const { sha256: name, bytes } of rows) expect(sha256(bytes)).toBe(name);
  return rows.map(({ type, bytes }) => `${type} ${bytes.length}`).sort();
}

story('a voice message is its words', async (chat) => {
  expect(read(await chat.say('worker.a', { voice: '我要报个需求：车间缺急救培训' }))).toContain('请核对需求');
  expect((await chat.say('worker.a', { voice: ' ' })).text).toContain('没有听清');
});

story('pictures: alone, with words in a group, and through the app; kept once, by what they are', async (chat) => {
  expect((await chat.say('worker.a', { image: PNG })).text).toContain('图片收到了');
  expect(read(await chat.say('worker.a', '我要报个需求：车间缺急救培训'))).toContain('请核对需求');
  const mixed = { text: '@党建助手 我要报个需求：车间缺急救培训', images: [PNG, JPEG] };
  expect(read(await chat.say('worker.a', mixed, ALLIANCE))).toContain('请核对需求');
  expect((await chat.say('member.a', { image: JPEG }, 'app')).text).toContain('图片收到了');
  expect(await photos(chat)).toEqual([`image/jpeg ${JPEG.length}`, `image/png ${PNG.length}`]);
});

story('a picture in the middle of a talk: taken, and the open question stands again', async (chat) => {
  await chat.say('worker.a', '报需求');
  expect((await chat.say('worker.a', { image: PNG })).text).toBe('图片收到了。\n请用一句话说说需要什么？（不办了就说“取消”）');
  await chat.say('worker.a', '车间缺急救培训');
  expect((await chat.say('worker.a', { image: JPEG })).text).toBe('图片收到了。“报需求”填好了，核对过就说“确认”。');
  expect(read(await chat.say('worker.a', '确认'))).toContain('已建单');
});

story('what is no picture, too large or gone is not taken, and the words with it are not carried out', async (chat) => {
  const words = '我要报个需求：车间缺急救培训';
  for (const image of [Buffer.from('<html>'), Buffer.from('%PDF-1.7 xxxxxxxxxxxx')])
    expect((await chat.say('worker.a', { text: words, images: [image] })).text).toContain('不是我能看的图片');
  const large = Buffer.concat([PNG, Buffer.alloc(10 * 1024 * 1024)]);
  expect((await chat.say('worker.a', { image: large })).text).toContain('图片太大了');
  expect((await chat.say('worker.a', { image: large }, 'app')).text).toContain('图片太大了');
  expect((await chat.say('worker.a', '确认')).text).toContain('现在没有正在办的事');
  expect(await photos(chat)).toEqual([]);
});

story('a stranger’s picture is not fetched', async (chat) => {
  expect((await chat.say('outsider.a', { image: PNG })).text).toContain('不在党建助手的名册里');
  expect(await photos(chat)).toEqual([]);
});

story('files, videos, places and links are politely declined', async (chat) => {
  expect((await chat.say('worker.a', { file: '名单.xlsx' })).text).toContain('文件我还打不开');
  expect((await chat.say('worker.a', { video: '车间' })).text).toContain('视频我还看不了');
  expect((await chat.say('worker.a', { voice: '你好' }, 'app')).text).toContain('没有听清');
  expect((await chat.say('worker.a', { video: '车间' }, 'app')).text).toContain('视频我还看不了');
});

story('a quoted message says which one: 到哪了, 认领 and 退回 without a number', async (chat) => {
  await published(chat);
  const quote = '需求 C-2026-0001“车间缺急救培训”已放进需求库';
  expect((await chat.say('worker.a', { text: '到哪了', quote })).text).toContain('待认领');
  expect((await chat.say('worker.a', { text: '@党建助手', quote }, ALLIANCE)).text).toContain('C-2026-0001');
  expect(read(await chat.say('member.a', { text: '@党建助手 认领', quote }, ALLIANCE))).toContain('您认领了 C-2026-0001');
  await chat.press('worker.a', await chat.say('worker.a', '我要报个需求：食堂中午排队太长'), '确认');
  const back = { text: '退回：写清楚几点', quote: '请审核需求 C-2026-0002' };
  expect((await chat.say('secretary.a', back)).text).toContain('C-2026-0002 已退回补正');
  // Two numbers say nothing, and a number said counts more than one quoted.
  expect((await chat.say('member.b', { text: '认领', quote: 'C-2026-0001 和 C-2026-0002' })).text).toContain('要认领哪一条');
  expect((await chat.say('worker.a', { text: 'C-2026-0002 到哪了', quote })).text).toContain('已退回');
});

story('the app welcomes a new member, and whoever opens it for the first time', async (chat) => {
  expect((await chat.wecom.appEvent('worker.a', 'subscribe')).bubbles[0]?.text).toMatch(
    /我能帮您办这些[\s\S]*可以回复：“报需求”/,
  );
  expect((await chat.wecom.appEvent('member.a', 'enter_agent')).bubbles[0]?.text).toContain('认领');
  expect(await chat.wecom.appEvent('member.a', 'enter_agent')).toEqual({ status: 200, bubbles: [] });
});

story('a press on the menu is a tap or words', async (chat) => {
  expect((await chat.wecom.appEvent('worker.a', 'click', 'need.create?')).bubbles[0]?.text).toContain('请用一句话说说');
  await chat.wecom.appEvent('worker.a', 'click', '帮助');
  await chat.settle();
  expect(read(chat.newest('worker.a'))).toContain('我能帮您办这些');
});

story('events with nothing to say get nothing; those we do not know are kept sealed and logged by name alone', async (chat) => {
  const nothing = { status: 200, bubbles: [] };
  expect(
    await chat.wecom.botEvent('worker.a', 'feedback_event', { feedback_event: { id: 'f', type: 2, content: '急救' } }),
  ).toEqual(nothing);
  expect(await chat.wecom.botEvent('worker.a', 'brand_new_event', { secret: '急救培训' })).toEqual(nothing);
  expect(await chat.wecom.appEvent('worker.a', 'unsubscribe')).toEqual(nothing);
  expect(await chat.wecom.appEvent('worker.a', 'open_approval_change')).toEqual(nothing);
  const unknown = chat.logged
    .filter((line) => line.includes('unknown event'))
    .map((line) => (JSON.parse(line) as { event: string }).event);
  expect(unknown).toEqual(['brand_new_event', 'open_approval_change']);
  const kept = await chat.db.client.unknownEvent.findMany({ where: { corp: chat.corp }, orderBy: { door: 'desc' } });
  expect(kept.map(({ door, event }) => [door, event])).toEqual([
    ['bot', 'brand_new_event'],
    ['app', 'open_approval_change'],
  ]);
  expect(JSON.stringify(kept)).not.toContain('急救');
  expect(JSON.parse(createVault().open(kept[0]?.sealed ?? ''))).toMatchObject({ event: { secret: '急救培训' } });
});

story('what WeCom itself says of the app is kept, and the operator reads that it is about to be switched off', async (chat) => {
  for (const event of ['inactive_alert', 'close_inactive_agent', 'reopen_inactive_agent', 'batch_job_result', 'change_contact'])
    expect(await chat.wecom.appEvent('sys', event)).toEqual({ status: 200, bubbles: [] });
  const kept = await chat.db.client.unknownEvent.findMany({ where: { corp: chat.corp }, orderBy: { event: 'asc' } });
  expect(kept.map(({ event }) => event)).toEqual(['close_inactive_agent', 'inactive_alert', 'reopen_inactive_agent']);
  const warned = chat.logged
    .map((line) => JSON.parse(line) as { level: number; event?: string })
    .filter(({ level }) => level === 50);
  expect(warned.map(({ event }) => event)).toEqual(['inactive_alert', 'close_inactive_agent']);
});

story('a sender whom WeCom hides is asked for once; else nothing is done and the operator reads why', async (chat) => {
  const hidden = chat.wecom.openId('worker.a');
  expect((await chat.say(hidden, '报需求')).text).toContain('请用一句话说说');
  expect(read(await chat.say('worker.a', '车间缺急救培训'))).toContain('请核对需求');
  expect((await chat.say(hidden, '取消')).text).toContain('已取消');
  const asked = () => chat.wecom.wire.filter(({ path }) => path.endsWith('openuserid_to_userid')).length;
  expect(asked()).toBe(1);
  chat.wecom.fault({ api: 'openuserid_to_userid', errcode: 48002, times: 1 });
  expect((await chat.say(chat.wecom.openId('member.a'), '看需求')).text).toContain('企业微信没有告诉我您是谁');
  expect(chat.logged.some((line) => line.includes('could not be converted'))).toBe(true);
  expect((await chat.say('member.a', '看需求')).text).toContain('现在没有待认领的需求');
});

story('who reads in WeChat says so and gets words with the twin of every button, until cards are wanted again', async (chat) => {
  expect((await chat.say('secretary.a', '我看不到卡片')).text).toContain('以后都用文字发给您');
  await chat.at(new Date(START.getTime() + 30_000));
  await chat.press('worker.a', await chat.say('worker.a', '我要报个需求：车间缺急救培训'), '确认');
  const asked = chat.newest('secretary.a');
  expect(asked.kind).toBe('text');
  expect(asked.text).toContain('可以回复：“通过 C-2026-0001”、“退回 C-2026-0001”、“改类 C-2026-0001”');
  const [, twin] = /可以回复：“([^”]+)”/.exec(asked.text ?? '') ?? [];
  expect((await chat.say('secretary.a', twin ?? '', 'app')).text).toContain('C-2026-0001 已通过');
  expect((await chat.say('secretary.a', '帮助')).text).toContain('“报需求”');
  expect((await chat.say('secretary.a', '看需求')).text).toContain('“认领 C-2026-0001”');
  expect((await chat.say('secretary.a', '恢复卡片')).text).toContain('重新用卡片和按钮');
  await chat.at(new Date(START.getTime() + 60_000));
  expect((await chat.say('secretary.a', '看需求')).kind).toBe('card');
});
