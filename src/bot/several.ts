/** Several answers to one message as one: one bubble is all a message gets (decision 13). */
import type { Answer } from './bot.ts';
import type { Card, Message } from './reply.ts';

/** In the order things were asked for; the last one is what the person goes on from. */
export function together(answers: readonly Answer[]): Answer {
  const last = answers.at(-1);
  if (!last) throw new Error('no answer');
  if (answers.length === 1) return last;
  const file = answers.some((answer) => answer.file) ? { file: true as const } : {};
  // Of some done and some refused neither is the title.
  const kinds = new Set(answers.map(({ kind: each }) => each));
  const isMixed = kinds.has('done') && kinds.has('refused') && (last.kind === 'done' || last.kind === 'refused');
  const kind = isMixed ? 'info' : last.kind;
  const parts = answers.map((answer, i) => `${i + 1}. ${words(answer)}`);
  if (!('card' in last.message) || last.message.card.done !== undefined) {
    return { ...last, ...file, kind, message: { text: parts.join('\n\n') } };
  }
  const { card } = last.message;
  const before = parts.slice(0, -1).join('\n\n');
  const quote = card.quote === undefined ? before : `${before}\n────\n${card.quote}`;
  return { ...last, ...file, message: { card: { ...card, quote } } };
}

/** A message with something said after it. */
export function followedBy(message: Message, words: string): Message {
  if ('text' in message) return { text: `${message.text}\n${words}` };
  const { quote, ...card } = message.card;
  return { card: { ...card, quote: quote === undefined ? words : `${quote}\n${words}` } };
}

function words({ message }: Answer): string {
  if ('text' in message) return message.text;
  const { title, facts = [], quote }: Card = message.card;
  return [title, ...facts.map(([label, value]) => `${label}：${value}`), quote].filter(Boolean).join('\n');
}
