/** 日期 and 期限 against a given now in Asia/Shanghai. Days to come are meant unless the words look back. */
import { Temporal } from 'temporal-polyfill';
import { at as momentOf, dayOf, workdayFrom } from '../../kernel/calendar.ts';
import { findNumbers, toNumber } from './numbers.ts';
import { match, narrow, sweep, type Found } from './span.ts';

type PlainDate = Temporal.PlainDate;

/** `at` is YYYY-MM-DD or YYYY-MM-DDThh:mm; with `until` it is a deadline, its last day included. */
export type When = { readonly at: string; readonly until: boolean };

/** What words for a day come to: itself, and what 「前」 and 「内」 make of it. */
type Reach = {
  readonly on?: PlainDate;
  /** A day belongs to its own 前, a festival does not. */
  readonly before: PlainDate;
  readonly within?: PlainDate;
};
type Rule = {
  readonly pattern: RegExp;
  readonly reach: (found: RegExpExecArray, today: PlainDate, back: boolean) => Reach | undefined;
};

const N = '(?:\\d{1,2}|[一二两三四五六七八九十廿卅]{1,3})';
const MONTH_NAME = '(?:1[0-2]|0?[1-9]|十[一二]?|[一二三四五六七八九])';
const YEAR = '(?:20\\d{2}|二[零〇][零〇一二三四五六七八九]{2})';

function int(words: string): number {
  const [only] = findNumbers(words);
  return only?.value.kind === 'exact' && only.end === words.length ? toNumber(only.value.value) : Number.NaN;
}

function date(year: number, month: number, day: number): PlainDate | undefined {
  const from = Temporal.PlainDate.from({ year, month: 1, day: 1 });
  if (!(month >= 1 && month <= 12 && day >= 1)) return undefined;
  const first = from.with({ month });
  return day <= first.daysInMonth ? first.with({ day }) : undefined;
}

const day = (on: PlainDate | undefined): Reach | undefined => on && { on, before: on };
const monthEnd = (in_: PlainDate) => in_.with({ day: in_.daysInMonth });
const sundayOf = (in_: PlainDate) => in_.add({ days: 7 - in_.dayOfWeek });
const quarterEnd = (in_: PlainDate) => monthEnd(in_.with({ day: 1, month: Math.ceil(in_.month / 3) * 3 }));
const isBefore = (a: PlainDate, b: PlainDate) => Temporal.PlainDate.compare(a, b) < 0;

/** The next one from today on, or the last one up to today. */
function nearest(today: PlainDate, back: boolean, inYear: (year: number) => PlainDate | undefined): PlainDate | undefined {
  const years = back ? [today.year, today.year - 1] : [today.year, today.year + 1];
  return years.map(inYear).find((one) => one !== undefined && (back ? !isBefore(today, one) : !isBefore(one, today)));
}

/**
 * 春节, 端午, 七夕, 中秋, 重阳 by solar date. A table, since ICU's own calendar misses the new moons of
 * 2027-02-06 23:56 and 2030-02-03 00:07 by a day. A year that is not in it has no date for them.
 */
export const LUNAR: Readonly<Record<number, readonly [string, string, string, string, string]>> = {
  2025: ['01-29', '05-31', '08-29', '10-06', '10-29'],
  2026: ['02-17', '06-19', '08-19', '09-25', '10-18'],
  2027: ['02-06', '06-09', '08-08', '09-15', '10-08'],
  2028: ['01-26', '05-28', '08-26', '10-03', '10-26'],
  2029: ['02-13', '06-16', '08-16', '09-22', '10-16'],
  2030: ['02-03', '06-05', '08-05', '09-12', '10-05'],
};

function lunar(year: number, festival: 0 | 1 | 2 | 3 | 4, plus = 0): PlainDate | undefined {
  const on = LUNAR[year]?.[festival];
  return on === undefined ? undefined : Temporal.PlainDate.from(`${year}-${on}`).add({ days: plus });
}

/** Solar terms of this century: the day of the month, by the usual formula. */
const term = (year: number, constant: number) => Math.floor((year % 100) * 0.2422 + constant) - Math.floor((year % 100) / 4);

