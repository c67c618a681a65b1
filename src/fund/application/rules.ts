/** 申请的规则: budgets, who may act, what a reviewer should look at twice; pure. */
import { findMoney, parseMoney } from '../../nlu/read/money.ts';
import { least, showMoney, sum, type Fen } from '../../kernel/money.ts';
import { refuse } from '../../kernel/refusal.ts';
import { CATEGORY, type Category } from '../words.ts';

export type BudgetLine = { readonly category: Category; readonly what: string; readonly amount: Fen };

/** What a line without a category is taken for; the first that fits. */
const KINDS: readonly (readonly [Category, RegExp])[] = [
  ['TRAINING', /教材|资料|书|讲课|讲座|专家|课酬|培训|讲师|老师|学习|辅导/u],
  ['VENUE', /阵地|文化墙|展板|宣传栏|党旗|党徽|修缮|装修|设备|桌椅|活动室/u],
  [
    'ACTIVITY',
    /车|大巴|中巴|高铁|餐|饭|茶|门票|场地|慰问|米|粮|油|果|奖品|服装|马甲|饮|水|活动|观影|包场|布置|保险|住宿|器材|接送|讲解|导游|花篮|鲜花|横幅/u,
  ],
];
const NAMED: Readonly<Record<string, Category>> = {
  阵地建设: 'VENUE',
  党群活动: 'ACTIVITY',
  教育培训: 'TRAINING',
  其他支出: 'OTHER',
  其他: 'OTHER',
};
/** Before a sum: then it is not one. */
const ABOUT = /(?:大概|大约|约|差不多|近|至少|最多|不超过)$/u;
const LINES = 12;
const MOST: Fen = 10_000_000_00n;

/**
 * 党群活动：租车1200、餐费600；教育培训：教材800，合计2600. A category holds until the next; without one the words tell.
 * @throws Refusal with the line that cannot be read, or the sum that is wrong
 */
export function readBudget(said: string): readonly BudgetLine[] {
  const text = said
    .normalize('NFKC')
    .replace(/(\d),(?=\d{3}(?!\d))/gu, '$1')
    .replace(/\s+/gu, '');
  const lines: BudgetLine[] = [];
  let total: Fen | undefined;
  for (const block of text.split(/[;；\n]/u).filter(Boolean)) {
    const [, named, rest = block] = /^(阵地建设|党群活动|教育培训|其他支出|其他)[:：](.+)$/u.exec(block) ?? [];
    for (const item of rest.split(/[,，、]/u).filter(Boolean)) {
      const [, summed] = /^(?:合计|总共|共计|一共|共)[:：为是]?(.+)$/u.exec(item) ?? [];
      if (summed !== undefined) {
        total = amountOf(summed, item);
        continue;
      }
      const [, prefix] = /^(阵地建设|党群活动|教育培训|其他支出|其他)/u.exec(item) ?? [];
      const words =
        prefix === undefined || /^(?:阵地建设|党群活动|教育培训|其他支出|其他)\d/u.test(item) ? item : item.slice(prefix.length);
      const [, said = '', money = ''] =
        /^(.*?)[:：]?((?:¥|-|\d|[一二两三四五六七八九十百千万壹贰叁肆伍陆柒捌玖拾佰仟零]).*)$/u.exec(words) ?? [];
      const what = said.replace(EACH, '');
      if (!what || !money)
        refuse('budget.line', `预算里“${item.slice(0, 20)}”没看懂。请写“用途+金额”，如“租车1200元、餐费600元”。`);
      const category = (named ?? prefix) === undefined ? guess(what) : (NAMED[named ?? prefix ?? ''] ?? 'OTHER');
      if (what !== said && productOf(money) === undefined)
        refuse('budget.each', `预算里“${item.slice(0, 20)}”没说一共几份。请写成“餐费25人每人30元”，或直接写总数。`);
      lines.push({ category, what, amount: amountOf(ABOUT.test(what) ? '' : money, item) });
    }
  }
  if (lines.length === 0) refuse('budget.empty', '预算里还没有明细。请写“用途+金额”，如“租车1200元、餐费600元”。');
  if (lines.length > LINES) refuse('budget.long', `预算最多写${LINES}行，您写了${lines.length}行，请把同类的合并。`);
  const added = totalOf(lines);
  if (total !== undefined && total !== added)
    refuse(
      'budget.sum',
      `预算各行加起来是${showMoney(added)}，您写的合计是${showMoney(total)}，对不上。请核对后重新写一遍预算。`,
    );
  if (added > MOST) refuse('budget.most', `预算合计${showMoney(added)}，超过一次最多能申请的${showMoney(MOST)}，请核对金额。`);
  return lines;
}

const UNIT = '[人位份个套本件次场天桌盒箱块张辆]';
const EACH = new RegExp(`(?:每${UNIT}|人均|单价)$`, 'u');
/** 25人每人30, 30元/人×25人, 25*30元, 30元25人: so many times so much. */
const PRODUCT = new RegExp(
  `^(\\d+(?:\\.\\d{1,2})?)(?:元|块钱?)?(?:/?${UNIT})?(?:[,，]?(?:每${UNIT}|人均|一${UNIT})|[×xX*乘]|(?<=元|块)(?=\\d+${UNIT}$))(\\d+(?:\\.\\d{1,2})?)(?:元|块钱?)?(?:/?${UNIT})?$`,
  'u',
);

function productOf(words: string): Fen | undefined {
  const [, first, second] = PRODUCT.exec(words) ?? [];
  if (first === undefined || second === undefined) return undefined;
  const [a, b] = [parseMoney(first), parseMoney(second)];
  return a === undefined || b === undefined || (a * b) % 100n !== 0n ? undefined : (a * b) / 100n;
}

