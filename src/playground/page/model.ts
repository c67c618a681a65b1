/** What the page knows: everything comes from the server again at every change, so nothing is lost by a reload or a second tab. */
import { batch, signal } from '@preact/signals';
import type { Menu } from '../api.ts';
import type { WireRecord } from '../callbacks.ts';
import type { Listed, Playing } from '../player.ts';
import type { Example } from '../server.ts';
import type { LogLine, Tally, Turn, Unit, WaitingJob } from '../stage.ts';
import type { Bubble, Chat, ChatSummary, Directory, Violation } from '../wecom.ts';

/** As it comes over HTTP: times are words. */
export type Sent<T> = T extends Date ? string : T extends object ? { [K in keyof T]: Sent<T[K]> } : T;

export type World = Sent<{
  botName: string;
  users: (Directory['users'][number] & { unread: number })[];
  groups: Directory['groups'];
  examples: Example[];
  violations: Violation[];
  menu: Menu['button'];
  recorded: number;
  now?: Date;
  isUp?: boolean;
  moments?: string[];
  faults?: string[];
  troubles?: { what: string; words: string; is: boolean }[];
  playing?: Playing;
}>;
export type Behind = Sent<{ turns: Turn[]; units: Unit[]; waiting: WaitingJob[]; tally: Tally; log: LogLine[] }>;
export type Shown = Sent<Bubble>;
export type OpenPhone = { userId: string; chat: Chat };
export type Screen = { chats: Sent<ChatSummary>[]; bubbles: Shown[] };

export const world = signal<World>({ botName: '', users: [], groups: [], examples: [], violations: [], menu: [], recorded: 0 });
export const phones = signal<readonly OpenPhone[]>([]);
export const screens = signal<Readonly<Record<string, Screen>>>({});
export const wire = signal<readonly Sent<WireRecord>[]>([]);
export const behind = signal<Behind>({ turns: [], units: [], waiting: [], tally: { books: [], figures: [] }, log: [] });
export const scenes = signal<readonly (Listed & { steps: number })[]>([]);
export const lost = signal(false);
export const view = signal<'people' | 'phones' | 'behind'>('phones');
/** Words an example or a card's question has put into somebody's input. */
export const prefilled = signal<Readonly<Record<string, string>>>({});

const OPEN_KEY = 'phones';

export const keyOf = (chat: Sent<Chat>): string => (typeof chat === 'object' ? `group ${chat.group}` : chat);
/** A link as it opens on that person's phone. */
export const opened = (userId: string, url = ''): string => `/window?${new URLSearchParams({ user: userId, url }).toString()}`;
export const phoneKey = ({ userId, chat }: OpenPhone): string => `${userId} ${keyOf(chat)}`;
export const userOf = (id: string) => world.value.users.find((user) => user.id === id);
export const nameOf = (id: string): string =>
  userOf(id)?.name ?? (id === 'app' ? '应用消息' : id === 'robot' ? '群机器人' : world.value.botName);
export const time = (at: string): string =>
  new Date(at).toLocaleTimeString('zh-CN', { hour: '2-digit', minute: '2-digit', timeZone: 'Asia/Shanghai' });
export const dateTime = (at: string): string =>
  new Date(at).toLocaleString('zh-CN', {
    month: 'numeric',
    day: 'numeric',
    hour: '2-digit',
    minute: '2-digit',
    timeZone: 'Asia/Shanghai',
  });

async function get<T>(path: string): Promise<T> {
  const response = await fetch(path);
  if (!response.ok) throw new Error(await response.text());
  return (await response.json()) as T;
}

export type Outcome = { refused?: string; error?: string; user?: string };

/** What came of it; `error` when this page's own server could not be reached. */
export async function post(path: string, body: object): Promise<Outcome> {
  try {
    const response = await fetch(path, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(body),
    });
    return response.status === 204 ? {} : ((await response.json()) as Outcome);
  } catch {
    return { error: '连不上模拟环境' };
  }
}

export const recordedScene = (): Promise<{ scene: string }> => get('/api/recorded');

