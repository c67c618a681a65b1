/** 参数: changed in words by the county, previewed, confirmed, kept in versions. */
import { describe, expect, test } from 'vitest';
import { assertAllowed, defaultsOf, within } from '../../src/bot/parameter.ts';
import { measure } from '../../src/bot/slots/measure.ts';
import { MODULES } from '../../src/modules.ts';
import { read, story } from '../chat.ts';

const declared = MODULES.flatMap(({ parameters = {} }) => Object.entries(parameters));

test('every key and every name is used once; defaults are allowed', () => {
  const keys = declared.map(([key]) => key);
  const names = declared.flatMap(([, { label, words = [] }]) => [label, ...words]);
  expect(new Set(keys).size).toBe(keys.length);
  expect(new Set(names).size).toBe(names.length);
  for (const [key, parameter] of declared) {
    expect(key).toMatch(/^[a-z]+\.[a-z_0-9]+$/u);
    for (const name of [parameter.label, ...(parameter.words ?? [])]) expect(name).toMatch(/^[\p{L}\p{N}]+$/u);
    expect(within(parameter, parameter.default)).toBe(parameter.default);
    assertAllowed(parameter, parameter.default, parameter.unit);
  }
});

describe('a value', () => {
  const days = { label: '公示期', default: 5, unit: '个工作日', range: [3, 10], clause: '' } as const;
  const share = { label: '抽查比例', default: 20, unit: '%', range: [1, 100], decimals: 1, clause: '' } as const;

  test.each([
    ['5天', 5, '天'],
    ['五个工作日', 5, '个工作日'],
    ['20%', 20, '%'],
    ['百分之二十', 20, '%'],
    ['3.5', 3.5, ''],
    ['21点', 21, '点'],
  ])('%s', (said, value, unit) => {
    expect(measure('改成', '多少？').parse(said, { now: new Date(0) })).toEqual({ value, unit });
  });
  test.each(['', '很多', '5天或者6天', '天5'])('“%s” is none', (said) => {
    expect(() => measure('改成', '多少？').parse(said, { now: new Date(0) })).toThrow('请说一个数');
  });

  test.each([
    [2, '天', '可以改成3到10个工作日，您说的是2'],
    [11, '', '可以改成3到10个工作日，您说的是11'],
    [5, '小时', '是按“个工作日”算的，您说的是“小时”'],
    [5.5, '天', '要说整数'],
  ])('%s%s is refused with the range', (value, unit, reason) => {
    expect(() => assertAllowed(days, value, unit)).toThrow(reason);
  });
  test('3 and 10 are allowed, half a percent too', () => {
    for (const value of [3, 10]) assertAllowed(days, value, '天');
    assertAllowed(share, 12.5, '%');
    expect(() => assertAllowed(share, 12.55, '%')).toThrow('最多1位小数');
  });
  test('what was stored under a wider range counts as the nearest allowed', () => {
    expect([within(days, 1), within(days, 99), within(days, 7)]).toEqual([3, 10, 7]);
    expect(defaultsOf({ 'a.b': days })).toEqual({ 'a.b': 5 });
  });
});

story('审核时限改5天 is previewed, confirmed, counts from then on, and is told with author and versions', async (chat) => {
  const asked = await chat.say('twonew.a', '审核时限改5天');
  expect(read(asked)).toBe(
    [
      '请核对：全县都按这个来',
      '参数：审核时限',
      '数值：5天',
      '生效：2026年11月24日',
      '现在是2个工作日，改成5个工作日。',
      '影响：从那时起新报的、补正的、改类的按新的时限；已经在审的不变。',
      '[确认] [改参数] [改数值] [改生效] [取消]',
    ].join('\n'),
  );
  expect(read(await chat.say('twonew.a', '确认'))).toMatch(/^“审核时限”从2个工作日改成5个工作日，现在起生效。/u);
  // 24 November is a Tuesday: five working days end on the first of December.
  await chat.say('worker.a', '我要报个需求：食堂周末停电没人修');
  expect(read(await chat.say('worker.a', '确认'))).toContain('12月1日');
  expect(read(await chat.say('worker.a', '为什么审核时限是5天'))).toBe(
    [
      '“审核时限”现在是5个工作日。',
      '需求报上来以后，审核的人在这么多个工作日内答复（党建需求库）。默认2个工作日，县里可以定1到10个工作日。',
      '2026-11-24起5个工作日（徐敏定）',
    ].join('\n'),
  );
  expect(read(await chat.say('worker.a', '为什么是5个工作日'))).toContain('“审核时限”现在是5个工作日');
  expect(read(await chat.say('worker.a', '参数 审核'))).toContain('审核时限：5个工作日（默认2）。');
});

