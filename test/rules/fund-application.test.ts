/** Budgets, who must stand back, what a reviewer sees, the life of an application. */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { APPLICATION_LIFE, HOLDING, RESERVING } from '../../src/fund/application/life.ts';
import {
  barredFromDeciding,
  barredFromPaying,
  duesAllowed,
  readBudget,
  risks,
  spread,
  totalOf,
  unused,
  writeBudget,
} from '../../src/fund/application/rules.ts';
import { APPLICATION_STATE, type ApplicationState } from '../../src/fund/application/words.ts';
import { CATEGORIES } from '../../src/fund/words.ts';
import { midnightAfterWorkdays, midnightResumed, showEnd } from '../../src/kernel/calendar.ts';

const line = fc.record({
  category: fc.constantFrom(...CATEGORIES),
  what: fc.constantFrom('租车', '餐费', '教材', '展板', '慰问品', '讲课费'),
  amount: fc.bigInt(1n, 10_000_00n),
});
const lines = fc.array(line, { minLength: 1, maxLength: 8 });
const sum = (of: readonly { amount: bigint }[]) => of.reduce((total, { amount }) => total + amount, 0n);

describe('预算', () => {
  test.each([
    ['租车1200、餐费600，合计1800', '党群活动：租车1200元、餐费600元'],
    ['党群活动：租车1,200元，餐费600元；教育培训：教材800元', '党群活动：租车1200元、餐费600元；教育培训：教材800元'],
    ['文化墙一万二', '阵地建设：文化墙12000元'],
    ['课酬800块、场地500', '教育培训：课酬800元；党群活动：场地500元'],
    ['其他：杂项50.5元', '其他支出：杂项50.50元'],
    ['　租车　１２００　元　', '党群活动：租车1200元'],
    ['印刷壹仟贰佰元整', '其他支出：印刷1200元'],
    ['大巴2000，午餐25人每人30', '党群活动：大巴2000元、午餐750元'],
    ['餐费30元/人×25人', '党群活动：餐费750元'],
    ['餐费25*30元', '党群活动：餐费750元'],
    ['餐费每人30元25人', '党群活动：餐费750元'],
    ['餐费人均30.5×24', '党群活动：餐费732元'],
    ['教材12.5元一本20本', '教育培训：教材250元'],
  ])('%s', (said, read) => {
    expect(writeBudget(readBudget(said))).toBe(read);
  });

  test.each([
    ['租车1200、餐费600，合计2000', 'budget.sum'],
    ['租车', 'budget.line'],
    ['1200', 'budget.line'],
    ['租车-5元', 'budget.amount'],
    ['租车0元', 'budget.zero'],
    ['租车0.001元', 'budget.amount'],
    ['租车大概一千', 'budget.amount'],
    ['餐费每人30', 'budget.each'],
    ['餐费25人', 'budget.amount'],
    ['餐费25人每人0', 'budget.zero'],
    ['餐费0.33×0.1', 'budget.amount'],
    ['租车10亿元', 'budget.most'],
    ['，；', 'budget.empty'],
    [Array.from({ length: 13 }, (_, i) => `物品${'甲乙丙丁戊己庚辛壬癸子丑寅'[i]}10元`).join('、'), 'budget.long'],
  ])('%s: %s', (said, code) => {
    expect(() => readBudget(said)).toThrow(expect.objectContaining({ code }));
  });

  test('readBudget(writeBudget(x)) has the sums of x', () => {
    fc.assert(
      fc.property(lines, (budget) => {
        const again = readBudget(writeBudget(budget));
        expect(totalOf(again)).toBe(totalOf(budget));
        expect(duesAllowed(again)).toBe(duesAllowed(budget));
        expect(writeBudget(again)).toBe(writeBudget(budget));
      }),
    );
  });

  test('a payment and what is left of it fall on the categories exactly, never below zero', () => {
    fc.assert(
      fc.property(lines, fc.nat(100), fc.nat(100), (budget, a, b) => {
        const total = totalOf(budget);
        const paid = (total * BigInt(Math.max(a, b))) / 100n;
        const spent = (total * BigInt(Math.min(a, b))) / 100n;
        expect(sum(spread(budget, paid))).toBe(paid);
        const back = unused(budget, paid, spent);
        expect(sum(back)).toBe(paid - spent);
        const captured = new Map(spread(budget, paid).map(({ category, amount }) => [category, amount]));
        for (const { category, amount } of back) expect(amount > 0n && amount <= (captured.get(category) ?? 0n)).toBe(true);
      }),
    );
  });
});

