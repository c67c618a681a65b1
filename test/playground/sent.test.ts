/** The simulated WeCom's pictures, groups, limits, ids and menu keep the platform's rules. */
import { expect, test } from 'vitest';
import { AGENT, aWecom } from './fake-bot.ts';

const MINUTE = 60_000;
const text = (touser: string, content: string) => ({ touser, agentid: AGENT, msgtype: 'text', text: { content } });

test('a picture’s address works for five minutes, and what lies there is sealed', async () => {
  const addresses: string[] = [];
  const { wecom, clock } = await aWecom({
    bot: (message) => {
      addresses.push((message as unknown as { image: { url: string } }).image.url);
      return undefined;
    },
  });
  expect((await wecom.say('li', { image: Buffer.from('picture') }, 'bot')).status).toBe(200);
  const id = addresses[0]?.split('/').at(-1) ?? '';
  expect(Buffer.from(wecom.media(id) ?? []).length).toBe(32);
  expect(wecom.media('another')).toBeUndefined();
  clock.now = new Date(clock.now.getTime() + 5 * MINUTE);
  expect(wecom.media(id)).toBeUndefined();
});

test('in a group pictures, voices, files and videos alone do not reach the robot', async () => {
  const { wecom } = await aWecom({});
  for (const said of [{ image: Buffer.from('x') }, { voice: '@党建助手 好' }, { file: 'x' }, { video: 'x' }])
    expect(await wecom.say('li', said, { group: 'wrGroup' })).toMatchObject({ status: 0 });
});

test('a response_url works once and for an hour', async () => {
  const urls: string[] = [];
  const { wecom, clock } = await aWecom({
    bot: (message) => {
      urls.push((message as unknown as { response_url: string }).response_url);
      return undefined;
    },
  });
  await wecom.say('li', '@党建助手 好', { group: 'wrGroup' });
  await wecom.say('li', '@党建助手 好', { group: 'wrGroup' });
  const answer = async (url = '') => {
    const body = JSON.stringify({ msgtype: 'markdown', markdown: { content: '好' } });
    const query = Object.fromEntries(new URL(url).searchParams);
    return (await wecom.api('POST', '/cgi-bin/aibot/response', query, body)).body['errcode'];
  };
  expect([await answer(urls[0]), await answer(urls[0])]).toEqual([0, 40008]);
  expect(wecom.bubbles('wang', { group: 'wrGroup' }).at(-1)).toMatchObject({ from: 'bot', text: '好' });
  clock.now = new Date(clock.now.getTime() + 60 * MINUTE);
  expect(await answer(urls[1])).toBe(40008);
});

test('thirty a minute to one person, the rest dropped without a word', async () => {
  const { wecom, call } = await aWecom({});
  for (let n = 0; n < 32; n++) expect(await call('send', text('li', `${n}`))).toMatchObject({ errcode: 0 });
  expect(wecom.bubbles('li', 'app')).toHaveLength(30);
  expect(wecom.violations).toHaveLength(2);
});

test('hidden ids are people, and are told to the app alone', async () => {
  const { wecom, token } = await aWecom({});
  const hidden = wecom.openId('li');
  const query = { access_token: await token() };
  const body = JSON.stringify({ open_userid_list: [hidden, 'li'] });
  expect((await wecom.api('POST', '/cgi-bin/batch/openuserid_to_userid', query, body)).body).toMatchObject({
    userid_list: [{ open_userid: hidden, userid: 'li' }],
    invalid_open_userid_list: ['li'],
  });
});

test('an unknown robot and a menu that is too large are refused', async () => {
  const { wecom, token } = await aWecom({});
  const said = JSON.stringify({ msgtype: 'text', text: { content: '好' } });
  expect((await wecom.api('POST', '/cgi-bin/webhook/send', { key: 'none' }, said)).body).toMatchObject({ errcode: 93000 });
  const button = Array.from({ length: 4 }, (_, n) => ({ type: 'click', name: `${n}`, key: `${n}` }));
  const query = { access_token: await token() };
  expect((await wecom.api('POST', '/cgi-bin/menu/create', query, JSON.stringify({ button }))).body).toMatchObject({
    errcode: 40058,
  });
});

test('an upload can be sent for three days; a small, a large or a formless one is refused', async () => {
  const { wecom, clock, token, call } = await aWecom({});
  const upload = async (bytes: Uint8Array, type = 'file') => {
    const form = new FormData();
    form.set('media', new Blob([new Uint8Array(bytes)]), '报名表.xlsx');
    const asked = new Request('http://wecom', { method: 'POST', body: form });
    const query = { access_token: await token(), type };
    const body = new Uint8Array(await asked.arrayBuffer());
    return (await wecom.api('POST', '/cgi-bin/media/upload', query, body, asked.headers.get('content-type') ?? '')).body;
  };
  const { media_id } = await upload(Buffer.from('a workbook'));
  const file = { touser: 'li', agentid: AGENT, msgtype: 'file', file: { media_id } };
  expect(await call('send', file)).toMatchObject({ errcode: 0 });
  const sent = wecom.bubbles('li', 'app').at(-1)?.file;
  expect(sent).toMatchObject({ name: '报名表.xlsx', size: 10 });
  expect(Buffer.from(wecom.file(sent?.id ?? '')?.bytes ?? []).toString()).toBe('a workbook');

  clock.now = new Date(clock.now.getTime() + 3 * 24 * 60 * MINUTE);
  expect(await call('send', file)).toMatchObject({ errcode: 40007 });
  expect(wecom.violations).toEqual([]);
  expect(await upload(Buffer.from('tiny!'))).toMatchObject({ errcode: 40006 });
  expect(await upload(new Uint8Array(20 * 1024 * 1024 + 1))).toMatchObject({ errcode: 45001 });
  expect(await upload(Buffer.from('a workbook'), 'excel')).toMatchObject({ errcode: 40004 });
  const query = { access_token: await token(), type: 'file' };
  expect((await wecom.api('POST', '/cgi-bin/media/upload', query, '{}')).body).toMatchObject({ errcode: 41005 });
  expect(wecom.violations).toHaveLength(4);
});
