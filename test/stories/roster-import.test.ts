/** 名册 in the administrators' chat: seen, carried out, what leavers held goes on, taken back. */
import { expect } from 'vitest';
import { createIds } from '../../src/kernel/ids.ts';
import { createReconciliation, exportRoster } from '../../src/people/index.ts';
import { checkRoster } from '../../src/people/roster/rules.ts';
import { readWorkbook } from '../../src/people/roster/workbook.ts';
import { ALLIANCE, read, story, type Chat } from '../chat.ts';
import { fileWithAlliances, fileWithout, fileWithSkills, script, send } from './a-roster.ts';

const YEAR = '2026';

const later = (chat: Chat, minutes = 1) => chat.at(new Date(chat.now().getTime() + minutes * 60_000));

async function reported(chat: Chat, as: string, words: string): Promise<void> {
  await chat.press(as, await chat.say(as, `我要报个需求：${words}`), '确认');
}

story('a file is shown, carried out, and taken back; what leavers held is in other hands', async (chat) => {
  await reported(chat, 'worker.a', '车间缺急救培训');
  await chat.press('secretary.a', chat.newest('secretary.a'), '通过');
  await chat.say('member.a', '认领 C-2026-0001');
  await reported(chat, 'member.a', '缺党课老师');
  await chat.say('secretary.a', '退回 C-2026-0002：写清楚人数');
  await reported(chat, 'worker.a', '食堂太挤');

  expect((await chat.say('county.a', '上传名册')).text).toContain('请把名册文件（.xlsx）直接发给我');
  const preview = await send(chat, 'county.a', await fileWithout(chat, ['member.a', 'secretary.a']));
  expect(preview).toContain(
    '组织：新增0、变更0、离开0\n人员：新增0、变更0、离开2\n身份：新增0、变更0、离开2\n人员离开：陈志远、林国强\n身份离开：陈志远（力西特党支部党员）、林国强（力西特党支部书记）',
  );
  const card = await chat.say('county.a', '名册导入 R-2026-0001');
  expect(read(card)).toContain('名册导入 R-2026-0001\n还没有导入，请核对');
  await later(chat);
  expect(read(await chat.press('county.a', card, '确认导入'))).toContain('R-2026-0001 已导入');

  // Two matters of one moment, each told by itself.
  const told = chat.inbox('worker.a').map(({ text }) => text);
  expect(told).toContainEqual(expect.stringContaining('现在由瞿溪街道党工委（张同志、郑同志）审核，编号不变'));
  expect(told).toContainEqual(
    expect.stringContaining('认领需求 C-2026-0001“车间缺急救培训”的陈同志已离开名册，这条重新开放认领'),
  );
  expect(read(chat.newest('town.a'))).toContain('请审核需求 C-2026-0003');
  expect(read(await chat.say('member.b', '认领 C-2026-0001'))).toContain('您认领了 C-2026-0001');
  expect((await chat.say('member.a', '看需求')).text).toContain('您还不在党建助手的名册里');

  await later(chat);
  const sure = await chat.say('county.a', '撤销名册');
  expect(read(await chat.press('county.a', sure, '确认'))).toContain('R-2026-0001 已撤销');
  await later(chat);
  expect((await chat.say('member.a', '我的身份')).text).toContain('1. 力西特党支部党员');
  expect((await chat.say('county.a', '撤销名册')).kind).toBe('card');
  expect(read(await chat.say('county.a', '确认'))).toContain('没有导入过名册');
  expect((await chat.say('county.a', '确认导入 R-2026-0001')).text).toContain('R-2026-0001 已经撤销了，不用再办');
});

