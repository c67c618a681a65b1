/** Words or a tap → a command. Order: tap, fixed words, patterns, the open question. */
import { normalise } from '../nlu/normalise.ts';
import type { Catalogue } from './catalogue.ts';
import type { Intent } from './intent.ts';
import { CONFIRM, type Session } from './session.ts';
import type { Said } from './slot.ts';
import { readTap, type Tap } from './tap.ts';

export type Command =
  | { readonly do: 'start'; readonly intent: string; readonly said: Said }
  | { readonly do: 'answer'; readonly words: string }
  /** One value of the open conversation, named: 类别改成B, or a button of its card (then `talk` says whose). */
  | { readonly do: 'fill'; readonly slot: string; readonly words: string; readonly talk?: string }
  /** Ask for that slot again. */
  | { readonly do: 'edit'; readonly slot: string; readonly talk?: string }
  | { readonly do: 'confirm'; readonly talk?: string }
  | { readonly do: 'cancel'; readonly talk?: string }
  | { readonly do: 'help' }
  | { readonly do: 'lost' };

const CANCEL = /^(?:取消|算了|不办了|不报了|退出|取消吧)$/u;
const CONFIRMED = /^(?:确认|确定|提交|确认提交)$/u;
const YES = /^(?:是|是的|对|对的|好|好的|可以|没错|行)$/u;
const HELP = /^(?:帮助|菜单|功能|help|怎么用|你好|您好|在吗|你能做什么|我能做什么|你会什么)$/iu;
const MORE = /^(?:下一页|更多|还有吗|继续看)$/u;

export function understandTap(key: string): Command {
  const tap = readTap(key);
  return tap ? fromTap(tap) : { do: 'lost' };
}

function fromTap(tap: Tap): Command {
  if ('intent' in tap) return { do: 'start', intent: tap.intent, said: tap.said };
  if ('press' in tap) return { do: tap.press, talk: tap.talk };
  if (tap.say === undefined) return { do: 'edit', talk: tap.talk, slot: tap.slot };
  return { do: 'fill', talk: tap.talk, slot: tap.slot, words: tap.say };
}

export function understandText(text: string, session: Session, catalogue: Catalogue): Command {
  const words = normalise(text);
  const bare = words.replace(/[。.!！~～?？]+$/u, '');
  const { talk } = session;
  if (CANCEL.test(bare)) return { do: 'cancel' };
  if (CONFIRMED.test(bare)) return { do: 'confirm' };
  if (talk?.asking === CONFIRM && YES.test(bare)) return { do: 'confirm' };
  if (words === '' || HELP.test(bare)) return { do: 'help' };
  if (MORE.test(bare) && session.more) return fromTap(session.more);

  const correction = talk && correct(words, catalogue.find(talk.intent));
  if (correction) return correction;

  for (const intent of catalogue.intents) {
    const said = matched(intent, words) ?? (bare === words ? undefined : matched(intent, bare));
    if (said) return { do: 'start', intent: intent.name, said };
  }
  if (talk && talk.asking !== CONFIRM) return { do: 'answer', words };
  return { do: 'lost' };
}

function matched(intent: Intent, words: string): Said | undefined {
  for (const pattern of intent.matches) {
    const found = pattern.exec(words);
    if (found) return Object.fromEntries(Object.entries(found.groups ?? {}).filter(([, value]) => value !== undefined));
  }
  return undefined;
}

/** 类别改成B, 改类别 B, 把内容改为……: the labels are the slots' own. */
function correct(words: string, intent: Intent | undefined): Command | undefined {
  for (const [slot, { label }] of Object.entries(intent?.slots ?? {})) {
    const [, after, before] =
      new RegExp(
        `^(?:请?把)?${label}(?:改成|改为|换成|应该是|应为)[：:]?\\s*(.+)$|^(?:修改|改)${label}(?:[：:，, ]*(.+))?$`,
        'u',
      ).exec(words) ?? [];
    if (after ?? before) return { do: 'fill', slot, words: after ?? before ?? '' };
    if (words === `改${label}` || words === `修改${label}`) return { do: 'edit', slot };
  }
  return undefined;
}
