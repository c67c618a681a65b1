/** 报需求 → 审核 → 认领, through the encrypted doors. */
import { expect } from 'vitest';
import { ALLIANCE, read, story, type Chat } from '../chat.ts';

/** C-2026-0001 of worker.a, waiting for secretary.a. */
async function reported(chat: Chat, words = '车间缺急救培训', as = 'worker.a'): Promise<void> {
  await chat.press(as, await chat.say(as, `我要报个需求：${words}`), '确认');
}

async function published(chat: Chat, words?: string): Promise<void> {
  await reported(chat, words);
  await chat.press('secretary.a', chat.newest('secretary.a'), '通过');
}

/** who · intent · subject · outcome, as the audit keeps it. */
async function audit({ db, corp }: Chat): Promise<string[]> {
  const rows = await db.client.audit.findMany({ where: { corp }, orderBy: [{ at: 'asc' }, { id: 'asc' }] });
  const people = new Map((await db.client.person.findMany({ where: { corp } })).map((p) => [p.id, p.userId]));
  return rows.map((row) => [people.get(row.personId ?? '') ?? '-', row.intent, row.subject ?? '-', row.outcome].join(' · '));
}

story('a worker reports in a group, the branch secretary publishes, a member claims, everybody is told', async (chat) => {
  const asked = await chat.say('worker.a', '@党建助手 我要报个需求：车间缺急救培训', ALLIANCE);
  expect(read(asked)).toBe('请核对需求\n内容：车间缺急救培训\n类别：C类（本单位）\n[确认] [改内容] [改类别] [取消]');

  const opened = await chat.press('worker.a', asked, '确认');
  expect(read(opened)).toMatch(
    /^已建单 C-2026-0001\n车间缺急救培训\n现在由力西特党支部（林书记）审核，最晚11月26日17:30前答复。/,
  );

  const approval = chat.newest('secretary.a');
  expect(read(approval)).toBe(
    '请审核需求 C-2026-0001\n类别：C类（本单位）\n来自：力西特电气\n报的人：李师傅\n请在此前办：11月26日17:30\n车间缺急救培训\n[通过] [退回] [改类] [改急缓]',
  );
  expect(read(await chat.press('secretary.a', approval, '通过'))).toContain('C-2026-0001 已通过');
  expect(chat.newest('worker.a').text).toContain('已由林书记审核通过');

  expect(read(await chat.say('member.a', '看需求'))).toBe('待认领的需求\n1. 车间缺急救培训（力西特电气，C-2026-0001）\n[认领1]');
  expect(read(await chat.say('member.a', '认领1'))).toContain('您认领了 C-2026-0001');
  expect(chat.newest('worker.a').text).toBe('需求 C-2026-0001“车间缺急救培训”已由陈同志（力西特党支部）认领。');
  expect(chat.newest('secretary.a').text).toContain('已由陈同志');

  expect((await chat.say('member.c', '认领 C-2026-0001')).text).toContain('已由陈同志在今天10:00认领了');
  expect(await audit(chat)).toEqual([
    'worker.a · need.create · C-2026-0001 · done',
    'secretary.a · approval.approve · C-2026-0001 · done',
    'member.a · need.claim · C-2026-0001 · done',
    'member.c · need.claim · C-2026-0001 · need.claimed',
  ]);
});

story('asked only what is missing; corrected by words and by button; cancelled', async (chat) => {
  expect((await chat.say('worker.a', '报需求')).text).toBe('请用一句话说说需要什么？（不办了就说“取消”）');
  expect((await chat.say('worker.a', '？！')).text).toMatch(/^内容还是空的/);
  const card = await chat.say('worker.a', '二号车间缺急救培训');
  expect(read(card)).toContain('内容：二号车间缺急救培训');
  expect(read(await chat.say('worker.a', '类别改成B'))).toContain('类别：B类（本镇街）');
  const classes = await chat.press('worker.a', await chat.say('worker.a', '改类别'), 'A类（全县）');
  expect(read(classes)).toContain('类别：A类（全县）');
  expect(read(await chat.say('worker.a', '内容改为三号车间缺急救培训'))).toContain('内容：三号车间缺急救培训');
  expect((await chat.say('worker.a', '取消')).text).toBe('已取消“报需求”，什么都没有提交。');
  expect((await chat.say('worker.a', '确认')).text).toContain('现在没有正在办的事');
  expect(await audit(chat)).toEqual([]);
});

