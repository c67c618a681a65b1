/** 读值: the slots of a sentence once its intent is known, named and written as docs/understand.md says. */
import { findDates } from './dates.ts';
import { findMoney, toYuan, type FoundMoney } from './money.ts';
import { findNeedNumbers, findPlaces } from './need-numbers.ts';
import { findNames, findOrganisations } from './organisations.ts';
import { findPhones } from './phones.ts';
import { findHeads, findQuantities, readItem, readJob, readUnit, UNITS } from './quantities.ts';
import { readRating, readStar } from './ratings.ts';
import { BLANK, blank, narrow, spoken, type Found } from './span.ts';
import { corrected, findCentres, findProducts, readCentre, readClass } from './words.ts';
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
  /** Only by its name, not by its business. */
  | 'named centre'
  | 'product';

const CASE: readonly Group[] = ['number', 'place', 'org', 'date', 'phone', 'person'];
const CONTACT: readonly Group[] = ['org', 'phone', 'person', 'date'];

/** Which values an intent may have; an intent that is not here has none. */
const GROUPS: Readonly<Record<string, readonly Group[]>> = {
  'need.create': [...CONTACT, 'category', 'amount', 'heads', 'goods'],
  'need.query': [...CASE, 'category'],
  'need.claim': [...CASE, 'category'],
  'need.claim_collective': [...CASE, 'heads'],
  'need.progress': [...CASE, 'heads', 'goods'],
  'need.rate': ['number', 'place', 'org', 'rating', 'phone', 'person'],
  'fund.balance': ['org', 'star', 'amount'],
  'fund.deposit': ['amount', 'org', 'date', 'person', 'phone'],
  'fund.apply': ['number', 'amount', 'heads', 'date', 'org', 'star', 'person', 'phone'],
  'approval.approve': ['number', 'place', 'amount', 'org', 'date'],
  'approval.reject': ['number', 'place', 'amount', 'org', 'date'],
  'notice.view': ['number', 'place', 'org', 'date', 'amount', 'star'],
  'notice.object': ['number', 'place', 'org', 'amount', 'star', 'phone', 'person'],
  'groupbuy.create': ['amount', 'goods', ...CONTACT],
  'groupbuy.join': ['number', 'place', 'amount', 'goods', 'heads', ...CONTACT],
  'worker.request': [...CONTACT, 'heads', 'job', 'amount'],
  'worker.offer': [...CONTACT, 'heads', 'job', 'amount'],
  'material.borrow': [...CONTACT, 'goods'],
  'material.lend': [...CONTACT, 'goods'],
  'finance.ask': ['product', 'amount', 'star', ...CONTACT],
  'policy.ask': ['amount', 'star', ...CONTACT],
  'market.trip': [...CONTACT, 'heads', 'amount'],
  'service.request': [...CONTACT, 'centre', 'amount'],
  'activity.signup': [...CONTACT, 'heads', 'amount'],
  'hotline.relay': [...CONTACT, 'heads', 'job', 'amount', 'goods', 'category', 'number', 'product', 'named centre'],
  'stats.query': ['category', 'org', 'star', 'product', 'named centre'],
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

function dates(line: string, { now }: Options, intent: string): Read {
  const found = findDates(line, now);
  const due = ({ value, start, end }: (typeof found)[number]) =>
    value.until || RETURN_AFTER.test(line.slice(end, end + 6)) || RETURN_BEFORE.test(line.slice(Math.max(0, start - 2), start));
  // 七一研学那笔: what is decided on has a day of its own; a decision has only its 期限.
  const days = intent.startsWith('approval.') ? [] : found.filter((one) => !due(one)).map(({ value }) => value.at);
  // 五四歌会，5月4号晚上7点: one day, told with its hour the second time.
  const on = days.find((day) => day.startsWith(`${days[0]}T`)) ?? days[0];
  return read({ date: on, deadline: found.find(due)?.value.at }, found);
}

/** What a price is for: a piece, a head, or a time. */
const PIECE = `(?:(?![批组打片])(?:个?人(?!均)|位|名(?!额)|${UNITS}|桌|顿|餐|份|户|家|亩|度|间))`;
const TIME = '(?:天|日|晚上?(?!会)|夜|小时|钟头|个?月|年|季度?|趟|次(?!性)|场|节课?|班|车次)';
/** 每人, 一天, 单价: the sum after it is for one. */
const EACH = new RegExp(
  `(?:(?:每人|人均|每个人|每位|每(?:${PIECE}|${TIME}|\\p{Script=Han})|一(?:${PIECE}|${TIME}))(?:补贴|补助|标准|工资|工钱|报价|价格?|费用|预算|发|出|交|补|奖|贴|给|收|要|卖|才|只要)?|单价|均价|[日时月周]结|[日时月周]薪)(?:是|为|大概|大约|约|控制在|压到|谈到|不超过|[:：])?\\s?$`,
  'u',
);
/** 98块一袋, 80元/人, 三百八一位 */
const FOR_ONE = new RegExp(`^\\s?(?:[/每]|[一1](?!个(?:活动|项目|团|党|支)))\\s?(?<one>${PIECE}|${TIME})(?!起|共)`, 'iu');
const OF_ONE = new RegExp(`[一每](?:${PIECE}|${TIME})\\s?$`, 'iu');
const FOR_A_TIME = new RegExp(`^\\s?[/每一1]\\s?${TIME}`, 'u');
const A_HEAD = /(?:每人|人均|每个人|一人|每位)(?:补贴|补助|标准|发|出|交|费用|预算)?\s?$/u;
const TOTAL = /(?:合计|总共|一共|总计|共计|总额|总价|总的|统共|加起来|共)(?:是|要|需要?|预算|约|大概|大约|[:：])?\s?$/u;
/** A small bare number is money at the end of its clause only. */
const CLOSED = /^\s?(?:$|[,，。;；!！?？\s]|左右)/u;
/** Goods that are counted in 块 themselves: 香皂20块. */
const IN_BLOCKS = /(?:皂|砖|板|玻璃|电池|饼|石材|屏|硬盘|牌|匾|手表|海绵|毯|巧克力)\s?$/u;
/** 一台304不锈钢柜 has no price. */
const PRICED = /^\s?(?:$|[,，。;；!！?？\s、)）]|左右|上下|就|吧|可以|行|的话|[包管][吃住饭]|真|要|才|太|是|对|[吗呢嘛啊])/u;
/** What a bare number may count when no unit follows. */
const COUNTED =
  /^\s?(?:周(?!转)|[个名位人号次场家天年月日点分%％岁项条期级楼块只箱吨桶套件份张台届步类户多强后折倍]|公斤|小时|星|年度|平|米|笔|直|起|下|些|样|般|定|同)/u;
