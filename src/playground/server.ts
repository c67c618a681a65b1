/** The playground over HTTP: the server API for the bot, and the page with what it needs. Only for this machine. */
import { once } from 'node:events';
import { readFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { PassThrough } from 'node:stream';
import { text } from 'node:stream/consumers';
import Router from '@koa/router';
import Koa from 'koa';
import { z } from 'zod';
import { read } from './wire.ts';
import type { Chat, Wecom } from './wecom.ts';

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
  '/page.js': { file: 'page.js', type: 'text/javascript; charset=utf-8' },
};

const chat = z.union([z.literal('bot'), z.literal('app'), z.strictObject({ group: z.string() })]);
const says = z.strictObject({ user: z.string(), chat, text: z.string().min(1) });
const presses = z.strictObject({
  user: z.string(),
  bubble: z.string(),
  button: z.string(),
  picked: z.record(z.string(), z.union([z.string(), z.array(z.string())])).default({}),
});
const enters = z.strictObject({ user: z.string() });
const times = z.number().int().min(1).max(100).default(1);
const faults = z.union([
  z.strictObject({ api: z.string().min(1), errcode: z.union([z.number().int(), z.literal('timeout')]), times }),
  z.strictObject({ callbacks: z.enum(['repeat', 'forge', 'age', 'reorder']), times }),
  z.strictObject({ callbacks: z.literal('delay'), ms: z.number().int().min(0).max(60_000), times }),
]);
const reads = z.strictObject({ user: z.string(), chat });

/** A page elsewhere must reach this neither by a name that points here (DNS rebinding) nor by a form or a script. */
const onlyThisMachine: Koa.Middleware = async (ctx, next) => {
  if (!LOOPBACK.has(ctx.host.replace(/:\d+$/, ''))) return ctx.throw(403, '只能从本机打开');
  const origin = ctx.get('Origin');
  if (ctx.method !== 'GET' && origin !== '' && origin !== `http://${ctx.host}`) return ctx.throw(403, '来源不对');
  ctx.set(HEADERS);
  return next();
};

export function createPlayground({ wecom, examples }: { wecom: Wecom; examples: readonly Example[] }): Koa {
  const router = new Router();

  router.all('/cgi-bin/{*call}', async (ctx) => {
    const query = Object.fromEntries(new URLSearchParams(ctx.querystring));
    const { status, body, file } = await wecom.api(ctx.method, ctx.path, query, await text(ctx.req));
    ctx.status = status;
    ctx.body = file ? Buffer.from(file) : body;
  });
  router.get('/media/:id', (ctx) => {
    const sealed = wecom.media(String(ctx.params['id']));
    if (!sealed) return ctx.throw(404, '地址过了 5 分钟，或者从来没有');
    ctx.body = Buffer.from(sealed);
  });

  for (const [path, { file, type }] of Object.entries(FILES)) {
    router.get(path, async (ctx) => {
      ctx.type = type;
      ctx.body = await readFile(new URL(`./page/${file}`, import.meta.url), 'utf8');
    });
  }

  router.get('/api/world', (ctx) => {
    const unread = (id: string): number => wecom.chats(id).reduce((sum, each) => sum + each.unread, 0);
    ctx.body = {
      botName: wecom.botName,
      users: wecom.directory.users.map((user) => ({ ...user, unread: unread(user.id) })),
      groups: wecom.directory.groups,
      examples,
      violations: wecom.violations,
    };
  });
  router.get('/api/phone', (ctx) => {
    const user = String(ctx.query['user']);
    const open = ctx.query['chat'] === undefined ? undefined : read(chat, JSON.parse(String(ctx.query['chat'])));
    ctx.body = { chats: wecom.chats(user), bubbles: open === undefined ? [] : wecom.bubbles(user, open) };
  });
  router.get('/api/wire', (ctx) => {
    const after = wecom.wire.findLastIndex((each) => each.id === ctx.query['after']);
    ctx.body = wecom.wire.slice(after + 1).slice(-200);
  });
  router.get('/api/changes', (ctx) => {
    const stream = new PassThrough();
    stream.on(
      'close',
      wecom.subscribe(() => stream.write('data: changed\n\n')),
    );
    stream.write('data: hello\n\n');
    ctx.type = 'text/event-stream';
    ctx.body = stream;
  });

  const body = async <T>(ctx: Koa.Context, schema: z.ZodType<T>): Promise<T> => {
    if (!ctx.is('json')) ctx.throw(415, '要用 JSON');
    return read(schema, JSON.parse(await text(ctx.req)));
  };
  router.post('/api/say', async (ctx) => {
    const asked = await body(ctx, says);
    ctx.body = await wecom.say(asked.user, asked.text, asked.chat);
  });
  router.post('/api/press', async (ctx) => {
    const { user, bubble, button, picked } = await body(ctx, presses);
    ctx.body = await wecom.press(user, bubble, button, { picked });
  });
  router.post('/api/enter', async (ctx) => {
    ctx.body = await wecom.enter((await body(ctx, enters)).user);
  });
  router.post('/api/fault', async (ctx) => {
    wecom.fault(await body(ctx, faults));
    ctx.status = 204;
  });
  router.post('/api/read', async (ctx) => {
    const asked = await body(ctx, reads);
    wecom.markRead(asked.user, asked.chat);
    ctx.status = 204;
  });

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

/** Listens on the loopback address only; port 0 takes a free one. */
export async function startPlayground(options: {
  wecom: Wecom;
  examples: readonly Example[];
  port: number;
}): Promise<{ url: string; close: () => Promise<void> }> {
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
