/** What a need carries besides its words: said in the one sentence, corrected like any value, and found by it. */
import { randomBytes } from 'node:crypto';
import { expect } from 'vitest';
import { ALLIANCE, read, story, type Chat } from '../chat.ts';

const PNG = Buffer.concat([Buffer.from('89504e470d0a1a0a', 'hex'), randomBytes(500)]);
const NIGHT = new Date('2026-11-24T22:30:00+08:00');

async function published(chat: Chat, words: string, by = 'worker.a', secretary = 'secretary.a'): Promise<void> {
  await chat.press(by, await chat.say(by, `我要报个需求：${words}`), '确认');
  await chat.press(secretary, chat.newest(secretary), '通过');
}

const recordOf = ({ db, corp }: Chat, no: string) =>
  db.client.need.findUniqueOrThrow({
    where: { corp_no: { corp, no } },
    select: { channel: true, owner: true, urgency: true, people: true, skills: true, place: true, deadline: true },
  });

story('one sentence says it all, one tap enters it: the card shows what was read', async (chat) => {
  const card = await chat.say('worker.a', '我要报个需求：特急，二号楼缺两名电工，在瞿溪工业区，12月10日前要修好');
  expect(read(card)).toBe(
    '请核对需求\n类别：C类（本单位）\n紧急程度：特急\n人数：2人\n技能：电工\n地点：瞿溪工业区\n期限：2026年12月10日\n' +
      '内容：特急，二号楼缺两名电工，在瞿溪工业区，12月10日前要修好\n[确认] [改内容] [改类别] [改紧急程度] [改人数] [取消]',
  );
  const opened = await chat.press('worker.a', card, '确认');
  expect(read(opened)).toContain('已建单 C-2026-0001\n【特急】二号楼缺两名电工');
  expect(read(opened)).toContain('要2人 · 会电工 · 在瞿溪工业区 · 12月10日前');
  // 特急 is reviewed within one working day, not two.
  expect(read(opened)).toContain('最晚11月25日17:30前答复');
  expect(await recordOf(chat, 'C-2026-0001')).toEqual({
    channel: 'CHAT',
    owner: 'WORKER',
    urgency: 'CRITICAL',
    people: 2,
    skills: ['电工'],
    place: '瞿溪工业区',
    deadline: new Date('2026-12-10T00:00:00Z'),
  });
  expect(read(chat.newest('secretary.a'))).toContain('要2人 · 会电工 · 在瞿溪工业区 · 12月10日前');
  await chat.press('secretary.a', chat.newest('secretary.a'), '通过');
  expect(read(await chat.say('member.a', 'C-2026-0001 到哪了'))).toContain('来源：聊天　谁的：职工');
  expect(read(await chat.say('member.a', '看需求'))).toContain('1. 【特急】二号楼缺两名电工');
});

story('added at the confirmation, corrected by its label, taken back with the words that said it', async (chat) => {
  await chat.say('worker.a', '我要报个需求：车间照明坏了');
  const more = await chat.say('worker.a', '补充：要3个人，会电工');
  expect(read(more)).toContain('内容：车间照明坏了，要3个人，会电工\n');
  expect(read(more)).toContain('人数：3人\n技能：电工');
  expect(read(await chat.say('worker.a', '人数改成5'))).toContain('人数：5人');
  expect((await chat.say('worker.a', '人数改成半个')).text).toContain('人数请说');
  expect(read(await chat.say('worker.a', '5人'))).toContain('人数：5人');
  expect(read(await chat.say('worker.a', '谁的需求改成企业'))).toContain('谁的需求：企业');
  expect(read(await chat.say('worker.a', '技能改成无'))).not.toContain('技能');
  const changed = await chat.say('worker.a', '内容改成缺一位焊工，在食堂');
  expect(read(changed)).toContain('地点：食堂');
  expect(read(changed)).toContain('人数：5人');
  expect(read(await chat.say('worker.a', '期限改成11月20日'))).toContain('期限：2027年11月20日');
  await chat.say('worker.a', '确认');
  expect(await recordOf(chat, 'C-2026-0001')).toMatchObject({ owner: 'ENTERPRISE', people: 5, skills: [], place: '食堂' });
});

