import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { createLog } from '../../src/kernel/log.ts';
import { Unavailable } from '../../src/kernel/refusal.ts';
import { createMemoryState } from '../../src/state/memory.ts';
import { createApi, cutBytes, FILE_BYTES, partsOf, TEXT_BYTES, WecomError, type Api } from '../../src/wecom/api.ts';

type Call = { path: string; query: Record<string, string>; body: unknown };
/** Also 'hang', 'cut' and 'moved': no answer, a broken connection, and an answer that is elsewhere. */
type Answer = object | string;

/** WeCom's side: every gettoken makes a new token, and only `valid` ones work. */
let calls: Call[];
let valid: Set<string>;
let tokens: number;
/** What to answer instead, path by path, in this order. */
let answers: Record<string, Answer[]>;
let server: Server;
let base: string;
let now: number;
let logged: string[];
/** How long the process stands still once WeCom has answered. */
let holdUpMs: number;
let state: ReturnType<typeof createMemoryState>;

const EXPIRED = { errcode: 42001, errmsg: 'access_token expired' };
const OK = { errcode: 0, errmsg: 'ok', invaliduser: '', unlicenseduser: '', msgid: 'm_1', response_code: 'RC-1' };

function answer({ path, query }: Call): Answer {
  const instead = answers[path]?.shift();
  if (instead !== undefined) return instead;
  if (path === '/cgi-bin/gettoken') {
    valid.add(`token-${++tokens}`);
    return { errcode: 0, errmsg: 'ok', access_token: `token-${tokens}`, expires_in: 7_200 };
  }
  return valid.has(query['access_token']!) ? OK : EXPIRED;
}

function api(): Api {
  const log = createLog('trace', { write: (line) => void logged.push(line) });
  return createApi({
    base,
    corpId: 'wwDEMOCORP',
    secret: 'the-secret',
    agentId: 1_000_002,
    state,
    log,
    clock: () => new Date(now),
    meter: { called: () => {} },
  });
}

const paths = () => calls.map(({ path }) => path.replace('/cgi-bin/', ''));
const to = (toUser: string, text = '你好') => ({ id: 'message-1', toUser, text });
const once = { enable_duplicate_check: 1, duplicate_check_interval: expect.toSatisfy((s: number) => s >= 1_800 && s <= 14_400) };

