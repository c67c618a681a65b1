/** Words or a tap → a command. Order: tap, fixed words, patterns, the open question. */
import { Refusal } from '../kernel/refusal.ts';
import { normalise } from '../nlu/normalise.ts';
import type { Catalogue } from './catalogue.ts';
import { hear, isFor, type Hearing } from './hearing.ts';
import type { Intent } from './intent.ts';
import { PLACE, placeIn } from './place.ts';
import { CONFIRM, STANDING, WHICH, type Planned, type Session, type Talk } from './session.ts';
import { canonical, isOptional, type Said, type Slot } from './slot.ts';
import { readTap, type Tap } from './tap.ts';

export type Command =
  /**
   * `guessed`: heard in free words, so it is confirmed even where sure words are enough.
   * `confirmed`: together with another of its kind. No button says so. `note`: stands above the confirmation.
   */
  | {
      readonly do: 'start';
      readonly intent: string;
      readonly said: Said;
      readonly guessed?: boolean;
      readonly confirmed?: boolean;
      readonly note?: string;
    }
  /** Free words that may mean one of these. */
  | { readonly do: 'choose'; readonly words: string; readonly intents: readonly string[] }
  /** A matter the bot knows of and cannot do yet. */
  | { readonly do: 'unbuilt'; readonly title: string; readonly meanwhile: string; readonly words: string; readonly isWant?: true }
  | { readonly do: 'answer'; readonly words: string }
  /** One value of the open conversation, named: 类别改成B, or a button of its card (then `talk` says whose). */
  | {
      readonly do: 'fill';
      readonly slot: string;
      readonly words: string;
      readonly talk?: string;
      readonly note?: string;
      /** What else the same words say. */
      readonly also?: Said;
    }
  /** Ask for that slot again. */
  | { readonly do: 'edit'; readonly slot: string; readonly talk?: string }
  | { readonly do: 'confirm'; readonly talk?: string }
  | { readonly do: 'cancel'; readonly talk?: string }
  /** Several requests in one message, in the order they were said. */
  | {
      readonly do: 'plan';
      readonly wants: readonly Planned[];
      /** The same about several numbers: confirmed once for all. */
      readonly alike?: true;
      /** Nobody said the numbers: they are confirmed even where sure words are enough. */
      readonly asks?: true;
    }
  /** 不要C: one choice of a slot is out. */
  | { readonly do: 'negate'; readonly slot: string; readonly choice: string }
  | { readonly do: 'why' }
  | { readonly do: 'skip' }
  | { readonly do: 'wait' | 'repeat' | 'resume' | 'thanks' | 'figure' }
  | { readonly do: 'help'; readonly all?: true }
  /** `words`: what was said; a key that is none of ours says nothing. */
  | { readonly do: 'lost'; readonly words?: string }
  | { readonly do: 'long'; readonly length: number };

