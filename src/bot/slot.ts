/** 槽位: one thing an intent needs to know, read from words and written as words. */
import { Refusal } from '../kernel/refusal.ts';
import type { Actor } from './actor.ts';

/** What reading words may depend on besides the words. */
export type Reading = {
  readonly now: Date;
  /** The number of what this person carried out last. */
  readonly recent?: string;
  /** Numbers of the list this person was shown last, so that 「认领2」 has a meaning. */
  readonly list?: readonly string[];
};

export type Choice = { readonly say: string; readonly show: string };

export type HeardValue = 'amount' | 'date' | 'deadline' | 'headcount' | 'phone' | 'rating';

export interface Slot<T> {
  readonly label: string;
  /** The question; it may name what was said already (退回 C-2026-0001 的理由是？). */
  readonly ask: string | ((said: Said) => string);
  /** Told to whoever asks 为什么 or 这是什么. */
  readonly why?: string;
  readonly choices?: readonly Choice[];
  /** Whether these are words of one of the choices, and not only its place among them. */
  owns?(words: string): boolean;
  /** Any words will do: then a sentence that says what to do is not taken for an answer. */
  readonly free?: boolean;
  /** Characters that free words may have. */
  readonly max?: number;
  /** Left out unless somebody says it, or unless what was said before calls for it. */
  readonly optional?: boolean | ((said: Said) => boolean);
  /** When nobody says one it is the number of what was carried out last. */
  readonly recent?: boolean;
  /** The values of free words that answer it, as docs/understand.md names them, the nearest first. */
  readonly heard?: readonly HeardValue[];
  /** The words it starts with when nobody said any. */
  readonly preset?: (actor: Actor) => string;
  /** @throws Refusal with the reason and the way out. Law: parse(say(x)) = x. */
  parse(said: string, reading: Reading): T;
  /** Canonical words: absolute, unmasked; what sessions and buttons carry (decision 24). */
  say(value: T): string;
  /** What people read. */
  show(value: T): string;
}

export type Slots = Readonly<Record<string, Slot<unknown>>>;
export type Said = Readonly<Record<string, string>>;
export type Values<S extends Slots> = { readonly [K in keyof S]: S[K] extends Slot<infer T> ? T : never };

export function optional<T>(slot: Slot<T>): Slot<T | undefined> {
  return {
    ...slot,
    optional: true,
    say: (value) => (value === undefined ? '' : slot.say(value)),
    show: (value) => (value === undefined ? '' : slot.show(value)),
  };
}

/** Asked for only where what was said before needs it. */
export function neededWhere<T>(slot: Slot<T>, isNeeded: (said: Said) => boolean): Slot<T | undefined> {
  return { ...optional(slot), optional: (said) => !isNeeded(said) };
}

export function isOptional({ optional: is = false }: Pick<Slot<unknown>, 'optional'>, said: Said): boolean {
  return typeof is === 'function' ? is(said) : is;
}

/** What the words say in canonical words; undefined when the slot refuses them. */
export function canonical(slot: Slot<unknown>, words: string, reading: Reading): string | undefined {
  try {
    return slot.say(slot.parse(words, reading));
  } catch (error) {
    if (error instanceof Refusal) return undefined;
    throw error;
  }
}

/** A slot that is not asked for: it starts with these words and can be corrected. */
export function preset<T>(slot: Slot<T>, words: (actor: Actor) => string): Slot<T> {
  return { ...slot, preset: words };
}

/** What whoever asks 为什么 is told. */
export function because<T>(slot: Slot<T>, why: string): Slot<T> {
  return { ...slot, why };
}

/** A number that, left out, means what was just carried out: 撤回. */
export function recent(slot: Slot<string>): Slot<string> {
  return { ...slot, recent: true };
}
