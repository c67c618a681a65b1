/** Card ⇄ template_card: every dialect and limit of the platform's cards, asserted before sending (protocol E.1, E.2). */
import { CARD, type Card, type Pick } from '../bot/reply.ts';
import { writeTap } from '../bot/tap.ts';
import { isList, type XmlValue } from './envelope.ts';

type KeyValue = { keyname: string; value: string };
type TemplateButton = { text: string; style: number; key: string };
type Option = { id: string; text: string; is_checked?: boolean };
type Selection = { question_key: string; title: string; disable?: boolean; selected_id?: string; option_list: Option[] };

export type TemplateCard = {
  card_type: 'text_notice' | 'news_notice' | 'button_interaction' | 'vote_interaction' | 'multiple_interaction';
  source: { desc: string; desc_color: number };
  main_title: { title: string; desc?: string };
  quote_area?: { type: 0; quote_text: string };
  horizontal_content_list?: KeyValue[];
  card_image?: { url: string; aspect_ratio: number };
  card_action?: { type: 1; url: string };
  button_selection?: Selection;
  button_list?: TemplateButton[];
  checkbox?: { question_key: string; mode: 0 | 1; disable?: boolean; option_list: Option[] };
  select_list?: Selection[];
  submit_button?: { text: string; key: string };
  /** The grey, unpressable button of a card that is over (protocol E.5). */
  replace_text?: string;
  task_id?: string;
};

const STYLE = { primary: 1, plain: 2, danger: 3 } as const;
const MAX_KEY_BYTES = 1024;
const MAX_OPTION_BYTES = 128;
const MAX_URL_BYTES = 2048;
/** Recommended lengths in characters; more is cut off on a phone, so we cut it ourselves. */
const SHOWN = { title: 36, note: 44, button: CARD.buttonText, label: 5, value: 30, pick: 13, option: 16, box: 17 };
export const TASK_ID = /^[\w@-]{1,128}$/;

/** @throws Error when the platform would refuse it: a fault of ours, caught by the stories. */
export function toTemplateCard(card: Card, taskId: string, source: string): TemplateCard {
  const must = (holds: boolean, what: string): void => {
    if (!holds) throw new Error(`card: ${what}`);
  };
  const { buttons = [], picks = [], facts = [], link, picture, done } = card;
  must(TASK_ID.test(taskId), 'task_id');
  must(buttons.length <= CARD.buttons, `${buttons.length} buttons`);
  must(facts.length <= CARD.facts, `${facts.length} facts`);
  must(picks.length <= CARD.picks, `${picks.length} picks`);
  const list = buttons.map((button) => ({
    text: cut(button.text, SHOWN.button),
    style: STYLE[button.look ?? 'plain'],
    key: writeTap(button.tap),
  }));
  must(
    list.every(({ key }) => Buffer.byteLength(key) <= MAX_KEY_BYTES),
    'a key is too long',
  );
  must(isUnique(list.map(({ key }) => key)), 'two buttons have one key');
  must(isUnique(picks.map(({ slot }) => slot)), 'two picks have one slot');
  for (const { options, many } of picks) {
    const most = many || picks.length === 1 ? CARD.boxes : CARD.options;
    must(options.length >= 1 && options.length <= most, `${options.length} options`);
    must(
      options.every(({ say, show }) => say !== '' && show !== '' && Buffer.byteLength(say) <= MAX_OPTION_BYTES),
      'an option is empty or too long',
    );
    must(isUnique(options.map(({ say }) => say)), 'two options say the same');
  }

  const main_title = {
    title: cut(card.title, SHOWN.title),
    ...(card.note === undefined ? {} : { desc: cut(card.note, SHOWN.note) }),
  };
  const head = { source: { desc: source, desc_color: 0 }, main_title };
  const body = {
    ...(card.quote === undefined ? {} : { quote_area: { type: 0 as const, quote_text: card.quote } }),
    ...(facts.length > 0 ? { horizontal_content_list: facts.map(toKeyValue) } : {}),
  };
  const over = done === undefined ? {} : { replace_text: done };
  const off = done === undefined ? {} : { disable: true };

  if (link !== undefined && buttons.length === 0 && done === undefined) {
    must(/^https?:/.test(link) && Buffer.byteLength(link) <= MAX_URL_BYTES, 'link');
    must(picks.length === 0, 'picks on a notice');
    const notice = { ...head, ...body, card_action: { type: 1 as const, url: link } };
    if (!picture) return { card_type: 'text_notice', ...notice };
    must(picture.ratio > 1.3 && picture.ratio < 2.25, 'picture ratio');
    return { card_type: 'news_notice', ...notice, card_image: { url: picture.url, aspect_ratio: picture.ratio } };
  }

  must(buttons.length > 0 || done !== undefined, 'no button and not done');
  const [pick] = picks;
  if (pick && buttons.length < 2) {
    // These two have no quote and no facts, and die only when they keep their kind and every choice is disabled (protocol E.5).
    const words = [card.note, ...facts.map(([label, value]) => `${label}：${value}`), card.quote].filter(Boolean).join(' ');
    const said = { ...head, main_title: { title: main_title.title, ...(words ? { desc: cut(words, SHOWN.note) } : {}) } };
    const submit_button =
      done === undefined && list[0] ? { text: list[0].text, key: list[0].key } : { text: done ?? '', key: 'done' };
    const rest = { submit_button, ...over, task_id: taskId };
    if (pick.many || pick.options.length > CARD.options) {
      must(picks.length === 1, 'boxes beside another pick');
      const option_list = pick.options.map(({ say, show }) => ({
        id: say,
        text: cut(show, SHOWN.box),
        is_checked: pick.chosen?.includes(say) ?? false,
      }));
      const checkbox = { question_key: pick.slot, mode: pick.many ? (1 as const) : (0 as const), ...off, option_list };
      return { card_type: 'vote_interaction', ...said, checkbox, ...rest };
    }
    return {
      card_type: 'multiple_interaction',
      ...said,
      select_list: picks.map((each) => ({ ...toSelection(each), ...off })),
      ...rest,
    };
  }
  must(picks.length < 2 && !pick?.many && (pick?.options.length ?? 0) <= CARD.options, 'picks beside several buttons');
  return {
    card_type: 'button_interaction',
    ...head,
    ...body,
    ...(pick ? { button_selection: { ...toSelection(pick), ...off } } : {}),
    button_list: done === undefined ? list : [{ text: done, style: STYLE.plain, key: 'done' }],
    ...over,
    task_id: taskId,
  };
}

function toSelection({ slot, label, options, chosen }: Pick): Selection {
  return {
    question_key: slot,
    title: cut(label, SHOWN.pick),
    ...(chosen?.[0] === undefined ? {} : { selected_id: chosen[0] }),
    option_list: options.map(({ say, show }) => ({ id: say, text: cut(show, SHOWN.option) })),
  };
}

function isUnique(words: readonly string[]): boolean {
  return new Set(words).size === words.length;
}

function toKeyValue([label, value]: readonly [string, string]): KeyValue {
  return { keyname: cut(label, SHOWN.label), value: cut(value, SHOWN.value) };
}

function cut(text: string, characters: number): string {
  const all = [...text];
  return all.length <= characters ? text : `${all.slice(0, characters - 1).join('')}…`;
}

/** Names that are not simply the JSON name in PascalCase. */
const XML_NAME: Readonly<Record<string, string>> = { keyname: 'KeyName', checkbox: 'CheckBox' };

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
