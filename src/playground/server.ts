/** The playground over HTTP: the server API for the bot, and the page with what it needs. Only for this machine. */
import { once } from 'node:events';
import { readFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { PassThrough } from 'node:stream';
import { buffer, text } from 'node:stream/consumers';
import Router from '@koa/router';
import Koa from 'koa';
import { z } from 'zod';
import { AUTHORIZE } from './browser.ts';
import { createControls } from './controls.ts';
import { bundlePage } from './bundle.ts';
import { createRecorder, type Recorder } from './scenes.ts';
import type { Stage } from './stage.ts';
import { read } from './wire.ts';
import type { Chat, Said, Utterance, Wecom } from './wecom.ts';

/** A sentence for a newcomer to click. */
export type Example = { userId: string; chat: Chat; text: string; label: string };

const LOOPBACK = new Set(['127.0.0.1', 'localhost', '[::1]']);
const HEADERS = {
  'Content-Security-Policy':
    "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; img-src data:; base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
  'X-Content-Type-Options': 'nosniff',
  'Referrer-Policy': 'no-referrer',
  'Cache-Control': 'no-store',
};
const FILES: Record<string, { file: string; type: string }> = {
  '/': { file: 'index.html', type: 'text/html; charset=utf-8' },
  '/page.css': { file: 'page.css', type: 'text/css; charset=utf-8' },
};

const chat = z.union([z.literal('bot'), z.literal('app'), z.strictObject({ group: z.string() })]);
const base64 = z.base64().transform((text) => Buffer.from(text, 'base64'));
const says = z.union([
  z.strictObject({
    user: z.string(),
    chat,
    text: z.string().min(1),
    quote: z.string().optional(),
    images: z.array(base64).max(9).optional(),
  }),
  z.strictObject({ user: z.string(), chat, voice: z.string().min(1) }),
  z.strictObject({ user: z.string(), chat, image: base64 }),
  z.strictObject({ user: z.string(), chat, file: base64 }),
]);
const presses = z.strictObject({
  user: z.string(),
  bubble: z.string(),
  button: z.string(),
  picked: z.record(z.string(), z.union([z.string(), z.array(z.string())])).default({}),
  /** On a phone that has not seen any change of the card yet. */
  stale: z.boolean().default(false),
  /** Two taps at once. */
  twice: z.boolean().default(false),
});
const enters = z.strictObject({ user: z.string() });
const times = z.number().int().min(1).max(100).default(1);
/** A link that somebody taps in a chat. */
const opens = z.strictObject({ user: z.string(), url: z.url({ protocol: /^https?$/ }) });
const faults = z.union([
  z.strictObject({ api: z.string().min(1), errcode: z.union([z.number().int(), z.literal('timeout')]), times }),
  z.strictObject({ callbacks: z.enum(['repeat', 'forge', 'age', 'reorder']), times }),
  z.strictObject({ callbacks: z.literal('delay'), ms: z.number().int().min(0).max(60_000), times }),
]);
const reads = z.strictObject({ user: z.string(), chat });
const chooses = z.strictObject({ user: z.string(), key: z.string() });
/** Larger than any picture or roster somebody tries. */
const MAX_BODY = 16 * 1024 * 1024;

/** A page elsewhere must reach this neither by a name that points here (DNS rebinding) nor by a form or a script. */
const onlyThisMachine: Koa.Middleware = async (ctx, next) => {
  if (!LOOPBACK.has(ctx.host.replace(/:\d+$/, ''))) return ctx.throw(403, '只能从本机打开');
  const origin = ctx.get('Origin');
  if (ctx.method !== 'GET' && origin !== '' && origin !== `http://${ctx.host}`) return ctx.throw(403, '来源不对');
  ctx.set(HEADERS);
  return next();
};

/** The simulated WeCom alone, or the whole stage with its clock, its scenes and its troubles. */
export type Shown = (
  | { wecom: Wecom }
  | {
      stage: Stage;
      /** Between two steps of a scene, ms. */
      pace?: number;
    }
) & { examples: readonly Example[] };

export function createPlayground(shown: Shown): Koa {
  const router = new Router();
  const wecom = (): Wecom => ('stage' in shown ? shown.stage.wecom() : shown.wecom);

  router.all('/cgi-bin/{*call}', async (ctx) => {
    const query = Object.fromEntries(new URLSearchParams(ctx.querystring));
    const sent = await buffer(ctx.req);
    const { status, body, file } = await wecom().api(ctx.method, ctx.path, query, sent, ctx.get('content-type'));
    ctx.status = status;
    ctx.body = file ? Buffer.from(file) : body;
  });
  router.get('/media/:id', (ctx) => {
    const sealed = wecom().media(String(ctx.params['id']));
    if (!sealed) return ctx.throw(404, '地址过了 5 分钟，或者从来没有');
    ctx.body = Buffer.from(sealed);
  });

  router.get('/files/:id', (ctx) => {
    const sent = wecom().file(String(ctx.params['id']));
    if (!sent) return ctx.throw(404, '没有这个文件');
    ctx.attachment(sent.name);
    ctx.body = Buffer.from(sent.bytes);
  });

  router.get('/window', async (ctx) => {
    const { user, url } = read(opens, ctx.query);
    const { status, headers, html } = await wecom().open(user, url);
    ctx.status = status;
    for (const name of ['Content-Type', 'Content-Security-Policy']) ctx.set(name, headers.get(name) ?? '');
    ctx.body = html;
  });
  router.get(AUTHORIZE, (ctx) => ctx.throw(403, '请在模拟的手机里点开链接：那里才知道是谁在看'));

  for (const [path, { file, type }] of Object.entries(FILES)) {
    router.get(path, async (ctx) => {
      ctx.type = type;
      ctx.body = await readFile(new URL(`./page/${file}`, import.meta.url), 'utf8');
    });
  }
  router.get('/page.js', async (ctx) => {
    ctx.type = 'text/javascript; charset=utf-8';
    ctx.body = await bundlePage();
  });

  const body = async <T>(ctx: Koa.Context, schema: z.ZodType<T>): Promise<T> => {
    if (!ctx.is('json')) ctx.throw(415, '要用 JSON');
    if ((ctx.request.length ?? 0) > MAX_BODY) ctx.throw(413, '文件太大，最多 10 MB');
    return read(schema, JSON.parse(await text(ctx.req)));
  };
  const listeners = new Set<() => void>();
  const changed = (): void => listeners.forEach((listener) => listener());
  if ('stage' in shown) shown.stage.subscribe(changed);
  else shown.wecom.subscribe(changed);

  const controls =
    'stage' in shown ? createControls(shown.stage, changed, (words) => record().moved(words), shown.pace) : undefined;
  let recorder: { of: Wecom; keeps: Recorder } | undefined;
  /** What is done on the page, from the beginning of this world. */
  const record = (): Recorder => {
    const of = wecom();
    if (recorder?.of !== of) recorder = { of, keeps: createRecorder(of) };
    return recorder.keeps;
  };

  router.get('/api/world', async (ctx) => {
    const of = wecom();
    const unread = (id: string): number => of.chats(id).reduce((sum, each) => sum + each.unread, 0);
    ctx.body = {
      botName: of.botName,
      users: of.directory.users.map((user) => ({ ...user, unread: unread(user.id) })),
      groups: of.directory.groups,
      examples: shown.examples,
      violations: of.violations,
      menu: of.menu()?.button ?? [],
      recorded: record().count(),
      ...(await controls?.state()),
    };
  });
  router.get('/api/phone', (ctx) => {
    const user = String(ctx.query['user']);
    const open = ctx.query['chat'] === undefined ? undefined : read(chat, JSON.parse(String(ctx.query['chat'])));
    const isHere = wecom().directory.users.some(({ id }) => id === user);
    if (!isHere) return void (ctx.body = { chats: [], bubbles: [] });
    ctx.body = { chats: wecom().chats(user), bubbles: open === undefined ? [] : wecom().bubbles(user, open) };
  });
  router.get('/api/wire', (ctx) => {
    const { wire } = wecom();
    const after = wire.findLastIndex((each) => each.id === ctx.query['after']);
    ctx.body = wire.slice(after + 1).slice(-200);
  });
  router.get('/api/changes', (ctx) => {
    const stream = new PassThrough();
    const tell = (): void => void stream.write('data: changed\n\n');
    listeners.add(tell);
    stream.on('close', () => listeners.delete(tell));
    stream.write('data: hello\n\n');
    ctx.type = 'text/event-stream';
    ctx.body = stream;
  });

  router.post('/api/say', async (ctx) => {
    const { user, chat: where, ...asked } = await body(ctx, says);
    const said = await wecom().say(user, asked as Utterance, where);
    const words = 'text' in asked ? asked.text : 'voice' in asked ? asked.voice : undefined;
    if (words !== undefined) record().said(user, where, words, said);
    ctx.body = said;
  });
  router.post('/api/press', async (ctx) => {
    const { user, bubble, button, picked, stale, twice } = await body(ctx, presses);
    const label = labelOf(wecom(), user, bubble, button);
    const press = (): Promise<Said> => wecom().press(user, bubble, button, { picked, stale });
    const [said] = await Promise.all(twice ? [press(), press()] : [press()]);
    record().pressed(user, label, said);
    ctx.body = said;
  });
  router.post('/api/enter', async (ctx) => {
    ctx.body = await wecom().enter((await body(ctx, enters)).user);
  });
  router.post('/api/menu', async (ctx) => {
    const { user, key } = await body(ctx, chooses);
    ctx.body = await wecom().appEvent(user, 'click', key);
  });
  router.post('/api/fault', async (ctx) => {
    wecom().fault(await body(ctx, faults));
    ctx.status = 204;
  });
  router.post('/api/read', async (ctx) => {
    const asked = await body(ctx, reads);
    wecom().markRead(asked.user, asked.chat);
    ctx.status = 204;
  });
  router.get('/api/recorded', (ctx) => {
    const first = wecom().wire[0]?.at ?? ('stage' in shown ? shown.stage.now() : new Date(0));
    ctx.body = { scene: record().scene('新场景', first) };
  });

  if (controls) controls.routes(router, body);

  const app = new Koa();
  app.silent = true;
  app.use(async (ctx, next) => {
    try {
      await next();
    } catch (error) {
      ctx.status = error instanceof Error && 'status' in error && typeof error.status === 'number' ? error.status : 400;
      ctx.body = { error: error instanceof Error ? error.message : String(error) };
    }
  });
  app.use(onlyThisMachine);
  app.use(router.routes());
  return app;
}

/** What the button says: its key is nothing for people. */
function labelOf(wecom: Wecom, user: string, id: string, key: string): string {
  const card = wecom
    .chats(user)
    .flatMap(({ chat: where }) => wecom.bubbles(user, where))
    .find((bubble) => bubble.id === id)?.card;
  const buttons = [
    ...(card?.button_list ?? []),
    ...(card?.action_menu?.action_list ?? []),
    ...(card?.submit_button ? [card.submit_button] : []),
  ];
  return buttons.find((each) => each.key === key)?.text ?? key;
}

/** Listens on the loopback address only; port 0 takes a free one. */
export async function startPlayground(options: Shown & { port: number }): Promise<{ url: string; close: () => Promise<void> }> {
  const server = createServer(createPlayground(options).callback());
  server.listen(options.port, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}`,
    async close() {
      server.close();
      server.closeAllConnections();
      await once(server, 'close');
    },
  };
}
