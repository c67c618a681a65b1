/** 修改, 转交, 转派: a need changes, or the hands it is in; and two hundred want the same one at once. */
import { expect } from 'vitest';
import { read, START, story, type Chat } from '../chat.ts';

async function published(chat: Chat): Promise<void> {
  await chat.press('worker.a', await chat.say('worker.a', '我要报个需求：车间缺急救培训'), '确认');
  await chat.press('secretary.a', chat.newest('secretary.a'), '通过');
}

const need = ({ db, corp }: Chat) => db.client.need.findFirstOrThrow({ where: { corp, no: 'C-2026-0001' } });

story('修改 under review: the reviewer gets the new words on a new card, and the old one decides nothing', async (chat) => {
  await chat.press('worker.a', await chat.say('worker.a', '我要报个需求：车间缺急救培训'), '确认');
  const old = chat.newest('secretary.a');
  expect(read(await chat.say('member.a', '修改 C-2026-0001 时间改成周六上午'))).toContain('不是您报的，只有报的人能修改');
  const asked = await chat.say('worker.a', '修改 C-2026-0001 时间改成周六上午');
  expect(read(asked)).toContain('原来：车间缺急救培训\n改成：车间缺急救培训（时间：周六上午）\n改了重新审核，期限不变。');
  expect(read(await chat.press('worker.a', asked, '确认'))).toContain('C-2026-0001 已修改');
  expect(read(chat.newest('secretary.a'))).toContain('车间缺急救培训（时间：周六上午）');
  expect(read(chat.inbox('secretary.a').find(({ id }) => id === old.id)!)).toContain('报的人改了内容');
  await chat.press('secretary.a', chat.newest('secretary.a'), '通过');
  expect((await need(chat)).summary).toBe('车间缺急救培训（时间：周六上午）');
  await chat.say('worker.a', '修改 C-2026-0001 期限改成12月20日');
  await chat.say('worker.a', '确认');
  expect(read(await chat.say('worker.a', '修改 C-2026-0001 期限改成昨天'))).toContain('期限请说');
  await chat.say('worker.a', '取消');
  await chat.say('secretary.a', '同意修改 C-2026-0001');
  expect(await need(chat)).toMatchObject({
    summary: '车间缺急救培训（时间：周六上午；期限：2026年12月20日）',
    deadline: new Date('2026-12-20'),
  });
});

story(
  '修改 when it is public and in hand: the reviewer decides, the claimant is told and may step back without it counting',
  async (chat) => {
    await published(chat);
    await chat.say('member.a', '认领 C-2026-0001');
    await chat.at(new Date(START.getTime() + 3_600_000));
    await chat.say('worker.a', '修改 C-2026-0001 时间改成周六上午');
    expect(read(await chat.say('worker.a', '确认'))).toContain('已请力西特党支部（林书记）审核，同意以后才改');
    expect((await need(chat)).summary).toBe('车间缺急救培训');
    const card = chat.newest('secretary.a');
    expect(read(card)).toBe(
      '请审核对 C-2026-0001 的修改\n来自：力西特电气\n现在：已由陈同志认领\n原来：车间缺急救培训\n改成：车间缺急救培训（时间：周六上午）\n[同意修改] [不同意]',
    );
    expect(read(await chat.say('secretary.b', '同意修改 C-2026-0001'))).toContain('由力西特党支部审核，您的身份不能办');
    expect(read(await chat.press('secretary.a', card, '同意修改'))).toContain(
      'C-2026-0001 已改成：车间缺急救培训（时间：周六上午）',
    );
    expect((await chat.say('secretary.a', '同意修改 C-2026-0001')).text).toContain('没有等您审核的修改');
    const notice = chat.newest('member.a');
    expect(read(notice)).toContain('能办就照新的办，不用回复；办不了可以不办，不算您放弃。');
    await chat.press('member.a', notice, '办不了');
    expect(read(await chat.say('member.a', '确认'))).toContain('内容是后来改的，不算您放弃');
    expect((await need(chat)).state).toBe('OPEN');

    // What the reviewer does not agree to changes nothing.
    await chat.say('worker.a', '修改 C-2026-0001：内容改成给每人发五百元');
    await chat.say('worker.a', '确认');
    expect(read(await chat.say('secretary.a', '不同意修改 C-2026-0001'))).toContain('照原来的办');
    expect(chat.newest('worker.a').text).toContain('林书记没有同意，需求照原来的办');
    expect((await need(chat)).summary).toBe('车间缺急救培训（时间：周六上午）');
  },
);

