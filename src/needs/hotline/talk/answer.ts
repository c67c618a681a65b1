/** 代录确认: the owner says whether it is theirs; from then on it is. */
import { defineIntent } from '../../../bot/intent.ts';
import { sure } from '../../../bot/pattern.ts';
import { choice } from '../../../bot/slots/choice.ts';
import { number } from '../../../bot/slots/number.ts';
import { refuse } from '../../../kernel/refusal.ts';
import { anybody, holders } from '../../../people/index.ts';
import { reviewersOf } from '../../rules.ts';
import { loadNeed } from '../../store.ts';
import { standing } from '../../text.ts';
import { NEED_LETTERS } from '../../words.ts';
import { answerBehalf, findBehalf, passToOwner } from '../store.ts';
import { BEHALF_STATE } from '../words.ts';
import { behalfKey } from './relay.ts';

export const answer = defineIntent({
  name: 'hotline.confirm',
  title: '代录确认',
  help: '“代录 C-2026-0001 是我报的”：热线替您登记的，您认不认',
  says: ['代录 C-2026-0001 是我报的', '代录C-2026-0001 不是我报的'],
  matches: [
    sure`代录\s*{number}\s*[：:，, ]?\s*(?<answer>不是|是)(?:我|我们)?(?:报|反映)?(?:的)?`,
    sure`代录(?:确认)?\s*{number}`,
  ],
  who: anybody,
  where: 'private',
  slots: {
    number: number('编号', '哪一条？请回复编号，如 C-2026-0001。', NEED_LETTERS),
    answer: choice('答复', '这条是您（或您单位）反映的吗？', [
      { value: 'YES', show: '是我们报的', words: ['是', '是的', '确认'] },
      { value: 'NO', show: '不是', words: ['否', '不是我们报的'] },
    ]),
  },
  async run(ctx, said) {
    const item = await findBehalf(ctx, said.number);
    if (!item?.ownerIds.includes(ctx.actor.id))
      return refuse('behalf.not-yours', `${said.number} 不是热线替您登记的，不用您确认。`);
    const isTheirs = said.answer === 'YES';
    const need = await loadNeed(ctx, item.no);
    const acting = ctx.as(ctx.actor.standings.find(({ organisation }) => organisation.id === need.from.id) ?? ctx.actor.standing);
    const { called } = acting.actor;
    if (!(await answerBehalf(ctx, item, ['UNCONFIRMED', 'LAPSED'], isTheirs ? 'CONFIRMED' : 'DENIED')))
      refuse('behalf.answered', `${item.no} 已经答复过了，现在是“${BEHALF_STATE[item.state]}”。`);
    acting.record(item.no, { behalf: [item.state, isTheirs ? 'CONFIRMED' : 'DENIED'] });
    acting.stamp(behalfKey(item.no), isTheirs ? `${called}已确认` : `${called}说不是`);
    const reviewers = await holders(ctx, need.library.id, reviewersOf(need.library));
    if (isTheirs) await passToOwner(acting, need.id);
    acting.notify([need.author, ...reviewers], {
      text: isTheirs
        ? `热线代录的 ${need.no}“${need.summary}”，${called}已确认是本人反映的。`
        : `热线代录的 ${need.no}“${need.summary}”，${called}说不是他们反映的，请先核实，不属实的可以退回。`,
    });
    return {
      card: {
        title: isTheirs ? `已确认 ${need.no}` : `已记下，${need.no} 不是您报的`,
        quote: isTheirs
          ? `${need.summary}\n${standing(need)}。以后每一步我都会私信您，说“我的”也能看到。`
          : `${need.summary}\n已告诉热线和审核的人先核实。`,
        done: isTheirs ? '已确认' : '不是',
      },
    };
  },
});
