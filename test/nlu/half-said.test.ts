/** Half a sentence, as people say it to a colleague: what it comes to for whoever says it. None of it is a pattern's. */
import { describe, expect, test } from 'vitest';
import { createCatalogue } from '../../src/bot/catalogue.ts';
import { drafted } from '../../src/bot/drafting.ts';
import { CONFIRM } from '../../src/bot/session.ts';
import { understandText, type Command } from '../../src/bot/understand.ts';
import { MODULES } from '../../src/modules.ts';
import type { Role } from '../../src/people/index.ts';
import { createRouter } from '../../src/nlu/router.ts';
import { inRoles, ROLES } from '../people/in-roles.ts';

const catalogue = createCatalogue(MODULES);
const router = createRouter();
const now = new Date('2026-12-01T10:00:00+08:00');

/** The intent that begins, 〈…〉 around several offered, or what else is done. */
function comesTo(words: string, roles: readonly Role[]): string {
  const command: Command = understandText(words, {}, catalogue, { router, now, person: inRoles(roles) });
  if (command.do === 'start') return command.intent;
  return command.do === 'choose' ? `〈${command.intents.join(' ')}〉` : command.do;
}

const SAID: Readonly<Partial<Record<Role, Readonly<Record<string, readonly string[]>>>>> = {
  WORKER: {
    'need.create': [
      '宿舍水管漏了半个月没人管 我电话13812345678',
      '还有食堂太咸',
      '车间太热了受不了',
      '三车间灯坏了两个月',
      '老婆孩子来了没地方住',
      '想考个电工证',
      '保密 宿舍有人赌博',
      '别让领导知道 车间有毒',
      '有人打电话说宿舍没水 13812345678',
      '我被机器压了手',
      '车间着火了快来人',
      '有人晕倒了',
    ],
    'need.query.mine': ['催一下', '我那个水管的咋样了', '上次那个饮水机的事咋样了', '我报的那个呢', '怎么还没人管', '还没弄好吗'],
    'need.query': ['看看有啥活', '有啥我能干的'],
    'need.edit': ['刚才写错了'],
    'groupbuy.join.list': ['手套还能买不'],
    'human.ask': ['人呢', '我要投诉', '热线电话多少', '找个人工'],
    'cards.off': ['打不开', '点了没反应'],
    help: ['你是谁', '喂', '你能干嘛'],
    wait: ['好的', '嗯', '知道了'],
    repeat: ['？', '？？'],
    // Not done here: whom to ask.
    'policy.ask': ['入党咋弄', '我想入党', '党费咋交', '住房公积金怎么提', '年终奖啥时候发'],
    // Not heard, and one tap from being reported all the same.
    lost: ['今晚吃啥好', '茅台股票现在能买吗', '蚊子太多睡不着', '楼上老漏水下来'],
  },
  PARTY_SECRETARY: {
    'need.query.pending': ['有要批的吗', '今天有啥事', '还有几个没批', '待办'],
    'fund.status': ['钱啥时候到'],
    'fund.rules': ['能买水果不', '能不能买烟酒', '党建公积金是啥', '结项要交啥', '发票丢了咋办', '存钱有啥好处'],
    'standing.lend': ['明天出差 让黄书记帮我批', '我请假三天 找人替我批'],
    // Who may not hears who may.
    'roster.upload': ['小陈离职了', '名单怎么传'],
  },
  HOTLINE_AGENT: {
    'hotline.list': ['回访', '要回访的有几个'],
    'hotline.nudge': ['138那个又打来了'],
    'hotline.result': ['没打通', '打了三次都没人接'],
    'hotline.relay': ['13800001234 问什么时候修路灯', '刚才接个电话,宏泰五金老邵说消防通道堵了,电话13700002222'],
  },
  CASHIER: {
    'fund.payable': ['有哪些要付的', '待办'],
    'fund.pay': ['已经转过去了'],
    'fund.reverse': ['打错账了'],
    'fund.deposit': ['力西特交了三万', '入账 力西特 30000'],
  },
  SCOUT: { 'scout.mine': ['我这个月报了几条', '还差几条'], 'scout.visit': ['刚从力西特出来'] },
  PARTY_MEMBER: {
    'need.claim_collective.turn': ['一个人搞不定'],
    'need.give-up': ['让给别人吧'],
    'need.query': ['有没有电工的活'],
  },
};

describe.each(Object.entries(SAID) as [Role, Record<string, string[]>][])('%s', (role, meant) => {
  test.each(Object.entries(meant))('%s', (intent, sentences) => {
    expect(Object.fromEntries(sentences.map((words) => [words, comesTo(words, [role])]))).toEqual(
      Object.fromEntries(sentences.map((words) => [words, intent])),
    );
  });
});