/** Words that mean the same whatever is going on, punctuation at the end aside. */
const FIXED: readonly (readonly [RegExp, Command])[] = [
  [/^(?:取消|算了|不办了|不报了|退出|取消吧|不要了|算了吧|不用了)$/u, { do: 'cancel' }],
  [/^(?:确认|确定|提交|确认提交|提交吧|确认吧)$/u, { do: 'confirm' }],
  [
    /^(?:帮助|菜单|功能|help|怎么用|你好|您好|hi|hello|喂|在吗|在不在|你是谁|你是干(?:什么|啥|嘛)的|你能(?:做什么|干嘛|干啥)|我能做什么|你会什么|说明)$/iu,
    { do: 'help' },
  ],
  [/^(?:全部功能|所有功能|更多功能|还能做什么|还能办什么)$/u, { do: 'help', all: true }],
  [/^(?:为什么是这个数|这个数怎么来的|这个数怎么算的|这是怎么算的|怎么算出来的|怎么算的)$/u, { do: 'figure' }],
  [/^(?:继续|接着办|接着来|刚才那件事)$/u, { do: 'resume' }],
  [/^(?:再说一遍|重复|重复一遍|没看清|刚才说什么|什么)$/u, { do: 'repeat' }],
  [/^(?:(?:谢谢|多谢|感谢)(?:你|您|大家)?|谢了|辛苦了?)(?:啊|哈|哦|啦|了)?$|^🙏+$/u, { do: 'thanks' }],
  [
    /^(?:等等|等一下|稍等|等会|等会儿|等下|先等等|我想想|让我想想|(?:算了)?先?放(?:一放|着)(?:吧)?|晚点再(?:说|办)|回头再(?:说|办)|收到|哈哈+|👍+)$/u,
    { do: 'wait' },
  ],
];
/** The same, but only while something is being asked. */
const ASKED: readonly (readonly [RegExp, Command])[] = [
  [
    /^(?:(?:为什么|为啥|干嘛)(?:要|还要)?(?:填|问|写|说|知道)?(?:这个|这些|这项)?|这是什么|什么意思|这个什么意思|干嘛用的|(?:要|填)这个干嘛)$/u,
    { do: 'why' },
  ],
  [/^(?:撤销|反悔|点错了|按错了)$/u, { do: 'cancel' }],
  [/^(?:跳过|不填|不知道|不清楚|不想说|不方便说|没有|先不填|不说)$/u, { do: 'skip' }],
];
const AGREED = '(?:是的?|对的?|好的?|可以|没错|行|嗯+|ok)';
const SEND = '就?(?:这样|这么)?(?:报|提交|办)(?:上去)?(?:吧|了)?';
/** 对了 and 行了 say something else. */
const YES = new RegExp(
  `^(?:${AGREED}(?:[，, ]*${AGREED})*吧?(?:[，, ]*(?:${SEND}|就?(?:这样|这么)吧?))?|就(?:这样|这么)${SEND})$`,
  'iu',
);
/** With nothing open there is nothing to say yes to. */
const NOTED = /^(?:哦+|噢|知道了|晓得了|明白了?|没事了?)$/u;
const MORE = /^(?:下一页|更多|还有吗|继续看)$/u;
/** Characters; nothing anybody asks for needs more. */
const LONG = 1000;
/** Between two requests of one message. */
const BETWEEN = /[。；;\n]+|[，,]?(?:另外|还有|然后|顺便|再帮我)[，,]?/u;

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