story('an ordinary sentence is as short as ever, and words that only sound alike say nothing', async (chat) => {
  for (const words of ['车间缺急救培训', '紧急出口堵了', '缺一间会议室', '约30人要学安全', '职工子女暑假没地方托管'])
    expect(read(await chat.say('worker.a', `我要报个需求：${words}`))).toBe(
      `请核对需求\n内容：${words}\n类别：C类（本单位）\n[确认] [改内容] [改类别] [取消]`,
    );
});

story('photos: sent before or at the confirmation, they belong to the need, and are kept as long as it is', async (chat) => {
  await chat.say('worker.a', { image: PNG });
  const card = await chat.say('worker.a', '我要报个需求：车间照明坏了');
  expect(read(card)).toContain('会附上您发的照片1张。');
  await chat.say('worker.a', { image: Buffer.concat([PNG, Buffer.from('2')]) });
  expect(read(await chat.say('worker.a', '确认'))).toContain('照片2张');
  expect(read(chat.newest('secretary.a'))).toContain('车间照明坏了\n照片2张');
  await chat.say('member.a', { image: Buffer.concat([PNG, Buffer.from('3')]) });
  await chat.moveTo(new Date('2027-01-10T10:00:00+08:00'));
  expect(await chat.db.client.photo.count({ where: { corp: chat.corp } })).toBe(2);
});

story('photos are seen by whoever may see the need, in their own chat only', async (chat) => {
  const sent = (who: string) => chat.inbox(who).flatMap(({ file }) => (file ? [file.name] : []));
  await chat.say('worker.a', { image: PNG });
  await chat.press('worker.a', await chat.say('worker.a', '我要报个需求：车间照明坏了'), '确认');
  expect((await chat.say('member.b', '看照片 C-2026-0001')).text).toContain('照片只有报的人和审核人能看');
  expect((await chat.say('secretary.a', '看照片 C-2026-0001', 'app')).text).toContain('C-2026-0001 的照片1张');
  expect(sent('secretary.a')).toEqual(['C-2026-0001照片1.png']);
  await chat.say('secretary.a', '通过 C-2026-0001');
  expect((await chat.say('member.b', '@党建助手 看照片 C-2026-0001', ALLIANCE)).text).toContain('只在私聊里办');
  expect(sent('member.b')).toEqual(['C-2026-0001照片1.png']);
  await chat.press('worker.a', await chat.say('worker.a', '我要报个需求：食堂太挤'), '确认');
  expect((await chat.say('worker.a', '看照片')).text).toContain('C-2026-0002 没有附照片');
});

story('at night: what is pressing reaches the reviewer at once, the rest in the morning', async (chat) => {
  await chat.at(NIGHT);
  const ask = async (words: string) => chat.press('worker.a', await chat.say('worker.a', `我要报个需求：${words}`), '确认');
  await ask('车间照明坏了');
  expect(chat.inbox('secretary.a')).toEqual([]);
  await ask('很急，配电房冒烟');
  expect(read(chat.newest('secretary.a'))).toContain('请审核需求 C-2026-0002');
  expect(read(chat.newest('secretary.a'))).toContain('【急】很急，配电房冒烟');
});

story('the board by what a need carries', async (chat) => {
  await published(chat, '缺两名电工');
  await published(chat, '很急，仓库漏水');
  await published(chat, '缺党课老师', 'member.b');
  const board = async (words: string) => read(await chat.say('member.a', `看需求 ${words}`)).split('\n');
  expect(await board('会电工')).toContainEqual('1. 缺两名电工（力西特电气，C-2026-0001）');
  expect(await board('急')).toEqual(['待认领的“急”需求', '1. 【急】很急，仓库漏水（力西特电气，C-2026-0002）', '[认领1]']);
  expect(await board('党员')).toContainEqual('1. 缺党课老师（力西特党支部，C-2026-0003）');
  expect(await board('C 瞿溪 聊天')).toHaveLength(5);
  expect((await board('热线')).join()).toContain('现在没有待认领的“热线”需求');
});
