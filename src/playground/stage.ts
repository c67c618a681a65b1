/** What the page asks for behind the doors. Whoever puts the house together answers; the playground itself knows no module. */
import type { Wecom } from './wecom.ts';

/** What the bot made of one message: by its own log, its memory, and its rows. */
export type Turn = {
  /** The message's id, as in the callback. */
  readonly message: string;
  /** The callback that brought it. */
  readonly wire?: string;
  readonly at: Date;
  readonly channel: string;
  /** How it was understood: a press, sure words, the router's guess, a model's advice. */
  readonly by?: string;
  readonly command?: string;
  readonly intent?: string;
  readonly title?: string;
  readonly refused?: string;
  readonly kind?: string;
  readonly ms?: number;
  /** What the router makes of the words, surest first. */
  readonly guesses: readonly { readonly intent: string; readonly title: string; readonly confidence: number }[];
  /** The conversation's memory before and after. */
  readonly before?: unknown;
  readonly after?: unknown;
  readonly log: readonly LogLine[];
};
export type LogLine = { readonly at: string; readonly level: string; readonly words: string; readonly fields: object };
/** One transaction: what it is called in the audit, and every row it wrote. */
export type Unit = {
  readonly id: string;
  readonly message?: string;
  readonly rows: readonly {
    readonly table: string;
    readonly row: Record<string, unknown>;
    readonly before?: Record<string, unknown>;
  }[];
};
/** A message or timer that waits. */
export type WaitingJob = {
  readonly id: string;
  readonly name: string;
  readonly dueAt: Date;
  readonly attempts: number;
  readonly lastError?: string;
  readonly isDead: boolean;
};
/** A moment that is waited for, by the name people know it by: 公示期满. */
export type WaitedFor = { readonly words: string; readonly at: Date };
/** What there is now, in lines that anybody can read: balances of money, and how many of what. */
export type Tally = { readonly books: readonly string[]; readonly figures: readonly string[] };
/** What may go wrong on the bot's own side. */
export const TROUBLES = {
  slowDatabase: '数据库很慢（每句 1.5 秒）',
  noDatabase: '数据库连不上',
  noMemory: 'Redis 没了',
  noModel: '大模型没有应答',
  lyingModel: '大模型胡说',
} as const;
export type Trouble = keyof typeof TROUBLES;

export type Stage = {
  /** Replaced when it all starts over. */
  readonly wecom: () => Wecom;
  readonly now: () => Date;
  readonly moveTo: (moment: Date) => Promise<void>;
  readonly settle: () => Promise<void>;
  /** A new world with nothing said in it; the clock stands at `start`, or at the real time, at night at the next morning. */
  readonly startOver: (start?: Date) => Promise<void>;
  /** Somebody new in the address book, holding what `like` holds; without `like` not on the roster. */
  readonly enrol: (name: string, like?: string) => Promise<string>;
  readonly troubles: ReadonlySet<Trouble>;
  readonly trouble: (what: Trouble, is: boolean) => void;
  readonly isUp: () => boolean;
  /** The process gone: what is in hand is lost, the doors are closed. */
  readonly kill: () => Promise<void>;
  readonly revive: () => Promise<void>;
  readonly turns: () => readonly Turn[];
  /** What was written lately, oldest first. */
  readonly units: () => Promise<readonly Unit[]>;
  readonly waiting: () => Promise<readonly WaitingJob[]>;
  /** The next of each name, soonest first. */
  readonly waitedFor: () => Promise<readonly WaitedFor[]>;
  readonly tally: () => Promise<Tally>;
  readonly log: () => readonly LogLine[];
  /** Called when something above may have changed. */
  subscribe(listener: () => void): () => void;
};
