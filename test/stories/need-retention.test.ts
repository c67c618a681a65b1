/** 留存: a year after, who called and who wrote is forgotten; what was asked for and what became of it is not. */
import { randomBytes } from 'node:crypto';
import { expect } from 'vitest';
import { read, START, story } from '../chat.ts';

const PNG = Buffer.concat([Buffer.from('89504e470d0a1a0a', 'hex'), randomBytes(64)]);
const DAY_MS = 24 * 3_600_000;
const after = (days: number) => new Date(START.getTime() + days * DAY_MS);

story('a call and the notes of what came of it, two months and thirteen months later', async (chat) => {
  const { db, corp } = chat;
  const phone = '13800001234';
  const card = await chat.say('hotline.a', `来电 ${phone} 力西特电气王厂 要找两名焊工`);
  await chat.press('hotline.a', card, '确认');
  await chat.say('secretary.a', '通过 C-2026-0001');
  await chat.say('member.a', '认领 C-2026-0001');
  await chat.say('member.a', { image: PNG });
  await chat.say('member.a', 'C-2026-0001 进展：找到一名，还差一名');
  await chat.press('member.a', await chat.say('member.a', 'C-2026-0001 办完了：两名都到岗了'), '企业增效益');
  await chat.say('hotline.a', '评价 C-2026-0001 5分');
  const need = await db.client.need.findFirstOrThrow({ where: { corp } });
  const rows = async () => ({
    calls: await db.client.hotlineCall.count({ where: { corp } }),
    photos: await db.client.photo.count({ where: { corp } }),
    writers: await db.client.needNote.count({ where: { needId: need.id, personId: { not: null } } }),
  });
  // Pictures nobody keeps are gone after a month; the record keeps this one.
  await chat.at(after(60));
  expect(await rows()).toEqual({ calls: 1, photos: 1, writers: 2 });
  expect(read(await chat.say('hotline.a', '看来电号码 C-2026-0001'))).toContain(phone);

  await chat.at(after(400));
  await chat.at(after(401));
  expect(await rows()).toEqual({ calls: 0, photos: 0, writers: 0 });
  expect(await db.client.onBehalf.findFirst({ where: { corp } })).toMatchObject({ ownerIds: [] });
  expect(read(await chat.say('hotline.a', '看来电号码 C-2026-0001'))).toContain('没有来电号码');
  const record = read(await chat.say('member.b', 'C-2026-0001 反馈记录'));
  expect(record).toContain('某同志：找到一名，还差一名');
  expect(record).toContain('评价：报的人已经评价');
});

story(
  'a picture lives as long as the record that names it: a visit, a tip that was none, a need; what nobody keeps goes',
  async (chat) => {
    const { db, corp } = chat;
    const picture = (n: number) => Buffer.concat([PNG, Buffer.from(String(n))]);
    const kept = () => db.client.photo.count({ where: { corp } });
    await chat.say('scout.a', { image: picture(1) });
    await chat.say('scout.a', '走访 力西特电气：老板说招工难');
    await chat.say('scout.a', { image: picture(2) });
    await chat.press('scout.a', await chat.say('scout.a', '线索：力西特电气车间照明坏了'), '确认');
    await chat.say('secretary.a', '线索无效 X-2026-0001：已经修好了');
    await chat.say('worker.a', { image: picture(3) });
    await chat.press('worker.a', await chat.say('worker.a', '我要报个需求：食堂漏水'), '确认');
    await chat.say('member.a', { image: picture(4) });
    expect(await kept()).toBe(4);
    await chat.at(after(60));
    await chat.at(after(400));
    expect(await kept()).toBe(3);
    await chat.say('scout.a', '看照片 X-2026-0001', 'app');
    expect(chat.inbox('scout.a').flatMap(({ file }) => (file ? [file.name] : []))).toEqual(['X-2026-0001照片1.png']);
    // The record goes, and then its picture.
    await db.client.visit.deleteMany({ where: { corp } });
    await chat.at(after(401));
    expect(await kept()).toBe(2);
  },
);