const COUNTED_GOODS = new RegExp(`^\\s?(?:${UNITS})`, 'iu');
const OF_MONEY =
  /(?:预算|金额|经费|公积金|资金|费|钱|款|补助|申请|申领|拨付?|存|预存|赞助|捐|贷|借|批|支|要|需要?|是|成|为|酬|共|合计|额度|放|入|转|打|充|提|拿|花|大概|大约|约|差不多|笔|补|奖励?|价|[押定订租罚奖佣]金|工资|薪水?)\s?$/u;
/** Where goods and people are counted too, only words for money make money of a bare number. */
const COUNTS = /^(?:need|worker|groupbuy|market|activity|policy)\./u;
const FOR_MONEY =
  /(?:预算|金额|经费|资金|(?<!免)费用?|钱|补助|补贴|补|奖励?|奖金|酬|薪资?|工资|报价|价格?|额度|贷款?)(?:是|为|大概|大约|约|[:：])?\s?$/u;
const MYRIADS = /[万亿wW]$/u;
/** Of several sums the one that is asked for. */
const ASKED =
  /(?:申请|申领|[请报]批|请(?!客)|支取?|(?<!已)拨付?|贷款?|借|融资?|缺口?)(?:公积金|经费|资金|活动费|补助|补贴|个|到|出来?|款|了)?(?:大概|大约|约|共|是|要)?\s?$/u;
/** Only what a fund pays is reckoned in all; elsewhere the price of one is what was said. */
const PAID = /^(?:fund|approval|notice)\./u;

