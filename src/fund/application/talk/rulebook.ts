/** 公积金规范: four chapters, every answer with its clause and version; a change makes a new version and leaves old applications theirs. */
import type { Ctx } from '../../../bot/ctx.ts';
import { defineIntent } from '../../../bot/intent.ts';
import type { Answers } from '../../../bot/module.ts';
import { sure } from '../../../bot/pattern.ts';
import { optional } from '../../../bot/slot.ts';
import { choice } from '../../../bot/slots/choice.ts';
import { number } from '../../../bot/slots/number.ts';
import { text } from '../../../bot/slots/text.ts';
import { anybody, COUNTY_ROLES, holding, parameters } from '../../../people/index.ts';
import { fundPolicy } from '../credit.ts';
import { addChapter, chapterAt, loadApplication, ruleVersion } from '../store.ts';
import { APPLICATION_LETTER, APPLICATION_PARAMETERS, CHAPTER, CHAPTERS, type Chapter } from '../words.ts';
import { FUND_PARAMETERS } from '../../words.ts';

const chapterSlot = () =>
  choice(
    '章',
    '看哪一章？',
    CHAPTERS.map((value, i) => ({ value, show: CHAPTER[value], words: [`第${'一二三四'[i]}章`, `第${i + 1}章`] })),
  );

export const rulebook = defineIntent({
  name: 'fund.rules',
  title: '公积金规范',
  help: '“公积金能买什么”“公积金规范”：按规范回答，写明第几章第几版',
  says: ['公积金规范', '公积金能买什么', '公积金能不能买水果', '公积金审批程序', 'F-2026-0001 按哪版规范'],
  near: ['党建公积金是啥', '能买水果不', '能不能买烟酒', '能发红包吗', '公积金怎么用'],
  matches: [
    sure`(?:看|查)?(?:党建)?公积金(?:的)?(?:规范|制度|规定|办法)(?:[：:，,\s]*(?<chapter>募集对象|使用范围|返还额度|审批程序|第[一二三四1-4]章))?`,
    sure`(?:党建)?公积金的?(?<chapter>募集对象|使用范围|返还额度|审批程序)`,
    sure`(?:党建)?公积金(?:都)?(?:能|可以)(?:用来|拿来)?(?:买|用在|干|做|花在)(?:什么|哪里|哪些)(?:地方|东西|事)?`,
    sure`(?:党建)?公积金(?:能不能|可不可以|能|可以)(?:买|用来|用在|拿来|报销|发).{1,20}?(?:吗|么)?[？?]?`,
    sure`.{0,20}公积金.{0,20}(?:行不行|行吗|可不可以|可以吗|合规吗|合不合规)[？?]?`,
    sure`{number}\s*(?:按|用|是)(?:的是)?哪(?:一)?版(?:的)?规范`,
  ],
  who: anybody,
  where: 'anywhere',
  hears: (words) => (/(?:能|可以|可不可以|能不能)(?:买|用来|报销|开支)/u.test(words) ? { chapter: 'USE' } : undefined),
  slots: {
    chapter: optional(chapterSlot()),
    number: optional(number('编号', '哪一笔？', APPLICATION_LETTER)),
  },
  reads: true,
  async run(ctx, said) {
    const version = said.number === undefined ? await ruleVersion(ctx) : (await loadApplication(ctx, said.number)).ruleVersion;
    const head = said.number === undefined ? '' : `${said.number} 按第${version}版办。\n`;
    const chapters =
      said.number === undefined && said.chapter === undefined
        ? (['USE'] as const)
        : said.chapter === undefined
          ? CHAPTERS
          : [said.chapter];
    const texts = await Promise.all(chapters.map((chapter) => quoted(ctx, chapter, version)));
    const others = CHAPTERS.filter((chapter) => !chapters.includes(chapter));
    const more = others.length > 0 ? `\n还有：${others.map((chapter) => `公积金${CHAPTER[chapter]}`).join('、')}。` : '';
    return { text: `${head}${texts.join('\n\n')}${more}` };
  },
});

/** What each chapter is asked about in people's words. */
const ASKED: Readonly<Record<Chapter, readonly string[]>> = {
  DEPOSITORS: [
    '公积金的钱从哪里来',
    '谁可以预存公积金',
    '公积金最少要存多少',
    '存进去的钱什么时候能退',
    '存的公积金能提前退吗',
    '公积金要锁定多久',
    '个人可以赞助公积金吗',
    '厂子关了存的钱怎么办',
  ],
  USE: [
    '公积金能买什么',
    '公积金能不能买酒',
    '公积金可以买烟吗',
    '公积金可以发奖金吗',
    '公积金能不能发福利',
    '公积金能不能拿来团建聚餐',
    '公积金可以报销什么',
    '公积金能不能用来进货发工资',
  ],
  RETURN: [
    '信用额度怎么算',
    '额度和星级有什么关系',
    '年底返还怎么算',
    '年底奖励怎么算',
    '存公积金有什么好处',
    '企业存钱进来有啥好处',
    '没有预存能不能申请公积金',
    '没存过钱也能用公积金吗',
  ],
  PROCEDURE: [
    '谁可以申请公积金',
    '公积金申请要走什么流程',
    '申请公积金需要什么材料',
    '公示要几天',
    '公示期多长',
    '现在规定的公示期是几天',
    '公积金多久能批下来',
    '公积金几天能批',
    '公积金由谁来审批',
    '超过多少钱要两个人审批',
    '异议要在几天内提',
    '异议最晚什么时候提',
    '提异议要不要写名字',
    '有异议怎么处理',
    '钱多久能拨下来',
    '活动办完多久要结项',
    '不结项会怎样',
    '结项要交什么材料',
    '结项要哪些东西',
    '发票丢了怎么办',
    '没有发票能结项吗',
  ],
};

