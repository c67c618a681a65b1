/**
 * A scene: a conversation of several people, written down so that anybody can read it, play it, and see where it goes
 * wrong. The page, the terminal, `npm run scenes` and `npm test` play the same files.
 */
import { isMap, isScalar, isSeq, LineCounter, parseDocument, stringify, type Node, type ParsedNode } from 'yaml';
import { dayOf, timeOf } from '../kernel/calendar.ts';
import { momentOf, untilWhat } from './moments.ts';
import type { Tally, WaitedFor } from './stage.ts';
import type { Bubble, Chat, Fault, Said, Utterance, Wecom } from './wecom.ts';

export type Scene = {
  readonly title: string;
  readonly about: string;
  /** When it begins. */
  readonly start: Date;
  readonly steps: readonly Step[];
};

type Step = { readonly line: number; readonly words: string } & (
  | { readonly does: 'say'; readonly who: string; readonly where?: string; readonly how: Way; readonly seen: Seen }
  | { readonly does: 'press'; readonly who: string; readonly chosen: Readonly<Record<string, string>>; readonly seen: Seen }
  | { readonly does: 'get' | 'miss'; readonly who: string; readonly all: readonly string[] }
  | { readonly does: 'sum'; readonly of: keyof Tally; readonly all: readonly string[] }
  | { readonly does: 'time' }
  | { readonly does: 'fault' }
);
type Way = 'text' | 'voice' | 'image' | 'file';
type Seen = { readonly all: readonly string[]; readonly none: readonly string[] };

/** Where a scene is played: people and phones, and a clock that can be moved on. */
export type Theatre = {
  readonly wecom: Wecom;
  readonly now: () => Date;
  /** Moves the clock on; what falls due on the way is carried out when it is due. */
  readonly moveTo: (moment: Date) => Promise<void>;
  /** Everything due now is carried out. */
  readonly settle: () => Promise<void>;
  readonly waitedFor: () => Promise<readonly WaitedFor[]>;
  readonly tally: () => Promise<Tally>;
  /** A file of ours, for somebody to send. */
  readonly file: (path: string) => Promise<Uint8Array>;
};

/** What is wrong with a scene, or went otherwise than it says; `line` counts from 1. */
export class SceneError extends Error {
  readonly line: number;
  constructor(line: number, words: string) {
    super(`第 ${line} 行：${words}`);
    this.name = 'SceneError';
    this.line = line;
  }
}

const START = '2026-11-24 10:00';
const WAYS: Readonly<Record<string, Way>> = { 说: 'text', 语音说: 'voice', 发图片: 'image', 发文件: 'file' };
const SUMS: Readonly<Record<string, keyof Tally>> = { 账目: 'books', 数据: 'figures' };
const DOES =
  /^(?<who>\S+?)(?:\s*在\s*(?<where>\S+?)\s*|\s+)(?<verb>说|语音说|发图片|发文件)$|^(?<other>\S+)\s+(?<act>点|收到|没收到)$/u;
const HOW =
  '一步是这样写的：“李大勇 说: …”“李大勇 在联盟群 说: …”“林国强 点: 通过”“李大勇 收到: …”“李大勇 没收到: …”“时间: 下一个工作日 9:00”“故障: 重复投递”“账目: 合计 平”“数据: 需求 1条”';

/** Faults by the names people know them by. */
export const SCENE_FAULTS: Readonly<Record<string, Fault>> = {
  重复投递: { callbacks: 'repeat', times: 1 },
  迟到: { callbacks: 'delay', ms: 3_000, times: 1 },
  乱序: { callbacks: 'reorder', times: 1 },
  签名不对: { callbacks: 'forge', times: 1 },
  时间戳太旧: { callbacks: 'age', times: 1 },
  令牌失效: { api: 'message/send', errcode: 40014, times: 1 },
  令牌过期: { api: 'message/send', errcode: 42001, times: 1 },
  接口太频繁: { api: 'message/send', errcode: 45009, times: 1 },
  不可信的地址: { api: 'message/send', errcode: 60020, times: 1 },
  接口没有应答: { api: 'message/send', errcode: 'timeout', times: 1 },
};

