/** The floors: the least a receiver can do for the same messages, by hand on Koa with @wecom/crypto, as peers do it. */
import { decrypt, encrypt, getSignature } from '@wecom/crypto';
import Router from '@koa/router';
import Koa from 'koa';
import { text } from 'node:stream/consumers';
import { given, serve } from './process.ts';
import { createWriter, type Sample, type WriterKind } from './writers.ts';

export type FloorOptions = {
  token: string;
  aesKey: string;
  /** What a message leaves in the database; without it a message is only answered. */
  writes?: { kind: WriterKind; database: string; sample: Sample };
};

const { token, aesKey, writes } = given<FloorOptions>();
const write = writes && createWriter(writes.kind, writes.database, writes.sample);

type Message = { msgid: string; from: { userid: string }; text: { content: string } };

const ROUTES: readonly [pattern: RegExp, answer: string][] = [
  [/^(?:帮助|菜单)$/u, '“报需求”“看需求”“认领”'],
  [/^(?:我要)?报(?:个)?需求/u, '请用一句话说说需要什么？（不办了就说“取消”）'],
];

const router = new Router();
router.post('/wecom/bot', async (ctx) => {
  const { msg_signature, timestamp, nonce } = ctx.query as Record<string, string>;
  const { encrypt: ciphertext } = JSON.parse(await text(ctx.req)) as { encrypt: string };
  if (getSignature(token, timestamp ?? '', nonce ?? '', ciphertext) !== msg_signature) return ctx.throw(401);
  const { msgid, from, text: said } = JSON.parse(decrypt(aesKey, ciphertext).message) as Message;
  await write?.(msgid, from.userid, said.content);
  const content = ROUTES.find(([pattern]) => pattern.test(said.content))?.[1] ?? '没听明白';
  const plain = JSON.stringify({ msgtype: 'stream', stream: { id: msgid, finish: true, content } });
  const sealed = encrypt(aesKey, plain, '');
  const now = Math.floor(Date.now() / 1000);
  const msgsignature = getSignature(token, now, nonce ?? '', sealed);
  ctx.type = 'text/plain';
  ctx.body = JSON.stringify({ encrypt: sealed, msgsignature, timestamp: now, nonce });
});

await serve(new Koa().use(router.routes()).callback());
