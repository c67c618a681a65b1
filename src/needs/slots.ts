import { choice } from '../bot/slots/choice.ts';
import { date } from '../bot/slots/date.ts';
import { measure } from '../bot/slots/measure.ts';
import { text } from '../bot/slots/text.ts';
import { optional, type Slot, type Values } from '../bot/slot.ts';
import { refuse, Refusal } from '../kernel/refusal.ts';
import { maskPhones } from '../nlu/read/phones.ts';
import { skillsSlot, placeSlot } from '../people/index.ts';
import { readRecord } from './reading.ts';
import type { Cursor } from './search/store.ts';
import type { NeedRecord } from './store.ts';
import { NEED_CLASS, NEED_CLASSES, OWNER, URGENCY, type Channel, type NeedClass, type Owner, type Urgency } from './words.ts';

/** Free words that everybody may read sooner or later: no phone stays in them. */
export function publicText(...given: Parameters<typeof text>): Slot<string> {
  const slot = text(...given);
  return { ...slot, parse: (said, reading) => maskPhones(slot.parse(said, reading)) };
}

/** As people call the level. */
const LEVEL: Readonly<Record<NeedClass, readonly string[]>> = {
  ORGANISATION: ['支部', '单位'],
  TOWN: ['街道', '镇街', '镇里', '乡镇', '全镇'],
  COUNTY: ['县里', '区里', '全区', '县级', '区级'],
};

/** 类别 A/B/C: the only categories needs have (decision 23). */
export function classSlot(ask: Slot<NeedClass>['ask']): Slot<NeedClass> {
  return choice(
    '类别',
    ask,
    NEED_CLASSES.map((value) => {
      const { letter, label, range } = NEED_CLASS[value];
      return { value, show: label, words: [letter, `${letter}类`, range, ...LEVEL[value]] };
    }),
  );
}

const OTHER_WORDS: Readonly<Record<Urgency, readonly string[]>> = {
  NORMAL: ['不急', '不急了', '没那么急', '一般', '平常'],
  URGENT: ['加急', '紧急', '很急', '着急'],
  CRITICAL: ['特别急', '非常急', '十万火急'],
};

const URGENCIES = Object.keys(URGENCY) as readonly Urgency[];

/** Everything that says one, the longer before what it begins with. */
export const URGENCY_WORDS: readonly string[] = URGENCIES.flatMap((value) => [URGENCY[value], ...OTHER_WORDS[value]]).toSorted(
  (a, b) => b.length - a.length,
);

export function urgencySlot(ask: Slot<Urgency>['ask']): Slot<Urgency> {
  const options = URGENCIES.map((value) => ({ value, show: URGENCY[value], words: OTHER_WORDS[value] }));
  return choice('紧急程度', ask, options);
}

function ownerSlot(): Slot<Owner> {
  const options = (Object.keys(OWNER) as Owner[]).map((value) => ({ value, show: OWNER[value], words: [`${OWNER[value]}的`] }));
  return choice('谁的需求', '这是谁的需求？', options);
}

/** So many people: 3人, 三个人. */
export function headcount(label: string, ask: string, most: number): Slot<number> {
  const counted = measure(label, ask);
  const show = (value: number) => `${value}人`;
  return {
    label,
    ask,
    owns: (words) => /^\s*(?:\d{1,4}|[零一二两三四五六七八九十百]{1,4})\s*[个名位]?人\s*$/u.test(words),
    parse(said, reading) {
      const { value, unit } = counted.parse(said, reading);
      if (!Number.isInteger(value) || value < 1 || value > most || !/^(?:个?人|名|位|个)?$/u.test(unit))
        refuse('need.people', `${label}请说1到${most}之间的整数，如 3人。`);
      return value;
    },
    say: show,
    show,
  };
}

/** More is a campaign, not a need. */
const MOST = 500;

/** What a need may say besides its words. None of it is asked for: it is read from the words, or said to correct them. */
export const recordSlots = {
  owner: optional(ownerSlot()),
  urgency: optional(urgencySlot('有多急？')),
  people: optional(headcount('人数', '要几个人帮忙？', MOST)),
  skills: optional(skillsSlot('要会什么？比如电工、急救。')),
  place: optional(placeSlot('在哪里？说地名就行。')),
  deadline: optional(date('期限', '最晚什么时候要办好？')),
};

type RecordValues = Partial<Values<typeof recordSlots>>;

/** What a sentence says of them where nobody is asked back. */
export function recordIn(summary: string, now: Date): RecordValues {
  const said = readRecord(summary);
  const values = Object.entries(recordSlots).flatMap(([name, slot]): [string, unknown][] => {
    const words = said[name];
    try {
      return words === undefined ? [] : [[name, slot.parse(words, { now })]];
    } catch (error) {
      if (error instanceof Refusal) return [];
      throw error;
    }
  });
  return Object.fromEntries(values);
}

/** @param owner whose it is when nobody said so */
export function recordOf(said: RecordValues, channel: Channel, owner: Owner): NeedRecord {
  return {
    channel,
    owner: said.owner ?? owner,
    urgency: said.urgency ?? 'NORMAL',
    people: said.people ?? null,
    skills: said.skills ?? [],
    place: said.place ?? null,
    deadline: said.deadline ?? null,
  };
}

/** Where a page ended, carried by 下一页: time and id. */
export function cursor(): Slot<Cursor> {
  return {
    label: '从哪里接着看',
    ask: '从哪里接着看？',
    parse(said) {
      const [at = '', id = ''] = said.split('~');
      const time = new Date(at);
      if (Number.isNaN(time.getTime()) || !id) refuse('cursor.form', '这一页接不上了，请从头再看一遍。');
      return { at: time, id };
    },
    say: ({ at, id }) => `${at.toISOString()}~${id}`,
    show: ({ at }) => at.toISOString(),
  };
}
