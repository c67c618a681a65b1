/** Card ⇄ template_card: every dialect and limit of the platform's cards, asserted before sending (protocol E.1, E.2). */
import { CARD, type Card } from '../bot/reply.ts';
import { writeTap } from '../bot/tap.ts';
import { isList, type XmlValue } from './envelope.ts';

type KeyValue = { keyname: string; value: string };
type TemplateButton = { text: string; style: number; key: string };

export type TemplateCard = {
  card_type: 'button_interaction';
  source: { desc: string; desc_color: number };
  main_title: { title: string; desc?: string };
  quote_area?: { type: 0; quote_text: string };
  horizontal_content_list?: KeyValue[];
  button_list: TemplateButton[];
  /** The grey, unpressable button of a card that is over (protocol E.5). */
  replace_text?: string;
  task_id: string;
};

const STYLE = { primary: 1, plain: 2, danger: 3 } as const;
const MAX_KEY_BYTES = 1024;
/** Recommended lengths in characters; more is cut off on a phone, so we cut it ourselves. */
const SHOWN = { title: 36, note: 44, button: CARD.buttonText, label: 5, value: 30 };
const TASK_ID = /^[\w@-]{1,128}$/;

/** @throws Error when the platform would refuse it: a fault of ours, caught by the stories. */
export function toTemplateCard(card: Card, taskId: string, source: string): TemplateCard {
  const buttons = card.buttons ?? [];
  if (!TASK_ID.test(taskId)) throw new Error('card: task_id');
  if (buttons.length > CARD.buttons) throw new Error(`card: ${buttons.length} buttons`);
  if (buttons.length === 0 && card.done === undefined) throw new Error('card: no button and not done');
  if ((card.facts?.length ?? 0) > CARD.facts) throw new Error(`card: ${card.facts?.length} facts`);
  const list = buttons.map((button) => ({
    text: cut(button.text, SHOWN.button),
    style: STYLE[button.look ?? 'plain'],
    key: writeTap(button.tap),
  }));
  if (list.some(({ key }) => Buffer.byteLength(key) > MAX_KEY_BYTES)) throw new Error('card: a key is too long');
  if (new Set(list.map(({ key }) => key)).size < list.length) throw new Error('card: two buttons have one key');
  return {
    card_type: 'button_interaction',
    source: { desc: source, desc_color: 0 },
    main_title: { title: cut(card.title, SHOWN.title), ...(card.note === undefined ? {} : { desc: cut(card.note, SHOWN.note) }) },
    ...(card.quote === undefined ? {} : { quote_area: { type: 0, quote_text: card.quote } }),
    ...(card.facts?.length ? { horizontal_content_list: card.facts.map(toKeyValue) } : {}),
    button_list: card.done === undefined ? list : [{ text: card.done, style: STYLE.plain, key: 'done' }],
    ...(card.done === undefined ? {} : { replace_text: card.done }),
    task_id: taskId,
  };
}

function toKeyValue([label, value]: readonly [string, string]): KeyValue {
  return { keyname: cut(label, SHOWN.label), value: cut(value, SHOWN.value) };
}

function cut(text: string, characters: number): string {
  const all = [...text];
  return all.length <= characters ? text : `${all.slice(0, characters - 1).join('')}…`;
}

/** Names that are not simply the JSON name in PascalCase. */
const XML_NAME: Readonly<Record<string, string>> = { keyname: 'KeyName' };

/** The same card for a passive update of the app: PascalCase, lists as repeated siblings, no task id (protocol C.4). */
export function toXmlCard({ task_id: _task, ...card }: TemplateCard): XmlValue {
  return toXml(card);
}

function toXml(value: XmlValue): XmlValue {
  if (typeof value !== 'object') return value;
  if (isList(value)) return value.map(toXml);
  return Object.fromEntries(
    Object.entries(value).flatMap(([name, inner]) =>
      inner === undefined ? [] : [[XML_NAME[name] ?? pascal(name), toXml(inner)]],
    ),
  );
}

function pascal(name: string): string {
  return name.replace(/(?:^|_)([a-z])/g, (_, letter: string) => letter.toUpperCase());
}
