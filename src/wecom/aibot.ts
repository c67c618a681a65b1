/** 智能机器人: its JSON ⇄ what the bot knows (protocol A.5–A.7). */
import { hash } from 'node:crypto';
import { z } from 'zod';
import type { Answer, Incoming } from '../bot/bot.ts';
import { asBubble, asCard } from './answer.ts';
import { cutBytes, TEXT_BYTES } from './api.ts';
import { toTemplateCard } from './cards.ts';
import { WireError } from './crypto.ts';

export type BotCallback =
  | { readonly kind: 'message'; readonly incoming: Incoming }
  | { readonly kind: 'click'; readonly incoming: Incoming; readonly taskId: string }
  /** Somebody opened the single chat for the first time today: worth a welcome (protocol A.6). */
  | { readonly kind: 'entered'; readonly incoming: Incoming }
  /** A kind of message the bot does not read yet. */
  | { readonly kind: 'unread'; readonly id: string }
  | { readonly kind: 'poll'; readonly stream: string }
  /** Nothing to say: an empty answer (protocol A.7). */
  | { readonly kind: 'silent' };

const id = z.string().min(1).max(256);
const common = z.object({
  msgid: id,
  aibotid: z.string().optional(),
  chatid: id.optional(),
  chattype: z.enum(['single', 'group']).optional(),
  from: z.object({ userid: id }),
  msgtype: z.string(),
});
const text = z.object({ text: z.object({ content: z.string() }) });
const stream = z.object({ stream: z.object({ id }) });
const event = z.object({ event: z.object({ eventtype: z.string(), template_card_event: z.unknown().optional() }) });
const click = z.object({ event_key: z.string(), task_id: id });

/** @throws WireError 400 when it is no callback of this bot */
export function readBotCallback(plain: string, bot: { id?: string | undefined; name: string }): BotCallback {
  const json = parse(plain);
  const message = shaped(common, json);
  if (bot.id !== undefined && message.aibotid !== undefined && message.aibotid !== bot.id) throw new WireError(400, 'aibotid');
  if (message.chattype === 'group' && message.chatid === undefined) throw new WireError(400, 'chatid');

  const kind = message.chattype ?? (message.chatid === undefined ? 'single' : 'group');
  const base = {
    id: message.msgid,
    from: message.from.userid,
    chat: { kind, id: message.chatid ?? message.from.userid },
    channel: `bot.${kind}`,
  };
  switch (message.msgtype) {
    case 'text':
      return { kind: 'message', incoming: { ...base, text: withoutMention(shaped(text, json).text.content, bot.name) } };
    case 'stream':
      return { kind: 'poll', stream: shaped(stream, json).stream.id };
    case 'event': {
      const { eventtype, template_card_event } = shaped(event, json).event;
      if (eventtype === 'enter_chat') return { kind: 'entered', incoming: { ...base, text: '' } };
      if (eventtype !== 'template_card_event') return { kind: 'silent' };
      const { event_key, task_id } = shaped(click, template_card_event);
      return { kind: 'click', incoming: { ...base, tap: event_key, card: task_id }, taskId: task_id };
    }
    default:
      return { kind: 'unread', id: message.msgid };
  }
}

function parse(plain: string): unknown {
  try {
    return JSON.parse(plain);
  } catch {
    throw new WireError(400, 'json');
  }
}

function shaped<T>(schema: z.ZodType<T>, value: unknown): T {
  const parsed = schema.safeParse(value);
  if (!parsed.success) throw new WireError(400, 'shape');
  return parsed.data;
}

/** Only the bot's own name, once, from the front: any other @ is content (protocol G.3 #22). */
function withoutMention(content: string, name: string): string {
  const words = content.trimStart();
  return words.startsWith(`@${name}`) ? words.slice(name.length + 1).trim() : content.trim();
}

/** Cut so that a long answer still arrives (protocol A.7). */
const STREAM_BYTES = 20_480;

/** The answer to a message: one bubble, text as a finished stream, or a card. */
export function writeBotAnswer(answer: Answer, messageId: string, source: string): object {
  const message = asBubble(answer.message);
  if ('card' in message)
    return { msgtype: 'template_card', template_card: toTemplateCard(message.card, derivedId(messageId), source) };
  return writeStream(derivedId(messageId), cutBytes(plainMarkdown(message.text), STREAM_BYTES));
}

/** The answer to an entry: the one place where plain text is allowed (protocol A.7). */
export function writeBotWelcome(answer: Answer, messageId: string, source: string): object {
  const message = asBubble(answer.message);
  return 'card' in message
    ? writeBotAnswer(answer, messageId, source)
    : { msgtype: 'text', text: { content: cutBytes(message.text, TEXT_BYTES) } };
}

/** The answer to a click: the card changes, for everybody who sees it unless it was not the presser's to press. */
export function writeBotUpdate(answer: Answer, presser: string, taskId: string, source: string): object {
  return {
    response_type: 'update_template_card',
    ...(answer.kind === 'foreign' ? { userids: [presser] } : {}),
    template_card: toTemplateCard(asCard(answer), taskId, source),
  };
}

export function writeStream(streamId: string, content: string): object {
  return { msgtype: 'stream', stream: { id: streamId, finish: true, content } };
}

/** A repeat of a message gets the very same ids. */
function derivedId(messageId: string): string {
  return hash('sha256', messageId).slice(0, 32);
}

/** Our texts use no Markdown, so what people wrote into them must not become any (protocol F). */
function plainMarkdown(words: string): string {
  return words
    .replaceAll('<', '＜')
    .replaceAll('](', '] (')
    .replace(/([`*_~])/gu, '\\$1');
}
