/** Sees to the platform's rules: what the bot sends is accepted, cut or refused, and every breach is noted. */
import { readCard } from './card.ts';
import type { TemplateCard } from './card.ts';
import type { MessageFields } from './phones.ts';
import type { Door } from './wire.ts';

export const MAX_TEXT_BYTES = 2048;
export const MAX_STREAM_BYTES = 20_480;

export type Violation = { at: Date; where: Door | 'api'; words: string };
export type Judge = ReturnType<typeof createJudge>;

export class ApiError extends Error {
  readonly errcode: number;
  constructor(errcode: number, message: string) {
    super(message);
    this.errcode = errcode;
  }
}

export function createJudge(clock: () => Date) {
  const violations: Violation[] = [];
  const taskIds: Record<Door, Set<string>> = { bot: new Set(), app: new Set() };

  const violate = (where: Door | 'api', words: string): void => void violations.push({ at: clock(), where, words });

  /** The card from the wire, or the first thing wrong with it thrown; `task_id` is taken when the card is new. */
  function takeCard(input: unknown, door: Door, use: 'send' | 'update'): TemplateCard {
    const { card, problems } = readCard(input, door, use);
    for (const problem of problems.filter((each) => each.errcode === 0)) violate(door, problem.words);
    const fatal = problems.find((each) => each.errcode !== 0);
    if (fatal || !card) throw new ApiError(fatal?.errcode ?? 40058, fatal?.words ?? '卡片不合格');
    if (use === 'send' && card.task_id !== undefined) {
      // What WeCom does with a repeated task_id is not documented (protocol U.9).
      if (taskIds[door].has(card.task_id)) throw new ApiError(42014, `task_id 重复：${card.task_id}`);
      taskIds[door].add(card.task_id);
    }
    return card;
  }

  /** Text longer than WeCom takes is cut between characters, as the real one does. */
  function takeText(where: Door | 'api', text: string, max: number): string {
    if (Buffer.byteLength(text) <= max) return text;
    violate(where, `文字有 ${Buffer.byteLength(text)} 字节，最多 ${max}`);
    let kept = '';
    let size = 0;
    for (const character of text) {
      size += Buffer.byteLength(character);
      if (size > max) break;
      kept += character;
    }
    return kept;
  }

  /** How a card message stands in the chat. */
  const cardFields = (card: TemplateCard): MessageFields => ({
    kind: 'card',
    sent: card,
    card,
    ...(card.task_id === undefined ? {} : { taskId: card.task_id }),
  });

  return { violations, violate, takeCard, takeText, cardFields };
}
