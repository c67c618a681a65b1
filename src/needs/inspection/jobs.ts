import { defineJob, type Ctx } from '../../bot/ctx.ts';
import { at, dayOf, openingBefore, plusDays, showTime } from '../../kernel/calendar.ts';
import { COUNTY_ROLES, countyOf, holders, members, organisation, parameters, type Role } from '../../people/index.ts';
import { before, quarterOf, showQuarter, span } from '../../kernel/quarter.ts';
import { drawSample, sampleSize } from './rules.ts';
import { coverage, findPlan, openPlan, population } from './store.ts';
import { INSPECTION_PARAMETERS } from './words.ts';

const CLOSES = '17:30';

/** On the first day of a quarter the one before is inspected; after a downtime as soon as it can, until its due day. */
export const openInspections = defineJob({
  name: 'need.open-inspections',
  every: { daily: '09:00' },
  async run(ctx) {
    const inspectors = await members(ctx, COUNTY_ROLES);
    const counties = new Set(inspectors.flatMap(({ organisations }) => organisations.map((each) => countyOf(each).id)));
    for (const countyId of counties) await open(ctx, countyId);
  },
});

async function open(ctx: Ctx, countyId: string): Promise<void> {
  const values = await parameters(ctx, INSPECTION_PARAMETERS);
  const today = dayOf(ctx.now);
  const quarter = before(quarterOf(today));
  const due = at(plusDays(span(quarterOf(today)).first, values['insp.due_day'] - 1), CLOSES);
  if (ctx.now > due || (await findPlan(ctx, countyId, quarter))) return;
  const all = await population(ctx, countyId, quarter);
  if (all.length === 0) return;

  const candidates = all.filter((each) => each.class === 'ORGANISATION');
  const size = sampleSize(candidates, { share: values['insp.c_share'], least: values['insp.c_min'] });
  const seed = ctx.id();
  const drawn = new Set(drawSample(seed, candidates, size));
  const wanted = all.filter((each) => each.class !== 'ORGANISATION' || drawn.has(each.no));
  const here: { body: Role; holders: Awaited<ReturnType<typeof holders>> }[] = [];
  for (const body of COUNTY_ROLES) {
    const found = await holders(ctx, countyId, [body]);
    if (found.length > 0) here.push({ body, holders: found });
  }
  const needs = wanted.map(({ id, class: needClass }, i) => ({
    id,
    class: needClass,
    body: here[i % here.length]?.body ?? COUNTY_ROLES[0],
  }));
  const plan = { id: ctx.id(), countyId, quarter, due, seed, population: candidates, sampled: size };
  if (!(await openPlan(ctx, plan, needs))) return;
  ctx.record(showQuarter(quarter), { seed, population: candidates.length, sampled: size, all: wanted.length });
  ctx.schedule(remindInspectors, { countyId, quarter }, openingBefore(due), { key: plan.id });
  const count = (letter: string) => all.filter((each) => each.class === letter).length;
  for (const { body, holders: to } of here)
    ctx.notify(
      to,
      {
        text: [
          `${showQuarter(quarter)}的检查开始了，请在${showTime(due, ctx.now)}前做完。`,
          `A类${count('COUNTY')}条、B类${count('TOWN')}条全部检查；C类从${candidates.length}条里抽${size}条，没查过的加倍，种子 ${seed}。`,
          `您这边有${needs.filter((each) => each.body === body).length}条，说“检查清单”看，查完说“检查 编号 好 95”。要核对抽样，说“重放抽样”。`,
        ].join('\n'),
      },
      { kind: 'ask' },
    );
}

/** On the working day before the limit: what is still open, to both bodies. */
export const remindInspectors = defineJob<{ countyId: string; quarter: string }>({
  name: 'need.remind-inspectors',
  async run(ctx, { countyId, quarter }) {
    const plan = await findPlan(ctx, countyId, quarter);
    if (!plan) return;
    const open = (await coverage(ctx, plan.id)).reduce((sum, { all, done }) => sum + all - done, 0);
    if (open === 0) return;
    ctx.record(showQuarter(quarter), { open });
    const place = await organisation(ctx, countyId);
    ctx.notify(
      await holders(ctx, place.id, COUNTY_ROLES),
      {
        text: `${showQuarter(quarter)}的检查还有${open}条没做，请在${showTime(plan.due, ctx.now)}前做完。说“检查清单”看是哪些。`,
      },
      { kind: 'ask' },
    );
  },
});
