/** 我的身份: what one may act as, until when, and what is lent. */
import { defineIntent } from '../../bot/intent.ts';
import { sure } from '../../bot/pattern.ts';
import { loanOf } from '../store.ts';
import { anybody } from '../who.ts';
import { lastMoment, signed } from './lend.ts';

export const mine = defineIntent({
  name: 'standing.mine',
  title: '我的身份',
  help: '“我的身份”：您能以哪些身份办事',
  says: ['我的身份', '我有哪些身份', '我是什么身份'],
  matches: [sure`(?:查|看)?我(?:的|有哪些|有什么|是什么)身份`],
  who: anybody,
  where: 'private',
  slots: {},
  reads: true,
  async run(ctx) {
    const lines: string[] = [];
    for (const { title, organisation, role, isLent } of ctx.actor.standings) {
      const loan = isLent ? undefined : await loanOf(ctx, { personId: ctx.actor.id, organisationId: organisation.id, role });
      lines.push(loan ? `${title}：${signed(loan.name, ctx.actor.name)}，到${lastMoment(loan.until, ctx.now)}` : title);
    }
    return { text: [`${ctx.actor.name}，您现在的身份：`, ...lines.map((line, i) => `${i + 1}. ${line}`)].join('\n') };
  },
});
