/** Needs as people really speak of them: without numbers, half-way, to somebody who has to act, and about what is over. */
import { randomBytes } from 'node:crypto';
import { beforeAll, expect } from 'vitest';
import { MODULES } from '../../src/modules.ts';
import { createRouter, type Router } from '../../src/nlu/router.ts';
import { ALLIANCE, read, START, story, type Chat } from '../chat.ts';

const picture = () => Buffer.concat([Buffer.from('89504e470d0a1a0a', 'hex'), randomBytes(500)]);
let trained: Router | undefined;
const router = () => (trained ??= createRouter());
beforeAll(() => void router());
const heard = (name: string, tell: (chat: Chat) => Promise<void>) => story(name, tell, MODULES, { router });

async function published(chat: Chat, words = '车间缺急救培训'): Promise<void> {
  await chat.press('worker.a', await chat.say('worker.a', `报需求：${words}`), '确认');
  await chat.press('secretary.a', chat.newest('secretary.a'), '通过');
}

const told = async (chat: Chat, who: string, words: string) => read(await chat.say(who, words));

heard('what cannot be done yet is offered as a need; nothing that needs an open matter is offered without one', async (chat) => {
  const offered = await chat.say('worker.a', '我们三号车间急缺2个会焊工的师傅，能不能帮忙找找');
  expect(read(offered)).toContain('“求借员工”我还在学，现在办不了。');
  expect(read(await chat.press('worker.a', offered, '报需求'))).toContain('请核对需求');
  await chat.say('worker.a', '取消');
  expect(await told(chat, 'worker.a', '其实挺急的')).not.toContain('[确认]');
  expect(await told(chat, 'member.a', '内容改成宿舍楼洗衣机坏了没人修')).not.toContain('[更正]');
});

heard('further words at the confirmation are read as the sentence would have been', async (chat) => {
  await chat.say('worker.a', '报需求：宿舍楼洗衣机坏了没人修');
  expect(await told(chat, 'worker.a', '其实挺急的')).toContain('紧急程度：急');
  expect(await told(chat, 'worker.a', '要三个人')).toContain('人数：3人');
  expect(await told(chat, 'worker.a', '要会修洗衣机的')).toContain('技能：修洗衣机');
  expect(await told(chat, 'worker.a', '哎呀怎么说呢')).toContain('要改，说“内容改成……”这样的话，或点下面的按钮；不办了说“取消”');
});

heard('an old 确认 stays what it was while another matter is being chosen', async (chat) => {
  const asked = await chat.say('worker.a', '报需求：车间缺急救培训');
  await chat.say('worker.a', '确认');
  expect(await told(chat, 'worker.a', '孩子上学咋办')).toContain('您是想办哪一件？');
  expect(read(await chat.press('worker.a', asked, '确认'))).toContain('已建单 C-2026-0001');
});

heard('whoever has one need in hand needs no number; asked the other way first, nothing stays open', async (chat) => {
  await published(chat);
  await chat.say('member.a', { image: picture() });
  expect(await told(chat, 'member.a', '那个嘛，就那样')).toContain('[报需求]');
  await chat.say('member.a', '都不是');
  await chat.say('member.a', '看需求');
  expect(await told(chat, 'member.a', '我来搞第一个')).toContain('车间缺急救培训');
  expect(await told(chat, 'member.a', '认领1')).not.toContain('还没办完');
  await chat.at(new Date(START.getTime() + 25 * 3_600_000));
  expect(await told(chat, 'member.a', '开始弄了')).toContain('C-2026-0001 开工了');
  await chat.at(new Date(START.getTime() + 50 * 3_600_000));
  expect(await told(chat, 'member.a', '都弄好了')).toContain('办成什么样了');
  expect(await told(chat, 'member.a', '嗯')).toContain('“嗯”说不清结果');
  await chat.say('member.a', '六十个人都学会了');
  expect(await told(chat, 'member.a', '企业')).toMatch(/已交给李师傅评价，\S+前没有评就由审核的人核验/u);
  expect(await told(chat, 'worker.a', '到哪了')).toContain('C-2026-0001');
  expect(await told(chat, 'worker.a', '评价 C-2026-0001 9分')).toContain('没看懂“9”');
  expect(await told(chat, 'worker.a', '5')).toContain('谢谢您评了5分');
  expect(await told(chat, 'member.a', 'C-2026-0001 办完了')).toContain('没有在办');
});

story('nobody is asked for reasons about what cannot be done', async (chat) => {
  await published(chat);
  expect(await told(chat, 'member.b', '放弃 C-2026-0001')).toContain('没有在办');
  expect(await told(chat, 'secretary.a', '退出 C-2026-0001')).toContain('先要求整改');
  expect(await told(chat, 'worker.a', '评价 C-2026-0001')).toContain('办完了我会请您评价');
  expect(await told(chat, 'member.a', '接龙 C-2026-0001')).toContain('还没有人认领，不用接龙。您可以直接说“认领 C-2026-0001”');
  expect(await told(chat, 'member.a', 'C-2026-0001 一个人搞不定')).toContain('先说“认领 C-2026-0001”');
  await chat.say('member.a', '认领 C-2026-0001');
  expect(await told(chat, 'member.a', '取消')).toContain('办不了就说“放弃 C-2026-0001：原因”');
  expect(await told(chat, 'secretary.a', '指派 C-2026-0001 给 陈志')).toContain('没有找到“陈志”');
});

