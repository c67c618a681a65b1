/** 智能机器人: its JSON ⇄ what the bot knows (protocol A.5–A.7). */
import { hash } from 'node:crypto';
import { z } from 'zod';
import type { Answer, Incoming } from '../bot/bot.ts';
import type { Card, Message } from '../bot/reply.ts';
import { asBubble, type Unreadable } from './answer.ts';
import { cutBytes, TEXT_BYTES } from './api.ts';
import { TASK_ID, toTemplateCard } from './cards.ts';
import { WireError } from './crypto.ts';
import { ID } from './envelope.ts';
import { plainMarkdown, plainText } from './plain.ts';

export type BotCallback =
  /** `images`: addresses of pictures that came with it. */
  | { readonly kind: 'message'; readonly incoming: Incoming; readonly images: readonly string[]; readonly responseUrl?: string }
  | { readonly kind: 'click'; readonly incoming: Incoming; readonly taskId: string; readonly cardType: string }
  /** Somebody opened the single chat for the first time today: worth a welcome (protocol A.6). */
  | { readonly kind: 'entered'; readonly incoming: Incoming }
  | { readonly kind: 'file'; readonly incoming: Incoming; readonly url: string }
  /** Nothing the bot can read: it says so and what to do instead. */
  | { readonly kind: 'declined'; readonly id: string; readonly what: Unreadable }
  | { readonly kind: 'poll'; readonly stream: string; readonly place: 'single' | 'group' }
  /** Nothing to say: an empty answer (protocol A.7). `event` is one we do not know. */
  | { readonly kind: 'silent'; readonly event?: string };

const id = z.string().regex(ID);
const url = z.string().min(1).max(4096);
const common = z.object({
  msgid: id,
  aibotid: z.string().optional(),
  chatid: id.optional(),
  chattype: z.enum(['single', 'group']).optional(),
  from: z.object({ userid: id }),
  response_url: url.optional(),
  msgtype: z.string(),
});
const text = z.object({ content: z.string() });
const image = z.object({ url });
const item = z.object({ msgtype: z.string(), text: text.optional(), image: image.optional() });
const mixed = z.object({ msg_item: z.array(item).max(100) });
const file = z.object({ file: z.object({ url }) });
const content = z.object({ text: text.optional(), voice: text.optional(), image: image.optional(), mixed: mixed.optional() });
const IMAGE_CONTENT = content.required({ image: true });
const MIXED_CONTENT = content.required({ mixed: true });
const TEXT_CONTENT = content.required({ text: true });
const VOICE_CONTENT = content.required({ voice: true });
const quote = z.object({ quote: content.optional().catch(undefined) });
const stream = z.object({ stream: z.object({ id: z.string().regex(/^\P{C}{1,512}$/u) }) });
const event = z.object({ event: z.looseObject({ eventtype: z.string() }) });
const one = <T>(value: T | readonly T[]): readonly T[] => (Array.isArray(value) ? (value as readonly T[]) : [value as T]);
const options = z.object({ option_id: z.union([id, z.array(id).max(20)]).transform(one) });
const selection = z.object({ question_key: z.string().min(1).max(1024), option_ids: options });
const selections = z.object({ selected_item: z.union([selection, z.array(selection).max(20)]).transform(one) });
const click = z.object({
  card_type: z.string().default(''),
  event_key: z.string(),
  task_id: z.string().regex(TASK_ID),
  selected_items: selections.optional(),
});

/** Pictures of one message that are fetched. */
const IMAGES = 9;
/** Events with nothing to answer. */
const QUIET = new Set(['feedback_event']);

