/** 绑定本群: says once whose group this is. A group that is not bound gives nobody any right (decision 18). */
import type { Organisation } from '../../bot/actor.ts';
import type { Ctx } from '../../bot/ctx.ts';
import { defineIntent } from '../../bot/intent.ts';
import { sure } from '../../bot/pattern.ts';
import { text } from '../../bot/slots/text.ts';
import { refuse } from '../../kernel/refusal.ts';
import { answersFor, LEADERS } from '../rules.ts';
import { bind, boundTo, organisationsCalled, unbind } from '../store.ts';
import { holding } from '../who.ts';

const leader = holding(LEADERS, '绑定群要由这个组织的负责人或上级来办，如书记、镇街组织干部、联盟秘书长。', { bySubject: true });

export const bindGroup = defineIntent({
  name: 'group.bind',
  title: '绑定本群',
  help: '在群里说“绑定本群 瞿溪街道党工委”：让我知道这是哪个组织的群',
  says: ['绑定本群 瞿溪街道党工委', '本群绑定电气产业链党建联盟', '绑定本群'],
  matches: [sure`(?:把)?(?:绑定本群|本群绑定)(?:到|为)?(?:\s*[：:]?\s*(?<organisation>.+))?`],
  who: leader,
  where: 'group',
  slots: { organisation: text('组织', '这是哪个组织的群？请回复组织名称。', { max: 60 }) },
  confirm: '请核对：本群属于',
  async run(ctx, said) {
    const chat = groupOf(ctx);
    const [organisation, second] = await organisationsCalled(ctx, said.organisation);
    if (!organisation) return refuse('group.unknown', `没有找到“${said.organisation}”，请说全称或简称，如“瞿溪街道党工委”。`);
    if (second) return refuse('group.several', `有几个组织都叫“${said.organisation}”，请说全称。`);
    const acting = entitled(ctx, organisation);
    const bound = await boundTo(ctx, chat);
    if (bound || !(await bind(acting, chat, organisation.id)))
      return refuse(
        'group.bound',
        `本群已经绑定${bound?.shortName ?? '别的组织'}了，每个群只绑定一次。要换，请先@我说“解绑本群”。`,
      );
    acting.record(organisation.name, { bound: organisation.id, chat });
    return { text: `本群已绑定${organisation.shortName}。各人能办什么，仍然看各人自己的身份。` };
  },
  undo: {
    instead: () => '要解绑，请在群里@我说“解绑本群”。',
    async run(ctx, { change }) {
      const { bound, chat } = change as { bound: string; chat: string };
      if ((await boundTo(ctx, chat))?.id !== bound)
        refuse('group.changed', '这个群后来又换了绑定，不能撤销。请在群里@我说“解绑本群”。');
      await unbind(ctx, chat);
      return { text: '已撤销：那个群不再绑定。' };
    },
  },
});

export const unbindGroup = defineIntent({
  name: 'group.unbind',
  title: '解绑本群',
  help: '在群里说“解绑本群”：本群不再属于原来的组织',
  says: ['解绑本群', '解除绑定本群'],
  matches: [sure`(?:解绑本群|本群解绑|(?:解除|取消)(?:本群绑定|绑定本群))`],
  who: leader,
  where: 'group',
  slots: {},
  confirm: '请确认解绑本群',
  async run(ctx) {
    const chat = groupOf(ctx);
    const bound = (await boundTo(ctx, chat)) ?? refuse('group.unbound', '本群没有绑定过组织，不用解绑。');
    const acting = entitled(ctx, bound);
    await unbind(acting, chat);
    acting.record(bound.name, { unbound: bound.id, chat });
    return { text: `本群已和${bound.shortName}解绑。要重新绑定，请@我说“绑定本群 组织名称”。` };
  },
  undo: {
    instead: () => '要重新绑定，请在群里@我说“绑定本群 组织名称”。',
    async run(ctx, { subject, change }) {
      const { unbound, chat } = change as { unbound: string; chat: string };
      if (!(await bind(ctx, chat, unbound)))
        refuse('group.changed', '这个群已经绑定了别的组织，不能撤销。请在群里@我说“解绑本群”再绑定。');
      return { text: `已撤销：那个群仍然绑定${subject}。` };
    },
  },
});

function groupOf(ctx: Ctx): string {
  if (ctx.chat === undefined) throw new Error('an intent of a group runs in one');
  return ctx.chat;
}

/** The work in the standing that answers for the organisation. @throws Refusal when none does */
function entitled(ctx: Ctx, organisation: Organisation): Ctx {
  const standing = ctx.actor.standings.find((each) => answersFor(each, organisation));
  return standing
    ? ctx.as(standing)
    : refuse('group.not-yours', `${organisation.shortName}的群要由它的负责人或上级来办，您的身份不能办。`);
}
