/** The demo world on one machine: the real service, a simulated WeCom around it, a clock that moves, and everything open to see. */
import { createHash, randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { createServer, type IncomingMessage, type RequestListener, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { Writable } from 'node:stream';
import type { Hearer } from './bot/bot.ts';
import type { Adviser } from './bot/hearing.ts';
import { createCatalogue } from './bot/catalogue.ts';
import { tallyOf } from './bot/tally.ts';
import type { Config, WecomConfig } from './config.ts';
import { troubled, type Db } from './db/db.ts';
import { horizon, lastActed, writtenSince } from './db/journal.ts';
import { passTo, waitedFor } from './jobs/passage.ts';
import { openJobs } from './jobs/store.ts';
import { Unavailable } from './kernel/refusal.ts';
import { createLog, type Log } from './kernel/log.ts';
import { MODULES } from './modules.ts';
import { CORE } from './nlu/core.ts';
import { byDay } from './notices/index.ts';
import { DEMO_GROUPS, demoDirectory, enrolDemo, seedDemo } from './people/index.ts';
import { AUTHORIZE } from './playground/browser.ts';
import { EXAMPLES } from './playground/examples.ts';
import { startPlayground } from './playground/server.ts';
import { readCallback } from './playground/callbacks.ts';
import type { LogLine, Stage, Trouble, Turn, Unit } from './playground/stage.ts';
import { createWecom, type Credentials, type Timing, type Wecom } from './playground/wecom.ts';
import { createService, type Service } from './service.ts';
import type { State } from './state/state.ts';
import { createApi } from './wecom/api.ts';
import { menuOf } from './wecom/menu.ts';

const KEPT = 1_000;
const TURNS = 100;
const UNITS = 200;
const GUESSES = 3;
const SLOW_MS = 1_500;
const LEVELS: Readonly<Record<number, string>> = { 20: 'debug', 30: 'info', 40: 'warn', 50: 'error', 60: 'fatal' };

export type StageOptions = {
  db: Db;
  /** The memory of a process that starts. */
  memory: (clock: () => Date, id: () => string) => Promise<State>;
  /** The corp of the world that is open at first, and of the one after a world is over. */
  corps: { first: string; next: () => string };
  /** Where the bot and the playground are reached. */
  bot: () => string;
  page: () => string;
  router: () => Hearer;
  adviser?: Adviser | undefined;
  dataKey?: Config['dataKey'];
  /** Hears of what the bot warns of. */
  log: Log;
  real: () => Date;
  createIds: (clock: () => Date) => () => string;
  timing?: Partial<Timing>;
};

/** `doors`: where the bot listens, whatever world is open. */
export type { Stage } from './playground/stage.ts';

/** Where the bot and the page are reached. */
export type Served = { readonly url: string; readonly page: string; readonly stage: Stage; readonly close: () => Promise<void> };

type OpenStage = Stage & {
  readonly doors: RequestListener;
  /** Once both addresses are known: the clockwork runs, the menu is laid. */
  readonly ready: () => Promise<void>;
  readonly close: () => Promise<void>;
};

type World = {
  readonly corp: string;
  readonly wecom: Wecom;
  readonly config: WecomConfig;
  /** From which transaction on rows are of this world's telling. */
  since: string;
};
/** The bot's process: what dies when it is killed. */
type Process = { readonly service: Service; readonly state: State; readonly handle: RequestListener };
type Remembered = { readonly before?: unknown; readonly after?: unknown };

/** The bot on the loopback address at `port`, the page at the next one; 0 takes free ones. */
export async function serveStage({
  port,
  pace,
  ...options
}: Omit<StageOptions, 'bot' | 'page'> & {
  port: number;
  /** Between two steps of a scene on the page, ms. */
  pace?: number;
}): Promise<Served> {
  let url = '';
  let page = '';
  const stage = await openStage({ ...options, bot: () => url, page: () => page });
  const playground = await startPlayground({
    stage,
    examples: EXAMPLES,
    port: port === 0 ? 0 : port + 1,
    ...(pace === undefined ? {} : { pace }),
  });
  page = playground.url;
  const doors = createServer((request, response) => {
    if (request.url === '/') response.writeHead(302, { location: page }).end();
    else stage.doors(request, response);
  });
  const close = async () => {
    doors.close();
    doors.closeIdleConnections();
    if (doors.listening) await once(doors, 'close');
    await stage.close();
    await playground.close();
  };
  try {
    doors.listen(port, '127.0.0.1');
    await once(doors, 'listening');
    url = `http://127.0.0.1:${(doors.address() as AddressInfo).port}`;
    await stage.ready();
  } catch (error) {
    await close();
    throw error;
  }
  return { url, page, stage, close };
}

async function openStage(options: StageOptions): Promise<OpenStage> {
  const { db: wholeDb, real, router } = options;
  let offset = 0;
  const now = () => new Date(real().getTime() + offset);
  const set = (at: Date) => void (offset = at.getTime() - real().getTime());
  const id = options.createIds(now);
  const troubles = new Set<Trouble>();
  const listeners = new Set<() => void>();
  const changed = () => listeners.forEach((listener) => listener());

  const lines: LogLine[] = [];
  const log = createLog(
    'info',
    new Writable({
      write(chunk: Buffer, _, done) {
        const {
          level,
          time: _real,
          msg,
          ...fields
        } = JSON.parse(chunk.toString()) as { level: number; time: string; msg: string };
        lines.push({ at: now().toISOString(), level: LEVELS[level] ?? String(level), words: msg, fields });
        if (lines.length > KEPT) lines.shift();
        if (level >= 50) options.log.error(fields, msg);
        else if (level >= 40) options.log.warn(fields, msg);
        changed();
        done();
      },
    }),
  );

  const db = troubled(wholeDb, async () => {
    if (troubles.has('noDatabase')) throw new Unavailable('database');
    if (troubles.has('slowDatabase')) await new Promise((resolve) => setTimeout(resolve, SLOW_MS));
  });
  const adviser: Adviser = {
    async advise(asked) {
      if (troubles.has('noModel')) return undefined;
      // It proposes what nobody asked for, with values nobody said.
      const [wrong] = asked.offered.slice(-1);
      if (troubles.has('lyingModel') && wrong)
        return {
          do: 'start',
          intent: wrong.name,
          said: Object.fromEntries(Object.keys(wrong.slots).map((slot) => [slot, 'Z-1999-0000'])),
        };
      return options.adviser?.advise(asked);
    },
    // What is not quoted from the words is thrown away before it comes here: to lie is to say nothing.
    draft: async (asked) => (troubles.has('noModel') || troubles.has('lyingModel') ? undefined : options.adviser?.draft(asked)),
  };

  const remembered = new Map<string, Remembered>();
  /** The memory as the bot has it; what it keeps of a conversation is noted, and it may be gone. */
  function watched(state: State): State {
    const gone = () => {
      if (troubles.has('noMemory')) throw new Unavailable('redis');
    };
    return {
      get: async (key) => (gone(), state.get(key)),
      set: async (...given) => (gone(), state.set(...given)),
      add: async (...given) => (gone(), state.add(...given)),
      async setAll(entries) {
        gone();
        const session = entries.find(({ key }) => key.startsWith('session:'));
        const answer = session && entries.find(({ key }) => key.startsWith(`answer:${session.key}:`));
        if (session && answer) {
          const before = await state.get(session.key);
          remembered.set(answer.key.slice(`answer:${session.key}:`.length), {
            before: parsed(before),
            after: parsed(session.value),
          });
        }
        await state.setAll(entries);
      },
      deleteIf: async (...given) => (gone(), state.deleteIf(...given)),
      delete: async (key) => (gone(), state.delete(key)),
      lock: async (...given) => (gone(), state.lock(...given)),
      healthy: async () => !troubles.has('noMemory') && state.healthy(),
      close: () => state.close(),
    };
  }

  async function openWorld(corp: string): Promise<World> {
    const since = await horizon(wholeDb.client);
    await seedDemo(wholeDb, corp, now());
    const credentials: Credentials = {
      corpId: corp,
      bot: { id: 'aibDemo', name: '党建助手', token: secret(), aesKey: secret() },
      app: { agentId: 1000002, name: '党建助手', secret: secret(), token: secret(), aesKey: secret() },
    };
    const directory = { users: demoDirectory(), groups: DEMO_GROUPS.map((group) => ({ ...group, members: [...group.members] })) };
    const { bot, page: base, timing } = options;
    const wecom = createWecom({ directory, credentials, bot, base, clock: now, id, ...(timing ? { timing } : {}) });
    const config: WecomConfig = {
      corpId: corp,
      botName: credentials.bot.name,
      botId: credentials.bot.id,
      get apiBase() {
        return `${options.page()}/cgi-bin`;
      },
      bot: credentials.bot,
      app: credentials.app,
      sender: credentials.app,
      webhooks: {},
      get pages() {
        return { url: options.bot(), authorizeUrl: `${options.page()}${AUTHORIZE}` };
      },
    };
    wecom.subscribe(changed);
    return { corp, wecom, config, since };
  }

  async function startProcess(of: World): Promise<Process> {
    const state = watched(await options.memory(now, id));
    const service = createService({
      modules: MODULES,
      router,
      adviser,
      wecom: of.config,
      db,
      state,
      dataKey: options.dataKey,
      log,
      clock: now,
      id,
    });
    service.runner.start();
    const handle = service.app.callback();
    return { service, state, handle: (request, response) => void handle(request, response) };
  }

  async function endProcess({ service, state }: Process): Promise<void> {
    await service.runner.stop();
    await state.close();
  }

  // A clock that was moved on stays so: what was done must not lie in the future. And whoever tries the bot at night finds it by
  // day, or no card would ring before the morning.
  const acted = await lastActed(wholeDb.client, options.corps.first);
  set(byDay(acted && acted > now() ? acted : now()));
  let world = await openWorld(options.corps.first);
  let running: Process | undefined;
  const catalogue = createCatalogue(MODULES);
  const jobs = MODULES.flatMap((module) => module.jobs ?? []);
  const titleOf = (intent: string) => catalogue.find(intent)?.title ?? CORE[intent]?.title ?? intent;

  /** One thing at a time happens to the world as a whole. */
  let last: Promise<unknown> = Promise.resolve();
  function inTurn<T>(work: () => Promise<T>): Promise<T> {
    const mine = last.then(work);
    last = mine.catch(() => {});
    return mine.finally(changed);
  }

  /** With the clockwork standing still meanwhile, so that nothing is in hand when the clock jumps. */
  async function still(work: (service: Service) => Promise<void>): Promise<void> {
    if (!running) throw new Error('机器人停着，请先重新启动');
    const { service } = running;
    await service.runner.stop();
    try {
      await work(service);
    } finally {
      service.runner.start();
    }
  }

  /** The menu as an administrator puts it in place once. */
  async function layMenu(): Promise<void> {
    const { corpId, apiBase, sender } = world.config;
    if (!sender) return;
    const state = await options.memory(now, id);
    await createApi({ base: apiBase, corpId, ...sender, state, log, clock: now, meter: { called: () => {} } }).createMenu(
      menuOf(catalogue),
    );
    await state.close();
  }

  let journal: { since: string; known: Map<string, Record<string, unknown>>; seen: Set<string>; kept: Unit[] } = {
    since: world.since,
    known: new Map(),
    seen: new Set(),
    kept: [],
  };
  async function units(): Promise<Unit[]> {
    const { known, seen } = journal;
    const next = await horizon(wholeDb.client);
    const written = await writtenSince(wholeDb.client, journal.since);
    journal.since = next;
    const found = new Map<
      string,
      { id: string; message?: string; rows: { table: string; row: Record<string, unknown>; before?: Record<string, unknown> }[] }
    >();
    for (const { unit, table, row } of written) {
      const key = `${table} ${keyOf(row)}`;
      const look = `${unit} ${key}`;
      if (seen.has(look) || isOther(row, world.corp)) continue;
      seen.add(look);
      const before = known.get(key);
      known.set(key, row);
      const mine = found.get(unit) ?? { id: unit, rows: [] };
      found.set(unit, mine);
      mine.rows.push({ table, row, ...(before ? { before } : {}) });
      if (table === 'audit' && typeof row['message_id'] === 'string') mine.message = row['message_id'];
    }
    const news = [...found.values()].toSorted((a, b) => Number(a.id) - Number(b.id));
    journal.kept = [...journal.kept, ...news].slice(-UNITS);
    return journal.kept;
  }

  function turns(): Turn[] {
    const said = new Map(
      world.wecom.wire.flatMap((entry) => {
        const read = entry.direction === 'to-bot' ? readCallback(entry.door, entry.asked.clear) : undefined;
        return read
          ? [
              [
                read.id ?? createHash('sha256').update(entry.asked.clear).digest('hex'),
                { words: read.words, wire: entry.id },
              ] as const,
            ]
          : [];
      }),
    );
    const learnt = router();
    const known = learnt instanceof Promise ? undefined : learnt;
    return lines
      .filter(({ words }) => words === 'message')
      .slice(-TURNS)
      .map(({ at, fields }) => {
        const trail = fields as Record<string, string | number | undefined> & { message: string; channel: string };
        const { words = '', wire } = said.get(trail.message) ?? {};
        const ranked = words === '' || trail['by'] === 'press' ? [] : (known?.rank(words) ?? []);
        // What is only asked about so far stands in the memory alone.
        const after = remembered.get(trail.message)?.after as { talk?: { intent?: string } } | undefined;
        const intent = typeof trail['intent'] === 'string' ? trail['intent'] : after?.talk?.intent;
        const text = (name: string) => (trail[name] === undefined ? {} : { [name]: trail[name] });
        return {
          message: trail.message,
          ...(wire === undefined ? {} : { wire }),
          at: new Date(at),
          channel: trail.channel,
          ...text('by'),
          ...text('command'),
          ...(intent === undefined ? {} : { intent, title: titleOf(intent) }),
          ...text('refused'),
          ...text('kind'),
          ...text('ms'),
          guesses: ranked.slice(0, GUESSES).map((each) => ({ ...each, title: titleOf(each.intent) })),
          ...remembered.get(trail.message),
          log: lines.filter((line) => (line.fields as { message?: string }).message === trail.message),
        };
      });
  }

  async function begin(): Promise<void> {
    running = await startProcess(world);
    await layMenu();
  }

  return {
    ready: () => inTurn(begin),
    wecom: () => world.wecom,
    now,
    moveTo: (moment) => inTurn(() => still(({ runner }) => passTo(moment, { runner, set }))),
    settle: () => inTurn(() => still(({ runner }) => runner.drain())),
    startOver: (start) =>
      inTurn(async () => {
        if (running) await endProcess(running);
        running = undefined;
        troubles.clear();
        remembered.clear();
        lines.length = 0;
        set(start ?? byDay(real()));
        world = await openWorld(options.corps.next());
        journal = { since: world.since, known: new Map(), seen: new Set(), kept: [] };
        await begin();
      }),
    async enrol(name, like) {
      const userId = `new.${world.wecom.directory.users.length}`;
      const model = world.wecom.directory.users.find((user) => user.id === like);
      if (like !== undefined && !model) throw new Error(`通讯录里没有 ${like}`);
      if (model) await enrolDemo(wholeDb, world.corp, { userId, name, like: model.id }, now(), id);
      const groups = world.wecom.directory.groups.filter(({ members }) => members.includes(like ?? 'outsider.a'));
      world.wecom.join(
        { id: userId, name, title: model ? model.title : '不在名册里' },
        groups.map((group) => group.id),
      );
      return userId;
    },
    troubles,
    trouble(what, is) {
      if (is) troubles.add(what);
      else troubles.delete(what);
      changed();
    },
    isUp: () => running !== undefined,
    kill: () =>
      inTurn(async () => {
        const dying = running;
        running = undefined;
        if (!dying) return;
        log.warn('机器人被停掉了');
        await endProcess(dying);
      }),
    revive: () =>
      inTurn(async () => {
        if (running) return;
        running = await startProcess(world);
        log.warn('机器人重新启动了');
      }),
    turns,
    units: () => inTurn(units),
    waiting: async () =>
      (await openJobs(wholeDb.client, world.corp, TURNS)).map(({ lastError, deadAt, ...job }) => ({
        ...job,
        isDead: deadAt !== null,
        ...(lastError === null ? {} : { lastError }),
      })),
    waitedFor: () => waitedFor(now(), { db: wholeDb, corp: world.corp, jobs }),
    tally: () => tallyOf(MODULES, wholeDb.client, world.corp),
    log: () => lines,
    subscribe(listener) {
      listeners.add(listener);
      return () => void listeners.delete(listener);
    },
    doors(request: IncomingMessage, response: ServerResponse) {
      // A process that is not there refuses the connection.
      if (running) running.handle(request, response);
      else request.socket.destroy();
    },
    close: () => inTurn(async () => running && (await endProcess(running))),
  };
}

const parsed = (text: string | undefined): unknown => (text === undefined ? undefined : (JSON.parse(text) as unknown));

/** By what a row is known again: its id, or whatever it has for one. */
const keyOf = (row: Record<string, unknown>): string => {
  const words = Object.values(row).filter((value) => typeof value === 'string');
  return typeof row['id'] === 'string' ? row['id'] : words.slice(0, 3).join(' ');
};

const isOther = (row: Record<string, unknown>, corp: string): boolean => typeof row['corp'] === 'string' && row['corp'] !== corp;

/** 43 letters and digits, as the console makes them. */
function secret(): string {
  const letters = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789';
  return Array.from(randomBytes(43), (byte) => letters.charAt(byte % letters.length)).join('');
}
