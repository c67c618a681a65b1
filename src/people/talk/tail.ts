/** 按尾号找人: whoever calls is found by the last four digits; every look leaves its audit row. */
import { defineIntent } from '../../bot/intent.ts';
import { sure } from '../../bot/pattern.ts';
import type { Slot } from '../../bot/slot.ts';
import { refuse } from '../../kernel/refusal.ts';
import { tailMark } from '../rules.ts';
import { peopleByTail } from '../store.ts';
import { holding } from '../who.ts';

const SHOWN = 8;

/** The whole number will do as well. */
const tail: Slot<string> = {
  label: '尾号',
  ask: '手机号的后4位是？',
  parse: (said) => /\d{4}$/u.exec(said.trim())?.[0] ?? refuse('tail.form', '请说手机号的后4位数字，如 5678。'),
  say: (value) => value,
  show: (value) => value,
};

export const lookUpTail = defineIntent({
  name: 'phone.tail',
  title: '按尾号找人',
  help: '“找 5678”：按手机号后4位找人，每次都有记录',
  says: ['找 5678', '查尾号5678', '手机尾号 5678', '尾号5678是谁'],
  matches: [
    sure`(?:找|搜|搜索|查找|查)(?:一下)?\s*(?:手机)?(?:尾号|后4位|后四位)?\s*(?<tail>\d{4})`,
    sure`(?:手机)?(?:尾号|后4位|后四位)\s*(?<tail>\d{4})(?:是谁)?`,
  ],
  who: holding(
    ['ADMINISTRATOR', 'HOTLINE_AGENT'],
    '按手机尾号找人，只有系统管理员和热线坐席能办。要找需求，请说“找”加编号或内容，如“找 充电桩”。',
    { bySubject: true },
  ),
  where: 'private',
  slots: { tail },
  async run(ctx, said) {
    const found = await peopleByTail(ctx, tailMark(ctx.vault, said.tail), SHOWN + 1);
    ctx.record('手机尾号', { looked: found.map(({ id }) => id) });
    if (found.length === 0) return { text: `名册里没有尾号${said.tail}的手机号。这次查看已经记录。` };
    const lines = found.slice(0, SHOWN).map(({ name, standings }) => `${name}（${standings[0]?.title ?? '没有身份'}）`);
    const more = found.length > SHOWN ? [`还有别人，请问清姓名再说“找 姓名”。`] : [];
    return { text: [`尾号${said.tail}：`, ...lines, ...more, '这次查看已经记录。'].join('\n') };
  },
});
