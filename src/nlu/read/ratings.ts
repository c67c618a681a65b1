/** 评价: stars of a rating, points, and the stars of an organisation. */
import { parseNumber } from './numbers.ts';
import { narrow } from './span.ts';

const DIGIT = '([0-5零一两二三四五])';
const MARK = '(?:[⭐★🌟]\\uFE0F?)';
const STARS = new RegExp(
  `(?<![\\d.])${DIGIT}\\s?(?:颗|个)?(?:星(?!期|级|红)|${MARK})|${DIGIT}星级?好评|${MARK}\\s?[xX×*]\\s?${DIGIT}|(?:${MARK}\\s?){1,10}`,
  'u',
);
const POINTS =
  /(?<![\d.百扣差减])(?:(?<=[打给评得]个?)十|(?!十\s?分)(?:\d{1,3}|[一二两三四五六七八九十百零]{1,5}))\s?分(?!钟|之|机|别|公司|厂|支|行|部|店|类|享|拆|摊|两次|满意|\d)/gu;
/** 评分：92, and 给个95 at the end of its clause. */
const SCORED =
  /(?:(?:评分|打分|得分|分数|给分)(?:是|为|给|[:：])?|(?<=[打给])个?)\s?(?<points>\d{1,3}|[六七八九]十[一二三四五六七八九]?|一百)(?=$|[,，。;；!！~\s吧])/u;
const FULL = /满分(?!\s?(?:是|为)?\s?(?:100|一百|10|十|5|五))/u;
/** 五星红旗, 五星级酒店 and a 三星手机 are no organisation's stars. */
const LEVEL = new RegExp(
  `(?<![\\d.])${DIGIT}\\s?(?:颗|个)?星(?!期|红旗|好评|级?(?:[好差]评|评价|酒店|宾馆|饭店)|手机|电[视子])|星级(?:是|为|[:：])?\\s?${DIGIT}(?!\\d)`,
  'u',
);

export type Rating = { readonly rating?: number; readonly score?: number };

/** Stars are a rating; up to 5 points too; more is a score of 100. 满分 is 5 where stars are spoken of, else 100. */
export function readRating(text: string): Rating {
  const line = narrow(text);
  const [stars, ...digits] = STARS.exec(line) ?? [];
  const said = digits.find((digit) => digit !== undefined) ?? '';
  const rating = stars === undefined ? undefined : (parseNumber(said) ?? stars.replace(/[^⭐★🌟]/gu, '').match(/./gu)?.length);
  if (rating !== undefined && rating >= 1 && rating <= 5) return { rating };
  const points =
    [...line.matchAll(POINTS)].map(([words]) => parseNumber(words.replace(/\s?分$/u, ''))).findLast((n) => n !== undefined) ??
    parseNumber(SCORED.exec(line)?.groups?.['points'] ?? '');
  if (points !== undefined && points <= 100) return points >= 1 && points <= 5 ? { rating: points } : { score: points };
  if (FULL.test(line)) return line.includes('星') ? { rating: 5 } : { score: 100 };
  return {};
}

/** 四星支部, 五星级: 0–5 */
export function readStar(text: string): number | undefined {
  const [, before, after] = LEVEL.exec(narrow(text)) ?? [];
  return parseNumber(before ?? after ?? '');
}