story('B goes to the town and A to the county: whoever decides first, the other holders read who and when', async (chat) => {
  const card = await chat.say('worker.a', '我要报个需求：园区缺公共充电桩');
  await chat.say('worker.a', '类别改成B');
  expect(read(await chat.say('worker.a', '确认'))).toContain(
    '已建单 B-2026-0001\n园区缺公共充电桩\n现在由瞿溪街道党工委（张同志、郑同志）审核',
  );
  expect(card.kind).toBe('card');

  await chat.press('town.b', chat.newest('town.b'), '通过');
  expect(read(chat.newest('town.a'))).toContain('请审核需求 B-2026-0001\n已由郑同志在今天10:00通过');
  expect(read(chat.newest('town.a'))).toContain('(已处理)');
  const late = await chat.press('town.a', chat.newest('town.a'), '通过', { stale: true });
  expect(read(late)).toContain('B-2026-0001 已由郑同志在今天10:00审核通过。');

  await chat.say('general.a', '报需求：全链缺焊工');
  expect(read(await chat.say('general.a', '确认'))).toContain('已建单 A-2026-0001');
  await chat.press('twonew.a', chat.newest('twonew.a'), '通过');
  expect(read(chat.newest('county.a'))).toContain('已由徐同志在今天10:00通过');
});

story('退回 asks for the reason in the changed card and in the chat; the author mends it under the same number', async (chat) => {
  await reported(chat);
  const asked = await chat.press('secretary.a', chat.newest('secretary.a'), '退回');
  expect(read(asked)).toContain('退回 C-2026-0001 的理由是？');
  expect(read(asked)).toContain('[通过] [退回] [改类] [改急缓]');
  expect(chat.newest('secretary.a').text).toContain('退回 C-2026-0001 的理由是？');
  const done = await chat.say('secretary.a', '请写清楚是哪个车间、多少人', 'app');
  expect(done.text).toContain('C-2026-0001 已退回补正');
  expect(chat.newest('worker.a').text).toContain('理由：请写清楚是哪个车间、多少人');
  expect(read(chat.inbox('secretary.a').find((bubble) => bubble.kind === 'card')!)).toContain('已由林书记在今天10:00退回补正');

  expect((await chat.say('member.a', '补正 C-2026-0001：我来改')).text).toContain('C-2026-0001 不是您报的');

  await chat.say('worker.a', '补正 C-2026-0001：二号车间30人缺急救培训');
  expect((await chat.say('worker.a', '确认')).text).toContain('C-2026-0001 已补正');
  const again = chat.newest('secretary.a');
  expect(read(again)).toContain('二号车间30人缺急救培训');
  expect(read(await chat.press('secretary.a', again, '通过'))).toContain('已通过');
});

story('改类 hands the need to the other level: nobody publishes in a library that is not theirs', async (chat) => {
  await reported(chat);
  const card = chat.newest('secretary.a');
  const which = await chat.press('secretary.a', card, '改类');
  expect(read(which)).toBe('C-2026-0001 应该是哪一类？\n[C类（本单位）] [B类（本镇街）] [A类（全县）] [取消]');
  const cancelled = await chat.press('secretary.a', which, '取消');
  expect(read(cancelled)).toContain('[通过] [退回] [改类] [改急缓]');
  const moved = await chat.press('secretary.a', await chat.press('secretary.a', cancelled, '改类'), 'B类（本镇街）');
  expect(read(moved)).toContain('C-2026-0001 已改类\n类别：B类（本镇街）\n现在审核：瞿溪街道党工委');
  expect(chat.newest('worker.a').text).toContain('已改为B类（本镇街），现在由瞿溪街道党工委（张同志、郑同志）审核');

  expect((await chat.say('secretary.a', '通过 C-2026-0001')).text).toContain(
    '由瞿溪街道党工委（张同志、郑同志）审核，您的身份不能办',
  );
  expect((await chat.say('town.a', '通过C-2026-0001')).text).toContain('C-2026-0001 已通过');
  expect((await chat.say('town.b', '改类 C-2026-0001 为A')).text).toContain('已由张同志在今天10:00审核通过');
});

story('every button has a text twin, in sloppy writing too', async (chat) => {
  await reported(chat);
  await reported(chat, '食堂中午排队太长');
  await reported(chat, '缺党课老师');
  expect((await chat.say('secretary.a', '同意 c20260001')).text).toContain('C-2026-0001 已通过');
  expect((await chat.say('secretary.a', '驳回C-2026-2 已有安排')).text).toContain('C-2026-0002 已退回补正\n');
  expect((await chat.say('secretary.a', '把c-2026-0003改成A类', 'app')).text).toContain('C-2026-0003 已改类');
  expect((await chat.say('secretary.a', '通过')).text).toContain('要通过哪一条');
  expect((await chat.say('secretary.a', '9号')).text).toContain('不知道您说的是哪一条');
  expect((await chat.say('secretary.a', 'C-2026-0009')).text).toContain('没有找到 C-2026-0009');
});

