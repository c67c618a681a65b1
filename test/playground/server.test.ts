/** The playground's address: the bot's API, the page, and nobody from elsewhere. */
import { request } from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';
import { expect, onTestFinished, test } from 'vitest';
import { startPlayground } from '../../src/playground/server.ts';
import { AGENT, aWecom, card } from './fake-bot.ts';

async function aPlayground(): Promise<string> {
  const { wecom } = await aWecom({ bot: () => ({ msgtype: 'template_card', template_card: card('t-1') }) });
  const { url, close } = await startPlayground({ wecom, examples: [], port: 0 });
  onTestFinished(close);
  return url;
}

const post = (url: string, body: object, headers: Record<string, string> = {}): Promise<Response> =>
  fetch(url, {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...headers },
    body: JSON.stringify(body),
  });

test('a person says something on the page and sees the card; the wire shows it clear and sealed', async () => {
  const url = await aPlayground();
  const said = await post(`${url}/api/say`, { user: 'li', chat: 'bot', text: '报需求' });
  expect(await said.json()).toMatchObject({ status: 200, bubbles: [{ kind: 'card', taskId: 't-1' }] });
  const phone = await fetch(`${url}/api/phone?user=li&chat=%22bot%22`);
  expect(await phone.json()).toMatchObject({ bubbles: [{ from: 'li' }, { from: 'bot' }] });
  const wire = (await (await fetch(`${url}/api/wire`)).json()) as { id: string }[];
  expect(wire).toMatchObject([{ door: 'bot', asked: { clear: expect.stringContaining('报需求'), cipher: expect.any(String) } }]);
  expect(await (await fetch(`${url}/api/wire?after=${wire[0]?.id}`)).json()).toEqual([]);
});

test('the bot calls the API over HTTP', async () => {
  const url = await aPlayground();
  const token = await fetch(`${url}/cgi-bin/gettoken?corpid=wwDEMOCORP&corpsecret=secret`);
  const { access_token } = (await token.json()) as { access_token: string };
  const sent = await post(`${url}/cgi-bin/message/send?access_token=${access_token}`, {
    touser: 'li',
    agentid: 1000002,
    msgtype: 'text',
    text: { content: '好' },
  });
  expect(await sent.json()).toMatchObject({ errcode: 0, msgid: expect.any(String) });
});

test('a file the bot uploads and sends is downloaded from the page under its name', async () => {
  const url = await aPlayground();
  const got = await fetch(`${url}/cgi-bin/gettoken?corpid=wwDEMOCORP&corpsecret=secret`);
  const { access_token } = (await got.json()) as { access_token: string };
  const form = new FormData();
  form.set('media', new Blob(['a workbook']), '报名表.xlsx');
  const put = await fetch(`${url}/cgi-bin/media/upload?access_token=${access_token}&type=file`, { method: 'POST', body: form });
  const { media_id } = (await put.json()) as { media_id: string };
  const file = { touser: 'li', agentid: AGENT, msgtype: 'file', file: { media_id } };
  await post(`${url}/cgi-bin/message/send?access_token=${access_token}`, file);
  const phone = (await (await fetch(`${url}/api/phone?user=li&chat=%22app%22`)).json()) as {
    bubbles: { file: { id: string } }[];
  };
  const sent = await fetch(`${url}/files/${phone.bubbles[0]?.file.id}`);
  expect(sent.headers.get('content-disposition')).toContain(`filename*=UTF-8''${encodeURIComponent('报名表.xlsx')}`);
  expect(await sent.text()).toBe('a workbook');
  expect((await fetch(`${url}/files/another`)).status).toBe(404);
});

test('what is to go wrong is arranged over HTTP, and a wrong wish is refused', async () => {
  const url = await aPlayground();
  expect((await post(`${url}/api/fault`, { callbacks: 'forge' })).status).toBe(204);
  expect(await (await post(`${url}/api/say`, { user: 'li', chat: 'bot', text: '好' })).json()).toMatchObject({ status: 403 });
  expect(await (await post(`${url}/api/say`, { user: 'li', chat: 'bot', text: '好' })).json()).toMatchObject({ status: 200 });
  expect((await post(`${url}/api/fault`, { api: 'gettoken', errcode: -1, times: 2 })).status).toBe(204);
  const token = () => fetch(`${url}/cgi-bin/gettoken?corpid=wwDEMOCORP&corpsecret=secret`).then((response) => response.json());
  expect([await token(), await token(), await token()]).toMatchObject([{ errcode: -1 }, { errcode: -1 }, { errcode: 0 }]);
  for (const wrong of [{ callbacks: 'explode' }, { api: 'gettoken' }, { callbacks: 'delay', ms: 1e9 }, { times: 1 }])
    expect((await post(`${url}/api/fault`, wrong)).status).toBe(400);
});

test('the page is told of changes', async () => {
  const url = await aPlayground();
  const leave = new AbortController();
  const changes = (await fetch(`${url}/api/changes`, { signal: leave.signal })).body?.getReader() ?? expect.fail('no stream');
  await changes.read();
  await post(`${url}/api/say`, { user: 'li', chat: 'bot', text: '好' });
  expect(new TextDecoder().decode((await changes.read()).value)).toContain('data: changed');
  leave.abort();
  await sleep(20);
});

test('only this machine, only its own page', async () => {
  const url = await aPlayground();
  const statusFor = (host: string): Promise<number | undefined> =>
    new Promise((resolve, reject) => {
      request(url, { headers: { host } }, (response) => (response.resume(), resolve(response.statusCode)))
        .on('error', reject)
        .end();
    });
  expect(await statusFor('playground.example.org')).toBe(403);
  expect(await statusFor('localhost:1')).toBe(200);
  const said = { user: 'li', chat: 'bot', text: '好' };
  expect((await post(`${url}/api/say`, said, { origin: 'https://example.org' })).status).toBe(403);
  expect((await post(`${url}/api/say`, said, { 'content-type': 'text/plain' })).status).toBe(415);
  expect((await post(`${url}/api/say`, said, { origin: url })).status).toBe(200);
  expect((await post(`${url}/api/say`, { user: 'nobody', chat: 'bot', text: '好' })).status).toBe(400);
});

test.each(['/', '/page.css', '/page.js'])('%s is served with a strict policy', async (path) => {
  const response = await fetch((await aPlayground()) + path);
  expect(response.status).toBe(200);
  expect(response.headers.get('content-security-policy')).toContain("default-src 'none'");
});
