/** 谁是书记: whom to turn to at one's own place, and above it where the office is empty. */
import type { Organisation } from '../../bot/actor.ts';
import type { Ctx } from '../../bot/ctx.ts';
import { defineIntent } from '../../bot/intent.ts';
import { sure } from '../../bot/pattern.ts';
import { holders } from '../store.ts';
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
  for (let at: Organisation | undefined = party; at; at = at.parent) {
    const role = at === party ? 'PARTY_SECRETARY' : 'SUPERIOR_OFFICER';
    const found = await holders(ctx, at.id, [role]);
    if (found.length === 0) continue;
    const names = found.map(({ name }) => name).join('、');
    return at === party
      ? `${party.shortName}书记：${names}`
      : `${party.shortName}现在没有登记书记，请找${at.shortName}${ROLE[role]}：${names}`;
  }
  return `${party.shortName}现在没有登记书记，请打红色征集热线，或说“转人工”。`;
}