function amountOf(words: string, item: string): Fen {
  const amount = words.startsWith('-') ? undefined : (productOf(words) ?? parseMoney(words));
  if (amount === undefined) {
    const isAbout = words === '' || findMoney(words).some(({ value }) => value.kind !== 'exact');
    const why = isAbout ? '要一个确定的数，请写成“用途+金额”' : '的金额没看懂。请写到元或分的正数';
    return refuse('budget.amount', `预算里“${item.slice(0, 20)}”${why}，如租车1200元、餐费86.5元。`);
  }
  if (amount <= 0n) refuse('budget.zero', `预算里“${item.slice(0, 20)}”的金额要大于0。`);
  return amount;
}

function guess(what: string): Category {
  return KINDS.find(([, words]) => words.test(what))?.[0] ?? 'OTHER';
}

export function totalOf(lines: readonly BudgetLine[]): Fen {
  return sum(lines.map(({ amount }) => amount));
}

/** 党群活动：租车1200元、餐费600元；教育培训：教材800元 */
export function writeBudget(lines: readonly BudgetLine[]): string {
  const categories = [...new Set(lines.map(({ category }) => category))];
  return categories
    .map((category) => {
      const own = lines.filter((line) => line.category === category);
      return `${CATEGORY[category]}：${own.map(({ what, amount }) => `${what}${showMoney(amount).replaceAll(',', '')}`).join('、')}`;
    })
    .join('；');
}

export function categoriesOf(lines: readonly BudgetLine[]): readonly Category[] {
  return [...new Set(lines.map(({ category }) => category))];
}

/** Handed-back dues pay for what Party members learn by, do together and meet in, not for 其他支出. */
export function duesAllowed(lines: readonly BudgetLine[]): Fen {
  return totalOf(lines.filter(({ category }) => category !== 'OTHER'));
}

/** A sum as the categories of a budget, its lines filled one after the other: more money only ever adds to a category. */
export function spread(lines: readonly BudgetLine[], amount: Fen): readonly { category: Category; amount: Fen }[] {
  const each = new Map<Category, Fen>();
  let left = amount;
  for (const line of lines) {
    const taken = least(left, line.amount);
    if (taken > 0n) each.set(line.category, (each.get(line.category) ?? 0n) + taken);
    left -= taken;
  }
  return [...each].map(([category, of]) => ({ category, amount: of }));
}

/** What of a budget a sum that fills its lines one after the other leaves. */
export function after(lines: readonly BudgetLine[], amount: Fen): readonly BudgetLine[] {
  let left = amount;
  return lines
    .map((line) => {
      const taken = least(left, line.amount);
      left -= taken;
      return { ...line, amount: line.amount - taken };
    })
    .filter((line) => line.amount > 0n);
}

/** What of a payment was not used, by category. */
export function unused(lines: readonly BudgetLine[], paid: Fen, spent: Fen): readonly { category: Category; amount: Fen }[] {
  const used = new Map(spread(lines, spent).map(({ category, amount }) => [category, amount]));
  return spread(lines, paid)
    .map(({ category, amount }) => ({ category, amount: amount - (used.get(category) ?? 0n) }))
    .filter(({ amount }) => amount > 0n);
}

/** 申请、审批、拨付由不同的人办: why this person may not, or undefined. */
export type Apart = {
  readonly applicantId: string;
  /** Everybody who belongs to the applying organisation or its enterprise. */
  readonly ownPeople: ReadonlySet<string>;
  /** Who reviewed or approved it, in any round. */
  readonly deciders: ReadonlySet<string>;
};

export function barredFromDeciding(personId: string, { applicantId, ownPeople }: Apart): string | undefined {
  if (personId === applicantId) return '申请是您自己提的，审批要由别人来办。';
  return ownPeople.has(personId) ? '您属于申请的这个单位，按规定要回避，由别的同志来审批。' : undefined;
}

export function barredFromPaying(personId: string, apart: Apart): string | undefined {
  if (personId === apart.applicantId) return '申请是您自己提的，拨付要由别人来办。';
  if (apart.deciders.has(personId)) return '这笔是您审批的，审批的人不能拨付，要由别的出纳来办。';
  return apart.ownPeople.has(personId) ? '您属于申请的这个单位，按规定要回避，由别的出纳来拨付。' : undefined;
}

export type Risk = { readonly colour: '红' | '黄' | '绿'; readonly words: string };

/** What a reviewer should look at twice, the gravest first. */
export function risks(facts: {
  asked: Fen;
  usable: Fen;
  people: number;
  /** Fen a head, over what was settled in this fund; undefined without history. */
  average: Fen | undefined;
  averageOver: number;
  overdue: number;
  objections: number;
  stepAside: number;
}): readonly Risk[] {
  const found: Risk[] = [];
  if (facts.overdue > 0) found.push({ colour: '红', words: `有${facts.overdue}笔逾期没结项` });
  if (facts.asked > facts.usable) found.push({ colour: '红', words: `超出可用额度${showMoney(facts.asked - facts.usable)}` });
  const each = facts.asked / BigInt(facts.people);
  if (facts.average !== undefined && each * 10n > facts.average * BigInt(Math.round(facts.averageOver * 10)))
    found.push({ colour: '黄', words: `人均${showMoney(each)}，高于平均${showMoney(facts.average)}` });
  if (facts.objections > 0) found.push({ colour: '黄', words: `近一年有过${facts.objections}次异议` });
  if (facts.stepAside > 0) found.push({ colour: '黄', words: `${facts.stepAside}位审批人要回避` });
  return found.length > 0 ? found : [{ colour: '绿', words: '没有发现异常' }];
}