function money(line: string, _: Options, intent: string): Read {
  const found = findMoney(line);
  const before = ({ start }: FoundMoney) => line.slice(Math.max(0, start - 10), start);
  const after = ({ end }: FoundMoney) => line.slice(end);
  const isEach = (one: FoundMoney) =>
    EACH.test(before(one)) || (FOR_ONE.test(after(one)) && !(PAID.test(intent) && FOR_A_TIME.test(after(one))));
  const meant = (one: FoundMoney) => {
    if (!one.bare) return !(IN_BLOCKS.test(before(one)) && line.slice(one.start, one.end).endsWith('块'));
    // 七一晚会, 多写了一个零
    if (one.value.kind === 'exact' && one.value.fen <= 0n) return false;
    if (one.value.kind === 'exact' && one.value.fen < 1000n && FOR_ONE.test(after(one))) return false;
    if (isEach(one) && (FOR_ONE.test(after(one)) || PRICED.test(after(one)))) return true;
    if (COUNTED.test(after(one)) || line[one.start - 1] === '第') return false;
    if (COUNTS.test(intent) && (!FOR_MONEY.test(before(one)) || COUNTED_GOODS.test(after(one))))
      return intent.startsWith('policy.') && MYRIADS.test(line.slice(one.start, one.end));
    if (!OF_MONEY.test(before(one))) return large(one) && intent !== 'hotline.relay';
    return large(one) || CLOSED.test(after(one));
  };
  const sums = found.filter(meant);
  const spans = sums.map((one) => ({
    ...one,
    start: one.start - (OF_ONE.exec(before(one))?.[0].length ?? 0),
    end: one.end + (FOR_ONE.exec(after(one))?.[0].length ?? 0),
  }));
  const whole = sums.filter((one) => !isEach(one));
  const total = whole.filter((one) => TOTAL.test(before(one)));
  const main = whole.filter(({ start }) => !line.slice(0, start).includes('其中'));
  const asked = main.filter((one) => ASKED.test(before(one)));
  const each = sums.filter(isEach);
  const rest = main.length > 0 ? main : whole.length > 0 || PAID.test(intent) ? whole : each;
  const chosen = total.length === 1 ? total : rest.length > 1 && asked.length === 1 ? asked : rest;
  const heads = findHeads(blank(line, spans));
  const [head] = heads;
  const [one] = each;
  if (chosen.length === 0 && one?.value.kind === 'exact' && head && heads.length === 1 && A_HEAD.test(before(one))) {
    return read({ amount: toYuan(one.value.fen * BigInt(head.value)) }, [one]);
  }
  const [first, ...others] = chosen;
  const agreed = first && others.every(({ value }) => JSON.stringify(value, text) === JSON.stringify(first.value, text));
  if (!agreed) return { slots: {}, spans };
  const { value } = first;
  if (value.kind === 'about') return { slots: {}, spans };
  if (value.kind === 'exact') return read({ amount: toYuan(value.fen) }, spans);
  const yuan = (fen: bigint | undefined) => (fen === undefined ? undefined : toYuan(fen));
  return read({ amount_min: yuan(value.min), amount_max: yuan(value.max) }, spans);
}

const text = (_: string, value: unknown) => (typeof value === 'bigint' ? String(value) : value);
const large = ({ value }: FoundMoney) => value.kind !== 'exact' || value.fen >= 10_000n;

const CLAUSE = /[,，。;；!！?？]/u;
/** What is said before goods in a sentence that may tell of much else. */
const HANDLED: Readonly<Record<string, RegExp>> = {
  'hotline.relay': /缺|少|差|要|需|借|求|跟|团|订|买|出|有|剩|余|多/u,
  'need.create': /缺|少|差|要|需|想|装|添|配|买|增|换|求|盼/u,
  'need.progress': /装|送|捐|换|买|发|配|运|借|修|到/u,
};
const BARE_COUNT =
  /(?:^|来|要|订|跟|加|报|数量[:：是为]?)\s?(?<n>\d{1,6}|[一二两三四五六七八九十百千万]{1,6})(?=$|[,，。!！;；\s吧])/u;