test('改成… at a confirmation with one value in it can only mean that one', () => {
  const talk = { id: 't', intent: 'groupbuy.join', said: { quantity: '50双' }, asking: CONFIRM };
  expect(understandText('改成80双', { talk }, catalogue)).toEqual({ do: 'fill', slot: 'quantity', words: '80双' });
});

const waiting = { list: ['C-2026-0001'] };
test.each([
  ['第一个过', '第一个'],
  ['第一个通过吧', '第一个'],
  ['第2条同意', '第2条'],
])('an approval by its place is said as a place: %s', (words, number) => {
  expect(understandText(words, waiting, catalogue)).toEqual({ do: 'start', intent: 'approval.approve', said: { number } });
});

// Approving asks for no confirmation: what may be told, counted or dated is none.
test.each(['第一批', '三批', '5批', '12号过了', '10号过', '一过', '第一个过了', 'C-2026-0001批了', 'F-2026-0001 通过了'])(
  'no approval by sure words: %s',
  (words) => {
    expect(understandText(words, waiting, catalogue)).not.toMatchObject({ intent: 'approval.approve' });
  },
);

test('where a word is asked for nothing is picked from a sentence', async () => {
  const talk = { id: 't', intent: 'groupbuy.create.propose', said: { item: '手套' }, asking: 'unit' };
  const command: Command = { do: 'answer', words: '永嘉劳保 4块5一双' };
  const hearing = { router, now, person: inRoles(['FIRST_SECRETARY']) };
  expect(await drafted(command, command.words, { talk }, catalogue, hearing, undefined, [])).toBe(command);
});

const call = { id: 't', intent: 'hotline.relay', said: { phone: '13900001111', summary: '问路灯' }, asking: CONFIRM };
test.each(['好', '对对', '是的没错', '嗯嗯 报', '好吧', '行，就这样', '就这样报吧', '可以提交'])(
  'yes at a confirmation: %s',
  (words) => {
    expect(understandText(words, { talk: call }, catalogue)).toEqual({ do: 'confirm' });
  },
);
test.each(['对了', '行了', '好了', '是这个', '可以写', '可以吗', '行不', '好像不对'])('no yes at a confirmation: %s', (words) => {
  expect(understandText(words, { talk: call }, catalogue).do).not.toBe('confirm');
});

test('what two intents say in the same words is asked, of whoever may do both', () => {
  expect(comesTo('待办', ['PARTY_SECRETARY', 'CASHIER'])).toBe('〈need.query.pending fund.payable〉');
});

test('while something is being asked only a look comes between, and only one that is meant for sure', () => {
  const asked = (words: string, roles: readonly Role[]) =>
    understandText(words, { talk: call }, catalogue, { router, now, person: inRoles(roles) });
  expect(asked('有要批的吗', ['PARTY_SECRETARY'])).toMatchObject({ do: 'start', intent: 'need.query.pending' });
  expect(asked('点了没反应', ['PARTY_SECRETARY'])).toMatchObject({ do: 'lost' });
  expect(asked('待办', ['PARTY_SECRETARY', 'CASHIER'])).toMatchObject({ do: 'lost' });
});

test('what somebody may not do is offered to nobody, unless nothing else can be meant', () => {
  const isForbidden = (intent: string) =>
    catalogue.intents
      .filter(({ name }) => name === intent || name.startsWith(`${intent}.`))
      .every(({ who }) => who.standings(inRoles(['WORKER'])).length === 0);
  const offered = ['我能帮忙', '有啥活动没', '我要两箱苹果', '孩子上学咋办', '电焊的烟太大', '帮忙看看账'].map((words) =>
    understandText(words, {}, catalogue, { router, now, person: inRoles(['WORKER']) }),
  );
  const intents = offered.flatMap((command) => (command.do === 'choose' ? command.intents : []));
  expect(intents.length).toBeGreaterThan(5);
  expect(intents.filter((intent) => catalogue.find(intent) && isForbidden(intent))).toEqual([]);
});

const told = catalogue.intents.flatMap(({ name, who, near = [] }) => {
  const role = ROLES.find((each) => who.standings(inRoles([each])).length > 0);
  return role ? near.map((words) => [name, words, role] as const) : [];
});
test.each(told)('%s is begun or offered for %s', (name, words, role) => {
  expect(comesTo(words, [role]).split(/[〈〉 ]/u)).toContain(name);
});
