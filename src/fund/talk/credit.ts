/** 我的信用额度: stars, line, factor, used, left, with the clause; and what a few more activities would change (rules.md rows 71, 72). */
import type { Organisation } from '../../bot/actor.ts';
import { defineIntent } from '../../bot/intent.ts';
import { sure } from '../../bot/pattern.ts';
import { preset } from '../../bot/slot.ts';
import { measure } from '../../bot/slots/measure.ts';
import { yearOf } from '../../kernel/calendar.ts';
import { showMoney } from '../../kernel/money.ts';
import { refuse } from '../../kernel/refusal.ts';
import { starWord } from '../../stars/index.ts';
import { creditOf } from '../application/credit.ts';
import { loadFund, positionOf } from '../ledger.ts';
import { performance, poolFree, showRatio, subsidy, whatIf } from '../rules.ts';
import { drawers } from '../who.ts';

const MORE = 2;
const MOST = 24;
const COUNT = '\\d{1,2}|[一二两三四五六七八九十]{1,2}';

export const credit = defineIntent({
  name: 'fund.balance.credit',
  title: '我的信用额度',
  help: '“我的信用额度”：星级、额度、系数、已用和剩余；“再办3场额度多少”算一算能涨多少',
  says: ['我的信用额度', '信用额度', '再办3场额度多少', '我们还能借多少'],
  matches: [
    sure`(?:查|看|查询)?(?:一下)?(?:我们?的?|我们?支部的?)?(?:公积金)?信用额度(?:是?多少|还有多少|怎么算的?)?[？?]?`,
    sure`(?:我们?|支部)?还(?:能|可以)(?:借|透支|申请|用)多少(?:钱)?[？?]?`,
    sure`(?:如果|要是)?(?:我们)?再(?:办|搞|开展|组织)(?<more>${COUNT})(?:场|次|个)(?:活动)?[，,]?(?:信用)?(?:额度)?(?:还)?(?:能|会|可以)?(?:涨|加|增加|多|是|有)?多少(?:信用)?(?:额度|钱)?[？?]?`,
    sure`(?:为什么|为啥|怎么)(?:我们?的?)?(?:信用)?额度(?:会)?(?:是|才)(?:这个数|这么(?:点|少|多)|这些)[？?]?`,
  ],
  who: drawers,
  where: 'private',
  slots: { more: preset(measure('再办几场', '再办几场？请说一个数。'), () => String(MORE)) },
  hears(words) {
    if (!/额度|透支|四星|五星|三星|几星/u.test(words)) return undefined;
    const [, more] = new RegExp(`再\\p{Script=Han}{1,2}(${COUNT})(?:场|次|个)`, 'u').exec(words) ?? [];
    return more === undefined ? {} : { more };
  },
  reads: true,
  async run(ctx, said) {
    const party = partyOf(ctx.actor.standing.organisation);
    const fund = await loadFund(ctx, party);
    const count = Math.min(MOST, Math.max(1, Math.round(said.more.value)));
    const { claim, line, factor, usable, accounts, parties, policy } = await creditOf(ctx, fund, party);
    const { stars, evidence, used, isDepositor } = claim;
    const { free } = positionOf(accounts, parties, ctx.now);
    const later = { finished: evidence.finished + count, onTime: evidence.onTime + count, due: evidence.due + count };
    const more = isDepositor
      ? whatIf(stars, evidence, count, policy)
      : subsidy(stars, later, used, free.FISCAL, policy) - subsidy(stars, evidence, used, free.FISCAL, policy);
    const own = [
      `${party.shortName} ${yearOf(ctx.now)}年信用额度（自有资金以外，今年还能用多少公共资金）`,
      `${starWord(stars)}，额度${showMoney(line)} × 系数${showRatio(factor)} − 已用和占用${showMoney(used)} = 还剩${showMoney(usable)}`,
      `系数 = 0.5 + 0.5 × 绩效${showRatio(performance(evidence, policy))}：近12个月结项${evidence.finished}场（满${policy.activityNorm}场封顶），按期${evidence.onTime}/${evidence.due}`,
    ];
    const pool = isDepositor
      ? `公共资金现在可动${showMoney(poolFree(free))}，两者取小的一个。`
      : `没有预存：按活动实效和财政余额补助，现在最多${showMoney(subsidy(stars, evidence, used, free.FISCAL, policy))}（不超过可动财政补助${showMoney(free.FISCAL)}的${policy.shareFiscal}%）。`;
    return {
      text: [
        ...own,
        pool,
        `再办${count}场并按期结项，额度 +${showMoney(more)}。`,
        '依据：制度“返还额度”一章，说“公积金制度”可以看全文。',
      ].join('\n'),
    };
  },
});

/** @throws Refusal `fund.no-party` */
export function partyOf(organisation: Organisation): Organisation {
  if (organisation.kind !== 'ENTERPRISE') return organisation;
  return (
    organisation.partyOrganisation ??
    refuse('fund.no-party', `${organisation.shortName}还没有党组织，没有信用额度。建了党组织就有；预存的本金照样是企业自己的。`)
  );
}
