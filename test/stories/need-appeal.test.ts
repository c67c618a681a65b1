/** 申诉 against 退出: by whom it concerns, ruled on by the county, never by whoever decided; and claims that changed hands meanwhile. */
import { expect } from 'vitest';
import { read, START, story, type Chat } from '../chat.ts';

const DAY_MS = 24 * 3_600_000;
const after = (days: number) => new Date(START.getTime() + days * DAY_MS);
const state = async ({ db, corp }: Chat, no = 'C-2026-0001') => (await db.client.need.findFirst({ where: { corp, no } }))?.state;

/** C-2026-0001, out of the library by the secretary. */
async function retired(chat: Chat): Promise<void> {
  await chat.press('worker.a', await chat.say('worker.a', '我要报个需求：车间缺急救培训'), '确认');
  await chat.press('secretary.a', chat.newest('secretary.a'), '通过');
  await chat.say('member.a', '认领 C-2026-0001');
  await chat.press('member.a', await chat.say('member.a', 'C-2026-0001 办完了：讲了一课'), '企业增效益');
  await chat.press('worker.a', chat.newest('worker.a'), '1分');
  await chat.say('secretary.a', '退出 C-2026-0001：整改以后没有人来');
  await chat.say('secretary.a', '确认');
}

story('the appeal is heard in private, the county restores the need, and the claimant has a new limit', async (chat) => {
  await retired(chat);
  expect(chat.newest('member.a').text).toContain('不服的话，5个工作日内说“申诉 C-2026-0001：理由”，由县里裁定');
  expect((await chat.say('member.b', '申诉 C-2026-0001：我看着办得挺好')).text).toContain('由报的人和办的人来申诉');
  expect(read(await chat.say('member.a', '申诉 C-2026-0001：课补过了，有签到表'))).toContain('退出的原因：整改以后没有人来');
  expect(read(await chat.say('member.a', '确认'))).toContain('裁定公开，您的名字和申诉的话不公开');
  expect((await chat.say('worker.a', '申诉 C-2026-0001：我也这么看')).text).toContain('已经有申诉，正在等裁定');

  const card = chat.newest('county.a');
  expect(read(card)).toContain('对 C-2026-0001 退出的申诉，请裁定\n单位：力西特电气\n申诉的人：陈同志');
  expect(read(card)).toContain('退出的原因：整改以后没有人来\n申诉的理由：课补过了，有签到表\n[维持退出] [恢复整改]');
  expect(read(await chat.say('secretary.a', '裁定 C-2026-0001 维持退出：不对'))).toContain('由县级组织部门和两新工委裁定');
  await chat.at(after(6));
  expect(chat.inbox('twonew.a').map(read).join('\n')).toContain('对 C-2026-0001 退出的申诉还在等裁定');

  expect(
    read(
      await chat.press(
        'twonew.a',
        chat.inbox('twonew.a').findLast(({ kind }) => kind === 'card')!,
        '恢复整改',
      ),
    ),
  ).toContain('理由是什么');
  expect(read(await chat.say('twonew.a', '签到表属实'))).toContain('请核对裁定，理由会公开');
  expect(read(await chat.say('twonew.a', '确认'))).toContain('已裁定：C-2026-0001 恢复整改');
  expect(await state(chat)).toBe('RECTIFYING');
  expect(read(await chat.say('county.a', '裁定 C-2026-0001 维持退出：不对'))).toContain('没有等裁定的申诉');
  const told = chat.inbox('member.a').map(read).join('\n');
  expect(told).toContain('要整改：申诉成立，恢复整改：签到表属实');
  // Once: the limit comes with it.
  expect(told).not.toContain('申诉裁定');
  const record = (await chat.say('member.c', 'C-2026-0001 反馈记录')).text ?? '';
  expect(record).toContain('申诉裁定“恢复整改”：签到表属实');
  expect(record).not.toContain('课补过了');
});

story(
  'upheld: it stays out, for a public reason; too late is too late; nothing to appeal against where nothing was retired',
  async (chat) => {
    await retired(chat);
    expect((await chat.say('county.a', '裁定 C-2026-0001 维持退出：没有凭据')).text ?? '').toContain('没有等裁定的申诉');
    await chat.say('worker.a', '申诉 C-2026-0001：还要办的');
    await chat.say('worker.a', '确认');
    await chat.say('county.a', '裁定 C-2026-0001 维持退出：没有新的凭据');
    expect(read(await chat.say('county.a', '确认'))).toContain('已裁定：C-2026-0001 维持退出');
    expect(await state(chat)).toBe('RETIRED');
    expect((await chat.say('member.c', 'C-2026-0001 到哪了')).text).toContain('申诉裁定“维持退出”：没有新的凭据');
    await chat.say('worker.a', '重开 C-2026-0001：还要办');
    expect(await state(chat)).toBe('RETIRED');
  },
);

story('too late', async (chat) => {
  await retired(chat);
  await chat.at(after(8));
  expect((await chat.say('member.a', '申诉 C-2026-0001：课补过了')).text).toContain(
    '已经过了。还需要的话，请说“报需求”重新报一条',
  );
});

story(
  '整改 in hands that change: 转派 keeps its limit, and where whoever did it has left the reviewer is asked to find somebody',
  async (chat) => {
    await chat.press('worker.a', await chat.say('worker.a', '我要报个需求：车间缺急救培训'), '确认');
    await chat.press('secretary.a', chat.newest('secretary.a'), '通过');
    await chat.say('member.a', '认领 C-2026-0001');
    await chat.press('member.a', await chat.say('member.a', 'C-2026-0001 办完了：讲了一课'), '企业增效益');
    const due = async () => (await chat.db.client.need.findFirst({ where: { corp: chat.corp } }))?.rectifyDue?.getTime();
    await chat.db.client.person.updateMany({ where: { corp: chat.corp, userKey: 'member.a' }, data: { active: false } });
    await chat.press('worker.a', chat.newest('worker.a'), '2分');
    expect(chat.newest('secretary.a').text).toContain('原来办的人陈同志不在名册里了，请说“转派 C-2026-0001 给 姓名”');
    const limit = await due();
    await chat.at(after(1));
    await chat.say('secretary.a', '转派 C-2026-0001 给 周晓燕');
    expect(read(await chat.say('secretary.a', '确认'))).toContain('转给周同志');
    expect(await due()).toBe(limit);
    await chat.press('member.b', await chat.say('member.b', 'C-2026-0001 办完了：补了一课'), '企业增效益');
    expect(await state(chat)).toBe('DELIVERED');
  },
);