const FESTIVALS: readonly (readonly [names: string, inYear: (year: number) => PlainDate | undefined])[] = [
  ['元旦', (y) => date(y, 1, 1)],
  ['三八(?:妇女)?节?|妇女节', (y) => date(y, 3, 8)],
  ['清明节?', (y) => date(y, 4, term(y, 4.81))],
  ['五一(?:劳动)?节?|劳动节', (y) => date(y, 5, 1)],
  ['五四(?:青年)?节?|青年节', (y) => date(y, 5, 4)],
  ['六一(?:儿童)?节?|儿童节', (y) => date(y, 6, 1)],
  ['七一(?:建党)?节?|建党节', (y) => date(y, 7, 1)],
  ['八一(?:建军)?节?|建军节', (y) => date(y, 8, 1)],
  ['教师节', (y) => date(y, 9, 10)],
  ['国庆节?|十一(?=国庆|黄金周|长假|假期|放假|期间|之?前|以前)(?:国庆|黄金周)?', (y) => date(y, 10, 1)],
  ['冬至', (y) => date(y, 12, term(y, 21.94))],
  ['大?年三十|除夕', (y) => lunar(y, 0, -1)],
  ['春节|过年|大年初一|新春', (y) => lunar(y, 0)],
  ['元宵节?|正月十五', (y) => lunar(y, 0, 14)],
  ['端午节?', (y) => lunar(y, 1)],
  ['七夕', (y) => lunar(y, 2)],
  ['中秋节?', (y) => lunar(y, 3)],
  ['重阳节?', (y) => lunar(y, 4)],
];
/** 七一表彰, 重阳慰问: the name of a thing, not its day. */
const NOT_A_NAME = '(?!\\s?(?:表彰|文艺|汇演|慰问|晚会|联欢|主题|活动|大会|党课|讲话|精神|奖|路|广场|小学|系列|公寓|中学|献礼))';

const RELATIVE: Readonly<Record<string, number>> = { 大前: -3, 前: -2, 昨: -1, 今: 0, 明: 1, 后: 2, 大后: 3 };

function shiftedMonth(today: PlainDate, words: string): PlainDate {
  const shift = words.startsWith('下下') ? 2 : words.startsWith('下') ? 1 : words.startsWith('上') ? -1 : 0;
  return today.with({ day: 1 }).add({ months: shift });
}

function yearOf(words: string | undefined, today: PlainDate): number | undefined {
  if (!words) return undefined;
  const shift = ({ 去年: -1, 今年: 0, 本年: 0, 明年: 1, 后年: 2 } as Readonly<Record<string, number>>)[words];
  return shift === undefined ? int(words.replace('年', '')) : today.year + shift;
}

const WEEK = '(?:周|星期|礼拜)';
const MONTH_SHIFT = '(?:上个?|本|这个?|当|下下个?|下个?)月';
const NAMED_YEAR = `(?:${YEAR}年?|去年|今年|本年|明年|后年)`;
const rule = (pattern: string, reach: Rule['reach']): Rule => ({ pattern: new RegExp(pattern, 'uy'), reach });

