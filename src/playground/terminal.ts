/** The playground in a terminal: one person at a time says and presses, the chats are printed. */
import { createInterface } from 'node:readline';
import type { Readable, Writable } from 'node:stream';
import { setTimeout as sleep } from 'node:timers/promises';
import type { TemplateCard } from './card.ts';
import type { Listed } from './player.ts';
import type { Example } from './server.ts';
import type { Bubble, Chat, Said, Wecom } from './wecom.ts';

const QUIET_MS = 400;
const HELP = `直接打字就是说话。以“/”开头的是操作：
  /我是 worker.a          换一个人
  /谁                     有哪些人
  /群 wrDemoAlliance      到群里去（群里要带上 @机器人）
  /私聊   /应用           到机器人单聊、到应用消息
  /看                     再看一遍这个会话
  /选 1 2                 卡片上第 1 个问题选第 2 项
  /按 2                   按卡片上的第 2 个按钮
  /打开                   打开卡片上的链接
  /例子                   可以试的话
  /场景   /场景 2         有哪些场景，从头演第 2 个
  /退出`;

type Question = { key: string; title: string; options: { id: string; text: string }[] };

const questionsOf = (card: TemplateCard): Question[] =>
  [
    ...(card.checkbox ? [card.checkbox] : []),
    ...(card.button_selection ? [card.button_selection] : []),
    ...(card.select_list ?? []),
  ].map((each) => ({
    key: each.question_key,
    title: ('title' in each && each.title) || '请选择',
    options: each.option_list,
  }));

const buttonsOf = (card: TemplateCard): { text: string; key: string }[] => [
  ...(card.replace_text === undefined
    ? [...(card.button_list ?? []), ...(card.submit_button ? [{ text: '提交', ...card.submit_button }] : [])]
    : []
  ).flatMap(({ text, key }) => (key === undefined ? [] : [{ text: text ?? '提交', key }])),
  ...(card.action_menu?.action_list ?? []),
];

const linkOf = (card: TemplateCard): string | undefined => card.card_action?.url;

