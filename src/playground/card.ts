/** What WeCom accepts as a template_card (protocol E.1, E.2, E.6). */
import { z } from 'zod';
import type { Door, Xml } from './wire.ts';

const option = z.strictObject({ id: z.string(), text: z.string(), is_checked: z.boolean().optional() });
const selector = z.strictObject({
  question_key: z.string(),
  title: z.string().optional(),
  disable: z.boolean().optional(),
  selected_id: z.string().optional(),
  option_list: z.array(option),
});
const link = {
  type: z.number().optional(),
  url: z.string().optional(),
  appid: z.string().optional(),
  pagepath: z.string().optional(),
};
const titled = z.strictObject({ title: z.string().optional(), desc: z.string().optional() });

const templateCard = z.strictObject({
  card_type: z.enum(['text_notice', 'news_notice', 'button_interaction', 'vote_interaction', 'multiple_interaction']),
  source: z
    .strictObject({ icon_url: z.string().optional(), desc: z.string().optional(), desc_color: z.number().optional() })
    .optional(),
  action_menu: z
    .strictObject({
      desc: z.string().optional(),
      action_list: z.array(z.strictObject({ text: z.string(), key: z.string() })),
    })
    .optional(),
  main_title: titled.optional(),
  emphasis_content: titled.optional(),
  quote_area: z.strictObject({ ...link, title: z.string().optional(), quote_text: z.string().optional() }).optional(),
  sub_title_text: z.string().optional(),
  horizontal_content_list: z
    .array(
      z.strictObject({
        type: z.number().optional(),
        keyname: z.string(),
        value: z.string().optional(),
        url: z.string().optional(),
        media_id: z.string().optional(),
        userid: z.string().optional(),
      }),
    )
    .optional(),
  vertical_content_list: z.array(titled).optional(),
  jump_list: z.array(z.strictObject({ ...link, title: z.string(), question: z.string().optional() })).optional(),
  card_action: z.strictObject(link).optional(),
  card_image: z.strictObject({ url: z.string(), aspect_ratio: z.number().optional() }).optional(),
  image_text_area: z
    .strictObject({ ...link, title: z.string().optional(), desc: z.string().optional(), image_url: z.string() })
    .optional(),
  button_selection: selector.optional(),
  select_list: z.array(selector).optional(),
  button_list: z
    .array(
      z.strictObject({
        type: z.number().optional(),
        text: z.string(),
        style: z.number().optional(),
        key: z.string().optional(),
        url: z.string().optional(),
      }),
    )
    .optional(),
  checkbox: z
    .strictObject({
      question_key: z.string(),
      mode: z.number().optional(),
      disable: z.boolean().optional(),
      option_list: z.array(option),
    })
    .optional(),
  submit_button: z.strictObject({ text: z.string().optional(), key: z.string() }).optional(),
  task_id: z.string().optional(),
  replace_text: z.string().optional(),
  feedback: z.strictObject({ id: z.string() }).optional(),
});

export type TemplateCard = z.infer<typeof templateCard>;
/** `errcode` 0: WeCom would let it pass, and people would see something else than was meant. */
export type Problem = { errcode: number; words: string };

const bytes = (text: string): number => Buffer.byteLength(text);
const isUnique = (list: string[]): boolean => new Set(list).size === list.length;

export const isInteractive = (card: TemplateCard): boolean => card.card_type.endsWith('_interaction');

/** A card as it came over the wire, with everything WeCom would find wrong with it. */
export function readCard(
  input: unknown,
  door: Door,
  use: 'send' | 'update',
): { card: TemplateCard | undefined; problems: Problem[] } {
  const parsed = templateCard.safeParse(input);
  if (!parsed.success) {
    const problems = parsed.error.issues.map((issue) => ({
      errcode: issue.path[0] === 'card_type' ? 42031 : 40058,
      words: `卡片 ${issue.path.join('.')}：${issue.message}`,
    }));
    return { card: undefined, problems };
  }
  return { card: parsed.data, problems: problemsOf(parsed.data, door, use) };
}