story('a collective claim calls its people; only whoever leads it gives it up', async (chat) => {
  await published(chat);
  await chat.say('secretary.a', '我们支部认领 C-2026-0001');
  expect(await told(chat, 'secretary.a', '要2个人')).toContain('人数：2人');
  await chat.say('secretary.a', '确认');
  const called = chat.newest('member.b');
  expect(read(called)).toBe(
    'C-2026-0001 集体认领，请您参加\n要2人，11月27日10:00前凑够\n牵头：力西特党支部（林书记牵头）\n车间缺急救培训\n[接龙]',
  );
  expect(chat.inbox('member.c')).toEqual([]);
  expect(read(await chat.press('member.b', called, '接龙'))).toContain('集体认领成了');
  expect(read(chat.inbox('member.a').at(-1)!)).toContain('(已处理)');
  expect(await told(chat, 'member.b', '放弃 C-2026-0001')).toContain('放弃由牵头的来说');
});

story('a review that is late is asked for again, and whoever waits and the level above hear so once', async (chat) => {
  await chat.press('worker.a', await chat.say('worker.a', '报需求：车间缺急救培训'), '确认');
  await chat.moveTo(new Date('2026-11-27T10:00:00+08:00'));
  expect(chat.newest('secretary.a').text).toMatch(/本来\S+17:30前要答复，已经过了，请马上办/u);
  expect(chat.newest('worker.a').text).toContain('到期还没有答复，我已经又催了力西特党支部（林书记）');
  expect(chat.newest('town.a').text).toContain('到期还没有审核，由力西特党支部（林书记）审，请督促一下');
  await chat.moveTo(new Date('2026-12-03T10:00:00+08:00'));
  const about = (who: string) => chat.inbox(who).filter(({ text = '' }) => text.includes('C-2026-0001')).length;
  expect([about('secretary.a') > 2, about('worker.a'), about('town.a')]).toEqual([true, 1, 1]);
});

heard('scouts and agents say it in their own words', async (chat) => {
  expect(await told(chat, 'scout.a', '今天去宏泰五金转了转 老板说招不到人')).toContain('走访宏泰五金');
  expect(await told(chat, 'scout.a', '这个月跑了几家了')).toContain('走访1次');
  await chat.say('scout.a', '线索：宏泰五金缺两个焊工，依据：没啥依据');
  expect(await told(chat, 'scout.a', '确认')).toContain('线索要有依据');
  await chat.say('scout.a', '依据改成老板当面说的');
  await chat.say('scout.a', '确认');
  expect(await told(chat, 'scout.a', 'X-2026-0001 到哪了')).toContain('待定，11月26日17:30前由瞿溪街道党工委答复');
  expect(await told(chat, 'member.a', 'X-2026-0001 到哪了')).toContain('只有报的搜索员和审核的人');
  const call = await told(chat, 'hotline.a', '接到个电话 力西特的王师傅说宿舍空调坏了 电话13812345678');
  expect(call).toContain('内容：宿舍空调坏了\n来电人：力西特的王师傅');
  await chat.say('hotline.a', '取消');
  await chat.press('hotline.a', await chat.say('hotline.a', '来电 13912345678 邵总 宏泰五金缺三个车床工'), '确认');
  expect(await told(chat, 'hotline.a', '催一下 C-2026-0001')).toContain('已记为催办');
  await chat.press('hotline.a', await chat.say('hotline.a', '来电 13912345678 邵总 厂门口路灯不亮'), '确认');
  expect(read(chat.newest('town.a', 'app'))).toContain('C-2026-0002');
});

story('what is urgent is marked once, and calls the branch where nobody is known to be able', async (chat) => {
  await published(chat, '特急，车间跳闸了，要会电工的');
  expect(chat.newest('member.b').text).toContain('有件急事要人帮忙：【特急】车间跳闸了，要会电工的');
});

story('a meeting told in one breath, a pending list asked for anyhow, and words in a group', async (chat) => {
  expect(await told(chat, 'secretary.a', '昨天开座谈会大伙提了几条：第一想学电脑 第二夜班没公交车 第三缺个篮球架')).toContain(
    '1. 想学电脑\n2. 夜班没公交车\n3. 缺个篮球架',
  );
  await chat.say('secretary.a', '确认');
  expect(await told(chat, 'secretary.a', '有没有要审的')).toContain('1. ');
  await chat.say('secretary.a', '通过1');
  expect(read(await chat.say('member.a', '@党建助手 还有哪些没人认领', ALLIANCE))).toContain('待认领的需求');
});