story('who may not is told who may', async (chat) => {
  await published(chat);
  expect((await chat.say('worker.a', '认领 C-2026-0001')).text).toBe(
    '认领需求要由党员来办。您可以请所在党支部的书记或身边的党员来认领；您自己有需要，可以说“报需求”。',
  );
  expect((await chat.say('member.a', '通过 C-2026-0001')).text).toMatch(/^审核需求要由有权限的人来办：C类由所在党支部书记/);
  expect((await chat.say('secretary.b', '通过 C-2026-0001')).text).toBe(
    'C-2026-0001 由力西特党支部（林书记）审核，您的身份不能办。',
  );
  expect((await chat.say('cashier.a', '报需求')).text).toContain('您现在的身份不能报需求');
  expect((await chat.say('outsider.a', '报需求')).text).toContain('您还不在党建助手的名册里');
  expect((await chat.say('OUTSIDER.A', '帮助')).text).toContain('您还不在党建助手的名册里');
});

story('帮助 shows only what this person may do', async (chat) => {
  const worker = read(await chat.say('worker.a', '帮助'));
  expect(worker).toContain('报需求');
  expect(worker).not.toMatch(/认领 C-|通过 C-|改类/);
  const member = read(await chat.say('member.a', '帮助'));
  expect(member).toContain('看需求');
  expect(member).not.toContain('改类');
  expect(read(await chat.say('secretary.a', '你好'))).toContain('“待我审核”');
  expect(read(await chat.say('member.a', '全部功能'))).toContain('认领需求');
  expect(read(await chat.say('worker.a', '全部功能'))).not.toContain('认领需求');
  expect(read(await chat.say('worker.a', '今天天气不错'))).toContain('没听明白');
  expect(read(await chat.say('worker.a', '@党建助手', ALLIANCE))).toContain('我能帮您办这些');
});

story('approvals are private: said in a group they move to the own chat', async (chat) => {
  await reported(chat);
  expect((await chat.say('secretary.a', '@党建助手 退回 C-2026-0001', ALLIANCE)).text).toContain('只在私聊里办');
  expect(chat.newest('secretary.a').text).toContain('退回 C-2026-0001 的理由是？');
  expect((await chat.say('secretary.a', '已有安排', 'app')).text).toContain('已退回补正');
});

story('a need that is not public is not shown to others', async (chat) => {
  await reported(chat);
  expect((await chat.say('member.b', 'C-2026-0001 到哪了')).text).toBe('C-2026-0001 还没有公开，报的人和审核人可以私聊我查。');
  expect((await chat.say('worker.a', 'C-2026-0001 到哪了')).text).toContain(
    '待审：现在由力西特党支部（林书记）审核，11月26日17:30前答复',
  );
  expect((await chat.say('worker.a', '@党建助手 C-2026-0001 到哪了', ALLIANCE)).text).toContain('还没有公开');
});

story('the board in pages of five, by class, and numbers of the list shown last', async (chat) => {
  for (let i = 1; i <= 7; i++) {
    await chat.at(new Date(chat.now().getTime() + 60_000));
    await published(chat, `第${i}件事`);
  }
  const first = await chat.say('member.a', '看需求');
  expect(read(first)).toContain('1. 第7件事');
  expect(read(first)).toContain('[认领1] [认领2] [认领3] [认领4] [认领5] [下一页]');
  const second = await chat.press('member.a', first, '下一页');
  expect(read(second)).toContain('1. 第2件事');
  expect((await chat.say('member.a', '认领9')).text).toContain('刚才列出来的只有2条，没有第9条。');
  expect((await chat.say('member.a', '认领第2条')).text).toContain('您认领了 C-2026-0001');
  expect((await chat.say('member.b', '看看B类需求清单')).text).toContain('现在没有待认领的B类（本镇街）需求');
  const worker = await chat.say('worker.a', '有哪些需求可以认领');
  expect(read(worker)).toContain('[下一页]');
  expect(read(worker)).not.toContain('[认领1]');
  expect(read(await chat.say('worker.a', '下一页'))).toContain('1. 第2件事');
});