function problemsOf(card: TemplateCard, door: Door, use: 'send' | 'update'): Problem[] {
  const problems: Problem[] = [];
  const must = (holds: boolean, errcode: number, words: string): void => {
    if (!holds) problems.push({ errcode, words: `卡片（${card.card_type}）${words}` });
  };
  const actions = card.action_menu?.action_list ?? [];
  const buttons = card.button_list ?? [];
  const rows = card.horizontal_content_list ?? [];
  const hasAction = card.card_action?.type === 1 || card.card_action?.type === 2;
  const isNotice = !isInteractive(card);

  must(Boolean(card.main_title?.title) || (card.card_type === 'text_notice' && Boolean(card.sub_title_text)), 42033, '缺标题');
  if (isNotice) must(hasAction, 42045, '缺 card_action（type 1 或 2）');
  if (card.card_action?.type === 1) must(Boolean(card.card_action.url), 42045, 'card_action 缺 url');
  if (card.card_type === 'news_notice') must(Boolean(card.card_image ?? card.image_text_area), 42044, '缺图片');
  if (card.card_type === 'button_interaction') must(buttons.length > 0, 42017, '缺按钮');
  if (card.card_type === 'vote_interaction') must(card.checkbox !== undefined, 42037, '缺选项');
  if (card.card_type === 'multiple_interaction') must((card.select_list ?? []).length > 0, 42047, '缺下拉框');
  if (card.card_type === 'vote_interaction' || card.card_type === 'multiple_interaction') {
    must(card.submit_button !== undefined, 42046, '缺提交按钮');
  }

  if (use === 'send') {
    must(!(isInteractive(card) || card.action_menu) || card.task_id !== undefined, 42014, '缺 task_id');
    must(card.replace_text === undefined, 0, 'replace_text 只在更新时有效');
  }
  if (card.task_id !== undefined) {
    must(/^[0-9A-Za-z_@-]+$/.test(card.task_id) && bytes(card.task_id) <= 128, 42014, `task_id 不合法：${card.task_id}`);
  }

  must(buttons.length <= 6, 42017, `有 ${buttons.length} 个按钮，最多 6 个`);
  for (const button of buttons) {
    must(button.text !== '' && bytes(button.text) <= 1024, 42038, '按钮文字为空或超过 1024 字节');
    if (button.type === 1) must(Boolean(button.url) && door === 'app', 42028, `按钮「${button.text}」缺 url`);
    else must(Boolean(button.key) && bytes(button.key ?? '') <= 1024, 42039, `按钮「${button.text}」的 key 为空或超过 1024 字节`);
    must([undefined, 1, 2, 3, 4].includes(button.style), 0, `按钮「${button.text}」的 style 只能是 1–4`);
  }
  must(isUnique(buttons.flatMap((button) => button.key ?? [])), 42039, '按钮的 key 有重复');
  must(card.action_menu === undefined || (actions.length >= 1 && actions.length <= 3), 42051, '右上角菜单要 1–3 项');
  must(isUnique(actions.map((action) => action.key)), 42051, '右上角菜单的 key 有重复');
  for (const action of actions)
    must(action.key !== '' && bytes(action.key) <= 1024, 42051, '右上角菜单的 key 为空或超过 1024 字节');

  must(rows.length <= 6, 42035, `有 ${rows.length} 行要点，最多 6 行`);
  for (const row of rows) {
    must(row.keyname !== '', 42027, '有一行要点缺 keyname');
    if (row.type === 1) must(Boolean(row.url), 42028, `要点「${row.keyname}」缺 url`);
    if (row.type === 2) must(Boolean(row.media_id) && door === 'app', 42029, `要点「${row.keyname}」缺 media_id`);
    if (row.type === 3) must(Boolean(row.userid), 42050, `要点「${row.keyname}」缺 userid`);
  }
  must((card.vertical_content_list ?? []).length <= 4, 42036, '竖排内容超过 4 条');
  must((card.jump_list ?? []).length <= 3, 42042, '跳转超过 3 条');
  for (const jump of card.jump_list ?? []) {
    must(jump.type !== 3 || (door === 'bot' && bytes(jump.question ?? '') <= 200), 42042, `跳转「${jump.title}」的问题不合法`);
  }

  const selectors = [...(card.select_list ?? []), ...(card.button_selection ? [card.button_selection] : [])];
  must((card.select_list ?? []).length <= 3, 42047, '下拉框超过 3 个');
  must(isUnique(selectors.map((one) => one.question_key)), 42043, '下拉框的 question_key 有重复');
  for (const one of selectors) {
    must(one.option_list.length >= 1 && one.option_list.length <= 10, 42037, '下拉框的选项要 1–10 个');
    must(one.disable === undefined || use === 'update', 0, 'disable 只在更新时有效');
  }
  if (card.checkbox) {
    const count = card.checkbox.option_list.length;
    must(count >= 1 && count <= 20, 42037, '选项要 1–20 个');
    must(card.checkbox.disable === undefined || use === 'update', 0, 'disable 只在更新时有效');
  }
  for (const question of [...selectors, ...(card.checkbox ? [card.checkbox] : [])]) {
    must(question.question_key !== '' && bytes(question.question_key) <= 1024, 42043, 'question_key 为空或超过 1024 字节');
    must(isUnique(question.option_list.map((each) => each.id)), 42040, '选项的 id 有重复');
    for (const each of question.option_list) {
      must(each.id !== '' && bytes(each.id) <= 128, 42040, `选项「${each.text}」的 id 为空或超过 128 字节`);
      must(each.text !== '', 42041, '选项的文字为空');
    }
  }
  if (card.submit_button) {
    must(card.submit_button.key !== '' && bytes(card.submit_button.key) <= 1024, 42046, '提交按钮的 key 为空或超过 1024 字节');
    must(door === 'app' || Boolean(card.submit_button.text), 42049, '提交按钮缺文字');
  }
  if (card.feedback) must(door === 'bot' && bytes(card.feedback.id) <= 256, 0, 'feedback.id 只用于机器人，最多 256 字节');
  return problems;
}