story('a change may wait for its day, and a later one of the same day takes its place', async (chat) => {
  await chat.say('twonew.a', '把同时认领上限改成5条，从12月1日起');
  expect(read(await chat.say('twonew.a', '确认'))).toContain('2026-12-01起生效');
  const limit = async () => read(await chat.say('twonew.a', '参数 认领'));
  expect(await limit()).toContain('同时认领上限：3条（默认）');
  const again = await chat.say('twonew.a', '同时认领上限改成4条');
  expect(read(again)).toContain('已定2026-12-01起为5条，到时照改。');
  await chat.say('twonew.a', '取消');
  await chat.say('twonew.a', '同时认领上限改成6条，从12月1日起');
  await chat.say('twonew.a', '确认');
  await chat.at(new Date('2026-11-30T23:59:00+08:00'));
  expect(await limit()).toContain('同时认领上限：3条（默认）');
  await chat.at(new Date('2026-12-01T00:00:00+08:00'));
  expect(await limit()).toContain('同时认领上限：6条（默认3）');
  const told = read(await chat.say('county.a', '查同时认领上限'));
  expect(told).toContain('2026-12-01起6条（徐敏定）\n2026-12-01起5条（徐敏定）');
});

story('what is not allowed is told with the reason and changes nothing', async (chat) => {
  expect(read(await chat.say('worker.a', '审核时限改5天'))).toContain('参数由县级组织部门、两新工委或系统管理员来改');
  expect(read(await chat.say('town.a', '审核时限改5天'))).toContain('参数由县级组织部门');
  expect(read(await chat.say('twonew.a', '审核时限改50天'))).toContain('审核时限可以改成1到10个工作日，您说的是50');
  expect(read(await chat.say('twonew.a', '审核时限改5小时'))).toContain('是按“个工作日”算的');
  expect(read(await chat.say('twonew.a', '审核时限改2天'))).toContain('本来就是2个工作日，不用改');
  await chat.say('twonew.a', '改参数');
  expect(read(await chat.say('twonew.a', '食堂'))).toContain('没有叫“食堂”的参数');
  expect(read(await chat.say('twonew.a', '保留天数'))).toContain('是指“消息回执保留天数”还是“卡片记录保留天数”');
  await chat.say('twonew.a', '免打扰开始');
  expect(read(await chat.say('twonew.a', '二十二点'))).toContain('现在是21点，改成22点。');
  await chat.say('twonew.a', '取消');
  const [row] = await chat.db.client.$queryRaw<
    { n: number }[]
  >`SELECT count(*)::int AS n FROM parameter WHERE corp = ${chat.corp}`;
  expect(row?.n).toBe(0);
});

story('the list goes on page by page', async (chat) => {
  const first = read(await chat.say('worker.a', '参数'));
  expect(first).toContain('【党建需求库】\n审核时限：2个工作日（默认）。');
  expect(first).toMatch(/还有\d+个，说“下一页”/u);
  const second = read(await chat.say('worker.a', '下一页'));
  expect(second).not.toContain('同时认领上限');
  expect(second).toContain('整改时限');
  expect(read(await chat.say('worker.a', '参数 月亮'))).toContain('没有和“月亮”有关的参数');
});