story('at most three open claims a member', async (chat) => {
  for (let i = 1; i <= 4; i++) await published(chat, `第${i}件事`);
  for (let i = 1; i <= 3; i++) await chat.say('member.a', `认领C-2026-000${i}`);
  expect((await chat.say('member.a', '认领C-2026-0004')).text).toContain('您已经认领了3条还没办完');
  expect((await chat.say('member.a', '认领C-2026-0001')).text).toBe('C-2026-0001 您已经认领了，不用再认领。');
  await chat.db.client.parameter.create({
    data: { id: `${chat.corp}:limit`, corp: chat.corp, key: 'demand.max_open_individual', value: 4, since: chat.now() },
  });
  expect((await chat.say('member.a', '认领C-2026-0004')).text).toContain('您认领了 C-2026-0004');
});

story('the reviewer is reminded on the working day before the limit, and not once it is decided', async (chat) => {
  await reported(chat);
  await reported(chat, '食堂中午排队太长');
  await chat.say('secretary.a', '通过 C-2026-0002');
  await chat.at(new Date('2026-11-25T08:59:00+08:00'));
  expect(chat.inbox('secretary.a').filter((bubble) => bubble.text?.startsWith('提醒'))).toHaveLength(0);
  await chat.at(new Date('2026-11-25T09:00:00+08:00'));
  const reminders = chat.inbox('secretary.a').filter((bubble) => bubble.text?.startsWith('提醒'));
  expect(reminders.map((bubble) => bubble.text)).toEqual([
    expect.stringContaining('提醒：需求 C-2026-0001“车间缺急救培训”还在等您审核'),
  ]);
});

story('what is due together is one reminder, for the reviewer and past the limit for the level above', async (chat) => {
  for (const words of ['车间缺急救培训', '食堂中午排队太长', '宿舍没有热水', '缺党课老师', '缺两名焊工'])
    await reported(chat, words);
  await chat.say('secretary.a', '通过 C-2026-0002');
  await chat.moveTo(new Date('2026-11-25T09:00:00+08:00'));
  const reminders = () => chat.inbox('secretary.a').flatMap(({ text }) => (text?.startsWith('提醒') ? [text] : []));
  expect(reminders()).toEqual([
    '提醒：有4条需求还在等您审核，请在11月26日17:30前办：\nC-2026-0001 车间缺急救培训（力西特电气）\nC-2026-0003 宿舍没有热水（力西特电气）\nC-2026-0004 缺党课老师（力西特电气）\nC-2026-0005 缺两名焊工（力西特电气）\n说“待我审核”一起办。',
  ]);
  await chat.moveTo(new Date('2026-11-27T09:30:00+08:00'));
  expect(reminders()).toHaveLength(2);
  expect(reminders()[1]).toContain('有4条需求还在等您审核，本来11月26日17:30前要答复，已经过了');
  const above = chat.inbox('town.a').flatMap(({ text }) => (text?.includes('到期还没有审核') ? [text] : []));
  expect(above).toHaveLength(1);
  expect(above[0]).toContain('有4条需求到期还没有审核，由力西特党支部（林书记）审，请督促一下：\nC-2026-0001');
  expect(chat.inbox('worker.a').filter(({ text }) => text?.includes('到期还没有答复'))).toHaveLength(4);
});

story('以谁的身份 is asked when several standings fit', async (chat) => {
  const which = await chat.say('scout.a', '报需求：瞿溪缺夜间公交');
  expect(read(which)).toBe(
    '您以谁的身份办这件事？\n1. 瞿溪街道党工委需求项目搜索员\n2. 明视眼镜党支部党员\n[第1个] [第2个] [取消]',
  );
  const card = await chat.press('scout.a', which, '第2个');
  expect(read(card)).toContain('身份：明视眼镜党支部党员');
  expect(read(card)).toContain('类别：C类（本单位）');
  expect(read(await chat.say('scout.a', '身份改成书记'))).toContain('没有“书记”这个身份，请从下面选一个');
  expect(read(await chat.say('scout.a', '身份改成搜索员'))).toContain('身份：瞿溪街道党工委需求项目搜索员');
  await chat.say('scout.a', '身份改成明视眼镜党支部党员');
  await chat.say('scout.a', '确认');
  expect(read(chat.newest('secretary.b'))).toContain('来自：明视眼镜党支部');
});

story('where nobody holds the office the next level up reviews', async (chat) => {
  const { corp, db } = chat;
  await db.client.standing.updateMany({
    where: { organisationId: `${corp}:branch1`, role: 'PARTY_SECRETARY' },
    data: { until: chat.now() },
  });
  await chat.at(new Date(chat.now().getTime() + 60_000));
  await reported(chat);
  expect(read(chat.newest('town.a'))).toContain('请审核需求 C-2026-0001');
});