describe('申请、审批、拨付由不同的人办', () => {
  const apart = { applicantId: 'lin', ownPeople: new Set(['lin', 'chen']), deciders: new Set(['zhang']) };

  test.each([
    ['lin', true, true],
    ['chen', true, true],
    ['zhang', false, true],
    ['zheng', false, false],
  ])('%s: barred from deciding %s, from paying %s', (person, deciding, paying) => {
    expect(barredFromDeciding(person, apart) !== undefined).toBe(deciding);
    expect(barredFromPaying(person, apart) !== undefined).toBe(paying);
  });

  test('whoever may not decide may not pay either', () => {
    const people = fc.constantFrom('a', 'b', 'c', 'd');
    fc.assert(
      fc.property(people, people, fc.uniqueArray(people), fc.uniqueArray(people), (person, applicantId, own, deciders) => {
        const of = { applicantId, ownPeople: new Set(own), deciders: new Set(deciders) };
        if (barredFromDeciding(person, of) !== undefined) expect(barredFromPaying(person, of)).toBeDefined();
      }),
    );
  });
});

test('what a reviewer should look at twice, the gravest first', () => {
  const calm = {
    asked: 300_00n,
    usable: 300_00n,
    people: 3,
    average: 100_00n,
    averageOver: 1.5,
    overdue: 0,
    objections: 0,
    stepAside: 0,
  };
  expect(risks(calm)).toEqual([{ colour: '绿', words: '没有发现异常' }]);
  expect(risks({ ...calm, asked: 451_00n, overdue: 1 }).map(({ words }) => words)).toEqual([
    '有1笔逾期没结项',
    '超出可用额度151元',
    '人均150.33元，高于平均100元',
  ]);
  expect(risks({ ...calm, average: undefined, asked: 300_00n, objections: 2, stepAside: 1 }).map(({ colour }) => colour)).toEqual(
    ['黄', '黄'],
  );
});

describe('the life of an application', () => {
  const states = Object.keys(APPLICATION_STATE) as ApplicationState[];

  test('every state can be reached, and from every state there is an end', () => {
    const reached = new Set<ApplicationState>(['DRAFT']);
    for (const state of reached) for (const next of APPLICATION_LIFE[state]) reached.add(next);
    expect([...reached].sort()).toEqual([...states].sort());
    const ends = new Set(states.filter((state) => APPLICATION_LIFE[state].length === 0));
    for (let before = 0; before !== ends.size;) {
      before = ends.size;
      for (const state of states) if (APPLICATION_LIFE[state].some((next) => ends.has(next))) ends.add(state);
    }
    expect(ends.size).toBe(states.length);
  });

  test('money is only paid after 公示 and 终审', () => {
    const before = (to: ApplicationState) => states.filter((state) => APPLICATION_LIFE[state].includes(to));
    expect(before('PAID')).toEqual(['APPROVED']);
    expect(before('APPROVED')).toEqual(['CLEARED']);
    expect(before('CLEARED')).toEqual(['ON_NOTICE']);
  });

  test('what holds money also takes up credit', () => {
    expect(HOLDING.filter((state) => !RESERVING.includes(state))).toEqual([]);
  });
});

test('the clock of 公示 goes on with the working days it had left, at least one', () => {
  const begun = new Date('2026-11-24T10:00:00+08:00');
  const until = midnightAfterWorkdays(begun, 5);
  expect(showEnd(until, begun)).toBe('12月1日24:00');
  const stopped = new Date('2026-11-26T10:00:00+08:00');
  expect(showEnd(midnightResumed(until, stopped, new Date('2026-12-03T09:00:00+08:00')), begun)).toBe('12月8日24:00');
  const late = new Date('2026-12-01T23:59:59+08:00');
  expect(showEnd(midnightResumed(until, late, new Date('2026-12-03T09:00:00+08:00')), begun)).toBe('12月4日24:00');
});
