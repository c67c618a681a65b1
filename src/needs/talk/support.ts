/** 跟进, 协办, 候补: standing by a need that somebody else reported or claimed (rules.md rows 45 and 53). */
import type { Who } from '../../bot/actor.ts';
import type { Ctx } from '../../bot/ctx.ts';
import { defineIntent } from '../../bot/intent.ts';
import { sure } from '../../bot/pattern.ts';
import type { Reply } from '../../bot/reply.ts';
import type { Undo } from '../../bot/undo.ts';
import { number } from '../../bot/slots/number.ts';
import { refuse } from '../../kernel/refusal.ts';
import { anybody, holding } from '../../people/index.ts';
import { CLAIMANT_ROLES, isPublic } from '../rules.ts';
import { addSupporter, loadNeed, removeSupporter, type Need } from '../store.ts';
import { standing } from '../text.ts';
import { isInHand, NEED_LETTERS, SUPPORT, type Support } from '../words.ts';

const members = holding(CLAIMANT_ROLES, '协办和候补要由党员来。您可以说“跟进”加编号，有进展我告诉您。');
/** Nothing is built upon standing by a need; whoever was told hears that it was a slip. */
const undo: Undo = {
  instead: ({ subject }) => `不想再管 ${subject}，不用特地说，有进展看看就行；协办、候补的请和认领的人说一声。`,
  async run(ctx, { subject, change, at }) {
    const { support } = change as { support: Support };
    const need = await loadNeed(ctx, subject);
    if (!(await removeSupporter(ctx, need.id, support, at)))
      refuse('need.changed', `您现在没有在${SUPPORT[support]} ${need.no}，不用撤销。`);
    if (support !== 'FOLLOW' && need.claimant)
      ctx.notify([need.claimant], { text: `${ctx.actor.called}撤销了对 ${need.no}“${need.summary}”的${SUPPORT[support]}。` });
    return { text: `已撤销：您不再${SUPPORT[support]} ${need.no}。` };
  },
};
type Way<N extends string> = { readonly name: N; readonly help: string; readonly who: Who; readonly words: RegExp };

/** One of the three; what one says for it differs, not what is asked or done. */
function way<const N extends string>(kind: Support, title: string, says: readonly string[], { words, ...declared }: Way<N>) {
  return defineIntent({
    ...declared,
    title,
    says,
    matches: [words],
    where: 'anywhere',
    slots: { number: number('编号', '哪一条？请回复编号，如 C-2026-0001。', NEED_LETTERS) },
    run: (ctx, said) => standBy(ctx, said.number, kind),
    undo,
  });
}

export const follow = way('FOLLOW', '跟进需求', ['跟进 C-2026-0001', '关注C-2026-0001'], {
  name: 'need.follow',
  help: '“跟进 C-2026-0001”：同样需要，有进展告诉您',
  words: sure`(?:跟进|关注|我也要)\s*(?:需求)?\s*{number or place}`,
  who: anybody,
});

export const assist = way('ASSIST', '协办需求', ['协办 C-2026-0001', '我来协办C-2026-0001'], {
  name: 'need.assist',
  help: '“协办 C-2026-0001”：和认领的人一起办',
  words: sure`(?:我来|我想|我)?(?:协办|帮忙(?:一起)?(?:办|弄|做|搞|干)?|一起(?:办|弄|做|搞|干))\s*(?:需求)?\s*{number or place}`,
  who: members,
});

export const standby = way('STANDBY', '候补认领', ['候补 C-2026-0001'], {
  name: 'need.standby',
  help: '“候补 C-2026-0001”：认领的人办不了时由您接手',
  words: sure`(?:我来|我想|我)?候补(?:一下)?\s*(?:认领)?\s*{number or place}`,
  who: members,
});

async function standBy(ctx: Ctx, no: string, kind: Support): Promise<Reply> {
  const need = await loadNeed(ctx, no);
  assertOpenTo(need, ctx.actor.id, kind);
  if (!(await addSupporter(ctx, need.id, kind)))
    refuse('need.supported', `您已经在${SUPPORT[kind]} ${need.no} 了，有进展我会告诉您。`);
  ctx.record(need.no, { support: kind });
  const about = isPublic(need) || need.author.id === ctx.actor.id ? `“${need.summary}”` : '';
  if (kind === 'FOLLOW') return { text: `好的，${need.no}${about}有进展我告诉您。现在：${standing(need)}。` };
  if (need.claimant)
    ctx.notify([need.claimant], {
      text: `${ctx.actor.called}想${SUPPORT[kind]}您认领的 ${need.no}“${need.summary}”，请和他联系。`,
    });
  const next = kind === 'ASSIST' ? '请和认领的人联系，商量怎么分工' : '认领的人办不了时，我先问您';
  return { text: `记下了：您${SUPPORT[kind]} ${need.no}“${need.summary}”。${next}。` };
}

/** @throws Refusal when there is nobody to help, nothing to take over, or it is one's own. */
function assertOpenTo(need: Need, personId: string, kind: Support): void {
  if (need.state === 'WITHDRAWN') refuse('need.withdrawn', `${need.no} 已经撤回了。`);
  if (need.state === 'MERGED')
    refuse('need.ended', `${need.no} ${standing(need)}，请说“${SUPPORT[kind]} ${need.mergedInto ?? ''}”。`);
  if (kind === 'FOLLOW') return;
  if (need.claimant?.id === personId) refuse('need.yours', `${need.no} 就是您认领的，不用再${SUPPORT[kind]}。`);
  if (!isInHand(need.state)) refuse('need.not-claimed', `${need.no} 还没有人认领。您可以直接说“认领 ${need.no}”。`);
}
