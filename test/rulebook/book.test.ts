/** Which clause a question is about: every way of asking finds its own; strangers' questions mostly; what is not written nothing. */
import { describe, expect, test } from 'vitest';
import { MODULES } from '../../src/modules.ts';
import { createBook, readBook, readBooks, waysOf, type Place } from '../../src/rulebook/book.ts';

const book = createBook([...readBooks(), ...MODULES.flatMap(({ answers = [] }) => answers)]);
/** Its number, or the title of what another module answers. */
const nameOf = (place: Place) => ('no' in place ? place.no : place.title);
const numbers = (words: string) => book.find(words).map(nameOf);

test('every way of asking that a clause gives finds it first, and every title', () => {
  const wrong = book.places.flatMap((place) => waysOf(place).filter((words) => numbers(words)[0] !== nameOf(place)));
  expect(wrong).toEqual([]);
});

/** Not among the ways the clauses give; the thresholds were set on these. */
const WRITTEN: readonly (readonly [no: string, words: string])[] = [
  ['1.1', 'A类和C类有什么区别'],
  ['1.1', 'B类需求是啥'],
  ['1.1', '需求类别怎么划分的'],
  ['1.1', '什么样的算A类'],
  ['1.2', '临时工能提需求吗'],
  ['1.2', '谁可以提需求啊'],
  ['1.2', '不是党员可以报需求不'],
  ['1.3', '需求审核要多少天'],
  ['1.3', '报上去几天有答复'],
  ['1.3', '审核时间多长'],
  ['1.3', '被退回了还能重新报吗'],
  ['1.4', '一个党员能认领几条'],
  ['1.4', '最多可以认领多少个需求'],
  ['1.4', '不是党员能认领吗'],
  ['1.4', '集体认领是什么'],
  ['1.5', '协办是干什么的'],
  ['1.5', '候补是啥意思'],
  ['1.5', '两个人一起认领了算谁的'],
  ['1.6', '没人认领的需求怎么处理'],
  ['1.6', '要是一直没人认领呢'],
  ['1.6', '兜底指派什么意思'],
  ['1.9', 'C类需求抽查比例怎么算'],
  ['1.9', '季度检查检查什么'],
  ['1.9', '多长时间检查一次需求'],
  ['1.10', '什么时候要整改'],
  ['1.10', '退出是怎么回事'],
  ['1.10', '评价很差会有什么后果'],
  ['1.11', '需求能不能撤回'],
  ['1.11', '撤回之后还能恢复不'],
  ['1.12', '重复报了怎么处理'],
  ['2.1', '我为什么没权限'],
  ['2.1', '身份在哪里登记'],
  ['2.2', '出差了谁替我审批'],
  ['2.2', '委托能再委托给别人吗'],
  ['2.3', '手机号会在群里显示吗'],
  ['2.3', '我的隐私有保护吗'],
  ['2.4', '谁可以看到我的手机号码'],
  ['2.5', '半夜会发消息吗'],
  ['2.5', '免打扰后还能收到审批吗'],
  ['2.6', '可以删掉我的记录吗'],
  ['2.6', '我的资料怎么导出'],
  ['3.1', '1+X+N是啥'],
  ['2.7', '入党要多久'],
  ['2.7', '党费咋交'],
  ['2.7', '转正什么流程'],
  ['2.8', '住房公积金怎么提取'],
  ['2.8', '奖金什么时候发'],
  ['2.8', '工伤怎么赔'],
  ['2.7', '党费怎么算'],
  ['2.7', '预备党员什么时候转正'],
  ['2.8', '住房公积金能买房吗'],
  ['2.8', '加班费怎么算'],
  ['3.1', '联盟牵头单位谁能当'],
  ['3.2', '秘书长由谁担任'],
  ['3.3', '九个共都有哪些'],
  ['3.3', '共济是什么'],
  ['3.4', '企业社区三个中心是哪三个'],
  ['3.5', '可以参加别的支部活动吗'],
  ['3.5', '开放式组织生活是什么'],
  ['公积金审批程序', '公示几天啊'],
  ['公积金审批程序', '公积金多少天能批'],
  ['公积金审批程序', '异议什么时候之前提'],
  ['公积金审批程序', '谁能申请党建公积金'],
  ['公积金使用范围', '公积金可以买烟酒吗'],
  ['公积金使用范围', '公积金能报销车费吗'],
  ['公积金返还额度', '年终返还是怎么计算的'],
  ['公积金返还额度', '我们没预存，可以申请公积金吗'],
  ['公积金募集对象', '预存的钱可以提前退吗'],
  ['公积金募集对象', '公积金来源有哪些'],
];

const UNWRITTEN = [
  '公积金贷款怎么办',
  '公司年假几天',
  '食堂几点开饭',
  '车间温度太高有补贴吗',
  '社保断缴怎么办',
  '营业执照怎么办',
  '消防验收要什么材料',
  '贷款利率多少',
  '展会摊位多少钱',
  '党员一年要上几次党课',
  '三会一课是哪三会',
  '支部换届几年一次',
  '书记任期多长',
  '能不能报销打车费',
  '加入工会要交钱吗',
  '孩子上学怎么办',
  '驾照过期怎么换',
  '团委书记归谁管',
  '高温津贴标准是多少',
  '企业税收优惠有哪些',
  '专精特新怎么申请',
  '垃圾分类怎么分',
  '厂房租金谁定',
  '宿舍能不能养狗',
  '审计多久一次',
  '离职证明怎么开',
  '积分可以换什么',
  '志愿者证怎么领',
  '红色先锋贷额度多少',
];

test('questions in other words: the clause, or a choice with it; never another as the answer', () => {
  const found = WRITTEN.map(([no, words]) => ({ no, words, found: numbers(words) }));
  const sure = found.filter((each) => each.found.length === 1);
  expect(sure.filter((each) => each.found[0] !== each.no)).toEqual([]);
  const reached = found.filter((each) => each.found.includes(each.no));
  console.log(`rules: ${sure.length} of ${WRITTEN.length} answered, ${reached.length - sure.length} offered, 0 wrong`);
  expect(sure.length).toBeGreaterThanOrEqual(56);
  expect(reached.length).toBeGreaterThanOrEqual(60);
});

test('what is not written is answered by nothing', () => {
  expect(UNWRITTEN.filter((words) => numbers(words).length > 0)).toEqual([]);
});

describe('a book that is not in order', () => {
  const head = '# 某规定\n版本：1\n出处：某处\n\n';
  test.each([
    ['## 1.1 标题\n条文。\n', 'a line "问：…"'],
    ['## 标题\n条文。\n问：怎么\n', 'needs a number'],
    ['## 1.1 标题\n问：怎么\n', 'its text'],
  ])('%j', (body, reason) => expect(() => readBook(head + body, 'x.md')).toThrow(reason));
  test('without a version', () => expect(() => readBook('# 某规定\n出处：某处\n', 'x.md')).toThrow('x.md: no line "版本：…"'));
});
