/** 红色征集热线: one message is one call; whose it is, whether it came before, and how it ended. */
import { expect } from 'vitest';
import { createVault } from '../../src/kernel/vault.ts';
import { ALLIANCE, read, story, type Chat } from '../chat.ts';

const PHONE = '13800001234';

async function called(chat: Chat, words = `来电 ${PHONE} 力西特电气王厂 要找两名焊工`): Promise<string> {
  const card = await chat.say('hotline.a', words);
  return read(await chat.press('hotline.a', card, '确认'));
}

/** Nothing anybody but the agent reads, and nothing kept, holds the number. */
async function expectRedacted(chat: Chat, secret: string): Promise<void> {
  const { db, corp, wecom, logged } = chat;
  const kept = JSON.stringify([
    await db.client.need.findMany({ where: { corp } }),
    await db.client.hotlineCall.findMany({ where: { corp } }),
    await db.client.onBehalf.findMany({ where: { corp } }),
    await db.client.audit.findMany({ where: { corp } }),
    await db.client.receipt.findMany({ where: { corp } }),
    await db.client.job.findMany({ where: { corp } }),
  ]);
  expect(kept).not.toContain(secret);
  expect(logged.join('\n')).not.toContain(secret);
  for (const { id } of wecom.directory.users.filter((user) => user.id !== 'hotline.a'))
    for (const where of ['app', 'bot', ALLIANCE] as const)
      expect(wecom.bubbles(id, where).map(read).join('\n')).not.toContain(secret);
}

story('one message is one call: read back, masked, unconfirmed until the owner says so', async (chat) => {
  const card = await chat.say('hotline.a', `来电 ${PHONE} 力西特电气王厂 要找两名焊工`);
  expect(read(card)).toBe(
    '请核对来电\n来电号码：138****1234\n内容：要找两名焊工\n来电人：力西特电气王厂\n[确认] [改来电号码] [改内容] [改来电人] [取消]',
  );
  const done = read(await chat.press('hotline.a', card, '确认'));
  expect(done).toContain('已登记 C-2026-0001\n建议类别：C类（本单位）\n现在审核：力西特党支部');
  expect(done).toContain(
    '请念给来电人：“您反映的要找两名焊工已经登记，编号是C 2026 0001，由力西特党支部（林书记）审核，11月26日17:30前答复。办完以后我们给您回电。”',
  );
  expect(chat.inbox('secretary.a').map(read).join('\n')).toContain('是红色征集热线代录的，还没有经本人确认');
  expect(read(chat.inbox('secretary.a').find(({ kind }) => kind === 'card')!)).toContain('来自：力西特电气');

  // The owner of the firm is asked; nobody else may answer for them.
  const asked = chat.newest('supervisor.a');
  expect(read(asked)).toContain('热线替您登记了一条需求\n编号：C-2026-0001');
  expect(read(await chat.say('worker.a', '代录 C-2026-0001 是我报的'))).toContain('不是热线替您登记的');
  expect(read(await chat.press('supervisor.a', asked, '是我们报的'))).toContain('已确认 C-2026-0001');
  expect(chat.newest('hotline.a').text).toContain('蔡总已确认是本人反映的');
  expect(read(await chat.say('supervisor.a', '代录 C-2026-0001 不是我报的'))).toContain('已经答复过了');
  expect(read(await chat.say('supervisor.a', '我的'))).toContain('C-2026-0001 要找两名焊工');
  await expectRedacted(chat, PHONE);
  await expectRedacted(chat, '王厂');
});

story('what arrives twice: the same caller with the same matter is 催办, with another one a new need', async (chat) => {
  await called(chat);
  const again = await chat.say('hotline.a', `来电 ${PHONE} 王厂 要找焊工两名`);
  expect(read(again)).toContain('这个号码以前反映过：\nC-2026-0001 要找两名焊工（待审，在力西特党支部）');
  expect(read(again)).toContain('和 C-2026-0001 是同一件事，确认就记为催办');
  expect(read(await chat.press('hotline.a', again, '确认'))).toContain('已记为催办，没有另建单：C-2026-0001');
  expect(chat.newest('secretary.a').text).toContain('催办：C-2026-0001“要找两名焊工”的来电人又打热线来问了');

  const other = await chat.say('hotline.a', `来电 ${PHONE} 力西特电气王厂 食堂晚上没有热饭`);
  expect(read(other)).toContain('[催办0001]');
  expect(read(await chat.press('hotline.a', other, '确认'))).toContain('已登记 C-2026-0002');
  expect(read(await chat.say('hotline.a', '催办 C-2026-0001'))).toContain('已记为催办');
  const calls = await chat.db.client.hotlineCall.findMany({ where: { corp: chat.corp }, orderBy: { at: 'asc' } });
  expect(calls.map(({ kind }) => kind).sort()).toEqual(['NEW', 'NEW', 'NUDGE', 'NUDGE']);
  expect(await chat.db.client.need.count({ where: { corp: chat.corp } })).toBe(2);
});

story('匿名 said at the confirmation is enough', async (chat) => {
  await chat.say('hotline.a', `来电 ${PHONE} 王厂 宿舍晚上没有热水`);
  expect(read(await chat.say('hotline.a', '匿名'))).toContain('匿名：匿名');
  expect(read(await chat.say('hotline.a', '确认'))).toContain('匿名，只由热线回访');
});

