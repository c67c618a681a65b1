/** 规定: stored text with clauses and versions (prompts/rules), and which clause a question is about. Pure; reads the files once. */
import { readdirSync, readFileSync } from 'node:fs';
import type { Answers } from '../bot/module.ts';
import { normalise } from '../nlu/normalise.ts';

export type Clause = {
  /** 1.3, unique in all books. */
  readonly no: string;
  readonly title: string;
  /** `{审核时限}` stands for the value in force of the parameter of that label. */
  readonly text: string;
  readonly asked: readonly string[];
  readonly book: string;
  readonly version: string;
};

/** A clause, or what another module answers by its own text. */
export type Place = Clause | Answers;

/** Where the value in force of a parameter goes. */
export const PLACES = /\{([^{}]+)\}/gu;

const RULES = new URL('../../prompts/rules/', import.meta.url);

/** @throws Error that names the file and what is missing */
export function readBooks(): readonly Clause[] {
  const files = readdirSync(RULES).filter((file) => file.endsWith('.md') && file !== 'README.md');
  return files.toSorted().flatMap((file) => readBook(readFileSync(new URL(file, RULES), 'utf8'), file));
}

/** @throws Error that names the file and what is missing */
export function readBook(words: string, file: string): Clause[] {
  const [head = '', ...parts] = words.split(/^## /mu);
  const field = (pattern: RegExp, what: string) => {
    const found = pattern.exec(head)?.[1];
    if (found === undefined) throw new Error(`${file}: ${what}`);
    return found.trim();
  };
  const book = field(/^# (.+)$/mu, 'no title line "# …"');
  const version = field(/^版本：(.+)$/mu, 'no line "版本：…"');
  field(/^出处：(.+)$/mu, 'no line "出处：…"');
  return parts.map((part) => {
    const [, no, title, body] = /^(\d+(?:\.\d+)*) (.+)\n([\s\S]+)$/u.exec(part.trim()) ?? [];
    const [text = '', asked] = (body ?? '').split(/^问：/mu);
    if (no === undefined || title === undefined || asked === undefined || text.trim() === '')
      throw new Error(`${file}: the clause “${part.split('\n', 1)[0]}” needs a number, a title, its text and a line "问：…"`);
    return { no, title, text: text.trim(), asked: asked.trim().split('｜'), book, version };
  });
}

/** Words that every question has. */
const FILLING =
  /请问|想问一下|什么时候|啥时候|多长时间|多长|多少天|多少个|多少|几天|几条|几个|干什么|干嘛|什么样|什么|啥意思|啥|问一下|我想知道|是什么意思|什么意思|是什么|指什么|什么是|什么叫|怎么办|怎么样|怎么|咋办|咋样|咋|如何|哪些|哪个|哪里|多久|可以|可不可以|能不能|会不会|有没有|是不是|需要|吗|呢|啊|的|了|呀|吧|我们|我|你们|你|它|会|能|要|有|是|在|被|就|都|还|[\s，。？?！!、：:；;“”"'（）()]/gu;

/** Pairs of signs of what is left, or the one sign. */
function pairs(words: string): Set<string> {
  const left = [...normalise(words).toLowerCase().replace(FILLING, ' ')].join('');
  const parts = left.split(' ').filter(Boolean);
  return new Set(
    parts.flatMap((part) => ([...part].length === 1 ? [part] : [...part].slice(1).map((sign, i) => [...part][i] + sign))),
  );
}

/** From this likeness on, and so far before the next, a clause is the answer. Measured in test/rulebook. */
const ANSWERS = 0.45;
const LEAD = 0.12;
/** From this on it is worth naming. */
const NAMES = 0.42;
/** How many are named. */
const NAMED = 3;

export type Book = {
  readonly places: readonly Place[];
  /** One is the answer; several are to be chosen from; none says nothing about it. */
  find(words: string): readonly Place[];
};

/** The title of a clause asks for it too. */
export const waysOf = (place: Place): readonly string[] => ('no' in place ? [place.title, ...place.asked] : place.asked);

/** A pair counts by how few places have it, so that 需求 says little and 候补 much; what none has counts most, against. */
export function createBook(places: readonly Place[]): Book {
  const forms = places.map((place) => ({ place, ways: waysOf(place).map(pairs) }));
  const counts = new Map<string, number>();
  for (const { ways } of forms)
    for (const pair of new Set(ways.flatMap((way) => [...way]))) counts.set(pair, (counts.get(pair) ?? 0) + 1);
  const weight = (pair: string) => Math.log(1 + places.length / (counts.get(pair) ?? 0.5));
  const sum = (all: Iterable<string>) => [...all].reduce((total, pair) => total + weight(pair), 0);

  /** Twice what they share over what both have. */
  function likeness(asked: Set<string>, way: Set<string>): number {
    const shared = [...asked].filter((pair) => way.has(pair));
    const all = sum(asked) + sum(way);
    return all === 0 ? 0 : (2 * sum(shared)) / all;
  }

  return {
    places,
    find(words) {
      const asked = pairs(words);
      // 你是谁: of a single sign left no clause can tell that it is meant.
      if ([...asked].every((pair) => pair.length === 1)) return [];
      const likely = forms
        .map(({ place, ways }) => ({ place, score: Math.max(...ways.map((way) => likeness(asked, way))) }))
        .filter(({ score }) => score >= NAMES)
        .toSorted((one, other) => other.score - one.score);
      const [best, next] = likely;
      const isSure = best !== undefined && best.score >= ANSWERS && best.score - (next?.score ?? 0) >= LEAD;
      return likely.slice(0, isSure ? 1 : NAMED).map(({ place }) => place);
    },
  };
}
