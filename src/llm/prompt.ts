/** What the model is told: `prompts/*.md` with the choice of the moment filled in, and the message beside it as data. */
import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import type { Intent } from '../bot/intent.ts';

export type OfferedSlot = { readonly name: string; readonly label: string; readonly choices?: readonly string[] };

export type Offered = {
  readonly name: string;
  readonly title: string;
  readonly says: readonly string[];
  readonly slots: readonly OfferedSlot[];
};

/** The conversation that is open; `asking` is a slot's name, `@confirm` or `@standing`. */
export type Open = { readonly intent: string; readonly asking: string; readonly slots: readonly OfferedSlot[] };

export type Prompt = {
  /** Changes with the file: the version logged with each decision. */
  readonly hash: string;
  fill(values: Readonly<Record<string, string>>): string;
};

const FOLDER = new URL('../../prompts/', import.meta.url);
/** Examples of an intent that are shown. */
const SAYS = 4;

export function readPrompt(name: 'choose' | 'draft'): Prompt {
  const text = readFileSync(new URL(`${name}.md`, FOLDER), 'utf8');
  return {
    hash: createHash('sha256').update(text).digest('hex').slice(0, 12),
    fill: (values) => text.replace(/\{\{(\w+)\}\}/gu, (_, key: string) => values[key] ?? ''),
  };
}

export function offer({ name, title, says, slots }: Intent): Offered {
  return {
    name,
    title,
    says,
    slots: Object.entries(slots).map(([slot, { label, choices }]) => ({
      name: slot,
      label,
      ...(choices ? { choices: choices.map(({ show }) => show) } : {}),
    })),
  };
}

export function showOffered(offered: readonly Offered[]): string {
  const lines = offered.flatMap(({ name, title, says, slots }) => [
    `- ${name}：${title}`,
    ...(says.length > 0
      ? [
          `  例：${says
            .slice(0, SAYS)
            .map((said) => `「${said}」`)
            .join('')}`,
        ]
      : []),
    ...(slots.length > 0 ? [`  项：${slots.map(showSlot).join('；')}`] : []),
  ]);
  return lines.join('\n');
}

export function showOpen(open: Open | undefined): string {
  if (!open) return '没有。';
  return [`- 事：${open.intent}`, `- 正在问：${open.asking}`, `- 项：${open.slots.map(showSlot).join('；')}`].join('\n');
}

export function showSlot({ name, label, choices = [] }: OfferedSlot): string {
  return `${name}（${label}${choices.length > 0 ? `：${choices.join('、')}` : ''}）`;
}

/** One line of JSON: nothing in the words can end it, and no `<` is left for a mark of the model's own. */
export function fence(words: string): string {
  return JSON.stringify({ message: words }).replaceAll('<', '\\u003c');
}