/** Without `hearing` only sure signs count. */
export function understandText(text: string, session: Session, catalogue: Catalogue, hearing?: Hearing): Command {
  const words = normalise(text);
  const bare = words.replace(/[。.!！~～?？…]+$/u, '');
  const polite = bare.replace(/^(?:请|麻烦|麻烦您|麻烦你|请您)(?=\p{L})|[，,。 ]*(?:谢谢|谢谢您|谢了|多谢|辛苦了|麻烦了)$/gu, '');
  const { talk } = session;
  if (words.length > LONG) return { do: 'long', length: words.length };
  if (words === '') return { do: 'help' };
  if (bare === '' && !talk) return { do: 'repeat' };
  if (talk?.asking === CONFIRM && YES.test(bare)) return { do: 'confirm' };
  for (const [pattern, command] of talk ? [...FIXED, ...ASKED] : FIXED) if (pattern.test(bare)) return command;
  if (MORE.test(bare) && session.more) return fromTap(session.more);
  if (session.menu && !talk) {
    const chosen = session.menu.intents[(placeIn(bare) ?? 0) - 1];
    if (chosen !== undefined) return { do: 'fill', talk: session.menu.id, slot: WHICH, words: chosen };
    const [only, ...others] = session.menu.intents;
    if (only !== undefined && others.length === 0 && !session.menu.unasked && YES.test(bare))
      return { do: 'fill', talk: session.menu.id, slot: WHICH, words: only };
    if (/^(?:都不是|不是|没有)$/u.test(bare)) return { do: 'cancel', talk: session.menu.id };
  }

  if (!talk && (YES.test(bare) || NOTED.test(bare))) return { do: 'wait' };

  const correction = talk && correct(words, talk, catalogue.find(talk.intent));
  if (correction) return correction;
  if (talk && answers(words, talk, session, catalogue)) return { do: 'answer', words };
  if (!talk && session.opens !== undefined && placeIn(bare) !== undefined)
    return { do: 'start', intent: session.opens, said: { number: bare } };

  const isFree = talk !== undefined && catalogue.find(talk.intent)?.slots[talk.asking]?.free === true;
  const several = normalise(text.replaceAll('\n', '；'))
    .split(BETWEEN)
    .map((part) => part.trim())
    .filter(Boolean);
  const plan = several.map((part) => wants(part, [], catalogue));
  if (plan.length > 1 && plan.every((each) => each !== undefined)) return { do: 'plan', wants: plan };

  const each = severally(words, talk, catalogue) ?? (isFree ? undefined : everything(bare, session, catalogue));
  if (each) return each;

  const wanted = wants(words, [bare, polite], catalogue);
  // 「不同意」 as the reason of a 退回 is a reason.
  const repeats = talk && talk.asking !== CONFIRM && wanted?.intent === talk.intent && Object.keys(wanted.said).length === 0;
  // 催一下 from somebody who has nothing to do with what it is the sure word for.
  if (wanted && hearing && Object.keys(wanted.said).length === 0 && !isFor(wanted.intent, catalogue, hearing.person)) {
    const other = hear(words, session, catalogue, hearing);
    if (other?.do === 'start' && isFor(other.intent, catalogue, hearing.person)) return other;
  }
  if (wanted && !repeats) return { do: 'start', ...wanted };
  const corrected = talk ? undefined : labelled(words, catalogue);
  if (corrected !== undefined) return { do: 'edit', slot: corrected };
  const named = talk?.asking === CONFIRM ? ownerOf(bare, catalogue.find(talk.intent)) : undefined;
  if (named !== undefined) return { do: 'fill', slot: named, words: bare };
  const further = talk?.asking === CONFIRM ? furtherIn(bare, talk, catalogue.find(talk.intent)) : undefined;
  if (further) return further;
  const heard = hearing && !isFree ? hear(words, session, catalogue, hearing) : undefined;
  if (heard) return heard;
  if (talk && talk.asking !== CONFIRM) {
    const early = elsewhere(words, talk, catalogue.find(talk.intent));
    return early === undefined ? { do: 'answer', words } : { do: 'fill', slot: early, words };
  }
  return { do: 'lost', words };
}

/** 把…改成, 换成: before the new value. */
function putting(what: string): string {
  return `^(?:请?把)?${what}(?:改成|改为|改到|换成)`;
}

/** 类别改成B with nothing open: the slot it would correct. */
function labelled(words: string, { intents }: Catalogue): string | undefined {
  const [, label] = new RegExp(putting('(.+?)'), 'u').exec(words) ?? [];
  return intents.flatMap(({ slots }) => Object.entries(slots)).find(([, slot]) => slot.label === label)?.[0];
}

/** 匿名, or B类, at the confirmation: the one slot that has such a choice. */
function ownerOf(words: string, intent: Intent | undefined): string | undefined {
  const owners = Object.entries(intent?.slots ?? {}).filter(([, slot]) => slot.owns?.(words));
  return owners.length === 1 ? owners[0]?.[0] : undefined;
}

/** Longer words are another matter, not a further word about this one. */
const FURTHER = 15;

/** 其实挺急的, 要会电工的: what the same words would have said had they been in the sentence from the beginning. */
function furtherIn(words: string, { said }: Talk, intent: Intent | undefined): Command | undefined {
  const [text] = Object.entries(intent?.slots ?? {}).find(([name, slot]) => slot.free && name in said) ?? [];
  if (text === undefined || !intent?.implies || words.length > FURTHER) return undefined;
  const [first, ...others] = Object.entries(intent.implies({ [text]: words }));
  return first && { do: 'fill', slot: first[0], words: first[1], also: Object.fromEntries(others) };
}

const ITEM = `(?:[A-Za-z][-—–_ ]?\\d{4}[-—–_ ]?\\d{1,4}[号单条]?|${PLACE})`;
const ITEMS = new RegExp(`(?<![\\p{N}A-Za-z])${ITEM}(?:\\s*(?:、|,|，|和|跟|与|还有|及)\\s*${ITEM})+(?![\\p{N}A-Za-z])`, 'u');

