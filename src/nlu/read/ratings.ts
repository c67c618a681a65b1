/** 评价: stars of a rating, points, and the stars of an organisation. */
import { parseNumber } from './numbers.ts';
import { narrow } from './span.ts';

const DIGIT = '([0-5零一两二三四五])';
const STARS = new RegExp(`(?<![\\d.])${DIGIT}\\s?(?:颗|个)?星(?!期|级|红)|${DIGIT}星级?好评|(⭐|★|🌟){1,10}`, 'u');
const POINTS =
  /(?<![\d.百])(\d{1,3}|[一二两三四五六七八九十百零]{1,5})\s?分(?!钟|之|机|别|公司|厂|支|行|部|店|类|享|拆|摊|两次|\d)/gu;
const FULL = /满分(?!\s?(?:是|为)?\s?(?:100|一百|10|十|5|五))/u;
const LEVEL = new RegExp(`(?<![\\d.])${DIGIT}\\s?(?:颗|个)?星`, 'u');

export type Rating = { readonly rating?: number; readonly score?: number };

/** Stars are a rating; up to 5 points too; more is a score of 100. 满分 is 5 where stars are spoken of, else 100. */
export function readRating(text: string): Rating {
  const line = narrow(text);
  const [stars, first, second] = STARS.exec(line) ?? [];
  const rating = stars === undefined ? undefined : (parseNumber(first ?? second ?? '') ?? [...stars].length);
  if (rating !== undefined && rating >= 1 && rating <= 5) return { rating };
  const points = [...line.matchAll(POINTS)].map(([, words = '']) => parseNumber(words)).findLast((n) => n !== undefined);
  if (points !== undefined && points <= 100) return points >= 1 && points <= 5 ? { rating: points } : { score: points };
  if (FULL.test(line)) return line.includes('星') ? { rating: 5 } : { score: 100 };
  return {};
}

/** 四星支部, 五星级: 0–5 */
export function readStar(text: string): number | undefined {
  return parseNumber(LEVEL.exec(narrow(text))?.[1] ?? '');
}