story('anonymous: no name is kept, nobody is asked to confirm, only the hotline calls back', async (chat) => {
  const done = await called(chat, `匿名来电 ${PHONE} 宿舍晚上没有热水`);
  expect(done).toContain('已登记 A-2026-0001');
  expect(done).toContain('匿名，只由热线回访');
  const [call] = await chat.db.client.hotlineCall.findMany({ where: { corp: chat.corp } });
  expect(call?.callerSealed).toBeNull();
  expect(call?.phoneSealed).not.toContain(PHONE);
  expect(createVault().open(call?.phoneSealed ?? '')).toBe(PHONE);
  await expectRedacted(chat, PHONE);
});

story('asked only what is missing; a phone that is none; a broken call goes on hours later', async (chat) => {
  expect(read(await chat.say('hotline.a', '来电登记'))).toContain('来电的电话是多少？');
  expect(read(await chat.say('hotline.a', '12345'))).toContain('来电号码请说11位手机号');
  expect(read(await chat.say('hotline.a', '0577-88123456'))).toContain('来电人要什么？');
  await chat.at(new Date('2026-11-25T08:30:00+08:00'));
  const resumed = await chat.say('hotline.a', '继续');
  expect(read(resumed)).toContain('来电人要什么？');
  expect(read(await chat.say('hotline.a', '要一名会计'))).toContain('来电号码：0577-****3456');
  expect(read(await chat.say('hotline.a', '确认'))).toContain('已登记 A-2026-0001');
  expect(read(await chat.say('worker.a', `来电 ${PHONE} 王厂 要找焊工`))).toContain('由红色征集热线的坐席来办');
  expect(await chat.db.client.hotlineCall.count({ where: { corp: chat.corp } })).toBe(1);
});

story('nobody confirms: 代录未确认 after five working days, and their word may still come by telephone', async (chat) => {
  await called(chat, `来电 ${PHONE} 小王 要一辆班车`);
  expect(read(await chat.say('hotline.a', '回访清单'))).toContain('1. A-2026-0001 要一辆班车：请本人确认，12月1日17:30前');
  expect(read(await chat.say('hotline.a', '回访 A-2026-0001 已解决'))).toContain('还没有办完');
  expect(read(await chat.say('hotline.a', '回访1 联系不上'))).toContain('已记第1次没接通');
  await chat.moveTo(new Date('2026-12-02T09:00:00+08:00'));
  expect(chat.inbox('county.a').map(read).join('\n')).toContain('记为“代录未确认”');
  expect(read(await chat.say('hotline.a', '回访 A-2026-0001 本人确认'))).toContain('代录，本人已确认');
});

story('the number is looked at by the hotline alone, once, and the look is on record', async (chat) => {
  await called(chat);
  expect(read(await chat.say('county.a', '看来电号码 C-2026-0001'))).toContain('由红色征集热线的坐席来办');
  expect(read(await chat.say('hotline.a', '看来电号码 C-2026-0001'))).toContain(`来电：${PHONE}（力西特电气王厂）`);
  expect(read(await chat.say('hotline.a', '再说一遍'))).not.toContain(PHONE);
  const looks = await chat.db.client.audit.findMany({ where: { corp: chat.corp, intent: 'hotline.look', outcome: 'done' } });
  expect(looks.map(({ subject }) => subject)).toEqual(['C-2026-0001']);
  await expectRedacted(chat, PHONE);
});

story('咨询: what is not the hotline’s opens no need; where the caller was sent is kept, the number sealed', async (chat) => {
  const card = await chat.say('hotline.a', '咨询 13800001234 王厂 问社保怎么转');
  expect(read(card)).toContain('告诉来电人找哪里');
  expect(read(await chat.say('hotline.a', '找区人社局窗口'))).toContain(
    '请核对咨询，确认后不建单\n来电号码：138****1234\n内容：问社保怎么转\n告诉他：找区人社局窗口\n来电人：王厂',
  );
  expect(read(await chat.say('hotline.a', '确认'))).toContain('已记为咨询，没有建单。\n请念给来电人：“您问的社保怎么转');
  expect(await chat.db.client.need.count({ where: { corp: chat.corp } })).toBe(0);
  const calls = await chat.db.client.hotlineCall.findMany({ where: { corp: chat.corp } });
  expect(JSON.stringify(calls)).not.toMatch(/13800001234|王厂/u);
  expect((await chat.say('county.a', '咨询记录')).text).toBe('近30天来电咨询1个：\n今天10:00 问社保怎么转：找区人社局窗口');
  expect((await chat.say('member.a', '咨询记录')).text).toContain('由红色征集热线的坐席和县级组织部门看');
  expect((await chat.say('hotline.a', '咨询 123 王厂 问社保')).text).toContain('来电号码请说11位手机号');
  await chat.say('hotline.a', '取消');
  expect((await chat.say('hotline.a', '来电 123 王厂 要找焊工')).text).toContain('来电号码请说11位手机号');
  await chat.say('hotline.a', '取消');
  // A caller who asked is no caller with a need.
  expect(read(await chat.say('hotline.a', '来电 13800001234 王厂 要找焊工'))).not.toContain('以前反映过');
});
