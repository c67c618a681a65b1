/** 委托 and 收回委托: an office is lent until a day; both act in it, and records say in whose place. */
import type { Ctx } from '../../bot/ctx.ts';
import { defineIntent } from '../../bot/intent.ts';
import { sure } from '../../bot/pattern.ts';
import { optional } from '../../bot/slot.ts';
import { date } from '../../bot/slots/date.ts';
import { person } from '../../bot/slots/person.ts';
import { HANDOVER } from '../../bot/succession.ts';
import { at, dayOf, plusDays, showTime } from '../../kernel/calendar.ts';
import { refuse } from '../../kernel/refusal.ts';
import { OFFICES } from '../rules.ts';
import { endStanding, grantStanding, loanOf } from '../store.ts';
import { holding } from '../who.ts';
import { called, type Role } from '../words.ts';
import { office, successor, type Office } from './find.ts';

/** Longer than this is no stand-in but a successor. */
const LONGEST_DAYS = 366;

/** Offices are lent and handed over by who holds them, or by the superior. */
export const ownOffice = holding(OFFICES, '委托和交接由担任职务的人自己办，或由上级来办。您现在没有可以委托的职务。', {
  own: true,
});

export const lend = defineIntent({
  name: 'standing.lend',
  title: '委托',
  help: '“委托 周晓燕 到11月30日”：请人在这段时间替您办',
  says: ['委托 周晓燕 到11月30日', '委托周晓燕到2026-12-01', '把林国强的工作委托给周晓燕到11月30日', '委托'],
  near: ['明天出差 让黄书记帮我批', '我请假三天 找人替我批', '这几天不在 让别人代我审'],
  matches: [
    sure`把(?<from>{who})的(?:工作|职务|身份|书记)委托给?\s*(?<to>{who})(?:\s*(?:到|至)\s*(?<until>[^到至]+))?`,
    sure`(?:我要)?委托(?:给)?\s*(?<to>{who})(?:代办|代管)?\s*(?:到|至)\s*(?<until>[^到至]+)`,
    sure`(?:我要)?委托(?:给)?\s+(?<to>{who})`,
    sure`(?:我要)?委托`,
  ],
  who: ownOffice,
  where: 'private',
  slots: {
    from: optional(person('委托人', '替谁委托？')),
    to: person('受托人', '委托给谁？请回复姓名。'),
    until: date('委托到', '委托到哪一天？当天也算，如11月30日。'),
  },
  confirm: '请核对委托',
  async run(ctx, said) {
    const { holder, standing } = await office(ctx, said.from);
    const { organisation, role } = standing;
    const to = await successor(ctx, said.to, organisation, holder.id);
    if (said.until > plusDays(dayOf(ctx.now), LONGEST_DAYS))
      refuse('lend.too-long', '委托最长一年。更久的请说“交接”，把职务交给接任的人。');
    if (to.standings.some((s) => !s.isLent && s.role === role && s.organisation.id === organisation.id))
      refuse('lend.has-it', `${to.name}自己就是${standing.title}，不用委托。`);
    const loan = await loanOf(ctx, { personId: holder.id, organisationId: organisation.id, role });
    if (loan)
      refuse(
        'lend.lent',
        `${standing.title}已经委托给${loan.name}，到${lastMoment(loan.until, ctx.now)}。要换人，请先说“收回委托”。`,
      );
    const until = at(plusDays(said.until, 1), '00:00');
    const lent = await grantStanding(ctx, { personId: to.id, role, organisationId: organisation.id, until, lenderId: holder.id });
    ctx.record(signed(to.name, holder.name), { role, organisation: organisation.id, until: said.until, standing: lent });
    passOn(
      ctx,
      { holder, standing },
      { id: to.id, userId: to.userId, called: called(to.name, role as Role, holder.name) },
      lent,
      true,
    );
    const lines = `${signed(to.name, holder.name)}\n身份：${standing.title}\n到期：${lastMoment(until, ctx.now)}自动收回，也可以随时说“收回委托”。`;
    ctx.notify([to], {
      text: `${holder.name}把“${standing.title}”委托给您，到${lastMoment(until, ctx.now)}。您办的事会记作“${signed(to.name, holder.name)}”。`,
    });
    if (holder.id !== ctx.actor.id)
      ctx.notify([holder], {
        text: `${ctx.actor.name}（${ctx.actor.standing.title}）把您的“${standing.title}”委托给了${to.name}，到${lastMoment(until, ctx.now)}。您自己仍然可以办。`,
      });
    return { card: { title: '已委托', quote: lines, done: '已委托' } };
  },
});

export const recall = defineIntent({
  name: 'standing.recall',
  title: '收回委托',
  help: '“收回委托”：委托提前结束',
  says: ['收回委托', '取消委托', '收回林国强的委托'],
  matches: [sure`(?:收回|取消|结束)(?:(?<from>{who})的)?委托`],
  who: ownOffice,
  where: 'private',
  slots: { from: optional(person('委托人', '收回谁的委托？')) },
  async run(ctx, said) {
    const { holder, standing } = await office(ctx, said.from);
    const loan = await loanOf(ctx, { personId: holder.id, organisationId: standing.organisation.id, role: standing.role });
    if (!loan || !(await endStanding(ctx, loan.id))) return refuse('lend.none', `“${standing.title}”现在没有委托给别人。`);
    ctx.record(signed(loan.name, holder.name), { role: standing.role, organisation: standing.organisation.id, ended: true });
    ctx.notify([loan], { text: `${holder.name}已收回“${standing.title}”的委托，从现在起您不再代办。谢谢您。` });
    return { text: `已收回委托：${loan.name}不再代办“${standing.title}”，也告诉了本人。` };
  },
});

/** 11月30日23:59 for a loan that ends as the first of December begins. */
export function lastMoment(until: Date, now: Date): string {
  return showTime(new Date(until.getTime() - 60_000), now);
}

/** How a record names who acted in whose place. */
export function signed(name: string, lender: string): string {
  return `${name}（受${lender}委托）`;
}

/** The modules show or move what lies with the office. */
export function passOn(
  ctx: Ctx,
  { holder, standing }: Office,
  to: { id: string; userId: string; called: string },
  granted: string,
  isLent: boolean,
): void {
  const payload = {
    from: { person: holder.id, standing: standing.id },
    to: { person: to.id, standing: granted, userId: to.userId, called: to.called },
    organisation: standing.organisation.id,
    role: standing.role,
    isLent,
  };
  ctx.schedule(HANDOVER, payload, ctx.now, { key: granted });
}