/** Longest match wins, so their order says nothing. */
const RULES: readonly Rule[] = [
  rule(
    '(大前|(?<!提)前|昨|今|明|大后|后)(?:[天日](?!气)|儿个?|(?=[晚早](?!餐|饭|点名|会|操|班))|(?<=明)(?=上午|下午))',
    ([, word = ''], today) => day(today.add({ days: RELATIVE[word] ?? 0 })),
  ),
  rule(
    `(?<![每逢\\d一二两三四五六七八九十几])(上上|上|下下|下|这|本)?个?${WEEK}([一二三四五六日天末]|[1-7](?![\\d个名人天年月号:：.]))(?!年|鸣)`,
    ([, which = '', name = ''], today, back) => {
      const shift = ({ 上上: -14, 上: -7, 下: 7, 下下: 14 } as Readonly<Record<string, number>>)[which] ?? 0;
      const number = name === '末' ? 6 : /[日天]/u.test(name) ? 7 : int(name);
      const inWeek = today.add({ days: number - today.dayOfWeek + shift });
      const last = name === '末' ? 7 : number;
      const on =
        which === '' && !back && last < today.dayOfWeek
          ? inWeek.add({ days: 7 })
          : which === '' && back && isBefore(today, inWeek)
            ? inWeek.subtract({ days: 7 })
            : inWeek;
      return name === '末' ? { on, before: on.subtract({ days: 1 }), within: on.add({ days: 1 }) } : day(on);
    },
  ),
  rule(
    `(?<!\\d)(${NAMED_YEAR})[-/.]?(${MONTH_NAME})(?:[-/.]|月份?)(${N})(?:[日号]|(?!\\d))`,
    ([, year, month = '', on = ''], today) => day(date(yearOf(year, today) ?? 0, int(month), int(on))),
  ),
  rule(
    `(?<![\\d.])(${MONTH_NAME})月份?(${N})(?:[日号]|(?![\\d.多几来]|个|名|人|吨|箱))`,
    ([, month = '', on = ''], today, back) => day(nearest(today, back, (year) => date(year, int(month), int(on)))),
  ),
  rule(`(${MONTH_SHIFT})(?:份|的)?(${N})[日号]`, ([, words = '', on = ''], today) => {
    const month = shiftedMonth(today, words);
    return day(date(month.year, month.month, int(on)));
  }),
  rule(
    `(?<![\\d第座工编.A-Za-z-]|[一二两三四五六七八九十])(${N})[日号](?![楼车线文厂门机院员码单店铺仓库桌窗柜公路会场馆栋幢房室]|人(?!到|来)|需求|技师)`,
    ([, on = ''], today, back) => {
      const months = [0, 1, 2].map((shift) => today.with({ day: 1 }).add({ months: back ? -shift : shift }));
      const days = months.map((month) => date(month.year, month.month, int(on)));
      return day(days.find((one) => one && (back ? !isBefore(today, one) : !isBefore(one, today))));
    },
  ),
  rule(
    '(?<![\\d./-])(1[0-2]|0?[1-9])[./-](3[01]|[12]\\d|0?[1-9])(?=号|日|之?前|以前|上午|下午|晚|早|那天|当天)[号日]?',
    ([, month = '', on = ''], today, back) => day(nearest(today, back, (year) => date(year, Number(month), Number(on)))),
  ),
  rule(
    '(?<=定在|日期[:：是]?|时间[:：是]?|改[到成为期]|截止到?|安排在|放在|挪到|推到)\\s?(1[0-2]|0?[1-9])[./-](3[01]|[12]\\d|0?[1-9])(?![\\d.万元块吨%])',
    ([, month = '', on = ''], today) => day(nearest(today, false, (year) => date(year, Number(month), Number(on)))),
  ),
  rule(
    `(?<![\\d])(${NAMED_YEAR})?(${MONTH_SHIFT}|${MONTH_NAME}月份?|(?<!\\d)月)(底|末|初|中(?!旬)|上旬|中旬|下旬)`,
    ([, year, words = '', edge = ''], today) => {
      const named = /^月$/u.test(words) || /^[上本这当下]/u.test(words) ? shiftedMonth(today, words) : undefined;
      const number = named ? 0 : int(words.replace(/月份?$/u, ''));
      const inYear = (y: number) => named ?? date(y, number, 1);
      const fixed = yearOf(year, today);
      const month =
        fixed === undefined ? (nearest(today.with({ day: 1 }), false, inYear) ?? named) : date(fixed, named?.month ?? number, 1);
      if (!month) return undefined;
      if (/底|末/u.test(edge)) return day(monthEnd(month));
      if (edge.endsWith('旬')) {
        const last = edge === '上旬' ? month.with({ day: 10 }) : edge === '中旬' ? month.with({ day: 20 }) : monthEnd(month);
        return { before: last, within: last };
      }
      const on = month.with({ day: edge === '初' ? 1 : 15 });
      return day(words === '月' && isBefore(on, today) ? on.add({ months: 1 }) : on);
    },
  ),
  rule('(今年|本年|明年|年)(底|末|终)', ([, words = ''], today) => day(date(today.year + (words === '明年' ? 1 : 0), 12, 31))),
  rule('(?:(本|这个?|这一|下个?|第?[一二三四1-4])季度?|季度?)(?:末|底)', ([, which = ''], today) => {
    const named = /[一二三四1-4]$/u.test(which) && which !== '这一' ? int(which.replace('第', '')) : 0;
    return day(
      named
        ? nearest(today, false, (year) => quarterEnd(Temporal.PlainDate.from({ year, month: named * 3, day: 1 })))
        : quarterEnd(which.startsWith('下') ? today.add({ months: 3 }) : today),
    );
  }),
  ...FESTIVALS.map(([names, inYear]) =>
    rule(`(?:今年|明年)?(?<![\\d二三四五六七八九十百千万块元毛点第])(?:${names})${NOT_A_NAME}`, ([words = ''], today, back) => {
      const on = words.startsWith('明年') ? inYear(today.year + 1) : nearest(today, back, inYear);
      return on && { on, before: on.subtract({ days: 1 }) };
    }),
  ),
  rule(`(这|本|当|下下?)?个?(?:周|星期|礼拜)(?=之?内|以?内|之前|以前|前(?!后|面))`, ([, which = ''], today) => {
    const last = sundayOf(today).add({ days: which.length === 2 ? 14 : which === '下' ? 7 : 0 });
    return { before: which.startsWith('下') ? last.subtract({ days: 7 }) : last, within: last };
  }),
  rule(
    `(?:(${MONTH_SHIFT})|(?<![\\d一二两三四五六七八九十个半几])月)(?=之?内|以?内|之前|以前|前(?!后|面))`,
    ([, words = ''], today) => {
      const month = shiftedMonth(today, words);
      return { before: words.startsWith('下') ? month.subtract({ days: 1 }) : monthEnd(month), within: monthEnd(month) };
    },
  ),
  rule(`(?<![\\d个])(${MONTH_NAME})月份?(?=之?内|以内|之前|以前|前(?!后|面))`, ([, month = ''], today) => {
    const first = nearest(today.with({ day: 1 }), false, (year) => date(year, int(month), 1));
    return first && { before: first.subtract({ days: 1 }), within: monthEnd(first) };
  }),
  rule('(?:今年|本年|年)(?=之?内|以内)|(?:本|这个?)季度?(?=之?内|以内)', ([words = ''], today) => {
    const last = words.includes('季') ? quarterEnd(today) : today.with({ month: 12, day: 31 });
    return { before: last, within: last };
  }),
  rule('下班(?=之?前|以前)|(?:天黑|当天|当日)(?=之?前|之?内)', (_, today) => day(today)),
];