const LISTS = new Set([
  'action_list',
  'horizontal_content_list',
  'vertical_content_list',
  'jump_list',
  'button_list',
  'select_list',
  'option_list',
]);
const NUMBERS = new Set(['type', 'style', 'desc_color', 'mode', 'aspect_ratio']);
const FLAGS = new Set(['disable', 'is_checked']);
const NAMES = new Map([
  ['KeyName', 'keyname'],
  ['UserId', 'userid'],
  ['AppId', 'appid'],
  ['PagePath', 'pagepath'],
  ['CheckBox', 'checkbox'],
]);

/** The card of a passive XML answer in the shape of the JSON one; lists are repeated siblings (protocol C.4). */
export function cardFromXml(xml: Xml): unknown {
  const fields: Record<string, unknown> = {};
  for (const [name, value] of Object.entries(xml)) {
    if (name === '#text') continue;
    const key = NAMES.get(name) ?? name.replaceAll(/(?<!^)([A-Z])/g, '_$1').toLowerCase();
    if (LISTS.has(key)) fields[key] = (Array.isArray(value) ? value : [value]).map((each) => fieldFromXml(key, each));
    else fields[key] = fieldFromXml(key, value);
  }
  return fields;
}

function fieldFromXml(key: string, value: Xml[string]): unknown {
  if (Array.isArray(value)) return value;
  if (typeof value === 'object') return cardFromXml(value);
  if (NUMBERS.has(key)) return Number(value);
  if (FLAGS.has(key)) return value === 'true' || value === '1';
  return value;
}
