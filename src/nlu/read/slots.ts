/** 读值: the slots of a sentence once its intent is known, named and written as docs/understand.md says. */
import { findDates } from './dates.ts';
import { findMoney, toYuan, type FoundMoney } from './money.ts';
import { findNeedNumbers, findPlaces } from './need-numbers.ts';
import { findNames, findOrganisations } from './organisations.ts';
import { findPhones } from './phones.ts';
import { findHeads, findQuantities, readItem, readJob } from './quantities.ts';
import { readRating, readStar } from './ratings.ts';
import { blank, narrow, spoken, type Found } from './span.ts';
import { corrected, readCentre, findProducts, readClass } from './words.ts';
import { normalise } from '../normalise.ts';

type Group =
  | 'number'
  | 'place'
  | 'category'
  | 'amount'
  | 'goods'
  | 'heads'
  | 'job'
  | 'date'
  | 'org'
  | 'phone'
  | 'person'
  | 'rating'
  | 'star'
  | 'centre'
  | 'product';

const CASE: readonly Group[] = ['number', 'place', 'org', 'date', 'phone', 'person'];
const CONTACT: readonly Group[] = ['org', 'phone', 'person', 'date'];

/** Which values an intent may have; an intent that is not here has none. */
const GROUPS: Readonly<Record<string, readonly Group[]>> = {
  'need.create': [...CONTACT, 'category'],
  'need.query': [...CASE, 'category'],
  'need.claim': [...CASE, 'category'],
  'need.claim_collective': [...CASE, 'heads'],
  'need.progress': [...CASE, 'heads'],
  'need.rate': ['number', 'place', 'org', 'rating'],
  'fund.balance': ['org', 'star', 'amount'],
  'fund.deposit': ['amount', 'org', 'date', 'person'],
  'fund.apply': ['number', 'amount', 'heads', 'date', 'org', 'star'],
  'approval.approve': ['number', 'place', 'amount', 'org'],
  'approval.reject': ['number', 'place', 'amount', 'org'],
  'notice.view': ['number', 'place', 'org', 'date'],
  'notice.object': ['number', 'place', 'org', 'amount'],
  'groupbuy.create': ['goods', 'date', 'org'],
  'groupbuy.join': ['number', 'place', 'goods', 'heads', 'org'],
  'worker.request': [...CONTACT, 'heads', 'job'],
  'worker.offer': [...CONTACT, 'heads', 'job'],
  'material.borrow': [...CONTACT, 'goods'],
  'material.lend': [...CONTACT, 'goods'],
  'finance.ask': ['product', 'amount', 'org', 'date'],
  'policy.ask': ['org'],
  'market.trip': [...CONTACT, 'heads'],
  'service.request': [...CONTACT, 'centre', 'amount'],
  'activity.signup': [...CONTACT, 'heads'],
  'hotline.relay': [...CONTACT, 'heads', 'job', 'amount', 'goods', 'category', 'number'],
  'stats.query': ['category', 'org'],
  'dialog.cancel': ['number', 'place'],
  'dialog.correct': ['number', 'phone', 'date', 'amount', 'goods', 'heads', 'org', 'category', 'rating', 'job'],
};

export type Options = { readonly now: Date; readonly roster: readonly string[] };
type Read = { readonly slots: Readonly<Record<string, unknown>>; readonly spans: readonly Found<unknown>[] };

function read(slots: Readonly<Record<string, unknown>>, spans: readonly Found<unknown>[] = []): Read {
  return { slots: Object.fromEntries(Object.entries(slots).filter(([, value]) => value !== undefined)), spans };
}

const single = <T>(values: readonly T[]): T | readonly T[] | undefined => {
  const different = [...new Set(values)];
  return different.length > 1 ? different : different[0];
};

const RETURN_AFTER = /^(?:之?前)?(?:就|再|会|一定|保证)?(?:归?还|还上|还清|还给)/u;
const RETURN_BEFORE = /(?:用到|借到|顶到|干到|做到)$/u;