/** For the library of rules: what is asked there is answered here. */
export const ruleAnswers: readonly Answers[] = CHAPTERS.map((chapter) => ({
  intent: rulebook.name,
  said: { chapter },
  title: `公积金${CHAPTER[chapter]}`,
  asked: ASKED[chapter],
}));

/** 《…》第二章 使用范围（第1版）：…… */
async function quoted(ctx: Ctx, chapter: Chapter, version: number): Promise<string> {
  const own = await chapterAt(ctx, chapter, version);
  const words = own?.text ?? (await firstVersion(ctx))[chapter];
  return `《党建公积金规范》第${'一二三四'[CHAPTERS.indexOf(chapter)]}章 ${CHAPTER[chapter]}（第${own?.version ?? 1}版）：${words}`;
}

/** What the program brings, with the county's numbers in it. */
async function firstVersion(ctx: Ctx): Promise<Record<Chapter, string>> {
  const set = await parameters(ctx, APPLICATION_PARAMETERS);
  const fund = await parameters(ctx, FUND_PARAMETERS);
  const { credit, reward } = await fundPolicy(ctx);
  return {
    DEPOSITORS: `本镇街、园区的企业自愿预存，每次不少于${fund['fund.min_deposit']}元，锁定${fund['fund.lock_m']}个月；锁定期内可以提前退存，只退本金，不含奖励；企业关停的，没用完的本金退回原来的账户。另有党费返还、财政补助、群团联筹、党员群众自愿赞助，五种来源分开记账，专款专用。`,
    USE: '只用于党建活动的四类支出：阵地建设、党群活动、教育培训、其他支出。党费返还的钱不用于其他支出；捐赠人、群团限定用途的，只用在限定的那一类；一家企业的本金只用于自己的活动。不得发放奖金、补贴，不得用于企业生产经营。',
    RETURN: `星级一到五星，一年信用额度${credit.slice(1).join('、')}元，再乘绩效系数；年底预存企业本金归自己，另按${reward
      .slice(1)
      .map((rate) => `${rate}%`)
      .join('、')}乘绩效得奖励。没有预存的，按活动实效和财政余额补助，一次不超过财政余额的${set['fund.share_fiscal_per_org']}%。`,
    PROCEDURE: `党组织书记报活动项目书和预算，上级党组织${set['fund.first_wd']}个工作日内初审，公示${set['fund.publicity_wd']}个工作日，到最后一天24:00前都可以提异议，署名不署名都行，提了就暂停公示，${set['fund.objection_wd']}个工作日内裁定；无异议后终审（超过${set['fund.two_approvers_over']}元两人），出纳${set['fund.pay_wd']}个工作日内拨付，活动后${set['fund.settle_d']}天内结项，交照片、签到、发票和小结，发票丢了的用开票单位盖章的证明，写明号码、金额和内容；逾期不结项的不能再申请。申请、审批、拨付由不同的人办。`,
  };
}

export const revise = defineIntent({
  name: 'fund.rules.revise',
  title: '修订公积金规范',
  help: '“修订公积金规范 使用范围：……”：改一章，成为新的一版，已提交的申请仍按旧版',
  says: ['修订公积金规范 使用范围：只用于党建活动的四类支出', '修订公积金规范'],
  matches: [
    sure`修订(?:党建)?公积金规范(?:[：:，,\s]*(?<chapter>募集对象|使用范围|返还额度|审批程序)(?:[：:，,\s]+(?<words>.+))?)?`,
    sure`(?:我)?(?:要|想)?把?(?:党建)?(?:公积金)?(?:规范)?(?:的|里的)?(?<chapter>募集对象|使用范围|返还额度|审批程序)(?:这一章)?(?:改|修改|修订|调整)(?:一下|改|下)?`,
  ],
  who: holding(COUNTY_ROLES, '公积金规范由县级组织部门、两新工委修订。您可以说“公积金规范”看现在的。'),
  where: 'private',
  slots: {
    chapter: chapterSlot(),
    words: text('条文', '这一章改成什么？请写全文。', { max: 600 }),
  },
  confirm: '请核对修订',
  async hint(ctx, said) {
    return {
      words: `现在的：${await quoted(ctx, said.chapter, await ruleVersion(ctx))}\n改了以后，新的申请按新版，已提交的仍按旧版。`,
      buttons: [],
    };
  },
  async run(ctx, said) {
    const version = await addChapter(ctx, said.chapter, said.words);
    ctx.record(`rules:${version}`, { chapter: said.chapter });
    return { text: `《党建公积金规范》${CHAPTER[said.chapter]}已修订，现在是第${version}版。新的申请按新版，已提交的仍按旧版。` };
  },
});
