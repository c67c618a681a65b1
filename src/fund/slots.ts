import { choice } from '../bot/slots/choice.ts';
import type { Slot } from '../bot/slot.ts';
import { dayOf, plusDays, yearOf, type Day } from '../kernel/calendar.ts';
import { refuse } from '../kernel/refusal.ts';
import { CATEGORIES, CATEGORY, SOURCE, type Category, type Source } from './words.ts';

export function sourceSlot(ask: Slot<Source>['ask'], sources: readonly Source[]): Slot<Source> {
  const words: Partial<Record<Source, readonly string[]>> = {
    PRINCIPAL: ['预存', '本金'],
    FISCAL: ['财政', '财政补贴'],
    DUES_REFUND: ['党费', '党费返补'],
    MASS_ORG: ['群团', '工会', '团委', '妇联'],
    DONATION: ['赞助', '捐', '捐款', '捐赠', '个人赞助'],
  };
  return choice(
    '来源',
    ask,
    sources.map((value) => ({ value, show: SOURCE[value], words: words[value] ?? [] })),
  );
}

const SHORT: Readonly<Record<Category, readonly string[]>> = {
  VENUE: ['阵地'],
  ACTIVITY: ['活动'],
  TRAINING: ['培训', '学习'],
  OTHER: ['其他'],
};

/** 专款专用: the category a giver wants it spent on. */
export function earmarkSlot(): Slot<Category> {
  return choice(
    '限定用途',
    '只能用在哪一类？',
    CATEGORIES.map((value) => ({ value, show: CATEGORY[value], words: SHORT[value] })),
  );
}

const MONTHS = ['一', '二', '三', '四', '五', '六', '七', '八', '九', '十', '十一', '十二'];
const FORM = /^(?:(\d{4})年?[-./]?|(去年|今年|上年))?(?:(\d{1,2})[月/.-])?(底|末|月底|月末|年底|年末|(\d{1,2})[日号]?)?$/u;

/** A day that has come: 2026年6月底, 6月30日, 去年底, 昨天. Its end counts. */
export function pastDay(label: string, ask: Slot<Day>['ask']): Slot<Day> {
  const show = (day: Day) => day.replace(/^(\d+)-0?(\d+)-0?(\d+)$/u, '$1年$2月$3日');
  return {
    label,
    ask,
    parse(said, { now }) {
      const words = said
        .normalize('NFKC')
        .replace(/\s+|截至|截止|为止/gu, '')
        .replace(/[一二三四五六七八九十]{1,2}(?=月)/u, (month) => String(MONTHS.indexOf(month) + 1));
      const day = read(words, now);
      if (day === undefined)
        return refuse('day.form', `${label}请说日期，如2026年6月底、6月30日、昨天。没看懂“${words.slice(0, 20)}”。`);
      if (day > dayOf(now)) return refuse('day.future', `${show(day)}还没有到，${label}请说今天或以前的日期。`);
      return day;
    },
    say: (day) => day,
    show,
  };
}

function read(words: string, now: Date): Day | undefined {
  const today = dayOf(now);
  if (words === '今天' || words === '现在') return today;
  if (words === '昨天') return plusDays(today, -1);
  if (words === '上月底' || words === '上个月底') return plusDays(`${today.slice(0, 7)}-01`, -1);
  if (/^\d{4}-\d{2}-\d{2}$/u.test(words)) return real(words);
  const [, year, word, month, end, day] = FORM.exec(words) ?? [];
  if (end === undefined && month === undefined) return undefined;
  const of = year ?? String(yearOf(now) - (word === '去年' || word === '上年' ? 1 : 0));
  const inMonth = (month ?? '12').padStart(2, '0');
  if (day !== undefined) return real(`${of}-${inMonth}-${day.padStart(2, '0')}`);
  const next = Number(inMonth) === 12 ? `${Number(of) + 1}-01-01` : `${of}-${String(Number(inMonth) + 1).padStart(2, '0')}-01`;
  return real(next) === undefined ? undefined : plusDays(next, -1);
}

function real(day: string): Day | undefined {
  const at = new Date(`${day}T00:00:00Z`);
  return !Number.isNaN(at.getTime()) && at.toISOString().startsWith(day) ? day : undefined;
}

/** A year that has begun: 2026, 2026年度, 去年. */
export function yearSlot(label: string, ask: Slot<number>['ask']): Slot<number> {
  return {
    label,
    ask,
    parse(said, { now }) {
      const words = said.normalize('NFKC').trim();
      const current = yearOf(now);
      const named = words === '今年' ? current : words === '去年' ? current - 1 : Number(/^(\d{4})(?:年度?)?$/u.exec(words)?.[1]);
      if (!Number.isInteger(named) || named < 2014 || named > current)
        return refuse('year.form', `${label}请说已经开始的年份，如${current - 1}年。没看懂“${words.slice(0, 20)}”。`);
      return named;
    },
    say: String,
    show: (year) => `${year}年`,
  };
}
