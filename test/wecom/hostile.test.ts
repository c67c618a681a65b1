/** What a hostile network can post at the doors: only 2xx and 4xx, nothing hangs, grows, is written, called or told. */
import { createHash, randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { Agent, createServer, request, type RequestListener } from 'node:http';
import type { AddressInfo } from 'node:net';
import { Writable } from 'node:stream';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { encrypt, getSignature } from '@wecom/crypto';
import { expect, onTestFinished, test } from 'vitest';
import { createIds } from '../../src/kernel/ids.ts';
import { createLog } from '../../src/kernel/log.ts';
import { MODULES } from '../../src/modules.ts';
import { demoDirectory, seedDemo } from '../../src/people/index.ts';
import { createService } from '../../src/service.ts';
import { createMemoryState } from '../../src/state/memory.ts';
import { redisUrl, testDb } from '../database.ts';

const BODIES = redisUrl() === undefined ? 3_000 : 50_000;
const WARM_UP = 500;
const SEED = Number(process.env['HOSTILE_SEED'] ?? 20261124);
const AT_ONCE = 8;

const MB = 1024 * 1024;
const PHONE = '13800138000';
const TOKENS = { bot: 'BotTokenPlanted', app: 'AppTokenPlanted' };
const KEYS = { bot: 'SHVpamluRGVtb0Flc0tleS0wMTIzNDU2Nzg5YWJjZFg', app: 'QXBwRGVtb0Flc0tleS0wMTIzNDU2Nzg5YWJjZFgwMDA' };
const SECRET = 'planted-app-secret';

type Door = 'bot' | 'app';
type Shot = { method?: string; path: string; body: Buffer };

/** mulberry32: the same numbers for the same seed. */
function dice(seed: number) {
  let state = seed >>> 0;
  const next = () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
  const below = (n: number) => Math.floor(next() * n);
  return {
    below,
    of: <T>(list: readonly T[]): T => list[below(list.length)] as T,
    bytes: (n: number) => Buffer.from(Array.from({ length: n }, () => below(256))),
  };
}
type Dice = ReturnType<typeof dice>;

async function listen(handler: RequestListener) {
  const server = createServer(handler).listen(0, '127.0.0.1');
  await once(server, 'listening');
  onTestFinished(() => {
    server.close();
    server.closeAllConnections();
  });
  return (server.address() as AddressInfo).port;
}

function attacks(corp: string, canary: string, now: Date) {
  const seconds = Math.floor(now.getTime() / 1000);
  let nonces = 0;

  function sealed(
    door: Door,
    plain: string,
    { receiveId = door === 'bot' ? '' : corp, timestamp = seconds, token = TOKENS[door], nonce = `n${nonces++}` } = {},
  ) {
    const cipher = encrypt(KEYS[door], plain, receiveId);
    return signed(door, cipher, { timestamp, token, nonce });
  }
  function signed(door: Door, cipher: string, { timestamp = seconds, token = TOKENS[door], nonce = `n${nonces++}` } = {}) {
    const query = new URLSearchParams({
      msg_signature: getSignature(token, timestamp, nonce, cipher),
      timestamp: String(timestamp),
      nonce,
    });
    return { path: `/wecom/${door}?${query.toString()}`, cipher, query };
  }
  const envelope = (door: Door, cipher: string) =>
    door === 'bot'
      ? JSON.stringify({ encrypt: cipher })
      : `<xml><ToUserName><![CDATA[${corp}]]></ToUserName><Encrypt><![CDATA[${cipher}]]></Encrypt></xml>`;
  const shot = (door: Door, plain: string, options?: Parameters<typeof sealed>[2]): Shot => {
    const { path, cipher } = sealed(door, plain, options);
    return { path, body: Buffer.from(envelope(door, cipher)) };
  };

  const NASTY = [
    ']]><MsgType><![CDATA[event]]></MsgType>',
    '<a href="http://evil.example">点我</a>',
    '[点我](http://evil.example) **粗** `码` <@all> <think>',
    '\u0000\u0008\u000b\ufffe',
    '\ud800',
    '\udc00党',
    '&lol; &#0; %n %s ${7*7} {{7*7}}',
    '__proto__',
    'A'.repeat(20_000),
    '党'.repeat(8_000),
    `我的手机 ${PHONE}`,
    "'; DROP TABLE need; --",
    '\u202e反向\u200b零宽',
  ];
  const ADDRESSES = [
    canary,
    `${canary}/media/x`,
    canary.replace('http:', 'https:'),
    `https://ww-aibot-img.myqcloud.com@${canary.slice(7)}/`,
    `https://ww-aibot-img.myqcloud.com.evil.invalid/`,
    canary.replace('127.0.0.1', 'localhost'),
    canary.replace('127.0.0.1', '2130706433'),
    canary.replace('127.0.0.1', '[::ffff:127.0.0.1]'),
    'http://169.254.169.254/latest/meta-data/',
    'file:///etc/passwd',
    'gopher://127.0.0.1:6379/_FLUSHALL',
    'data:image/png;base64,iVBORw0KGgo=',
    'javascript:alert(1)',
    '//127.0.0.1/',
    'http://ww-aibot-img-1.myqcloud.com/plain-http',
    'https://ww-aibot-img-1.myqcloud.com:8443/',
    '\u0000',
  ];
  const WRONG: readonly unknown[] = [
    null,
    true,
    0,
    -1,
    1e308,
    '',
    [],
    {},
    [[]],
    { toString: 'x' },
    'x'.repeat(300),
    '\u0000',
    ['text'],
    { $gt: '' },
  ];

  function message(d: Dice): Record<string, unknown> {
    const from = { userid: d.of(['worker.a', 'outsider.a', 'member.a', 'nobody', 'sys']) };
    const base = {
      msgid: `m${nonces}-${d.below(50)}`,
      aibotid: 'aibTEST',
      chattype: 'single',
      from,
      response_url: d.of(ADDRESSES),
    };
    const image = { url: d.of(ADDRESSES) };
    return d.of<Record<string, unknown>>([
      { ...base, msgtype: 'text', text: { content: d.of(NASTY) } },
      { ...base, msgtype: 'text', text: { content: d.of(NASTY) }, quote: { msgtype: 'text', text: { content: 'C-2026-9999' } } },
      { ...base, msgtype: 'voice', voice: { content: d.of(NASTY) } },
      {
        ...base,
        chattype: 'group',
        chatid: 'wrX',
        msgtype: 'mixed',
        mixed: {
          msg_item: [
            { msgtype: 'text', text: { content: d.of(NASTY) } },
            { msgtype: 'image', image },
          ],
        },
      },
      { ...base, msgtype: 'image', image },
      { ...base, msgtype: 'file', file: image },
      { ...base, msgtype: d.of(['video', 'location', '__proto__', 'constructor']), video: image },
      { ...base, msgtype: 'stream', stream: { id: d.of(NASTY).slice(0, 400) || 's' } },
      { ...base, msgtype: 'event', event: { eventtype: d.of(['enter_chat', 'feedback_event', 'toString', d.of(NASTY)]) } },
      {
        ...base,
        msgtype: 'event',
        event: {
          eventtype: 'template_card_event',
          template_card_event: {
            card_type: d.of(['vote_interaction', 'button_interaction', 'x']),
            event_key: d
              .of([
                'approval.approve?number=C-2026-0001',
                '~x?press=confirm',
                'need.create?summary=a%00b',
                '~x%00?slot=%00&say=%00',
                '%00',
                ...NASTY,
              ])
              .slice(0, 900),
            task_id: d.of(['t1', '../../etc', 'a'.repeat(256), '任务']),
            selected_items: d.of<unknown>([
              undefined,
              { selected_item: { question_key: '__proto__', option_ids: { option_id: 'x' } } },
              { selected_item: 1 },
            ]),
          },
        },
      },
    ]);
  }

  /** One place of the message becomes something else. */
  function mutated(d: Dice, value: Record<string, unknown>): string {
    const text = JSON.stringify(value);
    switch (d.below(8)) {
      case 1:
        return text.slice(0, d.below(text.length));
      case 2: {
        const copy = structuredClone(value);
        copy[d.of(Object.keys(copy))] = d.of(WRONG);
        return JSON.stringify(copy);
      }
      case 3:
        return text.replace(/:"[^"]*"/, `:${JSON.stringify(d.of(WRONG))}`);
      case 4:
        return text.replace('{', `{"a":${'['.repeat(d.below(5_000))}`);
      default:
        return text;
    }
  }

  function xml(d: Dice): string {
    const words = d.of(NASTY).replaceAll(']]>', ']] >');
    const field = (name: string, value: string) => `<${name}><![CDATA[${value}]]></${name}>`;
    const head =
      field('ToUserName', d.of([corp, corp, corp, 'wwOther'])) +
      field('FromUserName', d.of(['outsider.a', 'nobody', 'sys', words]));
    const event = (name: string, rest: string) => `<xml>${head}${field('MsgType', 'event')}${field('Event', name)}${rest}</xml>`;
    return d.of([
      `<xml>${head}${field('MsgType', 'text')}${field('Content', words)}<MsgId>${d.below(1e9)}</MsgId></xml>`,
      `<xml>${head}${field('MsgType', 'image')}${field('PicUrl', d.of(ADDRESSES))}${field('MediaId', words || 'x')}<MsgId>1</MsgId></xml>`,
      `<xml>${head}${field('MsgType', words)}</xml>`,
      event(d.of(['enter_agent', 'LOCATION', words || 'x']), ''),
      event('click', field('EventKey', d.of(['need.create?', 'need.create?summary=%00%FF', '帮助', words]))),
      event(
        'template_card_event',
        `${field('EventKey', 'approval.approve?number=C-2026-0001')}${field('TaskId', d.of(['t', words]))}${field('ResponseCode', 'r')}<SelectedItems><SelectedItem>${field('QuestionKey', '__proto__')}<OptionIds><OptionId>x</OptionId></OptionIds></SelectedItem></SelectedItems>`,
      ),
      `<!DOCTYPE x [<!ENTITY e SYSTEM "file:///etc/passwd">]><xml>${head}&e;</xml>`,
      `<xml>${'<a>'.repeat(d.below(2_000))}</xml>`,
      `<xml>${head}${field('FromUserName', 'worker.a')}${field('MsgType', 'text')}</xml>`,
      `<xml>${head}`,
      d.bytes(d.below(300)).toString('latin1'),
    ]);
  }

  return function next(d: Dice): Shot {
    const door = d.of<Door>(['bot', 'app']);
    const plain = () => (door === 'bot' ? mutated(d, message(d)) : xml(d));
    const good = sealed(door, plain());
    const body = Buffer.from(envelope(door, good.cipher));
    switch (d.below(36)) {
      case 0:
        return { path: good.path, body: body.subarray(0, d.below(body.length)) };
      case 1: {
        const flipped = Buffer.from(body);
        const at = d.below(flipped.length);
        flipped[at] = flipped[at]! ^ (1 << d.below(8));
        return { path: good.path, body: flipped };
      }
      case 2:
        return { path: good.path, body: d.bytes(d.below(2_000)) };
      case 3:
        return { path: good.path, body: Buffer.from(JSON.stringify({ encrypt: d.of(WRONG) })) };
      case 4:
        return {
          path: good.path,
          body: Buffer.from(
            door === 'bot'
              ? `${JSON.stringify({ encrypt: good.cipher }).slice(0, -1)},"Encrypt":"x"}`
              : body.toString().replace('<Encrypt>', '<Encrypt>x</Encrypt><Encrypt>'),
          ),
        };
      case 5:
        return { path: good.path, body: Buffer.from(`{"encrypt":${'['.repeat(d.below(30_000))}`) };
      case 6:
        return {
          path: good.path,
          body: Buffer.from(
            `<?xml version="1.0"?><!DOCTYPE lolz [<!ENTITY lol "lol"><!ENTITY lol2 "&lol;&lol;&lol;">]><xml><Encrypt>&lol2;</Encrypt></xml>`,
          ),
        };
      case 7:
        return { path: good.path.replace(`/wecom/${door}`, door === 'bot' ? '/wecom/app' : '/wecom/bot'), body };
      case 8:
        return shot(door, plain(), { timestamp: seconds + d.of([-301, 301, -1e6, 4e9]) });
      case 9:
        return shot(door, plain(), { receiveId: d.of(['wwOther', `${corp}x`, 'ww', '\u0000']) });
      case 10:
        return shot(door, plain(), { token: 'another' });
      case 11:
        return {
          path: good.path.replace(
            /msg_signature=[^&]*/,
            d.of(['msg_signature=', 'msg_signature=a&msg_signature=b', `msg_signature=${'0'.repeat(40)}`, 'x=1']),
          ),
          body,
        };
      case 12:
        return {
          path: good.path.replace(
            /timestamp=[^&]*/,
            d.of(['timestamp=NaN', 'timestamp=-1', 'timestamp=1e9', `timestamp=${'9'.repeat(400)}`]),
          ),
          body,
        };
      case 13: {
        // A right signature over what is no ciphertext of ours.
        const { path, cipher } = signed(door, d.bytes(32 * (1 + d.below(20))).toString('base64'));
        return { path, body: Buffer.from(envelope(door, cipher)) };
      }
      case 14: {
        const { path, cipher } = signed(door, d.of(['', '=', 'AAAA', '党', '\u0000', good.cipher.slice(0, -1)]));
        return { path, body: Buffer.from(envelope(door, cipher)) };
      }
      case 15:
        return shot(door, d.bytes(d.below(500)).toString('latin1'));
      case 16:
        return shot(door, `${'['.repeat(d.below(20_000))}`);
      case 17:
        return {
          method: d.of(['GET', 'PUT', 'DELETE', 'PATCH', 'OPTIONS', 'HEAD']),
          path: d.of([good.path, `/wecom/${door}`, '/wecom', '/wecom/bot/../app', '/%00', '/wecom/bot?echostr=%']),
          body: Buffer.alloc(0),
        };
      case 18:
        return d.below(40) === 0
          ? { path: good.path, body: Buffer.alloc(12 * MB, 'A') }
          : { path: good.path, body: Buffer.alloc(65_537, 'A') };
      default:
        return shot(door, plain());
    }
  };
}

/** undefined: the door cut the connection while it was still being sent to. */
async function fire(port: number, agent: Agent, { method = 'POST', path, body }: Shot): Promise<number | undefined> {
  return new Promise((resolve, reject) => {
    const sent = request(
      { host: '127.0.0.1', port, agent, method, path, headers: { 'content-length': body.length }, timeout: 5_000 },
      (response) => {
        response.resume();
        response.on('end', () => resolve(response.statusCode));
        response.on('error', () => resolve(response.statusCode));
      },
    );
    sent.on('timeout', () => reject(new Error('hang')));
    sent.on('error', (error: NodeJS.ErrnoException) =>
      body.length > MB && ['EPIPE', 'ECONNRESET'].includes(error.code ?? '') ? resolve(undefined) : reject(error),
    );
    sent.end(body);
  });
}

function settledMemory(): number {
  setFlagsFromString('--expose_gc');
  const gc = runInNewContext('gc') as () => void;
  gc();
  gc();
  const { heapUsed, external } = process.memoryUsage();
  return (heapUsed + external) / MB;
}

test(`${BODIES} hostile bodies, seed ${SEED}`, { timeout: 20 * 60_000 }, async () => {
  const db = await testDb();
  const corp = `ww${createHash('sha256').update(randomUUID()).digest('hex').slice(0, 16)}`;
  const now = new Date('2026-11-24T10:00:00+08:00');
  const clock = () => now;
  await seedDemo(db, corp, now);
  let calls = 0;
  const canaryPort = await listen((_, response) => {
    calls++;
    response.end('{}');
  });
  const canary = `http://127.0.0.1:${canaryPort}`;

  const secrets = [
    PHONE,
    SECRET,
    'evil.example',
    ...Object.values(TOKENS),
    ...Object.values(KEYS),
    ...demoDirectory().flatMap(({ id, name }) => [id, name]),
  ];
  const told: string[] = [];
  let lines = 0;
  const faults: string[] = [];
  const log = createLog(
    'debug',
    new Writable({
      write(chunk: Buffer, _, done) {
        const line = chunk.toString();
        lines++;
        if (line.includes('"level":50')) faults.push(line);
        if (secrets.some((secret) => line.includes(secret))) told.push(line);
        done();
      },
    }),
  );
  const state = createMemoryState({ clock });
  const service = createService({
    modules: MODULES,
    wecom: {
      corpId: corp,
      botName: '党建助手',
      botId: 'aibTEST',
      apiBase: 'http://127.0.0.1:1/cgi-bin',
      bot: { token: TOKENS.bot, aesKey: KEYS.bot },
      app: { token: TOKENS.app, aesKey: KEYS.app },
      sender: { agentId: 1, secret: SECRET },
      webhooks: {},
    },
    db,
    state,
    log,
    clock,
    id: createIds(clock),
  });
  const port = await listen(service.app.callback());
  const written = async () => {
    const where = { where: { corp } };
    const { need, receipt, audit, photo, sentCard } = db.client;
    // Twice not understood, a person is called: that is what whoever may speak gets for nonsense.
    const called = await audit.count({ where: { corp, intent: 'human.ask' } });
    const counts = [need.count(where), receipt.count(where), audit.count(where), photo.count(where), sentCard.count(where)];
    return (await Promise.all(counts)).map((count, i) => (i === 1 || i === 2 ? count - called : count));
  };

  const agent = new Agent({ keepAlive: true, maxSockets: AT_ONCE });
  const next = attacks(corp, canary, now);
  const d = dice(SEED);
  const statuses = new Map<number | undefined, number>();
  const times: number[] = [];
  const volley = async (count: number) => {
    let left = count;
    await Promise.all(
      Array.from({ length: AT_ONCE }, async () => {
        while (left-- > 0) {
          const shot = next(d);
          const startedAt = performance.now();
          const status = await fire(port, agent, shot);
          times.push(performance.now() - startedAt);
          statuses.set(status, (statuses.get(status) ?? 0) + 1);
        }
      }),
    );
  };

  const before = await written();
  await volley(WARM_UP);
  await state.close();
  const start = settledMemory();
  times.length = 0;
  await volley(BODIES - WARM_UP);
  await service.idle();
  await state.close();
  times.sort((a, b) => a - b);
  const [p999, longest] = [times[Math.floor(times.length * 0.999)] ?? 0, times.at(-1) ?? 0];
  times.length = 0;
  const growth = settledMemory() - start;
  agent.destroy();

  const table = Object.fromEntries(
    [...statuses].sort(([a = 0], [b = 0]) => a - b).map(([status, count]) => [String(status ?? 'cut'), count]),
  );
  console.log(
    `hostile: seed ${SEED}, ${BODIES} bodies, ${JSON.stringify(table)}, p99.9 ${p999.toFixed(0)} ms, longest ${longest.toFixed(0)} ms, memory ${growth.toFixed(1)} MB, ${lines} log lines`,
  );
  expect(faults).toEqual([]);
  expect(
    [...statuses.keys()].filter(
      (status) => status !== undefined && (status < 200 || status >= 500 || (status >= 300 && status < 400)),
    ),
  ).toEqual([]);
  expect(statuses.get(200)).toBeGreaterThan(BODIES / 20);
  expect(p999).toBeLessThan(1_000);
  expect(growth).toBeLessThan(20);
  expect(calls).toBe(0);
  expect(told).toEqual([]);
  expect(await written()).toEqual(before);
});
