/** 我会电工, 我在瞿溪: what one can do and where one mostly is; needs are matched by it (rules.md row 50). */
import type { Ctx } from '../../bot/ctx.ts';
import { defineIntent } from '../../bot/intent.ts';
import { sure } from '../../bot/pattern.ts';
import { optional } from '../../bot/slot.ts';
import type { Undo } from '../../bot/undo.ts';
import { refuse } from '../../kernel/refusal.ts';
import { SKILL } from '../rules.ts';
import { placeSlot, skillsSlot } from '../slots.ts';
import { abilitiesOf, setAbilities, type Abilities } from '../store.ts';
import { anybody } from '../who.ts';

const ABLE =
  '(?<skills>[\\p{Script=Han}A-Za-z]{2,8}?(?:(?:、|，|,| |和|跟|还会)(?!在|平时|一般|常在|人在)[\\p{Script=Han}A-Za-z]{2,8}?){0,5})';
/** 我会尽快办, 我会来: no skill. */
const NO_SKILL =
  '(?!尽|马上|努力|争取|安排|处理|负责|继续|及时|认真|好好|收|什么|哪|啥|问|找|发|等|提|报|交|写|记|打|去|来|办|做完|给|把|帮|在|跟|和|用|说|看|想|考虑|注意|通知|告诉|联系|参加|按|准|一直|再|不|有|被|让|到|是|员|的)';
const WHERE =
  '(?<place>(?!办|等|忙|开会|做|弄|看|想|改|跟|吗|哪|路上|外地|出差|家里?$|线|听|说)[\\p{Script=Han}\\d]{2,12}?)(?:上班|工作|住|这边|附近|这里)?';

export function shown({ skills, place }: Abilities): string {
  return [skills.length > 0 ? `会${skills.join('、')}` : '', place === null ? '' : `常在${place}`].filter(Boolean).join('，');
}

async function change(ctx: Ctx, before: Abilities, after: Abilities): Promise<void> {
  await setAbilities(ctx, after);
  ctx.record('技能', { abilities: [{ ...before }, { ...after }] });
}

const undo: Undo = {
  instead: () => '想改就说“我会……”“我不会……了”或“我在……”。',
  async run(ctx, { change: did }) {
    const [before, after] = (did as { abilities: [Abilities, Abilities] }).abilities;
    if (shown(await abilitiesOf(ctx)) !== shown(after))
      refuse('abilities.changed', '后来又改过，不能撤销。说“我的技能”看现在记着什么。');
    await setAbilities(ctx, before);
    return { text: `已撤销，现在记着：${shown(before) || '什么都没有'}。` };
  },
};

export const able = defineIntent({
  name: 'ability.add',
  title: '登记技能',
  help: '“我会电工，在瞿溪”：有合适的需求先告诉您',
  says: ['我会电工', '我会电工和急救', '我会焊接，在瞿溪', '我在瞿溪', '登记技能'],
  near: ['我是干电焊的', '我住新桥那边'],
  matches: [
    sure`我(?:会|懂|擅长)${NO_SKILL}${ABLE}(?:[，,、 ]*(?:平时|一般|常|人)?在${WHERE})?`,
    sure`我(?:人|平时|一般|常|住|就)*(?:在|住在)${WHERE}`,
    sure`登记(?:我的)?(?:技能|特长)(?:\s*[：:，, ]\s*(?<skills>.+))?`,
  ],
  who: anybody,
  where: 'anywhere',
  slots: {
    skills: optional(skillsSlot('您会什么？比如电工、急救。')),
    place: optional(placeSlot('您平时在哪里？说地名就行。')),
  },
  async run(ctx, said) {
    if (!said.skills?.length && said.place === undefined)
      refuse('abilities.none', '请说“我会电工”或“我在瞿溪”这样的话，有合适的需求我先告诉您。');
    const before = await abilitiesOf(ctx);
    const skills = [...new Set([...before.skills, ...(said.skills ?? [])])];
    if (skills.length > SKILL.kept)
      refuse('abilities.many', `最多记${SKILL.kept}样，现在已经有${before.skills.length}样。不常用的说“我不会……了”去掉。`);
    const after: Abilities = { skills, place: said.place ?? before.place };
    await change(ctx, before, after);
    return { text: `记下了：您${shown(after)}。有合适的需求，每天的汇总里先告诉您；说“看需求 我会的”现在就看。` };
  },
  undo,
});

export const unable = defineIntent({
  name: 'ability.drop',
  title: '去掉技能',
  help: '“我不会电工了”：不再按这一样找您',
  says: ['我不会电工了', '清空我的技能', '去掉技能 电工'],
  matches: [
    sure`我(?:现在)?(?:不会|不做|不干)${ABLE}了`,
    sure`(?:清空|删除|忘掉)我的(?:技能|特长)`,
    sure`去掉(?:我的)?(?:技能|特长)\s*[：:，, ]?\s*${ABLE}`,
  ],
  who: anybody,
  where: 'anywhere',
  slots: { skills: optional(skillsSlot('去掉哪一样？')) },
  async run(ctx, said) {
    const before = await abilitiesOf(ctx);
    const dropped = said.skills ?? before.skills;
    const left = before.skills.filter((skill) => !dropped.includes(skill));
    if (left.length === before.skills.length && (said.skills !== undefined || before.place === null))
      refuse(
        'abilities.not-there',
        `没有记着${dropped.length > 0 ? `“${dropped.join('、')}”` : '您的技能'}，不用去掉。说“我的技能”看记着什么。`,
      );
    const after: Abilities = { skills: left, place: said.skills === undefined ? null : before.place };
    await change(ctx, before, after);
    return { text: `好的，现在记着：${shown(after) || '什么都没有'}。` };
  },
  undo,
});

export const mine = defineIntent({
  name: 'ability.mine',
  title: '我的技能',
  help: '“我的技能”：记着您会什么、常在哪里',
  says: ['我的技能', '我会什么', '我的特长'],
  matches: [sure`(?:看|查|看看)?我的(?:技能|特长)`, sure`我会(?:什么|哪些|啥)[？?]?`],
  who: anybody,
  where: 'private',
  slots: {},
  reads: true,
  async run(ctx) {
    const own = await abilitiesOf(ctx);
    const words = shown(own);
    return {
      text: words
        ? `您${words}。有合适的需求，每天的汇总里先告诉您。加一样说“我会……”，去掉说“我不会……了”。`
        : '还没有记。说“我会电工”“我在瞿溪”这样的话，有合适的需求我先告诉您。',
    };
  },
});
