/** 星级: evidence in, rated once a year with publicity and appeal, changed within the year, and the cheapest way up. */
import { expect } from 'vitest';
import { read, story, TOWN, type Chat } from '../chat.ts';

const DONE = [
  '班子配齐 1次：换届文件',
  '按期换届 1次：换届批复',
  '党员台账齐全 1次：台账',
  '活动阵地达标 1次：验收单',
  '主题党日 12次：全年签到表',
  '党课 4次：党课讲稿',
  '办结需求 8次：需求库',
  '公积金活动按期结项 2次：结项单',
  '群众满意评价 8次：评价表',
];

async function recorded(chat: Chat, branch = '力西特党支部', done: readonly string[] = DONE): Promise<void> {
  for (const words of done) {
    await chat.say('town.a', `记星级 ${branch} ${words}`);
    expect(read(await chat.say('town.a', '确认'))).toContain('已记');
  }
}

/** Rated by the town, confirmed by the county, on notice until Tuesday 24:00. */
async function onNotice(chat: Chat): Promise<void> {
  await recorded(chat);
  await chat.say('town.a', '星级初评');
  await chat.say('town.a', '确认');
  await chat.say('county.a', '核准星级 瞿溪街道党工委');
  await chat.say('county.a', '确认');
}

story('evidence, proposal, confirmation, publicity, and then it counts', async (chat) => {
  await chat.say('town.a', '@党建助手 绑定本群 瞿溪街道党工委', TOWN);
  await chat.say('town.a', '@党建助手 确认', TOWN);
  expect((await chat.say('secretary.a', '我的星级')).text).toContain('还没有评定，按无星算，一年信用额度0元');
  await recorded(chat);
  expect(chat.newest('secretary.a').text).toContain('群众满意评价8次（评价表），近12个月共80分');

  await chat.say('town.a', '记星级 力西特党支部 党课 1次：党课讲稿');
  expect(read(await chat.say('town.a', '确认'))).toContain('已经给力西特党支部记过党课了，不重复记');
  await chat.say('town.a', '记星级 华丰皮革党支部 党课 1次：讲稿');
  expect(read(await chat.say('town.a', '确认'))).toContain('不是瞿溪街道党工委的下级党组织');

  const proposal = read(await chat.say('town.a', '星级初评'));
  expect(proposal).toContain('力西特党支部 80分，二星');
  expect(proposal).toContain('明视眼镜党支部 0分，无星');
  expect(read(await chat.say('town.a', '确认'))).toContain('已提交2026年度星级初评，共2个党组织');

  expect(read(await chat.say('county.a', '核准星级 瞿溪街道党工委'))).toContain('力西特党支部 80分，二星（现在无星）');
  expect(read(await chat.say('county.a', '确认'))).toContain('公示到12月1日24:00');
  expect(chat.newest('secretary.a').text).toContain('拟评二星（80分）');
  expect((await chat.say('secretary.a', '我的星级')).text).toContain('拟评二星：公示中');

  await chat.at(new Date('2026-12-02T00:10:00+08:00'));
  await chat.at(new Date('2026-12-02T09:00:00+08:00'));
  expect(chat.newest('secretary.a').text).toContain('正式评为二星，一年信用额度5000元');
  expect((await chat.say('secretary.a', '我们支部几星')).text).toContain('现在是二星（2026年度评定）');
});

story('差几分到四星 lists the least work', async (chat) => {
  await recorded(chat);
  const way = (await chat.say('secretary.a', '差几分到四星')).text;
  expect(way).toContain('近12个月80分，四星要90分，还差10分');
  expect(way).toContain('群众满意评价');
  expect(way).toContain('一年信用额度是12000元');
  expect((await chat.say('secretary.a', '差几分到二星')).text).toContain('已经够二星');
});

story('an appeal stops the clock; a ruling that changes the stars makes them public anew', async (chat) => {
  await onNotice(chat);
  await chat.say('secretary.a', '星级申诉：少记了两次开放式组织生活');
  expect(read(await chat.say('secretary.a', '确认'))).toContain('申诉已提交');
  await chat.at(new Date('2026-12-02T09:00:00+08:00'));
  expect((await chat.say('secretary.a', '我的星级')).text).toContain('有申诉，核查中');
  const ruling = await chat.say('county.a', '裁定申诉 力西特党支部 四星：补记两次');
  expect(read(ruling)).toContain('少记了两次开放式组织生活');
  expect(read(await chat.say('county.a', '确认'))).toContain('公示到12月9日24:00');
  await chat.at(new Date('2026-12-10T09:00:00+08:00'));
  expect((await chat.say('secretary.a', '我的星级')).text).toContain('现在是四星');
  await chat.say('secretary.a', '星级申诉：再看一下');
  expect(read(await chat.say('secretary.a', '确认'))).toContain('现在没有在公示的星级');
});

story('a change within the year shows what it does to the credit line first', async (chat) => {
  const card = await chat.say('county.a', '调整星级 力西特党支部 三星：示范带动作用好');
  expect(read(card)).toContain('一年信用额度：无星0元，三星8000元。已经占用的额度不受影响');
  expect(read(await chat.say('county.a', '确认'))).toContain('已把力西特党支部从无星调整为三星');
  expect(chat.newest('secretary.a').text).toContain('一年信用额度：无星0元，三星8000元。');
  await chat.say('county.a', '调整星级 力西特党支部 三星：再说一遍');
  expect(read(await chat.say('county.a', '确认'))).toContain('现在就是三星');
  expect((await chat.say('town.a', '调整星级 力西特党支部 五星：我说了算')).text).toContain('县级组织部门');
});