/** @throws SceneError with the line that is wrong */
export function readScene(source: string): Scene {
  const lines = new LineCounter();
  const document = parseDocument(source, { lineCounter: lines });
  const lineOf = (node: unknown): number => lines.linePos((node as ParsedNode | null)?.range?.[0] ?? 0).line || 1;
  const [broken] = document.errors;
  if (broken) {
    // A quote that nobody closed is noticed only where the file ends: the last line with words is the nearest to it.
    const end = broken.code === 'MISSING_CHAR' ? source.slice(0, broken.pos[0]).trimEnd().length : broken.pos[0];
    throw new SceneError(lines.linePos(end).line, `YAML 写错了：${broken.message.split('\n')[0]}`);
  }

  const fields = (node: unknown, what: string): Map<string, { key: Node; value: unknown }> => {
    if (!isMap(node)) throw new SceneError(lineOf(node), `${what}要写成“名字: 内容”`);
    return new Map(
      node.items.map((item) => [String((item.key as Node | null)?.toJSON() ?? ''), { key: item.key as Node, value: item.value }]),
    );
  };
  const one = (node: unknown, at: unknown, what: string): string => {
    // As written: 2026-11-24 and 0001 are words here.
    const words =
      !isScalar(node) || node.value === null ? '' : typeof node.value === 'string' ? node.value.trim() : (node.source ?? '');
    if (words === '') throw new SceneError(lineOf(at), `“${what}”后面要有文字`);
    return words;
  };
  const some = (field: { key: Node; value: unknown } | undefined, what: string): string[] => {
    if (!field) return [];
    return isSeq(field.value) ? field.value.items.map((item) => one(item, item, what)) : [one(field.value, field.key, what)];
  };

  const whole = fields(document.contents, '场景');
  for (const [name, { key }] of whole)
    if (!['场景', '说明', '开始', '经过'].includes(name))
      throw new SceneError(lineOf(key), `不认识“${name}”，最外层只有：场景、说明、开始、经过`);
  const title = whole.get('场景');
  if (!title) throw new SceneError(1, '开头要有“场景: 名称”');
  const start = whole.get('开始');
  const startWords = start ? one(start.value, start.key, '开始') : START;
  const begins = momentOf(startWords, new Date(0));
  if (!begins) throw new SceneError(lineOf(start?.key), `看不懂开始时间“${startWords}”，例：2026-11-24 10:00`);
  const course = whole.get('经过');
  if (!course || !isSeq(course.value) || course.value.items.length === 0)
    throw new SceneError(lineOf(course?.key), '要有“经过:”，下面每一步以“- ”开头');

  const steps = course.value.items.map((item): Step => {
    const given = fields(item, '每一步');
    const [first] = given.entries();
    if (!first) throw new SceneError(lineOf(item), HOW);
    const [said, { key, value }] = first;
    const line = lineOf(key);
    const allow = (...names: string[]): void => {
      for (const [name, field] of given)
        if (name !== said && !names.includes(name))
          throw new SceneError(lineOf(field.key), `“${said}”这一步不能有“${name}”。${HOW}`);
    };
    const seen = (): Seen => ({ all: some(given.get('看到'), '看到'), none: some(given.get('没看到'), '没看到') });
    if (said === '时间') {
      allow();
      const words = one(value, key, said);
      if (untilWhat(words) === undefined && !momentOf(words, begins))
        throw new SceneError(
          line,
          `看不懂时间“${words}”，例：1小时后、3天后、下一个工作日 9:00、2026-11-27 09:00、等到公示期满、季末、半年后`,
        );
      return { does: 'time', line, words };
    }
    const of = SUMS[said];
    if (of) {
      allow();
      const all = some({ key, value }, said);
      return { does: 'sum', line, words: `${said}：${all.join('；')}`, of, all };
    }
    if (said === '故障') {
      allow();
      const words = one(value, key, said);
      if (!(words in SCENE_FAULTS)) throw new SceneError(line, `没有故障“${words}”，有：${Object.keys(SCENE_FAULTS).join('、')}`);
      return { does: 'fault', line, words };
    }
    const { who, where, verb, other, act } = DOES.exec(said)?.groups ?? {};
    if (who !== undefined && verb !== undefined) {
      allow('看到', '没看到');
      return {
        does: 'say',
        line,
        who,
        ...(where === undefined ? {} : { where }),
        how: WAYS[verb] ?? 'text',
        words: one(value, key, said),
        seen: seen(),
      };
    }
    if (other === undefined) throw new SceneError(line, `看不懂“${said}”。${HOW}`);
    if (act === '点') {
      allow('看到', '没看到', '选');
      const choices = given.get('选');
      const chosen = choices
        ? [...fields(choices.value, '选')].map(([name, field]) => [name, one(field.value, field.key, name)])
        : [];
      return { does: 'press', line, who: other, words: one(value, key, said), chosen: Object.fromEntries(chosen), seen: seen() };
    }
    allow();
    const all = some({ key, value }, said);
    return { does: act === '收到' ? 'get' : 'miss', line, who: other, all, words: all.join('；') };
  });
  const about = whole.get('说明');
  return {
    title: one(title.value, title.key, '场景'),
    about: about ? one(about.value, about.key, '说明') : '',
    start: begins,
    steps,
  };
}

/**
 * Plays a scene from its beginning; `told` hears of every step before it is done, and in which chat.
 * @throws SceneError at the first step that goes otherwise
 */
