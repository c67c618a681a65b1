/** 报需求 → 审核 → 认领, the whole way through the encrypted doors. */
import { expect } from 'vitest';
import { ALLIANCE, read, story } from '../chat.ts';

story('a worker reports a need in a group, the branch secretary publishes it, a member claims it, everybody is told', async (chat) => {
  const asked = await chat.say('worker.a', '@党建助手 我要报个需求：车间缺急救培训', ALLIANCE);
  expect(read(asked)).toBe('请核对需求\n内容：车间缺急救培训\n类别：C类（本单位）\n[确认] [改内容] [改类别] [取消]');

  const opened = await chat.press('worker.a', asked, '确认');
  expect(read(opened)).toMatch(/^已建单 C-2026-0001\n车间缺急救培训\n现在由力西特党支部（林书记）审核，最晚11月26日17:30前答复。/);

  const approval = chat.newest('secretary.a');
  expect(read(approval)).toBe(
    '请审核需求 C-2026-0001\n类别：C类（本单位）\n来自：力西特电气\n报的人：李师傅\n请在此前办：11月26日17:30\n车间缺急救培训\n[通过] [退回] [改类]',
  );
  const passed = await chat.press('secretary.a', approval, '通过');
  expect(read(passed)).toContain('C-2026-0001 已通过');
  expect(chat.newest('worker.a').text).toContain('已由林书记审核通过');

  const board = await chat.say('member.a', '看需求');
  expect(read(board)).toBe('待认领的需求\n1. 车间缺急救培训（力西特电气，C-2026-0001）\n[认领1]');
  const claimed = await chat.say('member.a', '认领1');
  expect(read(claimed)).toContain('您认领了 C-2026-0001');
  expect(chat.newest('worker.a').text).toBe('需求 C-2026-0001“车间缺急救培训”已由陈同志（力西特党支部）认领。');
  expect(chat.newest('secretary.a').text).toContain('已由陈同志');

  expect((await chat.say('member.c', '认领 C-2026-0001')).text).toContain('已由陈同志在今天10:00认领了');
});