beforeEach(async () => {
  [calls, valid, tokens, answers, logged, now, holdUpMs] = [[], new Set(), 0, {}, [], 0, 0];
  state = createMemoryState({ clock: () => new Date(now) });
  server = createServer((request, response) => {
    const url = new URL(request.url!, 'http://wecom');
    let text = '';
    request.on('data', (chunk: Buffer) => (text += chunk.toString()));
    request.on('end', () => {
      const call = {
        path: url.pathname,
        query: Object.fromEntries(url.searchParams),
        body: request.headers['content-type']?.startsWith('multipart/') ? text : text ? (JSON.parse(text) as unknown) : undefined,
      };
      calls.push(call);
      const said = answer(call);
      if (said === 'hang') return;
      if (said === 'cut') return void request.socket.destroy();
      if (said === 'moved') return void response.writeHead(307, { location: '/cgi-bin/elsewhere' }).end();
      response.end(typeof said === 'string' ? said : JSON.stringify(said));
      // Nothing else happens in this process for so long.
      if (url.pathname.endsWith('/message/send')) Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, holdUpMs);
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  base = `http://127.0.0.1:${(server.address() as AddressInfo).port}/cgi-bin`;
});

afterEach(() => {
  server.closeAllConnections();
  server.close();
  vi.restoreAllMocks();
});

describe('what is sent (protocol D.2, D.3)', () => {
  test('a text', async () => {
    expect(await api().send(to('li.si', '同意'))).toEqual({ msgid: 'm_1', responseCode: 'RC-1', unreachable: [] });
    expect(calls).toEqual([
      { path: '/cgi-bin/gettoken', query: { corpid: 'wwDEMOCORP', corpsecret: 'the-secret' }, body: undefined },
      {
        path: '/cgi-bin/message/send',
        query: { access_token: 'token-1' },
        body: { touser: 'li.si', agentid: 1_000_002, msgtype: 'text', text: { content: '同意' }, ...once },
      },
    ]);
  });

  test('a card', async () => {
    const card = { card_type: 'button_interaction', task_id: 't1' };
    await api().send({ id: 'message-1', toUser: 'li.si', card });
    expect(calls[1]!.body).toEqual({
      touser: 'li.si',
      agentid: 1_000_002,
      msgtype: 'template_card',
      template_card: card,
      ...once,
    });
  });

  test.each([
    [{ card: { task_id: 't1' } }, { template_card: { task_id: 't1' } }],
    [{ button: '已由王五处理' }, { button: { replace_name: '已由王五处理' } }],
  ])('a card changed', async (change, body) => {
    answers = { '/cgi-bin/message/update_template_card': [{ errcode: 0, errmsg: 'ok', invaliduser: ['wang.wu'] }] };
    const update = { toUsers: ['li.si', 'wang.wu'], responseCode: 'RC-1', ...change };
    expect(await api().updateCard(update)).toEqual({ unreachable: ['wang.wu'] });
    expect(calls[1]).toEqual({
      path: '/cgi-bin/message/update_template_card',
      query: { access_token: 'token-1' },
      body: { userids: ['li.si', 'wang.wu'], agentid: 1_000_002, response_code: 'RC-1', ...body },
    });
  });

  test('one message is the same request at every try, and another message in the same words is another', async () => {
    await api().send(to('li.si', '好的'));
    await api().send(to('li.si', '好的'));
    await api().send({ ...to('li.si', '好的'), id: 'message-2' });
    const bodies = calls.filter(({ path }) => path.endsWith('/send')).map(({ body }) => JSON.stringify(body));
    expect(bodies[1]).toBe(bodies[0]);
    expect(bodies[2]).not.toBe(bodies[0]);
  });

  test('a text that WeCom would cut is not sent', async () => {
    await api().send(to('li.si', 'x'.repeat(TEXT_BYTES)));
    await expect(api().send(to('li.si', '党'.repeat(683)))).rejects.toThrow(RangeError);
    expect(paths()).toEqual(['gettoken', 'message/send']);
  });
});

describe('token', () => {
  test('twenty at once fetch one, from two clients that share a state', async () => {
    const clients = [api(), api()];
    await Promise.all(Array.from({ length: 20 }, (_, i) => clients[i % 2]!.send(to(`user${i}`))));
    expect(paths().filter((path) => path === 'gettoken')).toHaveLength(1);
    expect(paths()).toHaveLength(21);
  });

  test('is renewed when less than five minutes are left', async () => {
    const one = api();
    await one.send(to('a'));
    now = 6_899_000;
    await one.send(to('b'));
    now = 6_900_000;
    await one.send(to('c'));
    expect(calls.map(({ query }) => query['access_token'] ?? 'gettoken')).toEqual([
      'gettoken',
      'token-1',
      'token-1',
      'gettoken',
      'token-2',
    ]);
  });

  test.each([40014, 42001])('%i: renewed once, tried once more', async (errcode) => {
    const one = api();
    await one.send(to('a'));
    answers = { '/cgi-bin/message/send': [{ errcode, errmsg: '' }] };
    expect(await one.send(to('b'))).toMatchObject({ msgid: 'm_1' });
    expect(paths()).toEqual(['gettoken', 'message/send', 'message/send', 'gettoken', 'message/send']);
  });

  test('refused again after that: no endless loop, and no dead token is kept', async () => {
    answers = { '/cgi-bin/message/send': [EXPIRED, EXPIRED, EXPIRED] };
    await expect(api().send(to('a'))).rejects.toMatchObject({ errcode: 42001, retry: true });
    expect(paths()).toEqual(['gettoken', 'message/send', 'gettoken', 'message/send']);
    expect(await state.get('wecom:token:wwDEMOCORP:1000002')).toBeUndefined();
  });

  test('twenty whose token ended at once renew it once', async () => {
    const one = api();
    await one.send(to('a'));
    valid.clear();
    await Promise.all(Array.from({ length: 20 }, (_, i) => one.send(to(`user${i}`))));
    expect(paths().filter((path) => path === 'gettoken')).toHaveLength(2);
  });

  test('what somebody else has just renewed is not deleted', async () => {
    const one = api();
    await one.send(to('a'));
    const get = state.get.bind(state);
    const spy = vi.spyOn(state, 'get').mockImplementationOnce(async (key) => {
      const old = await get(key);
      valid.clear();
      valid.add('token-theirs');
      await state.set(key, 'token-theirs', 60_000);
      return old;
    });
    await one.send(to('b'));
    expect(spy).toHaveBeenCalled();
    expect(calls.map(({ query }) => query['access_token'] ?? 'gettoken')).toEqual([
      'gettoken',
      'token-1',
      'token-1',
      'token-theirs',
    ]);
  });

  test('a wrong secret is not tried again and again', async () => {
    answers = { '/cgi-bin/gettoken': [{ errcode: 40001, errmsg: 'invalid credential' }] };
    const sends = await Promise.allSettled(Array.from({ length: 20 }, (_, i) => api().send(to(`user${i}`))));
    for (const outcome of sends)
      expect(outcome).toMatchObject({ status: 'rejected', reason: { errcode: 40001, retry: true, waitMs: 60_000 } });
    expect(paths()).toEqual(['gettoken']);
    now = 60_000;
    expect(await api().send(to('a'))).toMatchObject({ msgid: 'm_1' });
  });
});

describe('an upload', () => {
  const bytes = Buffer.from('a workbook');
  const name = 'G-2026-0002报名表.xlsx';

  test('goes as a form with its name in Chinese, and gives the id to send it by', async () => {
    answers = { '/cgi-bin/media/upload': [{ errcode: 0, errmsg: 'ok', type: 'file', media_id: 'M-1', created_at: '1' }] };
    expect(await api().upload(name, bytes)).toBe('M-1');
    expect(calls.at(-1)).toMatchObject({ path: '/cgi-bin/media/upload', query: { type: 'file', access_token: 'token-1' } });
    expect(calls.at(-1)?.body).toContain(`name="media"; filename="${name}"`);
    expect(calls.at(-1)?.body).toContain('a workbook');
    await api().send({ id: 'message-1', toUser: 'li.si', mediaId: 'M-1' });
    expect(calls.at(-1)?.body).toMatchObject({ touser: 'li.si', msgtype: 'file', file: { media_id: 'M-1' } });
  });

  test('whose name is not liked goes once more with what of it is ASCII', async () => {
    const ok = { errcode: 0, errmsg: 'ok', media_id: 'M-2' };
    answers = { '/cgi-bin/media/upload': [{ errcode: 41005, errmsg: 'media data missing' }, ok] };
    expect(await api().upload(name, bytes)).toBe('M-2');
    expect(calls.at(-1)?.body).toContain('filename="G-2026-0002.xlsx"');
    answers = { '/cgi-bin/media/upload': [41005, 45001].map((errcode) => ({ errcode, errmsg: '' })) };
    await expect(api().upload(name, bytes)).rejects.toMatchObject({ errcode: 45001, retry: false });
  });

  test('waits with everything else while sending is stopped, and one too large is not even tried', async () => {
    answers = { '/cgi-bin/media/upload': [{ errcode: 60020, errmsg: 'not allow to access from your ip' }] };
    await expect(api().upload(name, bytes)).rejects.toMatchObject({ errcode: 60020, waitMs: 60_000 });
    await expect(api().send(to('a'))).rejects.toMatchObject({ errcode: 60020 });
    await expect(api().upload(name, new Uint8Array(FILE_BYTES + 1))).rejects.toThrow(RangeError);
    expect(paths()).toEqual(['gettoken', 'media/upload']);
  });
});

test('a system that was busy is asked again', async () => {
  answers = { '/cgi-bin/gettoken': [{ errcode: -1, errmsg: 'system busy' }] };
  await expect(api().send(to('a'))).rejects.toMatchObject({ errcode: -1, retry: true });
  expect(await api().send(to('a'))).toMatchObject({ msgid: 'm_1' });
});

describe('answers', () => {
  test.each<[string, object, string[]]>([
    ['one invalid user', { ...OK, invaliduser: 'li.si' }, ['li.si']],
    ['no licence', { ...OK, unlicenseduser: 'li.si' }, ['li.si']],
    ['both kinds', { ...OK, invaliduser: 'a|b', unlicenseduser: 'c' }, ['a', 'b', 'c']],
    ['all invalid', { errcode: 81013, errmsg: '' }, ['Li.Si']],
    ['not in scope', { errcode: 60111, errmsg: '' }, ['Li.Si']],
  ])('%s: named as unreachable', async (_, said, unreachable) => {
    answers = { '/cgi-bin/message/send': [said] };
    expect((await api().send(to('Li.Si'))).unreachable).toEqual(unreachable);
  });

  test('what concerns no message is not done when WeCom says that it may not be', async () => {
    answers = {
      '/cgi-bin/menu/create': [{ errcode: 60011, errmsg: '' }],
      '/cgi-bin/user/list_id': [{ errcode: 60011, errmsg: '' }],
    };
    await expect(api().createMenu({ button: [] })).rejects.toMatchObject({ errcode: 60011, retry: false });
    await expect(api().listUserIds()).rejects.toMatchObject({ errcode: 60011 });
  });

  test('a message without buttons has no response code', async () => {
    answers = { '/cgi-bin/message/send': [{ errcode: 0, errmsg: 'ok', msgid: 'm_2' }] };
    expect(await api().send(to('li.si'))).toEqual({ msgid: 'm_2', unreachable: [] });
  });

  // Protocol D.12 and D.11.
  test.each<[number, boolean, number?]>([
    [-1, true],
    [6000, true],
    [45009, true, 60_000],
    [45033, true],
    [40001, true, 60_000],
    [40013, true, 60_000],
    [40056, true, 60_000],
    [301002, true, 60_000],
    [40008, false],
    [40058, false],
    [41001, false],
    [42014, false],
    [43012, true, 60_000],
    [45002, false],
    [48002, true, 60_000],
    [50003, true, 60_000],
    [60020, true, 60_000],
    [82001, false],
    [99999, false],
  ])('%i: worth another try: %s, after ms: %s', async (errcode, retry, waitMs) => {
    answers = { '/cgi-bin/message/send': [{ errcode, errmsg: '' }] };
    const error: unknown = await api()
      .send(to('li.si'))
      .catch((thrown: unknown) => thrown);
    expect(error).toBeInstanceOf(WecomError);
    expect(error).toBeInstanceOf(Unavailable);
    expect(error).toMatchObject({ errcode, retry, waitMs });
  });

  test.each<[string, Answer]>([
    ['HTML', '<html>502</html>'],
    ['nothing', ''],
    ['JSON of another kind', { ok: true }],
    ['a list', []],
    ['a broken connection', 'cut'],
    ['another address, which would learn the token', 'moved'],
  ])('%s: no errcode, worth another try', async (_, said) => {
    answers = { '/cgi-bin/message/send': [said] };
    await expect(api().send(to('li.si'))).rejects.toMatchObject({ name: 'WecomError', errcode: undefined, retry: true });
    expect(paths()).toEqual(['gettoken', 'message/send']);
  });

  test('a token without a token', async () => {
    answers = { '/cgi-bin/gettoken': [{ errcode: 0, errmsg: 'ok' }] };
    await expect(api().send(to('li.si'))).rejects.toMatchObject({ errcode: undefined, retry: true });
  });

  test('nobody listens', async () => {
    base = 'http://127.0.0.1:1/cgi-bin';
    await expect(api().send(to('li.si'))).rejects.toMatchObject({ errcode: undefined, retry: true });
  });

  test('no answer within five seconds', async () => {
    const timeout = AbortSignal.timeout.bind(AbortSignal);
    const spy = vi.spyOn(AbortSignal, 'timeout').mockImplementation(() => timeout(50));
    answers = { '/cgi-bin/message/send': ['hang'] };
    await expect(api().send(to('li.si'))).rejects.toMatchObject({ name: 'WecomError', errcode: undefined, retry: true });
    expect(spy).toHaveBeenCalledWith(5_000);
    expect(logged.map((line) => JSON.parse(line) as object)).toContainEqual(
      expect.objectContaining({ msg: 'wecom did not answer', reason: 'TimeoutError' }),
    );
  });

  test('an answer that came while the process was held up is read', async () => {
    const timeout = AbortSignal.timeout.bind(AbortSignal);
    vi.spyOn(AbortSignal, 'timeout').mockImplementation(() => timeout(200));
    holdUpMs = 400;
    await expect(api().send(to('li.si'))).resolves.toMatchObject({ msgid: 'm_1' });
  });
});

test('the log tells the code, and nothing of the person, the message, the token or the secret', async () => {
  const send = '/cgi-bin/message/send';
  answers = {
    [send]: [
      'hang',
      'cut',
      'no JSON',
      { errcode: 60020, errmsg: 'not allow to access from your ip, hint: [1], from ip: 203.0.113.7' },
    ],
  };
  const timeout = AbortSignal.timeout.bind(AbortSignal);
  vi.spyOn(AbortSignal, 'timeout').mockImplementation(() => timeout(200));
  const errors: unknown[] = [];
  for (let i = 0; i < 4; i++)
    await api()
      .send(to('li.si', '手机 13800000000'))
      .catch((error: unknown) => errors.push(error));
  expect(errors).toHaveLength(4);
  expect(JSON.parse(logged.at(-1)!)).toMatchObject({ level: 50, path: 'message/send', errcode: 60020, ip: '203.0.113.7' });
  const told = [...logged, ...errors.map((error) => `${String(error)} ${String((error as Error).cause)}`)].join('\n');
  for (const secret of ['li.si', '13800000000', 'token-1', 'the-secret', 'wwDEMOCORP']) expect(told).not.toContain(secret);
});

test.each([
  ['党建', 6, '党建'],
  ['党建', 5, '党'],
  ['党建', 3, '党'],
  ['党建', 2, ''],
  ['a😀b', 5, 'a😀'],
  ['a😀b', 4, 'a'],
  ['a😀b', 1, 'a'],
  ['abc', 0, ''],
  ['', 0, ''],
])('cutBytes(%j, %i) is %j', (text, limit, cut) => expect(cutBytes(text, limit)).toBe(cut));

test.each([
  ['党建', 6, ['党建']],
  ['党建', 5, ['党', '建']],
  ['a\nb\nc', 3, ['a\nb', 'c']],
  ['a\nbcd', 4, ['a\nbc', 'd']],
  ['abc\ndef', 5, ['abc', 'def']],
  ['😀😀', 5, ['😀', '😀']],
  ['', 3, ['']],
])('partsOf(%j, %i) is %j', (text, limit, parts) => expect(partsOf(text, limit)).toEqual(parts));