const PART = '(?:凌晨|清晨|清早|大清早|早上|早晨|一早|早|上午|中午|正午|午后|下午|傍晚|晚上|晚间|夜里|夜间|夜|晚)';
const MINUTES =
  '(?:(?<half>半)|(?<quarter>[一三13])刻|(?<minute>[0-5]\\d|零[一-九五]|[二三四五]?十[一二三四五六七八九]?)分?(?![个名人位箱吨])|整|钟)?';
const CLOCK = new RegExp(
  `的?\\s?(?<part>${PART})?的?\\s?(?:(?<h>[01]?\\d|2[0-4])[:：](?<m>[0-5]\\d)(?!\\d)|(?<hour>${N})(?:点钟?|时(?!候|间|常|段|刻))(?!单|名|击|赞|评|意见|建议|要求|子|心)${MINUTES})`,
  'uy',
);
const ONLY_PART = new RegExp(`的?\\s?(?<part>${PART})`, 'uy');
/** Without a day the hour has to be plain: 下午3点, 19:30, 8点半, 10点集合. */
const PLAIN = /[:：半刻分整钟]|[早午晚夜晨]|点(?=前|之前|以前|开|集|到|出发|见)/u;

type Time = { readonly hour: number; readonly minute: number };

function timeOf({ groups = {} }: RegExpExecArray, hint: string): Time | undefined {
  const part = groups['part'] ?? hint;
  const spoken = groups['h'] ?? groups['hour'];
  if (spoken === undefined) return /^(?:中|正)午$/u.test(part) ? { hour: 12, minute: 0 } : undefined;
  const hour = int(spoken);
  const minute = groups['m'] ?? groups['minute'];
  const minutes = groups['half']
    ? 30
    : groups['quarter']
      ? int(groups['quarter']) * 15
      : minute
        ? int(minute.replace('零', '')) || 0
        : 0;
  const late = /下午|午后|傍晚|晚|夜/u.test(part) || (/中午/u.test(part) && hour < 3);
  const afternoon = part === '' && groups['h'] === undefined && hour >= 1 && hour <= 6;
  const of24 =
    hour < 12 && (late || afternoon)
      ? hour + 12
      : hour === 12 && /凌晨/u.test(part)
        ? 0
        : hour === 12 && /晚|夜/u.test(part)
          ? 24
          : hour;
  return of24 <= 24 ? { hour: of24, minute: minutes } : undefined;
}