story('转交: whoever is asked says no or yes; what was not offered cannot be taken', async (chat) => {
  await published(chat);
  await chat.say('member.a', '认领 C-2026-0001');
  await chat.say('member.a', '开工 C-2026-0001');
  expect((await chat.say('member.b', '接手 C-2026-0001')).text).toContain('没有等您接手');
  expect((await chat.say('member.b', '转交 C-2026-0001 给 吴建军')).text).toContain('是陈同志在办，由他来转交');
  expect((await chat.say('member.a', '申诉 C-2026-0001：不服')).text).toContain('没有退出，不用申诉');
  await chat.say('member.a', '转交 C-2026-0001 给 李大勇');
  expect(read(await chat.say('member.a', '确认'))).toContain('李大勇不是党员');
  await chat.say('member.a', '取消');
  await chat.say('member.a', '转交 C-2026-0001 给 周晓燕');
  expect((await chat.say('member.a', '确认')).text).toContain('已请周同志接手 C-2026-0001，他同意以前还由您办');
  expect((await chat.say('member.b', 'C-2026-0001 到哪了')).text).toContain('陈同志在办');
  await chat.press('member.b', chat.newest('member.b'), '接不了');
  expect(chat.newest('member.a').text).toContain('周同志接不了 C-2026-0001');
  await chat.say('member.a', '转交 C-2026-0001 给 吴建军');
  await chat.say('member.a', '确认');
  expect(read(await chat.press('member.c', chat.newest('member.c'), '我来接手'))).toContain('您接手了 C-2026-0001');
  expect(chat.newest('worker.a').text).toContain('由陈同志转给吴同志接着办');
  expect((await chat.say('member.c', 'C-2026-0001 进展：老师约好了')).text).toContain('记下了');
  expect((await chat.say('member.a', 'C-2026-0001 进展：我也在')).text).toContain('是吴同志在办');
});

story('转派: the reviewer gives it to somebody else while it is worked on, and everybody concerned hears', async (chat) => {
  await published(chat);
  await chat.say('member.a', '认领 C-2026-0001');
  await chat.say('member.a', '开工 C-2026-0001');
  expect((await chat.say('secretary.b', '转派 C-2026-0001 给 吴建军')).text).toContain('您的身份不能指派');
  await chat.say('secretary.a', '转派 C-2026-0001 给 周晓燕');
  expect((await chat.say('secretary.a', '确认')).text).toContain('C-2026-0001 已从陈同志转给周同志');
  expect(chat.newest('member.a').text).toContain('由陈同志转给周同志接着办');
  expect(chat.newest('member.b').text).toContain('林书记把需求 C-2026-0001');
  expect((await need(chat)).state).toBe('UNDERWAY');
});

const MANY = 200;
const crowd = Array.from({ length: MANY }, (_, i) => ({ id: `crowd.${i}`, name: `群众${i}`, title: '力西特党支部党员' }));

story(
  'two hundred members claim one need at once: one has it, and the others read who',
  async (chat) => {
    const { db, corp } = chat;
    const person = ({ id }: { id: string }) => `${corp}:${id.replace('crowd.', 'one of many ')}`;
    await db.client.person.createMany({
      data: crowd.map((each) => ({ id: person(each), corp, userId: each.id, userKey: each.id, name: each.name })),
    });
    await db.client.standing.createMany({
      data: crowd.map((each) => ({
        id: `${person(each)}:member`,
        personId: person(each),
        organisationId: `${corp}:branch1`,
        role: 'PARTY_MEMBER',
        since: START,
      })),
    });
    await published(chat);
    await Promise.all(crowd.map(({ id }) => chat.wecom.say(id, '认领 C-2026-0001', 'bot')));
    await chat.settle();
    const words = crowd.map(({ id }) => read(chat.newest(id, 'bot')));
    const answered = (part: RegExp) => words.filter((each) => part.test(each)).length;
    expect(answered(/您认领了 C-2026-0001/u)).toBe(1);
    // Over one session, on a busy machine, two hundred may be more than WeCom waits for; whoever asks again reads who was first.
    expect(answered(/认领了。您可以说“协办 C-2026-0001”一起办|没有收到应答|没有(?:办|保存)/u)).toBe(MANY - 1);
    const again = async () => read(await chat.say(crowd[MANY - 1]?.id ?? '', '认领 C-2026-0001'));
    await expect.poll(again, { timeout: 60_000, interval: 2_000 }).toMatch(/认领了。您可以说|您已经认领了/u);
    expect(await db.client.needClaim.count({ where: { needId: (await need(chat)).id } })).toBe(1);
    expect(chat.inbox('worker.a').filter((each) => read(each).includes('）认领。'))).toHaveLength(1);
  },
  undefined,
  { newcomers: crowd },
);