/** @throws WireError 400 when it is no callback of this bot */
export function readBotCallback(plain: string, bot: { id?: string | undefined; name: string }): BotCallback {
  const json = parse(plain);
  const message = shaped(common, json);
  if (bot.id !== undefined && message.aibotid !== undefined && message.aibotid !== bot.id) throw new WireError(400, 'aibotid');
  if (message.chattype === 'group' && message.chatid === undefined) throw new WireError(400, 'chatid');
  // Not a person (protocol A.5).
  if (message.from.userid === 'sys') return { kind: 'silent' };

  const kind = message.chattype ?? (message.chatid === undefined ? 'single' : 'group');
  const base = {
    id: message.msgid,
    from: message.from.userid,
    chat: { kind, id: message.chatid ?? message.from.userid },
    channel: `bot.${kind}`,
  };
  const said = (words: string, images: readonly string[] = []): BotCallback => {
    const quoted = quotedNumber(shaped(quote, json).quote);
    const incoming = { ...base, text: withoutMention(words, bot.name), ...(quoted === undefined ? {} : { quoted }) };
    const { response_url: responseUrl } = message;
    return { kind: 'message', incoming, images: images.slice(0, IMAGES), ...(responseUrl === undefined ? {} : { responseUrl }) };
  };
  const declined = (what: Unreadable): BotCallback => ({ kind: 'declined', id: message.msgid, what });
  switch (message.msgtype) {
    case 'text':
      return said(shaped(TEXT_CONTENT, json).text.content);
    case 'voice': {
      const words = shaped(VOICE_CONTENT, json).voice.content;
      return words.trim() === '' ? declined('voice') : said(words);
    }
    case 'image':
      return said('', [shaped(IMAGE_CONTENT, json).image.url]);
    case 'mixed': {
      const parts = shaped(MIXED_CONTENT, json).mixed;
      return said(
        wordsOf(parts),
        parts.msg_item.flatMap((part) => part.image?.url ?? []),
      );
    }
    case 'file':
      return { kind: 'file', incoming: { ...base, text: '' }, url: shaped(file, json).file.url };
    case 'video':
      return declined('video');
    case 'stream':
      return { kind: 'poll', stream: shaped(stream, json).stream.id, place: kind };
    case 'event': {
      const { eventtype, ...rest } = shaped(event, json).event;
      if (eventtype === 'enter_chat') return { kind: 'entered', incoming: { ...base, text: '' } };
      if (eventtype !== 'template_card_event')
        return QUIET.has(eventtype) ? { kind: 'silent' } : { kind: 'silent', event: eventtype };
      // The official types put the details directly under `event`, the payload nests them (protocol A.6).
      const { card_type, event_key, task_id, selected_items } = shaped(click, rest.template_card_event ?? rest);
      const picked = (selected_items?.selected_item ?? []).map((each) => [each.question_key, each.option_ids.option_id] as const);
      const incoming = {
        ...base,
        tap: event_key,
        card: task_id,
        ...(picked.length ? { picked: Object.fromEntries(picked) } : {}),
      };
      return { kind: 'click', incoming, taskId: task_id, cardType: card_type };
    }
    default:
      return declined('other');
  }
}

function wordsOf(parts: z.infer<typeof mixed>): string {
  return parts.msg_item.flatMap((part) => part.text?.content ?? []).join('\n');
}

/** A quote carries no id, so a matter is known by the number we wrote into the message (protocol A.5). */
function quotedNumber(quoted: z.infer<typeof content> | undefined): string | undefined {
  const words = quoted?.text?.content ?? quoted?.voice?.content ?? (quoted?.mixed ? wordsOf(quoted.mixed) : '');
  const numbers = new Set(words.match(/(?<![A-Z0-9])[A-Z]-\d{4}-\d{4}(?!\d)/gu));
  return numbers.size === 1 ? [...numbers][0] : undefined;
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
export function writeBotAnswer(message: Message, messageId: string, source: string): object {
  const bubble = asBubble(message);
  if ('card' in bubble)
    return { msgtype: 'template_card', template_card: toTemplateCard(bubble.card, taskIdOf(messageId), source) };
  return writeStream(streamIdOf(messageId), bubble.text, true);
}

/** The answer to an entry: the one place where plain text is allowed (protocol A.7). */
export function writeBotWelcome(message: Message, messageId: string, source: string): object {
  const bubble = asBubble(message);
  return 'card' in bubble
    ? writeBotAnswer(message, messageId, source)
    : { msgtype: 'text', text: { content: cutBytes(plainText(bubble.text), TEXT_BYTES) } };
}

/** The answer to a click: the card changes, for everybody who sees it or for its presser alone. */
export function writeBotUpdate(card: Card, { shared }: Answer, presser: string, taskId: string, source: string): object {
  return {
    response_type: 'update_template_card',
    ...(shared ? {} : { userids: [presser] }),
    template_card: toTemplateCard(card, taskId, source),
  };
}

export function writeStream(id: string, words: string, finish: boolean): object {
  return { msgtype: 'stream', stream: { id, finish, content: cutBytes(plainMarkdown(words), STREAM_BYTES) } };
}

/** The id of the stream that answers a message, and back: a refresh after a restart knows nothing else. */
export function streamIdOf(messageId: string): string {
  return Buffer.from(messageId).toString('base64url');
}

/** undefined when it is no stream of ours. */
export function messageIdOf(streamId: string): string | undefined {
  const messageId = Buffer.from(streamId, 'base64url').toString();
  return ID.test(messageId) && streamIdOf(messageId) === streamId ? messageId : undefined;
}

/** The card that answers a message: a repeat gets the very same. */
export function taskIdOf(messageId: string): string {
  return hash('sha256', messageId).slice(0, 32);
}
