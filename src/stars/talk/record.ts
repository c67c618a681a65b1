/** 记星级: the superior records what an organisation did. */
import { defineIntent } from '../../bot/intent.ts';
import { sure } from '../../bot/pattern.ts';
import { preset, type Slot } from '../../bot/slot.ts';
import { choice } from '../../bot/slots/choice.ts';
import { text } from '../../bot/slots/text.ts';
import { refuse } from '../../kernel/refusal.ts';
import { answersFor, holders, holding, organisationNamed } from '../../people/index.ts';
import { score, showScore } from '../rules.ts';
import { doneBy, recordEvidence } from '../store.ts';
import { STAR_ITEM, STAR_ITEMS } from '../words.ts';

export const superior = holding(
  ['SUPERIOR_OFFICER', 'COUNTY_ORG_DEPARTMENT', 'TWO_NEW_COMMITTEE'],
  '星级由上级党组织记分、初评，县级组织部门核准。觉得自己单位少记了，请向所在镇街党（工）委反映。',
);

const LABELS = STAR_ITEMS.map((key) => STAR_ITEM[key].label).join('|');
const MOST_AT_ONCE = 12;
const CHINESE = '一二三四五六七八九十';

function times(label: string, ask: string): Slot<number> {
  return {
    label,
    ask,
    parse(said) {
      const [, counted = ''] = /^(\d{1,2}|[一二两三四五六七八九十])\s*[次件项]?$/u.exec(said.normalize('NFKC').trim()) ?? [];
      const n = counted === '' ? 0 : Number(counted) || 1 + CHINESE.indexOf(counted === '两' ? '二' : counted);
      if (n < 1 || n > MOST_AT_ONCE)
        refuse('stars.times', `${label}请说1到${MOST_AT_ONCE}之间的整数，如2次。没看懂“${said.trim().slice(0, 20)}”。`);
      return n;
    },
    say: (n) => `${n}次`,
    show: (n) => `${n}次`,
  };
}

export const record = defineIntent({
  name: 'stars.record',
  title: '记星级',
  help: '“记星级 力西特党支部 主题党日 2次：11月活动”：给下级党组织记分',
  says: ['记星级 力西特党支部 主题党日 2次：11月活动', '记星级'],
  matches: [
    sure`给(?<organisation>[^\s：:，,]{2,30}?)记(?:上)?(?<times>\d{1,2}|[一二两三四五六七八九十])[次件项](?<item>${LABELS})(?:[：:，,\s]+(?<note>.{1,60}))?`,
    sure`记星级(?:分)?(?:[：:，,\s]+(?<organisation>[^\s：:，,]{2,30})[，,\s]+(?<item>${LABELS})(?:[，,\s]*(?<times>\d{1,2})\s*[次件项]?)?(?:[：:，,\s]+(?<note>.{1,60}))?)?`,
  ],
  who: superior,
  where: 'private',
  slots: {
    organisation: text('党组织', '给哪个党组织记分？', { max: 60 }),
    item: choice(
      '事项',
      '记哪一项？',
      STAR_ITEMS.map((value) => ({ value, show: STAR_ITEM[value].label })),
    ),
    times: preset(times('次数', '几次？'), () => '1次'),
    note: text('依据', '依据是什么？如“11月主题党日，有签到表”。同一份依据只记一次。', { max: 60 }),
  },
  confirm: '请核对记分',
  async run(ctx, said) {
    const organisation = await organisationNamed(ctx, said.organisation);
    if (!answersFor(ctx.actor.standing, organisation) || organisation.id === ctx.actor.standing.organisation.id)
      refuse(
        'stars.not-below',
        `${organisation.shortName}不是${ctx.actor.standing.organisation.shortName}的下级党组织，您不能给它记分。`,
      );
    const { times: count } = said;
    const standingId = ctx.actor.standing.id;
    if (!(await recordEvidence(ctx, organisation.id, said.item, said.note, { times: count, standingId })))
      refuse(
        'stars.recorded',
        `“${said.note}”这份依据已经给${organisation.shortName}记过${STAR_ITEM[said.item].label}了，不重复记。`,
      );
    ctx.record(organisation.id, { item: said.item, times: count, ref: said.note });
    const total = showScore(score((await doneBy(ctx, [organisation.id])).get(organisation.id) ?? {}));
    ctx.notify(await holders(ctx, organisation.id, ['PARTY_SECRETARY']), {
      text: `${ctx.actor.called}给${organisation.shortName}记了星级分：${STAR_ITEM[said.item].label}${count}次（${said.note}），近12个月共${total}分。`,
    });
    return { text: `已记：${organisation.shortName} ${STAR_ITEM[said.item].label}${count}次，近12个月共${total}分。` };
  },
});
