/** 名册 in the administrators' own chat: look at an import again, carry it out, take it back. */
import { defineIntent } from '../../bot/intent.ts';
import { sure } from '../../bot/pattern.ts';
import { optional } from '../../bot/slot.ts';
import { number } from '../../bot/slots/number.ts';
import { administrator } from '../who.ts';
import { applyRoster, openPlan, previewRoster, undoRoster } from './roster.ts';
import { loadRoster } from './store.ts';
import { previewCard } from './text.ts';

const LETTER = 'R';
const importNumber = (ask: string) => number('编号', ask, LETTER);

export const preview = defineIntent({
  name: 'roster.preview',
  title: '看名册导入',
  help: '“名册导入 R-2026-0001”：再看一遍会改什么',
  says: ['名册导入 R-2026-0001', '看名册R-2026-0001', '名册导入'],
  matches: [sure`(?:看|查看)?(?:一下)?名册(?:导入|预览)?\s*{number}`, sure`(?:名册导入|导入名册|名册预览)`],
  who: administrator,
  where: 'private',
  slots: { number: importNumber('要看哪一次？请回复编号，如 R-2026-0001；新的名册直接把文件发给我。') },
  reads: true,
  async run(ctx, said) {
    const plan = await openPlan(ctx, said.number);
    return { card: previewCard(said.number, plan, await loadRoster(ctx)) };
  },
});

export const upload = defineIntent({
  name: 'roster.upload',
  title: '上传名册',
  help: '把名册文件（.xlsx）直接发给我：先看会改什么，再导入',
  says: ['上传名册', '更新名册'],
  near: ['名单怎么传', '新来一批人', '我们支部来了个新党员', '小陈离职了', '把人员名单更新一下'],
  matches: [sure`(?:上传|更新)(?:一下)?名册`],
  who: administrator,
  where: 'private',
  slots: {},
  takesFile: true,
  async run(ctx) {
    if (!ctx.file) return { text: '请把名册文件（.xlsx）直接发给我，我先告诉您会改什么，您确认了才导入。' };
    return previewRoster(ctx, ctx.file);
  },
});

export const apply = defineIntent({
  name: 'roster.apply',
  title: '确认导入名册',
  help: '“确认导入 R-2026-0001”：按预览的内容更新名册',
  says: ['确认导入 R-2026-0001', '确认名册R-2026-0001'],
  matches: [sure`确认(?:导入|名册|名册导入|导入名册)\s*{number}`, sure`确认(?:导入|名册|导入名册)`],
  who: administrator,
  where: 'private',
  slots: { number: importNumber('要导入哪一次？请回复编号，如 R-2026-0001。') },
  run: (ctx, said) => applyRoster(ctx, said.number),
});

export const undo = defineIntent({
  name: 'roster.undo',
  title: '撤销名册',
  help: '“撤销名册”：24小时内退回最近一次名册导入',
  says: ['撤销名册', '撤销名册 R-2026-0001', '撤销名册导入'],
  matches: [sure`撤销(?:最近的?)?(?:名册|名册导入|导入)(?:\s*{number})?`],
  who: administrator,
  where: 'private',
  slots: { number: optional(importNumber('要撤销哪一次？')) },
  confirm: '请确认撤销最近一次名册导入',
  run: (ctx, said) => undoRoster(ctx, said.number),
});