story(
  'an alliance is set up from the file: who is in it, as what and where in the chain; taken back with the import',
  async (chat) => {
    const members = async () => read(await chat.say('general.a', '联盟成员'));
    const before = await members();
    expect(before).toContain('牵头1家，参与2家，加盟1家，共4家');
    const name = '瓯海区电气产业链党建联盟';
    const refused = await send(
      chat,
      'county.a',
      await fileWithAlliances(chat, {
        明视眼镜: `${name} 牵头 上游`,
        华丰皮革: `${name} 会员 上游`,
        宏泰五金: '皮革联盟 加盟 配套',
      }),
    );
    expect(refused).toContain('“联盟”一个联盟应只有一家牵头');
    expect(refused).toContain('“联盟”应像“电气产业链党建联盟 参与 上游”，现在是“瓯海区电气产业链党建联盟 会员 上游”');
    expect(refused).toContain('“联盟”应是“组织”里有的产业链党建联盟，没有找到“皮革联盟”');
    expect(await members()).toBe(before);

    await send(chat, 'county.a', await fileWithAlliances(chat, { 宏泰五金: null, 华丰皮革: `${name} 加盟 下游` }));
    await later(chat);
    await chat.say('county.a', '确认导入 R-2026-0001');
    await later(chat);
    const after = await members();
    expect(after).toContain('共3家');
    expect(after).toContain('华丰皮革（加盟，下游）');
    expect(after).not.toContain('宏泰五金');

    const silent = { 力西特电气: null, 明视眼镜: null, 华丰皮革: null };
    expect(await send(chat, 'county.a', await fileWithAlliances(chat, silent))).toContain('和现在的一模一样');
    await chat.press('county.a', await chat.say('county.a', '撤销名册'), '确认');
    await later(chat);
    expect((await members()).split('\n').toSorted()).toEqual(before.split('\n').toSorted());
  },
);

story(
  '特长: seen before it is carried out, found by needs like what one says of oneself, which no file takes away',
  async (chat) => {
    const mine = async (who: string) => read(await chat.say(who, '我的技能'));
    await chat.say('member.a', '我会党课，在瞿溪');
    expect(await send(chat, 'county.a', await fileWithSkills(chat, { 'member.c': '修理各种各样的旧机床' }))).toMatch(
      /^名册有1处要改，什么都没有导入：\n人员 第\d+行“特长”每样应是不超过8个字的词，几样用顿号隔开/u,
    );
    const preview = await send(chat, 'county.a', await fileWithSkills(chat, { 'member.c': '电工、急救', 'member.a': '焊接' }));
    expect(preview).toContain('人员：新增0、变更2、离开0');
    expect(preview).toMatch(/特长加上：(?:陈志远（焊接）、吴建军（电工、急救）|吴建军（电工、急救）、陈志远（焊接）)/u);
    expect(await mine('member.c')).toContain('还没有记');
    await later(chat);
    await chat.say('county.a', '确认导入 R-2026-0001');
    expect(await mine('member.c')).toContain('您会电工、急救。');
    expect(await mine('member.a')).toContain('您会党课、焊接，常在瞿溪。');
    await reported(chat, 'worker.a', '特急，配电房要一名电工');
    await chat.say('secretary.a', '通过 C-2026-0001');
    expect(chat.newest('member.c').text).toContain('有件急事要人帮忙：【特急】');

    // A file that leaves the column empty changes nothing; what one drops oneself is gone, until a file says it again.
    expect(await send(chat, 'county.a', await fileWithSkills(chat, {}))).toContain('和现在的一模一样');
    await chat.say('member.c', '我不会急救了');
    expect(await send(chat, 'county.a', await fileWithSkills(chat, { 'member.c': '急救' }))).toContain(
      '特长加上：吴建军（急救）',
    );

    // Somebody says more of themselves, and the import is taken back without it.
    await chat.say('member.c', '我会开叉车');
    await chat.press('county.a', await chat.say('county.a', '撤销名册'), '确认');
    expect(await mine('member.c')).toContain('您会开叉车。');
    expect(await mine('member.a')).toContain('您会党课，常在瞿溪。');
  },
);

story('only an administrator: others neither send, see nor carry out; never in a group', async (chat) => {
  expect(await send(chat, 'secretary.a', await fileWithout(chat, ['member.a']))).toContain('文件我还打不开');
  await send(chat, 'county.a', await fileWithout(chat, ['member.a']));
  for (const words of ['名册导入 R-2026-0001', '确认导入 R-2026-0001', '撤销名册', '查手机号 陈志远']) {
    expect((await chat.say('secretary.a', words)).text).toBe('名册由系统管理员管。请联系县级组织部门的系统管理员。');
  }
  expect((await chat.say('secretary.a', '@党建助手 确认导入 R-2026-0001', ALLIANCE)).text).not.toContain('陈志远');
  expect(await chat.db.client.person.count({ where: { corp: chat.corp, active: false } })).toBe(0);
});

