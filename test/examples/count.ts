/** 我认领了几条: counts what this person has claimed and not finished. */
import { defineIntent } from '../../src/bot/intent.ts';
import { sure } from '../../src/bot/pattern.ts';
import { countClaims } from '../../src/needs/store.ts';
import { CLAIMANT_ROLES } from '../../src/needs/rules.ts';
import { holding } from '../../src/people/index.ts';

export const count = defineIntent({
  name: 'need.count',
  title: '我认领了几条',
  help: '“我认领了几条”：数一数您正在办的需求',
  says: ['我认领了几条', '我一共认领了多少条需求'],
  matches: [sure`我(?:一共)?认领了(?:几|多少)条(?:需求)?`],
  who: holding(CLAIMANT_ROLES, '认领需求由党员来办，请找所在党支部的书记。'),
  where: 'anywhere',
  slots: {},
  reads: true,
  async run(ctx) {
    return { text: `您正在办${await countClaims(ctx, ctx.actor.id)}条需求。` };
  },
});
