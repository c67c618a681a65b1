/** The app's menu, from the catalogue: what can be started without a number in hand, what can be looked at, and help (protocol D.8). */
import type { Catalogue } from '../bot/catalogue.ts';
import { tap, writeTap } from '../bot/tap.ts';
import { cutBytes } from './api.ts';

export type Menu = { readonly button: readonly (Entry | { readonly name: string; readonly sub_button: readonly Entry[] })[] };
type Entry = { readonly type: 'click'; readonly name: string; readonly key: string };

const SUB_ENTRIES = 5;
const SUB_NAME_BYTES = 40;

export function menuOf(catalogue: Catalogue): Menu {
  const startable = catalogue.intents.filter(({ where, slots }) => where === 'anywhere' && !('number' in slots));
  const group = (name: string, reads: boolean) => {
    const sub_button = startable
      .filter((intent) => (intent.reads ?? false) === reads)
      .slice(0, SUB_ENTRIES)
      .map((intent): Entry => ({ type: 'click', name: cutBytes(intent.title, SUB_NAME_BYTES), key: writeTap(tap(intent.name)) }));
    return sub_button.length > 0 ? [{ name, sub_button }] : [];
  };
  // A key that is no tap is said as words.
  return { button: [...group('办事', false), ...group('看看', true), { type: 'click', name: '帮助', key: '帮助' }] };
}
