/** What both doors make of the bot's words: a bubble of its own, or a change of the card pressed. */
import type { Answer } from '../bot/bot.ts';
import type { Card, Message } from '../bot/reply.ts';

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
  const { title, note, facts = [], quote } = message.card;
  return { text: [title, note, ...facts.map(([label, value]) => `${label}：${value}`), quote].filter(Boolean).join('\n') };
}

/** A click can only change the card (decision 14): the answer as one. Words become a card with nothing to press. */
export function asCard({ message, kind }: Answer): Card {
  if ('card' in message) return message.card;
  return { title: TITLE[kind], quote: message.text, done: kind === 'asks' ? '等您回复' : '已处理' };
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
