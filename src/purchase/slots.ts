/** What a purchase asks for, besides the kinds of the bot. */
import { measure as anyMeasure, type Measure } from '../bot/slots/measure.ts';
import { number } from '../bot/slots/number.ts';
import type { Slot } from '../bot/slot.ts';
import { showMoney } from '../kernel/money.ts';
import { refuse } from '../kernel/refusal.ts';
import { parseMoney } from '../nlu/read/money.ts';
import { assertTiers, type Tier } from './rules.ts';
import type { Purchase } from './store.ts';
import { PURCHASE_LETTER } from './words.ts';

export const purchaseNumber = (ask: Slot<string>['ask']) => number('团号', ask, PURCHASE_LETTER);

/** In a pattern: G-2026-0002. */
export const NUMBER = '(?<number>[Gg][-—–_ ]?\\d{4}[-—–_ ]?\\d{1,4})';

/** A count of goods in a pattern, with its unit where it is said. */
export const COUNT = '[\\d.]+\\s*[\\p{L}]{0,4}?|[一二两三四五六七八九十百千万]+\\s*[\\p{L}]{0,3}?';

export type { Measure };

/** A count as people say it of goods: 十箱一件, 每件10箱, 100箱起. */
export function measure(label: string, ask: Slot<Measure>['ask']): Slot<Measure> {
  const slot = anyMeasure(label, ask);
  const bare = (said: string) => said.trim().replace(/^(?:每|一)件|(?:[一每]件|起订?|以上|左右)$/gu, '');
  return { ...slot, parse: (said, reading) => slot.parse(bare(said), reading) };
}

/** Whole units of the purchase. @throws Refusal when the unit is another, or it is no whole number, or more than anybody wants */
export function unitsOf(
  said: Measure,
  { unit, no }: Pick<Purchase, 'unit' | 'no'>,
  label: string,
  most: number,
  least = 1,
): number {
  const { value, unit: own } = said;
  if (own !== '' && own.replace(/^个$/u, unit) !== unit)
    refuse(
      'purchase.unit',
      `${no} 按“${unit}”算，您说的${label}是“${value}${own}”。请换成${unit}再说，如“${Math.max(1, least)}0${unit}”。`,
    );
  if (!Number.isInteger(value)) refuse('purchase.whole', `${label}要是整数${unit}，您说的是${value}。`);
  if (value < least) refuse('purchase.least', `${label}至少${least}${unit}，您说的是${value}${unit}。不要了就说“退出 ${no}”。`);
  if (value > most) refuse('purchase.most', `${label}最多${most}${unit}，您说的是${value}${unit}，请核对是不是多打了0。`);
  return value;
}

const STEP = /^(?:满|≥|>=)?\s*(\d+)\s*[\p{L}]{0,4}?\s*(?:起|以上)\s*[：:]?\s*(.+)$/u;

/** 阶梯价: 100箱起45元，200箱起42元; one price alone is 45元. */
export function tiers(label: string, ask: Slot<readonly Tier[]>['ask']): Slot<readonly Tier[]> {
  const show = (value: readonly Tier[]) =>
    value.map(({ from, fen }) => (from === 0 ? showMoney(fen) : `${from}起${showMoney(fen)}`)).join('；');
  return {
    label,
    ask,
    parse(said) {
      const parts = said
        .normalize('NFKC')
        .replace(/(\d),(\d{3})(?!\d)/gu, '$1$2')
        .split(/[,，;；、]/u)
        .map((part) => part.trim())
        .filter(Boolean);
      const read = parts.map((part): Tier => {
        const [, from, words = part] = STEP.exec(part) ?? [];
        const fen = parseMoney(words.replace(/^(?:每|一)[\p{L}]/u, ''));
        if (fen === undefined || fen <= 0n)
          return refuse('tiers.form', `没看懂“${part.slice(0, 20)}”。${label}请这样说：“45元”，或“100箱起45元，200箱起42元”。`);
        return { from: Number(from ?? 0), fen };
      });
      if (read.length === 0) refuse('tiers.form', `${label}请这样说：“45元”，或“100箱起45元，200箱起42元”。`);
      const sorted = read.toSorted((a, b) => a.from - b.from);
      assertTiers(sorted);
      return sorted;
    },
    say: show,
    show,
  };
}
