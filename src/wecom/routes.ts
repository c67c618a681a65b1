/** The doors as HTTP (protocol A.2, A.3, C.1): verify, open, hand to the bot, answer only after the commit. */
import { isUtf8 } from 'node:buffer';
import { hash } from 'node:crypto';
import type { IncomingMessage } from 'node:http';
import Router from '@koa/router';
import type { Context } from 'koa';
import { Unavailable } from '../kernel/refusal.ts';
import { createAppDoor } from './app-door.ts';
import { createBotDoor } from './bot-door.ts';
import { createCipher, WireError, type Cipher, type Signed } from './crypto.ts';
import type { DoorOptions, Said, Secrets } from './door.ts';
import { jsonEnvelope, readJsonEnvelope, readQuery, readXmlEnvelope, xmlEnvelope } from './envelope.ts';
import { createInHand } from './in-hand.ts';
import type { Door } from './meter.ts';

/** Bytes; the largest callback seen is far below (decision 10). */
const MAX_BODY = 64 * 1024;
/** The window is ±300 s; a nonce is remembered for longer than any two uses of it can lie apart. */
const NONCE_MS = 11 * 60_000;

export type Doors = {
  readonly router: Router;
  /** Every message begun is answered, also those that took too long for their callback. */
  readonly idle: () => Promise<void>;
};

type Lock = Secrets & { readonly cipher: Cipher };
type Wire = {
  readonly receiveId: string;
  readEnvelope(body: string): string;
  writeEnvelope(sealed: ReturnType<Cipher['seal']>): string;
  answer(plain: string, aesKey: string): Promise<Said>;
};

export function wecomRoutes(options: DoorOptions): Doors {
  const { corpId, clock, state, log, meter } = options;
  const router = new Router();
  const inHand = createInHand(log);
  const botDoor = createBotDoor(options, inHand);
  const appDoor = createAppDoor(options, inHand);
  openDoor('bot', options.botKeys, {
    receiveId: '',
    readEnvelope: readJsonEnvelope,
    writeEnvelope: jsonEnvelope,
    answer: botDoor.answer,
  });
  openDoor('app', options.appKeys, {
    receiveId: corpId,
    readEnvelope: readXmlEnvelope,
    writeEnvelope: xmlEnvelope,
    answer: appDoor.answer,
  });
  return { router, idle: inHand.idle };

  function openDoor(door: Door, keys: readonly Secrets[], wire: Wire): void {
    if (keys.length === 0) return;
    const locks = keys.map((key): Lock => ({ ...key, cipher: createCipher({ ...key, receiveId: wire.receiveId }) }));

    /** The URL check of the console: the plain echo, nothing around it, within a second (protocol A.2). */
    router.get(`/wecom/${door}`, (ctx: Context) =>
      guarded(ctx, door, () => {
        const { echostr, ...signed } = readQuery(ctx.query);
        if (echostr === undefined) throw new WireError(400, 'query');
        ctx.type = 'text/plain';
        ctx.body = open(locks, signed, echostr).plain;
        return Promise.resolve();
      }),
    );

    router.post(`/wecom/${door}`, (ctx: Context) =>
      guarded(ctx, door, async () => {
        const startedAt = performance.now();
        const signed = readQuery(ctx.query);
        const ciphertext = wire.readEnvelope(await readBody(ctx.req));
        const { plain, lock } = open(locks, signed, ciphertext);
        await assertNonce(door, signed.nonce, ciphertext);
        const said = await wire.answer(plain, lock.aesKey);
        const { late } = said;
        // On a busy machine the answer may be ready when WeCom has gone (protocol A.7, C.1).
        if (late && ctx.req.socket.destroyed) inHand.track(late());
        else if (late) ctx.res.once('close', () => ctx.res.writableFinished || inHand.track(late()));
        const seconds = (performance.now() - startedAt) / 1000;
        meter.callback(door, said.kind, said.outcome, seconds);
        if (said.kind === 'message') meter.firstFrame(seconds);
        if (said.plain === undefined) {
          ctx.body = door === 'app' ? 'success' : '';
          ctx.status = 200;
          return;
        }
        ctx.type = door === 'app' ? 'text/xml' : 'text/plain';
        ctx.body = wire.writeEnvelope(lock.cipher.seal(said.plain, Math.floor(clock().getTime() / 1000), signed.nonce));
      }),
    );
  }

  /** With the newest secrets that fit: while they are changed in the console both are in use. */
  function open(locks: readonly Lock[], signed: Signed, ciphertext: string): { plain: string; lock: Lock } {
    let refused: unknown;
    for (const lock of locks) {
      try {
        return { plain: lock.cipher.open(signed, ciphertext, clock()), lock };
      } catch (error) {
        refused ??= error;
      }
    }
    throw refused;
  }

  /** The same nonce with the same ciphertext is a redelivery; with another one it is an attack (decision 11). */
  async function assertNonce(door: Door, nonce: string, ciphertext: string): Promise<void> {
    const digest = hash('sha1', ciphertext);
    // Without memory there is still the receipt in Postgres, and people are told what did not work.
    const before = await state.add(`nonce:${corpId}:${door}:${nonce}`, digest, NONCE_MS).catch((error: unknown) => {
      if (!(error instanceof Unavailable)) throw error;
      return undefined;
    });
    if (before === digest) meter.repeated(door);
    else if (before !== undefined) throw new WireError(401, 'nonce');
  }

  async function guarded(ctx: Context, door: Door, work: () => Promise<void>): Promise<void> {
    try {
      await work();
    } catch (error) {
      if (!(error instanceof WireError)) throw error;
      meter.refused(door, error.code);
      log.warn({ door, code: error.code, ...(error.message === error.code ? {} : { hint: error.message }) }, 'callback refused');
      ctx.status = error.status;
      ctx.body = '';
    }
  }
}

/** @throws WireError 413 beyond the limit, 400 when it is no UTF-8 or broke off */
function readBody(request: IncomingMessage): Promise<string> {
  return new Promise((resolve, reject) => {
    if (Number(request.headers['content-length'] ?? 0) > MAX_BODY) return reject(new WireError(413, 'size'));
    const chunks: Buffer[] = [];
    let size = 0;
    request.on('data', (chunk: Buffer) => {
      size += chunk.length;
      if (size > MAX_BODY) {
        request.pause();
        return reject(new WireError(413, 'size'));
      }
      chunks.push(chunk);
    });
    request.on('end', () => {
      const body = chunks.length === 1 ? (chunks[0] as Buffer) : Buffer.concat(chunks);
      if (isUtf8(body)) resolve(body.toString('utf8'));
      else reject(new WireError(400, 'body'));
    });
    // One that broke off errs; its sender hears nothing any more.
    request.on('error', () => reject(new WireError(400, 'body')));
  });
}