/** 撤回1和3, 通过1、2、3; or 1和3 where a number is asked for: the same about each. */
function severally(words: string, talk: Talk | undefined, catalogue: Catalogue): Command | undefined {
  const [list] = ITEMS.exec(words) ?? [];
  if (list === undefined) return undefined;
  const items = [...list.matchAll(new RegExp(ITEM, 'gu'))].map(([item]) => item.trim());
  if (talk?.asking === 'number' && list === words)
    return { do: 'plan', wants: items.map((number) => ({ intent: talk.intent, said: { ...talk.said, number } })), alike: true };
  const each = items.map((item) =>
    wants(
      words.replace(list, () => item),
      [],
      catalogue,
    ),
  );
  const [first] = each;
  const isAlike = first !== undefined && each.every((want) => want?.intent === first.intent && want.said.number !== undefined);
  return isAlike ? { do: 'plan', wants: each.flatMap((want) => want ?? []), alike: true } : undefined;
}

/** 都通过: everything in the list just shown, or that list. */
function everything(words: string, { list = [], lister }: Session, { intents }: Catalogue): Command | undefined {
  const intent = intents.find(({ all }) => all?.matches.some((pattern) => pattern.test(words)));
  if (!intent?.all) return undefined;
  const { lists } = intent.all;
  if (lister !== lists || list.length === 0) return { do: 'start', intent: lists, said: {} };
  return { do: 'plan', wants: list.map((number) => ({ intent: intent.name, said: { number } })), alike: true, asks: true };
}

/** The asked slot knows exact words, and these are such: then nothing else is meant by them. */
function answers(words: string, talk: Talk, session: Session, catalogue: Catalogue): boolean {
  const slot = catalogue.find(talk.intent)?.slots[talk.asking];
  if (!slot || slot.free) return false;
  return canonical(slot, words, { now: new Date(0), ...(session.list ? { list: session.list } : {}) }) !== undefined;
}

/** `looser`: the same words without their trimmings. A question mark makes no request of what would change something. */
function wants(words: string, looser: readonly string[], catalogue: Catalogue): Planned | undefined {
  const isQuestion = /[?？]$/u.test(words);
  let foreign: Planned | undefined;
  for (const intent of catalogue.intents) {
    for (const form of isQuestion && !intent.reads ? [words] : [words, ...looser]) {
      const said = form === intent.title ? {} : matched(intent, form);
      if (!said) continue;
      if (isForeign(intent, said)) foreign ??= { intent: intent.name, said };
      else return { intent: intent.name, said };
    }
  }
  return foreign;
}

/** 撤回 F-2026-0001 is about what F stands for, whichever matter says 撤回 first. */
function isForeign(intent: Intent, { number }: Said): boolean {
  if (number === undefined) return false;
  try {
    intent.slots.number?.parse(number, { now: new Date(0) });
    return false;
  } catch (error) {
    return error instanceof Refusal && error.code === 'number.letter';
  }
}

function matched(intent: Intent, words: string): Said | undefined {
  for (const pattern of intent.matches) {
    const found = pattern.exec(words);
    if (found) return Object.fromEntries(Object.entries(found.groups ?? {}).filter(([, value]) => value !== undefined));
  }
  return undefined;
}

/**
 * 类别改成B, 不是C是B, 不要C, 改成B: by the slots' labels, by what was said, by what a choice understands.
 * While free words are asked for, only what cannot be such words: 改成 or 改为, of something said before.
 */
