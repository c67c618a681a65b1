/** 交接: an office goes to its next holder for good, with everything that lies with it. */
import { defineIntent } from '../../bot/intent.ts';
import { sure } from '../../bot/pattern.ts';
import { optional } from '../../bot/slot.ts';
import { person } from '../../bot/slots/person.ts';
import { refuse } from '../../kernel/refusal.ts';
import { endStanding, grantStanding } from '../store.ts';
import { called, type Role } from '../words.ts';
import { office, successor } from './find.ts';
import { ownOffice, passOn } from './lend.ts';

export const handOver = defineIntent({
  name: 'standing.hand-over',
  title: '交接',
  help: '“交接给 周晓燕”：职务和手上的事都交给接任的人',
  says: ['交接给 周晓燕', '工作交接给周晓燕', '把林国强的工作交接给周晓燕', '交接'],
  near: ['我调走了 交给别人'],
  matches: [
    sure`把(?<from>{who})的(?:工作|职务|身份|书记)交接?给\s*(?<to>{who})`,
    sure`(?:我要)?(?:把)?(?:我的)?(?:工作|职务)?交接(?:给)?\s*(?<to>{who})`,
    sure`(?:我要)?(?:工作|职务)?交接`,
  ],
  who: ownOffice,
  where: 'private',
  slots: { from: optional(person('移交人', '替谁交接？')), to: person('接任人', '交接给谁？请回复姓名。') },
  confirm: '请核对交接，办了就不能自己收回',
  async run(ctx, said) {
    const { holder, standing } = await office(ctx, said.from);
    const { organisation, role } = standing;
    const to = await successor(ctx, said.to, organisation, holder.id);
    if (to.standings.some((s) => !s.isLent && s.role === role && s.organisation.id === organisation.id))
      refuse('hand-over.has-it', `${to.name}已经是${standing.title}了。`);
    if (!(await endStanding(ctx, standing.id)))
      refuse('hand-over.ended', `“${standing.title}”已经不是${holder.name}的了，没有可以交接的。`);
    const granted = await grantStanding(ctx, { personId: to.id, role, organisationId: organisation.id });
    ctx.record(`${holder.name}→${to.name}`, { role, organisation: organisation.id, from: standing.id, to: granted });
    passOn(ctx, { holder, standing }, { id: to.id, userId: to.userId, called: called(to.name, role as Role) }, granted, false);
    ctx.notify([to], { text: `${holder.name}把“${standing.title}”交接给您，从现在起由您负责。手上没办完的事马上转给您。` });
    if (holder.id !== ctx.actor.id)
      ctx.notify([holder], {
        text: `${ctx.actor.name}（${ctx.actor.standing.title}）已把“${standing.title}”交接给${to.name}，从现在起不再由您负责。`,
      });
    return {
      card: {
        title: '已交接',
        quote: `${standing.title}：${holder.name} → ${to.name}\n没办完的事都转给${to.name}，也告诉了双方。`,
        done: '已交接',
      },
    };
  },
});