export async function playScene(
  scene: Scene,
  theatre: Theatre,
  told: (step: Step, chat?: Chat) => Promise<void> | void = () => {},
): Promise<void> {
  const { wecom } = theatre;
  const { users, groups } = wecom.directory;
  /** Messages that a step has already spoken of. */
  const spoken = new Set<string>();

  const personOf = (step: Step, name: string): string => {
    const user = users.find((each) => each.name === name || each.id === name);
    if (!user) throw new SceneError(step.line, `通讯录里没有“${name}”`);
    return user.id;
  };
  const chatOf = (step: Step, where: string | undefined): Chat => {
    if (where === undefined || where === '私聊') return 'bot';
    if (where === '应用') return 'app';
    const group = groups.find((each) => each.name.includes(where) || each.id === where);
    if (!group) throw new SceneError(step.line, `没有群“${where}”，有：${groups.map((each) => each.name).join('、')}`);
    return { group: group.id };
  };
  const check = (step: Step, said: Said, news: readonly Bubble[], { all, none }: Seen): void => {
    const shown = new Map([...said.bubbles, ...news].map((bubble) => [bubble.id, bubble]));
    const text = [...[...shown.values()].map(wordsOf), said.refused ?? ''].filter(Boolean).join('\n');
    const missing = all.filter((words) => !text.includes(words));
    const wrong = none.filter((words) => text.includes(words));
    if (missing.length > 0)
      throw new SceneError(step.line, `没看到“${missing.join('”“')}”，看到的是：\n${text || '（什么都没有）'}`);
    if (wrong.length > 0) throw new SceneError(step.line, `不该看到“${wrong.join('”“')}”，看到的是：\n${text}`);
  };

  for (const step of scene.steps) {
    switch (step.does) {
      case 'time': {
        await told(step);
        const waited = await theatre.waitedFor();
        const moment = momentOf(step.words, theatre.now(), waited);
        const what = untilWhat(step.words);
        if (!moment && what !== undefined)
          throw new SceneError(
            step.line,
            `现在没有在等“${what}”，在等的有：${waited.map(({ words }) => words).join('、') || '（什么都没有）'}`,
          );
        if (!moment || moment < theatre.now()) throw new SceneError(step.line, `时间只能往前走，“${step.words}”已经过去了`);
        await theatre.moveTo(moment);
        break;
      }
      case 'fault':
        await told(step);
        wecom.fault(SCENE_FAULTS[step.words] as Fault);
        break;
      case 'sum': {
        await told(step);
        const lines = (await theatre.tally())[step.of];
        const missing = step.all.filter((words) => !lines.some((line) => plain(line) === plain(words)));
        if (missing.length > 0)
          throw new SceneError(step.line, `没有“${missing.join('”“')}”，现在是：\n${lines.join('\n') || '（什么都没有）'}`);
        break;
      }
      case 'say': {
        const who = personOf(step, step.who);
        const chat = chatOf(step, step.where);
        await told(step, chat);
        const before = new Set(wecom.bubbles(who, chat).map(({ id }) => id));
        const said = await utterance(step.how, step.words, theatre);
        const answer = await wecom.say(who, said, chat);
        await theatre.settle();
        check(
          step,
          answer,
          wecom.bubbles(who, chat).filter(({ id, from }) => !before.has(id) && from !== who),
          step.seen,
        );
        break;
      }
      case 'press': {
        const who = personOf(step, step.who);
        const all = wecom.chats(who).flatMap(({ chat }) => wecom.bubbles(who, chat).map((bubble) => ({ chat, bubble })));
        const found = all
          .toSorted((a, b) => a.bubble.at.getTime() - b.bubble.at.getTime() || (a.bubble.id < b.bubble.id ? -1 : 1))
          .findLast(({ bubble }) => buttonsOf(bubble).includes(step.words));
        if (!found) {
          const cards = all.filter(({ bubble }) => bubble.card).map(({ bubble }) => wordsOf(bubble));
          throw new SceneError(
            step.line,
            `${step.who}的手机上没有能按的“${step.words}”，最后一张卡片是：\n${cards.at(-1) ?? '（没有卡片）'}`,
          );
        }
        await told(step, found.chat);
        const before = new Set(wecom.bubbles(who, found.chat).map(({ id }) => id));
        const answer = await wecom.press(who, found.bubble.id, step.words, { picked: picked(step, found.bubble, step.chosen) });
        await theatre.settle();
        check(
          step,
          answer,
          wecom.bubbles(who, found.chat).filter(({ id, from }) => !before.has(id) && from !== who),
          step.seen,
        );
        break;
      }
      case 'get':
      case 'miss': {
        const who = personOf(step, step.who);
        await told(step, 'app');
        const inbox = wecom.bubbles(who, 'app').filter(({ from }) => from !== who);
        for (const words of step.all) {
          const got =
            inbox.find((bubble) => !spoken.has(bubble.id) && wordsOf(bubble).includes(words)) ??
            inbox.find((bubble) => wordsOf(bubble).includes(words));
          if (step.does === 'miss' && got)
            throw new SceneError(step.line, `${step.who}不该收到“${words}”，收到了：\n${wordsOf(got)}`);
          if (step.does === 'get' && !got)
            throw new SceneError(
              step.line,
              `${step.who}没收到“${words}”，最近收到的是：\n${inbox.slice(-3).map(wordsOf).join('\n—\n') || '（什么都没有）'}`,
            );
          if (got) spoken.add(got.id);
        }
        break;
      }
    }
  }
}

