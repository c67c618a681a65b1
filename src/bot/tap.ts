/**
 * What a button carries, as the platform's key (≤ 1024 bytes, protocol E.2): an intent with some slots said,
 * or a step in an open conversation. A conversation's buttons point at it and never repeat its words.
 */
import type { Said } from './slot.ts';

export type Tap =
  | { readonly intent: string; readonly said: Said }
  | { readonly talk: string; readonly press: 'confirm' | 'cancel' }
  | { readonly talk: string; readonly slot: string; readonly say?: string };

/** A button that starts an intent with some slots said. A module types it by the intents it may name. */
export type TapOf<I extends { readonly name: string; readonly slots: object }> = <N extends I['name']>(
  intent: N,
  said?: { readonly [K in keyof Extract<I, { name: N }>['slots']]?: string | undefined },
) => Tap;

export function tap(intent: string, said: Readonly<Record<string, string | undefined>> = {}): Tap {
  return {
    intent,
    said: Object.fromEntries(Object.entries(said).flatMap(([slot, words]) => (words === undefined ? [] : [[slot, words]]))),
  };
}

export function writeTap(button: Tap): string {
  if ('intent' in button) return `${button.intent}?${new URLSearchParams(button.said).toString()}`;
  const step =
    'press' in button ? { press: button.press } : { slot: button.slot, ...(button.say === undefined ? {} : { say: button.say }) };
  return `~${button.talk}?${new URLSearchParams(step).toString()}`;
}

/** undefined when it is no key of ours. */
export function readTap(key: string): Tap | undefined {
  const [, talkMark, name = '', query = ''] = /^(~?)([\w.-]+)\?(.*)$/su.exec(key) ?? [];
  if (!name) return undefined;
  const said = Object.fromEntries(new URLSearchParams(query));
  if (!talkMark) return { intent: name, said };
  if (said.press === 'confirm' || said.press === 'cancel') return { talk: name, press: said.press };
  if (said.slot === undefined) return undefined;
  return { talk: name, slot: said.slot, ...(said.say === undefined ? {} : { say: said.say }) };
}
