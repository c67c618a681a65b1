/** Running: secrets changed in the console, figures, the menu, and nothing secret in the log. */
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { createServer } from 'node:http';
import { readFileSync } from 'node:fs';
import type { AddressInfo } from 'node:net';
import { expect, test, vi } from 'vitest';
import { createCatalogue } from '../../src/bot/catalogue.ts';
import { createMetrics } from '../../src/metrics.ts';
import { menuOf } from '../../src/wecom/menu.ts';
import { MODULES } from '../../src/modules.ts';
import { ALLIANCE, openChat, read, story } from '../chat.ts';

const TOKENS_BEFORE = { token: 'TokenBefore', aesKey: 'QmVmb3JlRGVtb0Flc0tleS0wMTIzNDU2Nzg5YWJjZFg' };

test('while the secrets are changed in the console both are taken, and each is answered in its own', async () => {
  const { chat, close } = await openChat(MODULES, { before: TOKENS_BEFORE });
  try {
    for (const door of ['bot', 'app'] as const) {
      expect(await chat.wecom.verifyUrl(door)).toMatchObject({ ok: true });
      expect(await chat.wecom.verifyUrl(door, TOKENS_BEFORE)).toMatchObject({ ok: true });
      expect(await chat.wecom.verifyUrl(door, { ...TOKENS_BEFORE, token: 'neither' })).toMatchObject({ status: 401 });
      const person = door === 'bot' ? 'worker.a' : 'member.a';
      expect((await chat.wecom.say(person, '报需求', door, TOKENS_BEFORE)).bubbles[0]?.text).toContain('请用一句话说说');
    }
    expect((await chat.say('worker.a', '取消')).text).toContain('已取消');
    // What was sent before the change is sealed as its callback is.
    const image = Buffer.concat([Buffer.from('89504e470d0a1a0a', 'hex'), randomBytes(64)]);
    expect((await chat.say('worker.a', { image }, 'bot', TOKENS_BEFORE)).text).toContain('图片收到了');
    expect(chat.wecom.violations).toEqual([]);
  } finally {
    await close();
  }
});

story('before a stop it is not ready, and still answers what it is sent', async (chat) => {
  const server = createServer(chat.service.app.callback()).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const ready = async () => (await fetch(`http://127.0.0.1:${(server.address() as AddressInfo).port}/readyz`)).status;
  try {
    expect(await ready()).toBe(200);
    chat.service.drain();
    expect(await ready()).toBe(503);
    expect((await chat.say('worker.a', '报需求')).text).toContain('请用一句话说说');
    await chat.service.idle();
  } finally {
    server.close();
    server.closeAllConnections();
  }
});

story('a stop waits for what is in hand and for no connection that would come again', async (chat) => {
  const server = createServer(chat.service.app.callback()).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  let answer = (_healthy: boolean): void => {};
  vi.spyOn(chat.db, 'healthy').mockReturnValueOnce(new Promise((resolve) => (answer = resolve)));
  const inHand = fetch(`http://127.0.0.1:${port}/readyz`);
  await once(server, 'request');
  chat.service.drain();
  const since = performance.now();
  const closed = once(server.close(), 'close');
  answer(true);
  expect((await inHand).status).toBe(503);
  await closed;
  expect(performance.now() - since).toBeLessThan(2_000);
});

story('the menu is what the catalogue offers, and every entry does what it says', async (chat) => {
  const menu = menuOf(createCatalogue(MODULES));
  const token = await chat.wecom.api('GET', '/cgi-bin/gettoken', { corpid: chat.corp, corpsecret: chat.secrets.app.secret }, '');
  const query = { access_token: String(token.body['access_token']), agentid: '1000002' };
  expect((await chat.wecom.api('POST', '/cgi-bin/menu/create', query, JSON.stringify(menu))).body).toMatchObject({ errcode: 0 });
  const entries = (chat.wecom.menu()?.button ?? []).flatMap((each) => ('sub_button' in each ? each.sub_button : [each]));
  expect(entries.map(({ name }) => name)).toEqual(expect.arrayContaining(['报需求', '看需求', '帮助']));
  for (const { key } of entries) {
    expect((await chat.wecom.appEvent('secretary.a', 'click', key)).status).toBe(200);
    await chat.settle();
    expect(read(chat.newest('secretary.a'))).not.toContain('没听明白');
  }
});