/** A page as it reads: a line for each thing that stands on one. */
const pageLines = (page: string): string[] =>
  page
    .replace(/<(title|style)>.*?<\/\1>/gsu, '')
    .replace(/\s+/gu, ' ')
    .replace(/<\/(?:h1|h2|p|dd|tr|caption)>/gu, '\n')
    .replace(/<\/(?:dt|td)>/gu, ' ')
    .replace(/<[^>]+>/gu, '')
    .replace(/&(?:lt|gt|quot|#39|amp);/gu, (sign) => ({ '&lt;': '<', '&gt;': '>', '&quot;': '"', '&#39;': "'" })[sign] ?? '&')
    .split('\n')
    .flatMap((line) => (line.trim() === '' ? [] : [`  │ ${line.trim()}`]));

function cardLines(card: TemplateCard): string[] {
  const rows = (card.horizontal_content_list ?? []).map((row) => `${row.keyname}：${row.value ?? ''}`);
  const more = [card.emphasis_content, ...(card.vertical_content_list ?? [])].map((each) =>
    [each?.title, each?.desc].filter(Boolean).join(' '),
  );
  const quote = [card.quote_area?.title, card.quote_area?.quote_text].filter(Boolean).join('：');
  const questions = questionsOf(card).map(
    (each, at) =>
      `问题 ${at + 1} ${each.title}：${each.options.map((option, index) => `${index + 1}) ${option.text}`).join('  ')}`,
  );
  const buttons = buttonsOf(card)
    .map((each, at) => `[${at + 1} ${each.text}]`)
    .join(' ');
  const lines = [card.source?.desc, card.main_title?.title, card.main_title?.desc, card.sub_title_text, quote, ...rows, ...more];
  const isStamped = card.replace_text !== undefined;
  if (linkOf(card)) lines.push(`链接 ${linkOf(card)}`);
  return [...lines, ...(isStamped ? [`〔${card.replace_text}〕`] : questions), buttons]
    .flatMap((line) => (line ? line.split('\n') : []))
    .map((line) => `  │ ${line}`);
}

/** Scenes in the terminal: their titles, and one played in a new world, which is then the open one. */
export type Scenes = {
  readonly list: () => Promise<readonly Listed[]>;
  /** @throws SceneError, with the new world open all the same */
  play(file: string, told: (words: string) => void): Promise<void>;
  readonly wecom: () => Wecom;
};

export async function runTerminal({
  wecom: first,
  scenes,
  examples,
  input,
  output,
}: {
  wecom: Wecom;
  scenes?: Scenes;
  examples: readonly Example[];
  input: Readable & { isTTY?: boolean };
  output: Writable;
}): Promise<void> {
  let wecom = first;
  let { users, groups } = wecom.directory;
  const lines = createInterface({ input, output, terminal: input.isTTY === true });
  // Taken at once: lines read before anybody iterates are lost.
  const typed = lines[Symbol.asyncIterator]();
  const write = (...text: string[]): void => void output.write(`${text.join('\n')}\n`);
  const nameOf = (id: string): string =>
    users.find((user) => user.id === id)?.name ?? { bot: wecom.botName, app: wecom.appName, system: '' }[id] ?? id;
  const titleOf = (where: Chat): string =>
    typeof where === 'object'
      ? (groups.find((group) => group.id === where.group)?.name ?? where.group)
      : where === 'bot'
        ? `${wecom.botName}（单聊）`
        : '应用消息';

  let me = examples[0]?.userId ?? users[0]?.id ?? '';
  let chat: Chat = examples[0]?.chat ?? 'bot';
  let picked: Record<string, string> = {};
  /** The card that /按 and /选 mean: the last one printed. */
  let card: Bubble | undefined;

  /** What was printed of the open chat: bubble id → how it looked. */
  const printed = new Map<string, string>();
  function printNews(): void {
    for (const bubble of wecom.bubbles(me, chat)) {
      const look = JSON.stringify(bubble);
      if (printed.get(bubble.id) === look || bubble.stream?.finish === false) continue;
      printed.set(bubble.id, look);
      if (bubble.from !== me) print([bubble]);
    }
    wecom.markRead(me, chat);
  }

  function print(bubbles: Bubble[]): void {
    for (const bubble of bubbles) {
      const who = nameOf(bubble.from);
      if (bubble.text !== undefined) write(bubble.kind === 'system' ? `  ${bubble.text}` : `${who}：${bubble.text}`);
      if (bubble.file) write(`${who}：文件 ${bubble.file.name}`);
      if (!bubble.card) continue;
      if (bubble.text === undefined) write(`${who}：`);
      write(...cardLines(bubble.card));
      card = bubble;
      picked = {};
    }
  }

  /** App messages that arrive elsewhere than in the open chat, one line each. */
  const told = new Set<string>();
  function announce(): void {
    for (const user of users) {
      const last = wecom.chats(user.id).find((each) => each.chat === 'app')?.last;
      if (!last || last.from !== 'app' || told.has(last.id)) continue;
      told.add(last.id);
      if (user.id === me && chat === 'app') continue;
      const words = last.card?.main_title?.title ?? last.text?.split('\n')[0] ?? last.file?.name ?? '一张卡片';
      write(`  ✉ ${user.id === me ? '您' : `${user.name}（${user.id}）`}收到应用消息：${words}`);
    }
  }

  function prompt(): void {
    if (input.isTTY !== true) return;
    lines.setPrompt(`${nameOf(me)} · ${titleOf(chat)} > `);
    lines.prompt();
    if (typeof chat === 'object') lines.write(`@${wecom.botName} `);
  }

  const printRefusal = ({ refused }: Said): void => {
    if (refused !== undefined) write(`  （${refused}）`);
  };

  async function goTo(where: Chat): Promise<void> {
    chat = where;
    card = undefined;
    write(`— ${nameOf(me)} · ${titleOf(chat)} —`);
    const before = wecom.bubbles(me, chat);
    for (const bubble of before) printed.set(bubble.id, JSON.stringify(bubble));
    print(before.slice(-5));
    if (chat === 'bot') await wecom.enter(me);
  }

  const commands: Record<string, (words: string[]) => Promise<void> | void> = {
    '/帮助': () => write(HELP),
    '/谁': () => write(...users.map((user) => `  ${user.id}  ${user.name}  ${user.title}`)),
    '/例子': () =>
      write(...examples.map((each) => `  ${each.label}：/我是 ${each.userId}，到「${titleOf(each.chat)}」说「${each.text}」`)),
    '/场景': async ([which]) => {
      const listed = (await scenes?.list()) ?? [];
      const chosen = listed[Number(which) - 1];
      if (!scenes || !chosen)
        return write(...listed.map((each, at) => `  ${at + 1}. ${each.title}  ${each.wrong ?? each.about}`));
      unsubscribe();
      write(`  从头开始，演“${chosen.title}”：`);
      try {
        await scenes.play(chosen.file, (words) => write(`  · ${words}`));
        write('  演完了，全部和写的一样。');
      } finally {
        wecom = scenes.wecom();
        ({ users, groups } = wecom.directory);
        printed.clear();
        unsubscribe = watch();
      }
      return goTo('bot');
    },
    '/看': () => print(wecom.bubbles(me, chat)),
    '/私聊': () => goTo('bot'),
    '/应用': () => goTo('app'),
    '/群': ([id]) => {
      const mine = groups.filter((group) => group.members.includes(me));
      const group = id === undefined ? mine[0] : mine.find((each) => each.id === id);
      if (group) return goTo({ group: group.id });
      write(`  ${nameOf(me)} 在这些群里：${mine.map((each) => `${each.id} ${each.name}`).join('，') || '（没有）'}`);
    },
    '/我是': ([id]) => {
      const user = users.find((each) => each.id.toLowerCase() === id?.toLowerCase());
      if (!user) return write('  没有这个人，/谁 看有哪些人');
      me = user.id;
      const stays =
        typeof chat !== 'object' || wecom.chats(me).some((each) => JSON.stringify(each.chat) === JSON.stringify(chat));
      return goTo(stays ? chat : 'bot');
    },
    '/选': ([question, option]) => {
      const asked = card?.card && questionsOf(card.card)[Number(question) - 1];
      const chosen = asked?.options[Number(option) - 1];
      if (!asked || !chosen) return write('  没有这个问题或选项，例：/选 1 2');
      picked[asked.key] = chosen.id;
      write(`  已选 ${asked.title}：${chosen.text}`);
    },
    '/按': async ([number]) => {
      const button = card?.card && buttonsOf(card.card)[Number(number) - 1];
      if (!card || !button) return write('  没有这个按钮，例：/按 1');
      printRefusal(await wecom.press(me, card.id, button.key, { picked }));
    },
    '/打开': async () => {
      const link = card?.card && linkOf(card.card);
      if (link === undefined) return write('  没有链接可以打开');
      write(...pageLines((await wecom.open(me, link)).html));
    },
  };

  let changedAt = performance.now();
  const watch = (): (() => void) =>
    wecom.subscribe(() => {
      changedAt = performance.now();
      printNews();
      announce();
    });
  let unsubscribe = watch();
  /** A script's next line waits for what the last one set off. */
  async function settle(): Promise<void> {
    while (input.isTTY !== true && performance.now() - changedAt < QUIET_MS) await sleep(QUIET_MS / 10);
  }

  write('模拟环境：这里的企业微信是模拟的，加密与签名都是真的。/帮助 看怎么用。');
  await goTo(chat);
  prompt();
  for await (const line of typed) {
    const text = line.trim();
    const [word = '', ...rest] = text.split(/\s+/);
    if (word === '/退出') break;
    try {
      if (commands[word]) await commands[word](rest);
      else if (word.startsWith('/')) write('  没有这个操作，/帮助 看怎么用');
      else if (text !== '') printRefusal(await wecom.say(me, text, chat));
    } catch (error) {
      write(`  ${error instanceof Error ? error.message : String(error)}`);
    }
    changedAt = performance.now();
    await settle();
    prompt();
  }
  unsubscribe();
  lines.close();
}