function stamp(on: PlainDate, time: Time | undefined): string {
  if (!time) return on.toString();
  const [whole, hour] = time.hour === 24 ? [on.add({ days: 1 }), 0] : [on, time.hour];
  return `${whole.toString()}T${String(hour).padStart(2, '0')}:${String(time.minute).padStart(2, '0')}`;
}

const UNTIL = /\s?(?:之前|以前|前(?!后|台|往|面|来|去|景|期|线|几天|[一两三]天)|为止|截止|止)/uy;
const WITHIN = /\s?(?:之内|以内|内(?![部容蒙]))/uy;
const DUE = /(?:截止|截至|最迟|最晚|不晚于|赶在|期限|限)(?:日期|时间)?(?:是|到|至|于|在|为|[:：])?\s?$/u;
/** 20号报的, 3月5日提过: said of the past. */
const BACK =
  /^(?:上午|下午|晚上)?(?:我们?|他们?)?(?:报|提|交|申请|登记|填|发|办|建|存|打|开|去|来|做|搞)(?:上来|上去)?(?:[过了]|的(?!时候))/u;
const SPAN =
  /(?:(?<count>\d{1,3}|[一二两三四五六七八九十廿百]{1,3})个?(?<more>半)?|(?<half>半)个?)(?<unit>小时|钟头|分钟|工作日|天|日|周|星期|礼拜|月|年)(?:之|以)?(?<way>内|后(?![面台续勤半期])|前)/uy;

/** 三天后, 一周内, 两小时后, 半个月内, 3个工作日内. */
function spanAt(line: string, start: number, now: Date): Found<When> | undefined {
  if (/[\d.第]/u.test(line[start - 1] ?? '')) return undefined;
  const found = match(SPAN, line, start);
  const { count, more, half, unit = '', way = '' } = found?.groups ?? {};
  // 6月前 is the month, 6个月前 half a year.
  const isMonth = unit === '月' && way !== '后' && !half && count !== '两' && !found?.[0].includes('个');
  if (!found || isMonth || (way === '前' && /工作日|小时|钟头|分钟/u.test(unit))) return undefined;
  const whole = half ? 0 : int(count ?? '');
  const extra = half || more ? 0.5 : 0;
  if (Number.isNaN(whole)) return undefined;
  const sign = way === '前' ? -1 : 1;
  const value = (at: string) => ({ value: { at, until: way === '内' }, start, end: start + found[0].length });
  const today = Temporal.PlainDate.from(dayOf(now));
  const days = (n: number) => value(today.add({ days: sign * n }).toString());
  switch (unit) {
    case '分钟':
    case '小时':
    case '钟头': {
      const minutes = (whole + extra) * (unit === '分钟' ? 1 : 60);
      const moment = new Date(now.getTime() + minutes * 60_000);
      return value(
        Temporal.Instant.fromEpochMilliseconds(moment.getTime())
          .toZonedDateTimeISO('Asia/Shanghai')
          .toPlainDateTime()
          .toString()
          .slice(0, 16),
      );
    }
    case '工作日':
      return value(workdayFrom(now, whole));
    case '月':
      return value(today.add({ months: sign * whole, days: sign * (extra ? 15 : 0) }).toString());
    case '年':
      return value(today.add({ years: sign * whole, months: sign * (extra ? 6 : 0) }).toString());
    case '周':
    case '星期':
    case '礼拜':
      return days(whole * 7);
    default:
      return extra ? undefined : days(whole);
  }
}