function correct(words: string, talk: Talk, intent: Intent | undefined): Command | undefined {
  if (!intent) return undefined;
  const isFree = intent.slots[talk.asking]?.free === true;
  const slots = Object.entries(intent.slots).filter(([name]) => !isFree || name in talk.said || name === talk.asking);
  for (const [slot, { label }] of slots) {
    const [, explicit] = new RegExp(`${putting(label)}[：:]?\\s*(.+)$`, 'u').exec(words) ?? [];
    if (explicit !== undefined) return { do: 'fill', slot, words: explicit };
    if (isFree) continue;
    const [, loose] = new RegExp(`^(?:${label}(?:应该是|应为|是)|(?:修改|改)${label}[：:，, ]*)(.+)$`, 'u').exec(words) ?? [];
    if (loose !== undefined) return { do: 'fill', slot, words: loose };
    if (new RegExp(`^(?:修改|改)${label}$|^${label}(?:不对|错了|有误|写错了)$`, 'u').test(words)) return { do: 'edit', slot };
  }
  const standing = /^(?:请?把)?身份(?:改成|改为|换成)[：:]?\s*(.+)$/u.exec(words)?.[1];
  if (standing !== undefined && talk.standing !== undefined) return { do: 'fill', slot: STANDING, words: standing };
  if (isFree) return undefined;

  const [, more] = /^(?:再)?补充(?:一下|一点|一句)?[：:，, ]*(.+)$/u.exec(words) ?? [];
  const [text] = slots.filter(([name, slot]) => slot.free && name in talk.said);
  if (more !== undefined && text && talk.asking === CONFIRM)
    return { do: 'fill', slot: text[0], words: `${talk.said[text[0]]}，${more}` };

  const [, wrong = '', right = ''] = /^(?:不是|不对，?不是)(.+?)[，, ]*(?:而?是|应该是)(.+)$/u.exec(words) ?? [];
  if (wrong) {
    const chosen = slots.find(([, slot]) => understands(slot, wrong) && understands(slot, right));
    if (chosen) return { do: 'fill', slot: chosen[0], words: right };
    const written = slots.find(([name, slot]) => !slot.choices && talk.said[name]?.includes(wrong));
    if (written) return { do: 'fill', slot: written[0], words: (talk.said[written[0]] ?? '').replace(wrong, right) };
  }

  const [, instead] = /^(?:(?:写|说|打|搞)?错了[，,。 ]*)?(?:改成|改为|改到|换成|应该是|那就|是|要)(.+?)吧?$/u.exec(words) ?? [];
  if (instead !== undefined) {
    const fits = slots.find(([, slot]) => understands(slot, instead));
    if (fits) return { do: 'fill', slot: fits[0], words: instead };
    const measured = slots.filter(([name, slot]) => name in talk.said && name !== 'number' && measures(slot, instead));
    if (measured.length === 1 && measured[0]) return { do: 'fill', slot: measured[0][0], words: instead };
    const written = slots.filter(([name, slot]) => slot.free && name in talk.said);
    const [only, ...others] = written.length > 0 ? written : slots.filter(([name]) => name in talk.said && name !== 'number');
    if (only && others.length === 0 && /^(?:改|换|应)/u.test(words)) return { do: 'fill', slot: only[0], words: instead };
  }

  const [, unwanted] = /^(?:不要|不选|别选|不是)(.+)$/u.exec(words) ?? [];
  const negated = unwanted === undefined ? undefined : slots.find(([, slot]) => understands(slot, unwanted));
  if (negated && unwanted !== undefined) {
    const [name, slot] = negated;
    return { do: 'negate', slot: name, choice: slot.say(slot.parse(unwanted, { now: new Date(0) })) };
  }
  return undefined;
}

/** Longer words say more than a day. */
const ONE_VALUE = 12;

/** 12月20日下午 while 形式 is asked for: no form, but what one of the questions still to come is about. */
function elsewhere(words: string, { asking, said }: Talk, intent: Intent | undefined): string | undefined {
  const slots = intent?.slots ?? {};
  if (slots[asking]?.free !== true || words.length > ONE_VALUE) return undefined;
  const open = Object.entries(slots).filter(
    ([name, slot]) => !(name in said) && !isOptional(slot, said) && measures(slot, words),
  );
  return open.length === 1 ? open[0]?.[0] : undefined;
}

/** Whether words are a sum, a day or a count that the slot takes. */
function measures(slot: Slot<unknown>, words: string): boolean {
  return slot.heard !== undefined && canonical(slot, words, { now: new Date(0) }) !== undefined;
}

/** Whether words name one of the slot's choices; places in the list do not count here. */
function understands(slot: Slot<unknown>, words: string): boolean {
  return slot.owns?.(words) ?? false;
}