story('a part of a roster is warned of, a file with faults is refused with all of them', async (chat) => {
  const everybody = (await readWorkbook(await script(chat, exportRoster))).lines.people.flatMap(
    ({ cells }) => cells.account ?? [],
  );
  const part = await send(
    chat,
    'county.a',
    await fileWithout(
      chat,
      everybody.filter((account) => account !== 'county.a'),
    ),
  );
  expect(part).toContain('请注意：有21人会离开，占现在的95%');
  expect(await send(chat, 'county.a', Buffer.from('账号,姓名'))).toContain('这个文件不是 .xlsx 工作簿');
  expect(await send(chat, 'county.a', await fileWithout(chat, [], { 'member.a': '123', 'member.b': '456' }))).toBe(
    '名册有2处要改，什么都没有导入：\n人员 第3行“手机”应是11位手机号\n人员 第14行“手机”应是11位手机号\n改好后重新发一次就行。',
  );
  const { lines } = await readWorkbook(await script(chat, exportRoster));
  expect(checkRoster(lines, `${YEAR}-11-24`).faults).toEqual([]);
});

story('a phone is shown whole to an administrator only, leaves its audit row, and is kept nowhere', async (chat) => {
  await send(chat, 'county.a', await fileWithout(chat, [], { 'member.a': '13812345678' }));
  await later(chat);
  await chat.say('county.a', '确认导入 R-2026-0001');
  await later(chat);
  expect((await chat.say('county.a', '查手机号 陈志远')).text).toBe('陈志远：13812345678\n这次查看已经记录。');
  expect((await chat.say('county.a', '查一下林国强的手机号')).text).toBe('名册里没有林国强的手机号。');
  const looks = await chat.db.client.audit.findMany({ where: { corp: chat.corp, intent: 'phone.look' }, orderBy: { id: 'asc' } });
  expect(looks.map(({ subject, outcome }) => [subject, outcome])).toEqual([
    ['陈志远', 'done'],
    [null, 'phone.none'],
  ]);
  const kept = await chat.db.client.receipt.findMany({ where: { corp: chat.corp } });
  expect(JSON.stringify(kept)).not.toContain('13812345678');
  for (const user of ['county.a']) {
    expect(await chat.state.get(`session:${chat.corp}:${user}`)).not.toContain('13812345678');
  }
  expect(chat.logged.join()).not.toContain('13812345678');
});

story('who is no longer in the address book is proposed, not removed; half an address book is not believed', async (chat) => {
  let ids: string[] = chat.wecom.directory.users.map(({ id }) => id.toUpperCase());
  const { courier, hint } = createReconciliation({
    contacts: { listUserIds: async () => ids },
    db: chat.db,
    corp: chat.corp,
    clock: () => chat.now(),
    id: createIds(() => chat.now()),
  });
  const administrators = () => chat.inbox('county.a');
  await courier.carry();
  await chat.settle();
  expect(administrators()).toHaveLength(0);

  ids = ids.filter((id) => id !== 'MEMBER.B');
  await courier.carry();
  await chat.settle();
  await courier.carry();
  await chat.settle();
  expect(administrators()).toHaveLength(1);
  expect(read(chat.newest('county.a'))).toContain('离开名单 R-2026-0001\n这些人不在企业通讯录里了，还没有动');
  expect(read(chat.newest('county.a'))).toContain('人员离开：周晓燕');
  expect((await chat.say('member.b', '我的身份')).text).toContain('力西特党支部党员');
  await later(chat);
  expect(read(await chat.press('county.a', chat.newest('county.a'), '确认导入'))).toContain('已导入');
  await later(chat);
  expect((await chat.say('member.b', '我的身份')).text).toContain('您还不在党建助手的名册里');

  ids = ['county.a'];
  await courier.carry();
  await chat.settle();
  expect(chat.newest('county.a').text).toContain('名册里有20人（共21人）不在企业通讯录里，多得不正常');

  await hint();
  const waiting = await chat.db.client.job.findMany({
    where: { corp: chat.corp, name: 'contacts.list' },
    orderBy: { dueAt: 'asc' },
  });
  expect(waiting.map(({ key, dueAt }) => [key, dueAt.toISOString()])).toEqual([
    ['hint', new Date(chat.now().getTime() + 60_000).toISOString()],
  ]);
  await chat.db.client.job.deleteMany({ where: { corp: chat.corp, name: 'contacts.list' } });
});

story('every night WeCom is asked who is in the address book, and soon after a change of it', async (chat) => {
  await chat.db.client.person.create({
    data: { id: `${chat.corp}:gone`, corp: chat.corp, userId: 'gone.a', userKey: 'gone.a', name: '走远了' },
  });
  await chat.settle();
  await chat.at(new Date('2026-11-25T02:29:00+08:00'));
  expect(chat.inbox('county.a')).toHaveLength(0);
  await chat.at(new Date('2026-11-25T08:31:00+08:00'));
  expect(read(chat.newest('county.a'))).toContain('人员离开：走远了');
});