function clockAt(line: string, start: number, now: Date): Found<When> | undefined {
  if (/[\d.:：-]/u.test(line[start - 1] ?? '')) return undefined;
  const found = match(CLOCK, line, start);
  if (!found || /^[的\s]/u.test(found[0])) return undefined;
  const end = start + found[0].length;
  if (!PLAIN.test(found[0]) && !PLAIN.test(line.slice(end - 1, end + 3))) return undefined;
  const time = timeOf(found, '');
  if (!time) return undefined;
  const today = dayOf(now);
  const passed =
    time.hour < 24 && momentOf(today, `${String(time.hour).padStart(2, '0')}:${String(time.minute).padStart(2, '0')}`) < now;
  const until = match(UNTIL, line, end);
  const on = Temporal.PlainDate.from(today).add({ days: passed ? 1 : 0 });
  return {
    value: { at: stamp(on, time), until: until !== undefined || due(line, start) },
    start,
    end: end + (until?.[0].length ?? 0),
  };
}

const due = (line: string, start: number) => DUE.test(line.slice(Math.max(0, start - 8), start));

/** The characters that words for a day or a time begin with. */
const BEGINS =
  /[\d零〇一二两三四五六七八九十廿卅半大前昨今明后上下这本当个周星礼年去月季第元妇清劳青儿建教国冬除春过新正端中重天凌早傍晚夜午]/u;

function dayAt(line: string, start: number, now: Date): Found<When> | undefined {
  const today = Temporal.PlainDate.from(dayOf(now));
  let best: { found: RegExpExecArray; rule: Rule } | undefined;
  for (const one of RULES) {
    const found = match(one.pattern, line, start);
    if (found && found[0].length > (best?.found[0].length ?? 0)) best = { found, rule: one };
  }
  if (!best) return undefined;
  let end = start + best.found[0].length;
  const reach = best.rule.reach(best.found, today, BACK.test(line.slice(end, end + 12)));
  if (!reach) return undefined;
  const clock = match(CLOCK, line, end) ?? match(ONLY_PART, line, end);
  const time = clock && timeOf(clock, /^[今明昨]$/u.test(best.found[0]) ? (line[end] ?? '') : '');
  if (clock && reach.on) end += clock[0].length;
  const before = match(UNTIL, line, end);
  const within = before ? undefined : match(WITHIN, line, end);
  const on = before && !time ? reach.before : within ? reach.within : reach.on;
  if (!on) return undefined;
  const until = before !== undefined || within !== undefined || due(line, start);
  return { value: { at: stamp(on, time), until }, start, end: end + ((before ?? within)?.[0].length ?? 0) };
}

/** Days, times and deadlines in the order said. */
export function findDates(text: string, now: Date): Found<When>[] {
  const line = narrow(text);
  return sweep(line, (start) => {
    if (!BEGINS.test(line[start] ?? '') || /\d\d/u.test(line.slice(Math.max(0, start - 1), start + 1))) return undefined;
    const found = [spanAt(line, start, now), dayAt(line, start, now), clockAt(line, start, now)].filter(
      (one) => one !== undefined,
    );
    return found.toSorted((a, b) => b.end - a.end)[0];
  });
}

/** The day or time that is all of the words. Law: parseDate(showDate(x)) = x. */
export function parseDate(text: string, now: Date): string | undefined {
  const line = text.trim();
  const [only] = findDates(line, now);
  return only?.start === 0 && only.end === line.length ? only.value.at : undefined;
}

/** 2026年3月18日19:30 */
export function showDate(at: string): string {
  const [on = '', time = ''] = at.split('T');
  const [year, month, dayOfMonth] = on.split('-').map(Number);
  return `${year}年${month}月${dayOfMonth}日${time}`;
}