function goods(line: string, _: Options, intent: string): Read {
  const found = findQuantities(line);
  const [count] = found;
  const bare = count ? undefined : findQuantities(`${BARE_COUNT.exec(line)?.groups?.['n'] ?? ''}个`)[0]?.value.quantity;
  const price = intent.startsWith('groupbuy.') ? line.indexOf(BLANK) : -1;
  const item = readItem(line, count, price > 0 ? price : undefined);
  // Somebody else's call and a trouble tell many things: only what is counted and wanted, or done, is read.
  const told = HANDLED[intent];
  if (told && (!count || !item || !told.test(line.slice(0, count.start).split(CLAUSE).at(-1) ?? ''))) return read({});
  const unit = count?.value.unit ?? (intent.startsWith('dialog.') ? readUnit(line) : undefined);
  return read({ quantity: count?.value.quantity ?? bare, unit, item }, found);
}

function organisation(line: string, { roster }: Options): Read {
  const found = findOrganisations(line, roster);
  const sure = found.find(({ value }) => value.sure);
  if (sure) return read({ org: sure.value.names[0] }, found);
  return read({ org_candidates: found[0]?.value.names }, found);
}

/** A trade that is looked for or offered, not the one who calls. */
const WANTED =
  /缺|借|招|急需|需要|富余|多余|闲|共享|找(?!人)|[\d两三四五六七八九十几][个名位人](?!月)|要\s?[\d一二两三四五六七八九十几]/u;

const TAKES_PART = /培训|课|讲座|学|教|招|活动|参加|报名|比赛|志愿/u;

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
  ['person', (line) => read({ person: findNames(line)[0]?.value })],
  ['date', dates],
  ['star', (line) => read({ star: readStar(line) })],
  ['rating', (line) => read({ ...readRating(line) })],
  ['amount', money],
  ['job', (line, _, intent) => read({ job: intent.startsWith('hotline.') && !WANTED.test(line) ? undefined : readJob(line) })],
  [
    'heads',
    (line, _, intent) => {
      // 宿舍8个人一间 counts nobody who takes part.
      if (intent === 'need.create' && !TAKES_PART.test(line)) return read({});
      const found = findHeads(line, /^(?:worker|market|activity)\./u.test(intent));
      return read({ headcount: found[0]?.value }, found);
    },
  ],
  ['goods', goods],
  ['category', (line) => read({ category: readClass(line) })],
  ['named centre', (line) => read({ center: findCentres(line)[0]?.value })],
  ['centre', (line) => read({ center: readCentre(line) })],
  ['product', (line) => read({ product: findProducts(line)[0]?.value })],
];
/** Blanked for every intent, so that no later reader takes them for a sum. */
const ALWAYS: readonly Group[] = ['number', 'phone', 'place', 'date'];

/** Which value a correction is about, when its field is named. */
const FIELDS: readonly (readonly [RegExp, readonly Group[]])[] = [
  [/金额|预算|经费|费用|单价|价格|报价|多少钱|[元块]钱?/u, ['amount']],
  [/人数|几个人/u, ['heads']],
  [/电话|手机|号码|联系方式|末尾|尾数/u, ['phone']],
  [/类别|类型/u, ['category']],
  [/星级|评分|打分|评价/u, ['rating']],
  [/数量|件数|吨数|箱数/u, ['goods']],
  [/单位(?!名)/u, ['goods', 'org']],
  [/联系人|姓名|名字|人名|经办人|领队/u, ['person']],
];

function correction(line: string): { readonly line: string; readonly groups: readonly Group[] } {
  const field = FIELDS.find(([pattern]) => pattern.test(line))?.[1];
  const said = corrected(line);
  // The value alone says less than it did in its sentence.
  const part = field?.includes('heads')
    ? said.replace(/(?<=^|[,，\s])([\d一二两三四五六七八九十百]{1,5})[个名位]?(?=$|[,，。!！吧])/u, '$1人')
    : said === line
      ? said
      : `${field?.includes('person') ? '联系人' : field?.includes('amount') ? '金额' : ''}${said.trim()}`;
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
