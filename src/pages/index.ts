/** 网页: pages inside WeCom. Who looks is told by WeCom (protocol D.9), and what they may see is asked anew each time. */
import { hash, randomBytes, timingSafeEqual } from 'node:crypto';
import Router from '@koa/router';
import type { Context } from 'koa';
import type { People, Person } from '../bot/actor.ts';
import { openWork, type Ctx } from '../bot/ctx.ts';
import type { Db } from '../db/db.ts';
import { NOTICE_PAGE } from '../fund/index.ts';
import { incidentNumber } from '../kernel/ids.ts';
import type { Log } from '../kernel/log.ts';
import { Refusal, Unavailable } from '../kernel/refusal.ts';
import type { Vault } from '../kernel/vault.ts';
import { anybody } from '../people/index.ts';
import type { State } from '../state/state.ts';
import { notices } from './notices.ts';
import { HEADERS, notShown } from './shell.ts';
import { openTicket, sealTicket, TICKET_MS, type Ticket } from './ticket.ts';

/** Under the public address. */
export const PATH = '/pages';
const ENTER = 'enter';

const PAGES: Readonly<Record<string, (ctx: Ctx) => Promise<string>>> = { [NOTICE_PAGE]: notices };

/** One for each kind: a visit goes on while another is being recognised. */
const COOKIE: Readonly<Record<Ticket['kind'], string>> = { enter: 'dangjian_enter', visit: 'dangjian_visit' };

/** What WeCom makes, at most 512 bytes (protocol D.9). */
const CODE = /^[\w-]{1,512}$/;

const AGAIN = '请回到企业微信，从“党建助手”的消息里重新点开链接。';
const UNKNOWN = '您还不在党建助手的名册里，看不了这个页面。请联系您单位的党支部书记，或所在镇街的两新党建工作人员登记。';

export type PageOptions = {
  corp: string;
  /** The public address, without a slash at the end. */
  url: () => string;
  /** Where somebody is recognised, to come back to `back` with a code and the same state. */
  entrance(way: { back: string; state: string }): string;
  /** Who a code stands for; undefined for somebody from outside. @throws Unavailable when WeCom does not take it or does not answer */
  visitor(code: string): Promise<string | undefined>;
  db: Db;
  state: State;
  people: People;
  vault: Vault;
  log: Log;
  clock: () => Date;
  id: () => string;
};

export function pageRoutes(options: PageOptions): Router {
  const { corp, url, db, state, people, vault, log, clock, id } = options;
  const router = new Router({ prefix: PATH });

  router.get(`/${ENTER}`, (ctx) => guarded(ctx, () => enter(ctx)));
  for (const [name, render] of Object.entries(PAGES)) {
    router.get(`/${name}`, (ctx) =>
      guarded(ctx, async () => {
        const visit = held(ctx, 'visit');
        if (!visit) return recognise(ctx, name);
        const now = clock();
        const person = await people.find(visit.userId, now);
        if (!person) return refused(ctx, 403, 'people.unknown', UNKNOWN);
        const [standing] = anybody.standings(person);
        if (!standing) return refused(ctx, 403, 'who.forbidden', anybody.otherwise);
        ctx.body = await render(reading({ ...person, standing }, now));
        log.info({ page: name, who: person.id, ms: clock().getTime() - now.getTime() }, 'page');
      }),
    );
  }
  return router;

  function reading(actor: Person & { standing: Ctx['actor']['standing'] }, now: Date): Ctx {
    return openWork({ corp, tx: db.client, now, place: 'single', id, vault, actor }).ctx;
  }

  /** Off to WeCom, which knows whose phone it is. */
  function recognise(ctx: Context, page: string): void {
    const ticket: Ticket = { kind: 'enter', state: randomBytes(24).toString('hex'), page };
    give(ctx, ticket);
    ctx.redirect(options.entrance({ back: `${url()}${PATH}/${ENTER}`, state: ticket.state }));
  }

  /** Back from WeCom with a code that is good once: what remains is a visit, at an address without it (protocol G.5 #39). */
  async function enter(ctx: Context): Promise<void> {
    const ticket = held(ctx, 'enter');
    take(ctx, 'enter');
    const [code, given] = [String(ctx.query['code'] ?? ''), String(ctx.query['state'] ?? '')];
    if (!ticket || !isSame(given, ticket.state))
      return refused(ctx, 403, 'page.state', `这次打开已经过了时间，或者不是从这里开始的。${AGAIN}`);
    if (!CODE.test(code) || !(await isFirst(code))) return refused(ctx, 403, 'page.code', `这个链接只能用一次。${AGAIN}`);
    const userId = await options.visitor(code);
    if (userId === undefined) return refused(ctx, 403, 'page.outsider', '这个页面只给本企业微信里的同志看。');
    give(ctx, { kind: 'visit', userId });
    ctx.redirect(`${url()}${PATH}/${ticket.page}`);
  }

  /** Without memory there is still WeCom, which takes a code once. */
  async function isFirst(code: string): Promise<boolean> {
    const key = `page-code:${corp}:${hash('sha256', code)}`;
    const before = await state.add(key, 'used', TICKET_MS.enter).catch((error: unknown) => {
      if (!(error instanceof Unavailable)) throw error;
      return undefined;
    });
    return before === undefined;
  }

  function held<K extends Ticket['kind']>(ctx: Context, kind: K): Extract<Ticket, { kind: K }> | undefined {
    const sealed = ctx.cookies.get(COOKIE[kind]);
    return sealed === undefined ? undefined : openTicket(vault, corp, kind, sealed, clock());
  }

  function give(ctx: Context, ticket: Ticket): void {
    setCookie(ctx, ticket.kind, sealTicket(vault, corp, ticket, clock()), TICKET_MS[ticket.kind] / 1000);
  }

  function take(ctx: Context, kind: Ticket['kind']): void {
    setCookie(ctx, kind, '', 0);
  }

  /** By hand: behind a proxy Koa takes the connection for an open one. Lax, for the way back from WeCom is a link from elsewhere. */
  function setCookie(ctx: Context, kind: Ticket['kind'], value: string, seconds: number): void {
    const secure = url().startsWith('https:') ? '; Secure' : '';
    ctx.append('Set-Cookie', `${COOKIE[kind]}=${value}; Path=${PATH}; Max-Age=${seconds}; HttpOnly; SameSite=Lax${secure}`);
  }

  function refused(ctx: Context, status: number, code: string, words: string): void {
    log.info({ refused: code }, 'page');
    ctx.status = status;
    ctx.body = notShown(words);
  }

  async function guarded(ctx: Context, work: () => Promise<void> | void): Promise<void> {
    ctx.set(HEADERS);
    try {
      await work();
    } catch (error) {
      if (error instanceof Refusal) return refused(ctx, 403, error.code, error.message);
      const incident = incidentNumber(id());
      if (error instanceof Unavailable) log.warn({ incident, err: error }, 'page unavailable');
      else log.error({ incident, err: error }, 'page failed');
      ctx.status = error instanceof Unavailable ? 503 : 500;
      ctx.body = notShown(`系统开小差了（编号 ${incident}）。过几分钟再试：${AGAIN}一直不行就把编号告诉管理员。`);
    } finally {
      if (typeof ctx.body === 'string') ctx.type = 'text/html; charset=utf-8';
    }
  }
}

function isSame(one: string, other: string): boolean {
  const [a, b] = [Buffer.from(one), Buffer.from(other)];
  return a.length === b.length && timingSafeEqual(a, b);
}