async function refresh(): Promise<void> {
  const open = phones.value;
  const after = wire.value.at(-1)?.id ?? '';
  const hasStage = world.value.now !== undefined;
  const [nextWorld, more, nextBehind, ...nextScreens] = await Promise.all([
    get<World>('/api/world'),
    get<Sent<WireRecord>[]>(`/api/wire?${new URLSearchParams({ after }).toString()}`),
    hasStage ? get<Behind>('/api/behind') : behind.value,
    ...open.map(({ userId, chat }) =>
      get<Screen>(`/api/phone?${new URLSearchParams({ user: userId, chat: JSON.stringify(chat) }).toString()}`),
    ),
  ]);
  batch(() => {
    world.value = nextWorld;
    // A new world begins with a wire of its own: then nothing of what was known is in it.
    const isNew = after !== '' && more.length > 0 && !wire.value.some(({ id }) => id === after);
    wire.value = isNew
      ? more
      : [...wire.value, ...more.filter(({ id }) => !wire.value.some((each) => each.id === id))].slice(-400);
    behind.value = nextBehind;
    // Who came in as somebody new is gone after a new start.
    if (open.some(({ userId }) => !userOf(userId))) phones.value = phones.value.filter(({ userId }) => userOf(userId));
    screens.value = Object.fromEntries(open.map((phone, at) => [phoneKey(phone), nextScreens[at] as Screen]));
  });
  if (document.visibilityState !== 'visible') return;
  for (const phone of open) {
    const summary = screens.value[phoneKey(phone)]?.chats.find(({ chat }) => keyOf(chat) === keyOf(phone.chat));
    if (summary && summary.unread > 0) await post('/api/read', { user: phone.userId, chat: phone.chat });
  }
}

/** One refresh at a time; what changes meanwhile is fetched by one more. */
let running: Promise<void> | undefined;
let isStale = false;
export function changed(): Promise<void> {
  isStale = true;
  running ??= (async () => {
    while (isStale) {
      isStale = false;
      await refresh().catch(() => undefined);
    }
    running = undefined;
  })();
  return running;
}

export function openPhone(userId: string, chat?: Chat): void {
  const known = phones.value.find((phone) => phone.userId === userId);
  const first = world.value.groups.find((group) => group.members.includes(userId));
  const next: OpenPhone = { userId, chat: chat ?? known?.chat ?? (first ? { group: first.id } : 'bot') };
  phones.value = known ? phones.value.map((phone) => (phone === known ? next : phone)) : [...phones.value, next];
  view.value = 'phones';
  remember();
  // In a scene people do what is written, and open nothing besides.
  const { playing } = world.value;
  const isPlaying = playing !== undefined && playing.ends === undefined;
  if (next.chat === 'bot' && !isPlaying) void post('/api/enter', { user: userId });
  void changed();
  requestAnimationFrame(() => document.getElementById(`phone-${userId}`)?.scrollIntoView({ block: 'nearest', inline: 'center' }));
}

export function closePhone(userId: string): void {
  phones.value = phones.value.filter((phone) => phone.userId !== userId);
  remember();
}

export function prefill(userId: string, text: string): void {
  prefilled.value = { ...prefilled.value, [userId]: text };
}

function remember(): void {
  localStorage.setItem(OPEN_KEY, JSON.stringify(phones.value));
}

/** Those left open last time, else the first two people of the examples (one on a narrow screen). */
function phonesToOpen(): OpenPhone[] {
  const open = (JSON.parse(localStorage.getItem(OPEN_KEY) ?? '[]') as OpenPhone[]).filter(({ userId }) => userOf(userId));
  if (open.length > 0) return open;
  const { examples } = world.value;
  const people = examples.filter((each, at) => examples.findIndex(({ userId }) => userId === each.userId) === at);
  return people.slice(0, window.innerWidth > 960 ? 2 : 1).map(({ userId, chat }) => ({ userId, chat: chat }));
}

export async function begin(): Promise<void> {
  await changed();
  document.title = `${world.value.botName} · 模拟企业微信`;
  phones.value = phonesToOpen();
  if (world.value.now !== undefined) scenes.value = await get('/api/scenes');
  await changed();
  document.addEventListener('visibilitychange', () => void changed());
  const changes = new EventSource('/api/changes');
  changes.addEventListener('message', () => void changed());
  changes.addEventListener('open', () => {
    lost.value = false;
    void changed();
  });
  changes.addEventListener('error', () => (lost.value = true));
}

/** A start from nothing: what the phones showed is gone. */
export async function startOver(): Promise<Outcome> {
  const outcome = await post('/api/over', {});
  wire.value = [];
  await changed();
  return outcome;
}
