/** 谁是书记: whom to turn to at one's own place, and above it where the office is empty. */
import type { Organisation } from '../../bot/actor.ts';
import type { Ctx } from '../../bot/ctx.ts';
import { defineIntent } from '../../bot/intent.ts';
import { sure } from '../../bot/pattern.ts';
import { holders, type Holder } from '../store.ts';
import { anybody } from '../who.ts';
import { ROLE } from '../words.ts';

export const secretary = defineIntent({
  name: 'standing.secretary',
  title: '谁是书记',
  help: '“谁是书记”：您单位有事找谁',
  says: ['谁是书记', '我们书记是谁', '我们支部书记是谁'],
  near: ['书记叫什么', '书记电话多少', '找书记', '有事找谁', '党建的事找哪个'],
  matches: [
    sure`(?:我们?|咱们?|我)?(?:单位|公司|厂里?|支部|党支部|街道)?(?:的)?(?:党支部|支部)?书记(?:现在)?是(?:谁|哪个|哪位)[？?]?`,
    sure`(?:谁|哪个|哪位)是(?:我们?|咱们?)?(?:单位|公司|厂里?|支部|党支部)?(?:的)?(?:党支部|支部)?书记[？?]?`,
  ],
  who: anybody,
  where: 'private',
  slots: {},
  reads: true,
  async run(ctx) {
    const places = new Map(ctx.actor.standings.map(({ organisation }) => [partyOf(organisation).id, partyOf(organisation)]));
    const lines = await Promise.all([...places.values()].map((party) => whoAt(ctx, party)));
    return {
      text: [...new Set(lines), '在企业微信里搜名字就能找到。需求、活动、公积金的事直接跟我说，会到该办的人手里。'].join('\n'),
    };
  },
});

function partyOf(organisation: Organisation): Organisation {
  return organisation.partyOrganisation ?? organisation;
}

async function whoAt(ctx: Ctx, party: Organisation): Promise<string> {
  const secretaries = await holders(ctx, party.id, ['PARTY_SECRETARY']);
  if (secretaries.length > 0) return `${party.shortName}书记：${namesOf(secretaries)}`;
  for (let at: Organisation | undefined = party; at; at = at.parent) {
    const officers = await holders(ctx, at.id, ['SUPERIOR_OFFICER']);
    if (officers.length > 0)
      return `${party.shortName}没有登记书记，请找${at.shortName}${ROLE.SUPERIOR_OFFICER}：${namesOf(officers)}`;
  }
  return `${party.shortName}没有登记书记，请打红色征集热线，或说“转人工”。`;
}

function namesOf(holders: readonly Holder[]): string {
  return holders.map(({ name }) => name).join('、');
}
