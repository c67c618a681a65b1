/** 对账: every night each module's invariants are looked at over the rows as they are; a breach is told to the administrators. */
import { defineJob } from '../bot/ctx.ts';
import { defineModule, type Module } from '../bot/module.ts';
import type { Tx } from '../db/db.ts';
import { everyHolder } from './store.ts';

const NIGHT = '03:30';
/** More lines than anybody reads in a message. */
const TOLD = 10;

export type Finding = { readonly check: string; readonly breaches: readonly string[] };

/** Every check of these modules, with what breaks it. */
export async function invariants(modules: readonly Module[], tx: Tx, corp: string): Promise<Finding[]> {
  const found: Finding[] = [];
  for (const check of modules.flatMap((module) => module.checks ?? []))
    found.push({ check: check.name, breaches: await check.find(tx, corp) });
  return found;
}

export function invariantsOf(modules: readonly Module[]): Module {
  const look = defineJob<Record<string, never>>({
    name: 'invariants.look',
    every: { daily: NIGHT },
    async run(ctx) {
      const broken = (await invariants(modules, ctx.tx, ctx.corp)).filter(({ breaches }) => breaches.length > 0);
      if (broken.length === 0) return;
      const lines = broken.flatMap(({ check, breaches }) => breaches.map((breach) => `${check}: ${breach}`));
      ctx.record('invariants', { breaches: lines.slice(0, TOLD) });
      const words = `夜间对账发现${lines.length}处不符，请联系维护人员，处理前先不要拨款：\n${lines.slice(0, TOLD).join('\n')}`;
      ctx.notify(await everyHolder(ctx, 'ADMINISTRATOR'), { text: words }, { urgent: true });
    },
  });
  return defineModule({ name: 'invariants', title: '对账', intents: [], jobs: [look] });
}
