/** What both doors make of the bot's words: a bubble of its own, or a change of the card pressed. */
import type { Answer } from '../bot/bot.ts';
import type { Button, Card, Message } from '../bot/reply.ts';

/** Kinds of message that cannot be read, and what people are told instead. */
export const DECLINED = {
  voice: '这段语音我没有听清。请把要办的事打成一句话发给我，比如“我要报个需求：车间缺急救培训”。',
  file: '文件我还打不开。请把要办的事打成一句话发给我；纸上的材料可以拍成图片发来。',
  video: '视频我还看不了。请把要办的事打成一句话发给我，也可以发图片。',
  location: '位置我还用不上。请把要办的事和地点打成一句话发给我。',
  link: '链接我打不开。请把要办的事打成一句话发给我。',
  other: '这种消息我还看不懂。请把要办的事打成一句话发给我，比如“我要报个需求：车间缺急救培训”；说“帮助”看我能做什么。',
} as const;
export type Unreadable = keyof typeof DECLINED;

const TITLE: Readonly<Record<Answer['kind'], string>> = {
  asks: '请回复',
  refused: '没有办成',
  cancelled: '已取消',
  idle: '没有正在办的事',
  foreign: '这张卡片不能用了',
  failed: '没有办成',
  info: '看这里',
  done: '办好了',
};

/** As a bubble of its own: a card with nothing to press is text, for only a change may grey a button (protocol E.2). */
export function asBubble(message: Message): Message {
  if (!('card' in message) || message.card.done === undefined) return message;
  return { text: asText(message) };
}

/** For where no card can be shown: every button as the words that do the same. `at`: the name to @ in a group. */
export function asText(message: Message, at?: string): string {
  if (!('card' in message)) return message.text;
  const { title, note, facts = [], quote, buttons = [], picks = [], link, done } = message.card;
  const lines = [title, note, ...facts.map(([label, value]) => `${label}：${value}`), quote, link];
  const chosen = picks.length === 1 ? (picks[0]?.options ?? []).map(({ show }) => show) : [];
  if (picks.length > 1)
    lines.push(...picks.map(({ label, options }) => `${label}：${options.map(({ show }) => show).join('、')}`));
  const twins =
    done === undefined ? [...chosen, ...buttons.map(twin)].map((words) => `“${at === undefined ? '' : `@${at} `}${words}”`) : [];
  return [...lines, twins.length > 0 ? `可以回复：${twins.join('、')}` : ''].filter(Boolean).join('\n');
}

/** 通过 on a card about C-2026-0001 is said as 通过 C-2026-0001; 第2个 of a list as its place. */
function twin({ text, tap }: Button): string {
  const place = /^第(\d+)个$/u.exec(text)?.[1];
  if (place !== undefined) return place;
  const number = 'intent' in tap ? tap.said.number : undefined;
  return number === undefined ? text : `${text.replace(/\d+$/u, '')} ${number}`;
}

/** A click can only change the card (decision 14): the answer as one. Words become a card with nothing to press. */
export function asCard({ message, kind }: Answer, before?: Card): Card {
  const card =
    'card' in message ? message.card : { title: TITLE[kind], quote: message.text, done: kind === 'asks' ? '等您回复' : '已处理' };
  // What was picked from stays on the card, for only its own kind can be greyed (protocol E.5).
  const { picks, buttons = [] } = before ?? {};
  return card.done !== undefined && picks && !card.picks ? { ...card, picks, buttons } : card;
}

/**
 * The card as it should stand while the matter is still open: after a question, a cancelled choice or one that ran out,
 * its buttons live on and the words stand above them. undefined when the answer replaces it.
 */
export function keptCard(card: Card | undefined, { message, kind }: Answer): Card | undefined {
  if (!card || card.done !== undefined || !('text' in message)) return undefined;
  const keeps = kind === 'asks' || kind === 'cancelled' || kind === 'foreign' || kind === 'failed';
  return keeps ? { ...card, quote: [message.text, card.quote ?? ''].join('\n────\n') } : undefined;
}
