/** 自建应用: its XML ⇄ what the bot knows (protocol C.2–C.4). The only door to a person unprompted. */
import { hash } from 'node:crypto';
import type { Incoming, Picked } from '../bot/bot.ts';
import { readTap } from '../bot/tap.ts';
import type { Unreadable } from './answer.ts';
import { cutBytes, TEXT_BYTES } from './api.ts';
import { TASK_ID, toXmlCard, type TemplateCard } from './cards.ts';
import { WireError } from './crypto.ts';
import { buildXml, ID, parseXml, type XmlNode, type XmlValue } from './envelope.ts';
import { plainText } from './plain.ts';

export type AppCallback =
  /** `media`: the picture that came with it. */
  | { readonly kind: 'message'; readonly incoming: Incoming; readonly media?: string }
  | { readonly kind: 'click'; readonly incoming: Incoming; readonly taskId: string; readonly responseCode: string }
  /** Somebody can use the app from now on. */
  | { readonly kind: 'welcomed'; readonly incoming: Incoming }
  /** Somebody opened the app's chat, as happens many times a day. */
  | { readonly kind: 'entered'; readonly incoming: Incoming }
  /** Nothing the bot can read: it says so and what to do instead. */
  | { readonly kind: 'declined'; readonly from: string; readonly what: Unreadable }
  /** Nothing to do: `success` (protocol C.1). `event` is one we do not know. */
  | { readonly kind: 'silent'; readonly event?: string; readonly contacts?: boolean };

const RESPONSE_CODE = /^\P{C}{1,1024}$/u;
const KINDS: ReadonlySet<string> = new Set(['voice', 'video', 'file', 'location', 'link'] satisfies Unreadable[]);
/** Events with nothing to answer (protocol C.3). */
const QUIET = new Set(['unsubscribe', 'view', 'view_miniprogram', 'LOCATION', 'change_contact', 'batch_job_result']);

/** @throws WireError 400 when it is no callback of this corp's app */
export function readAppCallback(plain: string, corpId: string): AppCallback {
  const xml = parseXml(plain);
  const from = idField(xml, 'FromUserName');
  if (field(xml, 'ToUserName') !== corpId) throw new WireError(400, 'corp');
  // Not a person (protocol C.3).
  if (from === 'sys') {
    const event = field(xml, 'Event', '');
    if (event === 'change_contact') return { kind: 'silent', contacts: true };
    return QUIET.has(event) ? { kind: 'silent' } : { kind: 'silent', event };
  }
  const base = { from, chat: { kind: 'single' as const, id: from }, channel: 'app.single' };
  const type = field(xml, 'MsgType');
  switch (type) {
    case 'text':
      return { kind: 'message', incoming: { ...base, id: idField(xml, 'MsgId'), text: field(xml, 'Content', '') } };
    case 'image':
      return { kind: 'message', incoming: { ...base, id: idField(xml, 'MsgId'), text: '' }, media: field(xml, 'MediaId') };
    case 'event':
      // Events carry no MsgId, and one second may bring two: the whole plaintext tells them apart (protocol C.1).
      return readEvent(xml, { ...base, id: hash('sha256', plain) });
    default:
      return { kind: 'declined', from, what: KINDS.has(type) ? (type as Unreadable) : 'other' };
  }
}

function readEvent(xml: XmlNode, base: Omit<Incoming, 'text' | 'tap' | 'picked'>): AppCallback {
  const event = field(xml, 'Event');
  switch (event) {
    case 'template_card_event':
    case 'template_card_menu_event': {
      const taskId = idField(xml, 'TaskId', TASK_ID);
      const picked = readPicked(xml);
      const incoming = { ...base, tap: field(xml, 'EventKey'), card: taskId, ...(picked ? { picked } : {}) };
      return { kind: 'click', incoming, taskId, responseCode: idField(xml, 'ResponseCode', RESPONSE_CODE) };
    }
    case 'click': {
      // A menu's keys are taps; what is none is said as words.
      const key = field(xml, 'EventKey');
      return { kind: 'message', incoming: readTap(key) ? { ...base, tap: key } : { ...base, text: key } };
    }
    case 'subscribe':
      return { kind: 'welcomed', incoming: { ...base, text: '' } };
    case 'enter_agent':
      return { kind: 'entered', incoming: { ...base, text: '' } };
    default:
      return QUIET.has(event) ? { kind: 'silent' } : { kind: 'silent', event };
  }
}

/** SelectedItems and OptionIds are lists also when they hold one (protocol C.3). */
function readPicked(xml: XmlNode): Picked | undefined {
  const items = asNode(xml['SelectedItems'])?.['SelectedItem'];
  if (!Array.isArray(items)) return undefined;
  const picks = items.map((each) => {
    const item = asNode(each) ?? {};
    const ids = asNode(item['OptionIds'])?.['OptionId'];
    return [field(item, 'QuestionKey'), Array.isArray(ids) ? ids.filter((id) => typeof id === 'string') : []] as const;
  });
  return Object.fromEntries(picks);
}

function asNode(value: XmlNode[string] | undefined): XmlNode | undefined {
  return typeof value === 'object' && !Array.isArray(value) ? value : undefined;
}

function field(xml: XmlNode, name: string, fallback?: string): string {
  const value = xml[name] ?? fallback;
  if (typeof value !== 'string' || (value === '' && fallback === undefined)) throw new WireError(400, 'shape');
  return value;
}

function idField(xml: XmlNode, name: string, form: RegExp = ID): string {
  const value = field(xml, name);
  if (!form.test(value)) throw new WireError(400, 'shape');
  return value;
}

/** A passive answer: sender and receiver change places. `at` in seconds. */
function passive(content: { [name: string]: XmlValue }, to: string, corpId: string, at: number): string {
  return buildXml({ ToUserName: to, FromUserName: corpId, CreateTime: at, ...content });
}

export function writeAppText(words: string, to: string, corpId: string, at: number): string {
  return passive({ MsgType: 'text', Content: cutBytes(plainText(words), TEXT_BYTES) }, to, corpId, at);
}

/** Changes the clicked card, for the clicker only (protocol E.5). */
export function writeAppUpdate(card: TemplateCard, to: string, corpId: string, at: number): string {
  return passive({ MsgType: 'update_template_card', TemplateCard: toXmlCard(card) }, to, corpId, at);
}