story('figures: callbacks, refusals, calls, queues, the token', async (chat) => {
  await chat.press('worker.a', await chat.say('worker.a', '我要报个需求：车间缺急救培训'), '确认');
  await chat.wecom.say('worker.a', '看需求', 'bot', { signature: '0'.repeat(40) });
  // The same message under another envelope, and what it wrote once more with nothing remembered.
  await chat.wecom.say('member.a', '看需求', 'bot', { msgid: 'twice' });
  await chat.wecom.say('member.a', '看需求', 'bot', { msgid: 'twice' });
  const text = await chat.service.metrics.text();
  for (const line of [
    'wecom_callback_seconds_count{door="bot",kind="message",outcome="asks"} 1',
    'wecom_callback_seconds_count{door="bot",kind="click",outcome="done"} 1',
    'wecom_callback_refused_total{door="bot",code="signature"} 1',
    'wecom_api_calls_total{path="message/send",errcode="0"} 1',
    'job_ends_total{name="notice.send",end="done"} 1',
    'wecom_first_frame_seconds_count 3',
    'message_repeats_total 1',
    'wecom_token_age_seconds 0',
  ])
    expect(text).toContain(line);
});

test('every figure an alert reads is there', async () => {
  const rules = readFileSync(new URL('../../docs/alerts.yml', import.meta.url), 'utf8');
  const read = new Set(
    [...rules.matchAll(/^ +expr: (.+)$/gm)].flatMap(([, expr = '']) =>
      [...expr.matchAll(/[a-z]+(?:_[a-z]+){2,}|job_dead/g)].map(([name]) => name),
    ),
  );
  expect(read.size).toBeGreaterThan(8);
  const text = await createMetrics().text();
  const known = [...text.matchAll(/^# TYPE (\w+) (\w+)$/gm)].flatMap(([, name = '', type]) =>
    type === 'histogram' ? ['bucket', 'count', 'sum'].map((part) => `${name}_${part}`) : [name],
  );
  expect([...read].filter((name) => !known.includes(name) && name !== 'histogram_quantile')).toEqual([]);
});

story('everything logged at debug: no name, phone, id, token, key or code', async (chat) => {
  const phone = '13800138000';
  const image = Buffer.concat([Buffer.from('89504e470d0a1a0a', 'hex'), randomBytes(64)]);
  const { bot, app } = chat.secrets;
  chat.wecom.fault({ api: 'message/send', errcode: 60020, times: 1 });
  const words = `我要报个需求：请打${phone}找李大勇，缺急救培训`;
  await chat.press('worker.a', await chat.say('worker.a', `@党建助手 ${words}`, ALLIANCE), '确认');
  await chat.say('worker.a', { text: '@党建助手 看需求', images: [image] }, ALLIANCE);
  await chat.say('worker.a', { text: words, images: [Buffer.from(phone)] });
  await chat.say(chat.wecom.openId('member.a'), '看需求');
  chat.wecom.fault({ api: 'openuserid_to_userid', errcode: 'timeout', times: 1 });
  await chat.say(chat.wecom.openId('member.b'), '看需求');
  chat.wecom.fault({ api: 'gettoken', errcode: 40001, times: 1 });
  chat.wecom.forgetTokens();
  await chat.at(new Date(chat.now().getTime() + 3 * 60_000));
  await chat.wecom.say('worker.a', words, 'app', { receiveId: phone });
  await chat.wecom.botEvent('worker.a', 'feedback_event', { feedback_event: { id: 'f', type: 2, content: phone } });
  chat.state.get = () => Promise.reject(new Error('redis'));
  await chat.wecom.say('member.a', words, 'bot');

  const codes = chat.wecom.wire.flatMap(({ query, asked, answered }) => [
    query['access_token'],
    ...[asked.clear, answered.clear].flatMap((clear) =>
      [...clear.matchAll(/(?:response_code=|"(?:response_code|access_token)":")([\w-]+)/g)].map(([, code]) => code),
    ),
  ]);
  const people = chat.wecom.directory.users.flatMap(({ id, name }) => [id, name, chat.wecom.openId(id)]);
  const secrets = [phone, ...people, bot.token, bot.aesKey, app.token, app.aesKey, app.secret, ...new Set(codes)].filter(
    (each) => each !== undefined,
  );
  expect(secrets.length).toBeGreaterThan(50);
  expect(chat.logged.length).toBeGreaterThan(10);
  const found = secrets.filter((secret) => chat.logged.some((line) => line.includes(secret)));
  console.log(`redaction: ${secrets.length} secrets in ${chat.logged.length} lines, ${found.length} found`);
  expect(found).toEqual([]);
});