async function utterance(how: Way, words: string, { file }: Theatre): Promise<Utterance> {
  switch (how) {
    case 'text':
      return { text: words };
    case 'voice':
      return { voice: words };
    case 'image':
      return { image: await file(words) };
    case 'file':
      return { file: await file(words) };
  }
}

/** Spaces are of no matter in a balance. */
const plain = (words: string): string => words.replaceAll(/\s/gu, '');

function picked(step: Step, { card }: Bubble, chosen: Readonly<Record<string, string>>): Record<string, string> {
  const questions = [
    ...(card?.select_list ?? []),
    ...(card?.button_selection ? [card.button_selection] : []),
    ...(card?.checkbox ? [card.checkbox] : []),
  ];
  return Object.fromEntries(
    Object.entries(chosen).map(([title, option]) => {
      const question =
        questions.find((each) => ('title' in each && each.title === title) || each.question_key === title) ?? questions[0];
      const id = question?.option_list.find((each) => each.text === option)?.id;
      if (!question || id === undefined) throw new SceneError(step.line, `卡片上不能选“${title}: ${option}”`);
      return [question.question_key, id];
    }),
  );
}

/** What can be pressed on it. */
export function buttonsOf({ card }: Bubble): string[] {
  if (!card) return [];
  const open =
    card.replace_text === undefined
      ? [...(card.button_list ?? []), ...(card.submit_button ? [{ text: card.submit_button.text ?? '提交' }] : [])]
      : [];
  return [...open, ...(card.action_menu?.action_list ?? [])].map(({ text }) => text);
}

/** What a person reads of a bubble, top to bottom. */
export function wordsOf(bubble: Bubble): string {
  const { card, text } = bubble;
  if (!card) return text ?? '';
  const rows = (card.horizontal_content_list ?? []).map((row) => `${row.keyname}：${row.value ?? ''}`);
  const more = [card.emphasis_content, ...(card.vertical_content_list ?? [])].flatMap((each) => [each?.title, each?.desc]);
  const stamp = card.replace_text === undefined ? [] : [`（${card.replace_text}）`];
  return [
    text,
    card.main_title?.title,
    card.main_title?.desc,
    card.sub_title_text,
    ...rows,
    ...more,
    card.quote_area?.title,
    card.quote_area?.quote_text,
  ]
    .filter(Boolean)
    .concat(
      buttonsOf(bubble).map((button) => `[${button}]`),
      stamp,
    )
    .join('\n');
}

/** What people did on the page or in the terminal, kept so that it can become a scene. */
export type Recorder = ReturnType<typeof createRecorder>;

export function createRecorder(wecom: Wecom) {
  const steps: Record<string, string | string[]>[] = [];
  const nameOf = (id: string): string => wecom.directory.users.find((user) => user.id === id)?.name ?? id;
  const whereOf = (chat: Chat): string => {
    if (chat === 'bot') return ' ';
    return chat === 'app'
      ? ' 在应用 '
      : ` 在${wecom.directory.groups.find((group) => group.id === chat.group)?.name ?? chat.group} `;
  };
  const seen = ({ bubbles, refused }: Said): Record<string, string> => {
    const last = bubbles.at(-1);
    const [line = ''] = (last ? wordsOf(last) : (refused ?? '')).split('\n');
    return line === '' ? {} : { 看到: line };
  };
  return {
    said: (user: string, chat: Chat, text: string, said: Said): void =>
      void steps.push({ [`${nameOf(user)}${whereOf(chat)}说`]: text, ...seen(said) }),
    pressed: (user: string, button: string, said: Said): void =>
      void steps.push({ [`${nameOf(user)} 点`]: button, ...seen(said) }),
    moved: (words: string): void => void steps.push({ 时间: words }),
    count: (): number => steps.length,
    /** The conversation so far as a scene file. */
    scene: (title: string, start: Date): string =>
      stringify({ 场景: title, 开始: `${dayOf(start)} ${timeOf(start)}`, 经过: steps }, { lineWidth: 0 }),
  };
}
