/** Values that are a word out of a few: class, centre, product. */
import { every, narrow, type Found } from './span.ts';

const CLASSES: readonly (readonly [RegExp, 'A' | 'B' | 'C'])[] = [
  [/(?<![A-Za-z])[Aa]\s?(?:类|级)|县(?:市|区)?级|县里/u, 'A'],
  [/(?<![A-Za-z])[Bb]\s?(?:类|级)|(?:镇街|乡镇|镇|街道)级/u, 'B'],
  [/(?<![A-Za-z])[Cc]\s?(?:类|级)|本单位(?:级|的|这级)?|支部级|(?:两新)?党组织级|企业级/u, 'C'],
];
/** 帮助企业 names none. */
const CENTRE = /政务|(?<![帮协援资救补])助企|综治/gu;
/** What is a centre's business when nobody names it: 证照 is 政务, a quarrel of two sides 综治. */
const BUSINESS: readonly (readonly [RegExp, string])[] = [
  [/营业执照|执照|许可|证照|审批手续|备案|年检|年审|注册登记|变更登记/u, '政务'],
  [/调解|纠纷|押金|货款|欠薪|工钱|工资|拖着不[给付]|不赔|赔偿|漏水|渗|噪音|噪声|吵|打架|闹|占道|堵.{0,4}门/u, '综治'],
];
const PRODUCT = /(?<name>红色先锋贷|先锋贷|红色贷|复工贷|战疫贷)/gu;

/** A letter before words. */
export function readClass(text: string): 'A' | 'B' | 'C' | undefined {
  const line = narrow(text);
  const said = /(?<![A-Za-z\d])([A-Ca-c])\s?(?:(?:类|级)|[吧。]?$)/u.exec(line)?.[1]?.toUpperCase();
  return CLASSES.find(([pattern, letter]) => (said === undefined ? pattern.test(line) : letter === said))?.[1];
}

export function findCentres(text: string): Found<string>[] {
  return every(text, CENTRE, ([word]) => word);
}

/** The centre named, or else the one whose business it sounds like. */
export function readCentre(text: string): string | undefined {
  return findCentres(text)[0]?.value ?? BUSINESS.find(([pattern]) => pattern.test(text))?.[1];
}

export function findProducts(text: string): Found<string>[] {
  return every(text, PRODUCT, ([word]) => (word === '先锋贷' || word === '红色贷' ? '红色先锋贷' : word));
}

/** Where the new value stands in a correction: 不是周三，是周四; 8000改成5000; 应该是三吨. */
const NEW =
  /(?:改成|改为|改到|改做|换成|换为|调成|调到|调整为|更正为|改(?!一下)(?=[A-Ca-c\d一二两三四五六七八九十])|应该是|应当是|应为|应是|其实是|实际是?|(?<!不)(?<![还但就可都])是(?!不是|否|说|吧)|要的是|(?<!不)要(?!求))/gu;

/** The part of a correction that counts (不是三箱，五箱 too), or all of it where no new value is marked. */
export function corrected(text: string): string {
  const last = [...text.matchAll(NEW)].findLast(({ index, 0: word }) => text.slice(index + word.length).trim().length > 0);
  if (!last) return /(?:不是|不要|别写)[^,，。;；]*[,，;；]\s?(?<instead>.+)$/u.exec(text)?.groups?.['instead'] ?? text;
  const rest = text.slice(last.index + last[0].length);
  const back = /[,，;；]?\s?(?:不是|而不是|不要|别写)/u.exec(rest);
  return back ? rest.slice(0, back.index) : rest;
}