function dates(line: string, { now }: Options): Read {
  const found = findDates(line, now);
  const due = ({ value, start, end }: (typeof found)[number]) =>
    value.until || RETURN_AFTER.test(line.slice(end, end + 6)) || RETURN_BEFORE.test(line.slice(Math.max(0, start - 2), start));
  return read({ date: found.find((one) => !due(one))?.value.at, deadline: found.find(due)?.value.at }, found);
}

const EACH =
  /(?:(?:每人|人均|每个人|每位)(?:补贴|补助|标准|发|出|交|费用|预算)?|单价|每\p{Script=Han}|一[人位个只斤吨箱桶双套件卷米])\s?$/u;
const A_HEAD = /(?:每人|人均|每个人|一人|每位)(?:补贴|补助|标准|发|出|交|费用|预算)?\s?$/u;
const TOTAL = /(?:合计|总共|一共|总计|共计|总额|总价|总的|统共|加起来|共)(?:是|要|需要?|预算|约|大概|大约|[:：])?\s?$/u;
/** A small bare number is money at the end of its clause only. */
const CLOSED = /^\s?(?:$|[,，。;；!！?？\s]|左右)/u;
/** What a bare number may count when no unit follows. */
const COUNTED =
  /^\s?(?:周(?!转)|[个名位人号次场家天年月日点分%％岁项条期级楼块只箱吨桶套件份张台届步类户多]|公斤|小时|星|年度|平|米|笔|点|直|起|下|些|样|般|定|同)/u;
const OF_MONEY =
  /(?:预算|金额|经费|公积金|资金|费|钱|款|补助|申请|申领|拨付?|存|预存|赞助|捐|贷|借|批|支|要|需要?|是|成|为|酬|共|合计|额度|放|入|转|打|充|提|拿|花|大概|大约|约|差不多)\s?$/u;

function money(line: string, _: Options, intent: string): Read {
  const found = findMoney(line);
  const meant = (one: FoundMoney) => {
    if (!one.bare) return true;
    if (COUNTED.test(line.slice(one.end)) || line[one.start - 1] === '第') return false;
    if (!OF_MONEY.test(line.slice(Math.max(0, one.start - 8), one.start))) return large(one) && intent !== 'hotline.relay';
    return large(one) || CLOSED.test(line.slice(one.end));
  };
  const sums = found.filter(meant);
  const before = ({ start }: FoundMoney) => line.slice(Math.max(0, start - 8), start);
  const whole = sums.filter((one) => !EACH.test(before(one)));
  const total = whole.filter((one) => TOTAL.test(before(one)));
  const main = whole.filter(({ start }) => !line.slice(0, start).includes('其中'));
  const each = sums.find((one) => EACH.test(before(one)));
  const chosen = total.length === 1 ? total : main.length > 0 ? main : whole;
  const heads = findHeads(line);
  const [head] = heads;
  if (chosen.length === 0 && each?.value.kind === 'exact' && head && heads.length === 1 && A_HEAD.test(before(each))) {
    return read({ amount: toYuan(each.value.fen * BigInt(head.value)) }, [each]);
  }
  const [first, ...others] = chosen;
  const agreed = first && others.every(({ value }) => JSON.stringify(value, text) === JSON.stringify(first.value, text));
  if (!agreed) return { slots: {}, spans: sums };
  const { value } = first;
  if (value.kind === 'about') return { slots: {}, spans: sums };
  if (value.kind === 'exact') return read({ amount: toYuan(value.fen) }, sums);
  const yuan = (fen: bigint | undefined) => (fen === undefined ? undefined : toYuan(fen));
  return read({ amount_min: yuan(value.min), amount_max: yuan(value.max) }, sums);
}

const text = (_: string, value: unknown) => (typeof value === 'bigint' ? String(value) : value);
const large = ({ value }: FoundMoney) => value.kind !== 'exact' || value.fen >= 10_000n;

const BARE_COUNT =
  /(?:^|来|要|订|跟|加|报|数量[:：是为]?)\s?(?<n>\d{1,6}|[一二两三四五六七八九十百千万]{1,6})(?=$|[,，。!！;；\s吧])/u;

