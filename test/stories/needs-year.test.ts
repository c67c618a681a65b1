/** A year of one county's library on a moved clock: 动员 to the end, 整改 to 退出 and its appeal, 保鲜, the inspection of 500, the figures. */
import { expect } from 'vitest';
import { read, START, story, type Chat } from '../chat.ts';
import { library } from '../library.ts';

const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;
const after = (days: number, hours = 0) => new Date(START.getTime() + days * DAY_MS + hours * HOUR_MS);
const on = (day: string, time = '10:00') => new Date(`${day}T${time}:00+08:00`);

/** Through the review, open for everybody. */
async function published(chat: Chat, words: string): Promise<void> {
  await chat.press('worker.a', await chat.say('worker.a', `我要报个需求：${words}`), '确认');
  await chat.press('secretary.a', chat.newest('secretary.a'), '通过');
}

const told = (chat: Chat, userId: string) => chat.inbox(userId).map(read).join('\n');
const state = async ({ db, corp }: Chat, no: string) => (await db.client.need.findFirst({ where: { corp, no } }))?.state;

story('a year of the needs library', async (chat) => {
  await library(chat);
  const [orphan, failed, stale] = ['C-2026-0301', 'C-2026-0302', 'C-2026-0303'] as const;
  await published(chat, '车间缺急救培训');
  await published(chat, '食堂要换油烟机');
  await published(chat, '宿舍楼下想要个快递柜');

  // One is done so badly that it goes back.
  await chat.say('member.a', `认领 ${failed}`);
  await chat.say('member.a', `开工 ${failed}`);
  await chat.press('member.a', await chat.say('member.a', `${failed} 办完了：擦了擦`), '企业增效益');
  await chat.press('worker.a', chat.newest('worker.a'), '1分');
  expect(await state(chat, failed)).toBe('RECTIFYING');

  // Nobody claims the other two: the branch, its members, the alliance, and on day 16 the library's owner has them.
  const stages = ['请动员支部的党员认领', '能帮上忙的请认领', '请看看联盟里谁能办'];
  for (const [i, who] of ['secretary.a', 'member.b', 'general.a'].entries()) {
    await chat.at(after(7 + 3 * i));
    expect(told(chat, who)).toContain(`需求 ${orphan}“车间缺急救培训”（力西特电气）还没有人认领。${stages[i]}`);
  }
  await chat.at(after(16));
  expect(await state(chat, orphan)).toBe('CLAIMED');
  expect(told(chat, 'secretary.a')).toContain('一直没人认领，按规定由力西特党支部接');
  await chat.at(after(16, 1));
  await chat.say('secretary.a', `指派 ${orphan} 给 周晓燕`);
  await chat.say('secretary.a', '确认');
  await chat.say('member.b', `${orphan} 进展：老师请好了，电话13912345678`);
  await chat.press('member.b', await chat.say('member.b', `${orphan} 办完了：六十个人都学会了`), '企业增效益');
  await chat.press('worker.a', chat.newest('worker.a'), '5分');
  expect(await state(chat, orphan)).toBe('DONE');

  // 整改 came to nothing: 退出, the appeal, and the county's ruling.
  await chat.at(after(22));
  expect(told(chat, 'secretary.a')).toContain(`${failed}“食堂要换油烟机”整改到期了还没有交`);
  await chat.say('secretary.a', `退出 ${failed}：整改了还是没有换`);
  await chat.say('secretary.a', '确认');
  await chat.say('member.a', `申诉 ${failed}：油烟机已经订了`);
  expect(read(await chat.say('member.a', '确认'))).toContain('的申诉已收下');
  await chat.say('twonew.a', `裁定 ${failed} 维持退出：没有订单`);
  expect(read(await chat.say('twonew.a', '确认'))).toContain('维持退出。结果公开');
  expect(read(await chat.say('member.c', `${failed} 到哪了`))).toContain(
    '已退出需求库，原因：整改了还是没有换\n申诉裁定“维持退出”：没有订单',
  );

  // Nobody touched the third for thirty days, nobody answers for a week.
  await chat.at(after(30));
  expect(told(chat, 'worker.a')).toContain(`${stale} 还需要吗`);
  await chat.at(after(37));
  expect(await state(chat, stale)).toBe('EXPIRED');

  // The first day of the quarter: A and B whole, of C a sample that is the same whenever it is drawn again.
  await chat.at(on('2027-01-01', '09:00'));
  expect(told(chat, 'county.a')).toContain('A类60条、B类140条全部检查；C类从301条里抽61条');
  const replayed = read(await chat.say('twonew.a', '重放抽样 2026年第四季度'));
  expect(replayed).toContain('按同一个种子重抽，61条全部一样');
  await chat.at(on('2027-01-11'));
  expect(read(await chat.say('twonew.a', '重放抽样 2026年第四季度'))).toBe(replayed);
  const [drawn = ''] = /C-2026-\d{4}/u.exec(replayed) ?? [];
  await chat.say('county.a', '检查 A-2026-0001 好 95');
  expect(read(await chat.say('county.a', '检查 B-2026-0001 差 40：灯还是不亮'))).toContain('转整改');
  expect(read(await chat.say('twonew.a', `检查 ${drawn} 14 14 14 14 14`))).toContain(`${drawn} 评为“一般”，70分`);
  await chat.press('member.a', await chat.say('member.a', 'B-2026-0001 办完了：换了灯管'), '企业增效益');
  await chat.press('worker.a', chat.newest('worker.a'), '4分');
  await chat.at(on('2027-01-20', '18:00'));

  // At the end of the year the figures are exact, and each is as long as the list behind it.
  await chat.at(on('2027-11-24'));
  const shown = await chat.say('county.a', '需求数据 2026年第4季度');
  expect(read(shown)).toBe(
    [
      '瓯海区 2026年第四季度',
      '公开503条（A类60，B类140，C类303）',
      '认领率 99.6%（501/503），另有2条是兜底指派的',
      '认领时长（中位数） 5小时',
      '集体占比 25.0%（125/501）',
      '完成率 99.6%（501/503）',
      '按时率 49.0%（49/100）',
      '满意率 99.8%（402/403）',
      '参评率 80.3%（403/502）',
      '回访解决率 没有',
      '过期占比 0.2%（1/503）',
      '整改率 33.3%（1/3）',
      '退出率 0.0%（0/3）',
      'A、B类检查覆盖 1.0%（2/200）',
      'C类抽查完成 1.6%（1/61）',
      '别的名单说“看名单 参评率 2026年第四季度”。',
      '[认领率名单] [完成率名单] [满意率名单] [过期占比名单] [整改率名单] [退出率名单]',
    ].join('\n'),
  );
  expect(read(await chat.say('county.a', '看名单 认领率 2026年第四季度'))).toContain(
    `没人认领的2条：${orphan}、${stale}\n认领过的501条：`,
  );
  expect(read(await chat.say('county.a', '看名单 满意率 2026年第四季度'))).toContain(`评3分以下的1条：${failed}`);
  expect(read(await chat.press('county.a', shown, '过期占比名单'))).toContain(`过期的1条：${stale}`);
  expect(read(await chat.say('county.a', '看名单 整改率 2026年第四季度'))).toContain('检查后整改的1条：B-2026-0001');
  expect(read(await chat.say('county.a', '需求数据 2027年第一季度'))).toContain('公开0条\n认领率 没有');
  // A year has what its quarters have; a month has no inspection of its own.
  const year = read(await chat.say('county.a', '需求数据 去年'));
  expect(year).toBe(read(shown).replaceAll('2026年第四季度', '2026年'));
  expect(read(await chat.say('county.a', '需求数据 今年'))).toContain('瓯海区 2027年\n公开0条');
  expect(read(await chat.say('county.a', '需求数据 2026年11月'))).toMatch(/^瓯海区 2026年11月\n公开\d+条[^]*整改率 没有/);
  for (const none of ['2026年13月', '明年', '上上个月'])
    expect(read(await chat.say('county.a', `需求数据 ${none}`))).toContain(`没看懂“${none}”`);
  await chat.say('county.a', '取消');
  expect(read(await chat.say('town.a', '需求数据 2026年第四季度 瞿溪'))).toContain(
    '瞿溪街道党工委 2026年第四季度\n公开443条（B类140，C类303）\n认领率 99.5%（441/443）',
  );
  expect(read(await chat.say('secretary.a', '需求数据 2026年第四季度'))).toContain('力西特党支部 2026年第四季度\n公开153条');
  expect(read(await chat.say('secretary.a', '需求数据 2026年第四季度 明视眼镜党支部'))).toContain(
    '不在您的范围里，您能看力西特党支部的',
  );
  expect(read(await chat.say('worker.a', '需求数据'))).toContain('各看各自范围的');
  expect(read(await chat.say('county.a', '各镇街对比 2026年第四季度'))).toBe(
    [
      '瓯海区下面2个单位 2026年第四季度，按完成率从高到低：',
      '1. 瞿溪街道党工委：公开443条，认领率 99.5%（441/443），完成率 99.5%（441/443），满意率 99.7%（354/355）',
      '2. 郭溪街道党工委：公开0条，认领率 没有，完成率 没有，满意率 没有',
      '看一个单位的全部数字，说“需求数据 单位名”。',
    ].join('\n'),
  );
  expect(read(await chat.say('town.a', '各支部对比 2026年第四季度'))).toMatch(
    /^瞿溪街道党工委下面2个单位 2026年第四季度，按完成率从高到低：\n1\. 明视眼镜党支部：公开/,
  );
  expect(read(await chat.say('secretary.a', '各支部对比'))).toContain('力西特党支部下面没有可比的单位');

  // What was solved counted as evidence for the stars of those whose people did it; what went back counts as it ended.
  const evidence = await chat.db.client.starEvidence.findMany({
    where: { corp: chat.corp },
    orderBy: [{ ref: 'asc' }, { item: 'asc' }],
  });
  expect(evidence.map(({ organisationId, item, ref }) => `${organisationId.split(':')[1] ?? ''} ${item} ${ref}`)).toEqual([
    'branch1 GOOD_RATING B-2026-0001',
    'branch1 NEED_SOLVED B-2026-0001',
    `branch1 GOOD_RATING ${orphan}`,
    `branch1 NEED_SOLVED ${orphan}`,
  ]);

  // A year later who wrote a note is forgotten, and the phone in it.
  await chat.at(on('2027-12-20'));
  const record = read(await chat.say('member.c', `${orphan} 反馈记录`));
  expect(record.replaceAll('\\', '')).toContain('某同志：老师请好了，电话139****5678');
  expect(record).toContain('评价：报的人已经评价');
});
