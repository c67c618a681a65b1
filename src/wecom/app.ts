/** 自建应用: its XML ⇄ what the bot knows (protocol C.2–C.4). The only door to a person unprompted. */
import { hash } from 'node:crypto';
import type { Incoming } from '../bot/bot.ts';
import { cutBytes, TEXT_BYTES } from './api.ts';
import { toXmlCard, type TemplateCard } from './cards.ts';
import { WireError } from './crypto.ts';
import { buildXml, parseXml, type XmlNode, type XmlValue } from './envelope.ts';

export type AppCallback =
  | { readonly kind: 'message'; readonly incoming: Incoming }
  | { readonly kind: 'click'; readonly incoming: Incoming; readonly taskId: string; readonly responseCode: string }
  /** A kind of message the bot does not read yet. */
  | { readonly kind: 'unread'; readonly from: string }
  /** Nothing to do: `success` (protocol C.1). */
  | { readonly kind: 'silent' };

/** @throws WireError 400 when it is no callback of this corp's app */
export function readAppCallback(plain: string, corpId: string): AppCallback {
  const xml = parseXml(plain);
  const from = field(xml, 'FromUserName');
  if (field(xml, 'ToUserName') !== corpId) throw new WireError(400, 'corp');
  const base = { from, chat: { kind: 'single' as const, id: from }, channel: 'app.single' };
  switch (field(xml, 'MsgType')) {
    case 'text':
      return { kind: 'message', incoming: { ...base, id: field(xml, 'MsgId'), text: field(xml, 'Content', '') } };
    case 'event': {
      const event = field(xml, 'Event');
      if (event !== 'template_card_event' && event !== 'template_card_menu_event') return { kind: 'silent' };
      const taskId = field(xml, 'TaskId');
      // Events carry no MsgId, and one second may bring two: the whole plaintext tells them apart (protocol C.1).
      const incoming = { ...base, id: hash('sha256', plain), tap: field(xml, 'EventKey'), card: taskId };
      return { kind: 'click', incoming, taskId, responseCode: field(xml, 'ResponseCode') };
    }
    default:
      return { kind: 'unread', from };
  }
}

function field(xml: XmlNode, name: string, fallback?: string): string {
  const value = xml[name] ?? fallback;
  if (typeof value !== 'string' || (value === '' && fallback === undefined)) throw new WireError(400, 'shape');
  return value;
}

/** A passive answer: sender and receiver change places. `at` in seconds. */
function passive(content: { [name: string]: XmlValue }, to: string, corpId: string, at: number): string {
  return buildXml({ ToUserName: to, FromUserName: corpId, CreateTime: at, ...content });
}

export function writeAppText(words: string, to: string, corpId: string, at: number): string {
  return passive({ MsgType: 'text', Content: cutBytes(words, TEXT_BYTES) }, to, corpId, at);
}

/** Changes the clicked card, for the clicker only (protocol E.5). */
export function writeAppUpdate(card: TemplateCard, to: string, corpId: string, at: number): string {
  return passive({ MsgType: 'update_template_card', TemplateCard: toXmlCard(card) }, to, corpId, at);
}
