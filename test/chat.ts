/** The simulated WeCom as a test tool: the real service behind its encrypted doors, people who type and press, a clock to move. */
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { createServer, type RequestListener, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { Writable } from 'node:stream';
import readExcel from 'read-excel-file/node';
import { expect, test } from 'vitest';
import type { Db } from '../src/db/db.ts';
import { passTo } from '../src/jobs/passage.ts';
import { createIds } from '../src/kernel/ids.ts';
import { createLog } from '../src/kernel/log.ts';
import { MODULES } from '../src/modules.ts';
import { DEMO_GROUPS, demoDirectory, seedDemo } from '../src/people/index.ts';
import {
  createWecom,
  type Bubble,
  type Chat as Where,
  type Credentials,
  type Envelope,
  type PressOptions,
  type Said,
  type Utterance,
  type Wecom,
} from '../src/playground/wecom.ts';
import { AUTHORIZE } from '../src/playground/browser.ts';
import { EXAMPLES } from '../src/playground/examples.ts';
import { createPlayground } from '../src/playground/server.ts';
import { createService, type Service, type ServiceOptions } from '../src/service.ts';
import { createMemoryState } from '../src/state/memory.ts';
import { createRedisState } from '../src/state/redis.ts';
import type { State } from '../src/state/state.ts';
import { redisUrl, testDb } from './database.ts';

export const ALLIANCE = { group: 'wrDemoAlliance' } satisfies Where;
export const TOWN: Where = { group: 'wrDemoTown' };

/** Tuesday, 24 November 2026, 10:00 in Wenzhou. */
export const START = new Date('2026-11-24T10:00:00+08:00');

export type Chat = {
  readonly corp: string;
  readonly db: Db;
  readonly state: State;
  readonly wecom: Wecom;
  readonly secrets: Credentials;
  /** The page people try the bot on. */
  readonly page: string;
  readonly service: Service;
  readonly logged: readonly string[];
  now(): Date;
  /** Says something and lets everything due happen; the last bubble that appeared because of it. */
  say(userId: string, said: string | Utterance, where?: Where, options?: Envelope): Promise<Bubble>;
  press(userId: string, card: Bubble, button: string, options?: PressOptions): Promise<Bubble>;
  /** The newest bubble in the app's chat on that person's phone. */
  newest(userId: string, where?: Where): Bubble;
  inbox(userId: string): Bubble[];
  /** Moves the clock and carries out what falls due. */
  at(moment: Date): Promise<void>;
  /** Lets time pass: what falls due on the way is carried out at its own moment. */
  moveTo(moment: Date): Promise<void>;
  settle(): Promise<void>;
};

/** One story: a corp of its own with the demo world in it. Afterwards every invariant holds and no log line tells a secret. */
export function story(name: string, tell: (chat: Chat) => Promise<void>, modules = MODULES, setup: Setup = {}): void {
  test(name, async () => {
    const { chat, close } = await openChat(modules, setup);
    try {
      await tell(chat);
      await chat.settle();
      expect(await breaches(chat)).toEqual([]);
      expect(chat.wecom.violations).toEqual([]);
      expect(leaks(chat)).toEqual([]);
    } finally {
      await close();
    }
  });
}

/** `replicas`: how many services take the callbacks in turn; each has its own link to the state they share. */
export type Setup = Partial<Pick<ServiceOptions, 'patienceMs' | 'router' | 'adviser'>> & {
  webhooks?: Record<string, string>;
  replicas?: number;
  /** More people in the address book and in the alliance's group. */
  newcomers?: readonly { id: string; name: string; title: string }[];
  /** How long WeCom waits for an answer, ms; 5 s unless said. */
  answerMs?: number;
  /** Secrets before a change in the console, of both doors. */
  before?: { token: string; aesKey: string };
  /** With a public address, so that pages are offered. */
  pages?: boolean;
};

export async function openChat(
  modules = MODULES,
  { webhooks = {}, replicas = 1, before, newcomers = [], answerMs = 30_000, pages = false, ...more }: Setup = {},
): Promise<{ chat: Chat; close: () => Promise<void> }> {
  const db = await testDb();
  const corp = `ww${randomBytes(8).toString('hex')}`;
  let now = START;
  const clock = () => now;
  const id = createIds(clock);
  await seedDemo(db, corp, now);

  const secret = () =>
    randomBytes(32)
      .toString('base64')
      .replace(/[^A-Za-z0-9]/g, 'x')
      .slice(0, 43);
  const credentials = {
    corpId: corp,
    bot: { id: 'aibTEST', name: '党建助手', token: secret(), aesKey: secret() },
    app: { agentId: 1000002, name: '党建助手', secret: secret(), token: secret(), aesKey: secret() },
    webhooks: Object.fromEntries(Object.entries(webhooks).map(([group, key]) => [key, group])),
  };
  let apiBase = '';
  const bases: string[] = [];
  let turn = 0;
  const directory = {
    users: [...demoDirectory(), ...newcomers],
    groups: DEMO_GROUPS.map((group) => ({
      ...group,
      members: [...group.members, ...(group.id === ALLIANCE.group ? newcomers.map((each) => each.id) : [])],
    })),
  };
  const wecom = createWecom({
    directory,
    credentials,
    bot: () => bases[turn++ % bases.length] ?? '',
    base: () => apiBase,
    clock,
    id,
    // A busy machine is no reason for a stream, nor for no answer.
    timing: { answer: answerMs, refresh: 20, retry: 20 },
  });
  const api = await listen(createPlayground({ wecom, examples: EXAMPLES }).callback());
  apiBase = api.url;

  const logged: string[] = [];
  const log = createLog('debug', new Writable({ write: (line: Buffer, _, done) => (logged.push(line.toString()), done()) }));
  const redis = redisUrl();
  const shared = redis === undefined ? createMemoryState({ clock }) : undefined;
  const states: State[] = [];
  const services: { service: Service; close(): Promise<void> }[] = [];
  for (let n = 0; n < replicas; n++) {
    const state = shared ?? (await createRedisState({ url: redis ?? '', prefix: `${corp}:`, id, log }));
    states.push(state);
    const service = createService({
      modules,
      wecom: {
        corpId: corp,
        botName: credentials.bot.name,
        botId: credentials.bot.id,
        apiBase: `${api.url}/cgi-bin`,
        bot: credentials.bot,
        app: credentials.app,
        sender: credentials.app,
        webhooks,
        botOld: before,
        appOld: before,
        pages: pages
          ? {
              get url() {
                return bases[0] ?? '';
              },
              authorizeUrl: `${api.url}${AUTHORIZE}`,
            }
          : undefined,
      },
      db,
      state,
      log,
      clock,
      id,
      patienceMs: 25_000,
      ...more,
    });
    const doors = await listen(service.app.callback());
    bases.push(doors.url);
    services.push({ service, close: () => doors.close() });
  }
  const [state] = states as [State];
  const service = services[0]!.service;

  const settle = () => service.runner.drain();
  const shown = async (userId: string, where: Where, saying: () => Promise<Said>): Promise<Bubble> => {
    const before = wecom.bubbles(userId, where).length;
    const { bubbles, refused, status } = await saying();
    await settle();
    // The app answers a sentence with a card by sending it.
    const last =
      bubbles.at(-1) ??
      wecom
        .bubbles(userId, where)
        .slice(before)
        .findLast(({ from }) => from !== userId);
    if (!last) throw new Error(`nothing appeared (${refused ?? status})`);
    return last;
  };
  const chat: Chat = {
    corp,
    db,
    state,
    wecom,
    secrets: credentials,
    page: api.url,
    service,
    logged,
    now: clock,
    settle,
    say: (userId, said, where = 'bot', options) => shown(userId, where, () => wecom.say(userId, said, where, options)),
    press: (userId, card, button, options) => shown(userId, 'app', () => wecom.press(userId, card.id, button, options)),
    inbox: (userId) => wecom.bubbles(userId, 'app'),
    newest(userId, where = 'app') {
      const newest = wecom.bubbles(userId, where).at(-1);
      if (!newest) throw new Error(`${userId} has nothing there`);
      return newest;
    },
    async at(moment) {
      now = moment;
      await settle();
    },
    moveTo: (moment) => passTo(moment, { runner: service.runner, set: (at) => (now = at) }),
  };
  const close = async () => {
    await Promise.all([...services.map((each) => each.close()), api.close()]);
    await Promise.all(states.map((each) => each.close()));
  };
  return { chat, close };
}

/** What a person reads of a bubble: a card as its lines and [buttons]. */
export function read(bubble: Bubble): string {
  const { card, text, file } = bubble;
  if (!card) return text ?? (file ? `📄 ${file.name}` : '');
  const rows = (card.horizontal_content_list ?? []).map((row) => `${row.keyname}：${row.value ?? ''}`);
  const buttons =
    card.replace_text === undefined ? (card.button_list ?? []).map((b) => `[${b.text}]`) : [`(${card.replace_text})`];
  return [card.main_title?.title, card.main_title?.desc, ...rows, card.quote_area?.quote_text, buttons.join(' ')]
    .filter(Boolean)
    .join('\n');
}

/** What stands in the Excel file of a bubble: sheet by sheet, row by row. */
export async function sheetsOf({ wecom }: Chat, { file }: Bubble): Promise<Record<string, (string | number | null)[][]>> {
  const sent = file && wecom.file(file.id);
  if (!sent) throw new Error('no file');
  const sheets = await readExcel(Buffer.from(sent.bytes));
  return Object.fromEntries(sheets.map(({ sheet, data }) => [sheet, data as (string | number | null)[][]]));
}

async function breaches({ db, corp }: Chat): Promise<string[]> {
  const found: string[] = [];
  for (const check of MODULES.flatMap((module) => module.checks ?? [])) {
    for (const breach of await check.find(db.client, corp)) found.push(`${check.name}: ${breach}`);
  }
  return found;
}

/** No name, WeCom id or message text in any log line (decision 26). */
function leaks({ logged, wecom }: Chat): string[] {
  const secrets = wecom.directory.users.flatMap(({ id, name }) => [id, name]);
  return logged.filter((line) => [...secrets, '急救', '培训'].some((secret) => line.includes(secret)));
}

async function listen(handler: RequestListener): Promise<{ url: string; close(): Promise<void> }> {
  const server: Server = createServer(handler);
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  const close = async () => {
    server.close();
    server.closeAllConnections();
    await once(server, 'close');
  };
  return { url: `http://127.0.0.1:${port}`, close };
}