function goods(line: string): Read {
  const found = findQuantities(line);
  const [count] = found;
  const bare = count ? undefined : findQuantities(`${BARE_COUNT.exec(line)?.groups?.['n'] ?? ''}个`)[0]?.value.quantity;
  return read({ quantity: count?.value.quantity ?? bare, unit: count?.value.unit, item: readItem(line, count) }, found);
}

function organisation(line: string, { roster }: Options): Read {
  const found = findOrganisations(line, roster);
  const sure = found.find(({ value }) => value.sure);
  if (sure) return read({ org: sure.value.names[0] }, found);
  return read({ org_candidates: found[0]?.value.names }, found);
}

/** The readers in the order they blank: what a later one sees has been freed of the values before. */
const READERS: readonly (readonly [Group, (line: string, options: Options, intent: string) => Read])[] = [
  [
    'number',
    (line) => {
      const found = findNeedNumbers(line);
      return read({ need_no: single(found.map(({ value }) => value)) }, found);
    },
  ],
  [
    'phone',
    (line) => {
      const found = findPhones(line);
      return read({ phone: single(found.map(({ value }) => value)) }, found);
    },
  ],
  [
    'place',
    (line) => {
      const found = findPlaces(line);
      return read({ index: single(found.map(({ value }) => value)) }, found);
    },
  ],
  ['org', organisation],
  ['date', dates],
  ['star', (line) => read({ star: readStar(line) })],
  ['rating', (line) => read({ ...readRating(line) })],
  ['amount', money],
  ['person', (line) => read({ person: findNames(line)[0]?.value })],
  ['job', (line) => read({ job: readJob(line) })],
  [
    'heads',
    (line, _, intent) => {
      const found = findHeads(line, /^(?:worker|market|activity)\./u.test(intent));
      return read({ headcount: found[0]?.value }, found);
    },
  ],
  [
    'goods',
    (line, _, intent) => {
      const found = goods(line);
      // Somebody else's call tells many things: only what is counted is wanted.
      return intent === 'hotline.relay' && found.slots.quantity === undefined ? read({}) : found;
    },
  ],
  ['category', (line) => read({ category: readClass(line) })],
  ['centre', (line) => read({ center: readCentre(line) })],
  ['product', (line) => read({ product: findProducts(line)[0]?.value })],
];
/** Blanked for every intent, so that no later reader takes them for a sum. */
const ALWAYS: readonly Group[] = ['number', 'phone', 'place', 'date'];

/** Which value a correction is about, when its field is named. */
const FIELDS: readonly (readonly [RegExp, readonly Group[]])[] = [
  [/金额|预算|经费|费用|多少钱|[元块]钱?/u, ['amount']],
  [/人数|几个人/u, ['heads']],
  [/类别|类型/u, ['category']],
  [/数量|件数|吨数|箱数/u, ['goods']],
];

function correction(line: string): { readonly line: string; readonly groups: readonly Group[] } {
  const field = FIELDS.find(([pattern]) => pattern.test(line))?.[1];
  const said = corrected(line);
  const part = field?.includes('heads')
    ? said.replace(/^\s?([\d一二两三四五六七八九十百]{1,5})(?=$|[,，。!！吧])/u, '$1人')
    : said;
  const all = GROUPS['dialog.correct'] ?? [];
  return { line: part, groups: field ? [...field, 'date', 'phone', 'number'] : all };
}

/** @returns only what was said, and nothing for an intent that has no slots */
export function readSlots(said: string, intent: string, options: Options): Record<string, unknown> {
  const whole = spoken(narrow(normalise(said)));
  const known = Object.keys(GROUPS).find((name) => intent === name || intent.startsWith(`${name}.`));
  if (known === undefined) return {};
  const { line, groups } = known === 'dialog.correct' ? correction(whole) : { line: whole, groups: GROUPS[known] ?? [] };
  let left = line;
  const slots: Record<string, unknown> = {};
  for (const [group, reader] of READERS) {
    const wanted = groups.includes(group);
    if (!wanted && !ALWAYS.includes(group)) continue;
    const { slots: found, spans } = reader(left, options, known);
    if (wanted) Object.assign(slots, found);
    left = blank(left, spans);
  }
  return slots;
}
