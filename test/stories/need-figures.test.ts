/** 需求数据 that gives nobody away: what few people think is not told to whoever may not look it up one by one. */
import { expect } from 'vitest';
import { read, story, type Chat } from '../chat.ts';

let last = 0;

/** A need of the author's, reviewed by the secretary, done by the member and rated. */
async function rated(chat: Chat, author: string, [secretary, member]: readonly [string, string], stars: number): Promise<string> {
  const no = `C-${chat.now().getFullYear()}-${String(++last).padStart(4, '0')}`;
  await chat.press(author, await chat.say(author, `我要报个需求：第${last}件事要人帮忙`), '确认');
  await chat.say(secretary, `通过 ${no}`);
  await chat.say(member, `认领 ${no}`);
  await chat.say(member, `开工 ${no}`);
  await chat.press(member, await chat.say(member, `${no} 办完了：都办好了`), '企业增效益');
  await chat.say(author, `评价 ${no} ${stars}分`);
  return no;
}

const ONE = ['secretary.a', 'supervisor.c'] as const;
const TWO = ['secretary.b', 'supervisor.d'] as const;
const FEW = '满意率 人数少，不单列';

story('a town reads no rating of one person, nor by taking one figure off another; whoever may look it up does', async (chat) => {
  last = 0;
  const figures = async (who: string, of: string) => read(await chat.say(who, `需求数据 ${of}`));
  for (const author of ['worker.a', 'member.a', 'member.b', 'supervisor.a']) await rated(chat, author, ONE, 5);
  const poor = await rated(chat, 'member.c', TWO, 2);

  // Of the one nothing, of the other four nothing either: the town's figure less theirs would be hers.
  expect(await figures('town.a', '2026年 明视眼镜党支部')).toContain(FEW);
  const four = await figures('town.a', '2026年 力西特党支部');
  expect(four).toContain(`按时率 没有\n${FEW}\n参评率 100.0%（4/4）`);
  expect(four).toContain('不单列的：说的人太少，或者和别的数一减就知道是谁说的。');
  expect(await figures('town.a', '2026年 力西特电气')).toContain(FEW);
  expect(await figures('town.a', '2026年')).toContain('满意率 80.0%（4/5）');
  const compared = (await chat.say('town.a', '各支部对比 2026年')).text ?? '';
  expect(compared).toContain(`力西特党支部：公开4条，认领率 100.0%（4/4），完成率 100.0%（4/4），${FEW}`);
  expect(compared).toContain(`明视眼镜党支部：公开1条，认领率 100.0%（1/1），完成率 0.0%（0/1），${FEW}`);
  expect((await chat.say('town.a', '看名单 满意率 2026年 明视眼镜党支部')).text).toMatch(
    /^明视眼镜党支部 2026年 满意率 人数少，不单列，也不列名单。/u,
  );
  const list = (await chat.say('town.a', '看名单 满意率 2026年')).text ?? '';
  expect(list).toBe(
    '瞿溪街道党工委 2026年 满意率 80.0%（4/5）\n评3分以下的1条\n评3分以上的4条\n不归您审核的只报数，不列是哪几条。',
  );
  expect((await chat.say('town.a', '看名单 完成率 2026年')).text).toContain(`没办完的1条：${poor}`);
  expect(await figures('town.a', '2026年11月 力西特党支部')).toContain(FEW);

  // Who reviewed them knows each; who inspects them all may look.
  expect(await figures('secretary.b', '2026年')).toContain('满意率 0.0%（0/1）');
  expect((await chat.say('secretary.b', '看名单 满意率 2026年')).text).toContain(`评3分以下的1条：${poor}`);
  expect(await figures('county.a', '2026年 明视眼镜党支部')).toContain('满意率 0.0%（0/1）');
  expect((await chat.say('county.a', '看名单 满意率 2026年 明视眼镜党支部')).text).toContain(`评3分以下的1条：${poor}`);

  // Three there, and all is told; the county may ask for more.
  for (const author of ['supervisor.b', 'supervisor.e']) await rated(chat, author, TWO, 4);
  expect(await figures('town.a', '2026年 明视眼镜党支部')).toContain('满意率 66.7%（2/3）');
  expect((await chat.say('town.a', '各支部对比 2026年')).text).toContain('满意率 100.0%（4/4）');
  await chat.say('twonew.a', '单列最少人数改4');
  await chat.say('twonew.a', '确认');
  expect(await figures('town.a', '2026年 明视眼镜党支部')).toContain(FEW);
  expect(await figures('town.a', '2026年 力西特党支部')).toContain(FEW);
});

story('nor by months: what one said again in another month is not the difference of two figures', async (chat) => {
  last = 0;
  const figures = async (of: string) => read(await chat.say('town.a', `需求数据 ${of}`));
  for (const author of ['worker.a', 'member.a', 'member.b']) await rated(chat, author, ONE, 5);
  expect(await figures('2026年11月')).toContain('满意率 100.0%（3/3）');
  await chat.at(new Date('2026-12-02T10:00:00+08:00'));
  await rated(chat, 'worker.a', ONE, 1);
  expect(await figures('2026年12月')).toContain(FEW);
  expect(await figures('2026年11月')).toContain(FEW);
  expect(await figures('2026年第四季度')).toContain('满意率 75.0%（3/4）');
  // Nor by years: of all time the last year would leave what one said in the new one.
  await chat.at(new Date('2027-01-06T10:00:00+08:00'));
  last = 0;
  await rated(chat, 'member.a', ONE, 5);
  expect(await figures('去年')).toContain(FEW);
  expect(read(await chat.say('town.a', '需求数据'))).toContain('瞿溪街道党工委 全部\n公开5条（C类5）');
  expect(read(await chat.say('town.a', '需求数据'))).toContain('满意率 80.0%（4/5）');
});

story('what a caller said on the phone is told no more than a rating', async (chat) => {
  const card = await chat.say('hotline.a', '匿名来电 13800001234 力西特电气宿舍晚上没有热水');
  await chat.press('hotline.a', card, '确认');
  const no = 'C-2026-0001';
  await chat.say('secretary.a', `通过 ${no}`);
  for (const words of [`认领 ${no}`, `开工 ${no}`]) await chat.say('member.a', words);
  await chat.press('member.a', await chat.say('member.a', `${no} 办完了：修好了`), '企业增效益');
  await chat.say('hotline.a', `评价 ${no} 5分`);
  await chat.at(new Date('2026-11-25T10:00:00+08:00'));
  expect((await chat.say('hotline.a', `回访 ${no} 没解决`)).text).toContain('算进解决率');
  expect(read(await chat.say('town.a', '需求数据 2026年'))).toContain('回访解决率 人数少，不单列');
  expect((await chat.say('town.a', '看名单 回访解决率 2026年')).text).toContain('也不列名单');
  // Its reviewer was told so, and the county inspects.
  for (const who of ['secretary.a', 'county.a'])
    expect(read(await chat.say(who, '需求数据 2026年'))).toContain('回访解决率 0.0%（0/1）');
});
